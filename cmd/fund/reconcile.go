package main

import (
	"context"
	"errors"
	"time"

	"fund/ledger"
	"fund/ledger/reconcile"
)

// forgetUploads forgets the bank's files that were looked at and never imported.
func forgetUploads(ctx context.Context, e *env) error {
	communities, err := ledger.ListCommunities(ctx, e.app)
	for _, c := range communities {
		err = errors.Join(err, reconcile.ForgetUploads(ctx, e.app, c.ID, time.Now().Add(-reconcile.UploadKept)))
	}
	return err
}
