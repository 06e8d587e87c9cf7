package report

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Funds is the report of funds: what each pot had, got, gave and has, in net assets.
type Funds struct {
	Span
	Lines []FundLine // by id, the general fund first; funds without figures are left out
	Free  FundFigures
	Held  FundFigures
}

// FundLine is one fund.
type FundLine struct {
	FundID     int
	Code       string
	NameZH     string
	NameEN     string
	Kind       ledger.FundKind
	Restricted bool
	FundFigures
}

// Name is the fund's name in the reader's language ("en", else Chinese).
func (l FundLine) Name(lang string) string { return nameIn(lang, l.NameZH, l.NameEN) }

// FundFigures is a movement: Opening + In − Out + Transfers = Closing.
type FundFigures struct {
	Opening   money.Amount
	In        money.Amount // income
	Out       money.Amount // expense
	Transfers money.Amount // to (positive) and from other funds, and net assets adjusted or brought in
	Closing   money.Amount // assets less liabilities
}

// Add returns f + g.
func (f FundFigures) Add(g FundFigures) FundFigures {
	return FundFigures{
		f.Opening.Add(g.Opening), f.In.Add(g.In), f.Out.Add(g.Out), f.Transfers.Add(g.Transfers), f.Closing.Add(g.Closing),
	}
}

// Ties reports whether opening + in − out + transfers = closing.
func (f FundFigures) Ties() bool {
	return f.Opening.Add(f.In).Sub(f.Out).Add(f.Transfers).Equal(f.Closing)
}

// IsZero reports whether nothing is there and nothing moved.
func (f FundFigures) IsZero() bool {
	return f.Opening.IsZero() && f.In.IsZero() && f.Out.IsZero() && f.Transfers.IsZero() && f.Closing.IsZero()
}

// Total is all funds together; its Transfers are what came from outside.
func (f Funds) Total() FundFigures { return f.Free.Add(f.Held) }

// FundReport reports every fund in the months from..to.
func FundReport(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (f Funds, err error) {
	return fundsOf(ctx, q, c, nil, from, to)
}

func fundsOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, in pots, from, to time.Time) (f Funds, err error) {
	defer wrap(&err, "FundReport", c)
	if f.Span, err = span(from, to); err != nil {
		return f, err
	}
	funds, err := ledger.ListFunds(ctx, q, c.ID)
	if err != nil {
		return f, err
	}
	balances, err := ledger.Balances(ctx, q, c.ID, from, to)
	if err != nil {
		return f, err
	}
	figures := map[int]FundFigures{}
	for _, b := range in.of(balances) {
		figures[b.FundID] = figures[b.FundID].Add(movement(b))
	}
	for _, fund := range funds {
		line := FundLine{fund.ID, fund.Code, fund.NameZH, fund.NameEN, fund.Kind, fund.Restricted, figures[fund.ID]}
		if line.IsZero() {
			continue
		}
		f.Lines = append(f.Lines, line)
		if fund.Restricted {
			f.Held = f.Held.Add(line.FundFigures)
		} else {
			f.Free = f.Free.Add(line.FundFigures)
		}
	}
	return f, nil
}

// movement is what one balance means for its fund. Opening and closing are told by assets and liabilities, the movement
// by income, expense and net assets: that both agree is a check, not a definition.
func movement(b ledger.Balance) FundFigures {
	switch b.AccountType {
	case ledger.Income:
		return FundFigures{In: b.Turnover().Neg()}
	case ledger.Expense:
		return FundFigures{Out: b.Turnover()}
	case ledger.NetAssets:
		return FundFigures{Transfers: b.Turnover().Neg()}
	}
	return FundFigures{Opening: b.Opening, Closing: b.Closing()}
}

// Totals is the sum on the home page: Opening + In − Out + Other = Closing, in each column.
type Totals struct {
	Span
	Opening, In, Out Columns
	// Other is what moved between the columns and what was adjusted or brought in; its total is zero as a rule.
	Other   Columns
	Closing Columns      // net assets
	Apart   money.Amount // held at the end for all-or-nothing campaigns: a liability, outside the sum
	Grants  money.Amount // government money among In
}

// Summary adds up the months from..to: a year for the home page, any period for a report.
func Summary(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (t Totals, err error) {
	defer wrap(&err, "Summary", c)
	if t.Span, err = span(from, to); err != nil {
		return t, err
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return t, err
	}
	balances, err := ledger.Balances(ctx, q, c.ID, from, to)
	if err != nil {
		return t, err
	}
	apart, _ := accounts.By(ledger.ConditionalDonations)
	subsidies, hasSubsidies := accounts.By(ledger.SubsidyIncome)
	for _, b := range balances {
		m := movement(b)
		t.Opening = t.Opening.Add(column(b.Restricted, m.Opening))
		t.In = t.In.Add(column(b.Restricted, m.In))
		t.Out = t.Out.Add(column(b.Restricted, m.Out))
		t.Other = t.Other.Add(column(b.Restricted, m.Transfers))
		t.Closing = t.Closing.Add(column(b.Restricted, m.Closing))
		if b.AccountID == apart.ID {
			t.Apart = t.Apart.Sub(b.Closing())
		}
		if a, _ := accounts.ID(b.AccountID); hasSubsidies && longest(a.Code, []string{subsidies.Code}) > 0 {
			t.Grants = t.Grants.Add(m.In)
		}
	}
	return t, nil
}

// Ties reports whether opening + in − out + other = closing, in both columns.
func (t Totals) Ties() bool { return t.Opening.Add(t.In).Sub(t.Out).Add(t.Other).Equal(t.Closing) }

// MonthSeries reads income and expense of every month from..to, empty months too, the oldest first.
func MonthSeries(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (series []ledger.MonthTotal, err error) {
	defer wrap(&err, "MonthSeries", c)
	s, err := span(from, to)
	if err != nil {
		return nil, err
	}
	totals, err := ledger.MonthTotals(ctx, q, c.ID, from, to)
	if err != nil {
		return nil, err
	}
	for month := s.From; !month.After(s.To); month = month.AddDate(0, 1, 0) {
		figures := ledger.MonthTotal{Month: month}
		for _, t := range totals {
			if t.Month.Equal(month) {
				figures = t
			}
		}
		series = append(series, figures)
	}
	return series, nil
}
