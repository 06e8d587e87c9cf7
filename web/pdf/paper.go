package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/go-pdf/fpdf"

	"fund/web/picture"
)

// What many documents share: the head of their first page, the feet of all, photographs.

// letterhead is the mark and the community on the line y, and at the right a number or a word.
func (c *canvas) letterhead(x1, x2, y float64, community, word string, s style) {
	c.picture(picture.Mark(), x1, y-5, 6.4, 0)
	c.text(x1+8, y, community, c.shrink(community, style{size: 11, ink: ink2}, x2-x1-12-c.width(word, s), 8), left)
	c.text(x2, y, word, s, right)
}

// feet writes the title and the number of its page under every page.
func (c *canvas) feet(lang, title string) {
	s := style{size: 9, ink: ink2}
	for i, p := range c.pages {
		c.at = p
		c.text(margin, p.h-11, title, c.shrink(title, s, p.w-2*margin-30, 6), left)
		c.text(p.w-margin, p.h-11, say(lang, "page", i+1, len(c.pages)), s, right)
	}
}

// photo fills a box with a photograph, of which it cuts off what stands over.
func (c *canvas) photo(p Photo, x, y, w, h float64) {
	s := max(w/float64(p.W), h/float64(p.H)) // leaves no gap
	wide, high := s*float64(p.W), s*float64(p.H)
	sum := sha256.Sum256(p.JPEG)
	name := hex.EncodeToString(sum[:])
	c.op(func(f *player) {
		f.ClipRect(x, y, w, h, false)
		f.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(p.JPEG))
		f.ImageOptions(name, x+(w-wide)/2, y+(h-high)/2, wide, high, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
		f.ClipEnd()
	})
}

// enlarged draws a page in the millimetres of A4 on a larger paper.
func (c *canvas) enlarged(paper Paper, draw func()) {
	c.page(pageW*float64(paper), pageH*float64(paper))
	c.op(func(f *player) {
		f.TransformBegin()
		f.TransformScaleXY(100*float64(paper), 0, 0)
	})
	draw()
	c.op(func(f *player) { f.TransformEnd() })
}
