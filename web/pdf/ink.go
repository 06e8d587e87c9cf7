package pdf

import (
	"image/color"
	"math"

	"github.com/go-pdf/fpdf"

	"fund/web/picture"
)

// ink is a colour, 0xRRGGBB: the tokens of the site's stylesheet, which paper keeps.
type ink uint32

const (
	inkPaper      ink = 0xFAF6EC
	inkSunk       ink = 0xF2EBDC
	inkText       ink = 0x241F1A
	ink2          ink = 0x574D43
	ink3          ink = 0x6E6256
	inkRule       ink = 0xDDD1BA
	inkRuleStrong ink = 0x887A66
	inkRuleRed    ink = 0xD9A08A
	inkPersimmon  ink = 0xB4411C
	inkSerial     ink = 0x8C2F12
	inkGold       ink = 0xE2A922
	inkGoldLine   ink = 0xB47E00
	inkGoldText   ink = 0x7A5400
	inkGoldTint   ink = 0xFBEBC2
	inkMark       ink = 0xC98A0A
	inkPine       ink = 0x2C6349
	inkIndigo     ink = 0x27506B
	inkCrimson    ink = 0xA0182B
	inkBlack      ink = 0x000000
	inkWhite      ink = 0xFFFFFF
	inkNone       ink = 1 << 24
)

func (i ink) rgb() (r, g, b int) { return int(i >> 16 & 255), int(i >> 8 & 255), int(i & 255) }

// look is how a class of shapes is inked.
type look struct {
	fill, stroke ink
	width        float64 // of the stroke, in units of the picture; 0 is a hairline
	ruled        bool    // filled with slanting lines: restricted money
	alpha        float64 // 0 is opaque
	dashed       bool
}

// looks gives every class of package picture its colours, as the stylesheet does on the screen.
var looks = map[string]look{
	"c-in":        {fill: inkGold, stroke: inkGoldLine},
	"c-held":      {fill: inkGoldTint, stroke: inkGoldLine, ruled: true},
	"c-out":       {fill: ink2, stroke: inkNone},
	"c-pine":      {fill: inkPine, stroke: inkNone},
	"c-plan":      {fill: inkSunk, stroke: inkRuleStrong},
	"c-flow":      {fill: inkGold, stroke: inkNone, alpha: 0.32},
	"c-flow-held": {fill: inkGoldTint, stroke: inkNone, ruled: true, alpha: 0.7},
	"lobe":        {fill: inkGoldTint, stroke: inkGold, width: 1.2},
	"stem":        {fill: inkNone, stroke: inkGoldLine, width: 5},
	"v":           {fill: inkNone, stroke: inkGold, width: 2.6},
	"v v2":        {fill: inkNone, stroke: inkGoldLine, width: 2.6},
	"d":           {fill: inkPersimmon, stroke: inkNone},
	"axis":        {fill: inkNone, stroke: inkText, width: 1.5},
	"grid":        {fill: inkNone, stroke: inkRule, width: 1},
	"fill":        {fill: inkGold, stroke: inkNone},
	"ruled":       {fill: inkGoldTint, stroke: inkNone, ruled: true},
	"edge":        {fill: inkText, stroke: inkNone},
	"tick":        {fill: inkNone, stroke: ink3, dashed: true},
	"dark":        {fill: inkBlack, stroke: inkNone},
	"l":           {fill: inkNone, stroke: inkText, width: 2.5},
	"f1":          {fill: inkPersimmon, stroke: inkNone},
	"f2":          {fill: inkGold, stroke: inkNone},
	"f3":          {fill: 0xFFFDF8, stroke: inkNone},
	"f4":          {fill: inkPine, stroke: inkNone},
	"bg":          {fill: 0xF9E3D6, stroke: inkNone},
	"bg2":         {fill: 0xE3EDE3, stroke: inkNone},
	"m-lobe":      {fill: inkMark, stroke: inkNone},
	"m-vein":      {fill: inkNone, stroke: inkMark, width: 1.7},
	"m-edge":      {fill: inkNone, stroke: inkMark, width: 1.8},
	"m-stem":      {fill: inkNone, stroke: inkSerial, width: 2.8},
}

// Look is how a class of shapes looks on paper; nil is no fill, no stroke.
type Look struct {
	Fill, Stroke color.Color
	Width        float64 // of the stroke, in units of the picture
	Ruled        bool    // filled with slanting lines
}

// LookOf gives the colours of a class of package picture, for drawings that are no documents.
func LookOf(class string) Look {
	l := looks[class]
	return Look{Fill: l.fill.color(), Stroke: l.stroke.color(), Width: l.width, Ruled: l.ruled}
}

func (i ink) color() color.Color {
	if i == inkNone {
		return nil
	}
	r, g, b := i.rgb()
	return color.RGBA{uint8(r), uint8(g), uint8(b), 255}
}

const hairline = 0.2 // mm

// brush draws the shapes of one picture into a box of the page.
type brush struct {
	c      *canvas
	p      picture.Picture
	x, y   float64 // of the picture's corner on the page
	sx, sy float64 // mm for one unit
}

// picture draws p with its left upper corner at x, y, as wide as w; it answers its height. A stretched picture is a
// bar and takes the height h.
func (c *canvas) picture(p picture.Picture, x, y, w, h float64) float64 {
	b := brush{c: c, p: p, x: x, y: y, sx: w / p.W, sy: w / p.W}
	if p.Stretch {
		b.sy = h / p.H
		c.fill(x, y, w, h, inkSunk)
	}
	b.shapes(p.Shapes)
	if p.Stretch {
		c.frame(x, y, w, h, hairline, inkGoldLine)
	}
	return p.H * b.sy
}

func (b brush) shapes(all []picture.Shape) {
	for _, s := range all {
		switch s := s.(type) {
		case picture.Group:
			b.shapes(s.Shapes)
		case picture.Link:
			b.shapes(s.Shapes)
		case picture.Text:
			b.text(s)
		case picture.Line:
			b.paint(s.Class, func(p *player, _ string) { p.Line(b.px(s.X1), b.py(s.Y1), b.px(s.X2), b.py(s.Y2)) }, nil)
		case picture.Rect:
			b.rect(s)
		case picture.Circle:
			b.paint(s.Class, func(p *player, how string) { p.Circle(b.px(s.X), b.py(s.Y), s.R*b.sx, how) }, nil)
		case picture.Path:
			b.path(s)
		}
	}
}

func (b brush) px(x float64) float64 { return b.x + (x-b.p.X)*b.sx }
func (b brush) py(y float64) float64 { return b.y + (y-b.p.Y)*b.sy }

func (b brush) text(s picture.Text) {
	st := style{size: s.Size * b.sx * 72 / 25.4, ink: inkText, bold: s.Class == "b"}
	if s.Class == "soft" {
		st.ink = ink2
	}
	b.c.text(b.px(s.X), b.py(s.Y), s.S, st, map[picture.Anchor]align{picture.Middle: middle, picture.End: right}[s.Anchor])
}

func (b brush) rect(s picture.Rect) {
	x, y, w, h := b.px(s.X), b.py(s.Y), s.W*b.sx, s.H*b.sy
	if s.W == 0 && b.p.Stretch {
		w = 0.5
	}
	outline := []fpdf.PointType{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}
	b.paint(s.Class, func(p *player, how string) { p.Rect(x, y, w, h, how) }, outline)
}

func (b brush) path(s picture.Path) {
	var outline []fpdf.PointType
	if looks[s.Class].ruled {
		for _, pt := range s.Flat(16)[0] {
			outline = append(outline, fpdf.PointType{X: b.px(pt.X), Y: b.py(pt.Y)})
		}
	}
	b.paint(s.Class, func(p *player, how string) {
		for _, st := range s.Steps {
			x, y := b.px(st.P[2].X), b.py(st.P[2].Y)
			switch st.Op {
			case 'M':
				p.MoveTo(x, y)
			case 'L':
				p.LineTo(x, y)
			case 'C':
				p.CurveBezierCubicTo(b.px(st.P[0].X), b.py(st.P[0].Y), b.px(st.P[1].X), b.py(st.P[1].Y), x, y)
			case 'Z':
				p.ClosePath()
			}
		}
		p.DrawPath(how)
	}, outline)
}

// paint inks one shape as its class says. A ruled shape is filled, then lined inside its outline, then edged.
func (b brush) paint(class string, draw func(p *player, how string), outline []fpdf.PointType) {
	l, ok := looks[class]
	if !ok {
		panic("pdf: no ink for class " + class)
	}
	b.c.op(func(p *player) {
		p.SetLineWidth(max(hairline, l.width*b.sx))
		p.SetLineCapStyle("round")
		p.SetLineJoinStyle("round")
		if l.alpha > 0 {
			p.SetAlpha(l.alpha, "Normal")
		}
		if l.dashed {
			p.SetDashPattern([]float64{0.5, 0.7}, 0)
		}
		how := ""
		if l.fill != inkNone {
			p.SetFillColor(l.fill.rgb())
			how = "F"
		}
		if l.stroke != inkNone {
			p.SetDrawColor(l.stroke.rgb())
			if !l.ruled {
				how += "D"
			}
		}
		draw(p, how)
		if l.ruled {
			rule(p, outline)
			if l.stroke != inkNone {
				p.SetDrawColor(l.stroke.rgb())
				draw(p, "D")
			}
		}
		if l.alpha > 0 {
			p.SetAlpha(1, "Normal")
		}
		if l.dashed {
			p.SetDashPattern(nil, 0)
		}
	})
}

// rule draws slanting lines inside an outline: restricted money, on paper as on the screen.
func rule(p *player, outline []fpdf.PointType) {
	const apart, slant = 0.95, 0.53 // mm between lines; run for a unit of rise (28 degrees)
	x1, y1, x2, y2 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, o := range outline {
		x1, y1, x2, y2 = math.Min(x1, o.X), math.Min(y1, o.Y), math.Max(x2, o.X), math.Max(y2, o.Y)
	}
	p.ClipPolygon(outline, false)
	p.SetDrawColor(inkGoldLine.rgb())
	p.SetLineWidth(0.18)
	p.SetLineCapStyle("butt")
	for x := x1; x < x2+(y2-y1)*slant; x += apart {
		p.Line(x, y1, x-(y2-y1)*slant, y2)
	}
	p.ClipEnd()
	p.SetLineWidth(hairline)
}
