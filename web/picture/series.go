package picture

import (
	"strconv"

	"fund/ledger/money"
)

// Series shows months over years: what came in above a line, what went out below it, and under both what there was at the end
// of each month. Years follow each other, also where some lie between that are not drawn.
type Series struct {
	Title         string
	In, Out, Kept string // what the three are called
	Points        []SeriesPoint
	Lang          string // of the axis
	Narrow        bool   // for a phone: larger words
}

// SeriesPoint is one month.
type SeriesPoint struct {
	Year           int
	Title          string // shown when the pointer rests on the month
	In, Out, Stood money.Amount
}

// Picture draws both charts from one left edge, a year's name under its January.
func (s Series) Picture() Picture {
	font, w := 15.0, 1000.0
	if s.Narrow {
		font, w = 24, 560
	}
	left, head := font*4.2, font*1.8
	up, down, gap := 120.0, 120.0, font*4.4
	zero := head + up
	base := zero + down + gap + 150 // where the lower chart stands
	p := Picture{Class: "chart", Title: s.Title, W: w, H: base + font*1.8}
	flow, stood := 0.0, 0.0
	for _, x := range s.Points {
		flow, stood = max(flow, size(x.In), size(x.Out)), max(stood, size(x.Stood))
	}
	perFlow, perStood := up/max(1, flow), 150/max(1, stood)
	p.Shapes = append(p.Shapes,
		Text{"b", left, head - font*0.7, font, Start, s.In},
		Text{"b", left, zero + down + font*1.1, font, Start, s.Out},
		Text{"b", left, base - 150 - font*0.5, font, Start, s.Kept})
	grid := func(top, per, at float64) {
		step := gridStep(top/100) * 100
		for y := step; y <= top; y += step {
			p.Shapes = append(p.Shapes, Line{"grid", left, at - y*per, w, at - y*per},
				Text{"soft", left - 8, at - y*per + font/3, font, End, tick(s.Lang, y/100)})
		}
		p.Shapes = append(p.Shapes, Text{"soft", left - 8, at + font/3, font, End, "0"})
	}
	grid(flow, perFlow, zero)
	grid(stood, perStood, base)
	slot := (w - left) / max(1, float64(len(s.Points)))
	bar, year, last := max(1, slot*0.7), 0, -1e9
	for i, x := range s.Points {
		at := left + slot*float64(i)
		if x.Year != year {
			year = x.Year
			p.Shapes = append(p.Shapes, Line{"grid", at, head, at, base})
			if at-last > font*3 {
				last = at
				p.Shapes = append(p.Shapes, Text{"", at + 4, base + font*1.4, font, Start, strconv.Itoa(year)})
			}
		}
		in, out, kept := size(x.In)*perFlow, size(x.Out)*perFlow, size(x.Stood)*perStood
		p.Shapes = append(p.Shapes, Group{x.Title, []Shape{
			Rect{"c-in", at, zero - in, bar, in}, Rect{"c-out", at, zero, bar, out}, Rect{"c-pine", at, base - kept, bar, kept},
		}})
	}
	p.Shapes = append(p.Shapes, Line{"axis", left, zero, w, zero}, Line{"axis", left, base, w, base})
	return p
}
