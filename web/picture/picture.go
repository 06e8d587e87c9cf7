package picture

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"fund/ledger/money"
)

// Picture is a drawing: a view box, what it says in words, and its shapes from back to front.
type Picture struct {
	Class      string  // of the svg element: "chart", "leaf chart", "bar", "pic", "teeth", "qr"
	X, Y, W, H float64 // the view box
	Title      string  // read aloud instead of the picture; empty hides the picture from a screen reader
	Desc       string  // a longer reading, optional
	Stretch    bool    // fill whatever box the page gives: coordinates are shares of W and H; no text then
	Links      bool    // has Links among its shapes: then it is no single image to a screen reader
	Shapes     []Shape
}

// Shape is one of Line, Rect, Circle, Path, Text, Group and Link.
type Shape interface {
	write(w *strings.Builder, p *Picture)
}

// Line is a straight stroke.
type Line struct {
	Class          string
	X1, Y1, X2, Y2 float64
}

// Rect is an upright box. In a stretched picture a box without width is an edge two pixels wide.
type Rect struct {
	Class      string
	X, Y, W, H float64
}

// Circle is a disc or a ring, as its class says.
type Circle struct {
	Class   string
	X, Y, R float64
}

// Text is one line of words. Sizes are units of the view box; nothing below 13 is drawn.
type Text struct {
	Class  string // "", "soft" or "b"
	X, Y   float64
	Size   float64
	Anchor Anchor
	S      string
}

// Group is shapes with one title, which a browser shows when the pointer rests on them.
type Group struct {
	Title  string
	Shapes []Shape
}

// Link is shapes that open an address, on a page. What it opens is read aloud and shown when the pointer rests on it. On
// paper only its shapes are left.
type Link struct {
	Href, Title string
	Shapes      []Shape
}

// Anchor says which end of a text stands at its X.
type Anchor string

// The three anchors, spelt as SVG spells them.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Pattern is the hidden drawing that holds the ruling of restricted money. A page with pictures carries it once.
const Pattern template.HTML = `<svg class="hide" width="1" height="1" aria-hidden="true"><defs><pattern id="vein" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(28)"><rect class="vein-bg" width="6" height="6"/><path class="vein-line" d="M1 0V6M4 0V6"/></pattern></defs></svg>`

// SVG writes the picture for a page: classes and attributes, no style and no script.
func (p Picture) SVG() template.HTML {
	var w strings.Builder
	w.WriteString(`<svg`)
	attr(&w, "class", p.Class)
	if !p.Stretch {
		attr(&w, "viewBox", num(p.X)+" "+num(p.Y)+" "+num(p.W)+" "+num(p.H))
	}
	switch p.Class {
	case "teeth":
		attr(&w, "preserveAspectRatio", "none")
	case "qr":
		attr(&w, "shape-rendering", "crispEdges")
	}
	if p.Title == "" {
		attr(&w, "aria-hidden", "true")
	} else {
		role := "img"
		if p.Links {
			role = "group"
		}
		attr(&w, "role", role)
		attr(&w, "aria-label", p.Title)
	}
	w.WriteByte('>')
	if p.Desc != "" {
		w.WriteString("<desc>" + html.EscapeString(p.Desc) + "</desc>")
	}
	for _, s := range p.Shapes {
		s.write(&w, &p)
	}
	w.WriteString(`</svg>`)
	return template.HTML(w.String())
}

func (s Line) write(w *strings.Builder, p *Picture) {
	w.WriteString("<line")
	attr(w, "class", s.Class)
	attr(w, "x1", p.across(s.X1))
	attr(w, "y1", p.down(s.Y1))
	attr(w, "x2", p.across(s.X2))
	attr(w, "y2", p.down(s.Y2))
	w.WriteString("/>")
}

func (s Rect) write(w *strings.Builder, p *Picture) {
	width := p.across(s.W)
	if p.Stretch && s.W == 0 {
		width = "2"
	}
	w.WriteString("<rect")
	attr(w, "class", s.Class)
	attr(w, "x", p.across(s.X))
	attr(w, "y", p.down(s.Y))
	attr(w, "width", width)
	attr(w, "height", p.down(s.H))
	w.WriteString("/>")
}

func (s Circle) write(w *strings.Builder, _ *Picture) {
	w.WriteString("<circle")
	attr(w, "class", s.Class)
	attr(w, "cx", num(s.X))
	attr(w, "cy", num(s.Y))
	attr(w, "r", num(s.R))
	w.WriteString("/>")
}

func (s Text) write(w *strings.Builder, _ *Picture) {
	w.WriteString("<text")
	if s.Class != "" {
		attr(w, "class", s.Class)
	}
	attr(w, "x", num(s.X))
	attr(w, "y", num(s.Y))
	if s.Anchor != "" && s.Anchor != Start {
		attr(w, "text-anchor", string(s.Anchor))
	}
	attr(w, "font-size", num(s.Size))
	w.WriteString(">" + html.EscapeString(s.S) + "</text>")
}

func (s Link) write(w *strings.Builder, p *Picture) {
	w.WriteString("<a")
	attr(w, "href", s.Href)
	if !slices.ContainsFunc(s.Shapes, worded) { // words name the link as the eye reads it, however they were shortened
		attr(w, "aria-label", s.Title)
	}
	w.WriteByte('>')
	Group{s.Title, s.Shapes}.write(w, p)
	w.WriteString("</a>")
}

func worded(s Shape) bool { _, ok := s.(Text); return ok }

func (s Group) write(w *strings.Builder, p *Picture) {
	w.WriteString("<g>")
	if s.Title != "" {
		w.WriteString("<title>" + html.EscapeString(s.Title) + "</title>")
	}
	for _, c := range s.Shapes {
		c.write(w, p)
	}
	w.WriteString("</g>")
}

// across and down write a coordinate: a share of the box in a stretched picture, else the number itself.
func (p *Picture) across(x float64) string { return p.share(x-p.X, p.W, x) }
func (p *Picture) down(y float64) string   { return p.share(y-p.Y, p.H, y) }

func (p *Picture) share(d, whole, plain float64) string {
	if !p.Stretch {
		return num(plain)
	}
	return num(100*d/whole) + "%"
}

func attr(w *strings.Builder, name, value string) {
	fmt.Fprintf(w, ` %s="%s"`, name, html.EscapeString(value))
}

// num writes a coordinate with one decimal at most: enough for an eye, and short.
func num(x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// size is an amount as a length to be scaled: its fen, for geometry only. What is negative has no length.
func size(a money.Amount) float64 { return max(0, float64(a.Fen())) }

// wide is about how many units a text takes at a font size: a Chinese character is square, a Latin letter half as wide.
func wide(s string, font float64) float64 {
	n := 0.0
	for _, r := range s {
		if r >= 0x2E80 {
			n++
		} else {
			n += 0.56
		}
	}
	return n * font
}
