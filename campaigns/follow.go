package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	// RefundLetter tells a donor that money goes back; nil as above.
	RefundLetter func(ctx context.Context, c ledger.Community, d Donation, r Refund, to Donor, key uuid.UUID) error
	// NotifyURL is where a provider tells what became of a refund; nil where
	// it is only asked.
	NotifyURL func(c ledger.Community, provider string) string
}

// Handlers is the work that this package leaves in the outbox, by kind.
func Handlers(f Following) map[string]outbox.Handler {
	return map[string]outbox.Handler{"donation_received": f.writeLetter, "refund_payment": f.sendBack, "return_payment": f.returnPayment, "refund_letter": f.writeRefund}
}

// writeLetter sends the receipt of a donor who left an address and still wants
// to be known.
func (f Following) writeLetter(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "campaigns: donation_received")
	var about DonationReceived
	if err := m.Read(&about); err != nil || !about.Letter || f.Letter == nil {
		return err
	}
	c, d, err := f.find(ctx, m.CommunityID, about.Donation)
	if err != nil {
		return err
	}
	to, err := f.reach(ctx, c.ID, d)
	if err != nil || to.Email == "" {
		return err
	}
	return f.Letter(ctx, c, d, to, m.ID)
}

// writeRefund tells a donor who left an address that money goes back.
func (f Following) writeRefund(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "campaigns: refund_letter")
	var about RefundPayment
	if err := m.Read(&about); err != nil || f.RefundLetter == nil {
		return err
	}
	c, d, err := f.find(ctx, m.CommunityID, about.Donation)
	if err != nil {
		return err
	}
	to, err := f.reach(ctx, c.ID, d)
	if err != nil || to.Email == "" {
		return err
	}
	r, err := findRefund(ctx, f.DB, c.ID, about.Refund)
	if err != nil {
		return err
	}
	return f.RefundLetter(ctx, c, d, r, to, m.ID)
}

// reach finds who gave; zero for somebody unknown.
func (f Following) reach(ctx context.Context, community int, d Donation) (to Donor, err error) {
	if d.DonorID == nil {
		return to, nil
	}
	return FindDonor(ctx, f.DB, community, *d.DonorID)
}

// sendBack asks the provider to give money back. The refund's id makes it safe
// to ask again; what was given by hand goes back by hand.
func (f Following) sendBack(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "campaigns: refund_payment")
	var about RefundPayment
	if err := m.Read(&about); err != nil {
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
	return hopeless(f.askRefund(ctx, c, d.ID, r, time.Now()))
}

// returnPayment asks the provider to give back a payment put aside: the
// payment's id is the refund's.
func (f Following) returnPayment(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "campaigns: return_payment")
	var about QuarantineBack
	if err := m.Read(&about); err != nil {
		return err
	}
	c, err := ledger.CommunityAt(ctx, f.DB, m.CommunityID)
	if err != nil {
		return err
	}
	var q QuarantinedPayment
	if err := sqlx.GetContext(ctx, f.DB, &q, selectQuarantine+` AND id = $2`, c.ID, about.Payment); err != nil {
		return err
	}
	provider, err := f.Providers.Named(q.Provider)
	if err != nil {
		return hopeless(err)
	}
	d, err := FindDonation(ctx, f.DB, c.ID, *q.Donation)
	if err != nil {
		return err
	}
	asked, err := f.refundOrder(ctx, c, d, q.ID, q.Amount, q.Resolution)
	if err != nil {
		return err
	}
	asked.Order.Amount, asked.Order.Currency = q.Amount, q.Currency
	if _, err = provider.Refund(ctx, asked); errors.Is(err, payment.ErrByHand) {
		return nil
	}
	return hopeless(err)
}

// hopeless marks what trying again does not mend.
func hopeless(err error) error {
	for _, no := range []error{payment.ErrRefused, payment.ErrUnknownOrder, payment.ErrUnknownProvider} {
		if errors.Is(err, no) {
			return fmt.Errorf("%w: %w", outbox.ErrHopeless, err)
		}
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
