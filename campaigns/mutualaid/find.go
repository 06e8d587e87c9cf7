package mutualaid

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

const engagementQuery = `
	SELECT e.id, e.need_id, e.offer_id, e.helper_id, e.helped_id, e.on_day, e.part, e.planned, e.state, e.helper_agrees, e.helped_agrees,
	       e.helper_minutes, e.helped_minutes, e.thanks, n.category, n.what, n.place, a.name AS helper_name, b.name AS helped_name,
	       a.phone AS helper_phone, b.phone AS helped_phone
	  FROM mutualaid.engagement e
	  JOIN mutualaid.card n ON n.community_id = e.community_id AND n.id = e.need_id
	  JOIN mutualaid.person a ON a.community_id = e.community_id AND a.id = e.helper_id
	  JOIN mutualaid.person b ON b.community_id = e.community_id AND b.id = e.helped_id
	 WHERE e.community_id = $1`

// EngagementAt reads an engagement; ErrNotFound.
func EngagementAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (e Engagement, err error) {
	defer wrap(&err, "mutualaid.EngagementAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &e, engagementQuery+` AND e.id = $2`, community, id)
	return e, err
}

// UnderWay reads the engagements that are proposed or agreed, by their day.
func UnderWay(ctx context.Context, q sqlx.QueryerContext, community int) (all []Engagement, err error) {
	defer wrap(&err, "mutualaid.UnderWay(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, engagementQuery+` AND e.state IN ('proposed', 'agreed') ORDER BY e.on_day, e.id`, community)
	return all, err
}

// EngagementsOf reads those of a person, the newest first.
func EngagementsOf(ctx context.Context, q sqlx.QueryerContext, community, person int) (all []Engagement, err error) {
	defer wrap(&err, "mutualaid.EngagementsOf(%d, %d)", community, person)
	err = sqlx.SelectContext(ctx, q, &all, engagementQuery+` AND $2 IN (e.helper_id, e.helped_id) ORDER BY e.on_day DESC, e.id DESC LIMIT 200`, community, person)
	return all, err
}

// ForNeed reads what was arranged for a need, the newest first.
func ForNeed(ctx context.Context, q sqlx.QueryerContext, community int, need uuid.UUID) (all []Engagement, err error) {
	defer wrap(&err, "mutualaid.ForNeed(%d, %s)", community, need)
	err = sqlx.SelectContext(ctx, q, &all, engagementQuery+` AND e.need_id = $2 ORDER BY e.id DESC`, community, need)
	return all, err
}

// Step is one word about an engagement, as it was heard.
type Step struct {
	Side    Side      `db:"side"`
	Said    Said      `db:"said"`
	Minutes int       `db:"minutes"` // 0 where none are told
	Note    string    `db:"note"`
	Through string    `db:"through"`
	At      time.Time `db:"at"`
}

// Steps reads what was said about an engagement, in order.
func Steps(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (steps []Step, err error) {
	defer wrap(&err, "mutualaid.Steps(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &steps, `
		SELECT side, said, coalesce(minutes, 0) AS minutes, note, through, at
		  FROM mutualaid.step WHERE community_id = $1 AND engagement_id = $2 ORDER BY n`, community, id)
	return steps, err
}

// Unmatched reads the open needs for which nobody is arranged, those whose last
// day is nearest first.
func Unmatched(ctx context.Context, q sqlx.QueryerContext, community int, today time.Time) (cards []Card, err error) {
	defer wrap(&err, "mutualaid.Unmatched(%d)", community)
	err = sqlx.SelectContext(ctx, q, &cards, cardQuery+` AND kind = 'need' AND state = 'open' AND until >= $2
		AND NOT EXISTS (SELECT FROM mutualaid.engagement e WHERE e.community_id = card.community_id AND e.need_id = card.id AND e.state IN ('proposed', 'agreed'))
		ORDER BY until, made_at`, community, iso(today))
	return cards, err
}

// WaitingOf counts what waits for the staff: cards to look at, and needs with
// nobody arranged. One query, for the menu.
func WaitingOf(ctx context.Context, q sqlx.QueryerContext, community int, today time.Time) (n int, err error) {
	defer wrap(&err, "mutualaid.WaitingOf(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT count(*) FROM mutualaid.card c WHERE c.community_id = $1 AND (c.state = 'waiting' OR c.kind = 'need' AND c.state = 'open' AND c.until >= $2
		   AND NOT EXISTS (SELECT FROM mutualaid.engagement e WHERE e.community_id = c.community_id AND e.need_id = c.id AND e.state IN ('proposed', 'agreed')))`,
		community, iso(today))
	return n, err
}
