package voice

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// following are those who asked for mail and get it: not forgotten, not ended, and with a gift to the campaign that stands,
// be it the one with which they asked or one that took its place.
const following = `
		  FROM voice.follow f
		  JOIN campaigns.donation a ON a.community_id = f.community_id AND a.id = f.donation_id
		  JOIN campaigns.donor n ON n.community_id = a.community_id AND n.id = a.donor_id
		 WHERE f.community_id = $1 AND f.ended_at IS NULL AND n.email <> '' AND EXISTS (
		       SELECT FROM campaigns.donation d
		        WHERE d.community_id = a.community_id AND d.donor_id = a.donor_id AND d.campaign_id = f.campaign_id AND d.state = 'paid' AND d.refunded < d.amount)`

// Follow writes down that the giver of a donation asked to be told what becomes of it. Without an address nothing is
// written. A second time changes nothing.
func Follow(ctx context.Context, tx *sqlx.Tx, community int, donation uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "voice.Follow(%d, %s)", community, donation)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO voice.follow (community_id, donation_id, campaign_id, token, since)
		SELECT d.community_id, d.id, d.campaign_id, $3, $4
		  FROM campaigns.donation d JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
		 WHERE d.community_id = $1 AND d.id = $2 AND n.email <> '' ON CONFLICT (community_id, donation_id) DO NOTHING`,
		community, donation, newToken(), at)
	return err
}

// Subscription is what an unsubscribing link opens: which campaign's letters, and whether they still come.
type Subscription struct {
	DonationID uuid.UUID  `db:"donation_id"`
	CampaignID int        `db:"campaign_id"`
	Token      string     `db:"token"`
	EndedAt    *time.Time `db:"ended_at"`
}

// FindSubscription reads what a token opens; ErrNotFound.
func FindSubscription(ctx context.Context, q sqlx.QueryerContext, community int, token string) (s Subscription, err error) {
	defer wrap(&err, "voice.FindSubscription(%d)", community)
	err = sqlx.GetContext(ctx, q, &s, `SELECT donation_id, campaign_id, token, ended_at FROM voice.follow WHERE community_id = $1 AND token = $2`, community, token)
	return s, err
}

// SubscriptionOf reads the letters that a donation's giver asked for about its campaign; nil where they asked for none.
func SubscriptionOf(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (s *Subscription, err error) {
	defer wrap(&err, "voice.SubscriptionOf(%d, %s)", community, donation)
	var found []Subscription
	err = sqlx.SelectContext(ctx, q, &found, `
		SELECT f.donation_id, f.campaign_id, f.token, f.ended_at
		  FROM campaigns.donation d
		  JOIN campaigns.donation a ON a.community_id = d.community_id AND (a.id = d.id OR a.donor_id = d.donor_id)
		  JOIN voice.follow f ON f.community_id = a.community_id AND f.donation_id = a.id AND f.campaign_id = d.campaign_id
		 WHERE d.community_id = $1 AND d.id = $2 ORDER BY f.ended_at IS NOT NULL, f.since LIMIT 1`, community, donation)
	if len(found) == 0 {
		return nil, err
	}
	return &found[0], err
}

// Unfollow ends the letters about a campaign to the address of the token's giver, whichever of their gifts asked for
// them; all ends those about every campaign. Ending what has ended is fine. ErrNotFound.
func Unfollow(ctx context.Context, tx *sqlx.Tx, community int, token string, all bool, at time.Time) (err error) {
	defer wrap(&err, "voice.Unfollow(%d)", community)
	result, err := tx.ExecContext(ctx, `
		WITH this AS (
		       SELECT f.donation_id, f.campaign_id, lower(n.email) AS email
		         FROM voice.follow f
		         JOIN campaigns.donation d ON d.community_id = f.community_id AND d.id = f.donation_id
		         JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
		        WHERE f.community_id = $1 AND f.token = $2)
		UPDATE voice.follow f SET ended_at = coalesce(f.ended_at, $4)
		  FROM this, campaigns.donation d, campaigns.donor n
		 WHERE f.community_id = $1 AND d.community_id = $1 AND d.id = f.donation_id AND n.community_id = $1 AND n.id = d.donor_id
		   AND (f.donation_id = this.donation_id OR this.email <> '' AND lower(n.email) = this.email AND ($3 OR f.campaign_id = this.campaign_id))`,
		community, token, all, at)
	return moved(result, err, ErrNotFound)
}
