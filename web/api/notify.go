package api

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/page"
)

// Endpoints are the addresses that machines call, and what they need.
type Endpoints struct {
	DB        *sqlx.DB
	Receive   *ledger.Committer[campaigns.Payment, campaigns.Received]
	Providers payment.Providers
	Changed   func(community, campaign int) // tells the pages that figures moved
	Now       func() time.Time

	// Witness is a community as a witness of other communities' logs.
	Witness func(slug string) (transparency.Cosigner, error)
}

func init() {
	page.Meaning(payment.ErrSignature, fiber.StatusUnauthorized, "error.signature")
	page.Meaning(payment.ErrStale, fiber.StatusUnauthorized, "error.signature")
	page.Meaning(payment.ErrMalformed, fiber.StatusBadRequest, "error.malformed")
	page.Meaning(payment.ErrUnknownProvider, fiber.StatusNotFound, "error.missing")
	page.Meaning(campaigns.ErrUnknownDonation, fiber.StatusNotFound, "error.missing")
}

// Notify takes a provider's signed notification. It answers 204, or the word
// the provider waits for, only when what the notification says is durable:
// booked, or put aside for the treasurer.
func (e *Endpoints) Notify(c *fiber.Ctx) error {
	provider, err := e.Providers.Named(c.Params("provider"))
	if err != nil {
		return err
	}
	event, err := provider.ParseEvent(c.UserContext(), payment.Notification{
		Header: func(name string) string { return c.Get(name) }, Body: c.Body(), At: e.Now(),
	})
	if err != nil {
		return err
	}
	community := page.Of(c).Community
	if event.Community != "" && event.Community != community.Slug {
		return campaigns.ErrUnknownDonation
	}
	if err := e.take(c, provider.Name(), event); err != nil {
		return err
	}
	if answerer, ok := provider.(payment.Answerer); ok {
		return c.SendString(answerer.Answer())
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// take makes durable what an event says: of a refund, or of a payment, which is booked or put aside for the treasurer.
func (e *Endpoints) take(c *fiber.Ctx, provider string, event payment.Event) error {
	if event.Refund != uuid.Nil {
		return campaigns.ReceiveRefund(c.UserContext(), e.DB, page.Of(c).Community.ID, event, e.Now())
	}
	if event.State != payment.Paid {
		return nil
	}
	community := page.Of(c).Community.ID
	received, err := e.Receive.Do(c.UserContext(), community, campaigns.PaymentOf(provider, event))
	if errors.Is(err, campaigns.ErrQuarantined) {
		return nil
	}
	if err == nil && !received.Again {
		e.Changed(community, received.Campaign)
	}
	return err
}
