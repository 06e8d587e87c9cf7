package pdf

import (
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"fund/campaigns/sale"
	"fund/ledger/money"
)

// ZReportDoc is the report of a till's session that was counted and closed. Names are already in the document's language.
type ZReportDoc struct {
	Lang      string // "zh-CN" or "en"
	Community string
	Place     string
	Opener    string
	Counters  []string       // two
	Zone      *time.Location // of the community's clock
	Z         sale.ZReport
}

// ZReport draws it on A4: the drawer first, then what came in by way, thing and hour, the hashes that tie it to the report
// before, and the lines for signatures.
func ZReport(w io.Writer, doc ZReportDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &zSheet{&report{canvas: c, doc: ReportDoc{Head: Head{Lang: doc.Lang, Community: doc.Community}}, bottom: foot, grid: tight}, doc}
	d.section = d.say("z.title", doc.Z.Serial())
	d.page(pageW, pageH)
	d.bookmark(d.section, 0, 0)
	d.front()
	d.drawer()
	d.totals()
	d.ways()
	d.things()
	d.hours()
	d.pieces()
	d.chain()
	d.need(26)
	d.y += 14
	d.signatures("z.counter", "z.counter", "z.treasurer")
	title := doc.Community + " · " + d.section
	d.feet(doc.Lang, title)
	return c.write(w, about{lang: doc.Lang, title: title, author: doc.Community, subject: doc.Place, made: doc.Z.ClosedAt})
}

// zSheet is a Z report being drawn with the tables of the transparency report.
type zSheet struct {
	*report
	z ZReportDoc
}

func (d *zSheet) when(t time.Time) string { return clock(d.z.Lang, t.In(d.z.Zone)) }

func (d *zSheet) front() {
	d.letterhead(margin, pageW-margin, 20.5, d.z.Community, "№ "+d.z.Z.Serial(), style{size: 13, bold: true, ink: inkSerial})
	d.double(margin, pageW-margin, 25.5, inkRuleRed)
	d.text(pageW/2, 37, d.section, style{size: 20, bold: true, ink: inkText}, middle)
	s := style{size: 10.5, ink: inkText}
	d.y = d.block(margin, 46, textWidth, 5.6, d.say("z.place", d.z.Place, d.z.Z.Till), s)
	d.y = d.block(margin, d.y, textWidth, 5.6, d.say("z.opened", d.when(d.z.Z.OpenedAt), d.z.Opener), s)
	d.y = d.block(margin, d.y, textWidth, 5.6, d.say("z.closed", d.when(d.z.Z.ClosedAt), d.z.Counters[0], d.z.Counters[1]), s)
	d.y += 4
}

// sums is a table of words and one amount each, the last of them the total.
func (d *zSheet) sums(title string, rows ...line) {
	d.need(20 + 6*float64(len(rows)))
	d.y += 7
	d.head(title, "")
	d.table([]column{{head: d.say("z.what"), width: textWidth - 36}, {head: d.say("z.amount"), width: 36, amount: true}}, rows)
}

// drawer is the sum that a reader checks on a calculator.
func (d *zSheet) drawer() {
	z := d.z.Z
	cash := sale.WaySum{}
	for _, w := range z.Ways {
		if w.Way == sale.Cash {
			cash = w
		}
	}
	said := d.say("z.even")
	switch z.Difference().Sign() {
	case 1:
		said = d.say("z.over", z.Difference().Yuan())
	case -1:
		said = d.say("z.short", z.Difference().Abs().Yuan())
	}
	counted := line{cells: []string{d.say("z.counted"), z.Counted.Format()}, kind: total}
	if z.Reason != "" {
		counted.note = d.say("z.reason", z.Reason)
	}
	d.sums(d.say("z.drawer"),
		line{cells: []string{d.say("z.float"), z.Float.Format()}}, line{cells: []string{d.say("z.cash_in"), figure(cash.In)}},
		line{cells: []string{d.say("z.cash_out"), figure(cash.Out.Neg())}}, line{cells: []string{d.say("z.expected"), z.Expected.Format()}, kind: sub}, counted)
	s := style{size: 12, bold: true, ink: inkText}
	if !z.Difference().IsZero() {
		s.ink = inkCrimson
	}
	d.text(pageW-margin, d.y+3, said, s, right)
	d.y += 7
}

func (d *zSheet) totals() {
	z := d.z.Z
	d.need(60)
	d.y += 7
	between := ""
	if z.First != "" {
		between = d.say("z.receipts", z.First, z.Last)
	}
	d.head(d.say("z.totals"), "")
	counted := func(key string, s sale.Sum, note string) line {
		return line{cells: []string{d.say(key), count(s.Count), figure(s.Amount)}, note: note}
	}
	d.table([]column{{head: d.say("z.what"), width: textWidth - 66}, {head: d.say("z.count"), width: 30, number: true}, {head: d.say("z.amount"), width: 36, amount: true}},
		[]line{counted("z.sales", z.Sales, between), counted("z.refunds", z.Refunds, ""), counted("z.tips", z.Tips, d.say("z.tips_apart")), counted("z.voids", z.Voids, d.say("z.voids_apart"))})
}

func (d *zSheet) ways() {
	if len(d.z.Z.Ways) == 0 {
		return
	}
	d.need(40)
	d.y += 7
	d.head(d.say("z.ways"), "")
	var rows []line
	in, out := money.Zero, money.Zero
	for _, w := range d.z.Z.Ways {
		in, out = in.Add(w.In), out.Add(w.Out)
		rows = append(rows, line{cells: []string{d.say("z.way." + string(w.Way)), figure(w.In), figure(w.Out), w.In.Sub(w.Out).Format()}})
	}
	rows = append(rows, line{cells: []string{d.say("z.together"), figure(in), figure(out), in.Sub(out).Format()}, kind: total})
	d.table([]column{
		{head: d.say("z.way"), width: textWidth - 108},
		{head: d.say("z.in"), width: 36, amount: true},
		{head: d.say("z.out"), width: 36, amount: true},
		{head: d.say("z.rest"), width: 36, amount: true},
	}, rows)
}

func (d *zSheet) things() {
	if len(d.z.Z.Items) == 0 {
		return
	}
	d.need(40)
	d.y += 7
	d.head(d.say("z.items"), "")
	var rows []line
	sold, back := money.Zero, money.Zero
	for _, i := range d.z.Z.Items {
		returned := ""
		if i.Back > 0 {
			returned = count(i.Back)
		}
		sold, back = sold.Add(i.Amount), back.Add(i.Returned)
		rows = append(rows, line{cells: []string{i.Code, i.Called(d.z.Lang), count(i.Quantity), figure(i.Amount), returned, figure(i.Returned)}})
	}
	rows = append(rows, line{cells: []string{"", d.say("z.together"), "", figure(sold), "", figure(back)}, kind: total})
	d.table([]column{
		{head: d.say("z.code"), width: 20, soft: true},
		{head: d.say("z.item"), width: textWidth - 116},
		{head: d.say("z.pieces"), width: 18, number: true},
		{head: d.say("z.amount"), width: 32, amount: true},
		{head: d.say("z.back"), width: 18, number: true},
		{head: d.say("z.out"), width: 28, amount: true},
	}, rows)
}

func (d *zSheet) hours() {
	if len(d.z.Z.Hours) == 0 {
		return
	}
	d.need(40)
	d.y += 7
	d.head(d.say("z.hours"), "")
	var rows []line
	for _, h := range d.z.Z.Hours {
		rows = append(rows, line{cells: []string{hourSpan(h.Hour), count(h.Count), figure(h.Amount)}})
	}
	rows = append(rows, line{cells: []string{d.say("z.together"), count(d.z.Z.Sales.Count), figure(d.z.Z.Sales.Amount)}, kind: total})
	d.table([]column{{head: d.say("z.hour"), width: textWidth - 66}, {head: d.say("z.count"), width: 30, number: true}, {head: d.say("z.amount"), width: 36, amount: true}}, rows)
}

// hourSpan writes 2026-11-23 14 as the hour from two to three.
func hourSpan(hour string) string {
	t, err := time.Parse("2006-01-02 15", hour)
	if err != nil {
		return hour
	}
	return t.Format("2006-01-02 15:04") + "–" + t.Add(time.Hour).Format("15:04")
}

func (d *zSheet) pieces() {
	var rows []line
	for i, n := range d.z.Z.Pieces {
		if of := money.Denominations[i]; n > 0 {
			rows = append(rows, line{cells: []string{of.YuanShort(), count(n), of.Times(int64(n)).Format()}})
		}
	}
	if len(rows) == 0 {
		return
	}
	d.need(30 + 6*float64(len(rows)))
	d.y += 7
	d.head(d.say("z.table"), "")
	rows = append(rows, line{cells: []string{d.say("z.together"), "", d.z.Z.Counted.Format()}, kind: total})
	d.table([]column{{head: d.say("z.of"), width: textWidth - 66}, {head: d.say("z.pieces"), width: 30, number: true}, {head: d.say("z.amount"), width: 36, amount: true}}, rows)
}

// chain shows the hashes: whoever keeps this paper can show that a later report was not slipped in before it.
func (d *zSheet) chain() {
	d.need(34)
	d.y += 6
	d.head(d.say("z.chain"), "")
	d.y += 2
	before := d.say("z.first")
	if len(d.z.Z.Previous) > 0 {
		before = hex.EncodeToString(d.z.Z.Previous)
	}
	s := style{size: 9, ink: ink2}
	d.text(margin, d.y, d.say("z.before", strconv.Itoa(d.z.Z.Number-1)), s, left)
	d.typewriter(margin+26, d.y, before)
	d.text(margin, d.y+5.5, d.say("z.this"), s, left)
	d.typewriter(margin+26, d.y+5.5, hex.EncodeToString(d.z.Z.Hash))
	d.y += 9
}
