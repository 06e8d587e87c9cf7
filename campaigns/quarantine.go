package campaigns

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// QuarantinedPayment is a notification that fits no order: no receipt, no
// income, until the treasurer has looked at it.
type QuarantinedPayment struct {
	ID         uuid.UUID    `db:"id"`
	Donation   *uuid.UUID   `db:"donation_id"`
	Provider   string       `db:"provider"`
	Reference  string       `db:"provider_ref"`
	Reason     string       `db:"reason"` // amount, currency, payee, method, paid_twice, fund_closed
	Amount     money.Amount `db:"amount"`
	Currency   string       `db:"currency"`
	ArrivedAt  time.Time    `db:"arrived_at"`
	ResolvedAt *time.Time   `db:"resolved_at"`
	ResolvedBy string       `db:"resolved_by"`
	Resolution string       `db:"resolution"`

	Action   QuarantineAction `db:"action"`    // empty while nothing was done, and of notes of old
	HeldSeq  *int64           `db:"held_seq"`  // the entry that put it into suspense
	BackSeq  *int64           `db:"back_seq"`  // the entry that took it out
	BookedAs *uuid.UUID       `db:"booked_as"` // the donation it became
}

const selectQuarantine = `
	SELECT id, donation_id, provider, provider_ref, reason, amount, currency, arrived_at, resolved_at, resolved_by, resolution,
	       action, held_seq, back_seq, booked_as
	  FROM campaigns.quarantine WHERE community_id = $1`

// quarantine puts a payment aside; the same one again changes nothing.
func quarantine(ctx context.Context, tx *sqlx.Tx, community int, d *waiting, p Payment, reason string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.quarantine (community_id, id, donation_id, provider, provider_ref, reason, amount, currency, arrived_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now()) ON CONFLICT (community_id, provider, provider_ref) DO NOTHING`,
		community, id, d.ID, p.Provider, p.Reference, reason, p.Amount, p.Currency)
	if err != nil || d.State != Pending {
		return err
	}
	d.State = Quarantined
	_, err = tx.ExecContext(ctx, `UPDATE campaigns.donation SET state = 'quarantined' WHERE community_id = $1 AND id = $2 AND state = 'pending'`, community, d.ID)
	return err
}

// Waiting counts what waits for the staff: payments put aside, and campaigns not yet published.
func Waiting(ctx context.Context, q sqlx.QueryerContext, community int) (aside, drafts int, err error) {
	defer wrap(&err, "campaigns.Waiting(%d)", community)
	err = q.QueryRowxContext(ctx, `
		SELECT (SELECT count(*) FROM campaigns.quarantine WHERE community_id = $1 AND resolved_at IS NULL),
		       (SELECT count(*) FROM campaigns.campaign WHERE community_id = $1 AND state = 'draft')`, community).Scan(&aside, &drafts)
	return aside, drafts, err
}

// ListQuarantine reads the payments put aside, open ones first.
func ListQuarantine(ctx context.Context, q sqlx.QueryerContext, community int) (qs []QuarantinedPayment, err error) {
	defer wrap(&err, "campaigns.ListQuarantine(%d)", community)
	err = sqlx.SelectContext(ctx, q, &qs, selectQuarantine+` ORDER BY resolved_at IS NOT NULL, arrived_at DESC LIMIT 500`, community)
	return qs, err
}
