package card

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/draw"

	"fund/web/pdf"
	"fund/web/picture"
)

// Card is what a share card shows. Texts are already in the reader's language.
type Card struct {
	Community string // 安公社区
	Title     string
	Line      string // 已筹 62% · 目标 ¥18,000
	Scene     string // a drawing of package picture, where there is no photograph
	PhotoID   string // of the photograph given to Draw; empty draws Scene
	Bar       bool   // shows Percent
	Percent   int    // of the goal, in whole percents; may be over 100
	Held      bool   // a ruled bar, else a solid one
}

// Shape is a card's format.
type Shape struct {
	Name    string
	W, H    int // pixels
	picture int // height of the picture
	title   float64
	line    float64
	lines   int // of the title, at most
	pad     int
}

// The two shapes: the wide one of Open Graph, and the square one that WeChat shows beside a link.
var (
	Wide   = Shape{Name: "wide", W: 1200, H: 630, picture: 286, title: 58, line: 32, lines: 2, pad: 60}
	Square = Shape{Name: "square", W: 600, H: 600, picture: 250, title: 46, line: 26, lines: 3, pad: 36}
)

// drawing is the number of this way of drawing: raise it when cards look different, and every address changes.
const drawing = 2

// Hash names what a card of that shape shows; with the extension of its format.
func (c Card) Hash(s Shape) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %q", drawing, s.Name, []any{c.Community, c.Title, c.Line, c.Scene, c.PhotoID, c.Bar, c.Percent, c.Held}))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10])) + "." + c.Format()
}

// Format is png for flat drawings, jpg with a photograph.
func (c Card) Format() string {
	if c.PhotoID != "" {
		return "jpg"
	}
	return "png"
}

var (
	paper   = color.RGBA{0xFA, 0xF6, 0xEC, 255}
	text    = color.RGBA{0x24, 0x1F, 0x1A, 255}
	soft    = color.RGBA{0x57, 0x4D, 0x43, 255}
	redRule = color.RGBA{0xD9, 0xA0, 0x8A, 255}
	sunk    = color.RGBA{0xF2, 0xEB, 0xDC, 255}
	line    = color.RGBA{0xB4, 0x7E, 0x00, 255}
)

// Draw writes the card; photo is the JPEG that PhotoID names.
func (c Card) Draw(w io.Writer, s Shape, photo []byte) error {
	faces, err := faces()
	if err != nil {
		return err
	}
	p := &painter{Image: image.NewRGBA(image.Rect(0, 0, s.W, s.H)), faces: faces}
	p.fill(p.Image.Bounds(), paper)
	if err := c.picture(p, image.Rect(0, 0, s.W, s.picture), photo); err != nil {
		return err
	}
	p.fill(image.Rect(0, s.picture, s.W, s.picture+2), redRule)
	p.fill(image.Rect(0, s.picture+6, s.W, s.picture+8), redRule)
	c.words(p, s)
	if c.Format() == "jpg" {
		return jpeg.Encode(w, p.Image, &jpeg.Options{Quality: 88})
	}
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, p.Image)
}

// picture covers a room with the photograph or the drawing.
func (c Card) picture(p *painter, room image.Rectangle, photo []byte) error {
	if c.PhotoID != "" {
		from, err := jpeg.Decode(bytes.NewReader(photo))
		if err != nil {
			return fmt.Errorf("card: photograph %s: %w", c.PhotoID, err)
		}
		draw.CatmullRom.Scale(p.Image, room, from, cut(from.Bounds(), room), draw.Src, nil)
		return nil
	}
	scene := picture.Scene(c.Scene, "")
	s := min(float64(room.Dx())/scene.W, float64(room.Dy())/scene.H)
	onto := &painter{Image: p.Image.SubImage(room).(*image.RGBA), faces: p.faces}
	p.fill(room, pdf.LookOf(scene.Ground()).Fill) // the whole drawing is seen, on its own ground
	onto.picture(scene, (float64(room.Dx())-scene.W*s)/2, (float64(room.Dy())-scene.H*s)/2, s)
	return nil
}

// cut is the middle part of a picture that has a room's proportions.
func cut(from, room image.Rectangle) image.Rectangle {
	w, h := from.Dx(), from.Dx()*room.Dy()/room.Dx()
	if h > from.Dy() {
		w, h = from.Dy()*room.Dx()/room.Dy(), from.Dy()
	}
	x, y := from.Min.X+(from.Dx()-w)/2, from.Min.Y+(from.Dy()-h)/2
	return image.Rect(x, y, x+w, y+h)
}

// words writes title, bar and line below the picture.
func (c Card) words(p *painter, s Shape) {
	room := float64(s.W - 2*s.pad)
	title := lettering{size: s.title, bold: true, ink: text}
	balanced := func() []string {
		return pdf.Balance(room, func(room float64) []string { return p.lines(c.Title, room, title) })
	}
	lines := balanced()
	for len(lines) > s.lines && title.size > s.title*0.72 {
		title.size -= 2
		lines = balanced()
	}
	if len(lines) > s.lines {
		lines = p.lines(c.Title, room, title)
		last := []rune(lines[s.lines-1])
		for len(last) > 0 && p.width(string(last)+"…", title) > room {
			last = last[:len(last)-1]
		}
		lines = append(lines[:s.lines-1:s.lines-1], strings.TrimRight(string(last), " ，、：；")+"…")
	}
	small := lettering{size: s.line, ink: soft}
	var under []string // the title, where there is no bar
	if !c.Bar {
		under = p.lines(c.Line, room, small)
	}
	foot := float64(s.H-s.pad) + s.line*0.3
	free := foot - s.line*1.1 - float64(s.picture+8) - s.line*1.5*float64(len(under))
	if c.Bar {
		free -= s.line * 1.7
	}
	lead := title.size * 1.3
	y := float64(s.picture+8) + (free-lead*float64(len(lines)))/2 + title.size*1.02
	for _, l := range lines {
		p.write(float64(s.pad), y, l, title)
		y += lead
	}
	for _, l := range under {
		p.write(float64(s.pad), y, l, small)
		y += s.line * 1.5
	}
	if c.Bar {
		c.bar(p, image.Rect(s.pad, int(foot-s.line*2.6), s.W-s.pad, int(foot-s.line*1.6)))
	}
	mark := s.line * 1.25
	name := lettering{size: s.line, bold: true, ink: text}
	end := float64(s.W-s.pad) - p.width(c.Community, name)
	p.write(end, foot, c.Community, name)
	p.picture(picture.Mark(), end-mark*1.2, foot-mark*0.92, mark/48)
	if !c.Bar {
		return
	}
	for small.size > 14 && p.width(c.Line, small) > end-mark*1.6-float64(s.pad) {
		small.size--
	}
	p.write(float64(s.pad), foot, c.Line, small)
}

// bar draws the percents with an edge, as the pages do.
func (c Card) bar(p *painter, at image.Rectangle) {
	p.fill(at.Inset(-3), line)
	p.fill(at, sunk)
	full := at
	full.Max.X = at.Min.X + at.Dx()*min(c.Percent, 100)/100
	if full.Dx() == 0 {
		return
	}
	class := "fill"
	if c.Held {
		class = "ruled"
	}
	onto := &painter{Image: p.Image.SubImage(full).(*image.RGBA)}
	onto.picture(picture.Picture{W: float64(full.Dx()), H: float64(full.Dy()), Shapes: []picture.Shape{
		picture.Rect{Class: class, W: float64(full.Dx()), H: float64(full.Dy())},
	}}, 0, 0, 1)
	if c.Percent < 100 {
		p.fill(image.Rect(full.Max.X, full.Min.Y, full.Max.X+4, full.Max.Y), text)
	}
}
