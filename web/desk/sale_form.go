package desk

import (
	"context"
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

var saleFields = []string{"name_zh", "name_en", "slug", "where_zh", "where_en", "note_zh", "note_en", "starts_on", "ends_on", "basis", "fund", "campaign", "income", "spending"}

const sentenceMax = 200

// saleForm is the form of an event or a venture.
type saleForm struct {
	*page.Form
	Place     sale.Place // as it stands; its ID is 0 for a new one
	Bases     []page.Option
	Funds     []page.Option
	Campaigns []page.Option
	Incomes   []page.Option // what selling there is
	Spendings []page.Option
}

// New tells whether it is not written down yet.
func (v saleForm) New() bool { return v.Place.ID == 0 }

// Event tells events from ventures.
func (v saleForm) Event() bool { return v.Place.Kind == sale.SaleEvent }

// Heading is the key of what a new one's form is called.
func (v saleForm) Heading() string {
	if v.Event() {
		return "sale.new_event"
	}
	return "venture.new"
}

// NameHint is the key of an example of a name.
func (v saleForm) NameHint() string {
	if v.Event() {
		return "sale.hint.name"
	}
	return "venture.name_hint"
}

// Back is the page that the form is reached from.
func (v saleForm) Back() string {
	if v.New() {
		return salesPath
	}
	return placePath(v.Place)
}

// Address is the page of the form, to which it is sent too.
func (v saleForm) Address() string {
	switch {
	case !v.New():
		return salePath(v.Place.ID) + "/edit"
	case v.Event():
		return salesPath + "/new"
	}
	return "/desk/ventures/new"
}

func (p *Pages) saleForm(c *fiber.Ctx, of sale.Place, f *page.Form) (v saleForm, err error) {
	v = saleForm{Form: labelled(f, "sale.field", saleFields...), Place: of, Bases: choices(c, "sale.basis", sale.PlainSale, sale.PublicAppeal)}
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return v, err
	}
	for _, fund := range funds {
		if fund.ClosedAt == nil && fund.Kind != ledger.PoolFund && fund.Kind != ledger.VentureFund {
			v.Funds = append(v.Funds, page.Option{Value: strconv.Itoa(fund.ID), Label: fund.Name(string(page.Of(c).Lang))})
		}
	}
	if v.Campaigns, err = p.campaignOptions(c, "sale.no_tips", campaigns.Published); err != nil {
		return v, err
	}
	v.Incomes, v.Spendings, err = p.saleAccounts(c, v.Event())
	return v, err
}

// saleAccounts are the accounts of income and of expense, each after a line for what is usual.
func (p *Pages) saleAccounts(c *fiber.Ctx, event bool) (incomes, spendings []page.Option, err error) {
	r := page.Of(c)
	accounts, err := ledger.ListAccounts(c.UserContext(), p.DB, r.Community.ID)
	cost := ledger.ProgrammeExpense
	if event {
		cost = ledger.FundraisingExpense
	}
	usual, _ := accounts.By(cost)
	incomes = []page.Option{{Label: r.T("venture.usual_income")}}
	spendings = []page.Option{{Label: r.T("venture.usual", "account", usual.Name(string(r.Lang)))}}
	for _, a := range accounts {
		o := page.Option{Value: strconv.Itoa(a.ID), Label: a.Code + " " + a.Name(string(r.Lang))}
		switch {
		case a.ClosedAt != nil:
		case a.Type == ledger.Income:
			incomes = append(incomes, o)
		case a.Type == ledger.Expense:
			spendings = append(spendings, o)
		}
	}
	return incomes, spendings, err
}

// NewSale is an empty form for an event.
func (p *Pages) NewSale(c *fiber.Ctx) error { return p.newPlace(c, sale.SaleEvent) }

// NewVenture is an empty form for a venture.
func (p *Pages) NewVenture(c *fiber.Ctx) error { return p.newPlace(c, sale.Venture) }

func (p *Pages) newPlace(c *fiber.Ctx, kind sale.PlaceKind) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := day(community.Day(p.Now()))
	f := page.BlankForm(c).Set("basis", string(sale.PlainSale)).Set("fund", strconv.Itoa(ledger.GeneralFundID)).Set("starts_on", today).Set("ends_on", today)
	v, err := p.saleForm(c, sale.Place{Kind: kind}, f)
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
	for field, account := range map[string]*int{"income": of.Income, "spending": of.Spending} {
		if account != nil {
			f.Set(field, strconv.Itoa(*account))
		}
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
		of.Basis = sale.Basis(f.Choice("basis", page.Values(v.Bases)))
		of.FundID, _ = strconv.Atoi(f.Choice("fund", page.Values(v.Funds)))
	}
	of.CampaignID = chosen(f, "campaign", v.Campaigns)
	of.Income, of.Spending = chosen(f, "income", v.Incomes), chosen(f, "spending", v.Spendings)
	return of
}

// chosen is the number that an optional choice stands for, nil for none.
func chosen(f *page.Form, field string, of []page.Option) *int {
	id, err := strconv.Atoi(f.Choice(field, page.Values(of), page.Optional))
	if err != nil {
		return nil
	}
	return &id
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
	return p.addPlace(c, sale.SaleEvent, "sale.draft", "sale.drafted", sale.AddPlace)
}

// FoundVenture opens a venture, with a fund of its own.
func (p *Pages) FoundVenture(c *fiber.Ctx) error {
	return p.addPlace(c, sale.Venture, "venture.found", "venture.founded", sale.OpenVenture)
}

func (p *Pages) addPlace(c *fiber.Ctx, kind sale.PlaceKind, action, done string, add func(context.Context, *sqlx.Tx, int, sale.Place) (sale.Place, error)) error {
	v, err := p.saleForm(c, sale.Place{Kind: kind}, page.ReadForm(c))
	if err != nil {
		return err
	}
	of := readSale(v)
	if v.AnyWrong() {
		return page.Again(c, "desk/sale_form", v)
	}
	err = p.act(c, action, "sale:"+of.Slug, nil, func(tx *sqlx.Tx, who string) error {
		of.CreatedBy = who
		of, err = add(c.UserContext(), tx, page.Of(c).Community.ID, of)
		return err
	})
	if saleMends(v.Form, err) {
		return page.Again(c, "desk/sale_form", v)
	}
	if err != nil {
		return err
	}
	to := placePath(of)
	if kind == sale.SaleEvent {
		to += "/items"
	}
	return page.Done(c, to, done, "name", of.NameZH)
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
	return page.Done(c, placePath(of), "sale.saved")
}
