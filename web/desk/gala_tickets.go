package desk

import (
	"errors"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/receipt"
	"fund/campaigns/sale"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

// errNoDrawer is money without a drawer for it.
var errNoDrawer = errors.New("desk: money at an event goes into an open drawer, or the treasurer takes it")

func count(n int) string { return strconv.Itoa(n) }

// ticketsView is the tickets of an event: who holds what, and the form that sells or keeps more.
type ticketsView struct {
	*page.Form
	Place   sale.Place
	Door    sale.Door
	Halls   []issue.Hall // an item of kind ticket each
	Hall    *issue.Hall  // the one that is sold here
	Held    []sale.Reservation
	Tickets []sale.Admission
	Ways    []page.Option
	MayEdit bool
	MayTake bool
}

// Tickets shows them.
func (p *Pages) Tickets(c *fiber.Ctx) error {
	v, err := p.ticketsView(c, page.BlankForm(c).Set("count", "1").Set("way", string(sale.Cash)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/gala_tickets", v)
}

func (p *Pages) ticketsView(c *fiber.Ctx, f *page.Form) (v ticketsView, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v = ticketsView{Form: labelled(f, "gala.field", "seat", "count", "name", "phone", "way"), Ways: p.galaWays(c), MayEdit: can(c, auth.ManageSale), MayTake: can(c, auth.SellAtTill)}
	if v.Place, err = p.placeHere(c); err != nil {
		return v, err
	}
	if v.Halls, err = issue.Halls(ctx, p.DB, here, v.Place.ID); err != nil {
		return v, err
	}
	asked := f.Typed("item")
	if asked == "" {
		asked = c.Query("item")
	}
	for i := range v.Halls {
		if v.Halls[i].Code == asked || v.Hall == nil && v.Halls[i].Price != nil {
			v.Hall = &v.Halls[i]
		}
	}
	if v.Held, err = sale.ListReservations(ctx, p.DB, here, v.Place.ID); err != nil {
		return v, err
	}
	if v.Tickets, err = sale.ListTickets(ctx, p.DB, here, v.Place.ID); err != nil {
		return v, err
	}
	v.Door, err = sale.DoorOf(ctx, p.DB, here, v.Place.ID)
	return v, err
}

func (p *Pages) galaWays(c *fiber.Ctx) []page.Option { return choices(c, "till.say.way", sale.Ways...) }

// taking is how whoever is here takes money at a place: into their own open drawer, or, the treasurer, without one.
func (p *Pages) taking(c *fiber.Ctx, place int, way string) (t sale.Taking, err error) {
	s, err := auth.Current(c)
	if err != nil {
		return t, err
	}
	t = sale.Taking{Way: sale.Way(way), Who: auth.UserSubject(s.UserID), At: p.Now()}
	drawer, err := sale.SessionOfCashier(c.UserContext(), p.DB, page.Of(c).Community.ID, t.Who)
	switch {
	case err == nil && drawer.PlaceID == place:
		t.Session = &drawer.ID
	case err != nil && !errors.Is(err, sale.ErrNotFound):
		return t, err
	case !can(c, auth.PostEntry):
		return t, errNoDrawer
	}
	return t, nil
}

// SellTickets sells tickets at the desk, or keeps them for somebody.
func (p *Pages) SellTickets(c *fiber.Ctx) error {
	v, err := p.ticketsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.Hall == nil {
		return page.ErrUnreadable
	}
	seats, n := issue.ReadSeats(v.Form, *v.Hall)
	r := sale.Reservation{ID: v.Once(v.Place.Slug, "item", "seat", "count", "name", "phone"), Item: v.Hall.ID, Name: v.Text("name", 40, page.Optional), Phone: v.Text("phone", 20, page.Optional), ReservedAt: p.Now()}
	way, sells := v.Choice("way", page.Values(v.Ways)), v.Typed("press") == "sell"
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_tickets", v)
	}
	err = p.keepTickets(c, v, &r, seats, n, way, sells)
	if issue.SeatsRefused(v.Form, *v.Hall, err) {
		return page.Again(c, "desk/gala_tickets", v)
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	if sells {
		return page.Done(c, orderPath(v.Place.ID, r.ID), "gala.sold", "count", r.Tickets, "sum", r.Sum().Yuan())
	}
	return page.Done(c, orderPath(v.Place.ID, r.ID), "gala.kept", "count", r.Tickets, "day", day(r.HoldUntil))
}

// keepTickets reserves, and takes the money if they are sold at once.
func (p *Pages) keepTickets(c *fiber.Ctx, v ticketsView, r *sale.Reservation, seats []sale.Seat, n int, way string, sells bool) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	t := sale.Taking{}
	if sells {
		if t, err = p.taking(c, v.Place.ID, way); err != nil {
			return err
		}
	}
	return p.act(c, "sale.tickets", "sale:"+v.Place.Slug, map[string]any{"tickets": n}, func(tx *sqlx.Tx, who string) error {
		r.ReservedBy = who
		if *r, err = sale.Reserve(c.UserContext(), tx, community, *r, seats, n); err != nil || !sells {
			return err
		}
		_, err := sale.PayReservation(c.UserContext(), tx, community, r.ID, t)
		return err
	})
}

func orderPath(place int, order uuid.UUID) string {
	return salePath(place) + "/tickets/" + order.String()
}

// orderView is what one buyer has: tickets, paid or to be paid.
type orderView struct {
	*page.Form
	Place   sale.Place
	ID      uuid.UUID
	Held    *sale.Reservation // nil for what a till sold
	Receipt *receipt.Receipt
	Tickets []sale.Admission
	Free    []page.Option // seats
	Ways    []page.Option
	MayTake bool
	Good    int
}

// Order shows them.
func (p *Pages) Order(c *fiber.Ctx) error {
	v, err := p.orderView(c, page.BlankForm(c).Set("way", string(sale.Cash)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/gala_order", v)
}

func (p *Pages) orderView(c *fiber.Ctx, f *page.Form) (v orderView, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v = orderView{Form: labelled(f, "gala.field", "way", "to"), Ways: p.galaWays(c), MayTake: can(c, auth.SellAtTill)}
	if v.Place, err = p.placeHere(c); err != nil {
		return v, err
	}
	if v.ID, err = uuid.Parse(c.Params("order")); err != nil {
		return v, page.ErrNotFound
	}
	if v.Tickets, err = sale.TicketsOfSale(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	if len(v.Tickets) == 0 || v.Tickets[0].PlaceID != v.Place.ID {
		return v, page.ErrNotFound
	}
	for _, t := range v.Tickets {
		if t.Good() {
			v.Good++
		}
	}
	if held, err := sale.ReservationAt(ctx, p.DB, here, v.ID); err == nil {
		v.Held = &held
	}
	if paid, err := receipt.Of(ctx, p.DB, here, v.ID); err == nil {
		v.Receipt = &paid
	}
	hall, err := issue.HallOf(ctx, p.DB, here, v.Tickets[0].Item)
	v.Free = hall.FreeSeats(page.Of(c).Lang)
	return v, err
}

// PayOrder takes the money for what was reserved.
func (p *Pages) PayOrder(c *fiber.Ctx) error {
	v, err := p.orderView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	way := v.Choice("way", page.Values(v.Ways))
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_order", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	t, err := p.taking(c, v.Place.ID, way)
	if err != nil {
		return err
	}
	var issued receipt.Receipt
	err = p.act(c, "sale.tickets_paid", "sale:"+v.Place.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		issued, err = sale.PayReservation(c.UserContext(), tx, community, v.ID, t)
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, orderPath(v.Place.ID, v.ID), "gala.paid", "sum", issued.Amount.Yuan(), "receipt", issued.Serial())
}

// CancelOrder gives the seats back of what nobody paid.
func (p *Pages) CancelOrder(c *fiber.Ctx) error {
	v, err := p.orderView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	err = p.act(c, "sale.tickets_cancelled", "sale:"+v.Place.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return sale.Cancel(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, salePath(v.Place.ID)+"/tickets", "gala.cancelled")
}

// Reseat moves one ticket to a seat that is free.
func (p *Pages) Reseat(c *fiber.Ctx) error {
	v, err := p.orderView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	number := v.Number("number")
	to, ok := issue.ParseSeat(v.Typed("to"))
	if !ok || number == 0 {
		return page.ErrUnreadable
	}
	err = p.act(c, "sale.reseat", "sale:"+v.Place.Slug, map[string]any{"ticket": number}, func(tx *sqlx.Tx, _ string) error {
		return sale.Reseat(c.UserContext(), tx, page.Of(c).Community.ID, v.Place.ID, number, to)
	})
	if err != nil {
		return err
	}
	return page.Done(c, orderPath(v.Place.ID, v.ID), "gala.reseated")
}

// OrderPDF draws the tickets that are good, two on a sheet.
func (p *Pages) OrderPDF(c *fiber.Ctx) error {
	v, err := p.orderView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return sendTickets(c, v.Place, v.Tickets)
}

func sendTickets(c *fiber.Ctx, place sale.Place, tickets []sale.Admission) error {
	r := page.Of(c)
	doc := issue.Tickets(r.Lang, r.Community.Name.In(r.Lang), place, tickets, func(token string) string { return page.SiteOf(c).URL(r.URL("/tickets/" + token)) })
	return page.DrawPDF(c, "tickets-"+place.Slug, func(w io.Writer) error { return pdf.Tickets(w, doc) })
}

// Upward leads a reload of what was sent back to the page above.
func (p *Pages) Upward(c *fiber.Ctx) error { return page.Upward(c) }
