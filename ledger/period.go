package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Period is a 会计期间: a month with entries, open or closed.
type Period struct {
	Month    time.Time    `db:"month"` // its first day
	Entries  int          `db:"entries"`
	Income   money.Amount `db:"income"`
	Expense  money.Amount `db:"expense"`
	ClosedAt *time.Time   `db:"closed_at"` // nil while open
	ClosedBy string       `db:"closed_by"`
	Note     string       `db:"note"` // why it was opened again, if it was
}

// ListPeriods reads the months that have entries or were closed, the newest first.
func ListPeriods(ctx context.Context, q sqlx.QueryerContext, community int) (periods []Period, err error) {
	defer wrap(&err, "ledger.ListPeriods(%d)", community)
	err = sqlx.SelectContext(ctx, q, &periods, `
		SELECT coalesce(t.month, p.month) AS month, coalesce(t.entries, 0) AS entries,
		       p.closed_at, coalesce(p.closed_by, '') AS closed_by, coalesce(p.note, '') AS note,
		       coalesce(s.income, 0.00) AS income, coalesce(s.expense, 0.00) AS expense
		  FROM (SELECT * FROM ledger.month_tally WHERE community_id = $1) t
		  FULL JOIN (SELECT * FROM ledger.period WHERE community_id = $1) p USING (community_id, month)
		  LEFT JOIN (SELECT b.month, sum(b.credit - b.debit) FILTER (WHERE a.type = 'income') AS income,
		                    sum(b.debit - b.credit) FILTER (WHERE a.type = 'expense') AS expense
		               FROM ledger.turnover b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		              WHERE b.community_id = $1 GROUP BY b.month) s ON s.month = coalesce(t.month, p.month)
		 ORDER BY 1 DESC`, community)
	return periods, err
}

// BookYear is a calendar year of the books.
type BookYear struct {
	Year     int        `db:"year"`
	Entries  int        `db:"entries"`   // the last number given in it
	ClosedAt *time.Time `db:"closed_at"` // when its income and expense went to net assets; nil while they have not
	ClosedBy string     `db:"closed_by"`
}

// Years reads the years that have entries, the newest first.
func Years(ctx context.Context, q sqlx.QueryerContext, community int) (years []BookYear, err error) {
	defer wrap(&err, "ledger.Years(%d)", community)
	err = sqlx.SelectContext(ctx, q, &years, `
		SELECT y.year, y.last_number AS entries, e.posted_at AS closed_at, coalesce(e.posted_by, '') AS closed_by
		  FROM ledger.book_year y
		  LEFT JOIN LATERAL (`+closingOf+` LIMIT 1) e ON true
		 WHERE y.community_id = $1 ORDER BY y.year DESC`, community)
	return years, err
}

// closingOf are the entries that closed the year y.year and stand, the latest first.
const closingOf = `
	SELECT e.seq, e.posted_at, e.posted_by FROM ledger.journal_entry e
	 WHERE e.community_id = $1 AND e.entry_date = make_date(y.year, 12, 31) AND e.kind = 'year_end' AND e.reverses_seq IS NULL
	   AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = e.community_id AND r.reverses_seq = e.seq)
	 ORDER BY e.seq DESC`
