package report

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Source is one account of income.
type Source struct {
	AccountID int
	Code      string
	NameZH    string
	NameEN    string
	Columns   // what came in, by kind of fund
}

// Name is the account's name in the reader's language ("en", else Chinese).
func (s Source) Name(lang string) string { return nameIn(lang, s.NameZH, s.NameEN) }

// Sources reads income by account in the months from..to, by code; accounts without figures are left out.
func Sources(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (sources []Source, err error) {
	defer wrap(&err, "Sources", c)
	b, err := readBook(ctx, q, c, from, to)
	return b.sources(), err
}

// Use is what one fund spent through one account of expense. A project has a fund, so this is spending by project too.
type Use struct {
	Account    ledger.Account
	FundID     int
	Restricted bool
	Amount     money.Amount
}

// Uses reads expense by account and fund in the months from..to, by code and fund; pairs without figures are left out.
func Uses(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (uses []Use, err error) {
	defer wrap(&err, "Uses", c)
	b, err := readBook(ctx, q, c, from, to)
	return b.uses(), err
}

// book is a chart of accounts with its balances in a period.
type book struct {
	accounts ledger.Accounts
	balances []ledger.Balance // by account's code, then fund
}

func readBook(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (b book, err error) {
	if _, err = span(from, to); err != nil {
		return b, err
	}
	if b.accounts, err = ledger.ListAccounts(ctx, q, c.ID); err != nil {
		return b, err
	}
	b.balances, err = ledger.Balances(ctx, q, c.ID, from, to)
	return b, err
}

func (b book) sources() (sources []Source) {
	for _, a := range b.accounts {
		var in Columns
		for _, x := range b.balances {
			if x.AccountID == a.ID && a.Type == ledger.Income {
				in = in.Add(column(x.Restricted, x.Turnover().Neg()))
			}
		}
		if !in.IsZero() {
			sources = append(sources, Source{a.ID, a.Code, a.NameZH, a.NameEN, in})
		}
	}
	return sources
}

func (b book) uses() (uses []Use) {
	for _, x := range b.balances {
		if spent := x.Turnover(); x.AccountType == ledger.Expense && !spent.IsZero() {
			a, _ := b.accounts.ID(x.AccountID)
			uses = append(uses, Use{a, x.FundID, x.Restricted, spent})
		}
	}
	return uses
}
