package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/transparency"
)

const sealEvery = time.Second

// seal signs a checkpoint for every community with new leaves, once a second until ctx ends, and once more then.
func seal(ctx context.Context, e *env, key transparency.Key) {
	for ctx.Err() == nil {
		sealOnce(ctx, e, key)
		select {
		case <-ctx.Done():
		case <-time.After(sealEvery):
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), sealEvery)
	defer cancel()
	sealOnce(last, e, key)
}

// sealOnce never fails for long: what it could not seal is there the next time.
func sealOnce(ctx context.Context, e *env, key transparency.Key) {
	err := func() error {
		communities, err := ledger.ListCommunities(ctx, e.app)
		if err != nil {
			return err
		}
		slugs, ids := map[int]string{}, make([]int, len(communities))
		for i, c := range communities {
			slugs[c.ID], ids[i] = c.Slug, c.ID
		}
		waiting, err := transparency.Unsealed(ctx, e.app, ids)
		for _, id := range waiting {
			sealed := e.inTx(ctx, func(tx *sqlx.Tx) error {
				_, err := transparency.Seal(ctx, tx, id, slugs[id], key, time.Now())
				return err
			})
			if !outrun(sealed) {
				err = errors.Join(err, sealed)
			}
		}
		return err
	}()
	if err != nil && ctx.Err() == nil {
		e.log.ErrorContext(ctx, "seal the log", slog.Any("err", err))
	}
}

// outrun tells that another server sealed the same leaves first.
func outrun(err error) bool {
	var refused *pq.Error
	return errors.As(err, &refused) && refused.Code == "23505" // unique_violation
}
