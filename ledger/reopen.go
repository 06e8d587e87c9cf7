package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// ReopeningLapses is how long a request to open a closed month again waits for
// somebody else to agree; the database counts the same.
const ReopeningLapses = 7 * 24 * time.Hour

// Reopening is a request to open a closed month again, for everybody to read.
// One person asks, another agrees.
type Reopening struct {
	ID         int        `db:"id"` // unique in its community
	Month      time.Time  `db:"month"`
	Note       string     `db:"note"`
	AskedBy    string     `db:"asked_by"`
	AskedRole  string     `db:"asked_role"`
	AskedAt    time.Time  `db:"asked_at"`
	AgreedBy   string     `db:"agreed_by"`
	AgreedRole string     `db:"agreed_role"`
	AgreedAt   *time.Time `db:"agreed_at"` // nil while it waits, or has lapsed
}

// Lapses is the instant from which nobody can agree any more.
func (r Reopening) Lapses() time.Time { return r.AskedAt.Add(ReopeningLapses) }

// Waits reports whether somebody else may still agree.
func (r Reopening) Waits(now time.Time) bool { return r.AgreedAt == nil && now.Before(r.Lapses()) }

// AskReopening asks to open the closed month of day again. The note, 1 to 200
// characters, and the role are shown in public. ErrPeriodOpen, ErrAskedAlready.
func AskReopening(ctx context.Context, tx *sqlx.Tx, community int, day time.Time, who, role, note string) (id int, err error) {
	defer wrap(&err, "ledger.AskReopening(%d, %s)", community, day.Format("2006-01"))
	err = tx.GetContext(ctx, &id, `SELECT ledger.ask_reopening($1, $2::date, $3, $4, $5)`,
		community, MonthOf(day).Format(time.DateOnly), who, role, note)
	return id, err
}

// AgreeReopening opens the month that somebody else asked for. Where its year is
// closed, the year-end entries are taken back first. ErrTwoPeople if who asked
// is who agrees; ErrLapsed; ErrNotFound; ErrImmutable if it was agreed to already.
func AgreeReopening(ctx context.Context, tx *sqlx.Tx, community, id int, who, role string) (r Reopening, err error) {
	defer wrap(&err, "ledger.AgreeReopening(%d, %d)", community, id)
	if r, err = reopeningAt(ctx, tx, community, id); err != nil {
		return r, err
	}
	if err = takeBackYear(ctx, tx, community, r.Month.Year(), who); err != nil {
		return r, err
	}
	if _, err = tx.ExecContext(ctx, `SELECT ledger.agree_reopening($1, $2, $3, $4)`, community, id, who, role); err != nil {
		return r, err
	}
	return reopeningAt(ctx, tx, community, id)
}

const selectReopening = `
	SELECT id, month, note, asked_by, asked_role, asked_at, coalesce(agreed_by, '') AS agreed_by, coalesce(agreed_role, '') AS agreed_role, agreed_at
	  FROM ledger.reopening WHERE community_id = $1`

func reopeningAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (r Reopening, err error) {
	err = sqlx.GetContext(ctx, q, &r, selectReopening+` AND id = $2`, community, id)
	return r, missing(err)
}

// ListReopenings reads every request to open a month again, the latest first.
func ListReopenings(ctx context.Context, q sqlx.QueryerContext, community int) (all []Reopening, err error) {
	defer wrap(&err, "ledger.ListReopenings(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, selectReopening+` ORDER BY id DESC`, community)
	return all, err
}
