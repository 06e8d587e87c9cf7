package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/web/page"
)

// doorView is the door of an event with its last answer.
type doorView struct {
	*page.Form
	Place   sale.Place
	Door    sale.Door
	Verdict sale.Verdict // empty: nothing was scanned yet
	Ticket  sale.Admission
	By      string           // who let them in
	Tickets []sale.Admission // for the list on paper
}

func (p *Pages) doorView(c *fiber.Ctx, f *page.Form) (v doorView, err error) {
	v.Form = f.Label("code", "gala.door.code")
	if v.Place, err = p.placeHere(c); err != nil {
		return v, err
	}
	v.Door, err = sale.DoorOf(c.UserContext(), p.DB, page.Of(c).Community.ID, v.Place.ID)
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(self), geolocation=(), microphone=()") // scans tickets
	return v, err
}

// EventDoor asks for a ticket.
func (p *Pages) EventDoor(c *fiber.Ctx) error {
	v, err := p.doorView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/gala_door", v)
}

// Admit answers a ticket in green or red. Nothing of it goes into the audit log: the ticket says who let it in.
func (p *Pages) Admit(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	place, err := p.placeHere(c)
	if err != nil {
		return err
	}
	t, err := p.taking(c, place.ID, "")
	if err != nil && err != errNoDrawer {
		return err
	}
	var ticket sale.Admission
	var verdict sale.Verdict
	err = p.inTx(c.UserContext(), func(tx *sqlx.Tx) error {
		ticket, verdict, err = sale.Admit(c.UserContext(), tx, page.Of(c).Community.ID, place.ID, f.Typed("code"), t.Who, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	v, err := p.doorView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Ticket, v.Verdict = ticket, verdict
	name, err := p.named(c)
	if v.By = name(ticket.AdmittedBy); err != nil {
		return err
	}
	return page.Render(c, "desk/gala_door", v)
}

// DoorList is the list to print, for when nothing else works.
func (p *Pages) DoorList(c *fiber.Ctx) error {
	v, err := p.doorView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if v.Tickets, err = sale.ListTickets(c.UserContext(), p.DB, page.Of(c).Community.ID, v.Place.ID); err != nil {
		return err
	}
	return page.Render(c, "desk/gala_list", v)
}
