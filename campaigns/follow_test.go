package campaigns_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/ledger"
)

// silent is a provider that does not answer.
type silent struct{ payment.Provider }

func (silent) Query(context.Context, payment.Order) (payment.Event, error) {
	return payment.Event{}, payment.ErrProviderDown
}

func (silent) Refund(context.Context, payment.RefundOrder) (payment.RefundResult, error) {
	return payment.RefundResult{}, payment.ErrProviderDown
}

func (o *office) settleAt(at time.Time, providers payment.Providers) ([]campaigns.Received, error) {
	c := o.committer()
	defer c.Close()
	return campaigns.Settle(ctx, o.App, o.Community, providers, c, at, 5*time.Minute)
}

func TestSettle(t *testing.T) {
	t.Parallel()
	o := open(t)
	at := map[string]campaigns.Donation{}
	pay := map[string]payment.Scenario{"lost": payment.Lost, "declined": payment.Decline, "wrong": payment.WrongAmount}
	for _, what := range []string{"lost", "declined", "wrong", "waiting", "unheard"} {
		at[what] = o.start(t, campaigns.Start{Amount: yuan("50")})
	}
	for what, scenario := range pay {
		if _, err := o.Company.Pay(t.Context(), o.ID, at[what].ID, scenario); err != nil {
			t.Fatal(err)
		}
	}
	o.Owner.MustExec(`DELETE FROM payment.sandbox_order WHERE order_id = $1`, at["unheard"].ID)
	cash, _, err := campaigns.StartDonation(t.Context(), o.App, o.Community, payment.Cash{}, campaigns.Start{Campaign: "dinner", Amount: yuan("30"), At: morning}, payment.Order{})
	if err != nil {
		t.Fatal(err)
	}
	at["cash"] = cash

	expect := func(after time.Duration, received int, states map[string]campaigns.DonationState) {
		t.Helper()
		got, err := o.settleAt(morning.Add(after), o.Providers)
		if err != nil || len(got) != received {
			t.Errorf("after %v: received %+v, %v", after, got, err)
		}
		for what, want := range states {
			if d := o.donation(t, at[what].ID); d.State != want {
				t.Errorf("after %v: %s is %s, want %s", after, what, d.State, want)
			}
		}
	}
	expect(4*time.Minute, 0, map[string]campaigns.DonationState{"lost": campaigns.Pending, "declined": campaigns.Pending})
	expect(6*time.Minute, 1, map[string]campaigns.DonationState{
		"lost": campaigns.Paid, "declined": campaigns.Failed, "wrong": campaigns.Quarantined, "waiting": campaigns.Pending, "unheard": campaigns.Pending, "cash": campaigns.Pending,
	})
	expect(7*time.Minute, 0, nil)
	expect(2*time.Hour+time.Minute, 0, map[string]campaigns.DonationState{"waiting": campaigns.Failed, "unheard": campaigns.Failed, "cash": campaigns.Pending})
	expect(30*24*time.Hour+time.Minute, 0, map[string]campaigns.DonationState{"cash": campaigns.Failed, "lost": campaigns.Paid})
	o.sound(t)
}

func TestSettleWaitsForAProviderThatIsDown(t *testing.T) {
	t.Parallel()
	o := open(t)
	d := o.start(t, campaigns.Start{Amount: yuan("50")})
	down, err := payment.NewProviders(silent{o.Sandbox}, payment.Cash{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.settleAt(morning.Add(24*time.Hour), down)
	wantErr(t, "the provider is down", err, payment.ErrProviderDown)
	if got := o.donation(t, d.ID); got.State != campaigns.Pending {
		t.Errorf("it is %s", got.State)
	}
}

// follow does what is in the outbox and returns each kind's errors.
func (o *office) follow(t testing.TB, f campaigns.Following) map[string]error {
	t.Helper()
	f.DB = o.App
	handlers, errs := campaigns.Handlers(f), map[string]error{}
	for _, m := range get2(outbox.Pending(t.Context(), o.App, o.ID, 100))(t) {
		errs[m.Kind] = errors.Join(errs[m.Kind], handlers[m.Kind](t.Context(), m))
	}
	return errs
}

func (o *office) givenBack(t testing.TB, d campaigns.Donation) string {
	t.Helper()
	return get[string](t, o, `SELECT refunded::text FROM payment.sandbox_order WHERE order_id = $1`, d.ID)
}

func TestRefundIsSentBackOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	d := o.start(t, campaigns.Start{Amount: yuan("50")})
	told := get2(o.Company.Pay(t.Context(), o.ID, d.ID, payment.Normal))(t)
	get2(o.receive(campaigns.PaymentOf("sandbox", told.Event)))(t)
	o.refund(t, d, "20")
	if err := o.follow(t, campaigns.Following{Providers: get2(payment.NewProviders(silent{o.Sandbox}))(t)})["refund_payment"]; !errors.Is(err, payment.ErrProviderDown) || errors.Is(err, outbox.ErrHopeless) {
		t.Errorf("the provider is down: %v", err)
	}
	for range 2 { // an attempt whose end was not noted is made again
		if err := o.follow(t, campaigns.Following{Providers: o.Providers})["refund_payment"]; err != nil {
			t.Fatal(err)
		}
	}
	if got := o.givenBack(t, d); got != "20.00" {
		t.Errorf("the provider gave back %s", got)
	}
	o.refund(t, d, "30")
	o.follow(t, campaigns.Following{Providers: o.Providers})
	if got := o.givenBack(t, d); got != "50.00" {
		t.Errorf("the provider gave back %s in all", got)
	}
}

func TestRefundThatCannotBeSentBack(t *testing.T) {
	t.Parallel()
	o := open(t)
	// Booked here, but the provider has no such order.
	d, _ := o.give(t, campaigns.Start{Amount: yuan("50")})
	o.Owner.MustExec(`DELETE FROM payment.sandbox_order`)
	o.refund(t, d, "50")
	for what, providers := range map[string]payment.Providers{"unknown there": o.Providers, "not enabled here": get2(payment.NewProviders(payment.Cash{}))(t)} {
		if err := o.follow(t, campaigns.Following{Providers: providers})["refund_payment"]; !errors.Is(err, outbox.ErrHopeless) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestCashGoesBackByHand(t *testing.T) {
	t.Parallel()
	o := open(t)
	s := campaigns.Start{ID: uuid.New(), Campaign: "dinner", Amount: yuan("100"), EnteredBy: "user:7", At: morning}
	o.Do(t, func(tx *sqlx.Tx) error { _, err := campaigns.EnterCash(t.Context(), tx, o.Community, s); return err })
	o.refund(t, o.donation(t, s.ID), "100")
	if err := o.follow(t, campaigns.Following{Providers: o.Providers})["refund_payment"]; err != nil {
		t.Error(err)
	}
	o.sound(t)
}

func TestLetters(t *testing.T) {
	t.Parallel()
	o := open(t)
	var sent []string
	f := campaigns.Following{Providers: o.Providers, Letter: func(_ context.Context, c ledger.Community, d campaigns.Donation, to campaigns.Donor, key uuid.UUID) error {
		sent = append(sent, c.Slug+" "+d.Amount.String()+" "+to.Email)
		if key == uuid.Nil {
			t.Error("a letter without a key")
		}
		return nil
	}}
	o.give(t, campaigns.Start{Amount: yuan("50"), Name: "周婆婆", Email: "zhou@example.org"})
	o.give(t, campaigns.Start{Amount: yuan("60"), Name: "李叔"})
	o.give(t, campaigns.Start{Amount: yuan("70")})
	erased, _ := o.give(t, campaigns.Start{Amount: yuan("80"), Email: "gone@example.org"})
	o.Do(t, func(tx *sqlx.Tx) error { return campaigns.EraseDonor(t.Context(), tx, o.ID, *erased.DonorID, morning) })
	if errs := o.follow(t, campaigns.Following{Providers: o.Providers}); errs["donation_received"] != nil {
		t.Errorf("without a mailer: %v", errs)
	}
	if errs := o.follow(t, f); errs["donation_received"] != nil || len(sent) != 1 || sent[0] != "angong 50.00 zhou@example.org" {
		t.Errorf("sent %q, %v", sent, errs)
	}
}
