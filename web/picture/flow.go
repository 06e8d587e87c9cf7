package picture

import (
	"cmp"

	"fund/ledger/money"
)

// Flow shows money running from its sources through unrestricted and restricted funds to what it was used for.
// On a phone, a list with bars replaces it.
type Flow struct {
	Title         string
	Free, Held    string // the words for unrestricted and restricted money
	Sources, Uses []FlowEnd
	W, H          float64 // units; 1100 by 560 unless told, and higher where there are more ends than that has room for
}

// FlowEnd is a source or a use of money.
type FlowEnd struct {
	Name       string
	Free, Held money.Amount // in the unrestricted and in the restricted funds, yuan
	Kept       bool         // a use that is still there: the surplus of the year
}

const (
	flowNode = 18 // width of a column
	flowSlot = 44 // two lines of text beside a node
	flowGap  = 8
	flowEnd  = 58 // the height that each end of a column asks for: its words, and some for the money that is drawn
)

// Picture draws the flow; all three columns share one scale.
func (f Flow) Picture() Picture {
	f.W = cmp.Or(f.W, 1100)
	f.H = max(cmp.Or(f.H, 560), flowEnd*float64(max(len(f.Sources), len(f.Uses))))
	p := Picture{Class: "chart", Title: f.Title, W: f.W, H: f.H}
	scale := min(fit(f.Sources, f.H), fit(f.Uses, f.H))
	left, right := 0.0, 0.0
	for _, e := range f.Sources {
		left = max(left, wide(e.Name, 18), wide(e.sum().Format(), 17))
	}
	for _, e := range f.Uses {
		right = max(right, wide(e.Name, 18), wide(e.sum().Format(), 17))
	}
	x1, x3 := left+14, f.W-right-14-flowNode
	x2 := (x1 + x3) / 2

	in, out := stack(f.Sources, f.H, scale), stack(f.Uses, f.H, scale)
	free, held := f.middle(scale)
	var bands, nodes []Shape
	for i, e := range f.Sources {
		y := in[i]
		bands = append(bands, band("c-flow", x1+flowNode, y, x2, free.in, scale*size(e.Free)))
		y += scale * size(e.Free)
		free.in += scale * size(e.Free)
		bands = append(bands, band("c-flow-held", x1+flowNode, y, x2, held.in, scale*size(e.Held)))
		held.in += scale * size(e.Held)
		nodes = append(nodes, e.node("c-in", x1, in[i], scale, x1-12, End)...)
	}
	for i, e := range f.Uses {
		y := out[i]
		bands = append(bands, band("c-flow", x2+flowNode, free.out, x3, y, scale*size(e.Free)))
		y += scale * size(e.Free)
		free.out += scale * size(e.Free)
		bands = append(bands, band("c-flow-held", x2+flowNode, held.out, x3, y, scale*size(e.Held)))
		held.out += scale * size(e.Held)
		class := "c-out"
		if e.Kept {
			class = "c-pine"
		}
		nodes = append(nodes, e.node(class, x3, out[i], scale, x3+flowNode+12, Start)...)
	}
	for _, b := range bands {
		if b != nil {
			p.Shapes = append(p.Shapes, b)
		}
	}
	p.Shapes = append(p.Shapes, nodes...)
	for _, m := range []pot{free, held} {
		p.Shapes = append(
			p.Shapes,
			Rect{m.class, x2, m.y, flowNode, max(1, m.h)},
			Text{"b", x2 + flowNode/2, m.y - 28, 18, Middle, m.name},
			Text{"soft", x2 + flowNode/2, m.y - 9, 17, Middle, m.sum.Format()},
		)
	}
	return p
}

// pot is one of the two kinds of money in the middle.
type pot struct {
	name, class string
	sum         money.Amount
	y, h        float64
	in, out     float64 // how far the bands have been laid on each side
}

func (f Flow) middle(scale float64) (free, held pot) {
	free, held = pot{name: f.Free, class: "c-in"}, pot{name: f.Held, class: "c-held"}
	var freeOut, heldOut money.Amount
	for _, e := range f.Sources {
		free.sum, held.sum = free.sum.Add(e.Free), held.sum.Add(e.Held)
	}
	for _, e := range f.Uses {
		freeOut, heldOut = freeOut.Add(e.Free), heldOut.Add(e.Held)
	}
	free.h = scale * max(size(free.sum), size(freeOut))
	held.h = scale * max(size(held.sum), size(heldOut))
	const words = 56
	rest := f.H - free.h - held.h - 2*words
	free.y = words + max(0, rest)/3
	held.y = free.y + free.h + words + max(0, rest)/3
	free.in, free.out, held.in, held.out = free.y, free.y, held.y, held.y
	return free, held
}

func (e FlowEnd) sum() money.Amount { return e.Free.Add(e.Held) }

// node draws one end, its unrestricted part above its restricted part, with its name and amount beside it.
func (e FlowEnd) node(class string, x, y, scale, textX float64, anchor Anchor) []Shape {
	h := max(1, scale*size(e.sum()))
	return []Shape{
		Rect{class, x, y, flowNode, h},
		Text{"", textX, y + h/2 - 2, 18, anchor, e.Name},
		Text{"soft", textX, y + h/2 + 17, 17, anchor, e.sum().Format()},
	}
}

// fit is the largest scale at which a column with room for its words keeps within the height.
func fit(ends []FlowEnd, height float64) float64 {
	total := 0.0
	for _, e := range ends {
		total += size(e.sum())
	}
	if total == 0 {
		return 0
	}
	lo, hi := 0.0, (height-112)/total // the middle column needs room for two names
	for range 40 {
		mid := (lo + hi) / 2
		if columnHeight(ends, mid) <= height {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

func columnHeight(ends []FlowEnd, scale float64) float64 {
	h := -float64(flowGap)
	for _, e := range ends {
		h += max(flowSlot, scale*size(e.sum())) + flowGap
	}
	return h
}

// stack is the top of each node of a column, the column centred.
func stack(ends []FlowEnd, height, scale float64) []float64 {
	tops := make([]float64, len(ends))
	gap := flowGap + max(0, height-columnHeight(ends, scale))/float64(max(1, len(ends)))
	y := gap/2 - flowGap/2
	for i, e := range ends {
		h := scale * size(e.sum())
		slot := max(flowSlot, h)
		tops[i] = y + (slot-h)/2
		y += slot + gap
	}
	return tops
}

// band is a ribbon of height h from one column to the next; nil when nothing flows.
func band(class string, x1, y1, x2, y2, h float64) Shape {
	if h <= 0 {
		return nil
	}
	mid := (x1 + x2) / 2
	s := Path{Class: class}
	s.move(x1, y1)
	s.curve(mid, y1, mid, y2, x2, y2)
	s.line(x2, y2+h)
	s.curve(mid, y2+h, mid, y1+h, x1, y1+h)
	s.close()
	return s
}
