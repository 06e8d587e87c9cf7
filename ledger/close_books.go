package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// CloseItems is what the books themselves say of a month: both sides agree, no
// restricted fund is overspent, no cash is less than nothing, and what waits to
// be identified has been.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c Community, month time.Time) (items []CloseItem, err error) {
	defer wrap(&err, "ledger.CloseItems(%d)", c.ID)
	accounts, err := ListAccounts(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	balances, err := Balances(ctx, q, c.ID, month, month)
	if err != nil {
		return nil, err
	}
	debit, credit, stands, funds := money.Zero, money.Zero, map[int]money.Amount{}, map[int]money.Amount{}
	for _, b := range balances {
		debit, credit = debit.Add(b.Debit), credit.Add(b.Credit)
		stands[b.AccountID] = stands[b.AccountID].Add(b.Closing())
		if b.Restricted && (b.AccountType == Asset || b.AccountType == Liability) {
			funds[b.FundID] = funds[b.FundID].Add(b.Closing())
		}
	}
	for _, a := range accounts {
		stand := stands[a.ID]
		switch {
		case a.Purpose == Cash:
			items = append(items, CloseItem{Code: "cash", Of: a.Code, NameZH: a.NameZH, NameEN: a.NameEN, Must: true, Left: count(stand.Sign() < 0), Amount: stand})
		case a.Purpose == Suspense:
			items = append(items, CloseItem{Code: "suspense", Left: count(!stand.IsZero()), Amount: stand.Neg()})
		}
	}
	overspent := 0
	for _, left := range funds {
		overspent += count(left.Sign() < 0)
	}
	return append(items,
		CloseItem{Code: "funds", Must: true, Left: overspent, Seen: len(funds)},
		CloseItem{Code: "trial", Must: true, Left: count(!debit.Equal(credit)), Amount: debit}), nil
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
