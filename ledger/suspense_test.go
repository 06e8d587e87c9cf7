package ledger_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

func TestMoneyIsIdentifiedLater(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	bank, suspense := b.account(ledger.Bank), b.account(ledger.Suspense)
	unknown := func(source, amount string) ledger.Entry {
		return ledger.Entry{
			Date: nov1, Kind: "bank_line", Source: source, Memo: "不明来款", PostedBy: "user:1",
			Postings: []ledger.Posting{{Account: bank, Fund: b.general.ID, Amount: money.MustParse(amount)}, {Account: suspense, Fund: b.general.ID, Amount: money.MustParse(amount).Neg()}},
		}
	}
	posted := b.post(t, unknown("match:1", "300"), unknown("match:2", "8"))
	identify := func(seq int64, fund int) (made ledger.Posted, err error) {
		err = b.Try(func(tx *sqlx.Tx) (err error) {
			made, err = ledger.Identify(ctx, tx, b.Community, seq, b.account(ledger.DonationIncome), fund, "李**的捐款", "user:1", nov20)
			return err
		})
		return made, err
	}
	waits := func() []ledger.Unidentified {
		t.Helper()
		all, err := ledger.ListSuspense(ctx, b.App, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := waits(); len(all) != 2 || all[0].Amount.String() != "300.00" || all[0].Through != bank {
		t.Fatalf("%+v", all)
	}
	made, err := identify(posted[0].Seq, b.clinic.ID)
	if err != nil {
		t.Fatal(err)
	}
	if all := waits(); len(all) != 1 || all[0].Seq != posted[1].Seq {
		t.Errorf("%+v", all)
	}
	f, err := ledger.FindFund(ctx, b.App, b.ID, "clinic")
	if err != nil || f.NetAssets.String() != "300.00" {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := identify(posted[0].Seq, b.clinic.ID); !errors.Is(err, ledger.ErrNotFound) {
		t.Error("identified twice:", err)
	}
	for range 3 { // taken back and tried again, more than once
		b.Do(t, func(tx *sqlx.Tx) error {
			_, err := ledger.Reverse(ctx, tx, b.ID, made.Seq, nov20, "认错了", "user:1")
			return err
		})
		if all := waits(); len(all) != 2 {
			t.Errorf("taken back: %+v", all)
		}
		if made, err = identify(posted[0].Seq, b.clinic.ID); err != nil {
			t.Fatal(err)
		}
	}
	b.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, b.ID, made.Seq, nov20, "认错了", "user:1")
		return err
	})
	if _, err := identify(posted[0].Seq, b.general.ID); err != nil {
		t.Error(err)
	}
	b.seal(t)
	b.sound(t)
}
