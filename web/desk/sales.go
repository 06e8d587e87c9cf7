package desk

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

const salesPath = "/desk/sales"

func salePath(id int) string { return salesPath + "/" + strconv.Itoa(id) }

type salesView struct {
	Places  []sale.Place
	Cash    []cashRow
	Sum     money.Amount
	MayEdit bool
}

// cashRow is cash and who keeps it.
type cashRow struct {
	sale.Holding
	Name string // of whoever answers for a drawer
}

// Sales lists sale events, and where the cash is.
func (p *Pages) Sales(c *fiber.Ctx) error {
	v := salesView{MayEdit: can(c, auth.ManageSale)}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	var err error
	if v.Places, err = sale.ListPlaces(ctx, p.DB, here); err != nil {
		return err
	}
	v.Places = slices.DeleteFunc(v.Places, func(at sale.Place) bool { return at.Kind != sale.SaleEvent })
	held, err := sale.CashByKeeper(ctx, p.DB, here)
	if err != nil {
		return err
	}
	name, err := p.named(c)
	for _, k := range held {
		row := cashRow{Holding: k}
		if k.Who != "" {
			row.Name = name(k.Who)
		}
		v.Cash, v.Sum = append(v.Cash, row), v.Sum.Add(k.Amount)
	}
	if err != nil {
		return err
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

// Sale shows one event or venture: what it brought in, its sessions, its costs.
func (p *Pages) Sale(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	f := page.BlankForm(c).Set("kind", string(sale.Running)).Set("way", string(sale.Cash)).Set("spent_on", day(community.Day(p.Now())))
	v, err := p.saleView(c, f)
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

func (p *Pages) saleView(c *fiber.Ctx, f *page.Form) (v saleView, err error) {
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	v = saleView{
		Form: labelled(f, "sale.cost", "kind", "what", "amount", "spent_on", "way"), MayEdit: can(c, auth.ManageSale), MaySell: can(c, auth.SellAtTill), MaySpend: can(c, auth.PostEntry),
		Kinds: choices(c, "sale.cost.kinds", string(sale.Running), string(sale.Stock)), Ways: choices(c, "sale.cost.ways", string(sale.Cash), string(sale.Transfer)),
	}
	if v.Place, err = p.placeHere(c); err != nil {
		return v, err
	}
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
	items, err := sale.ListItems(ctx, p.DB, here, v.ID)
	if err != nil {
		return v, err
	}
	for _, i := range items {
		if i.ArchivedAt == nil {
			v.Items++
		}
		if i.Oversold() {
			v.Oversold++
		}
	}
	return v, p.sessionRows(c, &v)
}

func (p *Pages) sessionRows(c *fiber.Ctx, v *saleView) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	sessions, err := sale.ListSessions(ctx, p.DB, here, v.ID, sessionsShown)
	if err != nil {
		return err
	}
	reports, err := sale.ListZ(ctx, p.DB, here, v.ID, sessionsShown)
	if err != nil {
		return err
	}
	name, err := p.named(c)
	for _, s := range sessions {
		row := sessionRow{Session: s, Opener: name(s.OpenedBy)}
		for i, z := range reports {
			if z.Session == s.ID {
				row.Z = &reports[i]
			}
		}
		v.Sessions = append(v.Sessions, row)
	}
	return err
}

// MoveSale opens a place for selling, or ends it.
func (p *Pages) MoveSale(c *fiber.Ctx) error {
	v, err := p.saleView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	step := v.Form.Typed("step")
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	steps := map[string]func(tx *sqlx.Tx, who string) error{
		"open":  func(tx *sqlx.Tx, _ string) error { return sale.OpenPlace(ctx, tx, here, v.ID) },
		"close": func(tx *sqlx.Tx, _ string) error { return sale.ClosePlace(ctx, tx, here, v.ID, p.Now()) },
	}
	move, ok := steps[step]
	if !ok {
		return page.ErrUnreadable
	}
	if err := p.act(c, "sale."+step, "sale:"+v.Slug, nil, move); err != nil {
		return err
	}
	p.moved(c, 0)
	did := "sale.did_" + step
	return page.Done(c, salePath(v.ID), did, "name", v.Name(string(page.Of(c).Lang)))
}

const whatMax = 80

// SpendForSale books what an event or a venture has spent.
func (p *Pages) SpendForSale(c *fiber.Ctx) error {
	v, err := p.saleView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f := v.Form
	k := sale.Cost{PlaceID: v.ID, Kind: sale.CostKind(f.Choice("kind", values(v.Kinds))), What: f.Text("what", whatMax), Amount: f.Amount("amount"), SpentOn: f.Date("spent_on")}
	way := sale.Way(f.Choice("way", values(v.Ways)))
	if f.AnyWrong() {
		return page.Again(c, "desk/sale", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	k.ID = f.Once(v.Slug, "kind", "what", "amount", "spent_on", "way")
	err = p.act(c, "sale.spend", "sale:"+v.Slug, nil, func(tx *sqlx.Tx, who string) error {
		k.EnteredBy, k.EnteredAt = who, p.Now()
		_, err := sale.Spend(c.UserContext(), tx, community, k, way)
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, salePath(v.ID), "sale.cost.booked", "what", k.What)
}
