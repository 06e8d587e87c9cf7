package box

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// CloseItems is the line of a month's checklist about boxes that were brought in
// by the month's end and that nobody has opened and counted.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) (items []ledger.CloseItem, err error) {
	defer wrap(&err, "box.CloseItems(%d)", c.ID)
	first := ledger.MonthOf(month)
	item := ledger.CloseItem{Code: "boxes"}
	err = sqlx.GetContext(ctx, q, &item, `
		SELECT count(*) FILTER (WHERE opened_at IS NULL) AS left, count(*) AS seen
		  FROM box.round WHERE community_id = $1 AND collected_at < $2 AND (opened_at IS NULL OR collected_at >= $3)`,
		c.ID, c.Clock(first.AddDate(0, 1, 0), 0), c.Clock(first, 0))
	if err != nil || item.Seen == 0 {
		return nil, err
	}
	return []ledger.CloseItem{item}, nil
}
