package picture

import (
	"math"
	"strconv"

	"fund/ledger/money"
)

// Months shows what came in and went out, month by month, from a zero line.
type Months struct {
	Title  string
	Months []Month
	Lang   string  // "en" writes 20k on the axis, anything else 2 万
	Narrow bool    // for a phone: larger words, every second month named
	W, H   float64 // units; 1000 by 300, narrow 560 by 300, unless told
}

// Month is one pair of bars.
type Month struct {
	Name    string // under the bars: 1月, Jan
	Title   string // shown when the pointer rests on the bars: "1月 +21,840.00 −16,230.00"
	In, Out money.Amount
}

// Picture draws the bars with at most three grid lines; the highest amount is written out.
func (m Months) Picture() Picture {
	font, every := 15.0, 1
	if m.W == 0 {
		m.W = 1000
		if m.Narrow {
			m.W = 560
		}
	}
	if m.H == 0 {
		m.H = 300
	}
	if m.Narrow {
		font, every = 22, 2
	}
	p := Picture{Class: "chart", Title: m.Title, W: m.W, H: m.H}
	var top money.Amount
	for _, x := range m.Months {
		for _, a := range []money.Amount{x.In, x.Out} {
			if a.Cmp(top) > 0 {
				top = a
			}
		}
	}
	zero, head, left := m.H-font*2.2, font*2.2, font*4.1
	step := gridStep(size(top) / 100)
	scale := 0.0
	if top.Sign() > 0 {
		scale = (zero - head) / size(top)
	}
	for i := 1; scale > 0 && float64(i)*step*100 <= size(top); i++ {
		y := zero - float64(i)*step*100*scale
		p.Shapes = append(p.Shapes,
			Line{"grid", left, y, m.W, y},
			Text{"soft", left - 8, y + font/3, font, End, tick(m.Lang, float64(i)*step)})
	}
	p.Shapes = append(p.Shapes, Text{"soft", left - 8, zero + font/3, font, End, "0"})
	slot := (m.W - left) / float64(max(1, len(m.Months)))
	bar := slot * 0.34
	named := false
	for i, x := range m.Months {
		mid := left + slot*(float64(i)+0.5)
		in, out := size(x.In)*scale, size(x.Out)*scale
		p.Shapes = append(p.Shapes, Group{x.Title, []Shape{
			Rect{"c-in", mid - bar - 1, zero - in, bar, in},
			Rect{"c-out", mid + 1, zero - out, bar, out},
		}})
		if i%every == 0 {
			p.Shapes = append(p.Shapes, Text{"", mid, zero + font*1.55, font, Middle, x.Name})
		}
		if !named && top.Sign() > 0 && (x.In.Cmp(top) == 0 || x.Out.Cmp(top) == 0) {
			named = true
			half := wide(top.Format(), font) / 2
			p.Shapes = append(p.Shapes, Text{"b", math.Min(mid, m.W-half), zero - scale*size(top) - font*0.5, font, Middle, top.Format()})
		}
	}
	p.Shapes = append(p.Shapes, Line{"axis", left, zero, m.W, zero})
	return p
}

// gridStep is a round number of yuan that cuts the height into two or three.
func gridStep(top float64) float64 {
	if top <= 0 {
		return 1
	}
	for unit := math.Pow(10, math.Floor(math.Log10(top))-1); ; unit *= 10 {
		for _, k := range []float64{1, 2, 2.5, 5} {
			if top/(k*unit) < 4 {
				return k * unit
			}
		}
	}
}

// tick is an amount on the axis in as few characters as it can be said: 2 万 or 20k.
func tick(lang string, yuan float64) string {
	switch {
	case lang == "en" && yuan >= 1e6:
		return short(yuan/1e6) + "m"
	case lang == "en" && yuan >= 1e3:
		return short(yuan/1e3) + "k"
	case lang != "en" && yuan >= 1e8:
		return short(yuan/1e8) + " 亿"
	case lang != "en" && yuan >= 1e4:
		return short(yuan/1e4) + " 万"
	}
	return short(yuan)
}

func short(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
