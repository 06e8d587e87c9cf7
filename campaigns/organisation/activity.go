package organisation

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Activity is something that an organisation did: a day, what, and how many came.
type Activity struct {
	OrganisationID int        `db:"organisation_id"`
	N              int        `db:"n"` // 1, 2, 3 … within the organisation
	HeldOn         time.Time  `db:"held_on"`
	WhatZH         string     `db:"what_zh"`
	WhatEN         string     `db:"what_en"`
	People         int        `db:"people"` // who came twice counts twice
	Points         int        `db:"points"` // what a group earned by the rule of the day
	Rule           *int       `db:"rule_n"`
	EnteredBy      string     `db:"entered_by"`
	EnteredAt      time.Time  `db:"entered_at"`
	WithdrawnBy    string     `db:"withdrawn_by"`
	WithdrawnAt    *time.Time `db:"withdrawn_at"`
	WithdrawnWhy   string     `db:"withdrawn_why"`
}

// What is what was done, in the reader's language.
func (a Activity) What(lang string) string { return inLanguage(lang, a.WhatZH, a.WhatEN) }

// RecordActivities writes activities down, of one organisation or of many, in
// one statement, and returns the points they earned. ErrTwice where one stands
// already with the same day and name; ErrNotFound.
func RecordActivities(ctx context.Context, tx *sqlx.Tx, community int, all ...Activity) (points int, err error) {
	defer wrap(&err, "organisation.RecordActivities(%d, %d of them)", community, len(all))
	n := len(all)
	of, people, days, zh, en, who, at := make([]int64, n), make([]int64, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]time.Time, n)
	for i, a := range all {
		of[i], people[i], days[i], zh[i], en[i], who[i], at[i] = int64(a.OrganisationID), int64(a.People), iso(a.HeldOn), a.WhatZH, a.WhatEN, a.EnteredBy, a.EnteredAt
	}
	if _, err = tx.ExecContext(ctx, `
		SELECT FROM organisation.organisation WHERE community_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE`, community, pq.Array(of)); err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &points, `
		WITH u AS (SELECT *, row_number() OVER (PARTITION BY organisation_id ORDER BY ord) AS k
		             FROM unnest($2::int[], $3::date[], $4::text[], $5::text[], $6::int[], $7::text[], $8::timestamptz[])
		                  WITH ORDINALITY AS x (organisation_id, held_on, what_zh, what_en, people, entered_by, entered_at, ord)),
		     w AS (INSERT INTO organisation.activity (community_id, organisation_id, n, held_on, what_zh, what_en, people, entered_by, entered_at)
		           SELECT $1, u.organisation_id, k + coalesce((SELECT max(n) FROM organisation.activity a WHERE a.community_id = $1 AND a.organisation_id = u.organisation_id), 0),
		                  held_on, what_zh, what_en, people, entered_by, entered_at FROM u ORDER BY ord RETURNING points)
		SELECT coalesce(sum(points), 0) FROM w`,
		community, pq.Array(of), pq.Array(days), pq.Array(zh), pq.Array(en), pq.Array(people), pq.Array(who), pq.Array(at))
	return points, err
}

// WithdrawActivity takes back one that was entered wrongly, with a reason; it
// stays to be seen by the staff. ErrNoReason, ErrState, ErrPoints where its
// points are spent already.
func WithdrawActivity(ctx context.Context, tx *sqlx.Tx, community, of, n int, why, who string, at time.Time) (err error) {
	defer wrap(&err, "organisation.WithdrawActivity(%d, %d, %d)", community, of, n)
	if strings.TrimSpace(why) == "" {
		return ErrNoReason
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE organisation.activity SET withdrawn_by = $4, withdrawn_at = $5, withdrawn_why = $6
		 WHERE community_id = $1 AND organisation_id = $2 AND n = $3 AND withdrawn_at IS NULL`, community, of, n, who, at, why))
}

// ListActivities reads the activities of the days from..to that stand, the latest first;
// of is an organisation, 0 for all.
func ListActivities(ctx context.Context, q sqlx.QueryerContext, community, of int, from, to time.Time) (all []Activity, err error) {
	defer wrap(&err, "organisation.ListActivities(%d, %d)", community, of)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT organisation_id, n, held_on, what_zh, what_en, people, points, rule_n, entered_by, entered_at, withdrawn_by, withdrawn_at, withdrawn_why
		  FROM organisation.activity WHERE community_id = $1 AND ($2 = 0 OR organisation_id = $2) AND held_on BETWEEN $3 AND $4 AND withdrawn_at IS NULL
		 ORDER BY held_on DESC, organisation_id, n DESC`, community, of, iso(from), iso(to))
	return all, err
}

// UsualActivities reads what an organisation does most, for a form to offer.
func UsualActivities(ctx context.Context, q sqlx.QueryerContext, community, of int) (what []string, err error) {
	defer wrap(&err, "organisation.UsualActivities(%d, %d)", community, of)
	err = sqlx.SelectContext(ctx, q, &what, `
		SELECT what_zh FROM organisation.activity WHERE community_id = $1 AND organisation_id = $2 AND withdrawn_at IS NULL
		 GROUP BY what_zh ORDER BY count(*) DESC, what_zh LIMIT 12`, community, of)
	return what, err
}
