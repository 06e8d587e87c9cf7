package reconcile_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/reconcile"
)

// found is what Check finds now.
func (d *desk) found(t testing.TB) (codes []ledger.FindingCode) {
	t.Helper()
	all, err := reconcile.Check(t.Context(), d.App, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Text("zh") == "" || f.Text("en") == "" {
			t.Errorf("%s says nothing", f.Code)
		}
		codes = append(codes, f.Code)
	}
	return codes
}

// Whatever somebody does behind the program's back, Check sees it.
func TestCheckSeesWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.book(t, on(11, 2), ledger.Bank, ledger.OfflineDonations, "50.00", "王奶奶的捐款")
	d.book(t, on(11, 29), ledger.ProgrammeExpense, ledger.Bank, "20.00", "还没有扣的钱")
	d.show(t, "x.csv", says("0.00", line("a", on(11, 3), "50.00", "王奶奶", "")))
	s := d.open(t, on(11, 30))
	d.accept(t, s, d.suggest(t, s)[0], "")
	d.Do(t, func(tx *sqlx.Tx) error {
		return reconcile.Note(t.Context(), tx, d.ID, d.open(t, on(11, 30)).Items[0].Spot(), "明天扣", "liu")
	})
	if err := d.complete(on(11, 30)); err != nil {
		t.Fatal(err)
	}
	if codes := d.found(t); len(codes) > 0 {
		t.Fatalf("sound books: %v", codes)
	}
	for name, tamper := range map[string]struct {
		do, undo string
		want     []ledger.FindingCode
	}{
		"figures": {
			`UPDATE reconcile.reconciliation SET booked = booked + 1, in_transit = in_transit + 1`,
			`UPDATE reconcile.reconciliation SET booked = booked - 1, in_transit = in_transit - 1`,
			[]ledger.FindingCode{reconcile.BookedDiffers, reconcile.TransitDiffers},
		},
		"half": {
			`UPDATE reconcile.match_line SET live = false`, `UPDATE reconcile.match_line SET live = true`,
			[]ledger.FindingCode{reconcile.HalfUndone, reconcile.LineLeft},
		},
		"another entry": {
			`UPDATE reconcile.match_posting SET posting = posting + 1`, `UPDATE reconcile.match_posting SET posting = posting - 1`,
			[]ledger.FindingCode{reconcile.SidesDiffer},
		},
	} {
		if _, err := d.Owner.Exec(tamper.do); err != nil {
			t.Fatal(err)
		}
		if codes := d.found(t); !slices.Equal(codes, tamper.want) {
			t.Errorf("%s: found %v, want %v", name, codes, tamper.want)
		}
		if _, err := d.Owner.Exec(tamper.undo); err != nil {
			t.Fatal(err)
		}
	}
}

// A line that turns up within a completed reconciliation is not taken in silence.
func TestNoLineSlipsIntoACompletedReconciliation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.book(t, on(11, 2), ledger.Bank, ledger.OfflineDonations, "50.00", "王奶奶的捐款")
	first := line("a", on(11, 3), "50.00", "王奶奶", "")
	d.show(t, "x.csv", says("0.00", first))
	s := d.open(t, on(11, 30))
	d.accept(t, s, d.suggest(t, s)[0], "")
	if err := d.complete(on(11, 30)); err != nil {
		t.Fatal(err)
	}
	late := says("0.00", first, line("b", on(11, 4), "7.00", "李", ""))
	err := d.Try(func(tx *sqlx.Tx) error {
		_, err := reconcile.Import(t.Context(), tx, d.Community, d.bank, "late.csv", [32]byte{}, late, "liu")
		return err
	})
	if !errors.Is(err, reconcile.ErrCompleted) {
		t.Error(err)
	}
	if known, err := reconcile.Known(t.Context(), d.App, d.ID, d.bank, late); err != nil || len(known) != 1 || !known[late.Lines[0].Key] {
		t.Errorf("%v, %v", known, err)
	}
	if z := d.show(t, "december.csv", says("50.00", line("c", on(12, 1), "1.00", "李", ""))); z.Fresh != 1 {
		t.Errorf("%+v", z)
	}
	standings, err := reconcile.ListStandings(t.Context(), d.App, d.ID)
	if err != nil || len(standings) == 0 || standings[0].ID != d.bank || standings[0].Open != 1 || !standings[0].Through.Equal(on(11, 30)) || *standings[0].File != "december.csv" {
		t.Errorf("%+v, %v", standings, err)
	}
}

// A line is an entry and a little more: the rest gets an entry of its own.
func TestTheRestOfALineIsBooked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seq := d.book(t, on(11, 2), ledger.Bank, ledger.OfflineDonations, "100.00", "外汇捐款")
	d.show(t, "x.csv", says("0.00", line("a", on(11, 3), "97.00", "某某", "")))
	s := d.open(t, on(11, 30))
	fee, income := d.account(t, ledger.AdminExpense), s.Lines[0].ID
	var m reconcile.Match
	d.Do(t, func(tx *sqlx.Tx) (err error) {
		m, err = reconcile.Accept(t.Context(), tx, d.Community, d.bank, reconcile.Acceptance{
			Lines: []int64{income}, Postings: []reconcile.Spot{{Seq: seq, Posting: 1}}, Entry: &reconcile.NewEntry{Kind: reconcile.ByRule, Account: fee, Memo: "中间行扣费"},
		}, "liu", time.Now())
		return err
	})
	if len(m.Postings) != 2 {
		t.Errorf("%+v", m)
	}
	if s = d.open(t, on(11, 30)); len(s.Lines)+len(s.Items) != 0 || s.Booked.String() != "97.00" {
		t.Errorf("%+v", s)
	}
	if codes := d.found(t); len(codes) > 0 {
		t.Error(codes)
	}
}
