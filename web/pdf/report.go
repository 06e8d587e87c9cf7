package pdf

import (
	"io"

	"fund/web/picture"
)

const (
	pageW, pageH = 210.0, 297.0
	margin       = 20.0
	textWidth    = pageW - 2*margin
	top          = 30.0  // where the text of a page begins, under its running head
	foot         = 274.0 // where it ends
)

// report is a transparency report being drawn; y moves down the page.
type report struct {
	*canvas
	doc      ReportDoc
	y        float64
	bottom   float64
	grid     grid
	section  string
	contents []entry
}

// entry is a line of the contents page.
type entry struct {
	title      string
	page, dest int
}

// TransparencyReport draws the report of a period on A4: cover, contents, the year on a page, the flow of money, every
// campaign and project, the statements, every entry, the corrections, and how to check all of it.
func TransparencyReport(w io.Writer, doc ReportDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	qr, err := picture.QR{Text: doc.Checkpoint.URL}.Picture()
	if err != nil {
		return err
	}
	d := &report{canvas: c, doc: doc, bottom: foot, grid: roomy}
	d.cover()
	d.page(pageW, pageH) // the contents, written when the page numbers are known
	contents := d.at
	d.keyFigures()
	d.moneyFlow()
	d.projectChart()
	d.campaigns()
	d.projects()
	d.funds()
	d.activities()
	d.balance()
	d.cashFlow()
	d.entries()
	d.reversals()
	d.howToCheck(qr)
	d.at = contents
	d.drawContents()
	d.footers()
	return c.write(w, about{
		lang: doc.Lang, title: d.title(), author: doc.Host, made: doc.Issued,
		subject: d.say("report.subject", day(doc.Lang, doc.From), day(doc.Lang, doc.To)),
	})
}

func (d *report) say(key string, args ...any) string { return say(d.doc.Lang, key, args...) }

func (d *report) title() string { return d.say("report.title", d.doc.Community, d.doc.Period) }

// begin opens a section on a new page, with its title, bookmark and line in the contents.
func (d *report) begin(key string) {
	d.section = d.say(key)
	d.page(pageW, pageH)
	d.contents = append(d.contents, entry{d.section, len(d.pages), d.dest(0)})
	d.bookmark(d.section, 0, 0)
	s := d.shrink(d.section, style{size: 24, bold: true, ink: inkText}, textWidth-62, 15)
	d.text(margin, 24, d.section, s, left)
	d.text(pageW-margin, 24, d.say("key.range", day(d.doc.Lang, d.doc.From), day(d.doc.Lang, d.doc.To)), style{size: 9, ink: ink2}, right)
	d.double(margin, pageW-margin, 29, inkRuleRed)
	d.y = 38
}

// across is the room for text on the page, which may lie on its side.
func (d *report) across() float64 { return d.at.w - 2*margin }

// newPage carries the section on.
func (d *report) newPage() {
	d.page(d.at.w, d.at.h)
	d.text(margin, 19, d.section+d.say("continued"), style{size: 11, bold: true, ink: ink2}, left)
	d.double(margin, d.at.w-margin, 22.5, inkRuleRed)
	d.y = top
}

// need starts a new page unless so many millimetres are left.
func (d *report) need(h float64) {
	if d.y+h > d.bottom {
		d.newPage()
	}
}

// signatures draws lines side by side on which people sign, with who under each.
func (d *report) signatures(keys ...string) {
	room := (d.across() - 8*float64(len(keys)-1)) / float64(len(keys))
	for i, who := range keys {
		x := margin + float64(i)*(room+8)
		d.line(x, d.y, x+room, d.y, 0.3, inkText)
		d.text(x, d.y+5.5, d.say(who), style{size: 10, ink: ink2}, left)
	}
}

// lead is a paragraph under a title.
func (d *report) lead(t string) {
	d.y = d.block(margin, d.y+1, textWidth, 6, t, style{size: 11.5, ink: ink2}) + 1.5
}

// head is a heading within a section, with a sum at the right when there is one.
func (d *report) head(t, sum string) {
	d.text(margin, d.y, t, style{size: 14, bold: true, ink: inkText}, left)
	d.text(pageW-margin, d.y, sum, style{size: 12, bold: true, ink: inkText}, right)
	d.y += 4
}

func (d *report) drawContents() {
	d.text(margin, 24, d.say("contents"), style{size: 24, bold: true, ink: inkText}, left)
	d.double(margin, pageW-margin, 29, inkRuleRed)
	y := 44.0
	for _, e := range d.contents {
		d.text(margin, y, e.title, style{size: 13, ink: inkText}, left)
		d.text(pageW-margin, y, count(e.page), style{size: 13, ink: inkText}, right)
		d.line(margin, y+4, pageW-margin, y+4, 0.2, inkRule)
		d.link(margin, y-7, textWidth, 11, e.dest)
		y += 12.5
	}
}

// footers number the pages when all of them are there.
func (d *report) footers() {
	s := style{size: 9, ink: ink2}
	for i, p := range d.pages {
		d.at = p
		if i > 0 {
			d.text(margin, 286, d.title(), s, left)
		}
		d.text(pageW-margin, 286, d.say("page", i+1, len(d.pages)), s, right)
	}
}
