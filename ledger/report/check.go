package report

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
)

// Rule names a tie between figures that are computed in different ways.
type Rule string

// The rules that Ties tries for a period, and Check for every month with entries; the last only Check.
const (
	TrialBalances     Rule = "trial_balances"       // debits = credits
	SheetBalances     Rule = "sheet_balances"       // assets = liabilities + net assets
	ActivityTies      Rule = "activity_ties"        // the activity statement's change = the change of assets less liabilities, in each column
	CashFlowTies      Rule = "cash_flow_ties"       // the entries' flow of money = the rollup's change of it
	FundsTie          Rule = "funds_tie"            // opening + in − out + transfers = closing in every fund; together the balance sheet's net assets
	CardsTie          Rule = "cards_tie"            // the postings on an account's card = its turnover in the trial balance
	BudgetTies        Rule = "budget_ties"          // what the budgets say was taken and spent = what their funds took and spent
	CashAddedUp       Rule = "cash_added_up"        // what is added up behind the cash flow statement = its entries
	NetAssetsAsPosted Rule = "net_assets_as_posted" // the rollup's net assets = the book's own running figure
)

// Rules lists them.
var Rules = []Rule{TrialBalances, SheetBalances, ActivityTies, CashFlowTies, FundsTie, CardsTie, BudgetTies, CashAddedUp, NetAssetsAsPosted}

// Finding is a tie that does not hold.
type Finding struct {
	Rule  Rule
	Month time.Time // the month's first day
	Of    string    // which figure: a column, or a fund's code
	Got   money.Amount
	Want  money.Amount
}

// String says the finding in one line for a log.
func (f Finding) String() string {
	return fmt.Sprintf("%s %s %s: %v, expected %v", f.Month.Format("2006-01"), f.Rule, f.Of, f.Got, f.Want)
}

// Check draws up every statement of every month with entries and returns where two of them disagree: nothing, unless the
// database was damaged. It reads the whole journal once, so it is for `fund check`, not for a page.
func Check(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) (findings []Finding, err error) {
	defer wrap(&err, "Check", c)
	periods, err := ledger.ListPeriods(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	var last *Sheet
	for _, p := range periods {
		if p.Entries == 0 {
			continue
		}
		t, sheet, err := tie(ctx, q, c, p.Month, p.Month)
		if err != nil {
			return nil, err
		}
		if last == nil {
			last = &sheet
			stand, err := ledger.Stand(ctx, q, c.ID)
			if err != nil {
				return nil, err
			}
			t.compare(NetAssetsAsPosted, "total", sheet.NetAssets().Closing, stand.NetAssets)
		}
		findings = append(findings, t.findings...)
	}
	return findings, nil
}

// Ties draws up every statement of the months from..to and returns where two of them disagree. It reads the postings of
// the period once.
func Ties(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (findings []Finding, err error) {
	defer wrap(&err, "Ties", c)
	t, _, err := tie(ctx, q, c, from, to)
	return t.findings, err
}

// tying gathers the findings of one period.
type tying struct {
	Span
	findings []Finding
}

func (t *tying) compare(rule Rule, of string, got, want money.Amount) {
	if !got.Equal(want) {
		t.findings = append(t.findings, Finding{rule, t.From, of, got, want})
	}
}

func tie(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (t tying, sheet Sheet, err error) {
	trial, err := TrialBalance(ctx, q, c, from, to)
	if err != nil {
		return t, sheet, err
	}
	t.Span = trial.Span
	t.compare(TrialBalances, "opening", trial.Total.OpeningDebit, trial.Total.OpeningCredit)
	t.compare(TrialBalances, "turnover", trial.Total.Debit, trial.Total.Credit)
	t.compare(TrialBalances, "closing", trial.Total.ClosingDebit, trial.Total.ClosingCredit)
	if err := t.cards(ctx, q, c, trial); err != nil {
		return t, sheet, err
	}

	if sheet, err = BalanceSheet(ctx, q, c, from, to); err != nil {
		return t, sheet, err
	}
	t.compare(SheetBalances, "opening", sheet.Assets.Opening, sheet.Liabilities.Opening.Add(sheet.NetAssets().Opening))
	t.compare(SheetBalances, "closing", sheet.Assets.Closing, sheet.Liabilities.Closing.Add(sheet.NetAssets().Closing))

	cash, err := CashFlowStatement(ctx, q, c, from, to)
	if err != nil {
		return t, sheet, err
	}
	t.compare(CashFlowTies, "period", cash.Change.Period, cash.Closing.Period.Sub(cash.Opening.Period))
	t.compare(CashFlowTies, "year", cash.Change.Year, cash.Closing.Year.Sub(cash.Opening.Year))
	if err := t.addedUp(ctx, q, c, cash); err != nil {
		return t, sheet, err
	}
	for _, l := range sheet.Lines {
		if l.Key == "cash" {
			t.compare(CashFlowTies, "sheet", cash.Closing.Period, l.Figures.Closing)
		}
	}

	activity, err := ActivityStatement(ctx, q, c, from, to)
	if err != nil {
		return t, sheet, err
	}
	funds, err := FundReport(ctx, q, c, from, to)
	if err != nil {
		return t, sheet, err
	}
	for _, l := range funds.Lines {
		t.compare(FundsTie, l.Code, l.Opening.Add(l.In).Sub(l.Out).Add(l.Transfers), l.Closing)
	}
	t.compare(ActivityTies, "free", activity.Change.Period.Free, funds.Free.Closing.Sub(funds.Free.Opening))
	t.compare(ActivityTies, "held", activity.Change.Period.Held, funds.Held.Closing.Sub(funds.Held.Opening))
	t.compare(FundsTie, "free", funds.Free.Closing, sheet.Free.Closing)
	t.compare(FundsTie, "held", funds.Held.Closing, sheet.Held.Closing)
	return t, sheet, t.budgets(ctx, q, c)
}

// addedUp compares the sums behind the cash flow statement with the entries they are of.
func (t *tying) addedUp(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f CashFlow) error {
	through, err := f.addedUp(ctx, q, c.ID)
	if err != nil || through == 0 {
		return err
	}
	sums, err := f.counters(ctx, q, c.ID, nil, through)
	if err != nil {
		return err
	}
	entries, err := f.counters(ctx, q, c.ID, nil, 0)
	if err != nil {
		return err
	}
	posted := map[int]counter{}
	for _, r := range entries {
		posted[r.AccountID] = r
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	for _, r := range sums {
		a, _ := accounts.ID(r.AccountID)
		t.compare(CashAddedUp, a.Code+" received", r.Received, posted[r.AccountID].Received)
		t.compare(CashAddedUp, a.Code+" paid", r.Paid, posted[r.AccountID].Paid)
	}
	return err
}

// cards compares what the rollup says moved in an account with the postings that its card lists.
func (t *tying) cards(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, trial Trial) error {
	var posted []struct {
		AccountID int          `db:"account_id"`
		Debit     money.Amount `db:"debit"`
		Credit    money.Amount `db:"credit"`
	}
	err := sqlx.SelectContext(ctx, q, &posted, `
		SELECT p.account_id, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0.00) AS debit,
		       coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0.00) AS credit
		  FROM ledger.journal_entry e JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq
		 WHERE e.community_id = $1 AND e.entry_date BETWEEN $2 AND $3 AND e.kind <> 'year_end'
		 GROUP BY p.account_id`, c.ID, day(t.From), day(t.To))
	if err != nil {
		return err
	}
	moved := map[int]TrialFigures{}
	for _, p := range posted {
		moved[p.AccountID] = TrialFigures{Debit: p.Debit, Credit: p.Credit}
	}
	for _, l := range trial.Lines {
		t.compare(CardsTie, l.Code+" debit", moved[l.AccountID].Debit, l.Debit)
		t.compare(CardsTie, l.Code+" credit", moved[l.AccountID].Credit, l.Credit)
	}
	return nil
}

// budgets compares the actual side of the year's budgets so far with the report of their funds.
func (t *tying) budgets(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) error {
	rows, err := budget.Compare(ctx, q, c.ID, t.To.Year(), t.To)
	if err != nil || len(rows) == 0 {
		return err
	}
	funds, err := FundReport(ctx, q, c, t.year(), t.To)
	if err != nil {
		return err
	}
	actual := map[int]FundFigures{}
	for _, r := range rows {
		f := actual[r.Fund]
		if r.Type == ledger.Income {
			f.In = f.In.Add(r.Spent)
		} else {
			f.Out = f.Out.Add(r.Spent)
		}
		actual[r.Fund] = f
	}
	for _, l := range funds.Lines {
		if f, planned := actual[l.FundID]; planned {
			t.compare(BudgetTies, l.Code+" in", f.In, l.In)
			t.compare(BudgetTies, l.Code+" out", f.Out, l.Out)
		}
	}
	return nil
}
