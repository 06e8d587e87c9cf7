package mutualaid

import (
	"context"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// HourKind is what an entry of hours is about.
type HourKind string

// The kinds: a neighbour helped, a volunteer's shift for all, an entry undone.
const (
	Help     HourKind = "help"
	Shift    HourKind = "shift"
	reversal HourKind = "reversal"
)

// Community is the account of the community itself: a shift is received by all.
const Community = 0

// HourEntry is an entry of the ledger of hours. Its unit is the HOUR, in minutes
// here; it is never money.
type HourEntry struct {
	Number   int       // gapless in a community, given by PostHours
	Day      time.Time // as in the books: an entry of a closed month gets the day it is posted
	Kind     HourKind
	Category Category
	Source   string // idempotency key within the community
	Memo     string
	PostedBy string
	Postings []HourPosting

	reverses int
}

// HourPosting is minutes of one person, or of the Community: positive received
// (debit), negative given (credit).
type HourPosting struct {
	Person  int
	Minutes int
}

// PostHours posts an entry and returns its number. ledger.ErrUnbalanced where
// what was given is not what was received, ledger.ErrFewPostings; ErrPosted for a source
// that is posted already.
func PostHours(ctx context.Context, tx *sqlx.Tx, c ledger.Community, e HourEntry, at time.Time) (number int, err error) {
	defer wrap(&err, "mutualaid.PostHours(%d, %s)", c.ID, e.Source)
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	var people, minutes []int64
	for _, p := range e.Postings {
		people, minutes = append(people, int64(p.Person)), append(minutes, int64(p.Minutes))
	}
	var undone *int
	if e.reverses != 0 {
		undone = &e.reverses
	}
	day := book.EntryDate(c.Clock(e.Day, 12), at)
	err = tx.GetContext(ctx, &number, `SELECT mutualaid.post_hours($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, iso(day), e.Kind, e.Category, e.Source, e.Memo, e.PostedBy, undone, pq.Array(people), pq.Array(minutes))
	return number, err
}

// ReverseHours undoes an entry by its opposite, with a reason. ErrNotFound;
// ErrState where it is undone already or is a reversal itself.
func ReverseHours(ctx context.Context, tx *sqlx.Tx, c ledger.Community, number int, why, who string, at time.Time) (undone int, err error) {
	defer wrap(&err, "mutualaid.ReverseHours(%d, %d)", c.ID, number)
	var of struct {
		Category Category `db:"category"`
		Free     bool     `db:"free"`
	}
	err = tx.GetContext(ctx, &of, `
		SELECT e.category, e.reverses IS NULL AND NOT EXISTS (
		         SELECT FROM mutualaid.hour_entry r WHERE r.community_id = e.community_id AND r.reverses = e.number) AS free
		  FROM mutualaid.hour_entry e WHERE e.community_id = $1 AND e.number = $2`, c.ID, number)
	if err != nil {
		return 0, err
	}
	if !of.Free {
		return 0, ErrState
	}
	var lines []struct {
		Person  int `db:"person"`
		Minutes int `db:"minutes"`
	}
	err = tx.SelectContext(ctx, &lines, `
		SELECT coalesce(person_id, 0) AS person, -minutes AS minutes FROM mutualaid.hour_posting WHERE community_id = $1 AND number = $2 ORDER BY line`, c.ID, number)
	if err != nil {
		return 0, err
	}
	e := HourEntry{Day: c.Day(at), Kind: reversal, Category: of.Category, Source: "reversal:" + strconv.Itoa(number), Memo: why, PostedBy: who, reverses: number}
	for _, l := range lines {
		e.Postings = append(e.Postings, HourPosting(l))
	}
	return PostHours(ctx, tx, c, e, at)
}

// DeskShift is a volunteer's hours for all as the desk wrote them down.
type DeskShift struct {
	Number  int       `db:"number"` // of the entry
	Day     time.Time `db:"entry_date"`
	Person  string    `db:"person"` // empty once they are erased
	Minutes int       `db:"minutes"`
	Memo    string    `db:"memo"`
}

// DeskSource is how the source of an entry begins that the desk posts for a volunteer.
const DeskSource = "shift:"

// DeskShifts reads the shifts that the desk wrote down and that stand, the latest first.
func DeskShifts(ctx context.Context, q sqlx.QueryerContext, community, limit int) (list []DeskShift, err error) {
	defer wrap(&err, "mutualaid.DeskShifts(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT e.number, e.entry_date, p.name AS person, -x.minutes AS minutes, e.memo
		  FROM mutualaid.hour_entry e
		  JOIN mutualaid.hour_posting x ON x.community_id = e.community_id AND x.number = e.number
		  JOIN mutualaid.person p ON p.community_id = x.community_id AND p.id = x.person_id
		 WHERE e.community_id = $1 AND e.kind = $2 AND starts_with(e.source, $3)
		   AND NOT EXISTS (SELECT FROM mutualaid.hour_entry r WHERE r.community_id = e.community_id AND r.reverses = e.number)
		 ORDER BY e.number DESC LIMIT $4`, community, Shift, DeskSource, limit)
	return list, err
}

// MonthHours are the hours of a month.
type MonthHours struct {
	Month   time.Time `db:"month"` // its first day
	Help    int       `db:"help"`  // minutes between neighbours
	Shift   int       `db:"shift"` // minutes of volunteers for all
	Times   int       `db:"times"` // how often
	Helpers int       `db:"helpers"`
	Helped  int       `db:"helped"`
}

// Given is all the minutes of the month.
func (m MonthHours) Given() int { return m.Help + m.Shift }

// Months reads the hours of the months from..to (any day in them), a row for
// each month that has some.
func Months(ctx context.Context, q sqlx.QueryerContext, community int, from, to time.Time) (months []MonthHours, err error) {
	defer wrap(&err, "mutualaid.Months(%d)", community)
	err = sqlx.SelectContext(ctx, q, &months, `
		SELECT date_trunc('month', entry_date)::date AS month,
		       coalesce(-sum(minutes) FILTER (WHERE minutes < 0 AND kind = 'help'), 0) AS help, coalesce(-sum(minutes) FILTER (WHERE minutes < 0 AND kind = 'shift'), 0) AS shift,
		       count(DISTINCT number) AS times, count(DISTINCT person_id) FILTER (WHERE minutes < 0) AS helpers, count(DISTINCT person_id) FILTER (WHERE minutes > 0) AS helped
		  FROM mutualaid.hour WHERE community_id = $1 AND entry_date BETWEEN $2 AND $3 GROUP BY 1 ORDER BY 1`,
		community, iso(ledger.MonthOf(from)), iso(ledger.MonthOf(to).AddDate(0, 1, -1)))
	return months, err
}

// Sum is what a span of time amounts to.
type Sum struct {
	Minutes  int `db:"minutes"`
	Times    int `db:"times"`
	People   int `db:"people"`    // who gave or received
	PassedOn int `db:"passed_on"` // who received, and then gave: the chain
}

// SumOf adds up the hours of the days from..to.
func SumOf(ctx context.Context, q sqlx.QueryerContext, community int, from, to time.Time) (s Sum, err error) {
	defer wrap(&err, "mutualaid.SumOf(%d)", community)
	err = sqlx.GetContext(ctx, q, &s, `
		WITH h AS (SELECT * FROM mutualaid.hour WHERE community_id = $1 AND entry_date BETWEEN $2 AND $3),
		     p AS (SELECT person_id, min(number) FILTER (WHERE minutes > 0) AS received, max(number) FILTER (WHERE minutes < 0) AS gave
		             FROM h WHERE person_id IS NOT NULL GROUP BY person_id)
		SELECT coalesce((SELECT -sum(minutes) FROM h WHERE minutes < 0), 0) AS minutes, (SELECT count(DISTINCT number) FROM h) AS times,
		       (SELECT count(*) FROM p) AS people, (SELECT count(*) FROM p WHERE gave > received) AS passed_on`, community, iso(from), iso(to))
	return s, err
}

// ByCategory reads the minutes given on the days from..to, by sort of help, the most first.
func ByCategory(ctx context.Context, q sqlx.QueryerContext, community int, from, to time.Time) (sums []CategoryHours, err error) {
	defer wrap(&err, "mutualaid.ByCategory(%d)", community)
	err = sqlx.SelectContext(ctx, q, &sums, `
		SELECT category, -sum(minutes) AS minutes, count(DISTINCT number) AS times
		  FROM mutualaid.hour WHERE community_id = $1 AND entry_date BETWEEN $2 AND $3 AND minutes < 0 GROUP BY category ORDER BY minutes DESC, category`,
		community, iso(from), iso(to))
	return sums, err
}

// CategoryHours are the hours of one sort of help.
type CategoryHours struct {
	Category Category `db:"category"`
	Minutes  int      `db:"minutes"`
	Times    int      `db:"times"`
}
