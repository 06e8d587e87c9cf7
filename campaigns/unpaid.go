package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Unpaid is how many gifts to a campaign below an amount were started since a
// moment and are not paid, and how many were paid since: programs that try
// stolen cards start many and pay few. It counts to a few hundred and stops.
func Unpaid(ctx context.Context, q sqlx.QueryerContext, community, campaign int, below money.Amount, since time.Time) (unpaid, paid int, err error) {
	defer wrap(&err, "campaigns.Unpaid(%d, %d)", community, campaign)
	err = q.QueryRowxContext(ctx, `
		SELECT (SELECT count(*) FROM (SELECT FROM campaigns.donation
		         WHERE community_id = $1 AND campaign_id = $2 AND state = 'pending' AND created_at > $4 AND amount < $3 LIMIT 500) u),
		       (SELECT count(*) FROM (SELECT FROM campaigns.donation
		         WHERE community_id = $1 AND campaign_id = $2 AND state = 'paid' AND paid_at > $4 LIMIT 500) p)`,
		community, campaign, below, since).Scan(&unpaid, &paid)
	return unpaid, paid, err
}
