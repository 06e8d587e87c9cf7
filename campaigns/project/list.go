package project

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// Filter narrows a list of projects; zero fields do not narrow.
type Filter struct {
	// From and To are any days in the first and the last month of a period: projects that ran in it, with what they spent
	// and whom they served in it. Both or neither.
	From, To time.Time
	Theme    Theme
	Slug     string
	ID       int
	States   []State // without them and a period: every project that the staff has checked
}

// ListProjects reads projects without their budget lines, by theme and then in
// the order they were written down. One that never started is in no period.
func ListProjects(ctx context.Context, q sqlx.QueryerContext, community int, f Filter) (list []Project, err error) {
	defer wrap(&err, "project.ListProjects(%d)", community)
	from, to := f.period()
	query := `
		SELECT p.id, coalesce(p.slug, '') AS slug, coalesce(p.fund_id, 0) AS fund_id, coalesce(f.restricted, false) AS restricted, p.theme, p.year, p.state, p.title_zh, p.title_en,
		       p.place_zh, p.place_en, p.need_zh, p.need_en, p.people_zh, p.people_en, p.own_zh, p.own_en, p.history,
		       p.organisation_zh, p.organisation_en, p.council_zh, p.council_en, p.agreed_on, p.votes_for, p.votes_against,
		       p.budget, p.started_on, p.ended_on,
		       coalesce(s.spent, 0.00) AS spent, coalesce(o.person_times, 0) AS person_times, coalesce(o.sessions, 0) AS sessions
		  FROM project.project p
		  LEFT JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id
		  LEFT JOIN LATERAL (SELECT sum(b.debit - b.credit) AS spent
		               FROM ledger.turnover b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		              WHERE b.community_id = p.community_id AND b.fund_id = p.fund_id AND a.type = 'expense' AND b.month BETWEEN $2 AND $3) s ON true
		  LEFT JOIN LATERAL (SELECT sum(o.person_times) AS person_times, count(*) AS sessions
		               FROM project.outcome o WHERE o.community_id = p.community_id AND o.project_id = p.id AND o.held_on BETWEEN $2 AND $3 AND o.struck_why = '') o ON true
		 WHERE p.community_id = $1`
	args := []any{community, from.Format(time.DateOnly), to.Format(time.DateOnly)}
	and := func(condition string, value any) {
		args = append(args, value)
		query += " AND " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if !f.From.IsZero() {
		query += ` AND p.started_on <= $3 AND (p.ended_on IS NULL OR p.ended_on >= $2)`
	}
	if f.Theme != "" {
		and(`p.theme = ?`, f.Theme)
	}
	if f.Slug != "" {
		and(`p.slug = ?`, f.Slug)
	}
	switch {
	case f.ID != 0:
		and(`p.id = ?`, f.ID)
	case len(f.States) > 0:
		and(`p.state = ANY (?)`, pq.Array(f.States))
	default:
		query += ` AND p.fund_id IS NOT NULL AND p.state NOT IN ('declined', 'withdrawn')`
	}
	query += ` ORDER BY array_position('{elders,children,neighbours,yard,mutual_aid}'::text[], p.theme), p.id`
	err = sqlx.SelectContext(ctx, q, &list, query, args...)
	return list, err
}

// period is whole months, all of time where the filter has none.
func (f Filter) period() (from, to time.Time) {
	if f.From.IsZero() {
		return ledger.Day(1, time.January, 1), ledger.Day(9999, time.December, 31)
	}
	return ledger.MonthOf(f.From), ledger.MonthOf(f.To).AddDate(0, 1, -1)
}

// FindProject reads one project with its budget by its slug; ErrNotFound.
func FindProject(ctx context.Context, q sqlx.QueryerContext, community int, slug string) (p Project, err error) {
	defer wrap(&err, "project.FindProject(%d, %s)", community, slug)
	return find(ctx, q, community, Filter{Slug: slug})
}

// ProjectAt reads one project with its budget by its id, whatever its state; ErrNotFound.
func ProjectAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (p Project, err error) {
	defer wrap(&err, "project.ProjectAt(%d, %d)", community, id)
	return find(ctx, q, community, Filter{ID: id})
}

func find(ctx context.Context, q sqlx.QueryerContext, community int, f Filter) (p Project, err error) {
	list, err := ListProjects(ctx, q, community, f)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return p, err
	}
	p = list[0]
	err = sqlx.SelectContext(ctx, q, &p.Lines, `
		SELECT line, name_zh, name_en, planned FROM project.budget_line WHERE community_id = $1 AND project_id = $2 ORDER BY line`,
		community, p.ID)
	return p, err
}
