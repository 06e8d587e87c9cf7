package council

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Signature is a member's word that minutes say what happened.
type Signature struct {
	CouncilID int       `db:"council_id"`
	Year      int       `db:"year"`
	Number    int       `db:"number"` // of the minutes
	Member    int       `db:"member"`
	Name      string    `db:"name"`
	Office    Office    `db:"office"`
	SignedAt  time.Time `db:"signed_at"`
}

// Of tells whether it stands under these minutes.
func (s Signature) Of(m Minutes) bool {
	return s.CouncilID == m.CouncilID && s.Year == m.Year && s.Number == m.Number
}

// Sign puts the name of whoever is logged in under a council's minutes,
// `2026-003`: of a meeting in whose term they sat. ErrNotFound, ErrNoMember,
// ErrSigned.
func Sign(ctx context.Context, tx *sqlx.Tx, c ledger.Community, council int, serial, who string, at time.Time) (err error) {
	defer wrap(&err, "council.Sign(%d, %d, %s)", c.ID, council, serial)
	m, err := FindMinutes(ctx, tx, c.ID, council, serial)
	if err != nil {
		return err
	}
	member, err := memberOf(ctx, tx, c.ID, council, who, m.HeldOn)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO council.signature (community_id, council_id, year, number, member, signed_by, signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, council, m.Year, m.Number, member.Number, who, at)
	return err
}

// Signatures reads who signed a council's minutes, the first first.
func Signatures(ctx context.Context, q sqlx.QueryerContext, community, council int) (list []Signature, err error) {
	defer wrap(&err, "council.Signatures(%d, %d)", community, council)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT s.council_id, s.year, s.number, s.member, m.name, m.office, s.signed_at
		  FROM council.signature s JOIN council.member m ON m.community_id = s.community_id AND m.council_id = s.council_id AND m.number = s.member
		 WHERE s.community_id = $1 AND s.council_id = $2 ORDER BY s.signed_at, s.member`, community, council)
	return list, err
}
