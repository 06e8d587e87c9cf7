package disclosure_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/outbox"
	"fund/ledger"
)

// The outbox is told once, and makes a letter for each giver who asked.
func TestGiversAndStaffAreTold(t *testing.T) {
	t.Parallel()
	o := open(t)
	type letter struct {
		giver uuid.UUID
		of    string
	}
	var told []letter
	var reminded []string
	handlers := disclosure.Handlers(disclosure.Following{
		DB: o.App, Now: func() time.Time { return noon(8, 2) },
		Takers: func(_ context.Context, community, campaign int) ([]uuid.UUID, error) {
			return []uuid.UUID{o.gifts[0].Donation, o.gifts[2].Donation}, nil
		},
		Tell: func(_ context.Context, c ledger.Community, d disclosure.Document, giver, key uuid.UUID) error {
			told = append(told, letter{giver, d.Serial()})
			return nil
		},
		Remind: func(_ context.Context, c ledger.Community, d disclosure.Duty, days int, key uuid.UUID) error {
			reminded = append(reminded, d.Key())
			return nil
		},
	})
	work := func() { // everything that waits, until nothing does
		t.Helper()
		for range 3 {
			waiting, err := outbox.Pending(t.Context(), o.App, o.ID, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range waiting {
				if handlers[m.Kind] == nil {
					continue
				}
				if err := handlers[m.Kind](t.Context(), m); err != nil {
					t.Fatal(m.Kind, err)
				}
				o.Owner.MustExec(`UPDATE outbox.message SET done_at = now() WHERE id = $1`, m.ID)
			}
		}
	}
	remind := func(at time.Time) {
		o.Do(t, func(tx *sqlx.Tx) error { return disclosure.Remind(t.Context(), tx, o.Community, at) })
	}
	remind(noon(7, 31)) // thirty-one days before
	remind(noon(8, 1))
	remind(noon(8, 2))
	work()
	if got := strings.Join(reminded, " "); got != "result.1" {
		t.Errorf("reminded of %q", got)
	}
	remind(noon(8, 24))
	if _, err := o.publish(o.duty(t, "result.1", noon(8, 24)), written, "", noon(8, 24)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.publish(o.duty(t, "result.1", noon(8, 24)), written, "改一个字", noon(8, 24)); err != nil {
		t.Fatal(err)
	}
	work()
	if len(told) != 2 || told[0].of != "2026-001" || told[0].giver == told[1].giver {
		t.Errorf("told %+v", told)
	}
	if got := strings.Join(reminded, " "); got != "result.1" {
		t.Errorf("reminded of %q, though it was done in the meantime", got)
	}
}

func TestTheFeedsAddress(t *testing.T) {
	t.Parallel()
	o := open(t)
	user, other := uuid.New(), uuid.New()
	makeFeed := func() (token string) {
		o.Do(t, func(tx *sqlx.Tx) (err error) {
			token, err = disclosure.MakeFeed(t.Context(), tx, o.ID, user)
			return err
		})
		return token
	}
	first := makeFeed()
	second := makeFeed()
	if _, err := disclosure.FeedUser(t.Context(), o.App, o.ID, first); !errors.Is(err, disclosure.ErrNotFound) {
		t.Errorf("the old address: %v", err)
	}
	if got, err := disclosure.FeedUser(t.Context(), o.App, o.ID, second); err != nil || got != user {
		t.Errorf("the new address is %v's, %v", got, err)
	}
	if got, err := disclosure.FeedOf(t.Context(), o.App, o.ID, other); err != nil || got != "" {
		t.Errorf("somebody else's address is %q, %v", got, err)
	}
}
