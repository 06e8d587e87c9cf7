package desk

import (
	"errors"
	"regexp"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/page"
)

func init() {
	page.Meaning(sale.ErrNotLawful, fiber.StatusConflict, "error.sale_not_lawful")
	page.Meaning(sale.ErrTips, fiber.StatusConflict, "error.sale_tips")
}

var saleFields = []string{"name_zh", "name_en", "slug", "where_zh", "where_en", "note_zh", "note_en", "starts_on", "ends_on", "basis", "fund", "campaign"}

const sentenceMax = 200

// saleForm is the form of an event or a venture.
type saleForm struct {
	*page.Form
	Place     sale.Place // as it stands; its ID is 0 for a new one
	Bases     []page.Option
	Funds     []page.Option
	Campaigns []page.Option
}

// New tells whether it is not written down yet.
func (v saleForm) New() bool { return v.Place.ID == 0 }

// Event tells events from ventures.
func (v saleForm) Event() bool { return v.Place.Kind == sale.SaleEvent }

// Address is the page of the form, to which it is sent too.
func (v saleForm) Address() string {
	if v.New() {
		return salesPath + "/new"
	}
	return salePath(v.Place.ID) + "/edit"
}

func (p *Pages) saleForm(c *fiber.Ctx, of sale.Place, f *page.Form) (v saleForm, err error) {
	v = saleForm{Form: labelled(f, "sale.field", saleFields...), Place: of, Bases: choices(c, "sale.basis", sale.PlainSale, sale.PublicAppeal)}
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return v, err
	}
	for _, fund := range funds {
		if fund.ClosedAt == nil && fund.Kind != ledger.PoolFund {
			v.Funds = append(v.Funds, page.Option{Value: strconv.Itoa(fund.ID), Label: fund.Name(string(page.Of(c).Lang))})
		}
	}
	v.Campaigns, err = p.campaignOptions(c, "sale.no_tips", campaigns.Published)
	return v, err
}

// NewSale is an empty form for an event. Ventures have a page of their own.
func (p *Pages) NewSale(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := day(community.Day(p.Now()))
	f := page.BlankForm(c).Set("basis", string(sale.PlainSale)).Set("fund", strconv.Itoa(ledger.GeneralFundID)).Set("starts_on", today).Set("ends_on", today)
	v, err := p.saleForm(c, sale.Place{Kind: sale.SaleEvent}, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/sale_form", v)
}

// EditSale is the form with what stands.
func (p *Pages) EditSale(c *fiber.Ctx) error {
	of, err := p.placeHere(c)
	if err != nil {
		return err
	}
	f := page.BlankForm(c).Set("name_zh", of.NameZH).Set("name_en", of.NameEN).Set("slug", of.Slug).Set("where_zh", of.WhereZH).Set("where_en", of.WhereEN).
		Set("note_zh", of.NoteZH).Set("note_en", of.NoteEN).Set("basis", string(of.Basis)).Set("fund", strconv.Itoa(of.FundID))
	if of.StartsOn != nil {
		f.Set("starts_on", day(*of.StartsOn)).Set("ends_on", day(*of.EndsOn))
	}
	if of.CampaignID != nil {
		f.Set("campaign", strconv.Itoa(*of.CampaignID))
	}
	v, err := p.saleForm(c, of, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/sale_form", v)
}

var saleSlug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,59}$`)

// readSale reads the form into a place; what is wrong stands beside its field.
func readSale(v saleForm) sale.Place {
	of, f := v.Place, v.Form
	of.NameZH, of.NameEN = f.Text("name_zh", titleMax), f.Text("name_en", titleMax, page.Optional)
	of.WhereZH, of.WhereEN = f.Text("where_zh", placeMax, page.Optional), f.Text("where_en", placeMax, page.Optional)
	of.NoteZH, of.NoteEN = f.Text("note_zh", sentenceMax, page.Optional), f.Text("note_en", sentenceMax, page.Optional)
	if v.New() {
		if of.Slug = f.Text("slug", 60); of.Slug != "" && !saleSlug.MatchString(of.Slug) {
			f.Wrong("slug", "sale.wrong.slug")
		}
	}
	if of.Basis = sale.PlainSale; v.Event() {
		from, until := f.Date("starts_on"), f.Date("ends_on")
		if of.StartsOn, of.EndsOn = &from, &until; until.Before(from) && !until.IsZero() {
			f.Wrong("ends_on", "sale.wrong.dates")
		}
		of.Basis = sale.Basis(f.Choice("basis", values(v.Bases)))
	}
	of.FundID, _ = strconv.Atoi(f.Choice("fund", values(v.Funds)))
	of.CampaignID = nil
	if id, err := strconv.Atoi(f.Choice("campaign", values(v.Campaigns), page.Optional)); err == nil {
		of.CampaignID = &id
	}
	return of
}

// saleMends says beside its field what a place refuses.
func saleMends(f *page.Form, err error) bool {
	switch {
	case errors.Is(err, sale.ErrExists), errors.Is(err, ledger.ErrExists):
		f.Wrong("slug", "sale.wrong.taken")
	case errors.Is(err, sale.ErrNotLawful):
		f.Wrong("basis", "sale.wrong.lawful")
	case errors.Is(err, sale.ErrTips):
		f.Wrong("campaign", "sale.wrong.tips")
	default:
		return false
	}
	return true
}

// AddSale writes a new event down, as a draft.
func (p *Pages) AddSale(c *fiber.Ctx) error {
	v, err := p.saleForm(c, sale.Place{Kind: sale.SaleEvent}, page.ReadForm(c))
	if err != nil {
		return err
	}
	of := readSale(v)
	if v.AnyWrong() {
		return page.Again(c, "desk/sale_form", v)
	}
	err = p.act(c, "sale.draft", "sale:"+of.Slug, nil, func(tx *sqlx.Tx, who string) error {
		of.CreatedBy = who
		of, err = sale.AddPlace(c.UserContext(), tx, page.Of(c).Community.ID, of)
		return err
	})
	if saleMends(v.Form, err) {
		return page.Again(c, "desk/sale_form", v)
	}
	if err != nil {
		return err
	}
	return page.Done(c, salePath(of.ID)+"/items", "sale.drafted", "name", of.NameZH)
}

// SaveSale writes an event or venture anew.
func (p *Pages) SaveSale(c *fiber.Ctx) error {
	of, err := p.placeHere(c)
	if err != nil {
		return err
	}
	v, err := p.saleForm(c, of, page.ReadForm(c))
	if err != nil {
		return err
	}
	of = readSale(v)
	if v.AnyWrong() {
		return page.Again(c, "desk/sale_form", v)
	}
	err = p.act(c, "sale.edit", "sale:"+of.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return sale.EditPlace(c.UserContext(), tx, page.Of(c).Community.ID, of)
	})
	if saleMends(v.Form, err) {
		return page.Again(c, "desk/sale_form", v)
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, salePath(of.ID), "sale.saved")
}
