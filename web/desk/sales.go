package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

const salesPath = "/desk/sales"

func salePath(id int) string { return salesPath + "/" + strconv.Itoa(id) }

// placePath is the page of an event or a venture.
func placePath(at sale.Place) string {
	if at.Kind == sale.Venture {
		return "/desk/ventures/" + at.Slug
	}
	return salePath(at.ID)
}

type salesView struct {
	On, Over []sale.Place // events
	Ventures []ventureRow
	MayEdit  bool
}

// Sales lists sale events, and ventures with this month's result so far.
func (p *Pages) Sales(c *fiber.Ctx) error {
	v := salesView{MayEdit: can(c, auth.ManageSale)}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	places, err := sale.ListPlaces(ctx, p.DB, community.ID)
	if err != nil {
		return err
	}
	for _, place := range places {
		if place.Kind == sale.SaleEvent && place.State == sale.Closed {
			v.Over = append(v.Over, place)
			continue
		}
		if place.Kind == sale.SaleEvent {
			v.On = append(v.On, place)
			continue
		}
		months, err := sale.MonthsOf(ctx, p.DB, community.ID, place, today, today)
		if err != nil {
			return err
		}
		v.Ventures = append(v.Ventures, ventureRow{place, place.Name(string(page.Of(c).Lang)), months[0]})
	}
	return page.Render(c, "desk/sales", v)
}

type saleView struct {
	sale.Place
	Fund     ledger.Fund
	Tips     string // the campaign's title
	Result   sale.Result
	Sessions []sessionRow
	Oversold int
	Items    int
	Form     *page.Form // of a cost
	Kinds    []page.Option
	Ways     []page.Option
	MayEdit  bool
	MaySell  bool
	MaySpend bool
}

// sessionRow is a till's session with who opened it and its report.
type sessionRow struct {
	sale.Session
	Opener string
	Z      *sale.ZReport
}

const sessionsShown = 50

// Sale shows one event: what it brought in, its sessions, its costs. A venture has a page of its own.
func (p *Pages) Sale(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	at, err := p.placeHere(c)
	if err != nil {
		return err
	}
	if at.Kind == sale.Venture {
		return c.Redirect(page.Of(c).URL(placePath(at)), fiber.StatusSeeOther)
	}
	f := page.BlankForm(c).Set("kind", string(sale.Running)).Set("way", string(sale.Cash)).Set("spent_on", day(community.Day(p.Now())))
	v, err := p.saleView(c, at, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/sale", v)
}

// placeHere is the place that the address names.
func (p *Pages) placeHere(c *fiber.Ctx) (sale.Place, error) {
	id, err := page.Number(c, "place")
	if err != nil {
		return sale.Place{}, err
	}
	return sale.PlaceAt(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
}

// costForm is the form of what an event or a venture spends.
func costForm(c *fiber.Ctx, f *page.Form) (_ *page.Form, kinds, ways []page.Option) {
	return labelled(f, "sale.cost", "kind", "what", "amount", "spent_on", "way"),
		choices(c, "sale.cost.kinds", string(sale.Running), string(sale.Stock)), choices(c, "sale.cost.ways", string(sale.Cash), string(sale.Transfer))
}

func (p *Pages) saleView(c *fiber.Ctx, at sale.Place, f *page.Form) (v saleView, err error) {
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	v = saleView{Place: at, MayEdit: can(c, auth.ManageSale), MaySell: can(c, auth.SellAtTill), MaySpend: can(c, auth.PostEntry)}
	v.Form, v.Kinds, v.Ways = costForm(c, f)
	if v.Fund, err = ledger.FundAt(ctx, p.DB, here, v.FundID); err != nil {
		return v, err
	}
	if v.CampaignID != nil {
		of, err := campaigns.CampaignAt(ctx, p.DB, here, *v.CampaignID)
		if err != nil {
			return v, err
		}
		v.Tips = of.Title(lang)
	}
	if v.Result, err = sale.ResultOf(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	if v.Items, v.Oversold, err = p.itemsCounted(c, v.ID); err != nil {
		return v, err
	}
	v.Sessions, err = p.sessionRows(c, v.ID)
	return v, err
}

// itemsCounted is how many things a place sells, and how many of them more often than there were.
func (p *Pages) itemsCounted(c *fiber.Ctx, place int) (sold, oversold int, err error) {
	items, err := sale.ListItems(c.UserContext(), p.DB, page.Of(c).Community.ID, place)
	for _, i := range items {
		if i.ArchivedAt == nil {
			sold++
		}
		if i.Oversold() {
			oversold++
		}
	}
	return sold, oversold, err
}

func (p *Pages) sessionRows(c *fiber.Ctx, place int) (rows []sessionRow, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	sessions, err := sale.ListSessions(ctx, p.DB, here, place, sessionsShown)
	if err != nil {
		return nil, err
	}
	reports, err := sale.ListZ(ctx, p.DB, here, place, sessionsShown)
	if err != nil {
		return nil, err
	}
	name, err := p.named(c)
	for _, s := range sessions {
		row := sessionRow{Session: s, Opener: name(s.OpenedBy)}
		for i, z := range reports {
			if z.Session == s.ID {
				row.Z = &reports[i]
			}
		}
		rows = append(rows, row)
	}
	return rows, err
}

// MoveSale opens a place for selling, or ends it.
func (p *Pages) MoveSale(c *fiber.Ctx) error {
	at, err := p.placeHere(c)
	if err != nil {
		return err
	}
	step := page.ReadForm(c).Typed("step")
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	steps := map[string]func(tx *sqlx.Tx, who string) error{
		"open":  func(tx *sqlx.Tx, _ string) error { return sale.OpenPlace(ctx, tx, here, at.ID) },
		"close": func(tx *sqlx.Tx, _ string) error { return sale.ClosePlace(ctx, tx, here, at.ID, p.Now()) },
	}
	move, ok := steps[step]
	if !ok {
		return page.ErrUnreadable
	}
	if err := p.act(c, "sale."+step, "sale:"+at.Slug, nil, move); err != nil {
		return err
	}
	p.moved(c, 0)
	did := "sale.did_" + step
	return page.Done(c, placePath(at), did, "name", at.Name(string(page.Of(c).Lang)))
}

const whatMax = 80

// SpendForSale books what an event or a venture has spent.
func (p *Pages) SpendForSale(c *fiber.Ctx) error {
	at, err := p.placeHere(c)
	if err != nil {
		return err
	}
	f, kinds, ways := costForm(c, page.ReadForm(c))
	k := sale.Cost{PlaceID: at.ID, Kind: sale.CostKind(f.Choice("kind", page.Values(kinds))), What: f.Text("what", whatMax), Amount: f.Amount("amount"), SpentOn: f.Date("spent_on")}
	way := sale.Way(f.Choice("way", page.Values(ways)))
	if f.AnyWrong() {
		return p.placeAgain(c, at, f)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	k.ID = f.Once(at.Slug, "kind", "what", "amount", "spent_on", "way")
	err = p.act(c, "sale.spend", "sale:"+at.Slug, nil, func(tx *sqlx.Tx, who string) error {
		k.EnteredBy, k.EnteredAt = who, p.Now()
		_, err := sale.Spend(c.UserContext(), tx, community, k, way)
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, placePath(at), "sale.cost.booked", "what", k.What)
}

// placeAgain shows the page of an event or a venture with a form that is to be mended.
func (p *Pages) placeAgain(c *fiber.Ctx, at sale.Place, f *page.Form) error {
	if at.Kind == sale.Venture {
		v, err := p.ventureView(c, at, f)
		if err != nil {
			return err
		}
		return page.Again(c, "desk/venture", v)
	}
	v, err := p.saleView(c, at, f)
	if err != nil {
		return err
	}
	return page.Again(c, "desk/sale", v)
}
