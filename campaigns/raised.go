package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Raised is what gifts paid up to a moment brought a campaign, with what pools
// added to them, less what has been given back since.
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
		SELECT d.campaign_id, sum(d.amount - d.refunded + coalesce(m.added, 0)) AS amount, count(*) FILTER (WHERE d.refunded < d.amount) AS gifts
		  FROM campaigns.donation d
		  LEFT JOIN (SELECT donation_id, sum(amount - taken_back) AS added FROM campaigns.match WHERE community_id = $1 GROUP BY 1) m ON m.donation_id = d.id
		 WHERE d.community_id = $1 AND d.state = 'paid' AND d.paid_at < $2 GROUP BY d.campaign_id`, community, until)
	of = make(map[int]Raised, len(rows))
	for _, r := range rows {
		of[r.CampaignID] = r
	}
	return of, err
}
