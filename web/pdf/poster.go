package pdf

import (
	"io"
	"math"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// PosterDoc is everything a campaign's poster says. Texts are already in the poster's language.
type PosterDoc struct {
	Lang       string // "zh-CN" or "en"
	Community  string // 安公社区
	Title      string
	Line       string // one sentence: what the money is for
	Photo      *Photo // nil draws Scene
	Scene      string // a drawing of package picture
	Restricted bool   // 专款: a ruled bar, else a solid one
	Raised     money.Amount
	Goal       money.Amount
	Further    bool // Goal is one beyond the first, which is met
	Gifts      int
	AsOf       time.Time // the moment of Raised, in the community's time zone
	EndsOn     time.Time // the last day of the campaign
	Buys       []Bought  // what an amount buys, three at most
	Address    string    // in the code: the campaign's page
	Typed      string    // a short address that leads there, for typing
	Desk       string    // where cash is taken; may be empty
	Legal      string    // host, certificate, filing number; may be empty
}

// Photo is a JPEG and its size in pixels.
type Photo struct {
	JPEG []byte
	W, H int
}

// Bought is a gift and what it buys: ¥50, 一位老人的一桌菜.
type Bought struct {
	Amount money.Amount
	What   string
}

// Paper is the format of a poster. A larger one is read from further away: everything on it grows.
type Paper float64

// The two formats, as a factor of A4's edges.
const (
	A4 Paper = 1
	A3 Paper = math.Sqrt2
)

// Poster draws a poster, upright. With slips its lower edge can be cut into small codes to tear off and take home.
func Poster(w io.Writer, p PosterDoc, paper Paper, slips bool) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	code, err := picture.QR{Text: p.Address, Sturdy: true}.Picture()
	if err != nil {
		return err
	}
	d := poster{canvas: c, p: p, code: code, foot: 285, side: 66, least: 52}
	c.enlarged(paper, func() {
		if slips {
			d.foot, d.side, d.least = 297-slipsHigh-4, 58, 40
			d.slips()
		}
		d.draw()
	})
	if p.Address != "" {
		s := float64(paper)
		c.web(posterLeft*s, d.codeTop*s, posterWide*s, d.side*s, p.Address)
	}
	return c.write(w, about{lang: p.Lang, title: p.Title, author: p.Community, subject: p.Line, made: p.AsOf})
}

// poster is being drawn in the millimetres of A4. The picture takes what the words above and below leave.
type poster struct {
	*canvas
	p       PosterDoc
	code    picture.Picture
	foot    float64 // the lower edge
	side    float64 // of the code, its quiet zone included
	least   float64 // height of the picture with its air
	codeTop float64
}

const (
	posterLeft, posterRight = 16.0, 194.0
	posterWide              = posterRight - posterLeft
)

func (d *poster) say(key string, args ...any) string { return say(d.p.Lang, key, args...) }

func (d *poster) draw() {
	top := d.head()
	low := d.gives(d.foot - d.legal())
	bar := low - 35
	for _, size := range []float64{46, 42, 38, 34, 30, 26} { // a long title is set smaller, until the picture has room
		s := style{size: size, bold: true, ink: inkText}
		lead := size * 0.44
		lines := Balance(posterWide, func(room float64) []string { return d.lines(d.p.Title, room, s) })
		said := d.lines(d.p.Line, posterWide, posterLine)
		end := top + 5 + lead*float64(len(lines)) + 8.5*float64(len(said))
		if size > 26 && (len(lines) > 3 || bar-end < d.least) {
			continue
		}
		y := top + 3 + lead
		for _, l := range lines {
			d.text(posterLeft, y, l, s, left)
			y += lead
		}
		y += 10 - lead + 3
		y = d.block(posterLeft, y, posterWide, 8.5, d.p.Line, posterLine)
		d.photo(y-2.5, bar-9)
		break
	}
	d.bar(bar)
}

var posterLine = style{size: 18, ink: ink2}

// head is the community with its mark; it answers where the title may begin.
func (d *poster) head() float64 {
	d.picture(picture.Mark(), posterLeft, 12, 10, 0)
	d.text(posterLeft+13, 20, d.p.Community, d.shrink(d.p.Community, style{size: 19, bold: true, ink: inkText}, 110, 12), left)
	d.text(posterRight, 20, d.say("poster.head"), style{size: 13, ink: ink2}, right)
	d.double(posterLeft, posterRight, 26, inkSerial)
	return 30
}

// photo fills the room between two heights with the photograph, of which it cuts off what stands over, or the drawing.
func (d *poster) photo(y1, y2 float64) {
	h := y2 - y1
	if h < 18 {
		return // a strip shows nothing
	}
	if d.p.Photo != nil {
		d.canvas.photo(*d.p.Photo, posterLeft, y1, posterWide, h)
		return
	}
	d.op(func(f *player) { f.ClipRect(posterLeft, y1, posterWide, h, false) })
	scene := picture.Scene(d.p.Scene, "")
	d.fill(posterLeft, y1, posterWide, h, looks[scene.Ground()].fill)
	w := min(posterWide, 1.35*scene.W*h/scene.H) // all but its upper and lower edge is seen, on its own ground
	d.picture(scene, posterLeft+(posterWide-w)/2, y1+(h-scene.H*w/scene.W)/2, w, 0)
	d.op(func(f *player) { f.ClipEnd() })
}

// bar says how far the campaign has come, and when that was so.
func (d *poster) bar(y float64) {
	p := d.p
	label := style{size: 15, ink: ink2}
	sum := style{size: 40, bold: true, ink: inkText}
	x := posterLeft + d.text(posterLeft, y+8, d.say("poster.raised"), label, left) + 3
	goal := d.say("poster.goal", p.Goal.YuanShort())
	if p.Further {
		goal = d.say("poster.next", p.Goal.YuanShort())
	}
	room := posterWide - (x - posterLeft) - d.width(goal, style{size: 17, ink: inkText}) - 4
	d.text(x, y+8, p.Raised.YuanShort(), d.shrink(p.Raised.YuanShort(), sum, room, 20), left)
	d.text(posterRight, y+8, goal, style{size: 17, ink: inkText}, right)
	d.picture(picture.Progress{Raised: p.Raised, Goal: p.Goal, Held: p.Restricted}.Picture(), posterLeft, y+12, posterWide, 8)
	facts := d.say("poster.facts", percent(p.Raised, p.Goal), count(p.Gifts), clock(p.Lang, p.AsOf))
	if p.Lang == "en" && p.Gifts == 1 {
		facts = d.say("poster.fact", percent(p.Raised, p.Goal), clock(p.Lang, p.AsOf))
	}
	ends := d.say("poster.ends", day(p.Lang, p.EndsOn))
	small := style{size: 11.5, ink: ink2}
	small = d.shrink(facts+"    "+ends, small, posterWide, 8)
	d.text(posterLeft, y+26, facts, small, left)
	d.text(posterRight, y+26, ends, style{size: small.size, bold: true, ink: inkText}, right)
}

// gives says what a gift buys, beside the code; it ends at foot and answers where it begins.
func (d *poster) gives(foot float64) float64 {
	const head, row = 17.0, 10.4
	what, small := style{size: 13, ink: inkText}, style{size: 11, ink: ink2}
	room := posterWide - d.side - 14
	sum, column := style{size: 19, bold: true, ink: inkText}, 24.0
	for _, b := range d.p.Buys {
		column = max(column, d.width(b.Amount.YuanShort(), sum)+4)
	}
	rows, tall := make([][]string, len(d.p.Buys)), head
	for i, b := range d.p.Buys {
		rows[i] = d.lines(b.What, room-column, what)
		tall += row + 5.4*float64(len(rows[i])-1)
	}
	var desk []string
	if d.p.Desk != "" {
		desk = d.lines(d.say("poster.desk", d.p.Desk), room, small)
	}
	tall = max(d.side+4, tall+11+5.2*float64(len(desk)))
	top := foot - tall - 6
	d.codeTop = top
	d.frame(posterRight-d.side-4, top, d.side+4, d.side+4, 0.8, inkPersimmon)
	d.picture(d.code, posterRight-d.side-2, top+2, d.side, 0)
	d.text(posterLeft, top+8, d.say("poster.scan"), d.shrink(d.say("poster.scan"), style{size: 26, bold: true, ink: inkPersimmon}, room, 14), left)
	y := top + head + 1.5
	for i, b := range d.p.Buys {
		d.text(posterLeft, y, b.Amount.YuanShort(), sum, left)
		for n, l := range rows[i] {
			d.text(posterLeft+column, y-0.4+5.4*float64(n), l, what, left)
		}
		y += row + 5.4*float64(len(rows[i])-1)
		d.line(posterLeft, y-6.9, posterLeft+room, y-6.9, 0.2, inkRuleRed)
	}
	y = top + tall - 5.2*float64(len(desk)) - 6.4
	d.text(posterLeft, y, d.say("poster.type"), small, left)
	d.text(posterLeft, y+6.2, d.p.Typed, d.shrink(d.p.Typed, style{size: 16, bold: true, ink: inkIndigo}, room, 8), left)
	for i, l := range desk {
		d.text(posterLeft, y+12+5.2*float64(i), l, small, left)
	}
	return top
}

// legal is the line that says who answers for the appeal; it answers its height.
func (d *poster) legal() float64 {
	s := style{size: 9, ink: ink2}
	lines := d.lines(d.p.Legal, posterWide, s)
	if d.p.Legal == "" {
		lines = nil
	}
	h := 4.4*float64(len(lines)+1) + 3
	y := d.foot - h + 3
	d.double(posterLeft, posterRight, y, inkRuleRed)
	y += 5.4
	for _, l := range append(lines, d.say("poster.check")) {
		d.text(posterLeft, y, l, s, left)
		y += 4.4
	}
	return h
}

const slipsHigh, slipsMany = 47.0, 7

// slips are cut between and torn off at the line above them.
func (d *poster) slips() {
	top, wide := 297-slipsHigh, 210.0/slipsMany
	cut := func(x1, y1, x2, y2 float64) {
		d.op(func(f *player) { f.SetDashPattern([]float64{1.2, 1.2}, 0) })
		d.line(x1, y1, x2, y2, 0.2, ink3)
		d.op(func(f *player) { f.SetDashPattern(nil, 0) })
	}
	cut(0, top, 210, top)
	s := style{size: 8, bold: true, ink: inkText}
	for i := range slipsMany {
		x := wide * float64(i)
		if i > 0 {
			cut(x, top, x, 297)
		}
		d.picture(d.code, x+3.5, top+1, wide-7, 0)
		y := top + wide - 7 + 4
		lines := d.lines(d.p.Title, wide-5, s)
		if len(lines) > 3 {
			lines = append(lines[:2:2], lines[2]+"…")
		}
		for _, l := range lines {
			d.text(x+wide/2, y, l, s, middle)
			y += 3.5
		}
		tiny := style{size: 6.5, ink: ink2}
		typed := d.lines(d.p.Typed, wide-4, tiny)
		for i, l := range typed {
			d.text(x+wide/2, 294.5-2.8*float64(len(typed)-1-i), l, tiny, middle)
		}
	}
}
