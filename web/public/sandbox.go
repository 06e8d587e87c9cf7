package public

import (
	"context"
	"errors"
	"path"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/web/page"
)

func init() {
	page.Meaning(payment.ErrUnknownOrder, fiber.StatusNotFound, "error.missing")
	page.Meaning(payment.ErrRefused, fiber.StatusConflict, "error.order_closed")
}

const (
	deliveriesMax = 64              // under way at once; what does not fit is never told, as with the scenario Lost
	deliveryMax   = 5 * time.Minute // of one, its repetitions included
	deliveryWait  = time.Second     // the donor usually comes back to a donation that is booked
)

var deliveries = make(chan struct{}, deliveriesMax)

// SandboxPage is where the pretend company shows an order: beside the page that
// the donor returns to, with the same signature in its address.
func SandboxPage(order payment.Order) string {
	base, _, _ := strings.Cut(order.ReturnURL, "/donations/")
	return base + "/sandbox/pay/" + path.Base(order.ReturnURL)
}

type sandboxView struct {
	payment.SandboxOrder
	Open bool // may still be paid
	Back string
}

func (p *Pages) sandboxOrder(c *fiber.Ctx) (payment.SandboxOrder, error) {
	id, own, err := giftAt(c, "order")
	if err != nil || !own || p.Company == nil {
		return payment.SandboxOrder{}, page.ErrNotFound
	}
	return p.Company.Find(c.UserContext(), here(c), id)
}

// SandboxOrder is the pretend company's page for one order.
func (p *Pages) SandboxOrder(c *fiber.Ctx) error {
	order, err := p.sandboxOrder(c)
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/sandbox", sandboxView{order, order.Event.State == payment.Pending, p.giftURL(c, order.ID)}))
}

// SandboxPay settles an order as the button says, lets the company tell us over
// HTTP as a real one would, and sends the donor back.
func (p *Pages) SandboxPay(c *fiber.Ctx) error {
	order, err := p.sandboxOrder(c)
	if err != nil {
		return err
	}
	scenario, ok := payment.ParseScenario(page.ReadForm(c).Typed("scenario"))
	if !ok {
		return page.ErrUnreadable
	}
	news, err := p.Company.Pay(c.UserContext(), here(c), order.ID, scenario)
	if err != nil {
		return err
	}
	if news.Event.State == payment.Failed {
		if err := p.giveUp(c.UserContext(), here(c), order.ID); err != nil {
			return err
		}
	}
	select {
	case <-p.deliver(news):
	case <-time.After(deliveryWait):
	}
	return c.Redirect(p.giftURL(c, order.ID), fiber.StatusSeeOther)
}

// deliver lets the company tell us in the background; the channel closes when it has.
func (p *Pages) deliver(news payment.Delivery) <-chan struct{} {
	done := make(chan struct{})
	select {
	case deliveries <- struct{}{}:
	default:
		close(done)
		return done
	}
	go func() {
		defer func() { <-deliveries; close(done) }()
		ctx, cancel := context.WithTimeout(context.Background(), deliveryMax)
		defer cancel()
		_ = p.Company.Deliver(ctx, news) // what was not told, a query of the order finds
	}()
	return done
}

// giveUp ends a donation that will not be paid.
func (p *Pages) giveUp(ctx context.Context, community int, id uuid.UUID) error {
	return ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) error {
		if err := campaigns.FailDonation(ctx, tx, community, id); !errors.Is(err, campaigns.ErrState) {
			return err
		}
		return nil
	})
}
