package main

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/spending"
	"fund/ledger"
)

// forgetOrphans deletes papers whose request was never handed in.
func forgetOrphans(ctx context.Context, e *env) error {
	communities, err := ledger.ListCommunities(ctx, e.app)
	for _, c := range communities {
		err = errors.Join(err, e.inTx(ctx, func(tx *sqlx.Tx) error {
			return spending.ForgetOrphans(ctx, tx, c.ID, time.Now().Add(-spending.OrphanKept))
		}))
	}
	return err
}
