package reconcile_test

import (
	"fmt"
	"strings"
	"testing"

	"fund/ledger"
	"fund/ledger/reconcile"
)

// What the checklist of a month asks of the bank's accounts: a statement that came is matched and agreed.
func TestWhatAMonthAsksOfTheBank(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	said := func() string {
		t.Helper()
		items, err := reconcile.CloseItems(t.Context(), d.App, d.Community, on(11, 1))
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, i := range items {
			out = append(out, fmt.Sprintf("%s must=%v %d of %d", i.Key(), i.Must, i.Left, i.Seen))
		}
		return strings.Join(out, ", ")
	}
	want := func(when, want string) {
		t.Helper()
		if got := said(); got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	want("nothing moved", "")
	d.book(t, on(11, 5), ledger.Bank, ledger.OfflineDonations, "200.00", "AG7K-204 王**")
	want("no statement came", "reconciled:1002 must=false 1 of 0")
	d.show(t, "boc.csv", says("0.00", line("a", on(11, 5), "200.00", "王**", "AG7K-204")))
	want("a statement came", "lines:1002 must=true 1 of 1, reconciled:1002 must=true 1 of 1")
	s := d.open(t, on(11, 30))
	d.accept(t, s, d.suggest(t, s)[0], "")
	want("matched", "lines:1002 must=true 0 of 1, reconciled:1002 must=true 1 of 1")
	if err := d.complete(on(11, 30)); err != nil {
		t.Fatal(err)
	}
	want("agreed", "lines:1002 must=true 0 of 1, reconciled:1002 must=true 0 of 1")
	d.show(t, "late.csv", says("200.00", line("b", on(12, 2), "5.00", "李**", "")))
	want("a later month’s lines", "lines:1002 must=true 0 of 1, reconciled:1002 must=true 0 of 1")
}
