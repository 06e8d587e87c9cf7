package report_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/migrations/pgtest"
)

// Whatever valid entries are posted, every statement ties to every other, and all of them to a model that simply adds up.
func TestEverythingTies(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	var communities atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		b := &testBook{db: db}
		b.open(t, rapid.SampledFrom(ledger.Standards()).Draw(t, "standard"), fmt.Sprintf("c%d", communities.Add(1)))
		b.furnish(t)
		m := model{b: b}
		for range rapid.IntRange(1, 25).Draw(t, "entries") {
			m.post(t, m.draw(t))
		}
		noFindings(t, b)
		m.compare(t)
	})
}

// furnish gives a book the model's funds, and accounts that no layout names.
func (b *testBook) furnish(t fataler) {
	b.addFund(t, "gala", ledger.CampaignFund, true)
	b.addFund(t, "lamps", ledger.ProjectFund, true)
	b.addFund(t, "tea", ledger.VentureFund, false)
	for _, typ := range ledger.AccountTypes {
		b.addAccount(t, "odd-"+string(typ[:3]), typ)
	}
}

var modelFunds = []string{"general", "gala", "lamps", "tea"}

// model is the entries that were accepted.
type model struct {
	b       *testBook
	entries []ledger.Entry
}

// draw makes one entry of a kind that the community's verbs make; half of them may be reversals of the same.
func (m *model) draw(t *rapid.T) ledger.Entry {
	amount := money.FromFen(rapid.Int64Range(1, 500_000).Draw(t, "fen"))
	pick := func(what string, codes ...string) int {
		a, ok := m.b.accounts.Code(rapid.SampledFrom(codes).Draw(t, what))
		if !ok {
			t.Fatalf("no such account among %v", codes)
		}
		return a.ID
	}
	fund := func(what string) int { return m.b.funds[rapid.SampledFrom(modelFunds).Draw(t, what)] }
	cash := pick("money", "1001", "1002", "100901")
	f := fund("fund")
	e := ledger.Entry{
		Kind: "manual", Memo: "random", PostedBy: "system",
		Date: ledger.Day(2024, 11, 1).AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "day")),
	}
	two := func(debit, credit int) []ledger.Posting {
		return []ledger.Posting{ledger.Debit(debit, f, amount), ledger.Credit(credit, f, amount)}
	}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1, 2:
		e.Postings = two(cash, pick("income", "4101", "4401", "4501", "4601", "4901", "odd-inc"))
	case 3, 4:
		e.Postings = two(pick("expense", "5101", "5201", "5301", "5401", "odd-exp"), cash)
	case 5:
		to := fund("to")
		for to == f {
			to = m.b.funds[modelFunds[(slices.Index(modelFunds, "general")+rapid.IntRange(0, 3).Draw(t, "other"))%4]]
		}
		e.Postings = append(two(pick("from net", "3101", "3102"), cash),
			ledger.Debit(cash, to, amount), ledger.Credit(pick("to net", "3101", "3102"), to, amount))
	case 6:
		e.Postings = two(cash, pick("liability", "odd-lia", "2101", "2202", "2601", "220901"))
	case 7:
		e.Postings = two(pick("asset", "odd-ass", "1121", "1201", "1501"), cash)
	case 8: // without money: on credit, in kind, brought in
		e.Postings = two(pick("cost", "5101", "1201", "1501"), pick("credit", "2202", "4101", "3101", "odd-net"))
	default: // a sale with a fee, in one entry
		fee := money.FromFen(amount.Fen() / 50)
		e.Postings = two(cash, pick("sale", "4501"))
		if !fee.IsZero() {
			e.Postings = append(e.Postings, ledger.Debit(pick("fee", "5401"), f, fee), ledger.Credit(cash, f, fee))
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "undo") == 0 {
		for i := range e.Postings {
			e.Postings[i].Amount = e.Postings[i].Amount.Neg()
		}
	}
	return e
}

// post skips what the books refuse: a restricted fund below zero.
func (m *model) post(t *rapid.T, e ledger.Entry) {
	switch err := m.b.write(e); {
	case err == nil:
		m.entries = append(m.entries, e)
	case !errors.Is(err, ledger.ErrFundOverspent):
		t.Fatalf("%v", err)
	}
}

// sum adds up the postings that the filter takes.
func (m *model) sum(takes func(e ledger.Entry, a ledger.Account, restricted bool) bool) (sum money.Amount) {
	for _, e := range m.entries {
		for _, p := range e.Postings {
			a, _ := m.b.accounts.ID(p.Account)
			if takes(e, a, p.Fund == m.b.funds["gala"] || p.Fund == m.b.funds["lamps"]) {
				sum = sum.Add(p.Amount)
			}
		}
	}
	return sum
}

func (m *model) compare(t *rapid.T) {
	ctx, q, c := context.Background(), m.b.db.App, m.b.community
	from := ledger.Day(2025, time.Month(rapid.IntRange(1, 12).Draw(t, "from")), 17)
	to := from.AddDate(0, rapid.IntRange(0, 12).Draw(t, "months"), 0)
	first, last := ledger.MonthOf(from), ledger.MonthOf(to).AddDate(0, 1, -1)
	isNet := func(a ledger.Account) bool { return a.Type == ledger.Asset || a.Type == ledger.Liability }
	same := func(what string, got, want money.Amount) {
		if !got.Equal(want) {
			t.Errorf("%s: %v, the model says %v", what, got, want)
		}
	}

	sheet, err := report.BalanceSheet(ctx, q, c, from, to)
	check(t, err)
	for _, restricted := range []bool{false, true} {
		stand := map[bool]report.Stand{false: sheet.Free, true: sheet.Held}[restricted]
		same("opening", stand.Opening, m.sum(func(e ledger.Entry, a ledger.Account, r bool) bool {
			return e.Date.Before(first) && isNet(a) && r == restricted
		}))
		same("closing", stand.Closing, m.sum(func(e ledger.Entry, a ledger.Account, r bool) bool {
			return !e.Date.After(last) && isNet(a) && r == restricted
		}))
	}

	if !sheet.Balanced() {
		t.Errorf("the balance sheet is off: %+v", sheet)
	}
	sumsUp(t, sheet.Lines, "total_assets", "total_liabilities", "total_net_assets")

	activity, err := report.ActivityStatement(ctx, q, c, from, to)
	check(t, err)
	in := func(typ ledger.AccountType) money.Amount {
		return m.sum(func(e ledger.Entry, a ledger.Account, _ bool) bool {
			return a.Type == typ && !e.Date.Before(first) && !e.Date.After(last)
		})
	}
	same("income", activity.Income.Period.Total(), in(ledger.Income).Neg())
	same("expense", activity.Expense.Period.Free, in(ledger.Expense))
	same("expense held", activity.Expense.Period.Held, money.Zero)
	same("released", activity.Released.Period.Total(), money.Zero)
	same("restricted", activity.Restricted.Year.Total(), money.Zero)
	same("change free", activity.Change.Period.Free, sheet.Free.Change())
	same("change held", activity.Change.Period.Held, sheet.Held.Change())
	sumsUp(t, activity.Lines, "total_income", "total_expense")
	if result := activity.Lines[len(activity.Lines)-1].Figures; !result.Add(activity.Change.Neg()).IsZero() {
		t.Errorf("the rows give %v, the change is %v", result, activity.Change)
	}
	m.yearIsItsMonths(t, activity)

	cash, err := report.CashFlowStatement(ctx, q, c, from, to)
	check(t, err)
	if !cash.Ties() {
		t.Errorf("cash flow: %v + %v is not %v", cash.Opening, cash.Change, cash.Closing)
	}
	for _, l := range cash.Lines {
		if l.Kind == report.Result && l.Figures != cash.Change && !l.Figures.Add(cash.Change.Neg()).IsZero() {
			t.Errorf("the cash-flow rows give %v, the entries %v", l.Figures, cash.Change)
		}
	}

	totals, err := report.Summary(ctx, q, c, from, to)
	check(t, err)
	if !totals.Ties() {
		t.Errorf("summary: %+v", totals)
	}
	places, err := report.Holdings(ctx, q, c, to)
	check(t, err)
	same("places", places.InHand().Sub(places.Apart).Add(places.Other), sheet.NetAssets().Closing)
	same("places' net assets", places.NetAssets.Held, sheet.Held.Closing)
	m.compareStreams(t, from, to, totals)
}

// sumsUp adds up the items above each of the sums, as a reader with a calculator does.
func sumsUp[F interface {
	Add(F) F
	Neg() F
	IsZero() bool
}](t *rapid.T, lines []report.Line[F], sums ...string) {
	var items F
	found := 0
	for _, l := range lines {
		switch {
		case l.Kind == report.Item || l.Kind == report.Rest:
			items = items.Add(l.Figures)
		case slices.Contains(sums, l.Key):
			found++
			if !items.Add(l.Figures.Neg()).IsZero() {
				t.Errorf("%s is %v, its items sum to %v", l.Key, l.Figures, items)
			}
			items = *new(F)
		}
	}
	if found != len(sums) {
		t.Errorf("found %d of the sums %v", found, sums)
	}
}

// yearIsItsMonths draws up each month of the year so far: every row adds up to the year's.
func (m *model) yearIsItsMonths(t *rapid.T, a report.Activity) {
	var sum report.Activity
	for month := ledger.Day(a.To.Year(), 1, 1); !month.After(a.To); month = month.AddDate(0, 1, 0) {
		one, err := report.ActivityStatement(context.Background(), m.b.db.App, m.b.community, month, month)
		check(t, err)
		sum.Released = sum.Released.Add(one.Released)
		sum.Restricted = sum.Restricted.Add(one.Restricted)
		sum.Adjusted = sum.Adjusted.Add(one.Adjusted)
		sum.Change = sum.Change.Add(one.Change)
	}
	for name, pair := range map[string][2]report.Course{
		"released": {sum.Released, a.Released}, "restricted": {sum.Restricted, a.Restricted},
		"adjusted": {sum.Adjusted, a.Adjusted}, "change": {sum.Change, a.Change},
	} {
		if !pair[0].Period.Equal(pair[1].Year) {
			t.Errorf("%s: the months give %v, the year %v", name, pair[0].Period, pair[1].Year)
		}
	}
}

// compareStreams checks what a drawing of the flow relies on.
func (m *model) compareStreams(t *rapid.T, from, to time.Time, totals report.Totals) {
	flow, err := report.Flow(context.Background(), m.b.db.App, m.b.community, from, to, func(fund int) string {
		return map[int]string{m.b.funds["lamps"]: "courtyards", m.b.funds["tea"]: "ventures"}[fund]
	})
	check(t, err)
	var in, out, spent report.Columns
	for _, s := range flow.Sources {
		in = in.Add(s.Columns)
	}
	for _, s := range flow.Uses {
		out = out.Add(s.Columns)
	}
	for _, s := range slices.Concat(flow.Sources, flow.Uses) {
		if s.Free.Sign() < 0 || s.Held.Sign() < 0 {
			t.Errorf("a stream runs backwards: %+v", s)
		}
	}
	if !in.Equal(out) {
		t.Errorf("sources %v, uses %v", in, out)
	}
	uses, err := report.Uses(context.Background(), m.b.db.App, m.b.community, from, to)
	check(t, err)
	for _, u := range uses {
		if u.Restricted {
			spent.Held = spent.Held.Add(u.Amount)
		} else {
			spent.Free = spent.Free.Add(u.Amount)
		}
	}
	sources, err := report.Sources(context.Background(), m.b.db.App, m.b.community, from, to)
	check(t, err)
	got := report.Columns{}
	for _, s := range sources {
		got = got.Add(s.Columns)
	}
	if !spent.Equal(totals.Out) || !got.Equal(totals.In) {
		t.Errorf("sources %v and uses %v, summary %v and %v", got, spent, totals.In, totals.Out)
	}
}
