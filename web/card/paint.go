package card

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"fund/web/pdf"
	"fund/web/picture"
	"fund/web/static"
)

// painter puts shapes and letters on an image; 0, 0 is the image's own corner.
type painter struct {
	Image *image.RGBA
	faces [2]*sfnt.Font
}

// lettering is how words look; size in pixels.
type lettering struct {
	size float64
	bold bool
	ink  color.Color
}

// faces opens both weights once. Their outlines stay in the binary.
var faces = sync.OnceValues(func() (faces [2]*sfnt.Font, err error) {
	for i, name := range []string{"fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf"} {
		file, err := static.FS.Open(name)
		if err != nil {
			return faces, fmt.Errorf("card: %w", err)
		}
		if faces[i], err = sfnt.ParseReaderAt(file.(io.ReaderAt)); err != nil {
			return faces, fmt.Errorf("card: font %s: %w", name, err)
		}
	}
	return faces, nil
})

func (p *painter) face(l lettering) *sfnt.Font {
	if l.bold {
		return p.faces[1]
	}
	return p.faces[0]
}

// glyph finds a character's outline; a box stands for what the font lacks.
func (p *painter) glyph(b *sfnt.Buffer, r rune, l lettering) sfnt.GlyphIndex {
	if r == '−' {
		r = '–'
	}
	i, err := p.face(l).GlyphIndex(b, r)
	if err != nil {
		return 0
	}
	return i
}

func (p *painter) advance(l lettering) func(rune) float64 {
	var b sfnt.Buffer
	return func(r rune) float64 {
		a, err := p.face(l).GlyphAdvance(&b, p.glyph(&b, r, l), fixed.Int26_6(l.size*64), font.HintingNone)
		if err != nil {
			return l.size
		}
		return float64(a) / 64
	}
}

func (p *painter) lines(t string, room float64, l lettering) []string {
	var b sfnt.Buffer
	return pdf.Wrap(t, room, func(r rune) bool { return p.glyph(&b, r, l) != 0 }, p.advance(l))
}

func (p *painter) width(t string, l lettering) float64 {
	w, advance := 0.0, p.advance(l)
	for _, r := range t {
		w += advance(r)
	}
	return w
}

// write draws one line with its baseline at y.
func (p *painter) write(x, y float64, t string, l lettering) {
	var b sfnt.Buffer
	advance, one := p.advance(l), p.lines(t, math.Inf(1), l)
	o := p.pen(image.Rect(int(x)-2, int(y-l.size*1.2), int(x+p.width(one[0], l))+3, int(y+l.size*0.5)))
	for _, r := range one[0] {
		segments, err := p.face(l).LoadGlyph(&b, p.glyph(&b, r, l), fixed.Int26_6(l.size*64), nil)
		if err != nil {
			continue
		}
		at := func(i int, s sfnt.Segment) (float32, float32) {
			return float32(x-o.x) + float32(s.Args[i].X)/64, float32(y-o.y) + float32(s.Args[i].Y)/64
		}
		for _, s := range segments {
			x1, y1 := at(0, s)
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				o.ClosePath()
				o.MoveTo(x1, y1)
			case sfnt.SegmentOpLineTo:
				o.LineTo(x1, y1)
			case sfnt.SegmentOpQuadTo:
				x2, y2 := at(1, s)
				o.QuadTo(x1, y1, x2, y2)
			case sfnt.SegmentOpCubeTo:
				x2, y2 := at(1, s)
				x3, y3 := at(2, s)
				o.CubeTo(x1, y1, x2, y2, x3, y3)
			}
		}
		o.ClosePath()
		x += advance(r)
	}
	p.ink(o, l.ink)
}

// pen draws inside a box of the image, and costs no more than the box.
type pen struct {
	*vector.Rasterizer
	box  image.Rectangle
	x, y float64 // of its corner
}

func (p *painter) pen(box image.Rectangle) pen {
	box = box.Intersect(image.Rectangle{Max: p.Image.Bounds().Size()})
	return pen{vector.NewRasterizer(box.Dx(), box.Dy()), box, float64(box.Min.X), float64(box.Min.Y)}
}

// around is a pen for what stands between these points, and a margin.
func (p *painter) around(parts [][]picture.Point, margin float64) pen {
	x1, y1, x2, y2 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, part := range parts {
		for _, q := range part {
			x1, y1, x2, y2 = min(x1, q.X), min(y1, q.Y), max(x2, q.X), max(y2, q.Y)
		}
	}
	return p.pen(image.Rect(int(x1-margin)-1, int(y1-margin)-1, int(x2+margin)+2, int(y2+margin)+2))
}

func (p *painter) ink(o pen, c color.Color) {
	o.Draw(p.Image, o.box.Add(p.Image.Bounds().Min), image.NewUniform(c), image.Point{})
}

func (p *painter) fill(r image.Rectangle, c color.Color) {
	draw.Draw(p.Image, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// picture draws the shapes of a picture at x, y, s pixels for a unit.
func (p *painter) picture(of picture.Picture, x, y, s float64) {
	place := func(q picture.Point) picture.Point { return picture.Point{X: x + (q.X-of.X)*s, Y: y + (q.Y-of.Y)*s} }
	for _, shape := range of.Shapes {
		class, parts, closed := trace(shape)
		for _, part := range parts {
			for i := range part {
				part[i] = place(part[i])
			}
		}
		look := pdf.LookOf(class)
		if look.Fill != nil {
			o := p.around(parts, 0)
			for _, part := range parts {
				o.polygon(part)
			}
			p.ink(o, look.Fill)
		}
		if look.Ruled {
			p.rule(parts[0])
		}
		if look.Stroke != nil && !look.Ruled {
			p.stroke(parts, closed, max(1, look.Width*s), look.Stroke)
		}
	}
}

// trace is a shape as polygons of straight lines.
func trace(shape picture.Shape) (class string, parts [][]picture.Point, closed bool) {
	switch v := shape.(type) {
	case picture.Line:
		return v.Class, [][]picture.Point{{{X: v.X1, Y: v.Y1}, {X: v.X2, Y: v.Y2}}}, false
	case picture.Rect:
		return v.Class, [][]picture.Point{{{X: v.X, Y: v.Y}, {X: v.X + v.W, Y: v.Y}, {X: v.X + v.W, Y: v.Y + v.H}, {X: v.X, Y: v.Y + v.H}}}, true
	case picture.Circle:
		const corners = 72
		ring := make([]picture.Point, corners)
		for i := range ring {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
			ring[i] = picture.Point{X: v.X + v.R*cos, Y: v.Y + v.R*sin}
		}
		return v.Class, [][]picture.Point{ring}, true
	case picture.Path:
		return v.Class, v.Flat(16), v.Steps[len(v.Steps)-1].Op == 'Z'
	}
	return "", nil, false // words and groups have no place on a card
}

func (o pen) polygon(part []picture.Point) {
	for i, q := range part {
		if i == 0 {
			o.MoveTo(float32(q.X-o.x), float32(q.Y-o.y))
			continue
		}
		o.LineTo(float32(q.X-o.x), float32(q.Y-o.y))
	}
	o.ClosePath()
}

// stroke draws lines of a width with round ends. All its pieces turn the same way round, so that where they overlap
// they add up and do not cancel.
func (p *painter) stroke(parts [][]picture.Point, closed bool, width float64, ink color.Color) {
	o, r := p.around(parts, width), width/2
	for _, part := range parts {
		if closed && len(part) > 0 {
			part = append(part, part[0])
		}
		for i, a := range part {
			_, dot, _ := trace(picture.Circle{X: a.X, Y: a.Y, R: r})
			o.polygon(dot[0])
			if i == 0 {
				continue
			}
			b := part[i-1]
			dx, dy := a.X-b.X, a.Y-b.Y
			long := math.Hypot(dx, dy)
			if long == 0 {
				continue
			}
			nx, ny := -dy/long*r, dx/long*r
			o.polygon([]picture.Point{{X: b.X - nx, Y: b.Y - ny}, {X: a.X - nx, Y: a.Y - ny}, {X: a.X + nx, Y: a.Y + ny}, {X: b.X + nx, Y: b.Y + ny}})
		}
	}
	p.ink(o, ink)
}

// rule draws the slanting lines of restricted money inside a box.
func (p *painter) rule(box []picture.Point) {
	const apart, slant = 8.0, 0.53
	high := box[2].Y - box[0].Y
	for x := box[0].X; x < box[2].X+high*slant; x += apart {
		p.stroke([][]picture.Point{{{X: x, Y: box[0].Y}, {X: x - high*slant, Y: box[2].Y}}}, false, 1.6, line)
	}
}
