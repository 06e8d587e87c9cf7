package pdf

import (
	"strings"

	"fund/ledger/money"
	"fund/web/picture"
)

// who tells who reports, and the year in words.
func (d *annual) who() {
	d.begin("annual.who")
	d.factList(d.said.Facts)
	d.factList(d.said.Groups)
	d.passages(d.said.Passages)
}

// factList draws facts as ruled lines, one under the other.
func (d *report) factList(facts []Fact) {
	const indent = 46.0
	for _, f := range facts {
		s := style{size: 11, ink: inkText}
		lines, names := d.lines(f.Text, textWidth-indent, s), d.lines(f.Name, indent-4, style{size: 10.5})
		high := 5.8*float64(max(len(lines), len(names))) + 3.4
		d.need(high)
		for i, l := range names {
			d.text(margin, d.y+3+5.8*float64(i), l, style{size: 10.5, ink: ink2}, left)
		}
		for i, l := range lines {
			d.text(margin+indent, d.y+3+5.8*float64(i), l, s, left)
		}
		d.y += high
		d.line(margin, d.y-2.6, pageW-margin, d.y-2.6, 0.15, inkRule)
	}
	if len(facts) > 0 {
		d.y += 5
	}
}

// passages are words under their headings, over as many pages as they need.
func (d *report) passages(all []Passage) {
	for _, p := range all {
		if p.Text == "" {
			continue
		}
		d.need(26)
		d.y += 6
		d.head(p.Title, "")
		s := style{size: 11.5, ink: inkText}
		d.y += 3
		for _, l := range d.lines(p.Text, textWidth, s) {
			d.need(6.4)
			d.text(margin, d.y, l, s, left)
			d.y += 6.4
		}
		d.y += 3
	}
}

// bigFigure is a figure of the row of large ones.
type bigFigure struct {
	name, figure, unit string
	ink                ink
}

// bigRow draws figures in large type side by side.
func (d *report) bigRow(all ...bigFigure) {
	d.need(26)
	room, unit := textWidth/float64(len(all)), style{size: 10.5, ink: ink2}
	s := style{size: 30, bold: true}
	for _, f := range all { // one size for all, as one reads them beside each other
		s = d.shrink(f.figure, s, room-8-d.width(f.unit, unit), 12)
	}
	for i, f := range all {
		x := margin + room*float64(i)
		d.text(x, d.y+2, f.name, d.shrink(f.name, style{size: 10.5, ink: ink2}, room-3, 7), left)
		s.ink = f.ink
		w := d.text(x, d.y+14, f.figure, s, left)
		d.text(x+w+2, d.y+14, f.unit, unit, left)
	}
	d.y += 26
}

// own tells whose money paid the projects.
func (d *annual) own() {
	if len(d.said.Paid) == 0 {
		return
	}
	var granted money.Amount
	parts := make([]money.Amount, len(d.said.Paid))
	for i, p := range d.said.Paid {
		parts[i], granted = p.Sum(), granted.Add(p.Held)
	}
	all := money.Sum(parts...)
	three := shares(d.said.Own, granted, all.Sub(d.said.Own).Sub(granted))
	d.chapter("annual.own", 78+chartPitch*float64(len(d.said.Paid)))
	d.lead(d.say("annual.own.lead"))
	d.y += 4
	d.bigRow(
		bigFigure{d.say("annual.own.share"), three[0], "", inkSerial},
		bigFigure{d.say("annual.own.sum"), d.said.Own.Format(), d.say("key.grants.unit"), inkText},
		bigFigure{d.say("annual.own.granted"), three[1], "", inkText},
	)
	chart := d.bars("annual.own", d.said.Paid, picture.In)
	for i, share := range shares(parts...) {
		chart.Rows[i].Note = share
	}
	d.chart(*chart)
	d.y += 2
	d.line(margin, d.y-3, pageW-margin, d.y-3, 0.3, inkText)
	d.text(margin, d.y+3, d.say("annual.own.all"), style{size: 11, bold: true, ink: inkText}, left)
	d.text(pageW-margin, d.y+3, all.Format(), style{size: 11, bold: true, ink: inkText}, right)
	d.double(margin, pageW-margin, d.y+6, inkText)
	d.y += 14
	d.lead(d.say("annual.own.how"))
}

const photoHigh = 74.0

// gallery draws photographs two side by side with what is to be seen on them. One that was taken back leaves an empty frame.
func (d *report) gallery(key string, pictures []Picture, files map[string][]byte) {
	if len(pictures) == 0 {
		return
	}
	d.begin(key)
	const gapX, room = 8.0, (textWidth - 8.0) / 2
	for i, p := range pictures {
		if i%2 == 0 {
			d.need(photoHigh)
		}
		x := margin + (room+gapX)*float64(i%2)
		file, there := files[p.ID]
		if there && p.W > 0 && p.H > 0 {
			d.photo(Photo{JPEG: file, W: p.W, H: p.H}, x, d.y, room, 56)
		} else {
			d.fill(x, d.y, room, 56, inkSunk)
			d.text(x+room/2, d.y+29, d.say("photo.gone"), style{size: 10, ink: ink2}, middle)
		}
		d.frame(x, d.y, room, 56, 0.2, inkRuleStrong)
		lines := d.lines(strings.TrimSpace(p.Caption), room, style{size: 9.5})
		for n, l := range lines[:min(2, len(lines))] {
			d.text(x, d.y+61+4.6*float64(n), l, style{size: 9.5, ink: ink2}, left)
		}
		if i%2 == 1 || i == len(pictures)-1 {
			d.y += photoHigh
		}
	}
}

func (d *annual) ventures() {
	if len(d.said.Ventures) == 0 {
		return
	}
	d.chapter("annual.ventures", tableHigh(len(d.said.Ventures)+2))
	d.lead(d.say("annual.ventures.lead"))
	cols := []column{
		{head: d.say("venture.name"), width: 58},
		{head: d.say("venture.income"), width: 28, amount: true},
		{head: d.say("venture.expense"), width: 28, amount: true},
		{head: d.say("venture.left"), width: 28, amount: true},
		{head: d.say("venture.passed_on"), width: 28, amount: true},
	}
	var rows []line
	var all VenturePart
	put := func(v VenturePart, kind lineKind) {
		rows = append(rows, line{kind: kind, cells: []string{v.Name, figure(v.Income), figure(v.Expense), figure(v.Income.Sub(v.Expense)), figure(v.PassedOn)}})
	}
	for _, v := range d.said.Ventures {
		put(v, plain)
		all.Income, all.Expense, all.PassedOn = all.Income.Add(v.Income), all.Expense.Add(v.Expense), all.PassedOn.Add(v.PassedOn)
	}
	all.Name = d.say("sum")
	put(all, total)
	d.table(cols, rows)
}

// costs is spending by nature, with the shares that the law looks at.
func (d *annual) costs() {
	if len(d.said.Costs) == 0 {
		return
	}
	d.chapter("annual.costs", tableHigh(len(d.said.Costs)+3))
	d.lead(d.say("annual.costs.lead"))
	cols := []column{{head: d.say("cash.item"), width: 100}, {head: d.say("annual.costs.share"), width: 30, number: true}, {head: d.say("cash.amount"), width: 40, amount: true}}
	var rows []line
	parts := make([]money.Amount, len(d.said.Costs))
	for i, c := range d.said.Costs {
		parts[i] = c.Amount
	}
	for i, share := range shares(parts...) {
		rows = append(rows, line{cells: []string{d.said.Costs[i].Name, share, figure(parts[i])}})
	}
	d.table(cols, append(rows, line{kind: total, cells: []string{d.say("sum"), "", money.Sum(parts...).Format()}}))
}

func (d *annual) notes() {
	if len(d.said.Notes) == 0 {
		return
	}
	d.chapter("annual.notes", 60)
	d.passages(d.said.Notes)
}

// sign draws the lines on which the year's report is signed, and room for what the auditor says.
func (d *annual) sign() {
	d.chapter("annual.sign", 70)
	d.lead(d.say("annual.sign.lead"))
	d.y += 4
	d.frame(margin, d.y, textWidth, 34, 0.2, inkRuleStrong)
	d.text(margin+4, d.y+7, d.say("annual.sign.audit"), style{size: 10, ink: ink2}, left)
	d.y += 56
	d.signatures("stated.head", "annual.sign.finance", "annual.sign.supervisor")
	d.y += 10
}
