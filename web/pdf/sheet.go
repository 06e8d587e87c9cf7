package pdf

import (
	"io"
	"slices"

	"fund/ledger/money"
	"fund/web/picture"
)

// SheetDoc is the sheet for the notice board: a period on one page, for people who stand before it. Every word in it is
// already in the document's language.
type SheetDoc struct {
	Stamp `json:"Stamp"`
	Head

	Opening, Income, Expense, Closing money.Amount
	Held                              money.Amount // the restricted part of Closing
	Other                             money.Amount // adjusted or brought in: part of Closing; zero hides the line
	Sources, Uses                     []Use        // the largest first; what does not fit is added up
	Projects, Served                  int
	Happened                          []string // what happened, a sentence each; two are shown
}

// NoticeSheet draws it on A4, or larger.
func NoticeSheet(w io.Writer, doc SheetDoc, paper Paper) error {
	r, err := newReport(doc.Head, doc.Stamp)
	if err != nil {
		return err
	}
	code, err := picture.QR{Text: r.address(), Sturdy: true}.Picture()
	if err != nil {
		return err
	}
	r.name = say(doc.Lang, "sheet.title", doc.Community, doc.Period)
	d := &sheetPage{r, doc}
	d.enlarged(paper, func() { d.draw(code) })
	s := float64(paper)
	d.web(sheetLeft*s, sheetFoot*s, sheetCode*s, sheetCode*s, d.address())
	return d.write(w, about{lang: doc.Lang, title: d.name, author: doc.Host, made: doc.Issued, subject: d.name})
}

// sheetPage is being drawn in the millimetres of A4.
type sheetPage struct {
	*report
	said SheetDoc
}

const (
	sheetLeft, sheetRight = 14.0, 196.0
	sheetWide             = sheetRight - sheetLeft
	sheetCode             = 47.0  // the side of the code
	sheetFoot             = 238.0 // where the code stands
)

func (d *sheetPage) draw(code picture.Picture) {
	d.head()
	d.sum()
	d.columns()
	d.happened()
	d.proof(code)
}

func (d *sheetPage) head() {
	doc := d.said
	d.picture(picture.Mark(), sheetLeft, 10, 11, 0)
	d.text(sheetLeft+14, 19, doc.Community, d.shrink(doc.Community, style{size: 22, bold: true, ink: inkText}, 100, 12), left)
	if doc.Serial == "" {
		d.text(sheetRight, 19, d.say("sheet.draft"), style{size: 13, ink: ink2}, right)
	} else {
		d.text(sheetRight, 14, "№ "+d.serial(), style{size: 16, bold: true, ink: inkSerial}, right)
		d.text(sheetRight, 20.5, d.say("report.issued", day(doc.Lang, doc.On)), style{size: 12, ink: ink2}, right)
	}
	d.double(sheetLeft, sheetRight, 25, inkSerial)
	title := d.say("sheet.big", doc.Period)
	d.text(sheetLeft, 45, title, d.shrink(title, style{size: 48, bold: true, ink: inkText}, sheetWide, 24), left)
	d.y = 62
}

// sum is the answer: what there was, what came, what went, what there is.
func (d *sheetPage) sum() {
	doc := d.said
	lines := []sumLine{{"", d.say("opening"), doc.Opening}, {"+", d.say("in"), doc.Income}, {"−", d.say("out"), doc.Expense}}
	if doc.Other.Sign() != 0 {
		lines = append(lines, sumLine{"+", d.say("sheet.other"), doc.Other})
	}
	lines = append(lines, sumLine{"=", d.say("closing"), doc.Closing})
	pitch := min(16.5, 66/float64(len(lines)))
	for i, l := range lines {
		s := style{size: 30, ink: inkText, bold: i == len(lines)-1}
		d.text(sheetLeft+6, d.y, l.op, s, middle)
		d.text(sheetLeft+16, d.y, l.name, d.shrink(l.name, s, 74, 16), left)
		d.text(sheetRight, d.y, l.sum.Format(), d.shrink(l.sum.Format(), style{size: 36, bold: true, ink: inkText}, 88, 18), right)
		if i == len(lines)-2 {
			d.line(sheetLeft, d.y+4.2, sheetRight, d.y+4.2, 0.4, inkText)
		}
		d.y += pitch
	}
	d.double(sheetLeft, sheetRight, d.y-pitch+4.4, inkText)
	held := d.say("sheet.held", doc.Held.Format(), doc.Closing.Sub(doc.Held).Format())
	d.text(sheetRight, d.y-pitch+12.5, held, d.shrink(held, style{size: 15, ink: ink2}, sheetWide, 10), right)
	d.y += 12
}

const sheetRows = 5 // on each side

// few are the first, and the rest as one.
func (d *report) few(all []Use, most int) []Use {
	if len(all) <= most {
		return all
	}
	rest := Use{Name: d.say("sheet.rest")}
	for _, u := range all[most-1:] {
		rest.Free, rest.Held = rest.Free.Add(u.Free), rest.Held.Add(u.Held)
	}
	return append(slices.Clone(all[:most-1]), rest)
}

// columns are where it came from and where it went, side by side on one scale.
func (d *sheetPage) columns() {
	const half = (sheetWide - 12) / 2
	top, most := d.y, int64(1)
	both := [2][]Use{d.few(d.said.Sources, sheetRows), d.few(d.said.Uses, sheetRows)}
	for _, u := range append(append([]Use{}, both[0]...), both[1]...) {
		most = max(most, u.Sum().Fen())
	}
	for n, key := range []string{"key.sources", "key.uses"} {
		x := sheetLeft + (half+12)*float64(n)
		d.text(x, top, d.say(key), style{size: 22, bold: true, ink: inkText}, left)
		y := top + 9.5
		for _, u := range both[n] {
			sum := u.Sum().Format()
			s := style{size: 16, ink: inkText}
			w := d.width(sum, s)
			d.text(x, y, u.Name, d.shrink(u.Name, s, half-w-3, 10), left)
			d.text(x+half, y, sum, s, right)
			wide := half * float64(max(0, u.Sum().Fen())) / float64(most)
			ruled := half * float64(max(0, u.Held.Fen())) / float64(most)
			if n == 1 {
				ruled = 0
			}
			class := [2]string{"c-in", "c-out"}[n]
			d.picture(picture.Picture{W: half, H: 4, Shapes: []picture.Shape{picture.Rect{Class: class, W: max(0.3, wide), H: 4}}}, x, y+1.8, half, 0)
			if ruled > 0 {
				d.picture(picture.Picture{W: half, H: 4, Shapes: []picture.Shape{picture.Rect{Class: "c-held", W: ruled, H: 4}}}, x, y+1.8, half, 0)
			}
			y += 13.4
		}
		d.y = max(d.y, y)
	}
	d.keyOf(12.5, []string{"c-in", "c-held"}, []string{d.say("free"), d.say("held.long")}, sheetLeft, top+9.5+13.4*float64(len(both[0]))-1.2)
}

// happened is what the money did, in a sentence or two.
func (d *sheetPage) happened() {
	d.y = max(d.y+7.5, 224.5)
	words := d.said.Happened
	if d.said.Projects > 0 {
		words = append([]string{d.say(numbered("sheet.did", d.said.Projects), d.said.Projects, count(d.said.Served))}, words...)
	}
	for _, l := range words[:min(2, len(words))] {
		s := d.shrink(l, style{size: 17, bold: true, ink: inkText}, sheetWide, 11)
		if d.y > sheetFoot-5 {
			break
		}
		d.text(sheetLeft, d.y, l, s, left)
		d.y += 8.5
	}
}

func (d *sheetPage) proof(code picture.Picture) {
	d.double(sheetLeft, sheetRight, sheetFoot-4, inkRuleRed)
	d.picture(code, sheetLeft-3, sheetFoot-2, sheetCode+4, 0)
	x, room := sheetLeft+sheetCode+5, sheetWide-sheetCode-5
	d.text(x, sheetFoot+8, d.say("sheet.scan"), d.shrink(d.say("sheet.scan"), style{size: 24, bold: true, ink: inkText}, room, 14), left)
	y := d.block(x, sheetFoot+16.5, room, 6.6, d.say("sheet.check")+gap(d.said.Lang)+d.said.Ask, style{size: 14, ink: inkText})
	small := style{size: 10.5, ink: ink2}
	foot := d.say("sheet.host", d.said.Host)
	if key := keyID(d.said.Checkpoint.Text); key != "" {
		foot += gap(d.said.Lang) + d.say("sheet.point", d.said.Checkpoint.Number, key)
	}
	if n := len(d.said.Corrections); n > 0 {
		foot += gap(d.said.Lang) + d.say("sheet.corrections", n)
	}
	d.block(x, max(y+0.5, sheetFoot+35), room, 4.8, foot, small)
}
