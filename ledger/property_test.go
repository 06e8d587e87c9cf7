package ledger_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/ledger"
	"fund/ledger/money"
)

// anyEntry draws an entry over two funds that balances in each.
func anyEntry(b *books, n int) *rapid.Generator[ledger.Entry] {
	return rapid.Custom(func(t *rapid.T) ledger.Entry {
		e := b.given(n, b.general, "1")
		e.Postings = nil
		e.Date = ledger.Day(2025, time.November, 1).AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "day"))
		e.Memo = rapid.StringMatching(`[\p{Han}a-zA-Z"'\\ -]{0,30}。`).Draw(t, "memo")
		for _, fund := range rapid.SliceOfNDistinct(rapid.SampledFrom([]int{b.general.ID, b.clinic.ID, b.school.ID}), 1, 2, rapid.ID[int]).Draw(t, "funds") {
			rest := money.Zero
			for range rapid.IntRange(1, 3).Draw(t, "postings") {
				a := money.FromFen(rapid.Int64Range(1, 1_000_000).Draw(t, "fen"))
				if rapid.Bool().Draw(t, "credit") {
					a = a.Neg()
				}
				rest = rest.Add(a)
				e.Postings = append(e.Postings, ledger.Posting{Account: rapid.SampledFrom(b.accounts).Draw(t, "account").ID, Fund: fund, Amount: a})
			}
			if rest.IsZero() {
				rest = money.FromFen(1)
				e.Postings = append(e.Postings, ledger.Posting{Account: b.account(ledger.Bank), Fund: fund, Amount: rest})
			}
			e.Postings = append(e.Postings, ledger.Posting{Account: b.account(ledger.OtherIncome), Fund: fund, Amount: rest.Neg()})
		}
		return e
	})
}

// closings are the closing balances of all accounts and funds.
func closings(t require, b *books) map[string]string {
	rows, err := ledger.Balances(ctx, b.App, b.ID, ledger.Day(2025, 1, 1), ledger.Day(2030, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, r := range rows {
		if !r.Closing().IsZero() {
			all[fmt.Sprintf("%d/%d", r.AccountID, r.FundID)] = r.Closing().String()
		}
	}
	return all
}

type require interface {
	Fatal(args ...any)
}

// TestPostThenReverseRestores: any entry that the books take can be undone, and
// any sequence of posts, reversals and closings leaves sound books.
func TestPostThenReverseRestores(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		e := anyEntry(b, n).Draw(rt, "entry")
		if err := e.Validate(); err != nil {
			rt.Fatal(err)
		}
		sum := money.Zero
		for _, p := range e.Postings {
			sum = sum.Add(p.Amount)
		}
		if !sum.IsZero() {
			rt.Fatalf("the entry sums to %v", sum)
		}
		before := closings(rt, b)
		var posted []ledger.Posted
		err := b.Try(func(tx *sqlx.Tx) (err error) {
			posted, err = ledger.Post(ctx, tx, b.ID, e)
			return err
		})
		if errors.Is(err, ledger.ErrFundOverspent) || errors.Is(err, ledger.ErrPeriodClosed) {
			if diff := cmp.Diff(before, closings(rt, b)); diff != "" {
				rt.Fatal("a refused entry moved balances: " + diff)
			}
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		switch rapid.SampledFrom([]string{"reverse", "reverse", "keep", "close"}).Draw(rt, "then") {
		case "reverse":
			err := b.Try(func(tx *sqlx.Tx) error {
				_, err := ledger.Reverse(ctx, tx, b.ID, posted[0].Seq, ledger.Day(2027, 5, 1), "", "user:1")
				return err
			})
			if errors.Is(err, ledger.ErrFundOverspent) { // what was given was spent since
				return
			}
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(before, closings(rt, b)); diff != "" {
				rt.Fatal("the reversal left a difference: " + diff)
			}
		case "close":
			if err := b.Try(func(tx *sqlx.Tx) error { return ledger.ClosePeriod(ctx, tx, b.ID, e.Date, "user:1") }); err != nil {
				rt.Fatal(err)
			}
		}
	})
	b.seal(t)
	b.sound(t)
}
