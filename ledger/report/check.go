package report

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Rule names a tie between figures that are computed in different ways.
type Rule string

// The rules that Check tries, every month with entries.
const (
	TrialBalances     Rule = "trial_balances"       // debits = credits
	SheetBalances     Rule = "sheet_balances"       // assets = liabilities + net assets
	ActivityTies      Rule = "activity_ties"        // the activity statement's change = the change of assets less liabilities, in each column
	CashFlowTies      Rule = "cash_flow_ties"       // the entries' flow of money = the rollup's change of it
	FundsTie          Rule = "funds_tie"            // opening + in − out + transfers = closing in every fund; together the balance sheet's net assets
	NetAssetsAsPosted Rule = "net_assets_as_posted" // the rollup's net assets = the book's own running figure
)

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
		m := month{start: p.Month}
		sheet, err := m.check(ctx, q, c)
		if err != nil {
			return nil, err
		}
		if last == nil {
			last = &sheet
			stand, err := ledger.Stand(ctx, q, c.ID)
			if err != nil {
				return nil, err
			}
			m.compare(NetAssetsAsPosted, "total", sheet.NetAssets().Closing, stand.NetAssets)
		}
		findings = append(findings, m.findings...)
	}
	return findings, nil
}

// month gathers the findings of one month.
type month struct {
	start    time.Time
	findings []Finding
}

func (m *month) compare(rule Rule, of string, got, want money.Amount) {
	if !got.Equal(want) {
		m.findings = append(m.findings, Finding{rule, m.start, of, got, want})
	}
}

func (m *month) check(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) (Sheet, error) {
	trial, err := TrialBalance(ctx, q, c, m.start, m.start)
	if err != nil {
		return Sheet{}, err
	}
	m.compare(TrialBalances, "opening", trial.Total.OpeningDebit, trial.Total.OpeningCredit)
	m.compare(TrialBalances, "turnover", trial.Total.Debit, trial.Total.Credit)
	m.compare(TrialBalances, "closing", trial.Total.ClosingDebit, trial.Total.ClosingCredit)

	sheet, err := BalanceSheet(ctx, q, c, m.start, m.start)
	if err != nil {
		return sheet, err
	}
	m.compare(SheetBalances, "opening", sheet.Assets.Opening, sheet.Liabilities.Opening.Add(sheet.NetAssets().Opening))
	m.compare(SheetBalances, "closing", sheet.Assets.Closing, sheet.Liabilities.Closing.Add(sheet.NetAssets().Closing))

	activity, err := ActivityStatement(ctx, q, c, m.start, m.start)
	if err != nil {
		return sheet, err
	}
	cash, err := CashFlowStatement(ctx, q, c, m.start, m.start)
	if err != nil {
		return sheet, err
	}
	m.compare(CashFlowTies, "month", cash.Change.Period, cash.Closing.Period.Sub(cash.Opening.Period))

	funds, err := FundReport(ctx, q, c, m.start, m.start)
	if err != nil {
		return sheet, err
	}
	for _, l := range funds.Lines {
		m.compare(FundsTie, l.Code, l.Opening.Add(l.In).Sub(l.Out).Add(l.Transfers), l.Closing)
	}
	m.compare(ActivityTies, "free", activity.Change.Period.Free, funds.Free.Closing.Sub(funds.Free.Opening))
	m.compare(ActivityTies, "held", activity.Change.Period.Held, funds.Held.Closing.Sub(funds.Held.Opening))
	m.compare(FundsTie, "free", funds.Free.Closing, sheet.Free.Closing)
	m.compare(FundsTie, "held", funds.Held.Closing, sheet.Held.Closing)
	return sheet, nil
}
