package main

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/public"
)

// voices are the outbox's handlers of letters about proposals, updates, thanks and answers.
func (l letters) voices() voice.Following {
	f := voice.Following{DB: l.env.app}
	if l.post.On() {
		f.Send = func(ctx context.Context, about voice.Letter) error {
			return l.post.Send(ctx, about.Community, public.VoiceLetter(about))
		}
	}
	return f
}

// idleDraft is how long a resident's draft that was never handed in is kept.
const idleDraft = 90 * 24 * time.Hour

// forgetDrafts deletes what residents began and left.
func forgetDrafts(ctx context.Context, e *env) error {
	return eachCommunity(ctx, e, func(tx *sqlx.Tx, c ledger.Community) error {
		now := time.Now()
		if err := project.Sweep(ctx, tx, c.ID, now.Add(-idleDraft), now); err != nil {
			return err
		}
		return voice.Sweep(ctx, tx, c.ID, now.Add(-idleDraft), now)
	})
}
