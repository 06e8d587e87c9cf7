package pdf

import (
	"fmt"
	"io"

	"fund/web/picture"
)

// Strip is one line of a till roll, whatever prints it: a PDF as wide as the roll, or a thermal printer.
type Strip struct {
	Left, Right string // Right stands at the right edge; a long Left is wrapped above it
	Middle      bool   // Left stands in the middle
	Bold        bool
	Large       bool // twice as high
	Rule        bool // a line across, nothing else
	Code        string
}

// Roll is a sale's receipt as a till roll's lines.
func (d SaleDoc) Roll() []Strip {
	var all []Strip
	add := func(s ...Strip) { all = append(all, s...) }
	add(Strip{Left: d.Community, Middle: true, Bold: true}, Strip{Left: d.Place, Middle: true})
	add(Strip{Left: d.say("sale"), Middle: true, Bold: true, Large: true}, Strip{Left: "№ " + d.Number, Middle: true, Bold: true})
	if d.void() {
		add(Strip{Left: d.say("sale.void"), Middle: true, Bold: true})
	}
	add(Strip{Left: d.At.Format("2006-01-02 15:04"), Right: d.Slip}, Strip{Rule: true})
	for _, l := range d.Lines {
		if l.Quantity == 1 {
			add(Strip{Left: l.Name, Right: l.Sum.Format()})
			continue
		}
		add(Strip{Left: l.Name}, Strip{Left: fmt.Sprintf("  %d × %s", l.Quantity, l.Price.Format()), Right: l.Sum.Format()})
	}
	add(Strip{Rule: true}, Strip{Left: d.say("sale.total"), Right: d.Total.Yuan(), Bold: true, Large: true})
	for _, f := range d.facts() {
		add(Strip{Left: f.what, Right: f.amount})
	}
	add(Strip{Rule: true})
	if d.VerifyURL != "" {
		add(Strip{Code: d.VerifyURL}, Strip{Left: d.say("sale.scan"), Middle: true}, Strip{Left: d.say("sale.check", d.Check), Middle: true})
	}
	for _, s := range d.small() {
		add(Strip{Left: s, Middle: true})
	}
	add(Strip{Left: d.say("sale.not_gift"), Middle: true}, Strip{Left: d.say("sale.thanks"), Middle: true, Bold: true})
	return all
}

// rollMargin is what a thermal head cannot reach, on each side in mm.
const rollMargin = 4.0

// SaleRoll draws the receipt on a page as wide as a till roll, 58 or 80 mm, and as long as it needs.
func SaleRoll(w io.Writer, d SaleDoc, width float64) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	c.page(width, 0)
	r := roll{canvas: c, x1: rollMargin, x2: width - rollMargin, y: 4, size: 8.5}
	if width > 60 {
		r.size = 10
	}
	for _, s := range d.Roll() {
		if err := r.strip(s); err != nil {
			return err
		}
	}
	c.at.h = r.y + 6
	return c.write(w, about{lang: d.Lang, title: d.say("sale.title", d.Number), author: d.Community, subject: d.Place, made: d.Issued})
}

// roll is a till roll being drawn; y is where the next line begins.
type roll struct {
	*canvas
	x1, x2, y float64
	size      float64 // of plain words, in points
}

func (r *roll) strip(s Strip) error {
	switch {
	case s.Rule:
		r.line(r.x1, r.y+1.2, r.x2, r.y+1.2, 0.25, inkBlack)
		r.y += 2.4
		return nil
	case s.Code != "":
		return r.code(s.Code)
	}
	look := style{size: r.size, bold: s.Bold, ink: inkBlack}
	if s.Large {
		look.size *= 1.35
	}
	lead := look.size * 0.49
	room := r.x2 - r.x1
	if s.Right != "" {
		room -= r.width(s.Right, look) + 2
	}
	for _, line := range r.lines(s.Left, room, look) {
		r.y += lead
		if s.Middle {
			r.text((r.x1+r.x2)/2, r.y-lead*0.25, line, look, middle)
		} else {
			r.text(r.x1, r.y-lead*0.25, line, look, left)
		}
	}
	r.text(r.x2, r.y-lead*0.25, s.Right, look, right)
	return nil
}

// code draws a code in the middle, as large as a telephone likes it.
func (r *roll) code(text string) error {
	qr, err := picture.QR{Text: text}.Picture()
	if err != nil {
		return err
	}
	const side = 34.0
	r.y += r.picture(qr, (r.x1+r.x2-side)/2, r.y, side, 0)
	return nil
}
