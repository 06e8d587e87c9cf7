package pdf

import (
	"fmt"
	"io"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// InvoiceDoc asks somebody to pay for services. Names are already in the document's language.
type InvoiceDoc struct {
	Lang      string
	Community string
	Address   string
	Phone     string // may be empty
	Number    string // 2026-0007
	By        string // who delivered
	BilledTo  string // empty once forgotten
	IssuedOn  time.Time
	DueOn     time.Time
	Lines     []InvoiceLine
	Amount    money.Amount
	Paid      money.Amount // so far
	Void      bool
	Made      time.Time // stands as the file's date
}

// InvoiceLine is one service delivered.
type InvoiceLine struct {
	On            time.Time
	What, Note    string
	Quantity      int
	Unit          string
	Price, Amount money.Amount
}

// Invoice draws it on A4, over as many pages as its lines need.
func Invoice(w io.Writer, doc InvoiceDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &invoice{canvas: c, doc: doc}
	d.begin()
	d.head()
	d.table()
	d.sums()
	d.foot()
	for i, page := range c.pages {
		c.at = page
		d.text(invoiceX2, 288, fmt.Sprintf("%s %s · %d / %d", d.say("invoice.title"), doc.Number, i+1, len(c.pages)), style{size: 9, ink: ink3}, right)
	}
	return c.write(w, about{lang: doc.Lang, title: d.say("invoice.title") + " " + doc.Number, author: doc.Community, subject: doc.By, made: doc.Made})
}

// invoice is being drawn; y is the last baseline.
type invoice struct {
	*canvas
	doc InvoiceDoc
	y   float64
}

// The right ends of the columns, but of the first two their left ends.
const (
	invoiceX1, invoiceX2 = 22.0, 188.0
	invoiceWhat          = 48.0
	invoiceQuantity      = 128.0
	invoicePrice         = 156.0
	invoiceBottom        = 272.0
)

var invoiceText = style{size: 11, ink: inkText}

func (d *invoice) say(key string, args ...any) string { return say(d.doc.Lang, key, args...) }

func (d *invoice) begin() {
	d.page(pageW, pageH)
	d.y = 20
}

// room begins another page where so much does not fit on this.
func (d *invoice) room(high float64) bool {
	if d.y+high <= invoiceBottom {
		return false
	}
	d.begin()
	return true
}

func (d *invoice) head() {
	mid := (invoiceX1 + invoiceX2) / 2
	d.picture(picture.Mark(), invoiceX1, 17.6, 6.4, 0)
	d.text(invoiceX1+8, 22.6, d.doc.Community, style{size: 11, ink: ink2}, left)
	d.text(invoiceX2, 22.6, "№ "+d.doc.Number, style{size: 14, bold: true, ink: inkSerial}, right)
	d.text(mid, 40, d.say("invoice.title"), style{size: 24, bold: true, ink: inkText}, middle)
	d.double(invoiceX1, invoiceX2, 46, inkSerial)
	if d.doc.Void {
		d.turned(18, mid, 120, func() { d.text(mid, 120, d.say("invoice.void"), style{size: 60, bold: true, ink: inkRule}, middle) })
	}
	d.y = 47
	billed := d.doc.BilledTo
	if billed == "" {
		billed = d.say("invoice.forgotten")
	}
	d.fact("invoice.to", billed, style{size: 14, bold: true, ink: inkText})
	d.fact("invoice.by", d.doc.By, invoiceText)
	d.fact("invoice.issued", day(d.doc.Lang, d.doc.IssuedOn), invoiceText)
	d.fact("invoice.due", day(d.doc.Lang, d.doc.DueOn), invoiceText)
	d.y += 6
}

func (d *invoice) fact(key, value string, s style) {
	d.y += 8.4
	d.text(invoiceX1, d.y, d.say(key), style{size: 10.5, ink: ink2}, left)
	d.text(invoiceWhat, d.y, value, d.shrink(value, s, invoiceX2-invoiceWhat, 8), left)
	d.line(invoiceX1, d.y+2.6, invoiceX2, d.y+2.6, 0.2, inkRuleRed)
}

// heads draws the names of the columns.
func (d *invoice) heads() {
	s := style{size: 10, ink: ink2}
	d.y += 8
	d.text(invoiceX1, d.y, d.say("invoice.on"), s, left)
	d.text(invoiceWhat, d.y, d.say("invoice.what"), s, left)
	d.text(invoiceQuantity, d.y, d.say("invoice.quantity"), s, right)
	d.text(invoicePrice, d.y, d.say("invoice.price"), s, right)
	d.text(invoiceX2, d.y, d.say("invoice.amount"), s, right)
	d.double(invoiceX1, invoiceX2, d.y+2.2, inkRuleRed)
	d.y += 3
}

// The last lines stand with the sum and the foot, which need so much room under them.
const invoiceTail, invoiceUnder = 3, 78.0

// invoiceRow is a line, and how its words run.
type invoiceRow struct {
	InvoiceLine
	words []string
}

func (r invoiceRow) high() float64 { return 8.6 + 5*float64(len(r.words)-1) }

func (d *invoice) table() {
	var rows []invoiceRow
	for _, l := range d.doc.Lines {
		rows = append(rows, invoiceRow{l, d.lines(l.whole(d.doc.Lang), invoiceQuantity-invoiceWhat-24, invoiceText)})
	}
	d.heads()
	last := max(0, len(rows)-invoiceTail)
	for i, r := range rows {
		needs := r.high()
		if i == last {
			needs = invoiceUnder
			for _, r := range rows[last:] {
				needs += r.high()
			}
		}
		if d.room(needs) {
			d.heads()
		}
		d.row(r)
	}
}

// whole is what was done, with its note.
func (l InvoiceLine) whole(lang string) string {
	switch {
	case l.Note == "":
		return l.What
	case lang == "en":
		return l.What + " (" + l.Note + ")"
	}
	return l.What + "（" + l.Note + "）"
}

func (d *invoice) row(r invoiceRow) {
	d.y += 6.2
	d.text(invoiceX1, d.y, r.On.Format(time.DateOnly), style{size: 10.5, ink: ink2}, left)
	d.text(invoiceQuantity, d.y, fmt.Sprintf("%d %s", r.Quantity, r.Unit), invoiceText, right)
	d.text(invoicePrice, d.y, r.Price.Format(), invoiceText, right)
	d.text(invoiceX2, d.y, r.Amount.Format(), invoiceText, right)
	for i, t := range r.words {
		d.text(invoiceWhat, d.y+5*float64(i), t, invoiceText, left)
	}
	d.y += r.high() - 6.2
	d.line(invoiceX1, d.y, invoiceX2, d.y, 0.15, inkRule)
}

// sums draws what it comes to: in figures, in capitals, and what is still owed.
func (d *invoice) sums() {
	d.y += 9
	d.text(invoiceX1, d.y, d.say("invoice.total"), style{size: 12, bold: true, ink: inkText}, left)
	d.text(invoiceX2, d.y, d.doc.Amount.Yuan(), style{size: 20, bold: true, ink: inkText}, right)
	d.double(invoiceX1, invoiceX2, d.y+3.4, inkText)
	d.y += 11
	d.text(invoiceX1, d.y, d.say("invoice.capital"), style{size: 10.5, ink: ink2}, left)
	capital := d.doc.Amount.Capital()
	if d.doc.Lang == "en" {
		capital = InWords(d.doc.Amount) + " · " + capital
	}
	d.text(invoiceWhat, d.y, capital, style{size: 12, ink: inkText}, left)
	if d.doc.Paid.Sign() > 0 {
		d.y += 8
		d.text(invoiceX1, d.y, d.say("invoice.paid"), style{size: 10.5, ink: ink2}, left)
		d.text(invoiceWhat, d.y, d.doc.Paid.Yuan(), invoiceText, left)
		d.text(invoiceX2, d.y, d.say("invoice.rest", d.doc.Amount.Sub(d.doc.Paid).Yuan()), style{size: 12, bold: true, ink: inkText}, right)
	}
}

func (d *invoice) foot() {
	d.y += 14
	d.y = d.block(invoiceX1, d.y, invoiceX2-invoiceX1, 5.6, d.say("invoice.how", d.doc.Address), style{size: 10.5, ink: inkText})
	if d.doc.Phone != "" {
		d.text(invoiceX1, d.y, d.say("invoice.ask", d.doc.Phone), style{size: 10.5, ink: inkText}, left)
		d.y += 5.6
	}
	d.y += 12
	for i, key := range []string{"invoice.made", "invoice.received"} {
		x := invoiceX1 + float64(i)*86
		w := d.text(x, d.y, d.say(key), style{size: 11, ink: ink2}, left)
		d.line(x+w+2, d.y+1.2, x+78, d.y+1.2, 0.25, inkRuleStrong)
	}
}
