package pdf

import (
	"io"

	"fund/web/picture"
)

// TagsDoc is a sheet of price tags for a sale, in the document's language.
type TagsDoc struct {
	Lang      string
	Community string
	Place     string
	Tags      []Tag
}

// Tag is the price tag of one item.
type Tag struct {
	Name  string
	Price string // ¥35, or the words for name your price
	Code  string // what people say and type
	Scan  string // what a scanner reads: an EAN-13 is drawn as bars, everything else as a QR code
}

// The tags stand as on the common sheets of 24 labels: three times eight of 70 by 37 mm.
const (
	tagsAcross, tagsDown = 3, 8
	tagW, tagH           = 70.0, 37.0
)

// PriceTags draws the tags on A4, with thin lines to cut along.
func PriceTags(w io.Writer, doc TagsDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	if len(doc.Tags) == 0 {
		c.page(pageW, pageH)
	}
	for i, tag := range doc.Tags {
		at := i % (tagsAcross * tagsDown)
		if at == 0 {
			c.page(pageW, pageH)
		}
		if err := c.tag(doc, tag, float64(at%tagsAcross)*tagW, float64(at/tagsAcross)*tagH+(pageH-tagsDown*tagH)/2); err != nil {
			return err
		}
	}
	return c.write(w, about{lang: doc.Lang, title: doc.Place, author: doc.Community, subject: say(doc.Lang, "tags.subject", len(doc.Tags))})
}

func (c *canvas) tag(doc TagsDoc, t Tag, x, y float64) error {
	const pad = 5.0
	c.frame(x, y, tagW, tagH, 0.1, inkRule)
	room := tagW - 2*pad
	if bars, ok := ean13(t.Scan); ok {
		c.bars(bars, x+pad, y+tagH-14, 0.33, 9)
		c.text(x+pad+95*0.33/2, y+tagH-2.2, t.Scan, style{size: 8, ink: inkText}, middle)
	} else {
		qr, err := picture.QR{Text: t.Scan}.Picture()
		if err != nil {
			return err
		}
		const side = 21.0
		c.picture(qr, x+tagW-pad-side+2, y+tagH-side-3, side, side)
		room -= side
	}
	name := style{size: 11, bold: true, ink: inkText}
	lines := c.lines(t.Name, room, name)
	for i, l := range lines[:min(len(lines), 2)] {
		c.text(x+pad, y+8+4.8*float64(i), l, name, left)
	}
	price := style{size: 17, bold: true, ink: inkText}
	c.text(x+pad, y+20.5, t.Price, c.shrink(t.Price, price, room, 9), left)
	if _, ok := ean13(t.Scan); !ok {
		c.text(x+pad, y+28, say(doc.Lang, "tags.code", t.Code), style{size: 9.5, ink: inkText}, left)
		c.text(x+pad, y+33, doc.Place, c.shrink(doc.Place, style{size: 7.5, ink: ink2}, room, 5), left)
	} else {
		c.text(x+tagW-pad, y+20.5, say(doc.Lang, "tags.code", t.Code), style{size: 9.5, ink: inkText}, right)
		c.text(x+tagW-pad, y+33, doc.Place, c.shrink(doc.Place, style{size: 7.5, ink: ink2}, 24, 5), right)
	}
	return nil
}

// bars draws modules of a barcode, dark where true.
func (c *canvas) bars(modules []bool, x, y, module, high float64) {
	for i := 0; i < len(modules); {
		n := 1
		for i+n < len(modules) && modules[i+n] == modules[i] {
			n++
		}
		if modules[i] {
			c.fill(x+float64(i)*module, y, float64(n)*module, high, inkText)
		}
		i += n
	}
}

// The patterns of EAN-13 (GS1 General Specifications 5.2.1): set A for the left half; B is C backwards, C is A turned
// light to dark. The first digit says which of A and B the left half has.
var (
	eanA     = [10]string{"0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"}
	eanFirst = [10]string{"AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"}
)

// ean13 are the 95 modules of a number of 13 digits whose last one checks the others; ok is false for anything else.
func ean13(number string) (modules []bool, ok bool) {
	if len(number) != 13 {
		return nil, false
	}
	sum := 0
	for i, r := range number {
		if r < '0' || r > '9' {
			return nil, false
		}
		sum += int(r-'0') * (1 + i%2*2)
	}
	if sum%10 != 0 {
		return nil, false
	}
	add := func(pattern string, turned, backwards bool) {
		for i := range pattern {
			at := i
			if backwards {
				at = len(pattern) - 1 - i
			}
			modules = append(modules, (pattern[at] == '1') != turned)
		}
	}
	add("101", false, false)
	for i, set := range eanFirst[number[0]-'0'] {
		add(eanA[number[i+1]-'0'], set == 'B', set == 'B')
	}
	add("01010", false, false)
	for i := 7; i < 13; i++ {
		add(eanA[number[i]-'0'], true, false)
	}
	add("101", false, false)
	return modules, true
}
