package campaigns

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
)

// ProgressState is how far a booked refund has come. The refund and its entry
// never change; this does.
type ProgressState string

// Nothing is known of a refund until somebody was asked.
const (
	Asked    ProgressState = ""          // or about to be
	UnderWay ProgressState = "under_way" // the company works on it
	Refused  ProgressState = "refused"   // the company cannot: by hand
	Done     ProgressState = "done"
)

// The hands that may give a refund back.
const (
	ByCompany  = "company"
	ByCash     = byCash
	ByTransfer = byTransfer
)

// RefundProgress is a refund with how far it has come.
type RefundProgress struct {
	Refund
	CampaignID int           `db:"campaign_id"`
	Method     string        `db:"method"` // of the gift
	State      ProgressState `db:"state"`
	How        string        `db:"how"` // company, cash, transfer
	Reference  string        `db:"reference"`
	DoneBy     string        `db:"done_by"`
	ChangedAt  *time.Time    `db:"changed_at"`
}

// ByHand tells whether somebody at the desk has to give it back.
func (r RefundProgress) ByHand() bool {
	return r.State == Refused || r.State == Asked && (r.Method == byCash || r.Method == byTransfer)
}

const selectProgress = `
	SELECT r.id, r.donation_id, r.amount, r.reason, r.entry_seq, r.refunded_by, r.refunded_at, d.campaign_id, d.method,
	       coalesce(p.state, '') AS state, coalesce(p.how, '') AS how, coalesce(p.reference, '') AS reference, coalesce(p.done_by, '') AS done_by, p.changed_at
	  FROM campaigns.refund r
	  JOIN campaigns.donation d ON d.community_id = r.community_id AND d.id = r.donation_id
	  LEFT JOIN campaigns.refund_progress p ON p.community_id = r.community_id AND p.refund_id = r.id
	 WHERE r.community_id = $1`

// ListRefundsByHand reads the refunds that somebody has to give back by hand,
// the oldest first, and those that a company has not finished.
func ListRefundsByHand(ctx context.Context, q sqlx.QueryerContext, community int) (rs []RefundProgress, err error) {
	defer wrap(&err, "campaigns.ListRefundsByHand(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rs, selectProgress+`
	   AND (p.state IN ('refused', 'under_way') OR p.state IS NULL AND d.method IN ('cash', 'transfer')) ORDER BY r.refunded_at, r.id LIMIT 500`, community)
	return rs, err
}

// ListRefundsDone reads the latest refunds that were given back.
func ListRefundsDone(ctx context.Context, q sqlx.QueryerContext, community, limit int) (rs []RefundProgress, err error) {
	defer wrap(&err, "campaigns.ListRefundsDone(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rs, selectProgress+` AND p.state = 'done' ORDER BY p.changed_at DESC LIMIT $2`, community, limit)
	return rs, err
}

// FindRefund reads one refund with its progress; ErrNotFound.
func FindRefund(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (r RefundProgress, err error) {
	defer wrap(&err, "campaigns.FindRefund(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &r, selectProgress+` AND r.id = $2`, community, id)
	return r, err
}

// GiveBackByHand writes down that a refund was handed over (ByCash) or sent
// (ByTransfer), by whom and, of a transfer, with which number. ErrState where
// it is not for a hand, or was given back already.
func GiveBackByHand(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, how, reference, who string, at time.Time) (err error) {
	defer wrap(&err, "campaigns.GiveBackByHand(%d, %s)", community, id)
	// The gift is held: a refund never changes, so the server's role may not hold that.
	_, err = tx.ExecContext(ctx, `
		SELECT FROM campaigns.donation d WHERE d.community_id = $1 AND d.id = (
		       SELECT r.donation_id FROM campaigns.refund r WHERE r.community_id = $1 AND r.id = $2) FOR UPDATE`, community, id)
	if err != nil {
		return err
	}
	r, err := FindRefund(ctx, tx, community, id)
	switch {
	case err != nil:
		return err
	case !r.ByHand() || how != ByCash && how != ByTransfer:
		return ErrState
	}
	return note(ctx, tx, community, id, RefundProgress{State: Done, How: how, Reference: reference, DoneBy: who}, at)
}

// note writes down how far a refund has come. What is done stays done.
func note(ctx context.Context, e sqlx.ExecerContext, community int, refund uuid.UUID, p RefundProgress, at time.Time) error {
	_, err := e.ExecContext(ctx, `
		INSERT INTO campaigns.refund_progress AS p (community_id, refund_id, state, how, reference, done_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		    ON CONFLICT (community_id, refund_id) DO UPDATE
		   SET state = EXCLUDED.state, how = EXCLUDED.how, reference = EXCLUDED.reference, done_by = EXCLUDED.done_by, changed_at = EXCLUDED.changed_at
		 WHERE p.state <> 'done'`, community, refund, p.State, p.How, p.Reference, p.DoneBy, at)
	return err
}

// progressOf reads what a company says of a refund.
func progressOf(state payment.State, reference string) RefundProgress {
	switch state {
	case payment.Refunded:
		return RefundProgress{State: Done, How: ByCompany, Reference: reference}
	case payment.Failed:
		return RefundProgress{State: Refused, Reference: reference}
	}
	return RefundProgress{State: UnderWay, Reference: reference}
}

// ReceiveRefund takes a company's word about a refund: it is done, or it cannot
// be done. ErrUnknownDonation where we have no such refund of that donation, or
// of more than the company says.
func ReceiveRefund(ctx context.Context, db *sqlx.DB, community int, event payment.Event, now time.Time) (err error) {
	defer wrap(&err, "campaigns.ReceiveRefund(%d, %s)", community, event.Refund)
	r, err := FindRefund(ctx, db, community, event.Refund)
	switch {
	case errors.Is(err, ErrNotFound):
		return returned(ctx, db, community, event)
	case err != nil:
		return err
	}
	order, err := orderBehind(ctx, db, community, r.DonationID)
	if err != nil {
		return err
	}
	if order != event.Order || event.State == payment.Refunded && event.Amount.Less(r.Amount) {
		return ErrUnknownDonation
	}
	return note(ctx, db, community, r.ID, progressOf(event.State, event.Reference), now)
}

// returned knows the word about a payment put aside that went back: there is
// nothing more to write down.
func returned(ctx context.Context, q sqlx.QueryerContext, community int, event payment.Event) error {
	var known bool
	err := sqlx.GetContext(ctx, q, &known, `
		SELECT EXISTS (SELECT FROM campaigns.quarantine WHERE community_id = $1 AND id = $2 AND donation_id = $3 AND action = 'sent_back')`,
		community, event.Refund, event.Order)
	if err == nil && !known {
		err = ErrUnknownDonation
	}
	return err
}

// orderBehind is the order that a company knows a gift by: its own, but for a
// gift made of a payment put aside.
func orderBehind(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (order uuid.UUID, err error) {
	err = sqlx.GetContext(ctx, q, &order, `
		SELECT coalesce((SELECT donation_id FROM campaigns.quarantine WHERE community_id = $1 AND booked_as = $2), $2)`, community, donation)
	return order, err
}

// refundOrder is a refund as its company is asked for it.
func (f Following) refundOrder(ctx context.Context, c ledger.Community, d Donation, id uuid.UUID, amount money.Amount, reason string) (payment.RefundOrder, error) {
	order, err := orderBehind(ctx, f.DB, c.ID, d.ID)
	asked := payment.RefundOrder{
		Order: payment.Order{CommunityID: c.ID, Community: c.Slug, ID: order, Payee: d.Payee, Amount: d.Amount, Currency: d.Currency},
		ID:    id, Amount: amount, Reason: reason,
	}
	if f.NotifyURL != nil {
		asked.Order.NotifyURL = f.NotifyURL(c, d.Method)
	}
	return asked, err
}

// refundPatience is how long a company may work on a refund before it is asked
// how it stands.
const refundPatience = 10 * time.Minute

// SettleRefunds asks the companies about refunds whose word may be lost: the
// same refund, asked for again, says how it stands.
func (f Following) SettleRefunds(ctx context.Context, c ledger.Community, now time.Time) (err error) {
	defer wrap(&err, "campaigns.SettleRefunds(%d)", c.ID)
	var waiting []RefundProgress
	err = sqlx.SelectContext(ctx, f.DB, &waiting, selectProgress+` AND p.state = 'under_way' AND p.changed_at < $2 ORDER BY p.changed_at LIMIT 100`,
		c.ID, now.Add(-refundPatience))
	errs := []error{err}
	for _, r := range waiting {
		if err := f.askRefund(ctx, c, r.DonationID, r.Refund, now); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// askRefund asks for a refund, and writes down what the company says.
func (f Following) askRefund(ctx context.Context, c ledger.Community, donation uuid.UUID, r Refund, now time.Time) error {
	d, err := FindDonation(ctx, f.DB, c.ID, donation)
	if err != nil {
		return err
	}
	provider, err := f.Providers.Named(d.Method)
	if err != nil {
		return err
	}
	asked, err := f.refundOrder(ctx, c, d, r.ID, r.Amount, r.Reason)
	if err != nil {
		return err
	}
	said, err := provider.Refund(ctx, asked)
	switch {
	case errors.Is(err, payment.ErrByHand):
		return nil
	case errors.Is(err, payment.ErrRefused), errors.Is(err, payment.ErrUnknownOrder):
		return errors.Join(err, note(ctx, f.DB, c.ID, r.ID, RefundProgress{State: Refused}, now))
	case err != nil:
		return err
	}
	return note(ctx, f.DB, c.ID, r.ID, progressOf(said.State, said.Reference), now)
}
