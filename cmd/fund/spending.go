package main

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/spending"
	"fund/ledger"
)

// forgetOrphans deletes papers whose request was never handed in.
func forgetOrphans(ctx context.Context, e *env) error {
	return eachCommunity(ctx, e, func(tx *sqlx.Tx, c ledger.Community) error {
		return spending.ForgetOrphans(ctx, tx, c.ID, time.Now().Add(-spending.OrphanKept))
	})
}
