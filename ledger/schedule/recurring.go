package schedule

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Repeat is an entry that comes again.
type Repeat struct {
	ID        uuid.UUID  `db:"id"`
	Memo      string     `db:"memo"`
	Detail    string     `db:"detail"`
	Day       int        `db:"day"`   // of the month; its last where that is shorter
	Every     int        `db:"every"` // months: 1, 2, 3, 6 or 12, counted from First
	First     time.Time  `db:"first_month"`
	Last      *time.Time `db:"last_month"` // nil: until it is ended
	Automatic bool       `db:"automatic"`  // posted on the day by the program, else when somebody says so
	PausedAt  *time.Time `db:"paused_at"`
	By        string     `db:"made_by"`
	Postings  []ledger.Posting
}

// Amount is the sum of an entry's debits.
func (r Repeat) Amount() (sum money.Amount) {
	for _, p := range r.Postings {
		if p.Amount.Sign() > 0 {
			sum = sum.Add(p.Amount)
		}
	}
	return sum
}

// On is the day of the entry in a month.
func (r Repeat) On(month time.Time) time.Time {
	first := ledger.MonthOf(month)
	return first.AddDate(0, 0, min(r.Day, first.AddDate(0, 1, -1).Day())-1)
}

// Ended reports whether nothing comes any more after a month.
func (r Repeat) Ended(month time.Time) bool {
	return r.Last != nil && r.Last.Before(ledger.MonthOf(month))
}

// Next is the day of the first one on or after a day; nil where none comes any
// more, or it is paused.
func (r Repeat) Next(from time.Time) *time.Time {
	month := ledger.MonthOf(from)
	if r.First.After(month) {
		month = r.First
	}
	for range r.Every + 1 {
		if on := r.On(month); r.PausedAt == nil && r.falls(month) && !on.Before(from) {
			return &on
		}
		month = month.AddDate(0, 1, 0)
	}
	return nil
}

// falls reports whether the entry comes in a month.
func (r Repeat) falls(month time.Time) bool {
	months := (month.Year()-r.First.Year())*12 + int(month.Month()-r.First.Month())
	return months >= 0 && months%r.Every == 0 && !r.Ended(month)
}

// AddRepeat writes down an entry that comes again. ErrTerms for days and months
// that do not fit, ErrExists for an ID that is there; ledger.ErrUnbalanced, ledger.ErrFewPostings.
func AddRepeat(ctx context.Context, tx *sqlx.Tx, community int, r Repeat) (err error) {
	defer wrap(&err, "schedule.AddRepeat(%d)", community)
	r.First = ledger.MonthOf(r.First)
	if r.Day < 1 || r.Day > 31 || r.Last != nil && r.Last.Before(r.First) {
		return ErrTerms
	}
	if err = (ledger.Entry{Memo: r.Memo, Source: "recurring:" + r.ID.String(), Postings: r.Postings}).Validate(); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO schedule.recurring (community_id, id, memo, detail, day, every, first_month, last_month, automatic, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		community, r.ID, r.Memo, r.Detail, r.Day, r.Every, day(r.First), monthOrNull(r.Last), r.Automatic, r.By)
	var dberr *pq.Error
	if errors.As(err, &dberr) && dberr.Constraint == "recurring_pkey" {
		return errors.Join(ErrExists, err)
	}
	if err != nil {
		return err
	}
	for n, p := range r.Postings {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO schedule.recurring_line (community_id, recurring_id, line, account_id, fund_id, amount) VALUES ($1, $2, $3, $4, $5, $6)`,
			community, r.ID, n+1, p.Account, p.Fund, p.Amount)
		if err != nil {
			return err
		}
	}
	return nil
}

// Pause lets nothing come until Resume.
func Pause(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "schedule.Pause(%d, %s)", community, id)
	result, err := tx.ExecContext(ctx, `UPDATE schedule.recurring SET paused_at = coalesce(paused_at, $3) WHERE community_id = $1 AND id = $2`, community, id, at)
	return touched(result, err)
}

// Resume lets it come again. What would have come while it was paused is skipped.
func Resume(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, at time.Time, who string) (err error) {
	defer wrap(&err, "schedule.Resume(%d, %s)", c.ID, id)
	r, err := RepeatAt(ctx, tx, c.ID, id)
	if err != nil || r.PausedAt == nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE schedule.recurring SET paused_at = NULL WHERE community_id = $1 AND id = $2`, c.ID, id); err != nil {
		return err
	}
	due, err := DueThrough(ctx, tx, c, c.Day(at))
	for _, t := range due {
		missed := t.Plan == id && !t.Date.Before(c.Day(*r.PausedAt)) && t.Date.Before(c.Day(at))
		if err == nil && missed {
			err = skip(ctx, tx, c.ID, t, who)
		}
	}
	return err
}

// End makes a month the last in which the entry comes.
func End(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, last time.Time) (err error) {
	defer wrap(&err, "schedule.End(%d, %s)", community, id)
	result, err := tx.ExecContext(ctx, `UPDATE schedule.recurring SET last_month = $3 WHERE community_id = $1 AND id = $2`, community, id, day(ledger.MonthOf(last)))
	return touched(result, err)
}

const selectRepeat = `
	SELECT id, memo, detail, day, every, first_month, last_month, automatic, paused_at, made_by FROM schedule.recurring WHERE community_id = $1`

// RepeatAt reads one entry that comes again; ErrNotFound.
func RepeatAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (r Repeat, err error) {
	defer wrap(&err, "schedule.RepeatAt(%d, %s)", community, id)
	all, err := ListRepeats(ctx, q, community)
	for _, r := range all {
		if r.ID == id {
			return r, nil
		}
	}
	return r, errors.Join(err, ErrNotFound)
}

// ListRepeats reads the entries that come again, ended ones too, in the order
// in which they were written down.
func ListRepeats(ctx context.Context, q sqlx.QueryerContext, community int) (rs []Repeat, err error) {
	defer wrap(&err, "schedule.ListRepeats(%d)", community)
	if err = sqlx.SelectContext(ctx, q, &rs, selectRepeat+` ORDER BY made_at, id`, community); err != nil {
		return nil, err
	}
	rows, err := q.QueryxContext(ctx, `
		SELECT recurring_id, account_id, fund_id, amount FROM schedule.recurring_line WHERE community_id = $1 ORDER BY recurring_id, line`, community)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	lines := map[uuid.UUID][]ledger.Posting{}
	for rows.Next() {
		var of uuid.UUID
		var p ledger.Posting
		if err = rows.Scan(&of, &p.Account, &p.Fund, &p.Amount); err != nil {
			return nil, err
		}
		lines[of] = append(lines[of], p)
	}
	for i, r := range rs {
		rs[i].Postings = lines[r.ID]
	}
	return rs, rows.Err()
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func monthOrNull(t *time.Time) any {
	if t == nil {
		return nil
	}
	return day(ledger.MonthOf(*t))
}

// touched turns "no row was touched" into ErrNotFound.
func touched(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}
