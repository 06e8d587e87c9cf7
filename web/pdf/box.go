package pdf

import (
	"fmt"
	"io"
	"time"

	"fund/ledger/money"
)

// BoxDoc is the sheet of a collection box's opening, in the document's language.
type BoxDoc struct {
	Lang        string
	Community   string
	Number      string
	Round       int // which time it was opened
	Place       string
	Campaign    string
	Seal        string
	SealedOn    time.Time
	CollectedOn time.Time
	Collector   string
	Intact      bool // the seal, when the box came
	Remark      string
	OpenedOn    time.Time
	Counters    []string // two
	Lines       []PieceLine
	Total       money.Amount
	Difference  money.Amount // second count less first
	Reason      string
	Entry       string // 2017-2186
	Receipt     string // 2017-000874
}

// PieceLine is a denomination of a count.
type PieceLine struct {
	Of     money.Amount
	Pieces int
	Sum    money.Amount
}

// BoxRecord draws the sheet on A4, with lines for both counters to sign.
func BoxRecord(w io.Writer, b BoxDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	c.page(210, 297)
	d := boxSheet{canvas: c, b: b, x1: 24, x2: 186}
	d.head()
	d.facts()
	d.table()
	d.booked()
	d.sign()
	return c.write(w, about{lang: b.Lang, title: d.say("box.title", b.Number, b.Round), author: b.Community, subject: b.Campaign, made: b.OpenedOn})
}

type boxSheet struct {
	*canvas
	b         BoxDoc
	x1, x2, y float64
}

func (d *boxSheet) say(key string, args ...any) string { return say(d.b.Lang, key, args...) }

func (d *boxSheet) head() {
	d.letterhead(d.x1, d.x2, 22.6, d.b.Community, "", style{size: 11})
	d.text((d.x1+d.x2)/2, 38, d.say("box.title", d.b.Number, d.b.Round), style{size: 22, bold: true, ink: inkText}, middle)
	d.double(d.x1, d.x2, 43, inkSerial)
	d.y = 44
}

func (d *boxSheet) fact(key, value string) {
	d.y += 8
	d.text(d.x1, d.y, d.say(key), style{size: 11, ink: ink2}, left)
	lines := d.lines(value, d.x2-d.x1-38, style{size: 12, ink: inkText})
	for i, l := range lines {
		d.text(d.x1+38, d.y+5.6*float64(i), l, style{size: 12, ink: inkText}, left)
	}
	d.y += 5.6*float64(max(len(lines), 1)-1) + 2.6
	d.line(d.x1, d.y, d.x2, d.y, 0.2, inkRuleRed)
}

func (d *boxSheet) facts() {
	b := d.b
	d.fact("box.place", b.Place)
	d.fact("box.campaign", b.Campaign)
	d.fact("box.seal", b.Seal+" · "+day(b.Lang, b.SealedOn))
	whole := d.say("box.whole")
	if !b.Intact {
		whole = d.say("box.broken")
	}
	if b.Remark != "" {
		whole += " · " + b.Remark
	}
	d.fact("box.collected", day(b.Lang, b.CollectedOn)+" · "+b.Collector+" · "+whole)
	d.fact("box.opened", day(b.Lang, b.OpenedOn))
}

// table is the pieces and what they make.
func (d *boxSheet) table() {
	const pieces, sum = 110.0, 0.0
	d.y += 12
	small, plain := style{size: 10.5, ink: ink2}, style{size: 13, ink: inkText}
	d.text(d.x1+20, d.y, d.say("box.of"), small, right)
	d.text(pieces, d.y, d.say("box.pieces"), small, right)
	d.text(d.x2+sum, d.y, d.say("box.sum"), small, right)
	d.y += 2.4
	d.line(d.x1, d.y, d.x2, d.y, 0.5, inkText)
	for _, l := range d.b.Lines {
		d.y += 7.4
		d.text(d.x1+20, d.y, l.Of.YuanShort(), plain, right)
		d.text(pieces, d.y, fmt.Sprint(l.Pieces), plain, right)
		d.text(d.x2, d.y, l.Sum.Format(), plain, right)
		d.y += 2.2
		d.line(d.x1, d.y, d.x2, d.y, 0.2, inkRule)
	}
	d.y += 10
	d.text(d.x1, d.y, d.say("box.total"), style{size: 13, bold: true, ink: inkText}, left)
	d.text(d.x2, d.y, d.b.Total.Yuan(), style{size: 20, bold: true, ink: inkText}, right)
	d.y += 6.4
	d.text(d.x2, d.y, d.b.Total.Capital(), style{size: 11.5, ink: inkText}, right)
	d.y += 3
	d.double(d.x1, d.x2, d.y, inkText)
}

func (d *boxSheet) booked() {
	b := d.b
	d.y += 2
	if !b.Difference.IsZero() {
		d.fact("box.difference", b.Difference.Yuan()+" · "+b.Reason)
	}
	if b.Entry != "" {
		d.fact("box.entry", b.Entry)
	}
	if b.Receipt != "" {
		d.fact("box.receipt", "№ "+b.Receipt)
	}
}

// sign leaves room for two hands.
func (d *boxSheet) sign() {
	d.y = max(d.y+26, 240)
	half := (d.x2-d.x1)/2 - 6
	for i, who := range d.b.Counters {
		x := d.x1 + float64(i)*(half+12)
		d.line(x, d.y, x+half, d.y, 0.3, inkText)
		d.text(x, d.y+6, d.say("box.counter", i+1)+" "+who, style{size: 11, ink: ink2}, left)
	}
	d.block(d.x1, d.y+16, d.x2-d.x1, 5.2, d.say("box.note"), style{size: 10, ink: ink2})
}
