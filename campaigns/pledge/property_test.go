package pledge_test

import (
	"errors"
	"flag"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/ledger"
	"fund/ledger/money"
)

// The database makes each check dear.
func init() { _ = flag.Set("rapid.checks", "20") }

// kept is what a pledge should be, computed from what happened to it.
type kept struct {
	pledge.Pledge
	received          money.Amount
	cancelled, lapsed bool
	started           []campaigns.Donation
}

func (k *kept) state() pledge.State {
	switch {
	case !k.received.Less(k.Amount):
		return pledge.Fulfilled
	case k.cancelled:
		return pledge.Cancelled
	case k.lapsed:
		return pledge.Lapsed
	}
	return pledge.Open
}

// TestWhateverHappensToAPledge starts, pays, gives up, cancels and waits in any
// order: the pledge stands as its history says, and is written about at most twice.
func TestWhateverHappensToAPledge(t *testing.T) {
	t.Parallel()
	h := open(t)
	rapid.Check(t, func(r *rapid.T) {
		today := ledger.Day(2026, 5, 1)
		due := today.AddDate(0, 0, rapid.IntRange(0, 20).Draw(r, "due"))
		k := &kept{Pledge: h.promise(t, rapid.SampledFrom([]string{"5", "80", "500.01"}).Draw(r, "amount"), due, h.Clock(today, 10))}
		now := func() time.Time { return h.Clock(today, 12) }
		r.Repeat(map[string]func(*rapid.T){
			"start": func(r *rapid.T) {
				amount := rapid.SampledFrom([]string{"5", "80", "500.01"}).Draw(r, "gift")
				d, err := h.start(t, k.Gift(yuan(amount), now()))
				if errors.Is(err, campaigns.ErrState) != k.cancelled || err != nil && !k.cancelled {
					r.Fatalf("%s, and starting says %v", k.state(), err)
				}
				if err == nil {
					k.started = append(k.started, d)
				}
			},
			"pay": func(r *rapid.T) {
				if len(k.started) == 0 {
					r.Skip()
				}
				d := k.started[len(k.started)-1]
				k.started = k.started[:len(k.started)-1]
				h.pay(t, d)
				k.received = k.received.Add(d.Amount)
			},
			"give up": func(r *rapid.T) {
				if len(k.started) == 0 {
					r.Skip()
				}
				d := k.started[0]
				k.started = k.started[1:]
				h.Do(t, func(tx *sqlx.Tx) error { return campaigns.FailDonation(t.Context(), tx, h.ID, d.ID) })
			},
			"cancel": func(r *rapid.T) {
				err := h.Try(func(tx *sqlx.Tx) error { return pledge.Cancel(t.Context(), tx, h.ID, k.ID, "user:1", now()) })
				if open := k.state() == pledge.Open; open != (err == nil) || !open && !errors.Is(err, campaigns.ErrState) {
					r.Fatalf("%s, and cancelling says %v", k.state(), err)
				}
				k.cancelled = k.cancelled || err == nil
			},
			"wait": func(r *rapid.T) {
				if today.After(due.AddDate(0, 3, 0)) { // long lapsed, and the campaign will end
					r.Skip()
				}
				today = today.AddDate(0, 0, rapid.IntRange(1, 12).Draw(r, "days"))
				open := k.state() == pledge.Open
				h.run(t, now())
				k.lapsed = k.lapsed || open && today.After(due.AddDate(0, 0, pledge.LapseAfter))
			},
			"": func(r *rapid.T) {
				got := h.pledge(t, k.ID)
				if got.State != k.state() || !got.Received.Equal(k.received) || got.Left().Sign() < 0 {
					r.Fatalf("%s with %s received, and should be %s with %s", got.State, got.Received, k.state(), k.received)
				}
				if (got.State == pledge.Fulfilled) != got.Left().IsZero() || got.Due(today) && got.State != pledge.Open {
					r.Fatalf("%s with %s left", got.State, got.Left())
				}
				if letters := h.reminders(t, k.ID); len(letters) > 2 {
					r.Fatalf("letters: %q", letters)
				}
			},
		})
	})
	if findings, err := pledge.Check(t.Context(), h.App, h.ID); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
	if findings, err := campaigns.Check(t.Context(), h.App, h.ID); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
}
