package campaigns_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

func (o *office) tryRefund(donation, id uuid.UUID, amount money.Amount) (r campaigns.Refund, err error) {
	err = o.Try(func(tx *sqlx.Tx) error {
		r, err = campaigns.RefundDonation(ctx, tx, o.Community, donation, id, amount, "捐赠人改了主意", "user:2", morning)
		return err
	})
	return r, err
}

func (o *office) refund(t testing.TB, d campaigns.Donation, amount string) campaigns.Refund {
	t.Helper()
	r, err := o.tryRefund(d.ID, uuid.Must(uuid.NewV7()), yuan(amount))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (o *office) receiptOf(t testing.TB, d campaigns.Donation) receipt.Receipt {
	t.Helper()
	return get2(receipt.Of(t.Context(), o.App, o.ID, d.ID))(t)
}

func TestRefundOfTheWhole(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("66.60")})
	r := o.refund(t, d, "66.60")
	reversal := get2(ledger.EntryAt(t.Context(), o.App, o.ID, r.EntrySeq))(t)
	if reversal.Reverses != *d.EntrySeq {
		t.Errorf("the refund's entry is %+v", reversal)
	}
	if got := o.receiptOf(t, d); got.VoidEntry != r.EntrySeq || got.VoidReason != "捐赠人改了主意" {
		t.Errorf("the receipt is %+v", got)
	}
	c := o.campaign(t, "dinner")
	wantAmount(t, "raised", c.Raised, "0.00")
	if c.Gifts != 0 {
		t.Errorf("%d gifts", c.Gifts)
	}
	if n := get[int](t, o, `SELECT count(*) FROM outbox.message WHERE kind = 'refund_payment' AND payload->>'refund' = $1`, r.ID.String()); n != 1 {
		t.Errorf("the provider is asked %d times", n)
	}
	_, err := o.tryRefund(d.ID, uuid.New(), yuan("0.01"))
	wantErr(t, "a fen more", err, campaigns.ErrRefundTooLarge)
	o.sound(t)
}

// Parts leave the receipt standing until the last of the gift goes back.
func TestRefundInParts(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("100")})
	o.give(t, campaigns.Start{Amount: yuan("7")})
	o.refund(t, d, "30")
	part := o.refund(t, d, "20.50")
	if got := o.receiptOf(t, d); got.VoidEntry != 0 {
		t.Errorf("a part voided the receipt: %+v", got)
	}
	c := o.campaign(t, "dinner")
	wantAmount(t, "raised", c.Raised, "56.50")
	if c.Gifts != 2 {
		t.Errorf("%d gifts", c.Gifts)
	}
	entry := get2(ledger.EntryAt(t.Context(), o.App, o.ID, part.EntrySeq))(t)
	lines := get2(ledger.Lines(t.Context(), o.App, o.ID, part.EntrySeq))(t)
	if entry.Kind != "refund" || entry.Reverses != 0 || lines[0].AccountCode != "100903" || lines[0].Amount.String() != "-20.50" || lines[1].Amount.String() != "20.50" {
		t.Errorf("the part is %+v, %+v", entry, lines)
	}
	wantAmount(t, "left", o.donation(t, d.ID).Left(), "49.50")

	_, err := o.tryRefund(d.ID, uuid.New(), yuan("49.51"))
	wantErr(t, "more than is left", err, campaigns.ErrRefundTooLarge)
	_, err = o.tryRefund(d.ID, uuid.New(), yuan("100"))
	wantErr(t, "the whole after parts", err, campaigns.ErrRefundTooLarge)

	last := o.refund(t, d, "49.50")
	if got := o.receiptOf(t, d); got.VoidEntry != last.EntrySeq {
		t.Errorf("after the last part the receipt is %+v", got)
	}
	c = o.campaign(t, "dinner")
	wantAmount(t, "raised in the end", c.Raised, "7.00")
	if c.Gifts != 1 {
		t.Errorf("%d gifts in the end", c.Gifts)
	}
	if list := get2(campaigns.ListRefunds(t.Context(), o.App, o.ID, d.ID))(t); len(list) != 3 {
		t.Errorf("%d refunds are listed", len(list))
	}
	o.sound(t)
}

func TestRefundRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("50")})
	other, _ := o.give(t, campaigns.Start{Amount: yuan("50")})
	pending := o.start(t, campaigns.Start{Amount: yuan("50")})
	for what, c := range map[string]struct {
		donation uuid.UUID
		amount   string
		want     error
	}{
		"more than was given": {d.ID, "50.01", campaigns.ErrRefundTooLarge},
		"nothing":             {d.ID, "0", campaigns.ErrRefundTooLarge},
		"less than nothing":   {d.ID, "-1", campaigns.ErrRefundTooLarge},
		"what is not paid":    {pending.ID, "50", campaigns.ErrNotPaid},
		"nobody's gift":       {uuid.New(), "50", campaigns.ErrNotFound},
	} {
		_, err := o.tryRefund(c.donation, uuid.New(), yuan(c.amount))
		wantErr(t, what, err, c.want)
	}
	err := o.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, o.Community, d.ID, uuid.New(), yuan("50"), " \n", "user:2", morning)
		return err
	})
	wantErr(t, "no reason", err, campaigns.ErrNoReason)

	first := o.refund(t, d, "10")
	again, err := o.tryRefund(d.ID, first.ID, yuan("10"))
	if err != nil || again.EntrySeq != first.EntrySeq {
		t.Errorf("the same form again: %+v, %v", again, err)
	}
	_, err = o.tryRefund(other.ID, first.ID, yuan("10"))
	wantErr(t, "the same id for another gift", err, campaigns.ErrState)
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "90.00")
	o.sound(t)
}

// Undone in the journal, a gift has nothing left to give back, neither in whole nor in part.
func TestRefundOfWhatIsReversed(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("50")})
	o.give(t, campaigns.Start{Amount: yuan("50")}) // the fund could pay for it
	o.reverse(t, *d.EntrySeq)
	for _, amount := range []string{"20", "50"} {
		_, err := o.tryRefund(d.ID, uuid.New(), yuan(amount))
		wantErr(t, amount, err, ledger.ErrReversedTwice)
	}
}

func TestRefundTwiceAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		each string
		wins int
	}{{"100", 1}, {"60", 1}, {"50", 2}} {
		o := open(t)
		d, _ := o.give(t, campaigns.Start{Amount: yuan("100")})
		won := race(8, func(int) error {
			_, err := o.tryRefund(d.ID, uuid.New(), yuan(c.each))
			return err
		}, campaigns.ErrRefundTooLarge)
		if won.err != nil || won.n != c.wins {
			t.Errorf("%s each of 100: %d won (%v)", c.each, won.n, won.err)
		}
		o.sound(t)

		// The same form from two tabs is one refund.
		d, _ = o.give(t, campaigns.Start{Amount: yuan("100")})
		id := uuid.New()
		if won := race(4, func(int) error { _, err := o.tryRefund(d.ID, id, yuan("40")); return err }); won.err != nil {
			t.Error(won.err)
		}
		wantAmount(t, "refunded", o.donation(t, d.ID).Refunded, "40.00")
		o.sound(t)
	}
}

func TestRefundOfWhatIsSpent(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("100")})
	o.spend(t, "70")
	for _, amount := range []string{"100", "30.01"} {
		_, err := o.tryRefund(d.ID, uuid.New(), yuan(amount))
		wantErr(t, amount, err, ledger.ErrFundOverspent)
	}
	if n := get[int](t, o, `SELECT (SELECT count(*) FROM campaigns.refund) + (SELECT count(*) FROM receipt.void) + (SELECT count(*) FROM outbox.message WHERE kind = 'refund_payment')`); n != 0 {
		t.Errorf("%d things are half done", n)
	}
	wantAmount(t, "refunded", o.donation(t, d.ID).Refunded, "0.00")
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "100.00")
	o.refund(t, d, "30")
	o.sound(t)
}

// spend pays for something from the campaign's fund.
func (o *office) spend(t testing.TB, amount string) {
	t.Helper()
	accounts := get2(ledger.ListAccounts(ctx, o.App, o.ID))(t)
	from, _ := accounts.By(ledger.Clearing("sandbox"))
	what, _ := accounts.By(ledger.ProgrammeExpense)
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(ctx, tx, o.ID, ledger.Entry{
			Date: o.Day(morning), Kind: "expense", Source: "test:" + uuid.NewString(), Memo: "食材", PostedBy: "user:2",
			Postings: []ledger.Posting{ledger.Debit(what.ID, o.Campaign.FundID, yuan(amount)), ledger.Credit(from.ID, o.Campaign.FundID, yuan(amount))},
		})
		return err
	})
}

// reverse undoes an entry in the journal.
func (o *office) reverse(t testing.TB, seq int64) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, o.ID, seq, o.Day(morning), "弄错了", "user:2")
		return err
	})
}

func TestRefundIsImmutable(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("50")})
	o.refund(t, d, "50")
	for _, sql := range []string{
		`UPDATE campaigns.refund SET amount = 1`, `DELETE FROM campaigns.refund`, `TRUNCATE campaigns.refund`,
	} {
		_, err := o.Owner.Exec(sql)
		wantErr(t, "owner: "+sql, ledger.Explain(err), ledger.ErrImmutable)
		_, err = o.App.Exec(sql)
		wantErr(t, "fund_app: "+sql, ledger.Explain(err), ledger.ErrNotAllowed)
	}
}

// What was promised and paid is not the server's to change, and no donation
// gives back more than it was.
func TestDonationKeepsItsTerms(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.give(t, campaigns.Start{Amount: yuan("50")})
	for _, column := range []string{"amount = 1", "currency = 'USD'", "method = 'cash'", "payee = 'x'", "campaign_id = 2", "commitment = NULL"} {
		_, err := o.App.Exec(`UPDATE campaigns.donation SET ` + column)
		wantErr(t, column, ledger.Explain(err), ledger.ErrNotAllowed)
	}
	for sql, want := range map[string]string{
		`UPDATE campaigns.donation SET refunded = 50.01`:                 "donation_refund_within",
		`UPDATE campaigns.donation SET state = 'pending'`:                "donation_paid_is_booked",
		`UPDATE campaigns.donation SET entry_seq = NULL`:                 "donation_paid_is_booked",
		`UPDATE campaigns.donation SET state = 'half', entry_seq = NULL`: "donation_state_known",
	} {
		if _, err := o.Owner.Exec(sql); constraint(err) != want {
			t.Errorf("%s: %v, want %s", sql, err, want)
		}
	}
}

type raced struct {
	n   int // that won
	err error
}

// race runs a verb n times at once. Errors of the kinds lost count as lost.
func race(n int, verb func(i int) error, lost ...error) (r raced) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			err := verb(i)
			mu.Lock()
			defer mu.Unlock()
			for _, l := range lost {
				if errors.Is(err, l) {
					return
				}
			}
			if err != nil {
				r.err = errors.Join(r.err, err)
				return
			}
			r.n++
		})
	}
	all.Wait()
	return r
}
