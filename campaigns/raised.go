package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Raised is what gifts paid up to a moment brought a campaign, less what has
// been given back of them since.
type Raised struct {
	CampaignID int          `db:"campaign_id"`
	Amount     money.Amount `db:"amount"`
	Gifts      int          `db:"gifts"`
}

// RaisedUntil reads what each campaign had raised by a moment, as a report of
// the past needs it; Campaign.Raised is what it has now.
func RaisedUntil(ctx context.Context, q sqlx.QueryerContext, community int, until time.Time) (of map[int]Raised, err error) {
	defer wrap(&err, "campaigns.RaisedUntil(%d)", community)
	var rows []Raised
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT campaign_id, sum(amount - refunded) AS amount, count(*) FILTER (WHERE refunded < amount) AS gifts
		  FROM campaigns.donation
		 WHERE community_id = $1 AND state = 'paid' AND paid_at < $2 GROUP BY campaign_id`, community, until)
	of = make(map[int]Raised, len(rows))
	for _, r := range rows {
		of[r.CampaignID] = r
	}
	return of, err
}
