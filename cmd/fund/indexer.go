package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/search"
)

const indexEvery = time.Second

// index notes what new entries say, so that they are found, once a second until ctx ends.
func index(ctx context.Context, e *env) {
	for ctx.Err() == nil {
		if err := indexOnce(ctx, e); err != nil && ctx.Err() == nil {
			e.log.ErrorContext(ctx, "note entries for the search", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(indexEvery):
		}
	}
}

// indexOnce notes a block of each community that is behind, and further ones until none is.
func indexOnce(ctx context.Context, e *env) error {
	behind, err := search.Behind(ctx, e.app)
	for _, community := range behind {
		for done := false; !done && err == nil && ctx.Err() == nil; {
			err = e.inTx(ctx, func(tx *sqlx.Tx) (err error) {
				done, err = search.Advance(ctx, tx, community)
				return err
			})
			if errors.Is(err, search.ErrOutrun) || outrun(err) {
				done, err = true, nil
			}
		}
	}
	return err
}
