package sale

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// CloseItems is the line of a month's checklist about tills that were opened in
// the month or before it and whose drawer nobody has counted and closed.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) (items []ledger.CloseItem, err error) {
	defer wrap(&err, "sale.CloseItems(%d)", c.ID)
	first := ledger.MonthOf(month)
	item := ledger.CloseItem{Code: "till_sessions", Must: true}
	err = sqlx.GetContext(ctx, q, &item, `
		SELECT count(*) FILTER (WHERE closed_at IS NULL) AS left, count(*) AS seen, coalesce(sum(counted - expected), 0.00) AS amount
		  FROM sale.session WHERE community_id = $1 AND opened_at < $2 AND (closed_at IS NULL OR opened_at >= $3)`,
		c.ID, c.Clock(first.AddDate(0, 1, 0), 0), c.Clock(first, 0))
	if err != nil || item.Seen == 0 {
		return nil, err
	}
	return []ledger.CloseItem{item}, nil
}
