package main

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/report"
)

const addUpEvery = 5 * time.Minute

// addUp adds up what the cash flow statement needs of the entries posted since, for every community.
func addUp(ctx context.Context, e *env) error {
	communities, err := ledger.ListCommunities(ctx, e.app)
	if err != nil {
		return err
	}
	behind, err := report.Behind(ctx, e.app)
	for _, c := range communities {
		for done := !behind[c.ID]; !done; {
			one := e.inTx(ctx, func(tx *sqlx.Tx) (err error) {
				done, err = report.Advance(ctx, tx, c)
				return err
			})
			if one != nil {
				err, done = errors.Join(err, one), true
			}
		}
	}
	return err
}
