package campaigns_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
)

// aside puts a payment aside: of another amount than was promised, changed once more.
func (o *office) aside(t testing.TB, change func(*campaigns.Payment)) campaigns.QuarantinedPayment {
	t.Helper()
	d := o.start(t, campaigns.Start{Amount: yuan("50"), Name: "周婆婆"})
	p := paid(d)
	p.Amount = yuan("61")
	if change != nil {
		change(&p)
	}
	_, err := o.receive(p)
	wantErr(t, "a payment that does not fit", err, campaigns.ErrQuarantined)
	q, err := campaigns.QuarantinedOf(t.Context(), o.App, o.ID, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func (o *office) decide(t testing.TB, id uuid.UUID, by campaigns.Decision) (q campaigns.QuarantinedPayment, err error) {
	t.Helper()
	by.Who, by.At = "user:3", morning
	if by.Note == "" {
		by.Note = "打过电话"
	}
	err = o.Try(func(tx *sqlx.Tx) error {
		q, err = campaigns.DecideQuarantine(t.Context(), tx, o.Community, id, by)
		return err
	})
	return q, err
}

// has is what an account stands at, a debit positive.
func (o *office) has(t testing.TB, code string) string {
	t.Helper()
	return get[string](t, o, `SELECT coalesce(sum(p.amount), 0.00)::text FROM ledger.posting p
		JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id WHERE a.code = $1`, code)
}

func TestMoneyPutAsideBecomesAGift(t *testing.T) {
	t.Parallel()
	o := open(t)
	q := o.aside(t, nil)
	for step, by := range []campaigns.Decision{{Action: campaigns.Held}, {Action: campaigns.Booked, Campaign: o.Campaign.ID}} {
		var err error
		if q, err = o.decide(t, q.ID, by); err != nil {
			t.Fatal(err)
		}
		want := []struct{ clearing, suspense, income string }{{"61.00", "-61.00", "0.00"}, {"61.00", "0.00", "-61.00"}}[step]
		if a, b, c := o.has(t, "100903"), o.has(t, "220901"), o.has(t, "410101"); a != want.clearing || b != want.suspense || c != want.income {
			t.Errorf("after %s: clearing %s, suspense %s, income %s", by.Action, a, b, c)
		}
	}
	gift := o.donation(t, *q.BookedAs)
	if gift.State != campaigns.Paid || gift.Amount.String() != "61.00" || gift.DonorName.String != "周婆婆" || gift.Reference != q.Reference {
		t.Errorf("the gift is %+v", gift)
	}
	_, err := o.decide(t, q.ID, campaigns.Decision{Action: campaigns.SentBack})
	wantErr(t, "decided twice", err, campaigns.ErrState)
	o.sound(t)
}

func TestMoneyPutAsideGoesBack(t *testing.T) {
	t.Parallel()
	for _, heldFirst := range []bool{false, true} {
		o := open(t)
		q := o.aside(t, nil)
		if heldFirst {
			if _, err := o.decide(t, q.ID, campaigns.Decision{Action: campaigns.Held}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := o.decide(t, q.ID, campaigns.Decision{Action: campaigns.SentBack}); err != nil {
			t.Fatal(err)
		}
		if a, b := o.has(t, "100903"), o.has(t, "220901"); a != "0.00" || b != "0.00" {
			t.Errorf("clearing %s, suspense %s", a, b)
		}
		if n := get[int](t, o, `SELECT count(*) FROM outbox.message WHERE kind = 'return_payment'`); n != 1 {
			t.Errorf("%d messages to the company", n)
		}
		if n := get[int](t, o, `SELECT count(*) FROM ledger.journal_entry`); n != 2 {
			t.Errorf("%d entries", n)
		}
		o.sound(t)
	}
}

func TestWhatCannotBeDecided(t *testing.T) {
	t.Parallel()
	o := open(t)
	foreign := o.aside(t, func(p *campaigns.Payment) { p.Currency = "HKD" })
	stolen := o.aside(t, func(p *campaigns.Payment) { p.Payee = "1900000109" })
	_, err := o.decide(t, stolen.ID, campaigns.Decision{Action: campaigns.Booked, Campaign: o.Campaign.ID})
	wantErr(t, "money that never came to us", err, campaigns.ErrCannot)
	_, err = o.decide(t, foreign.ID, campaigns.Decision{Action: campaigns.Booked, Campaign: o.Campaign.ID})
	wantErr(t, "another currency without its worth", err, campaigns.ErrCannot)
	_, err = o.decide(t, foreign.ID, campaigns.Decision{Action: campaigns.Booked, Campaign: o.Campaign.ID, Note: " "})
	wantErr(t, "without a word", err, campaigns.ErrNoReason)
	_, err = o.decide(t, uuid.New(), campaigns.Decision{Action: campaigns.Noted})
	wantErr(t, "nothing of the kind", err, campaigns.ErrNotFound)
	_, err = o.decide(t, foreign.ID, campaigns.Decision{Action: "burn"})
	wantErr(t, "an unheard-of action", err, campaigns.ErrCannot)
	if n := get[int](t, o, `SELECT count(*) FROM ledger.journal_entry`); n != 0 {
		t.Errorf("%d entries", n)
	}
	if _, err := o.decide(t, foreign.ID, campaigns.Decision{Action: campaigns.Booked, Campaign: o.Campaign.ID, Worth: yuan("45.80")}); err != nil {
		t.Error(err)
	}
	if _, err := o.decide(t, stolen.ID, campaigns.Decision{Action: campaigns.Noted}); err != nil {
		t.Error(err)
	}
	if got := o.has(t, "410101"); got != "-45.80" {
		t.Errorf("income %s", got)
	}
	o.sound(t)
}

// Money promised by transfer arrives under its reference.
func TestATransferArrives(t *testing.T) {
	t.Parallel()
	o := open(t)
	bank := payment.NewTransfer(payment.TransferConfig{Holder: "安公社区", Bank: "成都银行", Account: "6222020000000000"})
	start := func(amount string) campaigns.Awaited {
		d, out, err := campaigns.StartDonation(t.Context(), o.App, o.Community, bank, campaigns.Start{Campaign: "dinner", Amount: yuan(amount), At: morning}, payment.Order{Payee: bank.Payee()})
		if err != nil || out.Kind != payment.Instructions {
			t.Fatalf("%+v, %v", out, err)
		}
		reference := get2(payment.ReferenceOf(t.Context(), o.App, o.ID, d.ID))(t)
		return get2(campaigns.FindAwaited(t.Context(), o.App, o.ID, reference))(t)
	}
	arrive := func(a campaigns.Awaited, amount string) (r campaigns.Received, aside bool, err error) {
		err = o.Try(func(tx *sqlx.Tx) error {
			r, aside, err = campaigns.Arrive(t.Context(), tx, o.Community, campaigns.Arrival{Donation: a.ID, Amount: yuan(amount), Reference: "bank:77" + amount, At: morning, Who: "user:3"})
			return err
		})
		return r, aside, err
	}
	a, b := start("500"), start("80")
	if list := get2(campaigns.ListAwaited(t.Context(), o.App, o.ID, "transfer"))(t); len(list) != 2 || list[0].Ref == list[1].Ref {
		t.Errorf("%+v", list)
	}
	r, aside, err := arrive(a, "500")
	if err != nil || aside || r.Receipt.Number != 1 {
		t.Fatalf("%+v, %t, %v", r, aside, err)
	}
	if again, aside, err := arrive(a, "500"); err != nil || aside || !again.Again {
		t.Errorf("pressed twice: %+v, %t, %v", again, aside, err)
	}
	if _, aside, err := arrive(b, "79"); err != nil || !aside {
		t.Errorf("another amount: %t, %v", aside, err)
	}
	if bank, income := o.has(t, "1002"), o.has(t, "410102"); bank != "500.00" || income != "-500.00" {
		t.Errorf("bank %s, income %s", bank, income)
	}
	_, err = campaigns.FindAwaited(t.Context(), o.App, o.ID, "JK-2222-2222")
	wantErr(t, "a reference nobody has", err, campaigns.ErrNotFound)
	online := o.start(t, campaigns.Start{Amount: yuan("50")})
	_, _, err = arrive(campaigns.Awaited{Donation: online}, "50")
	wantErr(t, "a gift paid online", err, campaigns.ErrState)
	o.sound(t)
}

// References that many donations reserve at once are all different, and stay.
func TestReferencesAreReserved(t *testing.T) {
	t.Parallel()
	o := open(t)
	seen := map[string]bool{}
	for range 50 {
		id := uuid.Must(uuid.NewV7())
		first := get2(payment.ReserveReference(t.Context(), o.App, o.ID, id))(t)
		if again := get2(payment.ReserveReference(t.Context(), o.App, o.ID, id))(t); again != first || seen[first] {
			t.Errorf("%s, then %s", first, again)
		}
		seen[first] = true
	}
	mine, taker := uuid.Must(uuid.NewV7()), uuid.New()
	if _, err := o.Owner.Exec(`INSERT INTO payment.reference (community_id, reference, order_id) VALUES ($1, $2, $3)`, o.ID, payment.TransferReference(mine), taker); err != nil {
		t.Fatal(err)
	}
	next := get2(payment.ReserveReference(t.Context(), o.App, o.ID, mine))(t)
	if _, right := payment.ParseTransferReference(next); next == payment.TransferReference(mine) || !right {
		t.Errorf("another's reference is taken, mine is %s", next)
	}
	if again := get2(payment.ReserveReference(t.Context(), o.App, o.ID, mine))(t); again != next {
		t.Errorf("then %s", again)
	}
}

// Cash goes back by hand, by somebody, once.
func TestARefundByHand(t *testing.T) {
	t.Parallel()
	o := open(t)
	var r campaigns.Received
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		r, err = campaigns.EnterCash(t.Context(), tx, o.Community, campaigns.Start{Campaign: "dinner", Amount: yuan("100"), EnteredBy: "user:7", At: morning})
		return err
	})
	refund := uuid.Must(uuid.NewV7())
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, o.Community, r.Donation, refund, yuan("40"), "多给了", "user:3", morning)
		return err
	})
	due := get2(campaigns.ListRefundsByHand(t.Context(), o.App, o.ID))(t)
	if len(due) != 1 || !due[0].ByHand() || due[0].Amount.String() != "40.00" {
		t.Fatalf("%+v", due)
	}
	give := func(how string) error {
		return o.Try(func(tx *sqlx.Tx) error {
			return campaigns.GiveBackByHand(t.Context(), tx, o.ID, refund, how, "收条 3", "user:3", morning)
		})
	}
	wantErr(t, "in no known way", give("pigeon"), campaigns.ErrState)
	if err := give(campaigns.ByCash); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "twice", give(campaigns.ByCash), campaigns.ErrState)
	if due := get2(campaigns.ListRefundsByHand(t.Context(), o.App, o.ID))(t); len(due) != 0 {
		t.Errorf("still due: %+v", due)
	}
	done := get2(campaigns.ListRefundsDone(t.Context(), o.App, o.ID, 5))(t)
	if len(done) != 1 || done[0].How != campaigns.ByCash || done[0].DoneBy != "user:3" || done[0].Reference != "收条 3" {
		t.Errorf("%+v", done)
	}
	o.sound(t)
}

// What Check says of payments put aside, broken past every guard.
func TestCheckLooksAtWhatWasPutAside(t *testing.T) {
	t.Parallel()
	o := open(t)
	q := o.aside(t, nil)
	if _, err := o.decide(t, q.ID, campaigns.Decision{Action: campaigns.Held}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Owner.Exec(`UPDATE campaigns.quarantine SET held_seq = held_seq + 7`); err != nil {
		t.Fatal(err)
	}
	found := get2(campaigns.Check(t.Context(), o.App, o.ID))(t)
	if len(found) != 1 || found[0].Code != campaigns.QuarantineNotHeld {
		t.Errorf("%+v", found)
	}
}
