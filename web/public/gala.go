package public

import (
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

// hallView is a ticket whose seats a resident may reserve.
type hallView struct {
	*page.Form
	Event sale.Place
	Hall  issue.Hall
}

// Seats shows which seats are free.
func (p *Pages) Seats(c *fiber.Ctx) error {
	v, err := p.hallView(c, page.BlankForm(c).Set("count", "1"))
	if err != nil {
		return err
	}
	return page.Render(c, "public/gala_seats", v)
}

func (p *Pages) hallView(c *fiber.Ctx, f *page.Form) (v hallView, err error) {
	v.Form = f.Label("seat", "gala.field.seat").Label("count", "gala.field.count").Label("name", "gala.field.name").Label("phone", "gala.field.phone")
	if v.Event, err = p.saleEventAt(c); err != nil {
		return v, err
	}
	halls, err := issue.Halls(c.UserContext(), p.Read, here(c), v.Event.ID)
	if err != nil {
		return v, err
	}
	for _, h := range halls {
		if h.Code == c.Params("code") && h.Price != nil {
			v.Hall = h
			return v, nil
		}
	}
	return v, page.ErrNotFound
}

// KeepSeats reserves seats; they are paid for at the desk, by a day.
func (p *Pages) KeepSeats(c *fiber.Ctx) error {
	v, err := p.hallView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	seats, n := issue.ReadSeats(v.Form, v.Hall)
	r := sale.Reservation{ID: v.Once(v.Event.Slug, "seat", "count", "name", "phone"), Item: v.Hall.ID, Name: v.Text("name", 40, page.Optional), Phone: v.Text("phone", 20, page.Optional), ReservedAt: p.Now()}
	if v.AnyWrong() {
		return page.Again(c, "public/gala_seats", v)
	}
	if v.Typed(trap) != "" || p.tooQuick(v.Form) {
		return page.TooMany{RetryAfter: brakeAgain}
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.inTx(c, func(tx *sqlx.Tx) (err error) {
		r, err = sale.Reserve(c.UserContext(), tx, community, r, seats, n)
		return err
	})
	if issue.SeatsRefused(v.Form, v.Hall, err) {
		return page.Again(c, "public/gala_seats", v)
	}
	if err != nil {
		return err
	}
	changed(c)
	return page.Done(c, "/seats/"+r.Token, "gala.kept", "count", r.Tickets, "day", r.HoldUntil.Format("2006-01-02"))
}

// ticketsView is what somebody holds: of a reservation, of a sale, or one ticket by itself.
type ticketsView struct {
	Event    sale.Place
	Tickets  []sale.Admission
	Held     *sale.Reservation // nil for one ticket, and for what a till sold
	PDF      string
	Good     int
	Waiting  bool
	CodeBase string // a ticket's code says this and its token
}

func (p *Pages) ticketsView(c *fiber.Ctx, place int, tickets []sale.Admission, paper string) (v ticketsView, err error) {
	secret(c)
	r := page.Of(c)
	v = ticketsView{PDF: paper, CodeBase: page.SiteOf(c).URL(r.URL("/tickets/"))}
	for _, t := range tickets {
		if t.VoidedAt == nil || len(tickets) == 1 {
			v.Tickets = append(v.Tickets, t)
		}
		if t.Good() {
			v.Good++
		}
	}
	v.Event, err = sale.PlaceAt(c.UserContext(), p.DB, r.Community.ID, place)
	return v, err
}

// MySeats is the page of a reservation: the address is its key.
func (p *Pages) MySeats(c *fiber.Ctx) error {
	held, err := sale.ReservationByToken(c.UserContext(), p.DB, here(c), c.Params("token"))
	if err != nil {
		return err
	}
	tickets, err := sale.TicketsOfSale(c.UserContext(), p.DB, here(c), held.ID)
	if err != nil {
		return err
	}
	v, err := p.ticketsView(c, held.PlaceID, tickets, page.Of(c).URL("/seats/"+held.Token+"/tickets.pdf"))
	if err != nil {
		return err
	}
	v.Held, v.Waiting = &held, held.Waiting()
	return page.Render(c, "public/gala_tickets", v)
}

// LeaveSeats gives seats back that were reserved.
func (p *Pages) LeaveSeats(c *fiber.Ctx) error {
	secret(c)
	err := p.inTx(c, func(tx *sqlx.Tx) error {
		held, err := sale.ReservationByToken(c.UserContext(), tx, here(c), c.Params("token"))
		if err != nil {
			return err
		}
		return sale.Cancel(c.UserContext(), tx, here(c), held.ID, p.Now())
	})
	if err != nil {
		return err
	}
	changed(c)
	return page.Done(c, "/seats/"+c.Params("token"), "gala.cancelled")
}

// Upward leads a reload of what was sent back to the page above.
func (p *Pages) Upward(c *fiber.Ctx) error { return page.Upward(c) }

// MySeatsPDF draws the tickets of a reservation once they are paid.
func (p *Pages) MySeatsPDF(c *fiber.Ctx) error {
	held, err := sale.ReservationByToken(c.UserContext(), p.DB, here(c), c.Params("token"))
	if err != nil {
		return err
	}
	tickets, err := sale.TicketsOfSale(c.UserContext(), p.DB, here(c), held.ID)
	if err != nil {
		return err
	}
	return p.sendTickets(c, held.PlaceID, tickets)
}

func (p *Pages) sendTickets(c *fiber.Ctx, place int, tickets []sale.Admission) error {
	r := page.Of(c)
	at, err := sale.PlaceAt(c.UserContext(), p.DB, r.Community.ID, place)
	if err != nil {
		return err
	}
	doc := issue.Tickets(r.Lang, r.Community.Name.In(r.Lang), at, tickets, func(token string) string { return page.SiteOf(c).URL(r.URL("/tickets/" + token)) })
	return keepOut(c, page.DrawPDF(c, "tickets-"+at.Slug, func(w io.Writer) error { return pdf.Tickets(w, doc) }))
}

// Ticket is one ticket on a phone: what the door scans.
func (p *Pages) Ticket(c *fiber.Ctx) error {
	t, err := sale.TicketByToken(c.UserContext(), p.DB, here(c), c.Params("token"))
	if err != nil {
		return err
	}
	v, err := p.ticketsView(c, t.PlaceID, []sale.Admission{t}, page.Of(c).URL("/tickets/"+t.Token+"/ticket.pdf"))
	if err != nil {
		return err
	}
	return page.Render(c, "public/gala_tickets", v)
}

// TicketPDF draws it.
func (p *Pages) TicketPDF(c *fiber.Ctx) error {
	t, err := sale.TicketByToken(c.UserContext(), p.DB, here(c), c.Params("token"))
	if err != nil {
		return err
	}
	return p.sendTickets(c, t.PlaceID, []sale.Admission{t})
}

// SoldTickets are those that came with a sale's receipt.
func (p *Pages) SoldTickets(c *fiber.Ctx) error {
	f, err := p.sold(c)
	if err != nil {
		return err
	}
	tickets, err := sale.TicketsOfSale(c.UserContext(), p.DB, here(c), f.Sale.ID)
	if err != nil {
		return err
	}
	if len(tickets) == 0 {
		return page.ErrNotFound
	}
	v, err := p.ticketsView(c, f.Place.ID, tickets, "/s/"+f.Receipt.Token+"/tickets.pdf")
	if err != nil {
		return err
	}
	return page.Render(c, "public/gala_tickets", v)
}

// SoldTicketsPDF draws them.
func (p *Pages) SoldTicketsPDF(c *fiber.Ctx) error {
	f, err := p.sold(c)
	if err != nil {
		return err
	}
	tickets, err := sale.TicketsOfSale(c.UserContext(), p.DB, here(c), f.Sale.ID)
	if err != nil {
		return err
	}
	return p.sendTickets(c, f.Place.ID, tickets)
}
