package organisation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
)

// Filter narrows a list; zero fields do not narrow.
type Filter struct {
	Kind     Kind
	Theme    project.Theme
	Find     string    // a part of the name, in either language
	From, To time.Time // the days whose activities count, and on the last of which members are counted
	Order    Order
	Limit    int // 0 is all
	Offset   int
}

// Order is how a list is sorted.
type Order string

// The orders; the zero value is by name.
const (
	ByName       Order = ""
	ByActivities Order = "activities"
	ByMembers    Order = "members"
)

// Row is an organisation in a list, with what it did in the filter's days.
type Row struct {
	Organisation
	Members    int        `db:"members"` // by the last count
	Activities int        `db:"activities"`
	People     int        `db:"people"`   // person-times of the activities
	Sessions   int        `db:"sessions"` // of a social organisation's agreements
	Served     int        `db:"served"`   // person-times of the sessions
	LastOn     *time.Time `db:"last_on"`
	Points     int        `db:"points"` // ever earned and not spent
}

// Sums are the figures of a whole list.
type Sums struct {
	Organisations int `db:"organisations"`
	Members       int `db:"members"`
	Activities    int `db:"activities"`
	People        int `db:"people"`
	Sessions      int `db:"sessions"`
	Served        int `db:"served"`
}

// List reads organisations with their figures, and the sums of all that the
// filter lets through, whichever page is read. Who has ended before From, or
// began after To, is left out.
func List(ctx context.Context, q sqlx.QueryerContext, community int, f Filter) (rows []Row, sums Sums, err error) {
	defer wrap(&err, "organisation.List(%d)", community)
	args := []any{community, iso(f.From), iso(f.To)}
	where := `o.community_id = $1 AND (o.ended_on IS NULL OR o.ended_on >= $2) AND (o.founded_on IS NULL OR o.founded_on <= $3)`
	and := func(condition string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if f.Kind != "" {
		and(`o.kind = ?`, f.Kind)
	}
	if f.Theme != "" {
		and(`o.theme = ?`, f.Theme)
	}
	if f.Find != "" {
		and(`(strpos(lower(o.name_zh), lower(?)) > 0 OR strpos(lower(o.name_en), lower(?)) > 0)`, f.Find)
	}
	of := `
		SELECT o.*, coalesce(m.members, 0) AS members, coalesce(a.activities, 0) AS activities, coalesce(a.people, 0) AS people,
		       coalesce(s.sessions, 0) AS sessions, coalesce(s.served, 0) AS served, greatest(a.last_on, s.last_on) AS last_on
		  FROM organisation.organisation o
		  LEFT JOIN (SELECT organisation_id, count(*) AS activities, sum(people) AS people, max(held_on) AS last_on
		               FROM organisation.activity WHERE community_id = $1 AND held_on BETWEEN $2 AND $3 AND withdrawn_at IS NULL
		              GROUP BY organisation_id) a ON a.organisation_id = o.id
		  LEFT JOIN (SELECT g.organisation_id, count(*) AS sessions, sum(s.people) AS served, max(s.held_on) AS last_on
		               FROM organisation.session s JOIN organisation.agreement g ON g.community_id = s.community_id AND g.id = s.agreement_id
		              WHERE s.community_id = $1 AND s.held_on BETWEEN $2 AND $3 AND s.void_at IS NULL
		              GROUP BY g.organisation_id) s ON s.organisation_id = o.id
		  LEFT JOIN (SELECT DISTINCT ON (organisation_id) organisation_id, members
		               FROM organisation.member_count WHERE community_id = $1 AND counted_on <= $3
		              ORDER BY organisation_id, counted_on DESC) m ON m.organisation_id = o.id
		 WHERE ` + where
	err = sqlx.GetContext(ctx, q, &sums, `
		SELECT count(*) AS organisations, coalesce(sum(members), 0) AS members, coalesce(sum(activities), 0) AS activities, coalesce(sum(people), 0) AS people,
		       coalesce(sum(sessions), 0) AS sessions, coalesce(sum(served), 0) AS served
		  FROM (`+of+`) x`, args...)
	if err != nil {
		return nil, sums, err
	}
	order := map[Order]string{ByName: `x.name_zh COLLATE "C"`, ByActivities: `x.activities + x.sessions DESC, x.people + x.served DESC, x.id`, ByMembers: `x.members DESC, x.id`}[f.Order]
	if order == "" {
		order = `x.id`
	}
	if f.Limit == 0 {
		f.Limit = sums.Organisations
	}
	args = append(args, f.Limit, f.Offset)
	err = sqlx.SelectContext(ctx, q, &rows, fmt.Sprintf(`
		SELECT x.id, x.kind, x.slug, x.name_zh, x.name_en, x.theme, x.about_zh, x.about_en, x.meets_zh, x.meets_en, x.founded_on, x.ended_on, x.fund_id, x.entered_by, x.entered_at,
		       x.members, x.activities, x.people, x.sessions, x.served, x.last_on,
		       coalesce((SELECT sum(points) FROM organisation.activity a WHERE a.community_id = $1 AND a.organisation_id = x.id AND a.withdrawn_at IS NULL), 0)
		       - coalesce((SELECT sum(points) FROM organisation.small_grant g WHERE g.community_id = $1 AND g.organisation_id = x.id AND g.undone_at IS NULL), 0) AS points
		  FROM (`+of+`) x ORDER BY %s LIMIT $%d OFFSET $%d`, order, len(args)-1, len(args)), args...)
	return rows, sums, err
}

// MonthSum is what was done in a month.
type MonthSum struct {
	Month      time.Time `db:"month"` // its first day
	Activities int       `db:"activities"`
	People     int       `db:"people"`
}

// Months reads what was done in the months from..to (any day in them), a row for
// each month that has some; of is an organisation, 0 for all of a kind.
func Months(ctx context.Context, q sqlx.QueryerContext, community, of int, kind Kind, from, to time.Time) (months []MonthSum, err error) {
	defer wrap(&err, "organisation.Months(%d, %d)", community, of)
	err = sqlx.SelectContext(ctx, q, &months, `
		SELECT date_trunc('month', a.held_on)::date AS month, count(*) AS activities, sum(a.people) AS people
		  FROM organisation.activity a JOIN organisation.organisation o ON o.community_id = a.community_id AND o.id = a.organisation_id
		 WHERE a.community_id = $1 AND a.held_on BETWEEN $2 AND $3 AND a.withdrawn_at IS NULL AND ($4 = 0 OR a.organisation_id = $4) AND ($5 = '' OR o.kind = $5)
		 GROUP BY 1 ORDER BY 1`, community, iso(firstOf(from)), iso(firstOf(to).AddDate(0, 1, -1)), of, kind)
	return months, err
}

func firstOf(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
}
