package sale

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// MonthResult is a month of a venture as the books of its fund have it.
type MonthResult struct {
	Month    time.Time    // its first day
	Income   money.Amount // sales, services and what else the fund earned
	Expense  money.Amount
	PassedOn money.Amount // to the community's general fund
}

// Surplus is what the month left over: negative for a loss.
func (m MonthResult) Surplus() money.Amount { return m.Income.Sub(m.Expense) }

// Left is what of the surplus was not passed on.
func (m MonthResult) Left() money.Amount { return m.Surplus().Sub(m.PassedOn) }

// Lately leaves out the oldest months, before the first in which anything moved;
// the last two stay.
func Lately(months []MonthResult) []MonthResult {
	for len(months) > 2 && months[0].Income.IsZero() && months[0].Expense.IsZero() && months[0].PassedOn.IsZero() {
		months = months[1:]
	}
	return months
}

// AccountResult is one account's part of a result.
type AccountResult struct {
	Account ledger.Account
	Amount  money.Amount // income and expense both positive
}

// ErrSharedFund is returned for a venture that has no fund to itself: then no
// figure of the books is the venture's alone.
var ErrSharedFund = errors.New("sale: the venture shares its fund with others")

// OpenVenture adds a venture and opens it. Its tips, if any, go to a campaign.
func OpenVenture(ctx context.Context, tx *sqlx.Tx, community int, p Place) (_ Place, err error) {
	defer wrap(&err, "sale.OpenVenture(%d, %s)", community, p.Slug)
	p.Kind = Venture
	if p, err = AddPlace(ctx, tx, community, p); err != nil {
		return p, err
	}
	p.State = Opened
	return p, OpenPlace(ctx, tx, community, p.ID)
}

// MonthsOf reads a venture's months from..to (any day in them), month by month,
// from the balances of its fund. ErrSharedFund.
func MonthsOf(ctx context.Context, q sqlx.QueryerContext, community int, p Place, from, to time.Time) (months []MonthResult, err error) {
	defer wrap(&err, "sale.MonthsOf(%d, %d)", community, p.ID)
	if err = ownFund(ctx, q, community, p); err != nil {
		return nil, err
	}
	passed, err := ListSurplus(ctx, q, community, p.ID)
	if err != nil {
		return nil, err
	}
	totals, err := ledger.MonthTotalsOf(ctx, q, community, p.FundID, from, to)
	if err != nil {
		return nil, err
	}
	for month := ledger.MonthOf(from); !month.After(to); month = month.AddDate(0, 1, 0) {
		m := MonthResult{Month: month}
		for _, t := range totals {
			if t.Month.Equal(month) {
				m.Income, m.Expense = t.Income, t.Expense
			}
		}
		for _, s := range passed {
			if s.Month.Equal(month) {
				m.PassedOn = m.PassedOn.Add(s.Amount)
			}
		}
		months = append(months, m)
	}
	return months, nil
}

// AccountsOf reads what a venture earned and spent in the months from..to, by
// account, income first.
func AccountsOf(ctx context.Context, q sqlx.QueryerContext, community int, p Place, from, to time.Time) (results []AccountResult, err error) {
	defer wrap(&err, "sale.AccountsOf(%d, %d)", community, p.ID)
	accounts, err := ledger.ListAccounts(ctx, q, community)
	if err != nil {
		return nil, err
	}
	balances, err := moved(ctx, q, community, p.FundID, from, to)
	for _, b := range balances {
		r := AccountResult{Amount: b.Turnover()}
		if r.Account, _ = accounts.ID(b.AccountID); b.AccountType == ledger.Income {
			r.Amount = r.Amount.Neg()
		}
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b AccountResult) int {
		if a.Account.Type != b.Account.Type && a.Account.Type == ledger.Income {
			return -1
		} else if a.Account.Type != b.Account.Type {
			return 1
		}
		return b.Amount.Cmp(a.Amount)
	})
	return results, err
}

// moved reads the balances of a fund's income and expense that moved in the months from..to.
func moved(ctx context.Context, q sqlx.QueryerContext, community, fund int, from, to time.Time) ([]ledger.Balance, error) {
	all, err := ledger.Balances(ctx, q, community, from, to)
	return slices.DeleteFunc(all, func(b ledger.Balance) bool {
		return b.FundID != fund || b.Turnover().IsZero() || b.AccountType != ledger.Income && b.AccountType != ledger.Expense
	}), err
}

// ownFund refuses a venture whose fund is another's, too.
func ownFund(ctx context.Context, q sqlx.QueryerContext, community int, p Place) error {
	var shared bool
	err := sqlx.GetContext(ctx, q, &shared, `
		SELECT EXISTS (SELECT FROM sale.place o WHERE o.community_id = $1 AND o.fund_id = $2 AND o.id <> $3)`, community, p.FundID, p.ID)
	if err == nil && (shared || p.FundID == ledger.GeneralFundID) {
		err = ErrSharedFund
	}
	return err
}

// Surplus is what a venture passed on to the community's general fund from a month's work.
type Surplus struct {
	ID        uuid.UUID    `db:"id"`
	PlaceID   int          `db:"place_id"`
	Month     time.Time    `db:"month"` // its first day
	Amount    money.Amount `db:"amount"`
	EnteredBy string       `db:"entered_by"`
	EnteredAt time.Time    `db:"entered_at"`
	Entry     int64        `db:"entry_seq"`
	Voucher   string       `db:"voucher"` // of the entry, when read
}

// What passing a surplus on refuses, beside ledger.ErrNoMoney.
var (
	ErrNoSurplus   = errors.New("sale: the month has not left over that much that was not passed on yet")
	ErrMonthLasts  = errors.New("sale: the month is not over")
	ErrNotAVenture = errors.New("sale: only a venture passes a surplus on")
)

// PassOn moves a month's surplus, or a part of it, from the venture's fund to the
// community's general fund: an entry that everybody can see. account is where
// the money lies. Never more than the month left over. The same ID again changes nothing.
func PassOn(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Surplus, account int) (_ Surplus, err error) {
	defer wrap(&err, "sale.PassOn(%d, %d)", c.ID, s.PlaceID)
	place, err := PlaceAt(ctx, tx, c.ID, s.PlaceID)
	if err != nil {
		return s, err
	}
	s.Month = ledger.MonthOf(s.Month)
	today := c.Day(s.EnteredAt)
	switch {
	case place.Kind != Venture:
		return s, ErrNotAVenture
	case !s.Month.Before(ledger.MonthOf(today)):
		return s, ErrMonthLasts
	}
	if _, err = tx.ExecContext(ctx, `SELECT FROM sale.place WHERE community_id = $1 AND id = $2 FOR UPDATE`, c.ID, place.ID); err != nil {
		return s, err
	}
	passed, err := ListSurplus(ctx, tx, c.ID, place.ID)
	if err != nil {
		return s, err
	}
	if i := slices.IndexFunc(passed, func(o Surplus) bool { return o.ID == s.ID }); i >= 0 {
		return passed[i], nil
	}
	months, err := MonthsOf(ctx, tx, c.ID, place, s.Month, s.Month)
	if err != nil {
		return s, err
	}
	if months[0].Left().Less(s.Amount) {
		return s, ErrNoSurplus
	}
	posted, err := ledger.TransferBetweenFunds(ctx, tx, c, ledger.Transfer{
		ID: s.ID, From: place.FundID, To: ledger.GeneralFundID, Account: account, Amount: s.Amount, On: today,
		Why: place.NameZH + " " + s.Month.Format("2006-01") + " 结余", By: s.EnteredBy,
	})
	if err != nil {
		return s, err
	}
	s.Entry = posted.Seq
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.surplus (community_id, id, place_id, month, amount, entered_by, entered_at, entry_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, s.ID, s.PlaceID, iso(s.Month), s.Amount, s.EnteredBy, s.EnteredAt, s.Entry)
	return s, err
}

// ListSurplus reads what a venture passed on, the latest month first; what was
// reversed in the journal is left out.
func ListSurplus(ctx context.Context, q sqlx.QueryerContext, community, place int) (all []Surplus, err error) {
	defer wrap(&err, "sale.ListSurplus(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT s.id, s.place_id, s.month, s.amount, s.entered_by, s.entered_at, s.entry_seq, e.year || '-' || e.number AS voucher
		  FROM sale.surplus s JOIN ledger.journal_entry e ON e.community_id = s.community_id AND e.seq = s.entry_seq
		 WHERE s.community_id = $1 AND s.place_id = $2
		   AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = $1 AND r.reverses_seq = s.entry_seq)
		 ORDER BY s.month DESC, s.entry_seq DESC`, community, place)
	return all, err
}
