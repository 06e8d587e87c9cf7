package desk

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/web/auth"
	"fund/web/page"
)

// What the staff's list of pledges shows, in this order: those whose day has
// come first, since somebody may ring their givers.
const (
	pledgesDue  = "due"
	pledgesOpen = string(pledge.Open)
)

var pledgeTabs = []string{pledgesDue, pledgesOpen, string(pledge.Fulfilled), string(pledge.Lapsed), string(pledge.Cancelled)}

type pledgesView struct {
	Tab  string
	Tabs []pledgeTab
	Rows []pledge.Pledge
	Left pledge.Promised // of the rows
	May  bool            // enter one
}

type pledgeTab struct {
	Name  string
	Count int
}

// Pledges lists what is promised: due, open, fulfilled, lapsed, cancelled.
func (p *Pages) Pledges(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	of, due, err := pledge.Counts(c.UserContext(), p.DB, community.ID, today)
	if err != nil {
		return err
	}
	v := pledgesView{Tab: tabOf(c, due), May: can(c, auth.EnterCash)}
	for _, name := range pledgeTabs {
		v.Tabs = append(v.Tabs, pledgeTab{name, of[pledge.State(name)]})
	}
	v.Tabs[0].Count, v.Tabs[1].Count = due, of[pledge.Open]-due
	v.Rows, err = p.pledgesIn(c.UserContext(), community.ID, v.Tab, today)
	for _, row := range v.Rows {
		v.Left.Pledges, v.Left.Left = v.Left.Pledges+1, v.Left.Left.Add(row.Left())
	}
	if err != nil {
		return err
	}
	return page.Render(c, "desk/pledges", v)
}

// tabOf is the part of the list that the reader chose; else the due ones, if any.
func tabOf(c *fiber.Ctx, due int) string {
	for _, name := range pledgeTabs {
		if c.Query("state") == name {
			return name
		}
	}
	if due > 0 {
		return pledgesDue
	}
	return pledgesOpen
}

func (p *Pages) pledgesIn(ctx context.Context, community int, tab string, today time.Time) (rows []pledge.Pledge, err error) {
	if tab != pledgesDue && tab != pledgesOpen {
		return pledge.List(ctx, p.DB, community, pledge.State(tab))
	}
	open, err := pledge.List(ctx, p.DB, community, pledge.Open)
	for _, each := range open {
		if each.Due(today) == (tab == pledgesDue) {
			rows = append(rows, each)
		}
	}
	return rows, err
}

// NewPledge is the form for somebody who promises at the desk or on the phone.
func (p *Pages) NewPledge(c *fiber.Ctx) error {
	v, err := p.pledgeForm(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/pledge_new", v)
}

func (p *Pages) pledgeForm(c *fiber.Ctx, f *page.Form) (v cashView, err error) {
	if v, err = p.cashView(c, f); err == nil {
		labelled(f, "pledge.desk.field", "campaign", "amount", "due_on", "name", "email")
	}
	return v, err
}

// EnterPledge writes the promise down.
func (p *Pages) EnterPledge(c *fiber.Ctx) error {
	v, err := p.pledgeForm(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	s := pledge.Promise{
		ID: v.Once("pledge", "campaign", "amount", "due_on", "name", "email"), Campaign: v.Choice("campaign", page.Values(v.Campaigns)), Amount: v.Amount("amount"),
		DueOn: v.Date("due_on"), Name: v.Text("name", 40), Email: v.Email("email", page.Optional), Lang: string(page.Of(c).Lang), At: p.Now(),
	}
	var made pledge.Pledge
	if !v.AnyWrong() {
		made, err = p.enterPledge(c, s)
	}
	switch {
	case errors.Is(err, campaigns.ErrBelowMinimum):
		v.Wrong("amount", "cash.wrong.minimum")
	case errors.Is(err, pledge.ErrDay):
		v.Wrong("due_on", "pledge.desk.wrong_day")
	case err != nil:
		return err
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/pledge_new", v)
	}
	to := "/desk/pledges/new" // who may not read donors' names has just heard this one
	if can(c, auth.ReadDonors) {
		to = "/desk/pledges/" + made.ID.String()
	}
	return page.Done(c, to, "pledge.desk.entered", "amount", made.Amount.Yuan())
}

func (p *Pages) enterPledge(c *fiber.Ctx, s pledge.Promise) (made pledge.Pledge, err error) {
	community, err := p.community(c)
	if err != nil {
		return made, err
	}
	err = p.act(c, "pledge.enter", pledgeSubject(s.ID), map[string]any{"campaign": s.Campaign}, func(tx *sqlx.Tx, who string) error {
		s.EnteredBy = who
		made, err = pledge.Make(c.UserContext(), tx, community, s)
		return err
	})
	if err == nil {
		p.moved(c, made.CampaignID)
	}
	return made, err
}

func pledgeSubject(id uuid.UUID) string { return "pledge:" + id.String() }

type pledgeView struct {
	pledge.Pledge
	Form      *page.Form
	Title     string
	Donor     campaigns.Donor
	EnteredBy string
	Due, May  bool
	Link      string // the giver's own page
}

// Pledge shows one promise: what came of it, its giver's link, and cash towards it.
func (p *Pages) Pledge(c *fiber.Ctx) error {
	return p.showPledge(c, labelled(page.BlankForm(c), "pledge.desk.field", "amount"), page.Render)
}

func (p *Pages) showPledge(c *fiber.Ctx, f *page.Form, how func(*fiber.Ctx, string, any) error) error {
	found, err := p.pledgeAt(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	name, err := p.named(c)
	if err != nil {
		return err
	}
	if f.Typed("amount") == "" {
		f.Set("amount", found.Left().String())
	}
	v := pledgeView{
		Pledge: found, Form: f, Title: found.Title(string(page.Of(c).Lang)), EnteredBy: name(found.EnteredBy),
		Due: found.Due(community.Day(p.Now())), Link: page.SiteOf(c).URL(page.Of(c).URL("/pledges/" + found.Token)),
	}
	v.May = can(c, auth.EnterCash) && found.State != pledge.Cancelled && found.State != pledge.Fulfilled
	if v.Donor, err = campaigns.FindDonor(c.UserContext(), p.DB, community.ID, found.DonorID); err != nil {
		return err
	}
	return how(c, "desk/pledge", v)
}

func (p *Pages) pledgeAt(c *fiber.Ctx) (pledge.Pledge, error) {
	id, err := uuid.Parse(c.Params("pledge"))
	if err != nil {
		return pledge.Pledge{}, page.ErrNotFound
	}
	return pledge.At(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
}

// TakePledge takes cash for a promise, all of it or a part, with its receipt.
func (p *Pages) TakePledge(c *fiber.Ctx) error {
	found, err := p.pledgeAt(c)
	if err != nil {
		return err
	}
	f := labelled(page.ReadForm(c), "pledge.desk.field", "amount")
	gift := found.Gift(f.Amount("amount"), p.Now())
	gift.ID, gift.Lang = f.Once("pledge "+found.ID.String(), "amount"), string(page.Of(c).Lang)
	if f.AnyWrong() {
		return p.showPledge(c, f, page.Again)
	}
	taken, err := p.takeCash(c, gift)
	switch {
	case errors.Is(err, campaigns.ErrBelowMinimum):
		f.Wrong("amount", "cash.wrong.minimum")
	case errors.Is(err, campaigns.ErrAboveMaximum):
		f.Wrong("amount", "cash.wrong.maximum", "max", campaigns.MaxGift.YuanShort())
	case err != nil:
		return err
	default:
		return page.Done(c, "/desk/cash/"+taken.Donation.String(), "cash.taken", "number", taken.Receipt.Serial())
	}
	return p.showPledge(c, f, page.Again)
}

// CancelPledge takes a promise back for its giver.
func (p *Pages) CancelPledge(c *fiber.Ctx) error {
	found, err := p.pledgeAt(c)
	if err != nil {
		return err
	}
	err = p.act(c, "pledge.cancel", pledgeSubject(found.ID), nil, func(tx *sqlx.Tx, who string) error {
		return pledge.Cancel(c.UserContext(), tx, page.Of(c).Community.ID, found.ID, who, p.Now())
	})
	if err != nil {
		return err
	}
	p.moved(c, found.CampaignID)
	return page.Done(c, "/desk/pledges/"+found.ID.String(), "pledge.cancelled")
}

// ToPledge sends whoever reloads the address of a POST back to the pledge.
func (p *Pages) ToPledge(c *fiber.Ctx) error {
	found, err := p.pledgeAt(c)
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL("/desk/pledges/"+found.ID.String()), fiber.StatusSeeOther)
}
