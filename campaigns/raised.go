package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Raised is what gifts paid in a span of time brought a campaign, less what
// has been given back of them since.
type Raised struct {
	CampaignID int          `db:"campaign_id"`
	Amount     money.Amount `db:"amount"`
	Gifts      int          `db:"gifts"`
}

// RaisedBetween reads what each campaign raised from a moment up to, and not
// with, another.
func RaisedBetween(ctx context.Context, q sqlx.QueryerContext, community int, from, until time.Time) (of map[int]Raised, err error) {
	defer wrap(&err, "campaigns.RaisedBetween(%d)", community)
	var rows []Raised
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT campaign_id, sum(amount - refunded) AS amount, count(*) FILTER (WHERE refunded < amount) AS gifts
		  FROM campaigns.donation
		 WHERE community_id = $1 AND state = 'paid' AND paid_at >= $2 AND paid_at < $3 GROUP BY campaign_id`, community, from, until)
	of = make(map[int]Raised, len(rows))
	for _, r := range rows {
		of[r.CampaignID] = r
	}
	return of, err
}
