package pdf

import (
	"cmp"
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

// report is a report being drawn, or another document that is set like one; y moves down the page.
type report struct {
	*canvas
	doc      ReportDoc // its head and its stamp are every report's
	name     string    // its title, on the cover and under every page
	y        float64
	bottom   float64
	grid     grid
	section  string
	brief    bool // a few pages need no contents
	contents []entry
}

// entry is a line of the contents page.
type entry struct {
	title      string
	page, dest int
}

// newReport begins a report of whatever kind.
func newReport(h Head, s Stamp) (*report, error) {
	c, err := newCanvas()
	return &report{canvas: c, doc: ReportDoc{Head: h, Stamp: s}, bottom: foot, grid: roomy}, err
}

// newBrief begins one of a few pages, which need no contents.
func newBrief(h Head, s Stamp, name string) (*report, error) {
	d, err := newReport(h, s)
	d.name, d.brief = say(h.Lang, name, h.Community, h.Period), true
	return d, err
}

// address is where a reader checks the report: its own page, or before it is issued the checkpoint's.
func (d *report) address() string { return cmp.Or(d.doc.URL, d.doc.Checkpoint.URL) }

// TransparencyReport draws the report of a period on A4: cover, contents, the year on a page, the flow of money, every
// campaign and project, the statements, every entry, the corrections, and how to check all of it.
func TransparencyReport(w io.Writer, doc ReportDoc) error {
	d, err := newReport(doc.Head, doc.Stamp)
	if err != nil {
		return err
	}
	d.doc, d.name = doc, say(doc.Lang, "report.title", doc.Community, doc.Period)
	big := "report.cover.part"
	if len(doc.Months) >= 12 {
		big = "report.cover"
	}
	d.cover(d.fundCover(d.say(big)))
	return d.finish(w, d.say("report.subject", day(doc.Lang, doc.From), day(doc.Lang, doc.To)), func() {
		d.keyFigures()
		d.moneyFlow()
		d.projectChart()
		d.campaigns()
		d.projects()
		d.votes()
		d.hours()
		d.funds()
		d.activities()
		d.balance()
		d.cashFlow()
		d.entries()
		d.reversals()
		d.corrections()
	})
}

// finish draws the sections between the contents and the page that tells how to check them, and writes the report.
func (d *report) finish(w io.Writer, subject string, sections func()) error {
	qr, err := picture.QR{Text: d.address()}.Picture()
	if err != nil {
		return err
	}
	contents := len(d.pages)
	if !d.brief {
		d.page(pageW, pageH) // the contents, written when the page numbers are known
	}
	sections()
	d.howToCheck(qr)
	if !d.brief {
		d.at = d.pages[contents]
		d.drawContents()
	}
	d.footers()
	return d.write(w, about{lang: d.doc.Lang, title: d.name, author: d.doc.Host, made: d.doc.Issued, subject: subject})
}

func (d *report) say(key string, args ...any) string { return say(d.doc.Lang, key, args...) }

// chapter opens a section on the page at hand where so much room is left, else on a new page.
func (d *report) chapter(key string, high float64) {
	if d.y+high+26 > d.bottom {
		d.begin(key)
		return
	}
	d.section = d.say(key)
	d.y += 14
	d.contents = append(d.contents, entry{d.section, len(d.pages), d.dest(d.y - 12)})
	d.bookmark(d.section, 0, d.y-12)
	d.text(margin, d.y, d.section, d.shrink(d.section, style{size: 24, bold: true, ink: inkText}, textWidth, 15), left)
	d.double(margin, pageW-margin, d.y+5, inkRuleRed)
	d.y += 14
}

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
	heading := d.section + d.say("continued")
	d.text(margin, 19, heading, d.shrink(heading, style{size: 11, bold: true, ink: ink2}, d.across(), 7), left)
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
	y, pitch := 44.0, min(12.5, 232/float64(len(d.contents)+1))
	for _, e := range d.contents {
		d.text(margin, y, e.title, style{size: 13, ink: inkText}, left)
		d.text(pageW-margin, y, count(e.page), style{size: 13, ink: inkText}, right)
		d.line(margin, y+pitch*0.32, pageW-margin, y+pitch*0.32, 0.2, inkRule)
		d.link(margin, y-pitch*0.56, textWidth, pitch*0.88, e.dest)
		y += pitch
	}
}

// footers number the pages when all of them are there.
func (d *report) footers() {
	s := style{size: 9, ink: ink2}
	for i, p := range d.pages {
		d.at = p
		if i > 0 {
			d.text(margin, 286, d.name, d.shrink(d.name, s, textWidth-30, 6), left)
		}
		d.text(pageW-margin, 286, d.say("page", i+1, len(d.pages)), s, right)
	}
}
