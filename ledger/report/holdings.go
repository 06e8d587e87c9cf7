package report

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Places says where the money is. It adds up on a calculator: the money in each place − Apart + Other = NetAssets.
type Places struct {
	At    time.Time // last day of the month
	Money []Place   // accounts of money, by code; empty ones are left out
	Apart money.Amount
	// Other is what is owned beside money (stock, equipment, receivables) less what is owed beside Apart.
	Other         money.Amount
	OtherAccounts []int
	ApartAccounts []int
	NetAssets     Columns
}

// Place is one account of money.
type Place struct {
	AccountID int
	Code      string
	NameZH    string
	NameEN    string
	Amount    money.Amount
}

// Name is the account's name in the reader's language ("en", else Chinese).
func (p Place) Name(lang string) string { return nameIn(lang, p.NameZH, p.NameEN) }

// InHand is the money in all places together, what is held apart included.
func (p Places) InHand() (sum money.Amount) {
	for _, place := range p.Money {
		sum = sum.Add(place.Amount)
	}
	return sum
}

// Holdings says where the money is at the end of the month of at.
func Holdings(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, at time.Time) (p Places, err error) {
	defer wrap(&err, "Holdings", c)
	l, err := layoutOf(c)
	if err != nil {
		return p, err
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return p, err
	}
	balances, err := ledger.Balances(ctx, q, c.ID, at, at)
	if err != nil {
		return p, err
	}
	p.At = ledger.MonthOf(at).AddDate(0, 1, -1)
	stands := map[int]money.Amount{}
	for _, b := range balances {
		switch b.AccountType {
		case ledger.Asset, ledger.Liability:
			stands[b.AccountID] = stands[b.AccountID].Add(b.Closing())
		default:
			p.NetAssets = p.NetAssets.Sub(column(b.Restricted, b.Closing()))
		}
	}
	for _, a := range accounts {
		stand := stands[a.ID]
		switch {
		case stand.IsZero():
		case l.isMoney(a):
			p.Money = append(p.Money, Place{a.ID, a.Code, a.NameZH, a.NameEN, stand})
		case a.Purpose == ledger.ConditionalDonations:
			p.Apart = p.Apart.Sub(stand)
			p.ApartAccounts = append(p.ApartAccounts, a.ID)
		default:
			p.Other = p.Other.Add(stand)
			p.OtherAccounts = append(p.OtherAccounts, a.ID)
		}
	}
	return p, nil
}
