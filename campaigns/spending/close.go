package spending

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// CloseItems is the line of a month's checklist about requests of the month or
// before it that are approved and not paid.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) (items []ledger.CloseItem, err error) {
	defer wrap(&err, "spending.CloseItems(%d)", c.ID)
	first := ledger.MonthOf(month)
	item := ledger.CloseItem{Code: "payment_requests"}
	err = sqlx.GetContext(ctx, q, &item, `
		SELECT count(*) FILTER (WHERE state = 'approved') AS left, count(*) AS seen, coalesce(sum(amount) FILTER (WHERE state = 'approved'), 0.00) AS amount
		  FROM spending.request WHERE community_id = $1 AND asked_at < $2 AND (state = 'approved' OR asked_at >= $3)`,
		c.ID, c.Clock(first.AddDate(0, 1, 0), 0), c.Clock(first, 0))
	if err != nil || item.Seen == 0 {
		return nil, err
	}
	return []ledger.CloseItem{item}, nil
}
