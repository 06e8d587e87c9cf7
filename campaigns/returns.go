package campaigns

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// Returns is how far the money of a campaign that missed its goal has come on
// its way back.
type Returns struct {
	Gifts  int `db:"gifts"`  // that came in
	Booked int `db:"booked"` // given back in the books
	Back   int `db:"back"`   // with their givers, as companies and cashiers say
}

// ReturnsOf counts the gifts of a campaign that go back.
func ReturnsOf(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (r Returns, err error) {
	defer wrap(&err, "campaigns.ReturnsOf(%d, %d)", community, campaign)
	err = sqlx.GetContext(ctx, q, &r, `
		SELECT count(*) AS gifts, count(*) FILTER (WHERE d.refunded = d.amount) AS booked,
		       count(*) FILTER (WHERE d.refunded = d.amount AND NOT EXISTS (
		             SELECT FROM campaigns.refund f
		               LEFT JOIN campaigns.refund_progress p ON p.community_id = f.community_id AND p.refund_id = f.id
		              WHERE f.community_id = d.community_id AND f.donation_id = d.id AND p.state IS DISTINCT FROM 'done')) AS back
		  FROM campaigns.donation d WHERE d.community_id = $1 AND d.campaign_id = $2 AND d.state = 'paid'`, community, campaign)
	return r, err
}
