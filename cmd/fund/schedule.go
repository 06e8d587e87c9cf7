package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"fund/ledger"
	"fund/ledger/schedule"
)

// postRecurring posts the entries that come again by themselves and whose day has come. One that is refused, because its month
// is closed or its fund has not that much, stays due at the desk.
func postRecurring(ctx context.Context, e *env, changed func(community, campaign int)) error {
	communities, err := ledger.ListCommunities(ctx, e.app)
	for _, c := range communities {
		posted, failed := schedule.RunAutomatic(ctx, e.app, c, c.Day(time.Now()))
		if posted > 0 {
			e.log.InfoContext(ctx, "posted recurring entries", slog.String("community", c.Slug), slog.Int("entries", posted))
			changed(c.ID, 0)
		}
		err = errors.Join(err, failed)
	}
	return err
}
