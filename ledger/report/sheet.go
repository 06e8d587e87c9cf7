package report

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Sheet is a 资产负债表 (会民非01表): what the community owns, owes, and has.
type Sheet struct {
	Span
	Lines       []Line[Stand]
	Assets      Stand
	Liabilities Stand
	Free, Held  Stand // net assets, unrestricted and restricted, with the surplus so far
}

// Stand is an amount before the first and after the last day of a period.
type Stand struct{ Opening, Closing money.Amount }

// Add returns s + t.
func (s Stand) Add(t Stand) Stand { return Stand{s.Opening.Add(t.Opening), s.Closing.Add(t.Closing)} }

// Neg returns −s.
func (s Stand) Neg() Stand { return Stand{s.Opening.Neg(), s.Closing.Neg()} }

// IsZero reports whether both amounts are 0.00.
func (s Stand) IsZero() bool { return s.Opening.IsZero() && s.Closing.IsZero() }

// Change is closing − opening.
func (s Stand) Change() money.Amount { return s.Closing.Sub(s.Opening) }

// NetAssets is what the community has: Free and Held.
func (s Sheet) NetAssets() Stand { return s.Free.Add(s.Held) }

// Balanced reports whether assets equal liabilities and net assets, at the opening and at the closing.
func (s Sheet) Balanced() bool {
	return s.Assets.Add(s.Liabilities.Neg()).Add(s.NetAssets().Neg()).IsZero()
}

// BalanceSheet draws up the balance sheet at the end of the month of to, beside the figures before the month of from; the
// official form has the year's first month there.
func BalanceSheet(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (s Sheet, err error) {
	return sheetOf(ctx, q, c, nil, from, to)
}

func sheetOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, in pots, from, to time.Time) (s Sheet, err error) {
	defer wrap(&err, "BalanceSheet", c)
	if s.Span, err = span(from, to); err != nil {
		return s, err
	}
	l, err := layoutOf(c)
	if err != nil {
		return s, err
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return s, err
	}
	balances, err := ledger.Balances(ctx, q, c.ID, from, to)
	if err != nil {
		return s, err
	}
	assets, liabilities := map[int]Stand{}, map[int]Stand{}
	for _, b := range in.of(balances) {
		stand := Stand{b.Opening, b.Closing()}
		switch {
		case b.AccountType == ledger.Asset:
			assets[b.AccountID] = assets[b.AccountID].Add(stand)
		case b.AccountType == ledger.Liability:
			liabilities[b.AccountID] = liabilities[b.AccountID].Add(stand.Neg())
		case b.Restricted:
			s.Held = s.Held.Add(stand.Neg())
		default:
			s.Free = s.Free.Add(stand.Neg())
		}
	}
	s.Assets, s.Liabilities = total(assets), total(liabilities)
	s.Lines, err = fill(l.rows["balance"], accounts,
		map[string]map[int]Stand{"asset": assets, "liability": liabilities},
		map[string]Stand{
			"free": s.Free, "held": s.Held, "net_assets": s.NetAssets(),
			"free_change": {Closing: s.Free.Change()}, "held_change": {Closing: s.Held.Change()},
		})
	return s, err
}
