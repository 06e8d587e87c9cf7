package voice

import (
	"context"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Follower is a giver who asked for mail about a campaign, and how to end it.
type Follower struct {
	DonationID uuid.UUID `db:"donation_id"`
	Name       string    `db:"name"`
	Email      string    `db:"email"`
	Lang       string    `db:"lang"`
	Token      string    `db:"token"`
}

// Followers reads who is to be told what becomes of a campaign, each address once.
func Followers(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (list []Follower, err error) {
	defer wrap(&err, "voice.Followers(%d, %d)", community, campaign)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT DISTINCT ON (lower(n.email)) f.donation_id, n.name, n.email, n.lang, f.token`+following+` AND f.campaign_id = $2
		 ORDER BY lower(n.email), f.donation_id`, community, campaign)
	return list, err
}

// FindFollower reads the giver of one donation, if they still want mail; ErrNotFound.
func FindFollower(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (f Follower, err error) {
	defer wrap(&err, "voice.FindFollower(%d, %s)", community, donation)
	err = sqlx.GetContext(ctx, q, &f, `SELECT f.donation_id, n.name, n.email, n.lang, f.token`+following+` AND f.donation_id = $2`, community, donation)
	return f, err
}
