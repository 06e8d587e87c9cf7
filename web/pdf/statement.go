package pdf

import (
	"fmt"
	"io"
	"time"

	books "fund/ledger/report"
)

// StatementDoc is a financial statement on paper.
type StatementDoc struct {
	Lang     string // "zh-CN" or "en"
	Table    books.Table
	Preparer string    // who asked for it; empty where nobody did
	Made     time.Time // on the community's clock; stands as the file's date
}

// Statement draws a statement on A4, upright or on its side as its columns need, with the lines on which a Chinese
// statement is signed.
func Statement(w io.Writer, doc StatementDoc) error {
	d, err := doc.draw(snug)
	if err != nil {
		return err
	}
	if len(d.pages) > 1 && len(doc.Table.Rows) < 200 { // so that signatures do not stand on a page of their own
		closer, err := doc.draw(packed)
		if err != nil {
			return err
		}
		if len(closer.pages) < len(d.pages) {
			d = closer
		}
	}
	title := d.doc.Community + " · " + d.section + " · " + d.period()
	d.feet(doc.Lang, title)
	return d.write(w, about{lang: doc.Lang, title: title, author: d.doc.Community, subject: d.section, made: doc.Made})
}

// draw draws all but the feet of the pages.
func (doc StatementDoc) draw(g grid) (*stated, error) {
	c, err := newCanvas()
	if err != nil {
		return nil, err
	}
	d := &stated{&report{canvas: c, doc: ReportDoc{Head: Head{Lang: doc.Lang, Community: doc.Table.Community.Name(doc.Lang)}}, grid: g}, doc}
	d.section = doc.Table.Title.In(doc.Lang)
	cols := d.columns()
	d.bookmark(d.section, 0, 0)
	d.head()
	d.table(cols, d.rows(cols))
	d.notes()
	d.sign()
	return d, nil
}

// stated is a statement being drawn with the tables of the transparency report.
type stated struct {
	*report
	said StatementDoc
}

// How closely a statement is set: between a text and a directory; closer where that saves a page.
var (
	snug   = grid{size: 9, lead: 4.4, pad: 1.05, base: 4.35}
	packed = grid{size: 8.5, lead: 4, pad: 0.6, base: 3.65}
)

const (
	labelLeast    = 58.0 // millimetres that a row's words need
	labelRoomy    = 90.0 // and like to have
	amountRoomy   = 30.0
	statementMost = 10_000 // rows
)

// period is what a statement is of: a day for one that tells how things stand, else the months or days.
func (d *stated) period() string {
	t := d.said.Table
	if t.AsOf {
		return day(d.said.Lang, t.To)
	}
	return months(d.said.Lang, t.From, t.To)
}

// columns are as wide as what stands in them; the words of a row have the room that is left. Where that is too little the
// page lies on its side.
func (d *stated) columns() []column {
	d.page(pageW, pageH)
	cols, rest := d.measure()
	d.bottom = foot
	if rest < labelLeast {
		d.at.w, d.at.h = pageH, pageW
		cols, _ = d.measure()
		d.bottom = pageW - (pageH - foot)
	}
	return cols
}

func (d *stated) measure() (cols []column, rest float64) {
	t := d.said.Table
	s := style{size: d.grid.size, bold: true}
	rest, label := d.across(), 0
	for i, c := range t.Columns {
		col := column{head: c.Title.In(d.said.Lang), group: c.Group.In(d.said.Lang), amount: c.Kind == books.AmountColumn, number: c.Kind == books.ShareColumn, soft: c.Kind == books.CodeColumn || c.Kind == books.DateColumn}
		least, most := 0.0, 30.0
		switch c.Kind {
		case books.LabelColumn:
			label = i
		case books.AmountColumn:
			least, most = 20, 34
		case books.TextColumn:
			least, most = 22, 46
		}
		if c.Kind != books.LabelColumn {
			wide := d.width(col.head, style{size: 9, bold: true})
			for _, r := range t.Rows {
				wide = max(wide, d.width(d.words(r.Cells[i]), s))
			}
			col.width = min(max(wide+2*tablePad+1, least), most)
			rest -= col.width
		}
		cols = append(cols, col)
	}
	if spare := (rest - labelRoomy) / float64(max(1, t.Amounts())); spare > 0 { // figures stand apart where there is room
		for i := range cols {
			if wider := min(spare, amountRoomy-cols[i].width); cols[i].amount && wider > 0 {
				cols[i].width += wider
				rest -= wider
			}
		}
	}
	cols[label].width = rest
	return cols, rest
}

// words are what stands in a cell. Nothing is written as a dash, so that a row of zeros stays quiet.
func (d *stated) words(c books.Cell) string {
	if c.Amount != nil {
		return figure(*c.Amount)
	}
	return c.Words.In(d.said.Lang)
}

func (d *stated) rows(cols []column) []line {
	t := d.said.Table
	shown := t.Rows[:min(len(t.Rows), statementMost)]
	label := 0
	for i, c := range t.Columns {
		if c.Kind == books.LabelColumn {
			label = i
		}
	}
	lines := make([]line, len(shown))
	for n, r := range shown {
		l := line{cells: make([]string, len(cols)), label: label, indent: 4 * float64(r.Depth)}
		figures := false
		for i, c := range r.Cells {
			l.cells[i] = d.words(c)
			figures = figures || c.Amount != nil
		}
		switch {
		case r.Kind == books.Head && figures:
			l.kind = strong
		case r.Kind == books.Head:
			l.kind = section
		case r.Kind == books.Result, r.Kind == books.Sum && n == len(t.Rows)-1:
			l.kind = total
		case r.Kind == books.Sum:
			l.kind = sub
		}
		lines[n] = l
	}
	return lines
}

func (d *stated) head() {
	t, end := d.said.Table, d.at.w-margin
	d.letterhead(margin, end, 20.5, d.doc.Community, t.Form, style{size: 11, ink: ink2})
	d.double(margin, end, 25.5, inkRuleRed)
	d.text(d.at.w/2, 37, d.section, d.shrink(d.section, style{size: 20, bold: true, ink: inkText}, d.across(), 14), middle)
	period := d.period()
	if of := t.Of.In(d.said.Lang); of != "" {
		period += " · " + of
	}
	d.text(d.at.w/2, 44.5, period, d.shrink(period, style{size: 11, ink: ink2}, d.across(), 7), middle)
	small := style{size: 10, ink: inkText}
	d.text(margin, 52, d.say("stated.who", d.doc.Community), small, left)
	d.text(end, 52, d.say("stated.unit"), small, right)
	d.y = 55
}

// notes are what a reader has to know, and what is wrong.
func (d *stated) notes() {
	t, s := d.said.Table, style{size: 9, ink: ink2}
	say := func(words string, s style) {
		d.need(8)
		d.y = d.block(margin, d.y+2.4, d.across(), 4.6, words, s)
	}
	if left := len(t.Rows) - statementMost; left > 0 {
		say(d.say("stated.left_out", count(left)), s)
	}
	if t.Balanced != nil && !*t.Balanced {
		say(d.say("stated.off"), style{size: 11, bold: true, ink: inkCrimson})
	}
	for i, n := range t.Notes {
		words := n.In(d.said.Lang)
		if len(t.Notes) > 1 {
			words = fmt.Sprintf("%d. %s", i+1, words)
		}
		say(words, s)
	}
}

// sign draws when it was made and of how many entries, and the lines on which people sign.
func (d *stated) sign() {
	d.need(30)
	d.y += 6
	made := d.say("stated.made", clock(d.said.Lang, d.said.Made), count(int(d.said.Table.PreparedFrom)))
	if d.said.Preparer != "" {
		made = d.say("stated.made_by", d.said.Preparer, clock(d.said.Lang, d.said.Made), count(int(d.said.Table.PreparedFrom)))
	}
	d.block(margin, d.y, d.across(), 5, made, style{size: 9.5, ink: ink2})
	d.y += 14
	d.signatures("stated.head", "stated.reviewer", "stated.preparer")
}
