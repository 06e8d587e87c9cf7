package campaigns

import (
	"context"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Picture is a photograph that a campaign shows in place of a drawing.
type Picture struct {
	ID     uuid.UUID `db:"id"`
	Width  int       `db:"width"` // pixels
	Height int       `db:"height"`
	JPEG   []byte    `db:"jpeg"`
	Alt    string    `db:"alt"` // what a screen reader says
}

// AddPicture stores a picture under an id of its own; it is never changed, so
// its address may be cached for ever.
func AddPicture(ctx context.Context, tx *sqlx.Tx, community int, p Picture) (_ Picture, err error) {
	defer wrap(&err, "campaigns.AddPicture(%d)", community)
	if p.ID, err = uuid.NewV7(); err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.picture (community_id, id, width, height, jpeg, alt) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, p.ID, p.Width, p.Height, p.JPEG, p.Alt)
	return p, err
}

// FindPicture reads a picture; ErrNotFound.
func FindPicture(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (p Picture, err error) {
	defer wrap(&err, "campaigns.FindPicture(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &p, `
		SELECT id, width, height, jpeg, alt FROM campaigns.picture WHERE community_id = $1 AND id = $2`, community, id)
	return p, err
}
