package pledge_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/campaigns/pledge"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// house is a community with a campaign of its own fund, "dinner", and one that
// raises for the general fund, "everyday".
type house struct {
	*pgtest.Database
	ledger.Community
}

func yuan(s string) money.Amount { return money.MustParse(s) }

func open(t testing.TB) *house { return openIn(t, "Asia/Shanghai") }

func openIn(t testing.TB, zone string) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: zone,
		})
		return err
	})
	h.publish(t, "dinner", 0, ledger.Day(2026, 12, 31))
	h.publish(t, "everyday", ledger.GeneralFundID, ledger.Day(2026, 12, 31))
	return h
}

func (h *house) publish(t testing.TB, slug string, fund int, ends time.Time) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		c, err := campaigns.DraftCampaign(t.Context(), tx, h.ID, campaigns.Campaign{
			Slug: slug, TitleZH: "除夕暖心饭", TitleEN: "Dinner", FundID: fund, Goal: yuan("12000"), Minimum: yuan("5"),
			StartsOn: ledger.Day(2025, 1, 1), EndsOn: ends, Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, c.ID, time.Now())
	})
}

// at is a moment on the community's clock.
func (h *house) at(year int, month time.Month, day, hour int) time.Time {
	return h.Clock(ledger.Day(year, month, day), hour)
}

// company is a payment company that nobody is sent to.
type company struct{ payment.Provider }

func (company) Name() string { return "sandbox" }

func (company) Checkout(context.Context, payment.Order) (payment.Checkout, error) {
	return payment.Checkout{}, nil
}

// start starts a gift.
func (h *house) start(t testing.TB, s campaigns.Start) (campaigns.Donation, error) {
	t.Helper()
	d, _, err := campaigns.StartDonation(t.Context(), h.App, h.Community, company{}, s, payment.Order{Payee: "m1"})
	return d, err
}

// pay books the payment of a gift.
func (h *house) pay(t testing.TB, d campaigns.Donation) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		out, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, []campaigns.Payment{{
			Donation: d.ID, Provider: d.Method, Reference: d.ID.String(), Amount: d.Amount, Currency: d.Currency, Payee: d.Payee, PaidAt: d.CreatedAt,
		}})
		if err == nil {
			err = out[0].Err
		}
		return err
	})
}

// give starts a gift and pays it.
func (h *house) give(t testing.TB, s campaigns.Start) campaigns.Donation {
	t.Helper()
	d, err := h.start(t, s)
	if err != nil {
		t.Fatal(err)
	}
	h.pay(t, d)
	return d
}

// promise makes a pledge to the dinner.
func (h *house) promise(t testing.TB, amount string, due, at time.Time) pledge.Pledge {
	t.Helper()
	var p pledge.Pledge
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = pledge.Make(t.Context(), tx, h.Community, pledge.Promise{
			Campaign: "dinner", Amount: yuan(amount), DueOn: due, Name: "周婆婆", Email: uuid.NewString() + "@example.cn", Lang: "zh-CN", At: at,
		})
		return err
	})
	return p
}

// monthly begins a plan with its first gift.
func (h *house) monthly(t testing.TB, campaign, amount string, at time.Time) pledge.Plan {
	t.Helper()
	d := h.give(t, campaigns.Start{
		Campaign: campaign, Amount: yuan(amount), Name: "周婆婆", Email: "zhou@example.cn", Lang: "zh-CN", At: at, With: pledge.Monthly(h.Community, at),
	})
	of, err := pledge.OfDonors(t.Context(), h.App, h.ID, []uuid.UUID{*d.DonorID})
	if err != nil || len(of.Plans) != 1 {
		t.Fatalf("%d plans, %v", len(of.Plans), err)
	}
	return of.Plans[0]
}

func (h *house) pledge(t testing.TB, id uuid.UUID) pledge.Pledge {
	t.Helper()
	p, err := pledge.At(t.Context(), h.App, h.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *house) plan(t testing.TB, id uuid.UUID) pledge.Plan {
	t.Helper()
	p, err := pledge.PlanAt(t.Context(), h.App, h.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// run is what the hourly worker does.
func (h *house) run(t testing.TB, now time.Time) {
	t.Helper()
	if err := pledge.RunDue(t.Context(), h.App, h.Community, now); err != nil {
		t.Fatal(err)
	}
}

// reminders lists the letters there have been: "before 2026-05-28 09:00".
func (h *house) reminders(t testing.TB, promise uuid.UUID) (all []string) {
	t.Helper()
	err := h.Owner.Select(&all, `
		SELECT occasion || ' ' || to_char(send_at AT TIME ZONE $3, 'YYYY-MM-DD HH24:MI') FROM pledge.reminder
		 WHERE community_id = $1 AND promise_id = $2 ORDER BY send_at`, h.ID, promise, h.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// post does the letters of the outbox that are due at a moment, and says what was sent.
func (h *house) post(t testing.TB, now time.Time) (sent []pledge.Letter) {
	t.Helper()
	handlers := pledge.Handlers(pledge.Following{
		DB: h.App, Now: func() time.Time { return now },
		Send: func(_ context.Context, l pledge.Letter) error { sent = append(sent, l); return nil },
	})
	waiting, err := outbox.Pending(t.Context(), h.App, h.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range waiting {
		if handle := handlers[m.Kind]; handle != nil && !m.NotBefore.After(now) {
			if err := handle(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Owner.Exec(`UPDATE outbox.message SET done_at = now() WHERE community_id = $1 AND id = $2`, h.ID, m.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	return sent
}
