package pdf

import (
	"io"
	"strconv"
	"strings"
	"time"

	"fund/web/picture"
)

// TicketsDoc is a sheet of tickets to one event, in the document's language.
type TicketsDoc struct {
	Lang      string
	Community string
	Event     string
	Where     string // may be empty
	Tickets   []Ticket
}

// Ticket lets one person in.
type Ticket struct {
	Day    *time.Time // nil: any
	Number int
	Code   string // to be typed in where no camera is
	What   string
	Starts string // 19:00; may be empty
	Seat   string // empty: where one likes
	Name   string // of the guest; may be empty
	Scan   string // what the QR code says
}

// Tickets draws them on A4, two on a sheet, with a line to cut along.
func Tickets(w io.Writer, doc TicketsDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	if len(doc.Tickets) == 0 {
		c.page(pageW, pageH)
		c.text(pageW/2, 60, say(doc.Lang, "ticket.none"), style{size: 13, ink: ink2}, middle)
	}
	for i, t := range doc.Tickets {
		if i%2 == 0 {
			c.page(pageW, pageH)
			c.line(8, pageH/2, pageW-8, pageH/2, 0.15, inkRule)
		}
		if err := c.ticket(doc, t, float64(i%2)*pageH/2); err != nil {
			return err
		}
	}
	return c.write(w, about{lang: doc.Lang, title: doc.Event, author: doc.Community, subject: say(doc.Lang, "ticket.subject", len(doc.Tickets))})
}

func (c *canvas) ticket(doc TicketsDoc, t Ticket, y float64) error {
	const side, left0, right0 = 52.0, margin, pageW - margin
	room := right0 - left0 - side - 10
	c.letterhead(left0, right0, y+20.5, doc.Community, say(doc.Lang, "ticket.number", strconv.Itoa(t.Number)), style{size: 12, bold: true, ink: inkSerial})
	c.double(left0, right0, y+25.5, inkRuleRed)
	c.text(left0, y+39, doc.Event, c.shrink(doc.Event, style{size: 21, bold: true, ink: inkText}, room, 12), left)
	c.text(left0, y+47, t.What, c.shrink(t.What, style{size: 13, ink: inkText}, room, 9), left)
	at := y + 60
	line := func(label, text string) {
		if text == "" {
			return
		}
		c.text(left0, at, label, style{size: 10, ink: ink2}, left)
		s := style{size: 12, ink: inkText}
		c.text(left0+24, at, text, c.shrink(text, s, room-24, 8), left)
		at += 8
	}
	when := t.Starts
	if t.Day != nil {
		when = strings.TrimSpace(day(doc.Lang, *t.Day) + " " + t.Starts)
	}
	line(say(doc.Lang, "ticket.when"), when)
	line(say(doc.Lang, "ticket.where"), doc.Where)
	line(say(doc.Lang, "ticket.name"), t.Name)
	seat := t.Seat
	if seat == "" {
		seat = say(doc.Lang, "ticket.free")
	}
	c.text(left0, y+108, seat, c.shrink(seat, style{size: 26, bold: true, ink: inkText}, room, 14), left)
	c.text(left0, y+122, say(doc.Lang, "ticket.once"), style{size: 9.5, ink: ink2}, left)
	code, err := picture.QR{Text: t.Scan}.Picture()
	if err != nil {
		return err
	}
	c.picture(code, right0-side, y+40, side, side)
	c.text(right0-side/2, y+102, t.Code, style{size: 17, bold: true, ink: inkText}, middle)
	c.text(right0-side/2, y+108, say(doc.Lang, "ticket.type"), style{size: 9, ink: ink2}, middle)
	return nil
}
