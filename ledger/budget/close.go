package budget

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// CloseItems is the line of a month's checklist about expenses beyond their
// budget; none where the year has no budget.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) ([]ledger.CloseItem, error) {
	rows, err := Compare(ctx, q, c.ID, month.Year(), ledger.MonthOf(month).AddDate(0, 1, -1))
	if err != nil {
		return nil, err
	}
	item := ledger.CloseItem{Code: "budget", Amount: money.Zero}
	for _, r := range rows {
		if r.HasLine && r.Type == ledger.Expense {
			item.Seen++
		}
		if r.Overrun() {
			item.Left++
			item.Amount = item.Amount.Sub(r.Left())
		}
	}
	if item.Seen == 0 {
		return nil, nil
	}
	return []ledger.CloseItem{item}, nil
}
