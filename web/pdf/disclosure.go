package pdf

import (
	"io"
	"strings"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// DisclosureDoc is a report that the law asks for: a campaign's result, what is left of a project, a year. Every word in it
// is already in the document's language. The page that shows it and the PDF are drawn from the same value.
type DisclosureDoc struct {
	Lang      string // "zh-CN" or "en"
	Community string
	Title     string // 募捐结果报告
	Subject   string // of what: the campaign's title
	Number    string // № 2026-003; empty for a draft
	Version   string // 第 2 版; empty for the first
	Facts     []DisclosureFact
	Standing  string // 按期公布, 晚了 3 天, 草稿
	InTime    bool
	Note      string // of a correction: what changed, with its heading word
	Old       string // says that a later version replaces this one
	Sum       DisclosureTable
	Passages  []DisclosurePassage
	Tables    []DisclosureTable
	Payments  DisclosurePayments
	AsOf      string // as of which entry the figures are
	Legal     string // campaigns.LegalLine
	URL       string // where this version stands; in the QR code. Empty for a draft
	Scan      string // what the code is for
	Issued    time.Time
}

// DisclosureFact is a line of the head: what, and its answer.
type DisclosureFact struct{ Name, Text string }

// DisclosurePassage is what staff wrote, under its heading.
type DisclosurePassage struct{ Title, Text string }

// DisclosureTable is figures under one another. Counts stand in a column of their own where one row has any.
type DisclosureTable struct {
	Title, Lead string
	Count       string // the head of the column of counts; empty for none
	Out         bool   // it tells of spending
	Rows        []DisclosureRow
}

// DisclosureRow is a line of a table; the last one of all is Total.
type DisclosureRow struct {
	Name   string
	Count  string
	Amount money.Amount
	Total  bool
}

// DisclosurePayments is the list of what was paid, each an entry of the public book.
type DisclosurePayments struct {
	Title string
	Rows  []DisclosurePayment
	More  string // what is not listed; empty where all is
}

// DisclosurePayment is one entry that spent money.
type DisclosurePayment struct {
	Voucher string
	Date    time.Time
	Memo    string
	Amount  money.Amount
}

// Disclosure draws a report on A4.
func Disclosure(w io.Writer, doc DisclosureDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &disclosed{&report{canvas: c, doc: ReportDoc{Head: Head{Lang: doc.Lang}}, bottom: foot, grid: roomy, section: doc.Title + " · " + doc.Subject}, doc}
	d.page(pageW, pageH)
	d.top()
	d.facts()
	d.sum()
	for _, p := range doc.Passages {
		d.passage(p)
	}
	for _, t := range doc.Tables {
		d.figures(t)
	}
	d.payments()
	if err := d.end(); err != nil {
		return err
	}
	d.feet(doc.Lang, doc.Community+" · "+doc.Title+" "+doc.Number)
	return c.write(w, about{lang: doc.Lang, title: doc.Title + " " + doc.Number, author: doc.Community, subject: doc.Subject, made: doc.Issued})
}

// disclosed is a report being drawn with the tables of the transparency report.
type disclosed struct {
	*report
	said DisclosureDoc
}

func (d *disclosed) top() {
	number := strings.TrimSpace(d.said.Number + " " + d.said.Version)
	d.letterhead(margin, pageW-margin, 20.5, d.said.Community, number, style{size: 13, bold: true, ink: inkSerial})
	d.double(margin, pageW-margin, 25.5, inkRuleRed)
	d.text(margin, 39, d.said.Title, style{size: 24, bold: true, ink: inkText}, left)
	d.y = d.block(margin, 47.5, textWidth, 6.4, d.said.Subject, style{size: 13, ink: inkText})
	if d.said.Old != "" {
		d.callout(d.said.Old, inkCrimson, 0xF9E1E1)
	}
	if d.said.Note != "" {
		d.callout(d.said.Note, inkGoldLine, inkGoldTint)
	}
}

func (d *disclosed) facts() {
	for _, f := range append(d.said.Facts, DisclosureFact{Text: d.said.Standing}) {
		s := style{size: 10.5, ink: inkText}
		if f.Name == "" {
			s.bold, s.ink = true, inkPine
			if !d.said.InTime {
				s.ink = inkCrimson
			}
		}
		d.text(margin, d.y+1, f.Name, style{size: 10, ink: ink2}, left)
		d.y = d.block(margin+34, d.y+1, textWidth-34, 5.4, f.Text, s)
	}
	d.y += 5
}

// sum is the report in one column: three figures in large type, then the sum line by line.
func (d *disclosed) sum() {
	t := d.said.Sum
	if len(t.Rows) < 2 {
		d.figures(t)
		return
	}
	first, last := t.Rows[0], t.Rows[len(t.Rows)-1]
	big := []bigFigure{{first.Name, first.Amount.Format(), d.say("key.grants.unit"), inkSerial}}
	if len(t.Rows) > 2 {
		spent := t.Rows[1]
		for _, r := range t.Rows[1 : len(t.Rows)-1] {
			if r.Amount.Less(spent.Amount) {
				spent = r
			}
		}
		big = append(big, bigFigure{spent.Name, spent.Amount.Abs().Format(), d.say("key.grants.unit"), inkText})
	}
	big = append(big, bigFigure{last.Name, last.Amount.Format(), d.say("key.grants.unit"), inkText})
	d.y += 3
	d.bigRow(big...)
	var lines []sumLine
	for i, r := range t.Rows {
		l := sumLine{"+", r.Name, r.Amount}
		switch {
		case r.Total:
			l.op = "="
		case r.Amount.Sign() < 0:
			l.op, l.sum = "−", r.Amount.Abs()
		case i == 0:
			l.op = ""
		}
		lines = append(lines, l)
	}
	d.adding(lines)
	if t.Lead != "" {
		d.y += 2
		d.lead(t.Lead)
	}
	d.y += 4
}

// bars draws a table as bars on one scale, its counts behind them, the sum at its heading.
func (d *disclosed) bars(t DisclosureTable) {
	var sum money.Amount
	chart := picture.Bars{Title: t.Title, W: 680, Font: 14.5}
	for _, r := range t.Rows {
		if r.Total {
			sum = r.Amount
			continue
		}
		row := picture.Bar{Name: r.Name, Free: r.Amount, Kind: picture.In}
		if t.Out {
			row.Kind = picture.Out
		}
		if r.Count != "" {
			row.Note = r.Count + d.say("disclosed.count")
		}
		chart.Rows = append(chart.Rows, row)
	}
	d.need(24 + chartPitch*float64(len(chart.Rows)))
	d.y += 4
	d.head(t.Title, sum.Format())
	d.chart(chart)
	if t.Lead != "" {
		d.lead(t.Lead)
	}
}

// drawable tells whether a table is told as well by bars: several rows, none below zero, names that a chart has room for.
func (d *disclosed) drawable(t DisclosureTable) bool {
	if len(t.Rows) < 3 || !t.Rows[len(t.Rows)-1].Total {
		return false
	}
	for _, r := range t.Rows {
		if r.Amount.Sign() < 0 || len(d.lines(r.Name, 58, style{size: 10})) > 1 {
			return false
		}
	}
	return true
}

// figures draws a table; one without rows is left out.
func (d *disclosed) figures(t DisclosureTable) {
	if len(t.Rows) == 0 {
		return
	}
	if d.drawable(t) {
		d.bars(t)
		return
	}
	d.need(34)
	d.y += 4
	if t.Title != "" {
		d.head(t.Title, "")
	}
	if t.Lead != "" {
		d.y += 2
		d.lead(t.Lead)
	}
	cols := []column{{head: d.say("balance.item"), width: 110}, {head: t.Count, width: 20, number: true}, {head: d.say("cash.amount"), width: 40, amount: true}}
	if t.Count == "" {
		cols = []column{{head: d.say("balance.item"), width: 130}, {head: d.say("cash.amount"), width: 40, amount: true}}
	}
	var rows []line
	for _, r := range t.Rows {
		l := line{cells: []string{r.Name, r.Count, r.Amount.Format()}}
		if t.Count == "" {
			l.cells = []string{r.Name, r.Amount.Format()}
		}
		if r.Total {
			l.kind = total
		}
		rows = append(rows, l)
	}
	d.table(cols, rows)
	d.y += 4
}

func (d *disclosed) passage(p DisclosurePassage) {
	d.need(22)
	d.y += 4
	d.head(p.Title, "")
	d.y += 2.5
	s := style{size: 11, ink: inkText}
	for _, l := range d.lines(p.Text, textWidth, s) {
		d.need(6)
		d.text(margin, d.y, l, s, left)
		d.y += 6
	}
	d.y += 2
}

func (d *disclosed) payments() {
	if len(d.said.Payments.Rows) == 0 {
		return
	}
	d.need(34)
	d.y += 4
	d.head(d.said.Payments.Title, "")
	cols := []column{
		{head: d.say("entry.date"), width: 24, soft: true},
		{head: d.say("entry.number"), width: 24},
		{head: d.say("entry.memo"), width: 92},
		{head: d.say("cash.amount"), width: 30, amount: true},
	}
	d.grid = tight
	var rows []line
	for _, p := range d.said.Payments.Rows {
		rows = append(rows, line{red: p.Amount.Sign() < 0, cells: []string{p.Date.Format(time.DateOnly), p.Voucher, p.Memo, p.Amount.Format()}})
	}
	d.table(cols, rows)
	d.grid = roomy
	if d.said.Payments.More != "" {
		d.y = d.block(margin, d.y+2, textWidth, 5, d.said.Payments.More, style{size: 9.5, ink: ink2})
	}
	d.y += 4
}

// end says where the figures come from, on which ground the money was raised, and where to look it up.
func (d *disclosed) end() error {
	d.need(34)
	d.y += 3
	d.line(margin, d.y-4, pageW-margin, d.y-4, 0.2, inkRule)
	room, at := textWidth, d.y
	if d.said.URL != "" {
		qr, err := picture.QR{Text: d.said.URL}.Picture()
		if err != nil {
			return err
		}
		const side = 26.0
		d.picture(qr, pageW-margin-side, at-2, side, 0)
		d.web(pageW-margin-side, at-2, side, side, d.said.URL)
		d.text(pageW-margin-side/2, at+side+1.5, d.said.Scan, style{size: 8, ink: ink2}, middle)
		room -= side + 6
	}
	s := style{size: 9, ink: ink2}
	for _, text := range []string{d.said.AsOf, d.said.Legal} {
		if text != "" {
			d.y = d.block(margin, d.y+2, room, 4.8, text, s) + 1
		}
	}
	return nil
}
