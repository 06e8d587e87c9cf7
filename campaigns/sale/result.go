package sale

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Result is what a place has brought in and spent, as the public sees it.
type Result struct {
	Sales     Sum
	Takings   Sum // lines from a paper pad
	Refunds   Sum
	Tips      Sum          // donations, and none of the proceeds
	Costs     money.Amount // what it spent
	OverShort money.Amount // drawers' differences; negative: short
	Items     []ItemSum
	Spent     []Cost
}

// Proceeds is what was sold, receipt by receipt or as a line, less what was given back.
func (r Result) Proceeds() money.Amount {
	return r.Sales.Amount.Add(r.Takings.Amount).Sub(r.Refunds.Amount)
}

// Surplus is what is left of the proceeds, tips apart.
func (r Result) Surplus() money.Amount { return r.Proceeds().Sub(r.Costs).Add(r.OverShort) }

// ResultOf counts what a place has brought in and spent until now.
func ResultOf(ctx context.Context, q sqlx.QueryerContext, community, place int) (r Result, err error) {
	defer wrap(&err, "sale.ResultOf(%d, %d)", community, place)
	for into, query := range map[*Sum]string{
		&r.Sales: `SELECT count(*) AS count, coalesce(sum(total), 0.00) AS amount FROM sale.sale WHERE community_id = $1 AND place_id = $2`,
		&r.Refunds: `SELECT count(*) AS count, coalesce(sum(r.amount), 0.00) AS amount FROM sale.refund r
		               JOIN sale.sale s ON s.community_id = r.community_id AND s.id = r.sale_id WHERE r.community_id = $1 AND s.place_id = $2`,
		&r.Takings: `SELECT count(*) AS count, coalesce(sum(t.amount), 0.00) AS amount FROM sale.takings t WHERE t.community_id = $1 AND t.place_id = $2
		               AND NOT EXISTS (SELECT FROM ledger.journal_entry e WHERE e.community_id = $1 AND e.reverses_seq = t.entry_seq)`,
		&r.Tips: `SELECT count(*) AS count, coalesce(sum(tip), 0.00) AS amount FROM sale.sale WHERE community_id = $1 AND place_id = $2 AND tip > 0`,
	} {
		if err = sqlx.GetContext(ctx, q, into, query, community, place); err != nil {
			return r, err
		}
	}
	err = sqlx.GetContext(ctx, q, &r.OverShort, `
		SELECT coalesce(sum(counted - expected), 0.00) FROM sale.session WHERE community_id = $1 AND place_id = $2 AND closed_at IS NOT NULL`, community, place)
	if err != nil {
		return r, err
	}
	if r.Items, err = itemSums(ctx, q, community, `s.place_id = $2`, `s.place_id = $2`, place); err != nil {
		return r, err
	}
	r.Spent, err = ListCosts(ctx, q, community, place)
	for _, c := range r.Spent {
		r.Costs = r.Costs.Add(c.Amount)
	}
	return r, err
}
