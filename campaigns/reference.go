package campaigns

import (
	"context"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/payment"
)

// References reads the numbers by which a statement of a bank or a payment
// company may name gifts: what the payer was given to write, and the company's
// own number of the payment.
func References(ctx context.Context, q sqlx.QueryerContext, community int, donations []uuid.UUID) (of map[uuid.UUID][]string, err error) {
	defer wrap(&err, "campaigns.References(%d)", community)
	if of, err = payment.ReferencesOf(ctx, q, community, donations); err != nil || len(donations) == 0 {
		return of, err
	}
	var rows []struct {
		ID        uuid.UUID `db:"id"`
		Reference string    `db:"provider_ref"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT id, provider_ref FROM campaigns.donation WHERE community_id = $1 AND id = ANY ($2::uuid[]) AND method <> 'cash' AND provider_ref <> ''`,
		community, pq.Array(donations))
	for _, row := range rows {
		of[row.ID] = append(of[row.ID], row.Reference)
	}
	return of, err
}

// FindTransfers reads the gifts awaited by bank transfer that references name;
// those that are paid, ended or of another way are left out.
func FindTransfers(ctx context.Context, q sqlx.QueryerContext, community int, references []string) (of map[string]Awaited, err error) {
	defer wrap(&err, "campaigns.FindTransfers(%d)", community)
	of = map[string]Awaited{}
	orders, err := payment.OrdersOf(ctx, q, community, references)
	if err != nil || len(orders) == 0 {
		return of, err
	}
	ids := make([]uuid.UUID, 0, len(orders))
	refs := make(map[uuid.UUID]string, len(orders))
	for reference, id := range orders {
		ids, refs[id] = append(ids, id), reference
	}
	var ds []Donation
	err = sqlx.SelectContext(ctx, q, &ds, selectDonation+` AND d.state = 'pending' AND d.method = $2 AND d.id = ANY ($3::uuid[])`, community, byTransfer, pq.Array(ids))
	for _, d := range ds {
		of[refs[d.ID]] = Awaited{d, refs[d.ID]}
	}
	return of, err
}
