package issue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/web/i18n"
	"fund/web/page"
	"fund/web/pdf"
)

// Hall is a ticket with the seats it is for, as a page shows them.
type Hall struct {
	sale.Item
	Plan   sale.SeatPlan // its shape is empty without one
	Blocks []Block       // of numbered seats
}

// Block is a table or a row.
type Block struct {
	Number int
	Free   int
	Seats  []sale.SeatState
}

// Halls reads the tickets of a place that are sold there.
func Halls(ctx context.Context, q sqlx.QueryerContext, community, place int) (halls []Hall, err error) {
	items, err := sale.ListItems(ctx, q, community, place)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if i.Kind != sale.Ticket || i.ArchivedAt != nil {
			continue
		}
		h, err := HallOf(ctx, q, community, i.ID)
		if err != nil {
			return nil, err
		}
		halls = append(halls, h)
	}
	return halls, nil
}

// HallOf reads the seats of one ticket; sale.ErrNotFound.
func HallOf(ctx context.Context, q sqlx.QueryerContext, community int, item uuid.UUID) (h Hall, err error) {
	if h.Item, err = sale.ItemAt(ctx, q, community, item); err != nil {
		return h, err
	}
	h.Plan, err = sale.SeatPlanOf(ctx, q, community, item)
	if errors.Is(err, sale.ErrNotFound) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	seats, err := sale.ListSeats(ctx, q, community, item)
	for _, s := range seats {
		if n := len(h.Blocks); n == 0 || h.Blocks[n-1].Number != s.Block {
			h.Blocks = append(h.Blocks, Block{Number: s.Block})
		}
		b := &h.Blocks[len(h.Blocks)-1]
		if b.Seats = append(b.Seats, s); s.Ticket == nil {
			b.Free++
		}
	}
	return h, err
}

// Room is how many tickets are left, where somebody counts.
func (h Hall) Room() int {
	n, _ := h.Left()
	return max(n, 0)
}

// Day is the day it is held, of an event.
func (h Hall) Day(event sale.Place) *time.Time {
	if h.Plan.HeldOn != nil {
		return h.Plan.HeldOn
	}
	return event.StartsOn
}

// Full tells whether none is left.
func (h Hall) Full() bool { return h.Stock != nil && h.Room() == 0 }

// SeatName says where a ticket sits: `3 号桌 2 座`; empty where it has no seat of its own.
func SeatName(lang i18n.Lang, a sale.Admission) string {
	if a.Block == nil {
		return ""
	}
	return lang.T("gala.seat."+string(a.Shape), "block", *a.Block, "place", *a.Seat)
}

// FreeSeats are the seats that nobody has, as options of a form.
func (h Hall) FreeSeats(lang i18n.Lang) (options []page.Option) {
	for _, b := range h.Blocks {
		for _, s := range b.Seats {
			if s.Ticket == nil {
				options = append(options, page.Option{Value: fmt.Sprintf("%d-%d", s.Block, s.Place), Label: lang.T("gala.seat."+string(h.Plan.Shape), "block", s.Block, "place", s.Place)})
			}
		}
	}
	return options
}

// ParseSeat reads `3-2`.
func ParseSeat(typed string) (s sale.Seat, ok bool) {
	block, place, _ := strings.Cut(typed, "-")
	s = sale.Seat{Block: page.ParseNumber(block), Place: page.ParseNumber(place)}
	return s, s.Block > 0 && s.Place > 0
}

// ReadSeats reads which seats, or how many, a form asks for; what is wrong stands beside its field. Ticked seats say how
// many; without one the number does.
func ReadSeats(f *page.Form, h Hall) (seats []sale.Seat, n int) {
	if h.Plan.Numbered() {
		for _, typed := range f.All("seat") {
			s, ok := ParseSeat(typed)
			if !ok {
				f.Wrong("seat", "gala.wrong.seat")
				return nil, 0
			}
			seats = append(seats, s)
		}
	}
	if len(seats) > sale.ReserveMax {
		f.Wrong("seat", "gala.wrong.too_many", "max", sale.ReserveMax)
	}
	if len(seats) > 0 {
		return seats, len(seats)
	}
	return nil, f.Int("count", 1, sale.ReserveMax)
}

// SeatsRefused says beside its field why tickets were not kept.
func SeatsRefused(f *page.Form, h Hall, err error) bool {
	field := "count"
	if h.Plan.Numbered() {
		field = "seat"
	}
	switch {
	case errors.Is(err, sale.ErrSeatTaken), errors.Is(err, sale.ErrNotFound):
		f.Wrong(field, "gala.wrong.taken")
	case errors.Is(err, sale.ErrSoldOut):
		f.Wrong("count", "gala.wrong.sold_out")
	default:
		return false
	}
	return true
}

// Tickets are those that let somebody in, as web/pdf draws them; at is a ticket's address.
func Tickets(lang i18n.Lang, community string, place sale.Place, list []sale.Admission, at func(token string) string) pdf.TicketsDoc {
	doc := pdf.TicketsDoc{Lang: string(lang), Community: community, Event: place.Name(string(lang)), Where: place.Where(string(lang))}
	for _, a := range list {
		if !a.Good() {
			continue
		}
		doc.Tickets = append(doc.Tickets, pdf.Ticket{Day: a.HeldOn, Number: a.Number, Code: a.Code(), What: a.ItemName(string(lang)), Starts: a.Starts, Seat: SeatName(lang, a), Name: a.Name, Scan: at(a.Token)})
	}
	return doc
}
