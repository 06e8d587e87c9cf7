package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Balance is what one account in one fund did in a span of months. Amounts are
// signed with the debit side positive, but Debit and Credit are the two sides'
// turnover, both not negative. An entry that closes a year stands between two
// spans: it counts in the opening of the next year and in nobody's turnover.
type Balance struct {
	AccountID   int          `db:"account_id"`
	AccountType AccountType  `db:"account_type"`
	FundID      int          `db:"fund_id"`
	Restricted  bool         `db:"restricted"`
	Opening     money.Amount `db:"opening"`
	Debit       money.Amount `db:"debit"`
	Credit      money.Amount `db:"credit"`
}

// Closing is opening + debit − credit.
func (b Balance) Closing() money.Amount { return b.Opening.Add(b.Debit).Sub(b.Credit) }

// Turnover is debit − credit.
func (b Balance) Turnover() money.Amount { return b.Debit.Sub(b.Credit) }

// Balances reads the rollup for the months from..to (both included, any day in
// them), a row for each pair of account and fund that ever moved up to then.
// It never sums postings.
func Balances(ctx context.Context, q sqlx.QueryerContext, community int, from, to time.Time) (rows []Balance, err error) {
	defer wrap(&err, "ledger.Balances(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT b.account_id, a.type AS account_type, b.fund_id, f.restricted,
		       coalesce(sum(b.debit - b.credit) FILTER (WHERE b.month < $2), 0.00) AS opening,
		       coalesce(sum(b.debit - coalesce(y.debit, 0.00)) FILTER (WHERE b.month >= $2), 0.00) AS debit,
		       coalesce(sum(b.credit - coalesce(y.credit, 0.00)) FILTER (WHERE b.month >= $2), 0.00) AS credit
		  FROM ledger.balance b
		  LEFT JOIN ledger.year_end y ON y.community_id = b.community_id AND y.account_id = b.account_id AND y.fund_id = b.fund_id AND y.month = b.month
		  JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		  JOIN ledger.fund f ON f.community_id = b.community_id AND f.id = b.fund_id
		 WHERE b.community_id = $1 AND b.month <= $3
		 GROUP BY b.account_id, a.type, a.code, b.fund_id, f.restricted ORDER BY a.code, b.fund_id`,
		community, MonthOf(from).Format(time.DateOnly), MonthOf(to).Format(time.DateOnly))
	return rows, err
}

// MonthTotal is a month's income and expense.
type MonthTotal struct {
	Month   time.Time    `db:"month"`
	Income  money.Amount `db:"income"`
	Expense money.Amount `db:"expense"`
}

const monthTotals = `
	SELECT b.month, coalesce(sum(b.credit - b.debit) FILTER (WHERE a.type = 'income'), 0.00) AS income,
	       coalesce(sum(b.debit - b.credit) FILTER (WHERE a.type = 'expense'), 0.00) AS expense
	  FROM ledger.turnover b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
	 WHERE b.community_id = $1 AND b.month BETWEEN $2 AND $3`

// MonthTotals reads income and expense by month, from..to, months without
// entries left out, the oldest first.
func MonthTotals(ctx context.Context, q sqlx.QueryerContext, community int, from, to time.Time) (rows []MonthTotal, err error) {
	defer wrap(&err, "ledger.MonthTotals(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rows, monthTotals+` GROUP BY b.month ORDER BY b.month`,
		community, MonthOf(from).Format(time.DateOnly), MonthOf(to).Format(time.DateOnly))
	return rows, err
}

// MonthTotalsOf reads the MonthTotals of one fund.
func MonthTotalsOf(ctx context.Context, q sqlx.QueryerContext, community, fund int, from, to time.Time) (rows []MonthTotal, err error) {
	defer wrap(&err, "ledger.MonthTotalsOf(%d, %d)", community, fund)
	err = sqlx.SelectContext(ctx, q, &rows, monthTotals+` AND b.fund_id = $4 GROUP BY b.month ORDER BY b.month`,
		community, MonthOf(from).Format(time.DateOnly), MonthOf(to).Format(time.DateOnly), fund)
	return rows, err
}

// Standing is where the whole book stands now.
type Standing struct {
	LastSeq   int64        `db:"last_seq"`   // entries posted so far
	NetAssets money.Amount `db:"net_assets"` // of all funds
}

// Stand reads where the book stands; ErrNoBook if the community keeps none.
func Stand(ctx context.Context, q sqlx.QueryerContext, community int) (s Standing, err error) {
	defer wrap(&err, "ledger.Stand(%d)", community)
	err = sqlx.GetContext(ctx, q, &s, `SELECT last_seq, net_assets FROM ledger.book WHERE community_id = $1`, community)
	return s, missing(err)
}
