package sample

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"
)

// The sample has no photographs of anybody: its pictures are sketched.
const sketchWidth, sketchHeight = 960, 720

var (
	inkBrown  = color.RGBA{0x4A, 0x3B, 0x2A, 0xFF}
	wall      = color.RGBA{0xF3, 0xE6, 0xC8, 0xFF}
	floor     = color.RGBA{0xD9, 0xBE, 0x8E, 0xFF}
	persimmon = color.RGBA{0xB4, 0x41, 0x1C, 0xFF}
	gold      = color.RGBA{0xE2, 0xA9, 0x22, 0xFF}
	pine      = color.RGBA{0x2C, 0x63, 0x49, 0xFF}
	iron      = color.RGBA{0x5A, 0x5E, 0x62, 0xFF}
	steam     = color.RGBA{0xB0, 0xB0, 0xB0, 0xB0} // premultiplied
)

// easel is a picture under way.
type easel struct{ *image.RGBA }

// sketch draws one of the sample's pictures, as a PNG file.
func sketch(name string) io.Reader {
	e := easel{image.NewRGBA(image.Rect(0, 0, sketchWidth, sketchHeight))}
	e.box(0, 0, sketchWidth, sketchHeight, wall)
	e.box(0, 500, sketchWidth, sketchHeight, floor)
	switch name {
	case "pots":
		e.pots()
	case "boxes":
		e.boxes()
	case "table":
		e.table()
	case "chairs":
		e.chairs()
	case "bowls":
		e.bowls()
	case "cakes":
		e.cakes()
	case "receipt":
		e.receipt(color.Black)
	case "invoice":
		e.receipt(inkBrown) // nobody has covered the names yet
	default:
		e.stairs()
	}
	var file bytes.Buffer
	_ = png.Encode(&file, e.RGBA) // into memory
	return &file
}

func (e easel) pots() {
	e.box(80, 470, 880, 640, inkBrown)
	for i, c := range []color.Color{iron, persimmon, iron} {
		x := 220 + 260*i
		e.box(x-95, 330, x+95, 470, c)
		e.ellipse(x, 330, 105, 24, inkBrown)
		e.ellipse(x, 326, 88, 16, gold)
		for j := range 3 {
			e.ellipse(x-40+40*j, 250-30*(j%2), 16, 46, steam)
		}
		e.box(x-130, 380, x-95, 398, inkBrown)
		e.box(x+95, 380, x+130, 398, inkBrown)
	}
}

func (e easel) bowls() {
	e.box(60, 480, 900, 640, inkBrown)
	for i := range 3 {
		x := 210 + 270*i
		e.ellipse(x, 470, 118, 20, iron)
		e.ellipse(x, 380, 92, 84, pine)
		e.ellipse(x, 330, 100, 26, wall)
		e.ellipse(x, 326, 84, 18, gold)
		e.ellipse(x+30, 316, 88, 16, pine) // the lid, a little open
		e.ellipse(x+30, 298, 16, 10, inkBrown)
		e.ellipse(x-50, 230, 14, 50, steam)
	}
}

func (e easel) cakes() {
	e.box(60, 540, 900, 660, inkBrown)
	e.ellipse(480, 540, 360, 56, iron)
	for row := range 2 {
		for column := range 4 - row {
			x, y := 200+145*column+72*row, 440-120*row
			e.box(x, y, x+130, y+90, pine)
			e.box(x, y, x+130, y+18, gold)
			e.ellipse(x+65, y+55, 26, 20, gold)
		}
	}
}

func (e easel) boxes() {
	for row := range 3 {
		for column := range 4 - row {
			x, y := 110+190*column+95*row, 560-150*row
			e.box(x, y, x+170, y+130, []color.Color{pine, persimmon, gold}[(row+column)%3])
			e.box(x, y, x+170, y+26, inkBrown)
			e.box(x+70, y+8, x+100, y+18, wall)
		}
	}
}

func (e easel) table() {
	e.box(450, 420, 510, 660, inkBrown)
	e.ellipse(480, 430, 340, 90, persimmon)
	e.ellipse(480, 420, 320, 78, gold)
	for i := range 8 {
		a := float64(i) * math.Pi / 4
		x, y := 480+int(250*math.Cos(a)), 420+int(54*math.Sin(a))
		e.ellipse(x, y, 42, 14, wall)
		e.ellipse(x, y-4, 24, 7, pine)
	}
	for i := range 5 {
		x := 120 + 180*i
		e.box(x-2, 0, x+2, 70, inkBrown)
		e.ellipse(x, 110, 44, 42, persimmon)
	}
}

func (e easel) chairs() {
	for i := range 4 {
		x, c := 90+210*i, color.Color(floor)
		if i == 0 {
			c = gold
		}
		for _, leg := range []int{0, 130} {
			e.box(x+leg, 300, x+leg+20, 660, inkBrown)
		}
		e.box(x, 300, x+150, 350, c)
		e.box(x, 375, x+150, 400, c)
		e.box(x-10, 480, x+160, 520, c)
	}
}

// receipt is a till receipt on which the buyer and the telephone number are covered.
func (e easel) receipt(names color.Color) {
	e.box(300, 40, 660, 690, wall)
	e.box(300, 40, 660, 46, steam)
	e.box(360, 80, 600, 104, inkBrown)
	for i := range 8 {
		e.box(340, 190+44*i, 340+120+17*(i%4), 200+44*i, iron)
		e.box(560, 190+44*i, 620, 200+44*i, iron)
	}
	e.box(340, 560, 620, 564, inkBrown)
	e.box(500, 584, 620, 606, inkBrown)
	for _, y := range []int{124, 636} {
		e.box(340, y, 560, y+28, names)
	}
}

func (e easel) stairs() {
	for i := range 9 {
		e.box(100+85*i, 640-60*i, sketchWidth, 720-60*i, []color.Color{iron, inkBrown}[i%2])
		e.box(100+85*i, 640-60*i, 185+85*i, 650-60*i, wall)
	}
	e.box(60, 90, 260, 300, pine)
	e.box(76, 106, 154, 284, wall)
	e.box(166, 106, 244, 284, wall)
}

func (e easel) box(x0, y0, x1, y1 int, c color.Color) {
	draw.Draw(e.RGBA, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Over)
}

// ellipse is drawn as a polygon of many sides.
func (e easel) ellipse(x, y, rx, ry int, c color.Color) {
	const sides = 64
	at := image.Rect(x-rx-1, y-ry-1, x+rx+1, y+ry+1)
	pen := vector.NewRasterizer(at.Dx(), at.Dy())
	for i := range sides {
		a := 2 * math.Pi * float64(i) / sides
		px, py := float32(float64(rx+1)+float64(rx)*math.Cos(a)), float32(float64(ry+1)+float64(ry)*math.Sin(a))
		if i == 0 {
			pen.MoveTo(px, py)
		} else {
			pen.LineTo(px, py)
		}
	}
	pen.ClosePath()
	pen.Draw(e.RGBA, at, image.NewUniform(c), image.Point{})
}
