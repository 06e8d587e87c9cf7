package campaigns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/ledger"
)

// Following is what the handlers of the outbox need to do what follows a gift
// or a refund.
type Following struct {
	DB        *sqlx.DB
	Providers payment.Providers
	// Letter sends a donor's receipt; nil where no mailer is configured. key
	// is the same when the letter is tried again.
	Letter func(ctx context.Context, c ledger.Community, d Donation, to Donor, key uuid.UUID) error
}

// Handlers is the work that this package leaves in the outbox, by kind.
func Handlers(f Following) map[string]outbox.Handler {
	return map[string]outbox.Handler{"donation_received": f.writeLetter, "refund_payment": f.sendBack}
}

// writeLetter sends the receipt of a donor who left an address and still wants
// to be known.
func (f Following) writeLetter(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "campaigns: donation_received")
	var about DonationReceived
	if err := read(m, &about); err != nil || !about.Letter || f.Letter == nil {
		return err
	}
	c, d, err := f.find(ctx, m.CommunityID, about.Donation)
	if err != nil || d.DonorID == nil {
		return err
	}
	to, err := FindDonor(ctx, f.DB, c.ID, *d.DonorID)
	if err != nil || to.Email == "" {
		return err
	}
	return f.Letter(ctx, c, d, to, m.ID)
}

// sendBack asks the provider to give money back. The refund's id makes it safe
// to ask again; what was given by hand goes back by hand.
func (f Following) sendBack(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "campaigns: refund_payment")
	var about RefundPayment
	if err := read(m, &about); err != nil {
		return err
	}
	c, d, err := f.find(ctx, m.CommunityID, about.Donation)
	if err != nil || d.Method == byTransfer {
		return err
	}
	r, err := findRefund(ctx, f.DB, c.ID, about.Refund)
	if err != nil {
		return err
	}
	provider, err := f.Providers.Named(d.Method)
	if err != nil {
		return fmt.Errorf("%w: %w", outbox.ErrHopeless, err)
	}
	_, err = provider.Refund(ctx, payment.RefundOrder{
		Order: payment.Order{CommunityID: c.ID, Community: c.Slug, ID: d.ID, Payee: d.Payee, Amount: d.Amount, Currency: d.Currency},
		ID:    r.ID, Amount: r.Amount, Reason: r.Reason,
	})
	switch {
	case errors.Is(err, payment.ErrByHand):
		return nil
	case errors.Is(err, payment.ErrRefused), errors.Is(err, payment.ErrUnknownOrder):
		return fmt.Errorf("%w: %w", outbox.ErrHopeless, err)
	}
	return err
}

func (f Following) find(ctx context.Context, community int, donation uuid.UUID) (c ledger.Community, d Donation, err error) {
	if c, err = ledger.CommunityAt(ctx, f.DB, community); err != nil {
		return c, d, err
	}
	d, err = FindDonation(ctx, f.DB, community, donation)
	return c, d, err
}

func read(m outbox.Message, payload any) error {
	if err := json.Unmarshal(m.Payload, payload); err != nil {
		return fmt.Errorf("%w: %w", outbox.ErrHopeless, err)
	}
	return nil
}
