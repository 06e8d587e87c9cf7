package picture

import (
	"strconv"
	"strings"
)

// Point is a place in the view box.
type Point struct{ X, Y float64 }

// Step is one stroke of a path: M moves to P[2], L draws to it, C curves to it by way of P[0] and P[1], Z closes.
type Step struct {
	Op byte
	P  [3]Point
}

// Path is an outline of straight lines and cubic curves.
type Path struct {
	Class string
	Steps []Step
}

func (s *Path) move(x, y float64) { s.Steps = append(s.Steps, Step{'M', [3]Point{2: {x, y}}}) }
func (s *Path) line(x, y float64) { s.Steps = append(s.Steps, Step{'L', [3]Point{2: {x, y}}}) }
func (s *Path) close()            { s.Steps = append(s.Steps, Step{Op: 'Z'}) }

func (s *Path) curve(x1, y1, x2, y2, x, y float64) {
	s.Steps = append(s.Steps, Step{'C', [3]Point{{x1, y1}, {x2, y2}, {x, y}}})
}

func (s Path) write(w *strings.Builder, _ *Picture) {
	w.WriteString("<path")
	attr(w, "class", s.Class)
	var d strings.Builder
	for _, st := range s.Steps {
		d.WriteByte(st.Op)
		for i, p := range st.P {
			if st.Op == 'Z' || st.Op != 'C' && i < 2 {
				continue
			}
			if st.Op == 'C' && i > 0 {
				d.WriteByte(' ')
			}
			d.WriteString(num(p.X) + " " + num(p.Y))
		}
	}
	attr(w, "d", d.String())
	w.WriteString("/>")
}

// draw reads the strokes of a scene as they are written in SVG: M L H V C Z and their small relative letters.
// It is fed by this package's own drawings only, and panics at a stroke it does not know.
func draw(class, d string) Path {
	p := Path{Class: class}
	in := strokes(d)
	var at, from Point
	for len(in) > 0 {
		op := in[0][0]
		in = in[1:]
		for first := true; first || len(in) > 0 && !letter(in[0][0]); first = false {
			var o Point
			if op >= 'a' {
				o = at
			}
			switch op {
			case 'M', 'm', 'L', 'l':
				at = Point{o.X + read(&in), o.Y + read(&in)}
				if op == 'M' || op == 'm' {
					from = at
					p.move(at.X, at.Y)
					op -= 'M' - 'L' // what follows a move is a line
				} else {
					p.line(at.X, at.Y)
				}
			case 'H', 'h':
				at.X = o.X + read(&in)
				p.line(at.X, at.Y)
			case 'V', 'v':
				at.Y = o.Y + read(&in)
				p.line(at.X, at.Y)
			case 'C', 'c':
				var q [6]float64
				for i := range q {
					q[i] = read(&in)
				}
				at = Point{o.X + q[4], o.Y + q[5]}
				p.curve(o.X+q[0], o.Y+q[1], o.X+q[2], o.Y+q[3], at.X, at.Y)
			case 'Z', 'z':
				at = from
				p.close()
			default:
				panic("picture: unknown stroke " + string(op) + " in " + d)
			}
		}
	}
	return p
}

// strokes cuts a drawing into letters and numbers.
func strokes(d string) []string {
	var out []string
	for i := 0; i < len(d); {
		j := i + 1
		switch {
		case d[i] == ' ' || d[i] == ',':
		case letter(d[i]):
			out = append(out, d[i:j])
		default:
			for j < len(d) && (d[j] == '.' || d[j] >= '0' && d[j] <= '9') {
				j++
			}
			out = append(out, d[i:j])
		}
		i = j
	}
	return out
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func read(in *[]string) float64 {
	x, err := strconv.ParseFloat((*in)[0], 64)
	if err != nil {
		panic("picture: " + err.Error())
	}
	*in = (*in)[1:]
	return x
}

// Flat is the path as polygons of straight lines, a curve in n pieces: for drawing tools that clip by polygon.
func (s Path) Flat(n int) [][]Point {
	var all [][]Point
	var at []Point
	for _, st := range s.Steps {
		switch st.Op {
		case 'M':
			if len(at) > 0 {
				all = append(all, at)
			}
			at = []Point{st.P[2]}
		case 'L':
			at = append(at, st.P[2])
		case 'C':
			a := at[len(at)-1]
			for i := 1; i <= n; i++ {
				at = append(at, bezier(a, st.P[0], st.P[1], st.P[2], float64(i)/float64(n)))
			}
		}
	}
	return append(all, at)
}

func bezier(a, b, c, d Point, t float64) Point {
	u := 1 - t
	mix := func(a, b, c, d float64) float64 { return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d }
	return Point{mix(a.X, b.X, c.X, d.X), mix(a.Y, b.Y, c.Y, d.Y)}
}
