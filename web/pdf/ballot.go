package pdf

import (
	"io"

	"fund/web/picture"
)

// BallotDoc is paper to vote on, in the document's language: as many sheets as are wanted, four to a page.
type BallotDoc struct {
	Lang      string
	Community string
	Council   string
	Serial    string // 2026-012
	Title     string
	Amount    string // ¥3,200.00; empty for a resolution
	Secret    bool
	Sheets    int
}

// A sheet is A6, a quarter of A4.
const (
	ballotW, ballotH = pageW / 2, pageH / 2
	ballotPad        = 9.0
)

// Ballots draws the sheets on A4, with dashes to cut along.
func Ballots(w io.Writer, doc BallotDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	for i := range max(doc.Sheets, 1) {
		at := i % 4
		if at == 0 {
			c.page(pageW, pageH)
			c.dashes()
		}
		c.ballot(doc, float64(at%2)*ballotW, float64(at/2)*ballotH)
	}
	return c.write(w, about{lang: doc.Lang, title: say(doc.Lang, "ballot.title") + " " + doc.Serial, author: doc.Community, subject: doc.Title})
}

// dashes are where a page is cut.
func (c *canvas) dashes() {
	for y := 4.0; y < pageH-4; y += 4 {
		c.line(ballotW, y, ballotW, y+2, 0.15, inkRuleStrong)
	}
	for x := 4.0; x < pageW-4; x += 4 {
		c.line(x, ballotH, x+2, ballotH, 0.15, inkRuleStrong)
	}
}

func (c *canvas) ballot(doc BallotDoc, x, y float64) {
	left1, right1 := x+ballotPad, x+ballotW-ballotPad
	room := right1 - left1
	c.picture(picture.Mark(), left1, y+8.4, 5.6, 0)
	c.text(left1+7.2, y+12.9, doc.Council, c.shrink(doc.Council, style{size: 11, ink: ink2}, room-34, 7), left)
	c.text(right1, y+12.9, "№ "+doc.Serial, style{size: 11, bold: true, ink: inkSerial}, right)
	c.text(x+ballotW/2, y+26, say(doc.Lang, "ballot.title"), style{size: 22, bold: true, ink: inkText}, middle)
	c.double(left1, right1, y+30, inkSerial)
	title, lead, at := style{size: 15, bold: true, ink: inkText}, 6.6, y+40
	lines := c.lines(doc.Title, room, title)
	for ; len(lines) > 4 && title.size > 9; lines = c.lines(doc.Title, room, title) {
		title.size, lead = title.size-1, lead-0.4
	}
	for _, l := range lines {
		c.text(left1, at, l, title, left)
		at += lead
	}
	if doc.Amount != "" {
		c.text(left1, at+1.5, doc.Amount, style{size: 14, ink: inkText}, left)
	}
	for i, key := range []string{"ballot.for", "ballot.against", "ballot.abstain"} {
		top := y + 76 + 17*float64(i)
		c.frame(left1, top, 13, 13, 0.6, inkText)
		c.text(left1+19, top+9.4, say(doc.Lang, key), style{size: 22, bold: true, ink: inkText}, left)
	}
	hint := say(doc.Lang, "ballot.open")
	if doc.Secret {
		hint = say(doc.Lang, "ballot.secret")
	}
	c.block(left1, y+133, room, 4.8, hint, style{size: 10, ink: ink2})
}
