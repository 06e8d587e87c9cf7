package reconcile

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/statement"
)

// Standing is how far an account has been agreed with its bank.
type Standing struct {
	ledger.Account
	File    *string      `db:"file"`     // the last statement
	LastDay *time.Time   `db:"last_day"` // of its lines
	Through *time.Time   `db:"through"`  // the last day of the last completed reconciliation
	Open    int          `db:"open"`     // lines that nobody has matched
	Booked  money.Amount `db:"booked"`   // what the books have today
}

// ListStandings reads the accounts that somebody else keeps too: the bank's and
// those below it, the payment providers', and whichever had a statement.
func ListStandings(ctx context.Context, q sqlx.QueryerContext, community int) (all []Standing, err error) {
	defer wrap(&err, "reconcile.ListStandings(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT a.id, a.code, a.name_zh, a.name_en, a.type, coalesce(a.purpose, '') AS purpose, a.closed_at,
		       s.name AS file, s.last_day, r.through, coalesce(o.open, 0) AS open,
		       coalesce((SELECT sum(b.debit - b.credit) FROM ledger.balance b WHERE b.community_id = a.community_id AND b.account_id = a.id), 0.00) AS booked
		  FROM ledger.account a
		  LEFT JOIN LATERAL (SELECT s.name, (SELECT max(x.last_day) FROM statement.statement x WHERE x.community_id = s.community_id AND x.account_id = s.account_id) AS last_day
		                       FROM statement.statement s
		                      WHERE s.community_id = a.community_id AND s.account_id = a.id ORDER BY s.id DESC LIMIT 1) s ON true
		  LEFT JOIN LATERAL (SELECT max(r.through) AS through FROM reconcile.reconciliation r
		                      WHERE r.community_id = a.community_id AND r.account_id = a.id AND r.undone_at IS NULL) r ON true
		  LEFT JOIN (SELECT l.account_id, count(*) AS open FROM statement.line l WHERE l.community_id = $1 AND `+unmatched+` GROUP BY 1) o ON o.account_id = a.id
		 WHERE a.community_id = $1 AND a.type = 'asset'
		   AND (s.name IS NOT NULL OR a.closed_at IS NULL AND (a.purpose LIKE '%\_clearing'
		     OR a.code LIKE (SELECT b.code || '%' FROM ledger.account b WHERE b.community_id = $1 AND b.purpose = 'bank')))
		 ORDER BY a.code`, community)
	return all, err
}

// unmatched is a line l that moved money and that nobody has matched.
const unmatched = `l.amount <> 0 AND NOT EXISTS (SELECT FROM reconcile.match_line m
	WHERE m.community_id = l.community_id AND m.account_id = l.account_id AND m.line_id = l.id AND m.live)`

// OpenLines counts the lines of all accounts that nobody has matched.
func OpenLines(ctx context.Context, q sqlx.QueryerContext, community int) (n int, err error) {
	defer wrap(&err, "reconcile.OpenLines(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM statement.line l WHERE l.community_id = $1 AND `+unmatched, community)
	return n, err
}

// Month is a month of which an account has lines.
type Month struct {
	First   time.Time `db:"first"` // of the month
	LastDay time.Time `db:"last_day"`
	Lines   int       `db:"lines"`
	Open    int       `db:"open"`
}

// End is the month's last day.
func (m Month) End() time.Time { return m.First.AddDate(0, 1, -1) }

// ListMonths reads the months of which an account has lines, the earliest first.
func ListMonths(ctx context.Context, q sqlx.QueryerContext, community, account int) (all []Month, err error) {
	defer wrap(&err, "reconcile.ListMonths(%d, %d)", community, account)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT date_trunc('month', l.day)::date AS first, max(l.day) AS last_day, count(*) AS lines, count(*) FILTER (WHERE `+unmatched+`) AS open
		  FROM statement.line l WHERE l.community_id = $1 AND l.account_id = $2 GROUP BY 1 ORDER BY 1`, community, account)
	return all, err
}

// Known tells which lines of a statement an earlier file brought.
func Known(ctx context.Context, q sqlx.QueryerContext, community, account int, s statement.Statement) (known map[statement.Key]bool, err error) {
	defer wrap(&err, "reconcile.Known(%d, %d)", community, account)
	var keys pq.StringArray
	of := map[string]statement.Key{}
	err = s.Marks(func(m statement.Mark) error {
		keys = append(keys, m.Key.String())
		of[keys[len(keys)-1]] = m.Key
		return nil
	})
	if err != nil {
		return nil, err
	}
	var found []string
	err = sqlx.SelectContext(ctx, q, &found, `SELECT key FROM statement.line WHERE community_id = $1 AND account_id = $2 AND key = ANY ($3)`, community, account, keys)
	known = make(map[statement.Key]bool, len(found))
	for _, key := range found {
		known[of[key]] = true
	}
	return known, err
}
