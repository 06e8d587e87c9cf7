package mutualaid

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Person is a resident who helps or is helped. Name and phone are for the
// centre's staff alone.
type Person struct {
	ID        int        `db:"id"`
	Name      string     `db:"name"`
	Phone     string     `db:"phone"`      // empty once erased
	Token     string     `db:"token"`      // 128 random bits: the address of the person's own page
	EnteredBy string     `db:"entered_by"` // at the centre, else empty
	Since     time.Time  `db:"since"`
	InvitedAt *time.Time `db:"invited_at"` // to offer something
	ErasedAt  *time.Time `db:"erased_at"`

	Given    int        `db:"given"`     // minutes
	Received int        `db:"received"`  // minutes
	Offers   int        `db:"offers"`    // on the board now
	HelpedOn *time.Time `db:"helped_on"` // the last time somebody helped them
}

// ToInvite tells that somebody received help, gave none, offers nothing, and was
// not invited yet.
func (p Person) ToInvite() bool {
	return p.Received > 0 && p.Given == 0 && p.Offers == 0 && p.InvitedAt == nil && p.ErasedAt == nil
}

const peopleQuery = `
	SELECT p.id, p.name, p.phone, p.token, p.entered_by, p.since, p.invited_at, p.erased_at,
	       coalesce(h.given, 0) AS given, coalesce(h.received, 0) AS received, h.helped_on,
	       (SELECT count(*) FROM mutualaid.card c WHERE c.community_id = p.community_id AND c.person_id = p.id AND c.kind = 'offer' AND c.state = 'open') AS offers
	  FROM mutualaid.person p
	  LEFT JOIN (SELECT person_id, -sum(minutes) FILTER (WHERE minutes < 0) AS given, sum(minutes) FILTER (WHERE minutes > 0) AS received,
	                    max(entry_date) FILTER (WHERE minutes > 0) AS helped_on
	               FROM mutualaid.hour WHERE community_id = $1 GROUP BY person_id) h ON h.person_id = p.id
	 WHERE p.community_id = $1`

// ListPeople reads everybody who is not erased, by name.
func ListPeople(ctx context.Context, q sqlx.QueryerContext, community int) (people []Person, err error) {
	defer wrap(&err, "mutualaid.ListPeople(%d)", community)
	err = sqlx.SelectContext(ctx, q, &people, peopleQuery+` AND p.erased_at IS NULL ORDER BY p.name COLLATE "zh-x-icu", p.id`, community)
	return people, err
}

// PersonAt reads a person; ErrNotFound.
func PersonAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (p Person, err error) {
	defer wrap(&err, "mutualaid.PersonAt(%d, %d)", community, id)
	err = sqlx.GetContext(ctx, q, &p, peopleQuery+` AND p.id = $2`, community, id)
	return p, err
}

// PersonByToken reads the person whose address it is; ErrNotFound.
func PersonByToken(ctx context.Context, q sqlx.QueryerContext, community int, token string) (p Person, err error) {
	defer wrap(&err, "mutualaid.PersonByToken(%d)", community)
	err = sqlx.GetContext(ctx, q, &p, peopleQuery+` AND p.token = $2 AND p.erased_at IS NULL`, community, token)
	return p, err
}

// addPerson writes somebody down, with an address of their own.
func addPerson(ctx context.Context, tx *sqlx.Tx, community int, p Person) (Person, error) {
	p.Token = newToken()
	err := tx.GetContext(ctx, &p.ID, `
		WITH next AS (
		  INSERT INTO mutualaid.register AS r (community_id, last_person) VALUES ($1, 1)
		  ON CONFLICT (community_id) DO UPDATE SET last_person = r.last_person + 1 RETURNING last_person
		)
		INSERT INTO mutualaid.person (community_id, id, name, phone, token, entered_by, since)
		SELECT $1, last_person, $2, $3, $4, $5, $6 FROM next RETURNING id`, community, p.Name, p.Phone, p.Token, p.EnteredBy, p.Since)
	return p, err
}

// Invite writes down that somebody who was helped was asked whether they would
// like to help, too. ErrState where they were asked before.
func Invite(ctx context.Context, tx *sqlx.Tx, community, id int, who string, at time.Time) (err error) {
	defer wrap(&err, "mutualaid.Invite(%d, %d)", community, id)
	return moved(tx.ExecContext(ctx, `
		UPDATE mutualaid.person SET invited_by = $3, invited_at = $4 WHERE community_id = $1 AND id = $2 AND invited_at IS NULL AND erased_at IS NULL`,
		community, id, who, at))
}

// Erase forgets somebody: name and telephone go, their cards leave the board
// with their words, what they said goes, what was arranged for them is called off. The hours stay,
// without a name.
func Erase(ctx context.Context, tx *sqlx.Tx, community, id int, at time.Time) (err error) {
	defer wrap(&err, "mutualaid.Erase(%d, %d)", community, id)
	for _, query := range []string{
		`UPDATE mutualaid.engagement SET state = 'called_off'
		  WHERE community_id = $1 AND $2 IN (helper_id, helped_id) AND state IN ('proposed', 'agreed') AND $3::timestamptz IS NOT NULL`,
		`UPDATE mutualaid.engagement SET thanks = '' WHERE community_id = $1 AND helped_id = $2 AND $3::timestamptz IS NOT NULL`,
		`UPDATE mutualaid.step s SET note = '' FROM mutualaid.engagement e
		  WHERE s.community_id = $1 AND e.community_id = s.community_id AND e.id = s.engagement_id AND s.note <> '' AND $3::timestamptz IS NOT NULL
		    AND s.side = CASE $2::int WHEN e.helper_id THEN 'helper' WHEN e.helped_id THEN 'helped' END`,
		`UPDATE mutualaid.card SET what = '–', place = '–', state = CASE WHEN state IN ('waiting', 'open') THEN 'withdrawn' ELSE state END, moved_at = $3
		  WHERE community_id = $1 AND person_id = $2`,
	} {
		if _, err = tx.ExecContext(ctx, query, community, id, at); err != nil {
			return err
		}
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE mutualaid.person SET name = '–', phone = '', token = $4, erased_at = $3 WHERE community_id = $1 AND id = $2 AND erased_at IS NULL`,
		community, id, at, newToken()))
}
