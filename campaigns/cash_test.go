package campaigns_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
)

func TestCashIsEnteredOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	s := campaigns.Start{ID: uuid.Must(uuid.NewV7()), Campaign: "dinner", Amount: yuan("100"), EnteredBy: "user:7", At: morning}
	enter := func(s campaigns.Start) (r campaigns.Received, err error) {
		err = o.Try(func(tx *sqlx.Tx) error { r, err = campaigns.EnterCash(t.Context(), tx, o.Community, s); return err })
		return r, err
	}
	first, err := enter(s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := enter(s)
	if err != nil || !again.Again || again.Receipt.Token != first.Receipt.Token {
		t.Errorf("the form sent twice: %+v, %v", again, err)
	}
	entry := get2(ledger.EntryAt(t.Context(), o.App, o.ID, first.Receipt.Entry))(t)
	lines := get2(ledger.Lines(t.Context(), o.App, o.ID, entry.Seq))(t)
	if entry.PostedBy != "user:7" || lines[0].AccountCode != "1001" || lines[1].AccountCode != "410102" {
		t.Errorf("%s posted %s against %s", entry.PostedBy, lines[0].AccountCode, lines[1].AccountCode)
	}
	if n := get[int](t, o, `SELECT count(*) FROM ledger.journal_entry`); n != 1 {
		t.Errorf("%d entries", n)
	}
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "100.00")
	o.sound(t)
}

// A donor chose the desk on the phone and brings the money.
func TestPromisedCashIsTakenAtTheDesk(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, out, err := campaigns.StartDonation(t.Context(), o.App, o.Community, payment.Cash{}, campaigns.Start{Campaign: "dinner", Amount: yuan("100"), Name: "老周", At: morning}, payment.Order{})
	if err != nil || out.Kind != payment.Instructions || d.Method != "cash" {
		t.Fatalf("%+v, %+v, %v", d, out, err)
	}
	take := func(amount string) (r campaigns.Received, err error) {
		err = o.Try(func(tx *sqlx.Tx) error {
			r, err = campaigns.EnterCash(t.Context(), tx, o.Community, campaigns.Start{ID: d.ID, Campaign: "dinner", Amount: yuan(amount), EnteredBy: "user:7", At: morning})
			return err
		})
		return r, err
	}
	_, err = take("90")
	wantErr(t, "another amount than promised", err, campaigns.ErrQuarantined)
	if r, err := take("100"); err != nil || r.Donation != d.ID {
		t.Errorf("%+v, %v", r, err)
	}
	if by := get[string](t, o, `SELECT posted_by FROM ledger.journal_entry`); by != "user:7" {
		t.Errorf("posted by %s", by)
	}
	o.sound(t)
}
