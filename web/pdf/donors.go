package pdf

import (
	"io"
	"time"

	"fund/ledger/money"
)

// DonorsDoc is the list of donors who want to be named. It is drawn whenever somebody asks for it and never kept: consent
// may be taken back. Every word in it is already in the document's language.
type DonorsDoc struct {
	Head

	Parts []DonorPart
}

// DonorPart is the gifts to one campaign.
type DonorPart struct {
	Title   string
	Rows    []DonorRow // those who want to be named
	Unnamed int        // gifts of everybody else
	Rest    money.Amount
}

// Sum is all gifts to the campaign.
func (p DonorPart) Sum() money.Amount {
	sum := p.Rest
	for _, r := range p.Rows {
		sum = sum.Add(r.Amount)
	}
	return sum
}

// DonorRow is one gift.
type DonorRow struct {
	Name   string
	Date   time.Time
	Amount money.Amount
	Words  string // a message, if it may be shown
}

// DonorList draws it on A4, a table for each campaign.
func DonorList(w io.Writer, doc DonorsDoc) error {
	d, err := newReport(doc.Head, Stamp{})
	if err != nil {
		return err
	}
	d.section = d.say("donors.title")
	d.name = doc.Community + " · " + d.section + " · " + doc.Period
	d.page(pageW, pageH)
	d.letterhead(margin, pageW-margin, 20.5, doc.Community, d.say("donors.as_of", clock(doc.Lang, doc.Issued)), style{size: 10, ink: ink2})
	d.double(margin, pageW-margin, 25.5, inkRuleRed)
	d.text(margin, 41, d.section, style{size: 30, bold: true, ink: inkText}, left)
	d.text(pageW-margin, 41, doc.Period, style{size: 14, ink: ink2}, right)
	d.y = d.block(margin, 51, textWidth, 6, d.say("donors.lead"), style{size: 11.5, ink: ink2}) + 2
	var gifts int
	var all money.Amount
	for _, p := range doc.Parts {
		gifts, all = gifts+len(p.Rows)+p.Unnamed, all.Add(p.Sum())
	}
	d.bigRow(
		bigFigure{d.say("donors.gifts"), count(gifts), d.say("donors.unit"), inkSerial},
		bigFigure{d.say("donors.sum"), all.Format(), d.say("key.grants.unit"), inkText},
	)
	for _, p := range doc.Parts {
		d.donors(p)
	}
	d.need(20)
	d.block(margin, d.y+8, textWidth, 5.2, d.say("donors.foot", doc.Ask), style{size: 10, ink: ink2})
	d.feet(doc.Lang, d.name)
	return d.write(w, about{lang: doc.Lang, title: d.name, author: doc.Host, made: doc.Issued, subject: d.section})
}

func (d *report) donors(p DonorPart) {
	d.need(40)
	d.y += 8
	d.bookmark(p.Title, 0, d.y-6)
	d.head(d.lines(p.Title, textWidth-50, style{size: 14, bold: true})[0], p.Sum().Yuan())
	var rows []line
	for _, r := range p.Rows {
		rows = append(rows, line{cells: []string{r.Name, r.Words, r.Date.Format(time.DateOnly), r.Amount.Format()}})
	}
	if p.Unnamed > 0 {
		rows = append(rows, line{cells: []string{d.say("donors.unnamed"), d.say("donors.unnamed.count", count(p.Unnamed)), "", p.Rest.Format()}})
	}
	d.table([]column{
		{head: d.say("donors.name"), width: 40},
		{head: d.say("donors.words"), width: 68, soft: true},
		{head: d.say("entry.date"), width: 27, soft: true},
		{head: d.say("cash.amount"), width: 35, amount: true},
	}, append(rows, line{kind: total, cells: []string{d.say("sum"), "", "", p.Sum().Format()}}))
}
