package picture

import "fund/ledger/money"

// Bars are horizontal bars with names and amounts, all on one scale: income by source, spending by theme or project,
// planned against spent. On a phone they stand in for the flow.
type Bars struct {
	Title  string
	Rows   []Bar
	Most   money.Amount // the longest bar's amount; the largest of the rows unless told: set it where charts are compared
	Narrow bool         // for a phone: the name and the amount above their bar
	W      float64      // units; 720, narrow 360, unless told
	Font   float64      // units; 16 unless told
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

// Picture draws the bars from the top down in the order given.
func (b Bars) Picture() Picture {
	if b.W == 0 {
		b.W = 720
		if b.Narrow {
			b.W = 360
		}
	}
	if b.Font == 0 {
		b.Font = 16
	}
	names, amounts, notes := 0.0, 0.0, 0.0
	for _, r := range b.Rows {
		for _, a := range []money.Amount{r.sum(), r.Plan} {
			if a.Cmp(b.Most) > 0 {
				b.Most = a
			}
		}
		names = max(names, wide(r.Name, b.Font))
		amounts = max(amounts, wide(r.sum().Format(), b.Font))
		notes = max(notes, wide(r.Note, b.Font*0.9))
	}
	p := Picture{Class: "chart", Title: b.Title, W: b.W}
	pitch, high, x, room := b.Font*2, b.Font*1.45, min(names+b.Font, b.W*0.4), 0.0
	room = b.W - x - amounts - b.Font
	if b.Narrow {
		pitch, high, x, room = b.Font*3.1, b.Font, 0, b.W
	}
	if notes > 0 {
		room -= notes + b.Font/2
	}
	p.H = pitch * float64(len(b.Rows))
	scale := 0.0
	if b.Most.Sign() > 0 {
		scale = room / size(b.Most)
	}
	for i, r := range b.Rows {
		y := pitch*float64(i) + (pitch-high)/2
		base := y + high/2 + b.Font*0.36
		if b.Narrow {
			y = pitch*float64(i) + b.Font*1.45
			base = y - b.Font*0.35
		}
		p.Shapes = append(p.Shapes, r.draw(x, y, high, scale)...)
		p.Shapes = append(
			p.Shapes,
			Text{"", 0, base, b.Font, Start, r.Name},
			Text{"", b.W, base, b.Font, End, r.sum().Format()},
		)
		if r.Note != "" {
			end := x + scale*max(size(r.sum()), size(r.Plan)) + b.Font/2
			p.Shapes = append(p.Shapes, Text{"soft", end, y + high/2 + b.Font*0.32, max(13, b.Font*0.9), Start, r.Note})
		}
	}
	return p
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
