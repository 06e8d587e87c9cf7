package pdf

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// SaleDoc is everything the receipt of a sale says, in the document's language. It is never a donation's receipt: a tip has
// one of its own.
type SaleDoc struct {
	Lang       string
	Number     string // "2026-S000123"
	Slip       string // the number the till gave it: "A-0007"; may be empty
	Community  string
	Place      string // 元旦旧物义卖
	Use        string // the fund that the proceeds go into; may be empty
	Phone      string // may be empty
	At         time.Time
	Lines      []SaleLine
	Total      money.Amount // of the lines
	Tip        money.Amount
	TipReceipt string // the donation's receipt: "2026-000045"; empty if nobody asked for one
	Payments   []SalePayment
	Refunded   money.Amount // of the lines; all of Total makes the receipt void
	Entry      string       // the entry in the books
	Check      string       // the short check code
	VerifyURL  string       // the address in the QR code
	Issued     time.Time    // stands as the file's date, so that the same receipt is always the same bytes
}

// SaleLine is so many of one thing.
type SaleLine struct {
	Name     string
	Quantity int
	Price    money.Amount
	Sum      money.Amount
}

// SalePayment is one way in which a sale was paid.
type SalePayment struct {
	Way    string // 现金, 微信 …
	Amount money.Amount
	Given  money.Amount // of cash handed over; zero: exactly the amount
}

func (d SaleDoc) say(key string, args ...any) string { return say(d.Lang, key, args...) }

func (d SaleDoc) void() bool { return d.Refunded.Sign() > 0 && d.Refunded.Cmp(d.Total) >= 0 }

// saleFact is a line under the total.
type saleFact struct{ what, amount string }

// facts say how it was paid, what was given beside, and what went back.
func (d SaleDoc) facts() (all []saleFact) {
	if d.Tip.Sign() > 0 {
		what := d.say("sale.tip.plain")
		if d.TipReceipt != "" {
			what = d.say("sale.tip", d.TipReceipt)
		}
		all = append(all, saleFact{what, d.Tip.Format()}, saleFact{d.say("sale.paid"), d.Total.Add(d.Tip).Format()})
	}
	for _, p := range d.Payments {
		all = append(all, saleFact{p.Way, p.Amount.Format()})
		if change := p.Given.Sub(p.Amount); p.Given.Sign() > 0 && change.Sign() > 0 {
			all[len(all)-1].what += gap("en") + d.say("sale.given", p.Given.Format())
			all = append(all, saleFact{d.say("sale.change"), change.Format()})
		}
	}
	if d.Refunded.Sign() > 0 {
		all = append(all, saleFact{d.say("sale.refunded"), "−" + d.Refunded.Format()})
	}
	return all
}

// small is what stands at the end.
func (d SaleDoc) small() (all []string) {
	if d.Use != "" {
		all = append(all, d.say("sale.use", d.Use))
	}
	all = append(all, d.say("sale.entry", d.Entry))
	if d.Phone != "" {
		all = append(all, d.say("sale.phone", d.Phone))
	}
	return all
}

// SaleReceipt draws the receipt on A4, and on further pages where it is long.
func SaleReceipt(w io.Writer, d SaleDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	s := bill{canvas: c, d: d}
	s.begin()
	s.head()
	for _, l := range d.Lines {
		s.row(l)
	}
	s.total()
	if err := s.proof(); err != nil {
		return err
	}
	return c.write(w, about{lang: d.Lang, title: d.say("sale.title", d.Number), author: d.Community, subject: d.Place, made: d.Issued})
}

// bill is a sale's receipt being drawn on A4.
type bill struct {
	*canvas
	d SaleDoc
	y float64
}

// The columns of the bill, in mm: name from the left, the others by their right edges.
const (
	billLeft, billRight      = 25.0, 185.0
	billTimes, billPrice     = 120.0, 152.0
	billFoot, billLead       = 270.0, 5.6
	billName                 = billTimes - 18 - billLeft
	billWords, billSmallSize = 11.0, 9.5
)

func (s *bill) begin() {
	s.page(210, 297)
	s.y = 24
}

// room starts another page where h mm do not fit.
func (s *bill) room(h float64) {
	if s.y+h > billFoot {
		s.begin()
		s.text(billRight, 14, "№ "+s.d.Number, style{size: billSmallSize, ink: ink2}, right)
	}
}

func (s *bill) head() {
	d := s.d
	s.picture(picture.Mark(), billLeft, s.y-6, 8, 0)
	s.text(billLeft+11, s.y, d.Community, s.shrink(d.Community, style{size: 14, bold: true, ink: inkText}, 90, 9), left)
	s.text(billRight, s.y, "№ "+d.Number, style{size: 14, bold: true, ink: inkSerial}, right)
	s.text((billLeft+billRight)/2, s.y+16, d.say("sale"), style{size: 24, bold: true, ink: inkText}, middle)
	s.double(billLeft, billRight, s.y+21, inkSerial)
	s.y += 30
	at := clock(d.Lang, d.At)
	if d.Slip != "" {
		at += " · " + d.say("sale.slip", d.Slip)
	}
	s.text(billRight, s.y, at, style{size: billWords, ink: ink2}, right)
	room := billRight - billLeft - s.width(at, style{size: billWords}) - 4
	s.y = s.block(billLeft, s.y, room, billLead, d.Place, style{size: billWords, bold: true, ink: inkText}) + 3
	if d.void() {
		s.fill(billLeft, s.y-4, billRight-billLeft, 9, 0xF9E1E1)
		s.fill(billLeft, s.y-4, 1.4, 9, inkCrimson)
		s.text(billLeft+4.5, s.y+2, d.say("sale.void"), style{size: billWords, bold: true, ink: inkCrimson}, left)
		s.y += 12
	}
	small := style{size: billSmallSize, ink: ink2}
	s.text(billLeft, s.y, d.say("sale.what"), small, left)
	s.text(billTimes, s.y, d.say("sale.times"), small, right)
	s.text(billPrice, s.y, d.say("sale.price"), small, right)
	s.text(billRight, s.y, d.say("sale.sum"), small, right)
	s.line(billLeft, s.y+2, billRight, s.y+2, 0.4, inkText)
	s.y += 8
}

func (s *bill) row(l SaleLine) {
	look := style{size: billWords, ink: inkText}
	lines := s.lines(l.Name, billName, look)
	s.room(billLead * float64(len(lines)))
	s.text(billTimes, s.y, strconv.Itoa(l.Quantity), look, right)
	s.text(billPrice, s.y, l.Price.Format(), look, right)
	s.text(billRight, s.y, l.Sum.Format(), look, right)
	for i, line := range lines {
		s.text(billLeft, s.y+billLead*float64(i), line, look, left)
	}
	s.y += billLead * float64(len(lines))
	s.line(billLeft, s.y-3.2, billRight, s.y-3.2, 0.2, inkRuleRed)
	s.y += 2
}

func (s *bill) total() {
	facts := s.d.facts()
	s.room(14 + billLead*float64(len(facts)))
	s.y += 5
	s.text(billLeft, s.y, s.d.say("sale.total"), style{size: 14, bold: true, ink: inkText}, left)
	s.text(billRight, s.y, s.d.Total.Yuan(), style{size: 22, bold: true, ink: inkText}, right)
	s.double(billLeft, billRight, s.y+3, inkText)
	s.y += 11
	for _, f := range facts {
		s.text(billLeft, s.y, f.what, style{size: billWords, ink: ink2}, left)
		s.text(billRight, s.y, f.amount, style{size: billWords, ink: inkText}, right)
		s.y += billLead + 0.6
	}
	s.text(billRight, s.y+1, s.d.Total.Capital(), style{size: billSmallSize, ink: ink2}, right)
	s.y += 8
}

func (s *bill) proof() error {
	qr, err := picture.QR{Text: s.d.VerifyURL}.Picture()
	if err != nil {
		return fmt.Errorf("pdf: code of sale %s: %w", s.d.Number, err)
	}
	const side = 36.0
	s.room(side + 4)
	s.picture(qr, billLeft-3, s.y, side, 0)
	s.web(billLeft-3, s.y, side, side, s.d.VerifyURL)
	x, y := billLeft+side+3, s.y+8
	y = s.block(x, y, billRight-x, billLead, s.d.say("sale.scan"), style{size: billWords, bold: true, ink: inkText})
	y = s.block(x, y+1, billRight-x, billLead, s.d.say("sale.check", s.d.Check), style{size: billWords, ink: inkText})
	for _, line := range append(s.d.small(), s.d.say("sale.not_gift")) {
		y = s.block(x, y, billRight-x, 4.8, line, style{size: billSmallSize, ink: ink2})
	}
	return nil
}
