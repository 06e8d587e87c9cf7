package campaigns

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// RenameDonors corrects a name. The commitments in the journal stay over the
// name as it was given.
func RenameDonors(ctx context.Context, tx *sqlx.Tx, community int, donors []uuid.UUID, name string) (err error) {
	defer wrap(&err, "campaigns.RenameDonors(%d)", community)
	_, err = tx.ExecContext(ctx, `UPDATE campaigns.donor SET name = $3 WHERE community_id = $1 AND id = ANY ($2::uuid[]) AND erased_at IS NULL`,
		community, texts(donors), name)
	return err
}

// ReachDonors corrects a mail address.
func ReachDonors(ctx context.Context, tx *sqlx.Tx, community int, donors []uuid.UUID, email string) (err error) {
	defer wrap(&err, "campaigns.ReachDonors(%d)", community)
	_, err = tx.ExecContext(ctx, `UPDATE campaigns.donor SET email = $3 WHERE community_id = $1 AND id = ANY ($2::uuid[]) AND erased_at IS NULL`,
		community, texts(donors), email)
	return err
}

// ShowDonation changes what the public may see of a gift's donor; ErrNotFound.
func ShowDonation(ctx context.Context, tx *sqlx.Tx, community int, donation uuid.UUID, name, message bool) (err error) {
	defer wrap(&err, "campaigns.ShowDonation(%d, %s)", community, donation)
	return notFound(move(tx.ExecContext(ctx, `UPDATE campaigns.donation SET show_name = $3, show_message = $4 WHERE community_id = $1 AND id = $2`,
		community, donation, name, message)))
}

// EraseDonors forgets the personal data of donors (PIPL Art. 47): names,
// addresses, salts and the messages they wrote. The books keep the amounts, and
// a commitment whose salt is gone ties to nobody.
func EraseDonors(ctx context.Context, tx *sqlx.Tx, community int, donors []uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "campaigns.EraseDonors(%d)", community)
	_, err = tx.ExecContext(ctx, `UPDATE campaigns.donor SET name = '', email = '', salt = '', erased_at = $3 WHERE community_id = $1 AND id = ANY ($2::uuid[])`,
		community, texts(donors), at)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE campaigns.donation SET message = '', show_name = false, show_message = false WHERE community_id = $1 AND donor_id = ANY ($2::uuid[])`,
		community, texts(donors))
	if err != nil {
		return err
	}
	return forgetGiving(ctx, tx, community, texts(donors))
}

func texts(ids []uuid.UUID) pq.StringArray {
	list := make(pq.StringArray, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}
