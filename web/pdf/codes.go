package pdf

import (
	"io"

	"fund/web/picture"
)

// CodesDoc is a sheet of codes to cut out, one for each household of a
// courtyard, in the document's language.
type CodesDoc struct {
	Lang      string
	Community string
	Round     string // its title
	Courtyard string
	Days      string // 11月20日 – 11月30日
	Typed     string // the ballot's address without its scheme
	Phone     string
	Codes     []HouseCode
}

// HouseCode is what one household gets.
type HouseCode struct {
	Shown string // K7M4H 92QDX
	Scan  string // the address of the ballot with the code
}

const (
	codesAcross, codesDown = 2, 5
	codeW, codeH           = 105.0, 57.0
)

// Codes draws the slips on A4, ten on a page, with thin lines to cut along.
func Codes(w io.Writer, doc CodesDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	for i, code := range doc.Codes {
		at := i % (codesAcross * codesDown)
		if at == 0 {
			c.page(pageW, pageH)
		}
		if err := c.code(doc, code, float64(at%codesAcross)*codeW, float64(at/codesAcross)*codeH+(pageH-codesDown*codeH)/2); err != nil {
			return err
		}
	}
	return c.write(w, about{lang: doc.Lang, title: doc.Round + " · " + doc.Courtyard, author: doc.Community, subject: say(doc.Lang, "codes.subject", len(doc.Codes))})
}

func (c *canvas) code(doc CodesDoc, code HouseCode, x, y float64) error {
	const pad, side = 7.0, 28.0
	c.frame(x, y, codeW, codeH, 0.1, inkRule)
	qr, err := picture.QR{Text: code.Scan}.Picture()
	if err != nil {
		return err
	}
	room := codeW - 2*pad
	small := style{size: 8.5, ink: ink2}
	head := style{size: 12, bold: true, ink: inkText}
	c.text(x+pad, y+9, doc.Round, c.shrink(doc.Round, head, room, 8), left)
	c.text(x+pad, y+14, doc.Community+" · "+doc.Courtyard, small, left)
	c.picture(qr, x+codeW-pad-side+2, y+16, side, side)
	room -= side
	c.text(x+pad, y+21, say(doc.Lang, "codes.code"), small, left)
	c.text(x+pad, y+29.5, code.Shown, c.shrink(code.Shown, style{size: 22, bold: true, ink: inkText}, room, 12), left)
	c.block(x+pad, y+36, room, 4.2, say(doc.Lang, "codes.how", doc.Days), style{size: 9.5, ink: inkText})
	c.text(x+pad, y+48, doc.Typed, c.shrink(doc.Typed, small, codeW-2*pad, 5.5), left)
	c.text(x+pad, y+52.5, say(doc.Lang, "codes.paper", doc.Phone), c.shrink(say(doc.Lang, "codes.paper", doc.Phone), small, codeW-2*pad, 5.5), left)
	return nil
}
