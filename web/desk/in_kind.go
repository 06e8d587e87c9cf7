package desk

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/schedule"
	"fund/web/auth"
	"fund/web/page"
)

var inKindFields = []string{"sort", "what_zh", "what_en", "campaign", "value", "valued_by", "use", "hours", "received_on", "giver", "show_giver"}

// The sorts of gifts in kind, and what becomes of goods, as the form asks it.
const (
	sortGoods = "goods"
	sortHours = "hours"
	useKept   = "kept"
	useUsed   = "used"
)

// inKindMax is how many gifts in kind the list shows.
const inKindMax = 60

type inKindRow struct {
	campaigns.InKind
	What, For string
	Took      string // hours
}

type inKindView struct {
	*page.Form
	Rows      []inKindRow
	Campaigns []page.Option
	Sorts     []page.Option
	Uses      []page.Option
}

// InKind lists the gifts that are no money, and takes another.
func (p *Pages) InKind(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	f := page.BlankForm(c).Set("sort", sortGoods).Set("use", useKept).Set("received_on", day(community.Day(p.Now()))).Set("campaign", c.Query("campaign"))
	v, err := p.inKindView(c, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/in_kind", v)
}

func (p *Pages) inKindView(c *fiber.Ctx, f *page.Form) (v inKindView, err error) {
	v = inKindView{
		Form: labelled(f, "goods.field", inKindFields...), Sorts: choices(c, "goods.sort", sortGoods, sortHours), Uses: choices(c, "goods.use", useKept, useUsed),
	}
	if v.Campaigns, err = p.campaignOptions(c, "goods.community", campaigns.Published, campaigns.Closed); err != nil {
		return v, err
	}
	given, err := campaigns.ListInKind(c.UserContext(), p.DB, page.Of(c).Community.ID, 0, inKindMax)
	for _, g := range given {
		v.Rows = append(v.Rows, v.row(c, g))
	}
	return v, err
}

func (v inKindView) row(c *fiber.Ctx, g campaigns.InKind) inKindRow {
	row := inKindRow{InKind: g, What: g.What(string(page.Of(c).Lang)), For: v.Campaigns[0].Label}
	for _, option := range v.Campaigns {
		if g.CampaignID != nil && option.Value == strconv.Itoa(*g.CampaignID) {
			row.For = option.Label
		}
	}
	if !g.Goods() {
		row.Took = page.Of(c).T("kind.hours", "count", g.Time())
	}
	return row
}

// TakeInKind writes a gift in kind down and shows its receipt.
func (p *Pages) TakeInKind(c *fiber.Ctx) error {
	v, err := p.inKindView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	g, name := v.read(), strings.Join(strings.Fields(v.Text("giver", 40, page.Optional)), " ")
	if today := community.Day(p.Now()); g.ReceivedOn.After(today) {
		v.Wrong("received_on", "goods.wrong.future")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/in_kind", v)
	}
	err = p.act(c, "in_kind.take", inKindSubject(g.ID), nil, func(tx *sqlx.Tx, who string) error {
		g.EnteredBy, g.EnteredAt = who, p.Now()
		_, err := campaigns.TakeInKind(c.UserContext(), tx, community, g, name)
		return err
	})
	p.moved(c, 0)
	return done(c, err, "/desk/in-kind/"+g.ID.String(), "goods.taken", "what", g.WhatZH)
}

var halfHours = regexp.MustCompile(`^\d{1,4}(\.5)?$`)

// read reads the form.
func (v inKindView) read() (g campaigns.InKind) {
	g = campaigns.InKind{
		ID: v.Once("", inKindFields...), WhatZH: v.Text("what_zh", 80), WhatEN: v.Text("what_en", 80, page.Optional),
		ReceivedOn: v.Date("received_on"), ShowName: v.Bool("show_giver"),
	}
	if id, err := strconv.Atoi(v.Choice("campaign", page.Values(v.Campaigns), page.Optional)); err == nil {
		g.CampaignID = &id
	}
	if v.Choice("sort", page.Values(v.Sorts)) == sortGoods {
		g.Value, g.ValuedBy, g.Used = v.Amount("value"), v.Text("valued_by", 80), v.Choice("use", page.Values(v.Uses)) == useUsed
		return g
	}
	hours := v.Text("hours", 8)
	whole, half, _ := strings.Cut(hours, ".")
	n, err := strconv.Atoi(whole)
	if half != "" {
		half = "5"
	}
	tenth, _ := strconv.Atoi(half)
	if g.Hours = 10*n + tenth; hours != "" && (err != nil || g.Hours == 0 || !halfHours.MatchString(hours)) {
		v.Wrong("hours", "goods.wrong.hours")
	}
	return g
}

func inKindSubject(id uuid.UUID) string { return "in_kind:" + id.String() }

type inKindGiftView struct {
	inKindRow
	Issued  *receipt.Receipt
	Link    string // of the receipt, as a phone reads it
	Voucher string
	Form    *page.Form
	MayUndo bool
	Asset   string // the form by which goods out of the stores become a fixed asset
}

// InKindGift shows one gift in kind, with its receipt.
func (p *Pages) InKindGift(c *fiber.Ctx) error {
	v, err := p.inKindGiftView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/in_kind_gift", v)
}

func (p *Pages) inKindGiftView(c *fiber.Ctx, f *page.Form) (v inKindGiftView, err error) {
	id, err := uuid.Parse(c.Params("gift"))
	if err != nil {
		return v, page.ErrNotFound
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	g, err := campaigns.FindInKind(ctx, p.DB, here, id)
	if err != nil {
		return v, err
	}
	list, err := p.inKindView(c, page.BlankForm(c))
	if err != nil {
		return v, err
	}
	v = inKindGiftView{inKindRow: list.row(c, g), Form: labelled(f, "goods.field", "reason"), MayUndo: can(c, auth.RefundDonation) && g.UndoneAt == nil}
	if !g.Goods() {
		return v, nil
	}
	issued, err := receipt.Of(ctx, p.DB, here, id)
	if err != nil {
		return v, err
	}
	entry, err := ledger.EntryAt(ctx, p.DB, here, *g.EntrySeq)
	v.Issued, v.Link, v.Voucher = &issued, page.SiteOf(c).URL("/r/"+issued.Token), entry.Voucher()
	if err == nil && !g.Used && g.UndoneAt == nil && can(c, auth.PostEntry) {
		v.Asset, err = p.assetOf(c, g)
	}
	return v, err
}

// assetOf is the address of the form for a fixed asset, filled in with goods that came into the stores.
func (p *Pages) assetOf(c *fiber.Ctx, g campaigns.InKind) (string, error) {
	b, err := p.readBooks(c)
	if err != nil {
		return "", err
	}
	stores, _ := b.Chart.By(ledger.Inventory)
	q := url.Values{
		"name": {g.WhatZH}, "cost": {g.Value.String()}, "paid_from": {stores.Code}, "bought_on": {day(g.ReceivedOn)}, "fund": {b.fundAt(g.FundID).Code},
	}
	return registers[schedule.Asset] + "/new?" + q.Encode(), nil
}

// ToInKind sends whoever reloads the address of the form back to the gift.
func (p *Pages) ToInKind(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/in-kind/"+c.Params("gift")), fiber.StatusSeeOther)
}

// UndoInKind takes a gift in kind out again.
func (p *Pages) UndoInKind(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.inKindGiftView(c, f)
	if err != nil {
		return err
	}
	reason := f.Text("reason", reasonMax)
	if f.AnyWrong() {
		return page.Again(c, "desk/in_kind_gift", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "in_kind.undo", inKindSubject(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		return campaigns.UndoInKind(c.UserContext(), tx, community, v.ID, reason, who, p.Now())
	})
	p.moved(c, 0)
	return done(c, err, "/desk/in-kind/"+v.ID.String(), "goods.undone")
}
