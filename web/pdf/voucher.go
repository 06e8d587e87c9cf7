package pdf

import (
	"io"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// VoucherDoc is journal vouchers (记账凭证) to be signed and bound: one, or a month's book of them with its cover. Names and lines
// of text are already in the document's language.
type VoucherDoc struct {
	Lang      string // "zh-CN" or "en"
	Community string
	Vouchers  []Voucher // in the order of their numbers
	A5        bool      // each on a page of its own; else two on an A4, to be cut
	Book      string    // the month that the cover names: 2017 年 12 月; empty for no cover
	Made      time.Time // stands as the file's date
}

// Voucher is one entry on paper.
type Voucher struct {
	Number string // 2017-2186
	Date   time.Time
	Memo   string
	Detail string
	Kind   string // 手工凭证
	Rows   []VoucherRow
	Papers int    // 附件张数; 0 leaves it to a hand
	Maker  string // who posted it
	Posted string // when, in words
	Undoes string // what it undoes, in words; empty for most
	URL    string // its public page
}

// VoucherRow is one posting.
type VoucherRow struct {
	Account, Fund string
	Amount        money.Amount // debit positive
}

// Sum is the debit side, which is the credit side too.
func (v Voucher) Sum() (sum money.Amount) {
	for _, r := range v.Rows {
		if r.Amount.Sign() > 0 {
			sum = sum.Add(r.Amount)
		}
	}
	return sum
}

// A voucher is half an A4: its measures from its own left upper corner, in millimetres. Left of the line is where it is bound.
const (
	slipW, slipH    = 210.0, 148.5
	bound           = 15.0
	slipX1, slipX2  = 24.0, 198.0
	slipTop         = 33.0  // of the table
	slipRows        = 100.0 // where the last row ends
	slipHeads       = 7.0   // the row of its heads
	slipRow         = 9.2   // a row of one line
	totalHigh       = 11.0
	voucherLead     = 4.6
	memoW, accountW = 44.0, 49.0
	amountW         = 25.5
)

// Vouchers draws vouchers for printing.
func Vouchers(w io.Writer, doc VoucherDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &vouchers{canvas: c, doc: doc}
	if doc.Book != "" {
		d.cover()
	}
	d.half = 1 // so that the first begins a page
	for _, v := range doc.Vouchers {
		if err := d.voucher(v); err != nil {
			return err
		}
	}
	title := d.say("voucher.title")
	switch {
	case doc.Book != "":
		title += " · " + doc.Book
	case len(doc.Vouchers) == 1:
		title += " " + doc.Vouchers[0].Number
	}
	return c.write(w, about{lang: doc.Lang, title: title, author: doc.Community, subject: d.say("voucher.title"), made: doc.Made})
}

// vouchers are being drawn; y0 is where the slip at hand begins on its page.
type vouchers struct {
	*canvas
	doc  VoucherDoc
	half int // 0: the upper half of a page is taken, 1: both are
	y0   float64
}

func (d *vouchers) say(key string, args ...any) string { return say(d.doc.Lang, key, args...) }

// slip takes the next half page.
func (d *vouchers) slip() {
	switch {
	case d.doc.A5:
		d.page(slipW, slipH)
		d.y0 = 0
	case d.half == 1:
		d.page(pageW, pageH)
		d.half, d.y0 = 0, 0
		for x := 4.0; x < pageW-4; x += 4 { // where it is cut
			d.line(x, slipH, x+2, slipH, 0.15, inkRuleStrong)
		}
	default:
		d.half, d.y0 = 1, slipH
	}
}

// voucher draws an entry, over as many slips as its rows need.
func (d *vouchers) voucher(v Voucher) error {
	qr, err := picture.QR{Text: v.URL}.Picture()
	if err != nil {
		return err
	}
	slips := d.cut(v)
	for n, rows := range slips {
		d.slip()
		if n == 0 {
			d.bookmark(v.Number+" "+v.Memo, 0, d.y0)
		}
		d.head(v, n+1, len(slips))
		d.rows(v, rows)
		d.total(v, n+1 == len(slips))
		d.sign(v, qr)
	}
	return nil
}

var voucherWords = style{size: 9.5, ink: inkText}

// fundW is what is left for the fund.
const fundW = slipX2 - slipX1 - memoW - accountW - 2*amountW

// rowHigh is how high a row is: as its longest cell.
func (d *vouchers) rowHigh(r VoucherRow) float64 {
	return slipRow + voucherLead*float64(max(len(d.lines(r.Account, accountW-3, voucherWords)), len(d.lines(r.Fund, fundW-3, voucherWords)), 1)-1)
}

// cut divides an entry's rows into slips.
func (d *vouchers) cut(v Voucher) (slips [][]VoucherRow) {
	left := 0.0
	for i, r := range v.Rows {
		high := d.rowHigh(r)
		if left -= high; i == 0 || left < 0 {
			slips, left = append(slips, nil), slipRows-slipTop-slipHeads-high
		}
		slips[len(slips)-1] = append(slips[len(slips)-1], r)
	}
	return slips
}

// head draws whose it is, which and when.
func (d *vouchers) head(v Voucher, n, of int) {
	y := d.y0
	for dash := 6.0; dash < slipH-6; dash += 3 { // where it is bound
		d.line(bound, y+dash, bound, y+dash+1.5, 0.15, inkRule)
	}
	mid := (slipX1 + slipX2) / 2
	d.picture(picture.Mark(), slipX1, y+8.4, 5.6, 0)
	d.text(slipX1+7.2, y+12.9, d.doc.Community, d.shrink(d.doc.Community, style{size: 10, ink: ink2}, 54, 6.5), left)
	title := style{size: 18, bold: true, ink: inkText}
	half := d.width(d.say("voucher.title"), title)/2 + 5
	d.text(mid, y+15.4, d.say("voucher.title"), title, middle)
	d.double(mid-half, mid+half, y+18.4, inkSerial)
	number := "№ " + v.Number
	d.text(slipX2, y+13, number, style{size: 12.5, bold: true, ink: inkSerial}, right)
	if of > 1 {
		d.text(slipX2, y+18, d.say("voucher.part", n, of), style{size: 9, ink: ink2}, right)
	}
	d.text(mid, y+26.5, day(d.doc.Lang, v.Date), style{size: 11, ink: inkText}, middle)
	kind := style{size: 9.5, ink: ink2}
	words := v.Kind
	if v.Undoes != "" {
		words, kind = v.Undoes, style{size: 9.5, bold: true, ink: inkCrimson}
	}
	d.text(slipX1, y+26.5, words, d.shrink(words, kind, 62, 7), left)
	papers := d.say("voucher.papers_none") // to be counted by hand
	if v.Papers > 0 {
		papers = d.say("voucher.papers", v.Papers)
	}
	d.text(slipX2, y+26.5, papers, style{size: 10, ink: inkText}, right)
}

// voucherColumns are where the columns of a slip begin.
func voucherColumns() [6]float64 {
	x := [6]float64{slipX1}
	for i, w := range [5]float64{memoW, accountW, fundW, amountW, amountW} {
		x[i+1] = x[i] + w
	}
	return x
}

// rows draws the table. What stays empty is struck through, so that nobody adds to it.
func (d *vouchers) rows(v Voucher, rows []VoucherRow) {
	x, heads := voucherColumns(), [5]string{"voucher.memo", "voucher.account", "voucher.fund", "voucher.debit", "voucher.credit"}
	d.fill(slipX1, d.y0+slipTop, slipX2-slipX1, slipHeads, inkSunk)
	for i, key := range heads {
		d.text((x[i]+x[i+1])/2, d.y0+slipTop+4.9, d.say(key), d.shrink(d.say(key), style{size: 9.5, bold: true, ink: ink2}, x[i+1]-x[i]-2, 6), middle)
	}
	y, bottom := d.y0+slipTop+slipHeads, d.y0+slipRows
	d.memo(v, y+5.9, bottom-1)
	for _, r := range rows {
		for n, words := range [][]string{d.lines(r.Account, accountW-3, voucherWords), d.lines(r.Fund, fundW-3, voucherWords)} {
			for k, l := range words {
				d.text(x[n+1]+1.5, y+5.9+voucherLead*float64(k), l, voucherWords, left)
			}
		}
		end, figure := x[4], r.Amount
		if figure.Sign() < 0 {
			end, figure = x[5], figure.Neg()
		}
		d.text(end-1.5, y+5.9, figure.Format(), d.shrink(figure.Format(), style{size: 10.5, ink: inkText}, amountW-2.5, 6), right)
		y += d.rowHigh(r)
		d.line(x[1], y, slipX2, y, 0.15, inkRule)
	}
	if y+slipRow <= bottom {
		d.line(x[5]-1.5, y+1.5, x[3]+1.5, bottom-1.5, 0.3, inkRuleStrong)
	}
	d.line(slipX1, d.y0+slipTop+slipHeads, slipX2, d.y0+slipTop+slipHeads, 0.3, inkText)
	d.ruled(slipTop, slipRows+totalHigh)
	d.line(x[1], d.y0+slipTop, x[1], bottom, 0.15, inkRule)
	d.line(x[2], d.y0+slipTop, x[2], bottom, 0.15, inkRule)
	d.frame(slipX1, d.y0+slipTop, slipX2-slipX1, slipRows+totalHigh-slipTop, 0.4, inkText)
}

// ruled are the red lines before the amounts, as in a paper account book.
func (d *vouchers) ruled(from, to float64) {
	x := voucherColumns()
	for _, at := range []float64{x[3], x[3] + 0.9, x[4]} {
		d.line(at, d.y0+from, at, d.y0+to, 0.2, inkRuleRed)
	}
}

// memo draws what it was about down its column, smaller where there is much to say.
func (d *vouchers) memo(v Voucher, y, bottom float64) {
	words := v.Memo
	if v.Detail != "" {
		words += "\n" + v.Detail
	}
	s, lead := voucherWords, voucherLead
	all := d.lines(words, memoW-3, s)
	for s.size > 6.5 && float64(len(all)-1)*lead > bottom-y {
		s.size, lead = s.size-1, lead-0.45
		all = d.lines(words, memoW-3, s)
	}
	for i, l := range all {
		if y > bottom {
			break
		}
		if y+lead > bottom && i < len(all)-1 {
			l += "…"
		}
		d.text(slipX1+1.5, y, l, s, left)
		y += lead
	}
}

// total draws the sum of the whole entry, in words too; a slip that is not the last says that it goes on.
func (d *vouchers) total(v Voucher, last bool) {
	x, y := voucherColumns(), d.y0+slipRows
	d.line(slipX1, y, slipX2, y, 0.4, inkText)
	if !last {
		d.text(slipX1+1.5, y+6.4, d.say("voucher.goes_on"), style{size: 10, ink: ink2}, left)
		return
	}
	sum, s := v.Sum(), style{size: 10.5, bold: true, ink: inkText}
	words := d.say("voucher.total") + "　" + sum.Capital()
	if d.doc.Lang == "en" {
		words = d.say("voucher.total") + ": " + InWords(sum)
	}
	d.text(slipX1+1.5, y+6.4, words, d.shrink(words, s, x[3]-slipX1-3, 6.5), left)
	for _, end := range []float64{x[4], x[5]} {
		d.text(end-1.5, y+6.4, sum.Format(), d.shrink(sum.Format(), s, amountW-2.5, 6), right)
	}
	d.double(x[3]+1.5, slipX2-0.6, y+totalHigh-1.6, inkText)
}

// sign draws who signs, who posted it and when, and the way to its public page.
func (d *vouchers) sign(v Voucher, qr picture.Picture) {
	const side = 21.0
	y := d.y0 + slipRows + totalHigh + 10.5
	room := (slipX2 - side - 3 - slipX1) / 4
	for i, who := range []string{"voucher.head", "voucher.posted", "voucher.checked", "voucher.made"} {
		at := slipX1 + room*float64(i)
		w := d.text(at, y, d.say(who), d.shrink(d.say(who), style{size: 10, ink: ink2}, room-14, 7), left)
		if who == "voucher.made" {
			d.text(at+w+2, y, v.Maker, d.shrink(v.Maker, style{size: 10.5, ink: inkText}, room-w-3, 6.5), left)
		}
		d.line(at+w+1, y+1.4, at+room-3, y+1.4, 0.2, inkRuleStrong)
	}
	d.text(slipX1, y+11.5, v.Posted, d.shrink(v.Posted, style{size: 8.5, ink: ink3}, 4*room-2, 6), left)
	d.text(slipX1, y+16.5, d.say("voucher.scan"), style{size: 8.5, ink: ink3}, left)
	at := d.y0 + slipRows + totalHigh + 2.5
	d.picture(qr, slipX2-side, at, side, 0)
	d.web(slipX2-side, at, side, side, v.URL)
}
