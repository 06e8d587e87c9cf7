package public

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/page"
)

// What the refusals of raising money mean to a reader.
func init() {
	page.Meaning(campaigns.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(receipt.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(ledger.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(payment.ErrProviderDown, fiber.StatusServiceUnavailable, "error.provider_down")
	page.Meaning(campaigns.ErrNotOpen, fiber.StatusConflict, "error.campaign_ended")
}

// Frame is a community as the frame of its pages shows it, its first host with it.
func Frame(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) (page.Community, error) {
	hosts, err := campaigns.ListHosts(ctx, q, c.ID)
	if err != nil {
		return page.Community{}, err
	}
	zone, _ := time.LoadLocation(c.Timezone) // nil, which is Shanghai's, for a zone nobody knows
	shown := page.Community{
		ID: c.ID, Slug: c.Slug, Phone: c.Phone, Location: zone,
		Name: i18n.Text{ZH: c.NameZH, EN: c.NameEN}, City: i18n.Text{ZH: c.PlaceZH, EN: c.PlaceEN},
		Address: i18n.Text{ZH: c.AddressZH, EN: c.AddressEN},
	}
	if len(hosts) > 0 {
		shown.Host = i18n.Text{ZH: hosts[0].NameZH, EN: hosts[0].NameEN}
	}
	return shown, nil
}

// lang is the reader's language as the domain packages take it.
func lang(c *fiber.Ctx) string { return string(page.Of(c).Lang) }

// here is the id of the community that the address names.
func here(c *fiber.Ctx) int { return page.Of(c).Community.ID }
