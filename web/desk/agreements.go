package desk

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

const (
	agreementsPath = "/desk/agreements"
	latestSessions = 40
	servicesMax    = 8 // services of one agreement
)

// agreementRow is an agreement in the list, with whose it is.
type agreementRow struct {
	organisation.Agreement
	Of string
}

// Agreements lists all agreements with what is due of each.
func (p *Pages) Agreements(c *fiber.Ctx) error {
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	all, err := organisation.ListAgreements(ctx, p.DB, here, 0)
	if err != nil {
		return err
	}
	every, err := organisation.Every(ctx, p.DB, here)
	if err != nil {
		return err
	}
	names := map[int]string{}
	for _, o := range every {
		names[o.ID] = o.Name(lang)
	}
	v := struct {
		Rows    []agreementRow
		Sum     organisation.Agreement
		MayEdit bool
	}{MayEdit: can(c, auth.ManageOrganisation)}
	for _, a := range all {
		v.Rows = append(v.Rows, agreementRow{a, names[a.OrganisationID]})
		v.Sum.Subsidy, v.Sum.Released, v.Sum.Unbilled = v.Sum.Subsidy.Add(a.Subsidy), v.Sum.Released.Add(a.Released), v.Sum.Unbilled.Add(a.Unbilled)
		v.Sum.Billed, v.Sum.Paid = v.Sum.Billed.Add(a.Billed), v.Sum.Paid.Add(a.Paid)
	}
	return page.Render(c, "desk/agreements", v)
}

// agreementForm is the form of a new agreement.
type agreementForm struct {
	*page.Form
	Organisations []page.Option
	Items         []int
}

func (p *Pages) agreementForm(c *fiber.Ctx, f *page.Form) (v agreementForm, err error) {
	every, err := organisation.Every(c.UserContext(), p.DB, page.Of(c).Community.ID)
	v.Form = labelled(f, "organisation.field", "of", "title_zh", "title_en", "payer", "subsidy", "begins_on", "ends_on")
	for _, o := range every {
		if o.Kind == organisation.Social && o.EndedOn == nil {
			v.Organisations = append(v.Organisations, page.Option{Value: o.Slug, Label: o.Name(string(page.Of(c).Lang))})
		}
	}
	for n := range servicesMax {
		v.Items = append(v.Items, n+1)
		for _, name := range []string{"item", "unit", "price", "part"} {
			f.Label(numbered(name, n+1), "organisation.field."+name)
		}
	}
	return v, err
}

// NewAgreement asks for an agreement.
func (p *Pages) NewAgreement(c *fiber.Ctx) error {
	v, err := p.agreementForm(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	year := page.Of(c).Local(p.Now()).Year()
	v.Set("of", c.Query("of")).Set("begins_on", ledger.Day(year, time.January, 1).Format(time.DateOnly)).Set("ends_on", ledger.Day(year, time.December, 31).Format(time.DateOnly))
	return page.Render(c, "desk/agreement_form", v)
}

// AddAgreement writes an agreement down.
func (p *Pages) AddAgreement(c *fiber.Ctx) error {
	v, err := p.agreementForm(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	slug := v.Choice("of", page.Values(v.Organisations))
	a := v.read()
	if a.EnteredAt = p.Now(); v.AnyWrong() {
		return page.Again(c, "desk/agreement_form", v)
	}
	of, err := organisation.Find(c.UserContext(), p.DB, community.ID, slug)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.agree", "organisation:"+slug, nil, func(tx *sqlx.Tx, who string) (err error) {
		a.OrganisationID, a.EnteredBy = of.ID, who
		a, err = organisation.AddAgreement(c.UserContext(), tx, community, a)
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, agreementsPath+"/"+strconv.Itoa(a.ID), "organisation.agreed")
}

// read takes an agreement and its services from the form.
func (v agreementForm) read() organisation.Agreement {
	a := organisation.Agreement{
		TitleZH: line(v.Text("title_zh", 80)), TitleEN: line(v.Text("title_en", 120, page.Optional)), Payer: line(v.Text("payer", 60, page.Optional)),
		Subsidy: v.Amount("subsidy", page.Optional, page.Zero), BeginsOn: v.Date("begins_on"), EndsOn: v.Date("ends_on"),
	}
	if a.EndsOn.Before(a.BeginsOn) {
		v.Wrong("ends_on", "organisation.wrong.ended")
	}
	if a.Subsidy.Sign() > 0 && a.Payer == "" {
		v.Wrong("payer", "organisation.wrong.payer")
	}
	released := money.Zero
	for _, n := range v.Items {
		item, unit, price, part := numbered("item", n), numbered("unit", n), numbered("price", n), numbered("part", n)
		if v.Typed(item) == "" && v.Typed(price) == "" && v.Typed(part) == "" {
			continue
		}
		i := organisation.Item{
			NameZH: line(v.Text(item, 40)), UnitZH: line(v.Text(unit, 10)), Price: v.Amount(price, page.Optional, page.Zero), Subsidy: v.Amount(part, page.Optional, page.Zero),
		}
		if i.Price.IsZero() && i.Subsidy.IsZero() {
			v.Wrong(price, "organisation.wrong.free")
		}
		released = released.Add(i.Subsidy)
		a.Items = append(a.Items, i)
	}
	if len(a.Items) == 0 {
		v.Wrong(numbered("item", 1), "organisation.wrong.no_item")
	}
	if a.Subsidy.Sign() > 0 && released.IsZero() {
		v.Wrong(numbered("part", 1), "organisation.wrong.never_released")
	}
	return a
}

// agreementView is one agreement with the forms of its work.
type agreementView struct {
	organisation.Agreement
	*page.Form
	Of       organisation.Organisation
	Fund     ledger.Fund
	Services []page.Option
	Ways     []page.Option
	ToBill   []organisation.Session
	Recent   []organisation.Session
	Invoices []organisation.Invoice
	Releases []organisation.Release
	MayEdit  bool
	MayPost  bool
}

// Path is the page's address.
func (v agreementView) Path() string { return agreementsPath + "/" + strconv.Itoa(v.ID) }

// More is how many sessions are not shown.
func (v agreementView) More() int { return v.Sessions - len(v.Recent) }

// Agreement shows one: what is delivered, billed, released, and the forms for each.
func (p *Pages) Agreement(c *fiber.Ctx) error {
	v, err := p.agreementHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	today := page.Of(c).Local(p.Now())
	day := today.Format(time.DateOnly)
	v.Set("held_on", day).Set("quantity", "1").Set("due_on", today.AddDate(0, 0, 30).Format(time.DateOnly)).Set("until", day).Set("released_on", day).Set("way", string(organisation.Bank))
	for _, s := range v.ToBill {
		v.Set("session-"+s.ID.String(), "yes")
	}
	return page.Render(c, "desk/agreement", v)
}

// agreementHere is the view of the agreement that the address names.
func (p *Pages) agreementHere(c *fiber.Ctx, f *page.Form) (v agreementView, err error) {
	id, err := page.Number(c, "agreement")
	if err != nil {
		return v, err
	}
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	v = agreementView{
		Form:    labelled(f, "organisation.field", "service", "held_on", "quantity", "served", "note", "billed_to", "due_on", "until", "released_on", "way"),
		MayEdit: can(c, auth.ManageOrganisation), MayPost: can(c, auth.PostEntry), Ways: choices(c, "organisation.way", organisation.Bank, organisation.Cash),
	}
	if v.Agreement, err = organisation.AgreementAt(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	for _, i := range v.Items {
		v.Services = append(v.Services, page.Option{Value: strconv.Itoa(i.N), Label: page.Of(c).T("organisation.item", "name", i.Name(lang), "price", i.Price.Yuan(), "unit", i.Unit(lang))})
	}
	if v.Of, err = organisation.At(ctx, p.DB, here, v.OrganisationID); err != nil {
		return v, err
	}
	if v.Fund, err = ledger.FundAt(ctx, p.DB, here, v.FundID); err != nil {
		return v, err
	}
	if v.ToBill, err = organisation.Unbilled(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	if v.Recent, err = organisation.ListSessions(ctx, p.DB, here, id, latestSessions); err != nil {
		return v, err
	}
	if v.Invoices, err = organisation.ListInvoices(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	v.Invoices = hidePayers(c, v.Invoices...)
	v.Releases, err = organisation.ListReleases(ctx, p.DB, here, id)
	return v, err
}
