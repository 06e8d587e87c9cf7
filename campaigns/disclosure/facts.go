package disclosure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
)

// What the package refuses.
var (
	ErrNotFound = errors.New("disclosure: not found")
	ErrEarly    = errors.New("disclosure: what is reported on is not over yet")
	ErrNothing  = errors.New("disclosure: a report says what was done, and where what is left goes")
	ErrNoNote   = errors.New("disclosure: a correction says what changed")
	ErrAlready  = errors.New("disclosure: it is published already, and can only be corrected")
)

func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
	}
}

// Calendar reads a community's facts and computes its duties, the next one first.
func Calendar(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, now time.Time) (_ []Duty, err error) {
	defer wrap(&err, "disclosure.Calendar(%d)", c.ID)
	f, err := findFacts(ctx, q, c)
	return Duties(rules, f, c.Day(now)), err
}

// FindDuty reads the duty of a key; ErrNotFound.
func FindDuty(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, key string, now time.Time) (d Duty, err error) {
	duties, err := Calendar(ctx, q, c, now)
	if err != nil {
		return d, err
	}
	i := slices.IndexFunc(duties, func(d Duty) bool { return d.Key() == key })
	if i < 0 {
		return d, ErrNotFound
	}
	return duties[i], nil
}

// OfOneCampaign reads the duties of one campaign, the next one first.
func OfOneCampaign(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, of campaigns.Campaign, now time.Time) (duties []Duty, err error) {
	defer wrap(&err, "disclosure.OfOneCampaign(%d, %s)", c.ID, of.Slug)
	f := Facts{Campaigns: []Subject{campaignSubject(c, of)}}
	if f.Done, err = findDone(ctx, q, c.ID); err != nil {
		return nil, err
	}
	return Duties(rules, f, c.Day(now)), nil
}

func findFacts(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) (f Facts, err error) {
	years, err := ledger.Years(ctx, q, c.ID)
	if err != nil {
		return f, err
	}
	for _, y := range years {
		f.Years = append(f.Years, y.Year)
	}
	list, err := campaigns.ListCampaigns(ctx, q, c.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published, campaigns.Closed}})
	if err != nil {
		return f, err
	}
	for _, one := range list {
		f.Campaigns = append(f.Campaigns, campaignSubject(c, one))
	}
	projects, err := project.ListProjects(ctx, q, c.ID, project.Filter{})
	if err != nil {
		return f, err
	}
	for _, p := range projects {
		if s, ok := projectSubject(p); ok {
			f.Projects = append(f.Projects, s)
		}
	}
	if f.Events, err = findEvents(ctx, q, c.ID); err != nil {
		return f, err
	}
	if f.Done, err = findDone(ctx, q, c.ID); err != nil {
		return f, err
	}
	f.Drafted, err = findDrafted(ctx, q, c.ID)
	return f, err
}

// campaignSubject ends on the campaign's last day, or on the day on which somebody closed it before.
func campaignSubject(c ledger.Community, of campaigns.Campaign) Subject {
	s := Subject{Kind: OfCampaign, ID: of.ID, Slug: of.Slug, TitleZH: of.TitleZH, TitleEN: of.TitleEN, From: of.StartsOn, Until: of.EndsOn}
	if of.ClosedAt != nil {
		if day := c.Day(*of.ClosedAt); day.Before(s.Until) {
			s.Until = day
		}
	}
	return s
}

func projectSubject(p project.Project) (s Subject, ok bool) {
	if p.StartedOn == nil {
		return s, false
	}
	s = Subject{Kind: OfProject, ID: p.ID, Slug: p.Slug, TitleZH: p.TitleZH, TitleEN: p.TitleEN, From: *p.StartedOn}
	if p.EndedOn != nil {
		s.Until = *p.EndedOn
	}
	return s, true
}

// MajorEvent is a 重大事项 that staff wrote down; its report is due 30 days after it.
type MajorEvent struct {
	ID         int       `db:"id"`
	TitleZH    string    `db:"title_zh"`
	TitleEN    string    `db:"title_en"`
	HappenedOn time.Time `db:"happened_on"`
}

// NoteEvent writes a major event down and returns it with its id.
func NoteEvent(ctx context.Context, tx *sqlx.Tx, community int, e MajorEvent, by string) (_ MajorEvent, err error) {
	defer wrap(&err, "disclosure.NoteEvent(%d)", community)
	err = tx.GetContext(ctx, &e.ID, `
		INSERT INTO disclosure.event (community_id, id, title_zh, title_en, happened_on, noted_by)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5 FROM disclosure.event WHERE community_id = $1 RETURNING id`,
		community, e.TitleZH, e.TitleEN, e.HappenedOn, by)
	return e, err
}

func findEvents(ctx context.Context, q sqlx.QueryerContext, community int) (list []Subject, err error) {
	var events []MajorEvent
	err = sqlx.SelectContext(ctx, q, &events, `SELECT id, title_zh, title_en, happened_on FROM disclosure.event WHERE community_id = $1 ORDER BY id`, community)
	for _, e := range events {
		list = append(list, Subject{Kind: OfEvent, ID: e.ID, TitleZH: e.TitleZH, TitleEN: e.TitleEN, From: e.HappenedOn, Until: e.HappenedOn})
	}
	return list, err
}

// ByKey reads which documents there are, by the keys of what they tell.
func ByKey(ctx context.Context, q sqlx.QueryerContext, community int) (_ map[string]Done, err error) {
	defer wrap(&err, "disclosure.ByKey(%d)", community)
	return findDone(ctx, q, community)
}

func findDone(ctx context.Context, q sqlx.QueryerContext, community int) (map[string]Done, error) {
	var rows []struct {
		Duty                  string
		Year, Number, Version int
		On                    time.Time
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT duty, year, number, max(version) AS version, min(published_on) AS "on"
		  FROM disclosure.document WHERE community_id = $1 GROUP BY duty, year, number`, community)
	done := make(map[string]Done, len(rows))
	for _, r := range rows {
		done[r.Duty] = Done{Year: r.Year, Number: r.Number, Version: r.Version, On: r.On}
	}
	return done, err
}
