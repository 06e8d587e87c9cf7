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
	Note     string       `db:"note"`
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
		               FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		              WHERE b.community_id = $1 GROUP BY b.month) s ON s.month = coalesce(t.month, p.month)
		 ORDER BY 1 DESC`, community)
	return periods, err
}

// BookYear is a calendar year of the books.
type BookYear struct {
	Year    int `db:"year"`
	Entries int `db:"entries"` // the last number given in it
}

// Years reads the years that have entries, the newest first.
func Years(ctx context.Context, q sqlx.QueryerContext, community int) (years []BookYear, err error) {
	defer wrap(&err, "ledger.Years(%d)", community)
	err = sqlx.SelectContext(ctx, q, &years, `
		SELECT year, last_number AS entries FROM ledger.book_year WHERE community_id = $1 ORDER BY year DESC`, community)
	return years, err
}

// ClosePeriod closes the month of day: no entry may be dated in it from then on.
func ClosePeriod(ctx context.Context, tx *sqlx.Tx, community int, day time.Time, who string) (err error) {
	defer wrap(&err, "ledger.ClosePeriod(%d, %s)", community, day.Format("2006-01"))
	return setPeriod(ctx, tx, community, day, true, who, "")
}

// ReopenPeriod opens a closed month again; why is shown in public.
func ReopenPeriod(ctx context.Context, tx *sqlx.Tx, community int, day time.Time, who, why string) (err error) {
	defer wrap(&err, "ledger.ReopenPeriod(%d, %s)", community, day.Format("2006-01"))
	return setPeriod(ctx, tx, community, day, false, who, why)
}

func setPeriod(ctx context.Context, tx *sqlx.Tx, community int, day time.Time, closing bool, who, why string) error {
	_, err := tx.ExecContext(ctx, `SELECT ledger.set_period($1, $2::date, $3, $4, $5)`,
		community, MonthOf(day).Format(time.DateOnly), closing, who, why)
	return err
}
