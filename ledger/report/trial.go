package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Trial is a 科目余额表 (trial balance) of the whole book or of one fund.
type Trial struct {
	Span
	Lines []TrialLine // by code; accounts without figures are left out
	Total TrialFigures
}

// TrialLine is one account. AccountID is 0 in the one line that is no account: the income less the expense of earlier
// years, which a book without closing entries keeps nowhere else.
type TrialLine struct {
	AccountID int
	Code      string
	NameZH    string
	NameEN    string
	Type      ledger.AccountType
	TrialFigures
}

// Name is the account's name in the reader's language ("en", else Chinese).
func (l TrialLine) Name(lang string) string { return nameIn(lang, l.NameZH, l.NameEN) }

// TrialFigures are one line's amounts by side, none of them negative.
type TrialFigures struct {
	OpeningDebit, OpeningCredit money.Amount
	Debit, Credit               money.Amount // turnover of the period
	ClosingDebit, ClosingCredit money.Amount
}

// Balanced reports whether both sides agree at the opening, in the period and at the closing.
func (t Trial) Balanced() bool {
	return t.Total.OpeningDebit.Equal(t.Total.OpeningCredit) && t.Total.Debit.Equal(t.Total.Credit) &&
		t.Total.ClosingDebit.Equal(t.Total.ClosingCredit)
}

// TrialBalance draws up the trial balance of the months from..to. Income and expense open with the year of from.
func TrialBalance(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (Trial, error) {
	return trialBalance(ctx, q, c, from, to, nil)
}

// FundTrialBalance is TrialBalance for one fund.
func FundTrialBalance(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, fund int, from, to time.Time) (Trial, error) {
	return trialBalance(ctx, q, c, from, to, pots{fund})
}

// earlierYears is the id of the line for the surplus of earlier years; no account has it.
const earlierYears = 0

func trialBalance(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time, in pots) (t Trial, err error) {
	defer wrap(&err, "TrialBalance", c)
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
	before, err := ledger.Balances(ctx, q, c.ID, ledger.Day(t.From.Year(), time.January, 1), from)
	if err != nil {
		return t, err
	}
	stands := map[int]ledger.Balance{}
	for _, b := range in.of(balances) {
		add(stands, b.AccountID, b)
	}
	for _, b := range in.of(before) {
		if b.AccountType == ledger.Income || b.AccountType == ledger.Expense {
			add(stands, b.AccountID, ledger.Balance{Opening: b.Opening.Neg()})
			add(stands, earlierYears, ledger.Balance{Opening: b.Opening})
		}
	}
	for id, b := range stands {
		line := TrialLine{AccountID: id, NameZH: "以前年度结余", NameEN: "Surplus of earlier years", Type: ledger.NetAssets}
		if a, ok := accounts.ID(id); ok {
			line = TrialLine{AccountID: id, Code: a.Code, NameZH: a.NameZH, NameEN: a.NameEN, Type: a.Type}
		}
		line.TrialFigures = bySide(b)
		if !line.IsZero() {
			t.Lines = append(t.Lines, line)
			t.Total = t.Total.add(line.TrialFigures)
		}
	}
	slices.SortFunc(t.Lines, func(a, b TrialLine) int {
		return cmp.Or(cmp.Compare(slices.Index(ledger.AccountTypes, a.Type), slices.Index(ledger.AccountTypes, b.Type)),
			cmp.Compare(a.Code, b.Code))
	})
	return t, nil
}

func add(stands map[int]ledger.Balance, account int, b ledger.Balance) {
	s := stands[account]
	s.Opening, s.Debit, s.Credit = s.Opening.Add(b.Opening), s.Debit.Add(b.Debit), s.Credit.Add(b.Credit)
	stands[account] = s
}

func bySide(b ledger.Balance) (f TrialFigures) {
	f.OpeningDebit, f.OpeningCredit = sides(b.Opening)
	f.Debit, f.Credit = b.Debit, b.Credit
	f.ClosingDebit, f.ClosingCredit = sides(b.Closing())
	return f
}

// sides splits a signed balance into debit and credit.
func sides(a money.Amount) (debit, credit money.Amount) {
	if a.Sign() < 0 {
		return money.Zero, a.Neg()
	}
	return a, money.Zero
}

func (f TrialFigures) add(g TrialFigures) TrialFigures {
	return TrialFigures{
		f.OpeningDebit.Add(g.OpeningDebit), f.OpeningCredit.Add(g.OpeningCredit),
		f.Debit.Add(g.Debit), f.Credit.Add(g.Credit),
		f.ClosingDebit.Add(g.ClosingDebit), f.ClosingCredit.Add(g.ClosingCredit),
	}
}

// IsZero reports whether all six amounts are 0.00.
func (f TrialFigures) IsZero() bool {
	return money.Sum(f.OpeningDebit, f.OpeningCredit, f.Debit, f.Credit, f.ClosingDebit, f.ClosingCredit).IsZero()
}
