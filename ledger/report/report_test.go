package report_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/migrations/pgtest"
)

func TestQuarterByHand(t *testing.T) {
	t.Parallel()
	b := read(t, "testdata/quarter.txtar")
	ctx, q := t.Context(), b.db.App
	first, last := ledger.Day(2026, 1, 1), ledger.Day(2026, 3, 31)
	got := map[string]string{}
	write := func(section, key string, amounts ...money.Amount) {
		for _, a := range amounts {
			key += " " + a.String()
		}
		got[section] += strings.TrimSuffix(key, strings.Repeat(" 0.00", len(amounts))) + "\n" // a heading has no figures
	}

	sheet, err := report.BalanceSheet(ctx, q, b.community, first, last)
	check(t, err)
	for _, l := range shown(sheet.Lines) {
		write("sheet", l.Key, l.Figures.Opening, l.Figures.Closing)
	}
	activity, err := report.ActivityStatement(ctx, q, b.community, last, last)
	check(t, err)
	for _, l := range shown(activity.Lines) {
		write("activity", l.Key, l.Figures.Period.Free, l.Figures.Period.Held, l.Figures.Year.Free, l.Figures.Year.Held)
	}
	cash, err := report.CashFlowStatement(ctx, q, b.community, last, last)
	check(t, err)
	for _, l := range shown(cash.Lines) {
		write("cash", l.Key, l.Figures.Period, l.Figures.Year)
	}
	trial, err := report.TrialBalance(ctx, q, b.community, last, last)
	check(t, err)
	for _, l := range trial.Lines {
		write("trial", l.Code, l.OpeningDebit, l.OpeningCredit, l.Debit, l.Credit, l.ClosingDebit, l.ClosingCredit)
	}
	all := trial.Total
	write("trial", "total", all.OpeningDebit, all.OpeningCredit, all.Debit, all.Credit, all.ClosingDebit, all.ClosingCredit)
	funds, err := report.FundReport(ctx, q, b.community, first, last)
	check(t, err)
	for _, l := range funds.Lines {
		write("funds-report", l.Code, l.Opening, l.In, l.Out, l.Transfers, l.Closing)
	}
	sum := funds.Total()
	write("funds-report", "total", sum.Opening, sum.In, sum.Out, sum.Transfers, sum.Closing)

	totals, err := report.Summary(ctx, q, b.community, first, last)
	check(t, err)
	write("summary", "opening", totals.Opening.Free, totals.Opening.Held)
	write("summary", "in", totals.In.Free, totals.In.Held)
	write("summary", "out", totals.Out.Free, totals.Out.Held)
	write("summary", "other", totals.Other.Free, totals.Other.Held)
	write("summary", "closing", totals.Closing.Free, totals.Closing.Held)
	write("summary", "apart", totals.Apart)
	write("summary", "grants", totals.Grants)
	months, err := report.MonthSeries(ctx, q, b.community, first, last)
	check(t, err)
	got["summary"] += "months"
	for _, m := range months {
		got["summary"] += fmt.Sprintf(" %v/%v", m.Income, m.Expense)
	}
	got["summary"] += "\n"

	places, err := report.Holdings(ctx, q, b.community, last)
	check(t, err)
	for _, p := range places.Money {
		write("holdings", p.Code, p.Amount)
	}
	write("holdings", "apart", places.Apart)
	write("holdings", "other", places.Other)
	write("holdings", "net", places.NetAssets.Free, places.NetAssets.Held)

	flow, err := report.Flow(ctx, q, b.community, first, last, func(fund int) string {
		return map[int]string{b.funds["elders"]: "seniors"}[fund]
	})
	check(t, err)
	for _, s := range flow.Sources {
		write("flow", "from "+s.Key, s.Free, s.Held)
	}
	for _, s := range flow.Uses {
		write("flow", "to "+s.Key, s.Free, s.Held)
	}

	for section, text := range got {
		if diff := cmp.Diff(b.want[section], text); diff != "" {
			t.Errorf("%s (-by hand +got):\n%s", section, diff)
		}
	}
	noFindings(t, b)
}

// A year later nothing was posted: the statements open with the old year's figures, and income starts at zero.
func TestNextYearOpensWithoutClosingEntry(t *testing.T) {
	t.Parallel()
	b := read(t, "testdata/quarter.txtar")
	may := ledger.Day(2027, 5, 9)
	trial, err := report.TrialBalance(t.Context(), b.db.App, b.community, may, may)
	check(t, err)
	if !trial.Balanced() {
		t.Errorf("the trial balance is off: %+v", trial.Total)
	}
	var earlier money.Amount
	for _, l := range trial.Lines {
		if l.Type == ledger.Income || l.Type == ledger.Expense {
			t.Errorf("%s opens the year with a balance", l.Code)
		}
		if l.AccountID == 0 {
			earlier = l.OpeningCredit
		}
	}
	if earlier.String() != "8558.00" { // 11,350.00 of income less 2,792.00 of expense
		t.Errorf("earlier years: %v, expected 8558.00", earlier)
	}
	activity, err := report.ActivityStatement(t.Context(), b.db.App, b.community, may, may)
	check(t, err)
	if !activity.Income.IsZero() || !activity.Change.IsZero() {
		t.Errorf("income %v, change %v in a year without entries", activity.Income, activity.Change)
	}
	totals, err := report.Summary(t.Context(), b.db.App, b.community, ledger.Day(2027, 1, 1), may)
	check(t, err)
	if got := totals.Opening.Total().String(); got != "21608.00" {
		t.Errorf("opening %s, expected 21608.00", got)
	}
	elders, err := report.FundTrialBalance(t.Context(), b.db.App, b.community, b.funds["elders"], may, may)
	check(t, err)
	if got := elders.Total.ClosingDebit.String(); got != "8500.00" || !elders.Balanced() {
		t.Errorf("the elders' fund closes with %s, expected 8500.00", got)
	}
}

// The same code means another row under the older standard, and an account nobody foresaw still counts.
func TestLayoutOfAnotherStandard(t *testing.T) {
	t.Parallel()
	b := book(t, "npo-2004")
	b.addAccount(t, "99-odd", ledger.Expense)
	b.post(t, "2017-01-01 gift | 1002 general 500.00 | 4101 general -500.00\n"+
		"2017-01-02 office | 5201 general 70.00 | 1002 general -70.00\n"+
		"2017-01-03 odd | 99-odd general 5.00 | 1002 general -5.00\n")
	day := ledger.Day(2017, 1, 15)
	activity, err := report.ActivityStatement(t.Context(), b.db.App, b.community, day, day)
	check(t, err)
	want := map[string]string{"administration": "70.00", "other_expense": "5.00", "total_expense": "75.00", "change": "425.00"}
	for _, l := range activity.Lines {
		if w := want[l.Key]; w != "" && l.Figures.Period.Total().String() != w {
			t.Errorf("%s: %v, expected %s", l.Key, l.Figures.Period.Total(), w)
		}
		if l.Key == "administration" && (len(l.Accounts) != 1 || l.Name("en") != "Administration" || l.Level() != 1) {
			t.Errorf("row %+v", l.Row)
		}
		delete(want, l.Key)
	}
	if len(want) > 0 {
		t.Errorf("rows missing: %v", want)
	}
	noFindings(t, b)
}

func TestBackwardsIsRefused(t *testing.T) {
	t.Parallel()
	_, err := report.BalanceSheet(t.Context(), nil, ledger.Community{}, ledger.Day(2017, 2, 1), ledger.Day(2017, 1, 31))
	if !errors.Is(err, report.ErrBackwards) {
		t.Errorf("got %v, expected ErrBackwards", err)
	}
}

// Check finds damage: figures changed behind the guards' back.
func TestCheckFindsDamage(t *testing.T) {
	t.Parallel()
	for _, damage := range []struct {
		account string // whose rollup of March is changed, in the elders' fund; empty for the book's own figure
		broken  []report.Rule
	}{
		{"1002", []report.Rule{report.TrialBalances, report.SheetBalances, report.CashFlowTies, report.ActivityTies, report.FundsTie, report.CardsTie}},
		{"4401", []report.Rule{report.TrialBalances, report.SheetBalances, report.ActivityTies, report.FundsTie, report.NetAssetsAsPosted, report.CardsTie}},
		{"", []report.Rule{report.NetAssetsAsPosted}},
	} {
		t.Run(damage.account, func(t *testing.T) {
			t.Parallel()
			b := read(t, "testdata/quarter.txtar")
			noFindings(t, b)
			if a, ok := b.accounts.Code(damage.account); ok {
				b.db.Owner.MustExec(`
					UPDATE ledger.balance SET debit = debit + 1
					 WHERE community_id = $1 AND account_id = $2 AND fund_id = $3 AND month = '2026-03-01'`,
					b.community.ID, a.ID, b.funds["elders"])
			} else {
				b.db.Owner.MustExec(`UPDATE ledger.book SET net_assets = net_assets + 1 WHERE community_id = $1`, b.community.ID)
			}
			findings, err := report.Check(t.Context(), b.db.App, b.community)
			check(t, err)
			broken := map[report.Rule]bool{}
			for _, f := range findings {
				broken[f.Rule] = true
				if !strings.HasPrefix(f.String(), "2026-03 "+string(f.Rule)) {
					t.Errorf("finding in a month that is whole: %v", f)
				}
			}
			want := map[report.Rule]bool{}
			for _, rule := range damage.broken {
				want[rule] = true
			}
			if diff := cmp.Diff(want, broken); diff != "" {
				t.Errorf("broken rules (-want +got):\n%s", diff)
			}
		})
	}
}

// What is added up behind the cash flow statement is found if somebody changes it, is made anew where other accounts
// become money, and nobody but its own function writes it.
func TestWhatIsAddedUpIsGuarded(t *testing.T) {
	t.Parallel()
	b := read(t, "testdata/quarter.txtar")
	b.advance(t)
	noFindings(t, b)
	if _, err := b.db.App.Exec(`UPDATE report.cash_month SET paid = 0`); err == nil {
		t.Error("the server's role wrote what is added up")
	}
	b.db.Owner.MustExec(`UPDATE report.cash_month SET received = received + 1 WHERE month = '2026-03-01' AND account_id =
		(SELECT id FROM ledger.account WHERE community_id = $1 AND code = '4401')`, b.community.ID)
	findings, err := report.Check(t.Context(), b.db.App, b.community)
	check(t, err)
	broken := map[report.Rule]bool{}
	for _, f := range findings {
		broken[f.Rule] = true
	}
	if !broken[report.CashAddedUp] || !broken[report.CashFlowTies] {
		t.Errorf("found %v", findings)
	}
	b.addAccount(t, "1099", ledger.Asset) // money by its code
	noFindings(t, b)
	b.advance(t)
	noFindings(t, b)
}

// testBook is a community with books to test on.
type testBook struct {
	db        *pgtest.Database
	community ledger.Community
	accounts  ledger.Accounts
	funds     map[string]int
	want      map[string]string
	entries   int
}

func book(t testing.TB, standard string) *testBook {
	b := &testBook{db: pgtest.DB(t), want: map[string]string{}}
	b.open(t, standard, "angong")
	return b
}

func (b *testBook) open(t fataler, standard, slug string) {
	tx := b.db.App.MustBegin()
	defer tx.Rollback()
	c, err := ledger.AddCommunity(context.Background(), tx, ledger.Community{
		Slug: slug, NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: standard, Timezone: "Asia/Shanghai",
	})
	check(t, err)
	check(t, tx.Commit())
	b.community, b.funds = c, map[string]int{"general": ledger.GeneralFundID}
	b.reload(t)
}

// addAccount adds an account that no layout names.
func (b *testBook) addAccount(t fataler, code string, typ ledger.AccountType) {
	tx := b.db.App.MustBegin()
	defer tx.Rollback()
	_, err := ledger.AddAccount(context.Background(), tx, b.community.ID, ledger.Account{Code: code, NameZH: code, NameEN: code, Type: typ})
	check(t, err)
	check(t, tx.Commit())
	b.reload(t)
}

func (b *testBook) reload(t fataler) {
	accounts, err := ledger.ListAccounts(context.Background(), b.db.App, b.community.ID)
	check(t, err)
	b.accounts = accounts
}

func (b *testBook) addFund(t fataler, code string, kind ledger.FundKind, restricted bool) {
	tx := b.db.App.MustBegin()
	defer tx.Rollback()
	f, err := ledger.AddFund(context.Background(), tx, b.community.ID, ledger.Fund{Code: code, NameZH: code, NameEN: code, Kind: kind, Restricted: restricted})
	check(t, err)
	check(t, tx.Commit())
	b.funds[code] = f.ID
}

// post writes entries, a line each: `2026-01-03 memo | account fund amount | …`.
func (b *testBook) post(t fataler, text string) {
	var entries []ledger.Entry
	for line := range strings.Lines(text) {
		parts := strings.Split(strings.TrimSpace(line), "|")
		head := strings.Fields(parts[0])
		day, err := time.Parse(time.DateOnly, head[0])
		check(t, err)
		e := ledger.Entry{Date: day, Kind: "manual", Memo: head[1], PostedBy: "system"}
		for _, part := range parts[1:] {
			cells := strings.Fields(part)
			account, ok := b.accounts.Code(cells[0])
			if !ok {
				t.Fatalf("no account %s", cells[0])
			}
			e.Postings = append(e.Postings, ledger.Posting{Account: account.ID, Fund: b.funds[cells[1]], Amount: money.MustParse(cells[2])})
		}
		entries = append(entries, e)
	}
	check(t, b.write(entries...))
}

func (b *testBook) write(entries ...ledger.Entry) error {
	for i := range entries {
		b.entries++
		entries[i].Source = fmt.Sprintf("test:%d", b.entries)
	}
	tx := b.db.App.MustBegin()
	defer tx.Rollback()
	if _, err := ledger.Post(context.Background(), tx, b.community.ID, entries...); err != nil {
		return err
	}
	return tx.Commit()
}

// read keeps a book from a txtar file: its funds, its entries, and what is expected.
func read(t testing.TB, file string) *testBook {
	text, err := os.ReadFile(file)
	check(t, err)
	b := book(t, "npo-2026")
	for _, f := range txtar.Parse(text).Files {
		switch f.Name {
		case "funds":
			for line := range strings.Lines(string(f.Data)) {
				cells := strings.Fields(line)
				b.addFund(t, cells[0], ledger.FundKind(cells[1]), cells[2] == "restricted")
			}
		case "entries":
			b.post(t, string(f.Data))
		default:
			b.want[f.Name] = string(f.Data)
		}
	}
	return b
}

func noFindings(t fataler, b *testBook) {
	findings, err := report.Check(context.Background(), b.db.App, b.community)
	check(t, err)
	for _, f := range findings {
		t.Errorf("%v", f)
	}
}

// fataler is what testing.TB and rapid.T have in common.
type fataler interface {
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func check(t fataler, err error) {
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// shown leaves out empty lines.
func shown[L interface{ Empty() bool }](lines []L) (full []L) {
	for _, l := range lines {
		if !l.Empty() {
			full = append(full, l)
		}
	}
	return full
}
