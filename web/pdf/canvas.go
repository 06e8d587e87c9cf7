package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
)

// canvas records what is drawn, page by page, in millimetres from the top left; write plays it back.
type canvas struct {
	faces [2]*typeface
	used  [2]map[rune]bool
	pages []*sheet
	at    *sheet
	dests int // link targets handed out
}

// sheet is one recorded page.
type sheet struct {
	w, h float64
	ops  []func(*player)
}

// player is a document being written, with the targets of its links.
type player struct {
	*fpdf.Fpdf
	dests []int
}

// about is what a document says of itself.
type about struct {
	lang, title, author, subject string
	made                         time.Time // stands as creation and modification date, so that bytes repeat
}

// style is how words look: size in points.
type style struct {
	size float64
	bold bool
	ink  ink
}

type align byte

const (
	left align = iota
	middle
	right
)

const family = "notosanssc"

func newCanvas() (*canvas, error) {
	faces, err := typefaces()
	if err != nil {
		return nil, err
	}
	return &canvas{faces: faces, used: [2]map[rune]bool{{}, {}}}, nil
}

func (c *canvas) page(w, h float64) {
	c.at = &sheet{w: w, h: h}
	c.pages = append(c.pages, c.at)
}

func (c *canvas) op(f func(*player)) { c.at.ops = append(c.at.ops, f) }

func (c *canvas) face(s style) (*typeface, int) {
	if s.bold {
		return c.faces[1], 1
	}
	return c.faces[0], 0
}

// advance measures a character of that style, in millimetres.
func (c *canvas) advance(s style) func(rune) float64 {
	f, _ := c.face(s)
	return func(r rune) float64 { return f.advance(r) * s.size / 1000 * 25.4 / 72 }
}

func (c *canvas) width(t string, s style) float64 {
	f, _ := c.face(s)
	return span(clean(t, f.has), c.advance(s))
}

// lines cuts a text to a room in millimetres.
func (c *canvas) lines(t string, room float64, s style) []string {
	f, _ := c.face(s)
	return wrap(clean(t, f.has), room, c.advance(s))
}

// text draws one line with its baseline at y; x is its left end, middle or right end. It answers its width.
func (c *canvas) text(x, y float64, t string, s style, a align) float64 {
	f, n := c.face(s)
	t = clean(t, f.has)
	w := span(t, c.advance(s))
	if t == "" {
		return w
	}
	for _, r := range t {
		c.used[n][r] = true
	}
	switch a {
	case middle:
		x -= w / 2
	case right:
		x -= w
	}
	c.op(func(p *player) {
		weight := ""
		if s.bold {
			weight = "B"
		}
		p.SetFont(family, weight, s.size)
		p.SetTextColor(s.ink.rgb())
		p.Text(x, y, t)
	})
	return w
}

// block draws a wrapped text from the baseline y down and answers the next free baseline.
func (c *canvas) block(x, y, room, lead float64, t string, s style) float64 {
	for _, l := range c.lines(t, room, s) {
		c.text(x, y, l, s, left)
		y += lead
	}
	return y
}

// Signed notes are set in Courier, which every reader of PDF has: l and 1 differ, and copying gives back the very text.
const typeSize = 9.5 // points

func typed(t string, room float64) []string {
	return wrap(strings.TrimRight(t, "\n"), room, func(r rune) float64 {
		if r > 0xFF && r != '—' {
			return typeSize * 25.4 / 72
		}
		return 0.6 * typeSize * 25.4 / 72
	})
}

// typewriter draws one line of a signed note; a line Courier cannot write (a Chinese name) falls back to the text face.
func (c *canvas) typewriter(x, y float64, t string) {
	latin, err := charmap.Windows1252.NewEncoder().String(t)
	if err != nil {
		c.text(x, y, t, style{size: typeSize, ink: inkText}, left)
		return
	}
	c.op(func(p *player) {
		p.SetFont("Courier", "", typeSize)
		p.SetTextColor(inkText.rgb())
		p.Text(x, y, latin)
	})
}

// shrink is the style with the size that lets a text fit the room, but not under the least.
func (c *canvas) shrink(t string, s style, room, least float64) style {
	for s.size > least && c.width(t, s) > room {
		s.size = max(least, s.size-0.5)
	}
	return s
}

func (c *canvas) line(x1, y1, x2, y2, w float64, i ink) {
	c.op(func(p *player) {
		p.SetDrawColor(i.rgb())
		p.SetLineWidth(w)
		p.Line(x1, y1, x2, y2)
	})
}

// double is the double rule 双线: in ink under totals only, in red elsewhere.
func (c *canvas) double(x1, x2, y float64, i ink) {
	c.line(x1, y, x2, y, 0.25, i)
	c.line(x1, y+0.9, x2, y+0.9, 0.25, i)
}

func (c *canvas) fill(x, y, w, h float64, i ink) {
	c.op(func(p *player) {
		p.SetFillColor(i.rgb())
		p.Rect(x, y, w, h, "F")
	})
}

func (c *canvas) frame(x, y, w, h, line float64, i ink) {
	c.op(func(p *player) {
		p.SetDrawColor(i.rgb())
		p.SetLineWidth(line)
		p.Rect(x, y, w, h, "D")
	})
}

// turned draws what f draws, turned about a point; degrees count against the clock.
func (c *canvas) turned(degrees, x, y float64, f func()) {
	c.op(func(p *player) {
		p.TransformBegin()
		p.TransformRotate(degrees, x, y)
	})
	f()
	c.op(func(p *player) { p.TransformEnd() })
}

// dest makes a link target at a height of the current page; link leads to one.
func (c *canvas) dest(y float64) int {
	n := c.dests
	c.dests++
	c.op(func(p *player) { p.SetLink(p.dests[n], max(0, y), -1) })
	return n
}

func (c *canvas) link(x, y, w, h float64, dest int) {
	c.op(func(p *player) { p.Link(x, y, w, h, p.dests[dest]) })
}

func (c *canvas) web(x, y, w, h float64, address string) {
	c.op(func(p *player) { p.LinkString(x, y, w, h, address) })
}

// bookmark puts a line into the outline a reader sees beside the pages.
func (c *canvas) bookmark(t string, level int, y float64) {
	c.op(func(p *player) {
		p.SetFont(family, "", 10) // the outline is written in the encoding of the current font
		p.Bookmark(bmp(t), level, y)
	})
}

// write plays the pages into a document.
func (c *canvas) write(w io.Writer, a about) error {
	if a.made.IsZero() {
		a.made = time.Unix(0, 0).UTC() // the library would write the hour of drawing instead
	}
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(a.made)
	f.SetModificationDate(a.made)
	f.SetTitle(bmp(a.title), true)
	f.SetAuthor(bmp(a.author), true)
	f.SetSubject(bmp(a.subject), true)
	f.SetCreator("fund", true)
	f.SetProducer("fund", true)
	f.SetLang(a.lang)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	for i, weight := range []string{"", "B"} {
		c.used[i][' '] = true // the outline and an empty weight need at least one character
		font, err := c.faces[i].cut(c.used[i])
		if err != nil {
			return fmt.Errorf("pdf: cut font: %w", err)
		}
		f.AddUTF8FontFromBytes(family, weight, font)
	}
	p := &player{Fpdf: f}
	for range c.dests {
		p.dests = append(p.dests, f.AddLink())
	}
	for _, s := range c.pages {
		f.AddPageFormat("P", fpdf.SizeType{Wd: s.w, Ht: s.h})
		for _, op := range s.ops {
			op(p)
		}
	}
	if err := f.Output(w); err != nil {
		return fmt.Errorf("pdf: write: %w", err)
	}
	return nil
}

// bmp makes a text fit for metadata, which the library writes in two bytes a character.
func bmp(s string) string { return clean(s, func(r rune) bool { return r < 0x10000 }) }
