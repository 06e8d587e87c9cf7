package schedule_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/schedule"
	"fund/migrations/pgtest"
)

var ctx = context.Background()

type office struct {
	*pgtest.Database
	ledger.Community
	chart ledger.Accounts
}

var (
	jan5  = ledger.Day(2026, time.January, 5)
	jan31 = ledger.Day(2026, time.January, 31)
	feb28 = ledger.Day(2026, time.February, 28)
	mar31 = ledger.Day(2026, time.March, 31)
	dec31 = ledger.Day(2026, time.December, 31)
)

// openOffice is a community with 10,000 at the bank.
func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Database: pgtest.DB(t)}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		o.Community, err = ledger.AddCommunity(ctx, tx, ledger.Community{Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		if err != nil {
			return err
		}
		if o.chart, err = ledger.ListAccounts(ctx, tx, o.ID); err != nil {
			return err
		}
		_, err = ledger.OpenBooks(ctx, tx, o.ID, ledger.Opening{On: ledger.Day(2025, 12, 31), By: "user:7", Postings: []ledger.Posting{
			ledger.Debit(o.account(ledger.Bank), 1, yuan("10000")), ledger.Credit(o.account(ledger.UnrestrictedNetAssets), 1, yuan("10000")),
		}})
		return err
	})
	return o
}

func yuan(s string) money.Amount { return money.MustParse(s) }

func (o *office) account(p ledger.Purpose) int {
	a, ok := o.chart.By(p)
	if !ok {
		panic("no account for " + p)
	}
	return a.ID
}

// laptop is an asset of 3,600.00 over three years, bought in January.
func (o *office) laptop() schedule.Item {
	return schedule.Item{
		ID: uuid.New(), Kind: schedule.Asset, Name: "笔记本电脑", Place: "办公室", Fund: 1, Account: o.account(ledger.FixedAssets), Contra: o.account(ledger.AccumulatedDepreciation),
		Expense: o.account(ledger.AdminExpense), BoughtOn: jan5, Cost: yuan("3600"), First: schedule.MonthAfter(jan5), Since: schedule.MonthAfter(jan5), Months: 36, By: "user:7",
	}
}

// rent is a year's rent of 1,000.00 paid at once.
func (o *office) rent() schedule.Item {
	prepaid := o.account(ledger.Prepaid)
	return schedule.Item{
		ID: uuid.New(), Kind: schedule.Prepaid, Name: "活动室租金", Fund: 1, Account: prepaid, Contra: prepaid, Expense: o.account(ledger.AdminExpense),
		BoughtOn: jan5, Cost: yuan("1000"), First: jan5, Since: jan5, Months: 12, By: "user:7",
	}
}

func (o *office) register(t *testing.T, i schedule.Item, paidFrom int) schedule.Item {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		i, err = schedule.Register(ctx, tx, o.Community, i, paidFrom)
		return err
	})
	return i
}

func (o *office) try(t *testing.T, verb func(tx *sqlx.Tx) error) error {
	t.Helper()
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

func (o *office) run(t *testing.T, month, today time.Time) (posted []ledger.Posted) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		posted, err = schedule.Run(ctx, tx, o.Community, month, today, "user:7")
		return err
	})
	return posted
}

func (o *office) holds(t *testing.T, p ledger.Purpose, want string) {
	t.Helper()
	if held, err := ledger.FundHolds(ctx, o.App, o.ID, 1, o.account(p)); err != nil || held.String() != want {
		t.Errorf("%s has %v (%v), want %s", p, held, err, want)
	}
}

func (o *office) sound(t *testing.T) {
	t.Helper()
	found, err := schedule.Check(ctx, o.App, o.ID)
	if err != nil || len(found) > 0 {
		t.Errorf("schedule.Check: %v, %v", found, err)
	}
}

func TestRunPostsAMonthOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.register(t, o.laptop(), o.account(ledger.Bank))
	o.register(t, o.rent(), o.account(ledger.Bank))
	o.holds(t, ledger.Bank, "5400.00")

	if n := len(o.run(t, jan31, jan31)); n != 1 { // the laptop begins in February
		t.Errorf("January posted %d entries, want 1", n)
	}
	var both sync.WaitGroup
	counts := make([]int, 2)
	for i := range counts {
		both.Go(func() { counts[i] = len(o.run(t, feb28, feb28)) })
	}
	both.Wait()
	if counts[0]+counts[1] != 2 {
		t.Errorf("two at once posted %v entries, want 2 together", counts)
	}
	o.holds(t, ledger.Prepaid, "833.34")
	o.holds(t, ledger.AccumulatedDepreciation, "-100.00")
	if due, err := schedule.Due(ctx, o.App, o.Community, mar31); err != nil || len(due) != 2 || due[0].Amount.String() != "100.00" {
		t.Errorf("due in March: %v, %v", due, err)
	}
	o.sound(t)
}

// A reversed month is due again, and posted as its second try.
func TestAReversedMonthIsDueAgain(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	rent := o.register(t, o.rent(), o.account(ledger.Bank))
	posted := o.run(t, jan31, jan31)
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, o.ID, posted[0].Seq, jan31, "记错", "user:7")
		return err
	})
	if due, err := schedule.Due(ctx, o.App, o.Community, jan31); err != nil || len(due) != 1 {
		t.Fatalf("due after the reversal: %v, %v", due, err)
	}
	o.run(t, jan31, jan31)
	o.holds(t, ledger.Prepaid, "916.67")
	if i, err := schedule.ItemAt(ctx, o.App, o.ID, rent.ID); err != nil || i.Written().String() != "83.33" {
		t.Errorf("written off %v (%v), want 83.33", i.Written(), err)
	}
	o.sound(t)
}

func TestAnAssetIsSold(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	i := o.register(t, o.laptop(), o.account(ledger.Bank))
	sell := func() (posted ledger.Posted, err error) {
		err = o.try(t, func(tx *sqlx.Tx) (err error) {
			posted, err = schedule.Dispose(ctx, tx, o.Community, schedule.Disposal{
				Item: i.ID, How: schedule.Sold, On: mar31, Proceeds: yuan("3000"), Into: o.account(ledger.Bank), Why: "换新的", By: "user:7",
			})
			return err
		})
		return posted, err
	}
	posted, err := sell()
	if err != nil {
		t.Fatal(err)
	}
	o.holds(t, ledger.FixedAssets, "0.00")
	o.holds(t, ledger.AccumulatedDepreciation, "0.00")
	o.holds(t, ledger.AdminExpense, "200.00") // February and March
	o.holds(t, ledger.OtherExpense, "400.00")
	if _, err := sell(); !errors.Is(err, schedule.ErrGone) {
		t.Errorf("sold twice: %v, want ErrGone", err)
	}
	if due, err := schedule.DueThrough(ctx, o.App, o.Community, dec31); err != nil || len(due) != 0 {
		t.Errorf("due after it left: %v, %v", due, err)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, o.ID, posted.Seq, mar31, "买家反悔", "user:7")
		return err
	})
	if i, err = schedule.ItemAt(ctx, o.App, o.ID, i.ID); err != nil || i.Value().String() != "3400.00" {
		t.Errorf("back again it is worth %v (%v), want 3400.00", i.Value(), err)
	}
	if _, err := sell(); err != nil {
		t.Errorf("sold again after the first sale was undone: %v", err)
	}
	o.sound(t)
}

// What stood in the opening balance is written off from where the old books stopped.
func TestAnAssetFromTheOpeningBalance(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	i := o.laptop()
	i.BoughtOn, i.First = ledger.Day(2024, 12, 20), ledger.Day(2025, 1, 1)
	i.Since = ledger.Day(2026, 1, 1)
	i = o.register(t, i, 0)
	if i.Before().String() != "1200.00" || i.Value().String() != "2400.00" {
		t.Errorf("written off before %v, worth %v", i.Before(), i.Value())
	}
	if due, err := schedule.DueThrough(ctx, o.App, o.Community, feb28); err != nil || len(due) != 2 {
		t.Errorf("due: %v, %v", due, err)
	}
}

// Goods that came as a gift into the stores become an asset out of them, and an
// entry that is there already is taken at its word, no further.
func TestAnAssetFromTheStoresAndFromAnEntry(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	var came int64
	o.Do(t, func(tx *sqlx.Tx) error {
		posted, err := ledger.Post(ctx, tx, o.ID, ledger.Entry{
			Date: jan5, Kind: "in_kind", Source: "in_kind:1", Memo: "实物捐赠", PostedBy: "user:7",
			Postings: []ledger.Posting{ledger.Debit(o.account(ledger.Inventory), 1, yuan("3600")), ledger.Credit(o.account(ledger.InKindDonations), 1, yuan("3600"))},
		})
		came = posted[0].Seq
		return err
	})
	i := o.register(t, o.laptop(), o.account(ledger.Inventory))
	o.holds(t, ledger.Inventory, "0.00")
	o.holds(t, ledger.FixedAssets, "3600.00")
	for seq, want := range map[int64]error{came: schedule.ErrEntry, *i.EntrySeq: schedule.ErrEntry} {
		other := o.laptop()
		other.EntrySeq = &seq
		err := o.try(t, func(tx *sqlx.Tx) error { _, err := schedule.Register(ctx, tx, o.Community, other, 0); return err })
		if !errors.Is(err, want) {
			t.Errorf("registered by entry %d: %v, want %v", seq, err, want)
		}
	}
}

func TestARecurringEntry(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	r := schedule.Repeat{
		ID: uuid.New(), Memo: "保洁工资", Day: 31, Every: 1, First: jan5, Automatic: true, By: "user:7",
		Postings: []ledger.Posting{ledger.Debit(o.account(ledger.AdminExpense), 1, yuan("800")), ledger.Credit(o.account(ledger.Bank), 1, yuan("800"))},
	}
	o.Do(t, func(tx *sqlx.Tx) error { return schedule.AddRepeat(ctx, tx, o.ID, r) })
	automatic := func(today time.Time, want int) {
		t.Helper()
		if n, err := schedule.RunAutomatic(ctx, o.App, o.Community, today); err != nil || n != want {
			t.Errorf("on %s %d entries were posted (%v), want %d", today.Format(time.DateOnly), n, err, want)
		}
	}
	automatic(feb28.AddDate(0, 0, -1), 1) // January's
	automatic(feb28, 1)                   // the 31st of February is its last day
	automatic(feb28, 0)
	o.Do(t, func(tx *sqlx.Tx) error { return schedule.Skip(ctx, tx, o.Community, r.ID, mar31, "user:7") })
	automatic(mar31, 0)

	may := time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)
	o.Do(t, func(tx *sqlx.Tx) error {
		return schedule.Pause(ctx, tx, o.ID, r.ID, time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC))
	})
	automatic(ledger.Day(2026, 4, 30), 0)
	o.Do(t, func(tx *sqlx.Tx) error { return schedule.Resume(ctx, tx, o.Community, r.ID, may, "user:7") })
	automatic(ledger.Day(2026, 5, 31), 1) // April's was missed while it was paused
	o.Do(t, func(tx *sqlx.Tx) error { return schedule.End(ctx, tx, o.ID, r.ID, ledger.Day(2026, 6, 1)) })
	automatic(dec31, 1)
	o.holds(t, ledger.AdminExpense, "3200.00")
	o.sound(t)
}

// One that is refused keeps none of the others.
func TestAClosedMonthKeepsOnlyItsOwnTurn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	r := schedule.Repeat{
		ID: uuid.New(), Memo: "电话费", Day: 10, Every: 1, First: jan5, Automatic: true, By: "user:7",
		Postings: []ledger.Posting{ledger.Debit(o.account(ledger.AdminExpense), 1, yuan("30")), ledger.Credit(o.account(ledger.Bank), 1, yuan("30"))},
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		if err := schedule.AddRepeat(ctx, tx, o.ID, r); err != nil {
			return err
		}
		return ledger.ClosePeriod(ctx, tx, o.ID, jan31, "user:7")
	})
	n, err := schedule.RunAutomatic(ctx, o.App, o.Community, feb28)
	if n != 1 || !errors.Is(err, ledger.ErrPeriodClosed) {
		t.Errorf("%d posted, %v; want February's, and ErrPeriodClosed for January's", n, err)
	}
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for name, c := range map[string]struct {
		change func(*schedule.Item)
		want   error
	}{
		"residual of all": {func(i *schedule.Item) { i.Residual = i.Cost }, schedule.ErrTerms},
		"no months":       {func(i *schedule.Item) { i.Months = 0 }, schedule.ErrTerms},
		"a fen for two":   {func(i *schedule.Item) { i.Cost, i.Months = yuan("0.01"), 2 }, schedule.ErrTerms},
		"an income":       {func(i *schedule.Item) { i.Expense = o.account(ledger.OtherIncome) }, schedule.ErrAccounts},
		"no contra":       {func(i *schedule.Item) { i.Contra = i.Account }, schedule.ErrAccounts},
	} {
		i := o.laptop()
		c.change(&i)
		err := o.try(t, func(tx *sqlx.Tx) error { _, err := schedule.Register(ctx, tx, o.Community, i, 0); return err })
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestSharesSumToCost: whatever an item costs and however long it lasts, its
// months sum to cost less residual value, and none but the last differs.
func TestSharesSumToCost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		i := schedule.Item{First: jan5, Months: rapid.IntRange(1, 600).Draw(rt, "months")}
		i.Cost = money.FromFen(rapid.Int64Range(int64(i.Months), 1_000_000_000_000).Draw(rt, "cost"))
		i.Residual = money.FromFen(rapid.Int64Range(0, i.Cost.Fen()-int64(i.Months)).Draw(rt, "residual"))
		var sum money.Amount
		shares := i.Shares()
		for n, s := range shares {
			sum = sum.Add(s.Amount)
			if s.Amount.Sign() <= 0 || n < len(shares)-1 && !s.Amount.Equal(shares[0].Amount) || s.Amount.Cmp(shares[0].Amount) < 0 {
				rt.Fatalf("month %d takes %v, the first %v", n+1, s.Amount, shares[0].Amount)
			}
		}
		if want := i.Cost.Sub(i.Residual); !sum.Equal(want) || len(shares) != i.Months {
			rt.Fatalf("%d months sum to %v, want %v", len(shares), sum, want)
		}
	})
}
