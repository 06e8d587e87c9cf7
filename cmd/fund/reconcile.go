package main

import (
	"context"
	"errors"
	"time"

	"fund/ledger"
	"fund/ledger/upload"
)

// forgetUploads forgets the files that were looked at and never imported.
func forgetUploads(ctx context.Context, e *env) error {
	communities, err := ledger.ListCommunities(ctx, e.app)
	for _, c := range communities {
		err = errors.Join(err, upload.Forget(ctx, e.app, c.ID, time.Now().Add(-upload.Kept)))
	}
	return err
}
