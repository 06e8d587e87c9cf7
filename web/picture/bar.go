package picture

import (
	"fmt"

	qrcode "github.com/skip2/go-qrcode"

	"fund/ledger/money"
)

// Balance is one bar of what the funds hold: the restricted part ruled, the unrestricted part solid.
type Balance struct {
	Title      string // 专款占 36.5%，其余是通用款
	Held, Free money.Amount
}

// Picture draws the bar. Overdrawn parts are not drawn; the sentence beside the bar says them.
func (b Balance) Picture() Picture {
	p := Picture{Class: "bar tall", Title: b.Title, W: 100, H: 16, Stretch: true}
	held, free := size(b.Held), size(b.Free)
	if held+free == 0 {
		return p
	}
	at := 100 * held / (held + free)
	p.Shapes = []Shape{
		Rect{"ruled", 0, 0, at, 16},
		Rect{"fill", at, 0, 100 - at, 16},
		Rect{"edge", at, 0, 0, 16},
	}
	return p
}

// Progress is how far a campaign has come, with ticks at the quarters.
type Progress struct {
	Title        string // 已筹到目标的 62.4%
	Raised, Goal money.Amount
	Held         bool // the campaign raises restricted money: ruled, else solid
}

// Picture draws the bar; a campaign beyond its goal fills it.
func (g Progress) Picture() Picture {
	p := Picture{Class: "bar", Title: g.Title, W: 100, H: 16, Stretch: true}
	for _, x := range []float64{25, 50, 75} {
		p.Shapes = append(p.Shapes, Line{"tick", x, 0, x, 16})
	}
	if g.Goal.Sign() <= 0 || g.Raised.Sign() <= 0 {
		return p
	}
	at := min(100, 100*size(g.Raised)/size(g.Goal))
	class := "fill"
	if g.Held {
		class = "ruled"
	}
	p.Shapes = append(p.Shapes, Rect{class, 0, 0, at, 16})
	if at < 100 {
		p.Shapes = append(p.Shapes, Rect{"edge", at, 0, 0, 16})
	}
	return p
}

// Shares is one bar divided among parts, each drawn by a class of its own; light and dark tell them apart on paper too.
type Shares struct {
	Title string
	Of    money.Amount // the whole bar; more than the parts leaves room at its end
	Parts []Part
}

// Part is one of them.
type Part struct {
	Class  string
	Amount money.Amount
}

// Picture draws the parts from the left. What is not above zero is not drawn.
func (s Shares) Picture() Picture {
	p := Picture{Class: "bar shares", Title: s.Title, W: 100, H: 16, Stretch: true}
	at := 0.0
	for _, part := range s.Parts {
		if part.Amount.Sign() <= 0 || s.Of.Sign() <= 0 {
			continue
		}
		wide := 100 * size(part.Amount) / size(s.Of)
		p.Shapes = append(p.Shapes, Rect{part.Class, at, 0, wide, 16})
		at += wide
	}
	return p
}

// QR is a code a phone can read.
type QR struct {
	Title  string
	Text   string // usually an address
	Sturdy bool   // hangs in the street: a quarter of it may be torn or faded, for somewhat smaller modules
}

func (q QR) code() (*qrcode.QRCode, error) {
	level := qrcode.Medium
	if q.Sturdy {
		level = qrcode.High
	}
	code, err := qrcode.New(q.Text, level)
	if err != nil {
		return nil, fmt.Errorf("picture.QR: %w", err)
	}
	return code, nil
}

// Rows are the modules row by row, "1" dark and "0" light, without the quiet edge: for a script that draws them itself.
func (q QR) Rows() (rows []string, err error) {
	code, err := q.code()
	if err != nil {
		return nil, err
	}
	code.DisableBorder = true
	for _, bits := range code.Bitmap() {
		row := make([]byte, len(bits))
		for x, dark := range bits {
			if row[x] = '0'; dark {
				row[x] = '1'
			}
		}
		rows = append(rows, string(row))
	}
	return rows, nil
}

// Picture draws the dark modules and leaves the quiet edge the standard asks for; the page gives the white ground.
// About a sixth of the code may be creased or stamped over before it stops working.
func (q QR) Picture() (Picture, error) {
	code, err := q.code()
	if err != nil {
		return Picture{}, err
	}
	bits := code.Bitmap()
	n := float64(len(bits))
	dark := Path{Class: "dark"}
	for y, row := range bits {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			end := x
			for end < len(row) && row[end] {
				end++
			}
			x1, x2, y1 := float64(x), float64(end), float64(y)
			dark.move(x1, y1)
			dark.line(x2, y1)
			dark.line(x2, y1+1)
			dark.line(x1, y1+1)
			dark.close()
			x = end
		}
	}
	return Picture{Class: "qr", Title: q.Title, W: n, H: n, Shapes: []Shape{dark}}, nil
}

// Teeth is the torn upper edge of a receipt.
func Teeth() Picture {
	s := Path{}
	s.move(0, 11)
	for x := 0.0; x < 360; x += 10 {
		s.line(x+5, 1)
		s.line(x+10, 11)
	}
	return Picture{Class: "teeth", W: 360, H: 10, Shapes: []Shape{s}}
}
