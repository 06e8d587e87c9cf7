package sale

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// DrawersByFund is the cash that should lie in open drawers, of the funds of
// their places; tips, which are other funds' until the drawer is counted, with it.
func DrawersByFund(ctx context.Context, q sqlx.QueryerContext, community int) (parts []ledger.FundCash, err error) {
	defer wrap(&err, "sale.DrawersByFund(%d)", community)
	err = sqlx.SelectContext(ctx, q, &parts, `
		SELECT p.fund_id, sum(d.amount) AS amount
		  FROM (`+openDrawers+`) d
		  JOIN sale.place p ON p.community_id = $1 AND p.id = d.place_id GROUP BY p.fund_id`, community)
	return parts, err
}
