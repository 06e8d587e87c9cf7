package picture

import (
	"math"

	"fund/ledger/money"
)

// Leaf is the ginkgo leaf of veins: a vein for every project, grouped by theme.
type Leaf struct {
	Title  string // what a screen reader says
	Themes []Theme
	Bare   bool // without the names of the themes: for a phone, a cover, a corridor screen
}

// Theme is a bundle of projects: 老人, 孩子 …
type Theme struct {
	Name  string
	Note  string // under the name: "11 项 · 812 人次"
	Veins []Vein
}

// Vein is one project: the longer, the more money was spent; the bigger its dot, the more people came.
type Vein struct {
	Title  string // shown when the pointer rests on the vein
	Spent  money.Amount
	Served int // person-times
}

const (
	leafX, leafY = 310, 332 // where the veins meet
	leafRoot     = 10       // veins start this far from the meeting point
	leafShort    = 92       // length of a vein that has cost nothing
	leafLong     = 204      // length of the dearest vein
	leafDot      = 8.2      // radius of the biggest dot
	leafLow      = 22       // degrees above the ground of a lobe's lowest vein …
	leafHigh     = 85       // … and of its steepest
)

// Picture draws the leaf. Lengths and dot areas grow in step with the numbers, on one scale for the whole leaf.
func (l Leaf) Picture() Picture {
	p := Picture{Class: "leaf chart", Title: l.Title, X: 90, Y: 84, W: 440, H: 332}
	stem := Path{Class: "stem"}
	stem.move(leafX, leafY-12)
	stem.curve(312, 364, 304, 388, 280, 410)
	p.Shapes = append(p.Shapes, stem, lobe(-1), lobe(1))

	veins := l.place()
	var dots []Shape
	for _, v := range veins {
		p.Shapes = append(p.Shapes, v.stroke)
		dots = append(dots, v.dot)
	}
	p.Shapes = append(p.Shapes, dots...)
	if !l.Bare {
		l.name(&p, veins)
	}
	return p
}

// place is a vein with its shapes and where it stands.
type placed struct {
	theme       int
	side, angle float64
	stroke, dot Shape
}

// place spreads the veins over the two lobes, left to right, and keeps a theme on one lobe where that is fair.
func (l Leaf) place() []placed {
	var all []placed
	var most money.Amount
	served := 1
	for i, t := range l.Themes {
		for _, v := range t.Veins {
			all = append(all, placed{theme: i})
			if v.Spent.Cmp(most) > 0 {
				most = v.Spent
			}
			served = max(served, v.Served)
		}
	}
	cut := l.cut(len(all))
	n := 0
	for i, t := range l.Themes {
		for _, v := range t.Veins {
			a := &all[n]
			a.side, a.angle = 1, spread(n-cut, len(all)-cut, leafHigh, leafLow)
			if n < cut {
				a.side, a.angle = -1, spread(n, cut, leafLow, leafHigh)
			}
			long := float64(leafShort)
			if most.Sign() > 0 {
				long += (leafLong - leafShort) * size(v.Spent) / size(most)
			}
			class := "v"
			if i%2 == 1 {
				class = "v v2"
			}
			x1, y1 := ray(a.side, a.angle, leafRoot)
			x2, y2 := ray(a.side, a.angle, long)
			a.stroke = Line{class, x1, y1, x2, y2}
			a.dot = Circle{"d", x2, y2, math.Max(2.6, leafDot*math.Sqrt(float64(max(0, v.Served))/float64(served)))}
			if v.Title != "" {
				a.dot = Group{v.Title, []Shape{a.dot}}
			}
			n++
		}
	}
	return all
}

// cut is how many veins the left lobe takes: up to the theme's end nearest the middle, or the middle itself when one
// theme is so large that a lobe would be left nearly empty.
func (l Leaf) cut(n int) int {
	best, at := 0, 0
	for _, t := range l.Themes {
		at += len(t.Veins)
		if abs(2*at-n) < abs(2*best-n) {
			best = at
		}
	}
	if abs(2*best-n)*2 > n {
		best = (n + 1) / 2
	}
	return best
}

// name writes the themes beside their veins and widens the view until every name is inside it.
func (l Leaf) name(p *Picture, veins []placed) {
	const font, gap = 18, 48
	type label struct {
		t          Theme
		side, x, y float64
	}
	var left, right []label
	for i, t := range l.Themes {
		sides := map[float64][]float64{}
		for _, v := range veins {
			if v.theme == i {
				sides[v.side] = append(sides[v.side], v.angle)
			}
		}
		side := 1.0
		if len(sides[-1]) >= len(sides[1]) {
			side = -1
		}
		a := sides[side]
		if len(a) == 0 {
			continue
		}
		mid := (a[0] + a[len(a)-1]) / 2
		x, y := ray(side, mid, edge(mid)+18)
		if side < 0 {
			left = append([]label{{t, side, x, y}}, left...)
		} else {
			right = append(right, label{t, side, x, y})
		}
	}
	for _, col := range [][]label{left, right} {
		for i := range col { // from the top down, none closer than two lines
			if i > 0 && col[i].y < col[i-1].y+gap {
				col[i].y = col[i-1].y + gap
			}
			c := col[i]
			anchor := Start
			if c.side < 0 {
				anchor = End
			}
			p.Shapes = append(
				p.Shapes,
				Text{"b", c.x, c.y - 4, font, anchor, c.t.Name},
				Text{"soft", c.x, c.y + 16, 16, anchor, c.t.Note},
			)
			reach := math.Max(wide(c.t.Name, font), wide(c.t.Note, 16)) + 6
			if c.side < 0 {
				p.widen(c.x-reach, c.y-24)
			} else {
				p.widen(c.x+reach, c.y-24)
			}
		}
	}
}

// widen lets the view take in a point.
func (p *Picture) widen(x, y float64) {
	right, bottom := math.Max(p.X+p.W, x), math.Max(p.Y+p.H, y)
	p.X, p.Y = math.Min(p.X, x), math.Min(p.Y, y)
	p.W, p.H = right-p.X, bottom-p.Y
}

// lobe is one half of the leaf, its edge gently notched.
func lobe(side float64) Path {
	const steps = 34
	s := Path{Class: "lobe"}
	s.move(leafX+2*side, leafY-4)
	for i := 0; i <= steps; i++ {
		a := leafLow - 1 + (leafHigh-leafLow+2)*float64(i)/steps
		s.line(ray(side, a, edge(a)+2.6*math.Sin(float64(i)*1.9)))
	}
	s.close()
	return s
}

// edge is how far the leaf reaches at an angle.
func edge(degrees float64) float64 {
	t := (degrees - leafLow) / (leafHigh - leafLow)
	return 208 + 26*math.Sin(math.Pi*math.Min(1, math.Max(0, t)))
}

func ray(side, degrees, r float64) (x, y float64) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return leafX + side*r*cos, leafY - r*sin
}

// spread puts the i-th of n evenly between two angles.
func spread(i, n int, from, to float64) float64 {
	if n == 1 {
		return (from + to) / 2
	}
	const inset = 3.5
	if from < to {
		from, to = from+inset, to-inset
	} else {
		from, to = from-inset, to+inset
	}
	return from + (to-from)*float64(i)/float64(n-1)
}

func abs(n int) int { return max(n, -n) }
