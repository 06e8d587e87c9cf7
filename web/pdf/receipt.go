package pdf

import (
	"io"
	"strings"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// ReceiptDoc is everything a receipt says. Names and lines of text are already in the document's language.
type ReceiptDoc struct {
	Lang       string       // "zh-CN" or "en"
	Number     string       // "2017-000874"
	Community  string       // 安公社区
	Host       string       // the charity that received the money: 锦城社区公益基金会
	HostLines  []string     // its qualification and filing numbers, address, telephone; a line each
	Donor      string       // empty prints 匿名
	Purpose    string       // the campaign's or the fund's name
	Restricted bool         // 专款, else 通用
	Goods      string       // what was given when it was not money: 大米 20 袋; the amount is then its value
	Date       time.Time    // the day of the gift, in the community's time zone
	Method     string       // 微信支付, 现金 …
	Amount     money.Amount // yuan, as given
	Entry      string       // the entry in the books: "2017-1987"
	Check      string       // the short check code: "K7M4-92QD"
	VerifyURL  string       // the address in the QR code
	Official   string       // number of the official donation receipt; empty prints 待开具
	Legal      string       // the legal basis in a sentence; may be empty
	Reversal   *Reversed    // set when the gift was given back, wholly or in part, or the receipt was voided
	Issued     time.Time    // stands as the file's date, so that the same receipt is always the same bytes
}

// Reversed says how a receipt was undone.
type Reversed struct {
	Entry    string       // the red entry: "2018-0031"
	Date     time.Time    // its day
	Refunded money.Amount // yuan given back; less than the gift leaves the rest standing, zero voids without a refund
}

// part says whether some of the gift still stands.
func (r ReceiptDoc) part() bool {
	return r.Reversal != nil && r.Reversal.Refunded.Sign() > 0 && r.Reversal.Refunded.Cmp(r.Amount) < 0
}

func (r ReceiptDoc) void() bool { return r.Reversal != nil && !r.part() }

// Receipt draws one receipt on an A5 page: it fills a phone's screen, prints two to an A4 sheet, and fits a small frame.
func Receipt(w io.Writer, r ReceiptDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	qr, err := picture.QR{Text: r.VerifyURL}.Picture()
	if err != nil {
		return err
	}
	for _, roomy := range []float64{1.6, 1.3, 1, 0.7, 0.4, 0.1} { // a long receipt draws its lines together until it fits
		c.pages = nil
		c.page(148, 210)
		d := slip{canvas: c, r: r, x1: 18, x2: 130, roomy: roomy}
		if d.draw(qr); d.y <= slipFoot-2 {
			break
		}
	}
	return c.write(w, about{
		lang: r.Lang, title: say(r.Lang, "receipt.title", r.Number), author: r.Host, subject: r.Community, made: r.Issued,
	})
}

// slip is a receipt being drawn; y moves down the page.
type slip struct {
	*canvas
	r      ReceiptDoc
	x1, x2 float64
	y      float64
	roomy  float64 // 1 is as airy as it should be, less when there is much to say
}

const slipHead, slipFoot = 9.0, 202.0 // the torn edge and the lower edge

func (d *slip) draw(qr picture.Picture) {
	d.edge()
	d.head()
	d.facts()
	d.amount()
	d.proof(qr)
	d.small()
}

func (d *slip) say(key string, args ...any) string { return say(d.r.Lang, key, args...) }

// edge is the torn top and the ruled red sides.
func (d *slip) edge() {
	const x, w, head, foot = 9.0, 130.0, slipHead, slipFoot
	teeth := picture.Teeth()
	h := teeth.H * w / teeth.W
	s := teeth.Shapes[0].(picture.Path).Flat(1)[0]
	for i := 1; i < len(s); i++ {
		d.line(x+s[i-1].X*w/teeth.W, head+s[i-1].Y*w/teeth.W, x+s[i].X*w/teeth.W, head+s[i].Y*w/teeth.W, 0.3, inkRuleRed)
	}
	for _, e := range [][4]float64{{x, head + h, x, foot}, {x + w, head + h, x + w, foot}, {x, foot, x + w, foot}} {
		d.line(e[0], e[1], e[2], e[3], 0.3, inkRuleRed)
	}
}

func (d *slip) head() {
	d.letterhead(d.x1, d.x2, 21.6, d.r.Community, "№ "+d.r.Number, style{size: 13, bold: true, ink: inkSerial})
	heading := "receipt"
	if d.r.Goods != "" {
		heading = "receipt.in_kind"
	}
	d.text((d.x1+d.x2)/2, 34.5, d.say(heading), style{size: 24, bold: true, ink: inkText}, middle)
	d.double(d.x1, d.x2, 39.5, inkSerial)
	d.y = 40.4
	if d.r.Reversal != nil {
		d.undone()
	}
}

// undone says in words what the seal and the strike show.
func (d *slip) undone() {
	v := d.r.Reversal
	words := d.say("receipt.voided", day(d.r.Lang, v.Date), v.Entry)
	switch {
	case d.r.part():
		words = d.say("receipt.partly", v.Refunded.Yuan(), day(d.r.Lang, v.Date), v.Entry)
	case v.Refunded.IsZero():
		words = d.say("receipt.voided.as", day(d.r.Lang, v.Date), v.Entry)
	}
	s := style{size: 10.5, bold: true, ink: inkCrimson}
	lines := d.lines(words, d.x2-d.x1-8, s)
	h := 5.2*float64(len(lines)) + 3.6
	d.fill(d.x1, d.y+2.2, d.x2-d.x1, h, 0xF9E1E1)
	d.fill(d.x1, d.y+2.2, 1.4, h, inkCrimson)
	for i, l := range lines {
		d.text(d.x1+4.5, d.y+7.4+5.2*float64(i), l, s, left)
	}
	d.y += h + 2.6
}

func (d *slip) facts() {
	r := d.r
	donor := r.Donor
	if donor == "" {
		donor = d.say("receipt.anonymous")
	}
	d.fact("receipt.donor", donor, false)
	d.fact("receipt.purpose", r.Purpose, true)
	if r.Goods != "" {
		d.fact("receipt.goods", r.Goods, false)
	}
	d.fact("receipt.date", day(r.Lang, r.Date), false)
	method, value := "receipt.method", "receipt.capital"
	if r.Goods != "" {
		method, value = "receipt.valued", "receipt.value"
	}
	d.fact(method, r.Method, false)
	capital := r.Amount.Capital()
	if r.Lang == "en" {
		capital = InWords(r.Amount) + "\n" + capital
	}
	d.fact(value, capital, false)
	if d.r.part() {
		d.fact("receipt.refunded", "−"+r.Reversal.Refunded.Yuan(), false)
		d.fact("receipt.remains", r.Amount.Sub(r.Reversal.Refunded).Yuan(), false)
	}
}

// fact is one ruled line: what, and its answer.
func (d *slip) fact(key, value string, badge bool) {
	const indent = 24.0
	lead := 5.2 + min(0.8, 0.8*d.roomy)
	s := style{size: 12, ink: inkText, bold: key == "receipt.capital" || key == "receipt.value" || key == "receipt.remains"}
	room := d.x2 - d.x1 - indent
	if badge {
		room -= 30
	}
	base := d.y + 5.2 + 1.6*d.roomy
	d.text(d.x1, base, d.say(key), d.shrink(d.say(key), style{size: 11, ink: ink2}, indent-2, 7), left)
	lines := d.lines(value, room, s)
	end := 0.0
	for i, l := range lines {
		end = d.text(d.x1+indent, base+lead*float64(i), l, s, left)
	}
	if badge {
		d.badge(d.x1+indent+end+2.5, base+lead*float64(len(lines)-1))
	}
	d.y += 8.2 + 2*d.roomy + lead*float64(len(lines)-1)
	d.line(d.x1, d.y, d.x2, d.y, 0.2, inkRuleRed)
}

// badge says whether the gift is restricted, by word and by ruling.
func (d *slip) badge(x, base float64) {
	word, class := d.say("receipt.free"), "fill"
	if d.r.Restricted {
		word, class = d.say("receipt.held"), "ruled"
	}
	s := style{size: 9.5, bold: true, ink: inkGoldText}
	const mark, h = 3.4, 5.4
	w := d.width(word, s) + mark + 3.2
	d.picture(picture.Picture{W: mark, H: h, Shapes: []picture.Shape{picture.Rect{Class: class, W: mark, H: h}}}, x, base-4.1, mark, 0)
	d.frame(x, base-4.1, w, h, 0.25, inkGoldText)
	d.line(x+mark, base-4.1, x+mark, base-4.1+h, 0.25, inkGoldText)
	d.text(x+mark+1.6, base-0.2, word, s, left)
}

func (d *slip) amount() {
	d.y += 16 + 4*d.roomy
	s := style{size: 32, bold: true, ink: inkText}
	sum := d.r.Amount.Format()
	s = d.shrink(sum, s, 72, 16)
	x := d.x1 + d.text(d.x1, d.y, "¥", style{size: s.size * 0.55, bold: true, ink: ink2}, left) + 0.8
	w := d.text(x, d.y, sum, s, left)
	if d.r.void() {
		d.line(d.x1, d.y-s.size*0.12, x+w+1, d.y-s.size*0.12, 0.7, inkCrimson)
	}
	d.seal(d.x2-12, d.y-4.5)
	d.y += 5 + 5*d.roomy
}

// seal is a square stamp, a little crooked as stamps are. It copies no official chop: no circle, no star, no name.
func (d *slip) seal(x, y float64) {
	i, first, second := inkSerial, d.say("receipt.seal.1"), d.say("receipt.seal.2")
	if d.r.void() {
		i, first, second = inkCrimson, d.say("receipt.void.1"), d.say("receipt.void.2")
	}
	s := style{size: 15, bold: true, ink: i}
	if d.r.Lang == "en" {
		s.size = 11
	}
	d.turned(5, x, y, func() {
		d.frame(x-10.5, y-10.5, 21, 21, 0.7, i)
		d.frame(x-9.3, y-9.3, 18.6, 18.6, 0.2, i)
		d.text(x, y-1.2, first, s, middle)
		d.text(x, y+5.6, second, s, middle)
	})
}

func (d *slip) proof(qr picture.Picture) {
	side := 28 + 5*min(1, d.roomy)
	d.picture(qr, d.x1-3, d.y-3, side, 0)
	x := d.x1 + side + 1
	d.text(x, d.y+5.5, d.say("receipt.scan"), style{size: 12, bold: true, ink: inkText}, left)
	y := d.block(x, d.y+12, d.x2-x, 5, d.say("receipt.orcheck"), style{size: 10, ink: ink2})
	w := d.text(x, y+3, d.say("receipt.check")+" ", style{size: 10, ink: ink2}, left)
	d.text(x+w, y+3, d.r.Check, style{size: 14, bold: true, ink: inkText}, left)
	if d.r.VerifyURL != "" {
		d.web(d.x1-3, d.y-3, d.x2-d.x1+3, side, d.r.VerifyURL)
	}
	d.y += side - 3 + 4*d.roomy
}

func (d *slip) small() {
	s := style{size: 9, ink: ink2}
	all := append([]string{d.payee()}, d.r.HostLines...)
	if d.r.Legal != "" {
		all = append(all, d.r.Legal)
	}
	all = append(all, d.say("receipt.entry", d.r.Entry))
	text, lead := strings.Join(all, "\n"), 4.8
	if d.roomy < 0.5 {
		text = strings.Join(all, " · ")
		s.size, lead = 8.5, 4.2
	}
	d.y = d.block(d.x1, d.y+2, d.x2-d.x1, lead, text, s) - lead
}

// payee says who has the money, and whether an official receipt follows: only a host issues one.
func (d *slip) payee() string {
	if d.r.Goods != "" {
		return d.say("receipt.goods.by", d.r.Host)
	}
	if d.r.Host == d.r.Community {
		return d.say("receipt.own", d.r.Host)
	}
	official := d.r.Official
	if official == "" {
		official = d.say("receipt.pending")
	}
	return d.say("receipt.payee", d.r.Host, d.r.Community) + gap(d.r.Lang) + d.say("receipt.official") + official + stop(d.r.Lang)
}

// gap and stop are what stands between and after sentences.
func gap(lang string) string {
	if lang == "en" {
		return " "
	}
	return ""
}

func stop(lang string) string {
	if lang == "en" {
		return "."
	}
	return "。"
}
