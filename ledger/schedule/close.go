package schedule

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// CloseItems is the line of a month's checklist about what was to be posted every
// month and has not been.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) ([]ledger.CloseItem, error) {
	due, err := Due(ctx, q, c, month)
	if err != nil {
		return nil, err
	}
	item := ledger.CloseItem{Code: "schedule", Must: true, Left: len(due), Amount: money.Zero}
	for _, t := range due {
		item.Amount = item.Amount.Add(t.Amount)
	}
	return []ledger.CloseItem{item}, nil
}
