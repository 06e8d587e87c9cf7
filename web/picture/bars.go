package picture

import (
	"math"

	"fund/ledger/money"
)

// Bars are horizontal bars with names and amounts, all on one scale: income by source, spending by theme or project,
// planned against spent. On a phone they stand in for the flow. Charts that are read together go through Align.
type Bars struct {
	Title  string
	Rows   []Bar
	Narrow bool    // for a phone: the name and the amount above their bar
	W      float64 // units; 720, narrow 360, unless told
	Font   float64 // units; 16 unless told

	fixed  *bars   // set by Align
	perFen float64 // units for a fen
}

// Bar is one row: the sum of its unrestricted (solid) and restricted (ruled) part.
type Bar struct {
	Name       string
	Note       string // behind the bar: "11 项 812 人次"
	Free, Held money.Amount
	Plan       money.Amount // what was planned, drawn as a hollow track behind the bar; zero draws none
	Kind       BarKind
}

// BarKind says which way the money went.
type BarKind string

// The kinds of bars. They are the classes the bars are drawn with.
const (
	In   BarKind = "c-in"
	Out  BarKind = "c-out"
	Kept BarKind = "c-pine"
)

// Align gives several charts the same columns and the same scale, so that any two of their bars can be compared.
func Align(all ...*Bars) {
	var one bars
	for _, b := range all {
		b.defaults()
		one.take(b)
	}
	scale := one.scale(all...)
	for _, b := range all {
		b.fixed, b.perFen = &one, scale
	}
}

// bars is what the columns of a chart need.
type bars struct{ names, amounts float64 }

func (c *bars) take(b *Bars) {
	for _, r := range b.Rows {
		c.names = max(c.names, wide(r.Name, b.Font)+b.Font)
		c.amounts = max(c.amounts, wide(r.sum().Format(), b.Font)+b.Font)
	}
}

// scale is the most units for a fen at which every bar and the note behind it keep within their room.
func (c *bars) scale(all ...*Bars) float64 {
	scale := math.Inf(1)
	for _, b := range all {
		room := b.W - c.names - c.amounts
		if b.Narrow {
			room = b.W
		}
		for _, r := range b.Rows {
			long := max(size(r.sum()), size(r.Plan))
			if long > 0 {
				scale = min(scale, (room-r.noteRoom(b.Font))/long)
			}
		}
	}
	if math.IsInf(scale, 1) {
		return 0
	}
	return scale
}

func (b *Bars) defaults() {
	if b.W == 0 {
		b.W = 720
		if b.Narrow {
			b.W = 360
		}
	}
	if b.Font == 0 {
		b.Font = 16
	}
}

// Picture draws the bars from the top down in the order given.
func (b Bars) Picture() Picture {
	if b.fixed == nil {
		Align(&b)
	}
	p := Picture{Class: "chart", Title: b.Title, W: b.W}
	pitch, high, x := b.Font*2, b.Font*1.45, b.fixed.names
	if b.Narrow {
		pitch, high, x = b.Font*3.1, b.Font, 0
	}
	p.H = pitch * float64(len(b.Rows))
	for i, r := range b.Rows {
		y := pitch*float64(i) + (pitch-high)/2
		base := y + high/2 + b.Font*0.36
		if b.Narrow {
			y = pitch*float64(i) + b.Font*1.45
			base = y - b.Font*0.35
		}
		p.Shapes = append(p.Shapes, r.draw(x, y, high, b.perFen)...)
		p.Shapes = append(
			p.Shapes,
			Text{"", 0, base, b.Font, Start, r.Name},
			Text{"", b.W, base, b.Font, End, r.sum().Format()},
		)
		if r.Note != "" {
			end := x + b.perFen*max(size(r.sum()), size(r.Plan)) + b.Font/2
			p.Shapes = append(p.Shapes, Text{"soft", end, y + high/2 + b.Font*0.32, noteSize(b.Font), Start, r.Note})
		}
	}
	return p
}

func noteSize(font float64) float64 { return max(13, font*0.9) }

func (r Bar) noteRoom(font float64) float64 {
	if r.Note == "" {
		return 0
	}
	return wide(r.Note, noteSize(font)) + font
}

func (r Bar) sum() money.Amount { return r.Free.Add(r.Held) }

// draw is the bar itself: the hollow plan, the ruled part, then the solid part.
func (r Bar) draw(x, y, h, scale float64) []Shape {
	var out []Shape
	if r.Plan.Sign() > 0 {
		out = append(out, Rect{"c-plan", x, y, scale * size(r.Plan), h})
		y, h = y+h*0.2, h*0.6
	}
	if held := scale * size(r.Held); held > 0 {
		out = append(out, Rect{"c-held", x, y, held, h})
		x += held
	}
	if free := scale * size(r.Free); free > 0 {
		out = append(out, Rect{string(r.Kind), x, y, free, h})
	}
	return out
}
