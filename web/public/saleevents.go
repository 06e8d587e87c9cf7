package public

import (
	"io"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

// saleEventView is a charity sale with what it brought in and what it cost.
type saleEventView struct {
	sale.Place
	Fund   ledger.Fund
	Result sale.Result
	Halls  []issue.Hall      // tickets and their seats
	Lots   []sale.AuctionLot // of its auction
}

// SaleEvents lists the charity sales, those that are on first.
func (p *Pages) SaleEvents(c *fiber.Ctx) error {
	places, err := sale.ListPlaces(c.UserContext(), p.Read, here(c))
	if err != nil {
		return err
	}
	var views []saleEventView
	for _, place := range places {
		if place.Kind != sale.SaleEvent || place.State == sale.Draft {
			continue
		}
		v := saleEventView{Place: place}
		if v.Result, err = sale.ResultOf(c.UserContext(), p.Read, here(c), place.ID); err != nil {
			return err
		}
		views = append(views, v)
	}
	return page.Render(c, "public/saleevents", views)
}

// saleEventAt is the charity sale that the address names.
func (p *Pages) saleEventAt(c *fiber.Ctx) (sale.Place, error) {
	place, err := sale.FindPlace(c.UserContext(), p.Read, here(c), c.Params("sale"))
	if err == nil && (place.Kind != sale.SaleEvent || place.State == sale.Draft) {
		err = page.ErrNotFound
	}
	return place, err
}

// saleEventHere is the same with all that its own page tells.
func (p *Pages) saleEventHere(c *fiber.Ctx) (v saleEventView, err error) {
	ctx, here := c.UserContext(), here(c)
	if v.Place, err = p.saleEventAt(c); err != nil {
		return v, err
	}
	if v.Fund, err = ledger.FundAt(ctx, p.Read, here, v.FundID); err != nil {
		return v, err
	}
	if v.Result, err = sale.ResultOf(ctx, p.Read, here, v.ID); err != nil {
		return v, err
	}
	if v.Halls, err = issue.Halls(ctx, p.Read, here, v.ID); err != nil {
		return v, err
	}
	v.Lots, err = sale.ListLots(ctx, p.Read, here, v.ID)
	return v, err
}

// SaleEvent shows one: what was sold, what it cost, and where the rest went.
func (p *Pages) SaleEvent(c *fiber.Ctx) error {
	v, err := p.saleEventHere(c)
	if err != nil {
		return err
	}
	return page.Render(c, "public/saleevent", v)
}

// SaleEventPDF is the same on paper.
func (p *Pages) SaleEventPDF(c *fiber.Ctx) error {
	v, err := p.saleEventHere(c)
	if err != nil {
		return err
	}
	r, in := page.Of(c), docLang(c)
	tongue := string(in)
	doc := pdf.SaleResultDoc{
		Lang: tongue, Community: r.Community.Name.In(in), Name: v.Name(tongue), Where: v.Where(tongue), Note: v.Note(tongue), Fund: v.Fund.Name(tongue),
		From: *v.StartsOn, Until: *v.EndsOn, Running: v.State == sale.Opened, Made: r.Local(p.Now()), Result: v.Result,
	}
	return page.DrawPDF(c, "sale-"+v.Slug, func(w io.Writer) error { return pdf.SaleResult(w, doc) })
}
