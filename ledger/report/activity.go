package report

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Activity is a 业务活动表 (会民非02表): what changed net assets, in the period and in the year so far.
//
// All expense stands in the unrestricted column: what was spent from restricted funds is released to it, by the same
// amount, in the row 限定性净资产转为非限定性净资产.
type Activity struct {
	Span
	Lines      []Line[Course]
	Income     Course
	Expense    Course
	Released   Course // from Held to Free: spent as intended, or moved
	Restricted Course // from Free to Held
	Adjusted   Course // of earlier years, and net assets brought in from other books
	Change     Course // 净资产变动额
}

// Course is an amount in the period and in the year so far (from January to the period's last month).
type Course struct{ Period, Year Columns }

// Add returns c + d.
func (c Course) Add(d Course) Course { return Course{c.Period.Add(d.Period), c.Year.Add(d.Year)} }

// Neg returns −c.
func (c Course) Neg() Course { return Course{c.Period.Neg(), c.Year.Neg()} }

// IsZero reports whether all amounts are 0.00.
func (c Course) IsZero() bool { return c.Period.IsZero() && c.Year.IsZero() }

// course places a month's amount into the period, the year, or both.
func (s Span) course(month time.Time, c Columns) (into Course) {
	if !month.Before(s.From) {
		into.Period = c
	}
	if !month.Before(s.year()) {
		into.Year = c
	}
	return into
}

// ActivityStatement draws up the activity statement of the months from..to.
//
// Transfers between restricted and unrestricted funds (through the accounts of net assets) are netted within a month, so
// that the year so far is the sum of its months.
func ActivityStatement(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (a Activity, err error) {
	return activityOf(ctx, q, c, nil, from, to)
}

func activityOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, in pots, from, to time.Time) (a Activity, err error) {
	defer wrap(&err, "ActivityStatement", c)
	if a.Span, err = span(from, to); err != nil {
		return a, err
	}
	l, err := layoutOf(c)
	if err != nil {
		return a, err
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return a, err
	}
	turnovers, err := turnovers(ctx, q, c.ID, in, a.Span)
	if err != nil {
		return a, err
	}
	income, expense := map[int]Course{}, map[int]Course{}
	transfers := map[time.Time]Columns{}
	for _, t := range turnovers {
		switch t.Type {
		case ledger.Income:
			income[t.AccountID] = income[t.AccountID].Add(a.course(t.Month, column(t.Restricted, t.Amount)))
		case ledger.Expense:
			spent := t.Amount.Neg()
			expense[t.AccountID] = expense[t.AccountID].Add(a.course(t.Month, Columns{Free: spent}))
			if t.Restricted {
				a.Released = a.Released.Add(a.course(t.Month, moved(spent.Neg())))
			}
		default:
			if transfersOf(accounts, t.AccountID) {
				transfers[t.Month] = transfers[t.Month].Add(column(t.Restricted, t.Amount))
			} else {
				a.Adjusted = a.Adjusted.Add(a.course(t.Month, column(t.Restricted, t.Amount)))
			}
		}
	}
	for month, net := range transfers {
		toHeld := crossing(net)
		if toHeld.Sign() > 0 {
			a.Restricted = a.Restricted.Add(a.course(month, moved(toHeld)))
		} else {
			a.Released = a.Released.Add(a.course(month, moved(toHeld)))
		}
		a.Adjusted = a.Adjusted.Add(a.course(month, net.Sub(moved(toHeld))))
	}
	a.Income, a.Expense = total(income), total(expense)
	a.Change = a.Income.Add(a.Expense.Neg()).Add(a.Released).Add(a.Restricted).Add(a.Adjusted)
	a.Lines, err = fill(l.rows["activity"], accounts,
		map[string]map[int]Course{"income": income, "expense": expense},
		map[string]Course{"released": a.Released, "restricted": a.Restricted, "adjusted": a.Adjusted, "change": a.Change})
	return a, err
}

// crossing is how much of a movement of net assets went from unrestricted to restricted funds (negative: back): what one
// column lost and the other gained. The rest came from outside.
func crossing(net Columns) money.Amount {
	switch {
	case net.Free.Sign() < 0 && net.Held.Sign() > 0:
		return money.Min(net.Free.Neg(), net.Held)
	case net.Free.Sign() > 0 && net.Held.Sign() < 0:
		return money.Min(net.Free, net.Held.Neg()).Neg()
	}
	return money.Zero
}

// transfersOf reports whether money moves between funds through this account of net assets: the two that carry the
// purpose, and their sub-accounts. The others (以前年度净资产调整) adjust.
func transfersOf(accounts ledger.Accounts, account int) bool {
	a, _ := accounts.ID(account)
	for _, p := range []ledger.Purpose{ledger.UnrestrictedNetAssets, ledger.RestrictedNetAssets} {
		if through, ok := accounts.By(p); ok && strings.HasPrefix(a.Code, through.Code) {
			return true
		}
	}
	return false
}

// turnover is what a month added to net assets through one account and kind of fund; credit is positive.
type turnover struct {
	Month      time.Time          `db:"month"`
	AccountID  int                `db:"account_id"`
	Type       ledger.AccountType `db:"type"`
	Restricted bool               `db:"restricted"`
	Amount     money.Amount       `db:"amount"`
}

// turnovers reads the rollup from the span's first month, or the year's, to its last.
func turnovers(ctx context.Context, q sqlx.QueryerContext, community int, in pots, s Span) (rows []turnover, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT b.month, b.account_id, a.type, f.restricted, sum(b.credit - b.debit) AS amount
		  FROM ledger.turnover b
		  JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		  JOIN ledger.fund f ON f.community_id = b.community_id AND f.id = b.fund_id
		 WHERE b.community_id = $1 AND b.month BETWEEN least($2::date, $3::date) AND $4
		   AND a.type IN ('net_assets', 'income', 'expense') AND ($5::int[] IS NULL OR b.fund_id = ANY ($5))
		 GROUP BY b.month, b.account_id, a.type, f.restricted`,
		community, s.From.Format(time.DateOnly), s.year().Format(time.DateOnly), s.To.Format(time.DateOnly), pq.Array(in))
	return rows, err
}
