package till

import (
	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(sale.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(sale.ErrState, fiber.StatusConflict, "error.moved_on")
	page.Meaning(sale.ErrSameCounter, fiber.StatusConflict, "error.same_counter")
	page.Meaning(sale.ErrNeedsLead, fiber.StatusForbidden, "error.needs_lead")
}

// Counted is who has counted a drawer, without what: the second counts blind.
type Counted struct {
	Who   string
	Lead  bool
	Tries int
}

type countView struct {
	Session sale.Session
	Place   string
	Counted []Counted
	Form    *page.Form
	Rows    []page.PieceRow
	Total   money.Amount
	Differ  bool // two have counted, and not the same
	Mine    bool // whoever reads counted second, and may close with a reason
	MayMore bool // whoever reads may count, or count again
	Lead    bool // whoever reads leads the shift
	Second  bool // the form is for another person than the one who is logged in
	First   bool // whoever is logged in counted first, and somebody else is yet to count
	Shut    bool // the count that was just taken closed the session
	Z       *sale.ZReport
}

// CountDrawer is the sheet on which one person writes what lies in the drawer, and after the close its result.
func (p *Pages) CountDrawer(c *fiber.Ctx) error {
	v, err := p.countView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "till/count", v)
}

func (p *Pages) countView(c *fiber.Ctx, f *page.Form) (v countView, err error) {
	ctx, r := c.UserContext(), page.Of(c)
	id, err := part(c, "session")
	if err != nil {
		return v, err
	}
	v.Form = f.Label("reason", "till.count.reason").Label("login", "login.field.login").Label("password", "login.field.password").Label("code", "login.field.code")
	if v.Session, err = sale.SessionAt(ctx, p.DB, r.Community.ID, id); err != nil {
		return v, err
	}
	place, err := sale.PlaceAt(ctx, p.DB, r.Community.ID, v.Session.PlaceID)
	if err != nil {
		return v, err
	}
	v.Place = place.Name(string(r.Lang))
	v.Rows, v.Total = f.PieceRows()
	if v.Session.ClosedAt != nil {
		z, err := sale.ZOf(ctx, p.DB, r.Community.ID, id)
		v.Z = &z
		return v, err
	}
	return v, p.countedBy(c, &v)
}

// countedBy tells who has counted, and what whoever reads may do.
func (p *Pages) countedBy(c *fiber.Ctx, v *countView) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	tallies, err := sale.Tallies(c.UserContext(), p.DB, page.Of(c).Community.ID, v.Session.ID)
	if err != nil {
		return err
	}
	name, err := p.named(c)
	if err != nil {
		return err
	}
	me := auth.UserSubject(s.UserID)
	v.Lead, v.MayMore = s.User.Can(auth.LeadShift, page.Of(c).Community.ID), len(tallies) < 2
	for _, t := range tallies {
		v.Counted = append(v.Counted, Counted{name(t.Counter), t.Lead, t.Tries})
		v.MayMore = v.MayMore || t.Counter == me
		v.First = len(tallies) == 1 && t.Counter == me
	}
	v.Differ = len(tallies) == 2
	v.Mine = v.Differ && tallies[1].Counter == me
	return nil
}

// named turns what the books write down about who did something into a name.
func (p *Pages) named(c *fiber.Ctx) (func(who string) string, error) {
	names, err := auth.Names(c.UserContext(), p.Read, page.Of(c).Community.ID)
	return func(who string) string {
		if name := names[who]; name != "" {
			return name
		}
		return page.Word(c, "role", who) // the sample's people are called by their roles
	}, err
}

// EnterCount takes the count of whoever is logged in, or closes with a reason what two have counted differently. The second
// count that agrees with the first closes the session.
func (p *Pages) EnterCount(c *fiber.Ctx) error {
	v, err := p.countView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	return p.takeCount(c, v, func() (auth.User, error) {
		s, err := auth.Current(c)
		return s.User, err
	})
}

// takeCount takes the count of the person whom who proves.
func (p *Pages) takeCount(c *fiber.Ctx, v countView, who func() (auth.User, error)) error {
	if v.Z != nil {
		return sale.ErrState
	}
	counted, reason := v.Form.Pieces(), ""
	if v.Form.Typed("do") == "accept" {
		reason = v.Form.Text("reason", reasonMax)
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "till/count", v)
	}
	if v.Form.Typed("do") == "sum" {
		return page.Render(c, "till/count", v)
	}
	by, err := who()
	if err == nil && !v.Form.AnyWrong() {
		err = p.enterCount(c, by, &v, counted, reason)
	}
	if unproven(v.Form, p.Now(), err) {
		return page.Again(c, "till/count", v)
	}
	if err != nil {
		return err
	}
	return p.countTaken(c, v)
}

// enterCount runs the verb with its line in the audit log.
func (p *Pages) enterCount(c *fiber.Ctx, by auth.User, v *countView, counted money.Pieces, reason string) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	return p.actAs(c, by.ID, "till.count", "till:"+v.Session.Till, func(tx *sqlx.Tx, who string) (err error) {
		if reason != "" {
			v.Shut = true
			return sale.Accept(c.UserContext(), tx, community, v.Session.ID, reason, who, p.Now())
		}
		lead := by.Can(auth.LeadShift, community.ID)
		v.Shut, err = sale.Count(c.UserContext(), tx, community, v.Session.ID, sale.Tally{Pieces: counted, Counter: who, Lead: lead, At: p.Now()})
		return err
	})
}

func (p *Pages) countTaken(c *fiber.Ctx, v countView) error {
	to := countPath(v)
	switch {
	case v.Shut:
		p.moved(c, 0)
		return page.Done(c, to, "till.count.closed", "till", v.Session.Till)
	case len(v.Counted) == 0:
		return page.Done(c, to+secondPath, "till.count.first_done")
	}
	return page.Done(c, to, "till.count.differ")
}

func countPath(v countView) string { return "/till/sessions/" + v.Session.ID.String() + "/count" }
