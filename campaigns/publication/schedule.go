package publication

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/outbox"
	"fund/ledger"
)

// Schedule is a report that is issued by itself, some days after the last of its months was closed.
type Schedule struct {
	Kind  disclosure.Kind `db:"kind"`
	Span  Span            `db:"span"`
	Days  int             `db:"days"`
	SetBy string          `db:"set_by"`
	SetAt time.Time       `db:"set_at"` // months that were closed before it are left alone
}

// Schedulable are the reports that can be issued by themselves.
var Schedulable = []Schedule{{Kind: Fund, Span: Month}, {Kind: Sheet, Span: Month}, {Kind: Fund, Span: Quarter}, {Kind: Fund, Span: Year}, {Kind: Annual, Span: Year}}

// SetSchedule says how many days after the closing a report is issued by itself; a schedule that is set again keeps since when
// it holds.
func SetSchedule(ctx context.Context, tx *sqlx.Tx, community int, s Schedule) (err error) {
	defer wrap(&err, "publication.SetSchedule(%d, %s %s)", community, s.Kind, s.Span)
	if !slices.ContainsFunc(Schedulable, func(x Schedule) bool { return x.Kind == s.Kind && x.Span == s.Span }) {
		return ErrNotFound
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO publication.schedule (community_id, kind, span, days, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (community_id, kind, span) DO UPDATE SET days = EXCLUDED.days, set_by = EXCLUDED.set_by`,
		community, s.Kind, s.Span, s.Days, s.SetBy, s.SetAt)
	return err
}

// EndSchedule leaves a report to be issued by hand again.
func EndSchedule(ctx context.Context, tx *sqlx.Tx, community int, kind disclosure.Kind, span Span) (err error) {
	defer wrap(&err, "publication.EndSchedule(%d, %s %s)", community, kind, span)
	_, err = tx.ExecContext(ctx, `DELETE FROM publication.schedule WHERE community_id = $1 AND kind = $2 AND span = $3`, community, kind, span)
	return err
}

// Schedules lists what a community issues by itself.
func Schedules(ctx context.Context, q sqlx.QueryerContext, community int) (list []Schedule, err error) {
	defer wrap(&err, "publication.Schedules(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, `SELECT kind, span, days, set_by, set_at FROM publication.schedule WHERE community_id = $1 ORDER BY kind, span`, community)
	return list, err
}

// Scheduled are the communities that issue something by themselves.
func Scheduled(ctx context.Context, q sqlx.QueryerContext) (communities []int, err error) {
	defer wrap(&err, "publication.Scheduled")
	err = sqlx.SelectContext(ctx, q, &communities, `SELECT DISTINCT community_id FROM publication.schedule ORDER BY community_id`)
	return communities, err
}

// Awaited is a report that the schedules ask for.
type Awaited struct {
	Report
	ClosedAt time.Time // the last of its months
}

// Due lists the reports that the schedules ask for at a moment and that are not issued, the earliest months first.
func Due(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, now time.Time) (due []Awaited, err error) {
	defer wrap(&err, "publication.Due(%d)", c.ID)
	schedules, err := Schedules(ctx, q, c.ID)
	if err != nil || len(schedules) == 0 {
		return nil, err
	}
	return awaited(ctx, q, c, schedules, now)
}

// Waiting lists the reports that could be issued, and are not, the earliest months first.
func Waiting(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, now time.Time) (some []Awaited, err error) {
	defer wrap(&err, "publication.Waiting(%d)", c.ID)
	return awaited(ctx, q, c, Schedulable, now)
}

func awaited(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, schedules []Schedule, now time.Time) (some []Awaited, err error) {
	periods, err := ledger.ListPeriods(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	done, err := disclosure.ByKey(ctx, q, c.ID)
	for _, p := range slices.Backward(periods) {
		for _, s := range schedules {
			r, ok := s.awaited(periods, p.Month)
			if _, issued := done[r.Key()]; ok && !issued && !c.Day(now).Before(c.Day(r.ClosedAt).AddDate(0, 0, s.Days)) {
				some = append(some, r)
			}
		}
	}
	return some, err
}

// awaited is the report that ends with a month, if all of its months are closed, the last of them since the schedule holds.
func (s Schedule) awaited(periods []ledger.Period, last time.Time) (r Awaited, ok bool) {
	from, to := s.Span.around(last)
	if !to.Equal(last) {
		return r, false
	}
	r.Report = Of(s.Kind, from, to)
	closedAt, err := r.ready(periods)
	r.ClosedAt = closedAt
	return r, err == nil && !closedAt.Before(s.SetAt)
}

// Plan leaves in the outbox what is to be issued now, each report once. It may be called as often as one likes, by any number
// of servers at once.
func Plan(ctx context.Context, tx *sqlx.Tx, c ledger.Community, now time.Time) (err error) {
	defer wrap(&err, "publication.Plan(%d)", c.ID)
	due, err := Due(ctx, tx, c, now)
	if err != nil {
		return err
	}
	var messages []outbox.Message
	for _, r := range due {
		m, err := outbox.New(reportDue, aboutDue{r.Kind, r.From.Format("2006-01"), r.To.Format("2006-01")})
		if err != nil {
			return err
		}
		// The same report is the same message, until a month of it is opened and closed again.
		m.ID = uuid.NewSHA1(dues, fmt.Appendf(nil, "%d %s %d", c.ID, r.Key(), r.ClosedAt.UnixMicro()))
		messages = append(messages, m)
	}
	return outbox.Enqueue(ctx, tx, c.ID, messages...)
}

// dues is the space of the messages' ids.
var dues = uuid.MustParse("2f6c2a51-5a0b-4a5e-8f0e-6c1f5d9e7b34")
