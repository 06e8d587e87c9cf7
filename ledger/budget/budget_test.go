package budget_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

var ctx = context.Background()

type office struct {
	*pgtest.Database
	ledger.Community
	chart    ledger.Accounts
	printing ledger.Account // below the programme costs
}

func yuan(s string) money.Amount { return money.MustParse(s) }

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Database: pgtest.DB(t)}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		o.Community, err = ledger.AddCommunity(ctx, tx, ledger.Community{Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		if err != nil {
			return err
		}
		o.printing, err = ledger.AddAccount(ctx, tx, o.ID, ledger.Account{Code: "510101", NameZH: "印刷", NameEN: "Printing", Type: ledger.Expense})
		if err != nil {
			return err
		}
		o.chart, err = ledger.ListAccounts(ctx, tx, o.ID)
		return err
	})
	return o
}

func (o *office) account(p ledger.Purpose) int {
	a, ok := o.chart.By(p)
	if !ok {
		panic("no account for " + p)
	}
	return a.ID
}

func (o *office) try(t interface{ Fatal(...any) }, verb func(tx *sqlx.Tx) error) error {
	tx, err := o.App.BeginTxx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := verb(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (o *office) save(t *testing.T, v budget.Version) (budget.Version, error) {
	v.Fund, v.Year, v.By = ledger.GeneralFundID, 2026, "user:7"
	err := o.try(t, func(tx *sqlx.Tx) (err error) { v, err = budget.Save(ctx, tx, o.ID, v); return err })
	return v, err
}

func (o *office) spend(t *testing.T, n int, account int, day time.Time, amount string) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(ctx, tx, o.ID, ledger.Entry{
			Date: day, Kind: "manual", Source: fmt.Sprintf("manual:%d", n), Memo: "支出", PostedBy: "user:7",
			Postings: []ledger.Posting{ledger.Debit(account, 1, yuan(amount)), ledger.Credit(o.account(ledger.Bank), 1, yuan(amount))},
		})
		return err
	})
}

func (o *office) commitment(source, amount string, account int) budget.Commitment {
	return budget.Commitment{Source: source, Fund: 1, Account: account, Year: 2026, Amount: yuan(amount)}
}

func TestAPlanBesideWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	programme, admin := o.account(ledger.ProgrammeExpense), o.account(ledger.AdminExpense)
	months := make([]money.Amount, 12)
	months[2] = yuan("240")
	_, err := o.save(t, budget.Version{Why: "议事会通过", Lines: []budget.Line{
		{Account: programme, Amount: yuan("1000")}, {Account: admin, Amount: yuan("240"), Months: months}, {Account: o.account(ledger.SalesIncome), Amount: yuan("120")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	o.spend(t, 1, o.printing.ID, ledger.Day(2026, 1, 10), "300") // below a line: counts in it
	o.spend(t, 2, programme, ledger.Day(2026, 4, 10), "50")      // after the month asked for
	o.spend(t, 3, o.account(ledger.FundraisingExpense), ledger.Day(2026, 2, 1), "9")
	o.spend(t, 4, programme, ledger.Day(2025, 12, 31), "77") // another year
	o.Do(t, func(tx *sqlx.Tx) error {
		return budget.Commit(ctx, tx, o.ID, o.commitment("payment_request:1", "600", o.printing.ID))
	})
	rows, err := budget.CompareFund(ctx, o.App, o.ID, 1, 2026, ledger.Day(2026, 3, 31))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		a, _ := o.chart.ID(r.Account)
		got = append(got, fmt.Sprintf("%s planned %v so far %v committed %v spent %v left %v line %v", a.Code, r.Planned, r.SoFar, r.Committed, r.Spent, r.Left(), r.HasLine))
	}
	want := []string{
		"4501 planned 120.00 so far 30.00 committed 0.00 spent 0.00 left 120.00 line true",
		"5101 planned 1000.00 so far 250.00 committed 600.00 spent 300.00 left 100.00 line true",
		"5301 planned 240.00 so far 240.00 committed 0.00 spent 0.00 left 240.00 line true",
		"5401 planned 0.00 so far 0.00 committed 0.00 spent 9.00 left -9.00 line false",
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("rows are\n%q\nwant\n%q", got, want)
			break
		}
	}
	room, err := budget.Available(ctx, o.App, o.ID, 1, o.printing.ID, 2026)
	if err != nil || !room.Budgeted || room.Line != programme || room.Left().String() != "50.00" || room.Enough(yuan("50.01")) || !room.Enough(yuan("50")) {
		t.Errorf("available for printing: %+v, %v", room, err)
	}
	if room, err = budget.Available(ctx, o.App, o.ID, 1, o.account(ledger.FundraisingExpense), 2026); err != nil || room.Line != 0 || room.Enough(yuan("0.01")) {
		t.Errorf("available for what nobody planned: %+v, %v", room, err)
	}
	if room, err = budget.Available(ctx, o.App, o.ID, 1, programme, 2027); err != nil || room.Budgeted || !room.Enough(yuan("1")) {
		t.Errorf("available in a year without a budget: %+v, %v", room, err)
	}
	actual, err := budget.FromActuals(ctx, o.App, o.ID, 1, 2026)
	if err != nil || len(actual) != 3 || actual[0].Amount.String() != "50.00" {
		t.Errorf("next year's begins with %v, %v", actual, err)
	}
}

func TestVersionsStay(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	line := func(amount string) []budget.Line {
		return []budget.Line{{Account: o.account(ledger.AdminExpense), Amount: yuan(amount)}}
	}
	first, err := o.save(t, budget.Version{Why: "年初", Lines: line("100")})
	if err != nil || first.Number != 1 {
		t.Fatal(first, err)
	}
	second := budget.Version{Number: 1, Why: "追加", Lines: line("150")}
	if _, err := o.save(t, second); err != nil {
		t.Fatal(err)
	}
	if _, err := o.save(t, second); !errors.Is(err, budget.ErrChanged) {
		t.Errorf("made from a version that holds no longer: %v, want ErrChanged", err)
	}
	for name, c := range map[string]struct {
		v    budget.Version
		want error
	}{
		"no reason":     {budget.Version{Number: 2, Lines: line("1")}, budget.ErrNoReason},
		"an asset":      {budget.Version{Number: 2, Why: "x", Lines: []budget.Line{{Account: o.account(ledger.Bank), Amount: yuan("1")}}}, budget.ErrNotBudget},
		"twice":         {budget.Version{Number: 2, Why: "x", Lines: append(line("1"), line("2")...)}, budget.ErrNotBudget},
		"eleven months": {budget.Version{Number: 2, Why: "x", Lines: []budget.Line{{Account: o.account(ledger.AdminExpense), Amount: yuan("11"), Months: make([]money.Amount, 11)}}}, budget.ErrMonths},
	} {
		if _, err := o.save(t, c.v); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	history, err := budget.History(ctx, o.App, o.ID, 1, 2026)
	if err != nil || len(history) != 2 || history[0].Why != "追加" || history[1].By != "user:7" {
		t.Errorf("history: %v, %v", history, err)
	}
	if v, err := budget.At(ctx, o.App, o.ID, 1, 2026, 1); err != nil || v.Lines[0].Amount.String() != "100.00" {
		t.Errorf("the first version: %v, %v", v, err)
	}
	for _, db := range []*sqlx.DB{o.App, o.Owner} {
		if _, err := db.ExecContext(ctx, `UPDATE budget.line SET amount = 1 WHERE community_id = $1`, o.ID); err == nil {
			t.Error("a line of a version could be changed")
		}
	}
	if found, err := budget.Check(ctx, o.App, o.ID); err != nil || len(found) > 0 {
		t.Errorf("budget.Check: %v, %v", found, err)
	}
}

// Of two requests that both fit alone, the second at once is refused.
func TestCommitmentsAreHeldAgainstThePlanInOneOrder(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	admin := o.account(ledger.AdminExpense)
	if _, err := o.save(t, budget.Version{Why: "年初", Lines: []budget.Line{{Account: admin, Amount: yuan("100")}}}); err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		both.Go(func() {
			errs[i] = o.try(t, func(tx *sqlx.Tx) error {
				return budget.Commit(ctx, tx, o.ID, o.commitment(fmt.Sprintf("payment_request:%d", i), "60", admin))
			})
		})
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), budget.ErrTooLittle) {
		t.Fatalf("two at once: %v, want one ErrTooLittle", errs)
	}
	taken := 0
	if errs[0] != nil {
		taken = 1
	}
	again := func() error {
		return o.try(t, func(tx *sqlx.Tx) error {
			return budget.Commit(ctx, tx, o.ID, o.commitment(fmt.Sprintf("payment_request:%d", taken), "60", admin))
		})
	}
	if err := again(); !errors.Is(err, budget.ErrTooLittle) && !errors.Is(err, budget.ErrCommitted) {
		t.Errorf("committed twice: %v", err)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		return budget.Release(ctx, tx, o.ID, fmt.Sprintf("payment_request:%d", taken))
	})
	if err := again(); err != nil {
		t.Errorf("again after it was released: %v", err)
	}
	if err := o.try(t, func(tx *sqlx.Tx) error { return budget.Release(ctx, tx, o.ID, "payment_request:none") }); !errors.Is(err, budget.ErrNotFound) {
		t.Errorf("released what never was: %v, want ErrNotFound", err)
	}
}

// TestCommitmentsNeverOverrunThePlan: whatever is committed and released, in
// whatever order, what is open never passes the plan.
func TestCommitmentsNeverOverrunThePlan(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	programme := o.account(ledger.ProgrammeExpense)
	if _, err := o.save(t, budget.Version{Why: "年初", Lines: []budget.Line{{Account: programme, Amount: yuan("100")}}}); err != nil {
		t.Fatal(err)
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 5).Draw(rt, "steps") {
			err := o.try(rt, func(tx *sqlx.Tx) error {
				if n > 0 && rapid.Bool().Draw(rt, "release") {
					return budget.Release(ctx, tx, o.ID, fmt.Sprintf("request:%d", rapid.IntRange(1, n).Draw(rt, "which")))
				}
				n++
				of := rapid.SampledFrom([]int{programme, o.printing.ID}).Draw(rt, "account")
				return budget.Commit(ctx, tx, o.ID, budget.Commitment{
					Source: fmt.Sprintf("request:%d", n), Fund: 1, Account: of, Year: 2026, Amount: money.FromFen(rapid.Int64Range(1, 6000).Draw(rt, "fen")),
				})
			})
			if err != nil && !errors.Is(err, budget.ErrTooLittle) && !errors.Is(err, budget.ErrNotFound) {
				rt.Fatal(err)
			}
		}
		room, err := budget.Available(ctx, o.App, o.ID, 1, programme, 2026)
		if err != nil || room.Left().Sign() < 0 {
			rt.Fatalf("%v is left (%v)", room.Left(), err)
		}
	})
}
