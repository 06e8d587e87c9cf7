package disclosure

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// readGifts counts a campaign's gifts and refunds by their entries.
func (f *Figures) readGifts(ctx context.Context, q sqlx.QueryerContext, community, campaign int) error {
	err := sqlx.SelectContext(ctx, q, &f.Raised, `
		SELECT method, sum(amount) AS amount, count(*) AS gifts
		  FROM campaigns.donation
		 WHERE community_id = $1 AND campaign_id = $2 AND state = 'paid' AND entry_seq <= $3
		 GROUP BY method ORDER BY sum(amount) DESC, method`, community, campaign, f.AsOf)
	if err != nil {
		return err
	}
	var back struct {
		Amount money.Amount
		Count  int
	}
	err = sqlx.GetContext(ctx, q, &back, `
		SELECT coalesce(sum(r.amount), 0.00) AS amount, count(*) AS count
		  FROM campaigns.refund r JOIN campaigns.donation d ON d.community_id = r.community_id AND d.id = r.donation_id
		 WHERE r.community_id = $1 AND d.campaign_id = $2 AND r.entry_seq <= $3`, community, campaign, f.AsOf)
	f.Refunded, f.Refunds = back.Amount, back.Count
	return err
}

// total is what one kind of entry did to one account; the debit side is positive.
type total struct {
	Kind       string             `db:"kind"`
	Code       string             `db:"code"`
	NameZH     string             `db:"name_zh"`
	NameEN     string             `db:"name_en"`
	Type       ledger.AccountType `db:"type"`
	Purpose    ledger.Purpose     `db:"purpose"`
	Restricted bool               `db:"restricted"`
	Before     bool               `db:"before"` // dated before the year
	Amount     money.Amount       `db:"amount"`
	Entries    int                `db:"entries"`
}

const selectTotals = `
	SELECT e.kind, a.code, a.name_zh, a.name_en, a.type, coalesce(a.purpose, '') AS purpose, f.restricted, e.entry_date < $4 AS before,
	       sum(p.amount) AS amount, count(DISTINCT e.seq) AS entries
	  FROM ledger.posting p
	  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
	  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
	  JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id
	 WHERE p.community_id = $1 AND p.seq <= $2 AND ($3 = 0 OR p.fund_id = $3) AND e.entry_date <= $5 AND e.kind <> 'year_end'
	 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY a.code, e.kind`

// always and never bound the dates where a report is of no year.
var always, never = ledger.Day(9999, time.December, 31), ledger.Day(1, time.January, 1)

// gifts are the kinds of entry that Raised and Refunded count already.
var gifts = []string{"donation", "refund", "conclusion"}

// readFund adds up what happened in a fund; of a shared one its name alone is told.
func (f *Figures) readFund(ctx context.Context, q sqlx.QueryerContext, community, fund int) error {
	f.Fund = fund
	funds, err := ledger.ListFunds(ctx, q, community)
	for _, one := range funds {
		if one.ID == fund {
			f.FundZH, f.FundEN = one.NameZH, one.NameEN
		}
	}
	if err != nil || f.Shared {
		return err
	}
	var totals []total
	if err = sqlx.SelectContext(ctx, q, &totals, selectTotals, community, f.AsOf, fund, day(never), day(always)); err != nil {
		return err
	}
	others := money.Zero
	for _, t := range totals {
		switch {
		case t.Type == ledger.Expense:
			f.spend(t)
		case t.Type == ledger.NetAssets:
			f.Moved = f.Moved.Sub(t.Amount)
		case t.Purpose == ledger.ConditionalDonations:
			f.Held = f.Held.Sub(t.Amount)
		case t.Type == ledger.Income:
			others = others.Sub(t.Amount)
			if !slices.Contains(gifts, t.Kind) && t.Kind != "reversal" {
				f.Others = add(f.Others, Sum{Code: t.Kind, Amount: t.Amount.Neg(), Entries: t.Entries})
			}
		}
		if t.Type == ledger.Asset || t.Type == ledger.Liability {
			f.Left = f.Left.Add(t.Amount)
		}
	}
	// What the kinds above do not explain: the reversal of something that was no gift.
	rest := others.Add(f.Held).Sub(f.RaisedSum().Sub(f.Refunded)).Sub(f.OtherSum())
	if !rest.IsZero() {
		f.Others = append(f.Others, Sum{Code: "reversal", Amount: rest})
	}
	return f.readPayments(ctx, q, community)
}

func (f *Figures) spend(t total) {
	cost := t.Purpose == ledger.AdminExpense || t.Purpose == ledger.FundraisingExpense
	f.Spent = add(f.Spent, Sum{Code: t.Code, NameZH: t.NameZH, NameEN: t.NameEN, Cost: cost, Amount: t.Amount, Entries: t.Entries})
}

// add puts a sum beside those before it, or onto the one of its code.
func add(sums []Sum, s Sum) []Sum {
	if i := slices.IndexFunc(sums, func(x Sum) bool { return x.Code == s.Code }); i >= 0 {
		sums[i].Amount, sums[i].Entries = sums[i].Amount.Add(s.Amount), sums[i].Entries+s.Entries
		return sums
	}
	return append(sums, s)
}

// paymentsMax is how many payments a report lists; the rest is one line, and all are in the public book.
const paymentsMax = 40

func (f *Figures) readPayments(ctx context.Context, q sqlx.QueryerContext, community int) error {
	var all []Payment
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT e.year || '-' || e.number AS voucher, e.entry_date, e.memo, sum(p.amount) AS amount
		  FROM ledger.posting p
		  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
		  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		 WHERE p.community_id = $1 AND p.fund_id = $2 AND p.seq <= $3 AND a.type = 'expense' AND e.kind <> 'year_end'
		 GROUP BY e.seq, e.year, e.number, e.entry_date, e.memo HAVING sum(p.amount) <> 0 ORDER BY e.seq`, community, f.Fund, f.AsOf)
	for _, p := range all[min(len(all), paymentsMax):] {
		f.MorePaid.Amount, f.MorePaid.Entries = f.MorePaid.Amount.Add(p.Amount), f.MorePaid.Entries+1
	}
	f.Payments = all[:min(len(all), paymentsMax)]
	return err
}

// readWithin adds up the days of a periodic report.
func (f *Figures) readWithin(ctx context.Context, q sqlx.QueryerContext, community int, d Duty) error {
	f.Within = &Within{}
	if d.Subject.Kind == OfCampaign {
		err := sqlx.GetContext(ctx, q, f.Within, `
			SELECT coalesce(sum(d.amount), 0.00) AS raised, count(*) AS gifts
			  FROM campaigns.donation d JOIN ledger.journal_entry e ON e.community_id = d.community_id AND e.seq = d.entry_seq
			 WHERE d.community_id = $1 AND d.campaign_id = $2 AND d.state = 'paid' AND d.entry_seq <= $3 AND e.entry_date BETWEEN $4 AND $5`,
			community, d.Subject.ID, f.AsOf, day(d.From), day(d.Until))
		if err != nil || f.Shared {
			return err
		}
	}
	return sqlx.GetContext(ctx, q, &f.Within.Spent, `
		SELECT coalesce(sum(p.amount), 0.00)
		  FROM ledger.posting p
		  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
		  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		 WHERE p.community_id = $1 AND p.fund_id = $2 AND p.seq <= $3 AND a.type = 'expense' AND e.kind <> 'year_end' AND e.entry_date BETWEEN $4 AND $5`,
		community, f.Fund, f.AsOf, day(d.From), day(d.Until))
}

// readYear adds up a year of all funds, income and expense by account.
func (f *Figures) readYear(ctx context.Context, q sqlx.QueryerContext, community int, d Duty) error {
	var totals []total
	if err := sqlx.SelectContext(ctx, q, &totals, selectTotals, community, f.AsOf, 0, day(d.From), day(d.Until)); err != nil {
		return err
	}
	for _, t := range totals {
		if t.Type == ledger.Asset || t.Type == ledger.Liability {
			f.Left = f.Left.Add(t.Amount)
			if t.Restricted {
				f.LeftHeld = f.LeftHeld.Add(t.Amount)
			}
			if t.Before {
				f.Opening = f.Opening.Add(t.Amount)
			}
		}
		switch {
		case t.Before:
		case t.Type == ledger.Income:
			f.Others = add(f.Others, Sum{Code: t.Code, NameZH: t.NameZH, NameEN: t.NameEN, Amount: t.Amount.Neg(), Entries: t.Entries})
		case t.Type == ledger.Expense:
			f.spend(t)
		case t.Type == ledger.NetAssets:
			f.Moved = f.Moved.Sub(t.Amount)
		}
	}
	return nil
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
