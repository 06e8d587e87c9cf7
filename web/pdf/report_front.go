package pdf

import (
	"fmt"

	"fund/ledger/money"
	"fund/web/picture"
)

// coverPage is what a cover says: its leaf, three figures in large type, and what stands under them.
type coverPage struct {
	big           string
	leaf          picture.Picture
	caption       string
	figures       [3]coverFigure
	sum, answerer string
}

type coverFigure struct{ name, figure string }

// cover draws the first page: the leaf of veins is data on every cover.
func (d *report) cover(p coverPage) {
	doc := d.doc
	d.page(pageW, pageH)
	d.fill(0, 0, pageW, pageH, inkPaper)
	d.picture(picture.Mark(), margin, 20, 10, 0)
	d.text(margin+12, 27.5, doc.Community, d.shrink(doc.Community, style{size: 17, bold: true, ink: inkText}, 88, 10), left)
	number, when := style{size: 13, bold: true, ink: inkSerial}, style{size: 9.5, ink: ink2}
	if doc.Serial == "" {
		d.text(pageW-margin, 24.5, d.say("report.draft"), style{size: 11, bold: true, ink: ink2}, right)
		d.text(pageW-margin, 30, d.say("report.drawn", clock(doc.Lang, doc.Issued)), when, right)
	} else {
		d.text(pageW-margin, 24.5, "№ "+d.serial(), number, right)
		d.text(pageW-margin, 30, d.say("report.issued", day(doc.Lang, doc.On)), when, right)
	}
	d.double(margin, pageW-margin, 34, inkRuleRed)
	y := 62.0
	lines := Balance(textWidth, func(room float64) []string { return d.lines(p.big, room, style{size: 38, bold: true}) })
	s := style{size: 38, bold: true, ink: inkText}
	if len(lines) > 2 || d.doc.Note != "" {
		s.size = 26
		lines = Balance(textWidth, func(room float64) []string { return d.lines(p.big, room, s) })
	}
	if len(lines) > 1 {
		y -= 8
	}
	for _, l := range lines {
		d.text(margin, y, l, s, left)
		y += s.size * 0.43
	}
	y += 12 - s.size*0.43
	d.text(margin, y, d.name, d.shrink(d.name, style{size: 16, ink: ink2}, textWidth, 10), left)
	if d.doc.Note != "" {
		d.y = y + 10
		d.callout(d.say("report.corrected", d.doc.Note), inkGoldLine, inkGoldTint)
	}
	d.picture(p.leaf, margin+8, 84, 154, 0)
	d.block(118, 200, 72, 5.2, p.caption, style{size: 9.5, ink: ink2})
	for i, f := range p.figures {
		x := margin + 60*float64(i)
		d.text(x, 240, f.name, d.shrink(f.name, style{size: 11, ink: ink2}, 57, 8), left)
		d.text(x, 251, f.figure, d.shrink(f.figure, style{size: 24, bold: true, ink: inkText}, 55, 10), left)
	}
	d.double(margin, pageW-margin, 257, inkText)
	d.text(margin, 265, p.sum, d.shrink(p.sum, style{size: 10, ink: inkText}, textWidth, 7), left)
	d.text(margin, 272, p.answerer, d.shrink(p.answerer, style{size: 10, ink: ink2}, textWidth, 7), left)
}

// serial is the report's number, with its version where it is a correction.
func (d *report) serial() string {
	if d.doc.Version > 1 {
		return d.doc.Serial + gap(d.doc.Lang) + d.say("report.version", d.doc.Version)
	}
	return d.doc.Serial
}

// answerer says who holds the money and where to read how to check.
func (d *report) answerer() string {
	return d.say("report.foot", d.doc.Host, d.doc.Checkpoint.Number)
}

// callout is a sentence that nobody should miss.
func (d *report) callout(text string, edge, ground ink) {
	s := style{size: 11, ink: inkText}
	lines := d.lines(text, textWidth-10, s)
	h := 5.6*float64(len(lines)) + 4
	d.fill(margin, d.y-3, textWidth, h, ground)
	d.fill(margin, d.y-3, 1.4, h, edge)
	for i, l := range lines {
		d.text(margin+5, d.y+2.4+5.6*float64(i), l, s, left)
	}
	d.y += h + 3
}

// fundCover is the cover of a report on the whole community's money.
func (d *report) fundCover(big string) coverPage {
	doc := d.doc
	p := coverPage{
		big: big, leaf: d.leaf(), answerer: d.answerer(),
		figures: [3]coverFigure{{d.say("in"), doc.Income.Format()}, {d.say("out"), doc.Expense.Format()}, {d.say("closing"), doc.Closing.Format()}},
		sum:     d.say("report.unit") + d.say("report.sum", doc.Opening.Format(), doc.Income.Format(), doc.Expense.Format(), doc.Closing.Format()),
	}
	if n := len(doc.Projects); n > 0 {
		p.caption = d.say("report.leaf", n, n)
	}
	return p
}

// leaf gathers the projects into their themes, in the order they come.
func (d *report) leaf() picture.Picture {
	n := len(d.doc.Projects)
	l := picture.Leaf{Title: d.say("picture.leaf", n, n), Bare: true}
	for i, p := range d.doc.Projects {
		if i == 0 || p.Theme != d.doc.Projects[i-1].Theme {
			l.Themes = append(l.Themes, picture.Theme{Name: p.Theme})
		}
		t := &l.Themes[len(l.Themes)-1]
		t.Veins = append(t.Veins, picture.Vein{Spent: p.Spent, Served: p.Served})
	}
	return l.Picture()
}

const keyRows = 9 // of sources and of uses, so that all stands on a page; the statements have each

func (d *report) keyFigures() {
	d.begin("key")
	d.bigThree()
	in, out := d.bars("picture.sources", d.few(d.doc.Sources, keyRows), picture.In), d.bars("picture.uses", d.few(d.doc.Uses, keyRows), picture.Out)
	if len(in.Rows)+len(out.Rows) > 15 { // set closer, so that all still stands on one page
		in.Font, out.Font = 12.5, 12.5
	}
	picture.Align(in, out)
	d.head(d.say("key.sources"), d.doc.Income.Format())
	d.y += d.picture(in.Picture(), margin, d.y, textWidth, 0) + 1
	d.key([]string{"c-in", "c-held"}, []string{d.say("free"), d.say("held.long")}, margin, d.y+3)
	d.y += 13
	d.head(d.say("key.uses"), d.doc.Expense.Format())
	d.y += d.picture(out.Picture(), margin, d.y, textWidth, 0) + 8
	d.months(d.doc.Months)
	doc := d.doc
	d.need(22)
	d.double(margin, pageW-margin, d.y+2, inkText)
	sum := d.say("key.sum", doc.Opening.Format(), doc.Income.Format(), doc.Expense.Format(), doc.Closing.Format())
	d.text(margin, d.y+9, sum, d.shrink(sum, style{size: 12, bold: true, ink: inkText}, textWidth, 8), left)
	kinds := d.say("key.kinds", doc.ClosingHeld.Format(), doc.ClosingFree.Format())
	if doc.Other.Sign() != 0 {
		kinds += gap(doc.Lang) + d.say("key.other", doc.Other.Format())
	}
	if doc.Apart.Sign() != 0 {
		kinds += gap(doc.Lang) + d.say("key.apart", doc.Apart.Format())
	}
	d.block(margin, d.y+15, textWidth, 5, kinds, style{size: 10, ink: ink2})
}

func (d *report) bigThree() {
	served := 0
	for _, p := range d.doc.Projects {
		served += p.Served
	}
	d.bigRow(
		bigFigure{d.say("key.projects"), count(len(d.doc.Projects)), d.say("key.projects.unit"), inkSerial},
		bigFigure{d.say("key.served"), count(served), d.say("key.served.unit"), inkSerial},
		bigFigure{d.say("key.grants"), d.doc.Grants.Format(), d.say("key.grants.unit"), inkText},
	)
}

// bars are at 4 units to the millimetre: 14 units are 10 points on paper.
func (d *report) bars(title string, all []Use, kind picture.BarKind) *picture.Bars {
	b := &picture.Bars{Title: d.say(title), W: 680, Font: 14.5}
	for _, u := range all {
		row := picture.Bar{Name: u.Name, Free: u.Free, Held: u.Held, Kind: kind}
		if u.Projects > 0 {
			row.Note = d.say(numbered("key.note", u.Projects), u.Projects, count(u.Served))
		}
		if kind == picture.Out {
			row.Free, row.Held = u.Sum(), money.Amount{}
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// key explains fills by little boxes with words.
func (d *report) key(classes, words []string, x, y float64) { d.keyOf(9.5, classes, words, x, y) }

// keyOf is the same in a size of its own.
func (d *report) keyOf(size float64, classes, words []string, x, y float64) {
	w, h := 4.4*size/9.5, 3.2*size/9.5
	for i, c := range classes {
		d.picture(picture.Picture{W: w, H: h, Shapes: []picture.Shape{picture.Rect{Class: c, W: w, H: h}}}, x, y-0.875*h, w, 0)
		x += 1.36*w + d.text(x+1.36*w, y, words[i], style{size: size, ink: inkText}, left) + 8
	}
}

func (d *report) months(all []MonthSum) {
	var columns []picture.Month
	for _, x := range all {
		columns = append(columns, picture.Month{Name: monthName(d.doc.Lang, x.Month), In: x.In, Out: x.Out})
	}
	d.monthChart("key.months", columns, []string{"c-in", "c-out"}, []string{d.say("word.in"), d.say("word.out")})
}

// monthChart draws columns of months under their title and what their fills mean.
func (d *report) monthChart(title string, months []picture.Month, classes, words []string) {
	if len(months) < 2 { // one month has nothing to stand beside
		return
	}
	d.need(60)
	d.head(d.say(title), "")
	d.key(classes, words, pageW-margin-38, d.y-4)
	m := picture.Months{Title: d.say(title), Lang: d.doc.Lang, W: 680, H: 165, Months: months}
	if room := 4 * (d.bottom - d.y - 25); room >= 110 { // lower, so that the sum under it stays on the page
		m.H = min(m.H, room)
	}
	d.y += d.picture(m.Picture(), margin, d.y-3, textWidth, 0) - 1
}

const flowEnds = 11 // on each side: more, and the sum under them, leave the page

func (d *report) moneyFlow() {
	d.begin("flow")
	doc := d.doc
	d.lead(d.say("flow.lead"))
	d.key([]string{"c-in", "c-held"}, []string{d.say("free"), d.say("held.long")}, margin, d.y+1)
	d.y += 8
	f := picture.Flow{Title: d.say("picture.flow"), Free: d.say("free"), Held: d.say("held"), W: 760, H: 690}
	var in, out [2]money.Amount
	for _, u := range d.few(doc.Sources, flowEnds) {
		f.Sources = append(f.Sources, picture.FlowEnd{Name: u.Name, Free: u.Free, Held: u.Held})
		in = [2]money.Amount{in[0].Add(u.Free), in[1].Add(u.Held)}
	}
	for _, u := range d.few(doc.Uses, flowEnds) {
		f.Uses = append(f.Uses, picture.FlowEnd{Name: u.Name, Free: u.Free, Held: u.Held})
		out = [2]money.Amount{out[0].Add(u.Free), out[1].Add(u.Held)}
	}
	kept, drawn := difference(in, out)
	if kept[0].Sign() > 0 || kept[1].Sign() > 0 {
		f.Uses = append(f.Uses, picture.FlowEnd{Name: d.say("kept"), Free: kept[0], Held: kept[1], Kept: true})
	}
	if drawn[0].Sign() > 0 || drawn[1].Sign() > 0 {
		f.Sources = append(f.Sources, picture.FlowEnd{Name: d.say("drawn"), Free: drawn[0], Held: drawn[1]})
	}
	d.y += d.picture(f.Picture(), margin, d.y, textWidth, 0) + 8
	d.sumBox()
}

// difference is what was kept of each kind of money, and what was drawn from earlier years.
func difference(in, out [2]money.Amount) (kept, drawn [2]money.Amount) {
	for i := range in {
		if x := in[i].Sub(out[i]); x.Sign() > 0 {
			kept[i] = x
		} else {
			drawn[i] = x.Neg()
		}
	}
	return kept, drawn
}

// sumBox is the sum a reader can check on a calculator.
func (d *report) sumBox() {
	doc := d.doc
	d.adding([]sumLine{{"", d.say("opening"), doc.Opening}, {"+", d.say("in"), doc.Income}, {"−", d.say("out"), doc.Expense}, {"=", d.say("closing"), doc.Closing}})
}

type sumLine struct {
	op, name string
	sum      money.Amount
}

// adding draws a sum line by line, the last one on the double rule.
func (d *report) adding(lines []sumLine) {
	d.need(8*float64(len(lines)) + 14)
	d.y += 4
	for i, r := range lines {
		last := i == len(lines)-1
		s := style{size: 13, ink: inkText, bold: last}
		if last {
			d.line(margin+30, d.y-5.6, pageW-margin-30, d.y-5.6, 0.3, inkText)
		}
		d.text(margin+34, d.y, r.op, s, middle)
		d.text(margin+42, d.y, r.name, s, left)
		d.text(pageW-margin-32, d.y, r.sum.Format(), s, right)
		d.y += 8
	}
	d.double(margin+30, pageW-margin-30, d.y-5, inkText)
	d.text(pageW/2, d.y+3, d.say("flow.check"), style{size: 10, ink: ink2}, middle)
	d.y += 8
}

// projectChart is a bar for every project by theme, all themes on one scale.
func (d *report) projectChart() {
	if len(d.doc.Projects) == 0 {
		return
	}
	d.begin("themes")
	d.lead(d.say("themes.lead"))
	var themes []string
	var charts []*picture.Bars
	for i, p := range d.doc.Projects {
		if i == 0 || p.Theme != d.doc.Projects[i-1].Theme {
			themes = append(themes, p.Theme)
			charts = append(charts, &picture.Bars{Title: d.say("picture.projects"), W: 680, Font: 14})
		}
		b := charts[len(charts)-1]
		b.Rows = append(b.Rows, picture.Bar{
			Name: fmt.Sprintf("%d  %s", i+1, d.cutTo(p.Title, 58, style{size: 10})), Free: p.Spent, Plan: p.Budget, Kind: picture.Out,
		})
	}
	picture.Align(charts...)
	for i, b := range charts {
		d.need(min(chartPitch*float64(len(b.Rows))+11, d.bottom-top-10)) // a theme stays together
		d.y += 3
		d.head(themes[i], "")
		d.chart(*b)
	}
}

// cutTo is a text on one line, with … where it did not fit.
func (d *report) cutTo(text string, room float64, s style) string {
	if lines := d.lines(text, room, s); len(lines) == 1 {
		return text
	}
	return d.lines(text, room-3, s)[0] + "…"
}

const chartPitch = 7.0 // millimetres from bar to bar: two times 14 units, at 4 to the millimetre

// chart draws bars over as many pages as they need.
func (d *report) chart(b picture.Bars) {
	rows := b.Rows
	for len(rows) > 0 {
		n := min(len(rows), int((d.bottom-d.y)/chartPitch))
		if n == 0 {
			d.newPage()
			continue
		}
		b.Rows, rows = rows[:n], rows[n:]
		d.y += d.picture(b.Picture(), margin, d.y, textWidth, 0) + 7
	}
}
