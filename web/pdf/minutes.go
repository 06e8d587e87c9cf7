package pdf

import (
	"fmt"
	"io"
	"time"

	"fund/web/picture"
)

// MinutesDoc are the minutes of a council's meeting, in the document's language.
type MinutesDoc struct {
	Lang      string
	Community string
	Council   string
	Serial    string // 2026-003
	HeldOn    time.Time
	Place     string
	Present   string // names, offices behind them
	Absent    string
	Notes     string
	Motions   []MinutesMotion
	Signed    []MinutesSigner
	Digest    string // SHA-256 of what is kept, in hexadecimal
	URL       string // where everybody reads the same
	Made      time.Time
}

// MinutesSigner is somebody who signed with their own log-in.
type MinutesSigner struct {
	Name string
	Line string // which line it stands on: chair, secretary or witness
	On   time.Time
}

// MinutesMotion is one motion in the minutes.
type MinutesMotion struct {
	Serial  string
	Title   string
	Text    string
	Amount  string
	Lines   []string // how it was voted, under which rule, who did not vote and why
	Outcome string
	Passed  bool
	Figures [4]int // for, against, abstained, spoilt
}

// Minutes draws them on A4, with lines for chair, secretary and whoever was there to sign.
func Minutes(w io.Writer, doc MinutesDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &minutes{canvas: c, doc: doc, x1: 24, x2: 186}
	d.begin()
	d.head()
	for _, m := range doc.Motions {
		d.motion(m)
	}
	if doc.Notes != "" {
		d.heading(d.say("minutes.notes"))
		d.words(doc.Notes, style{size: 11, ink: inkText})
	}
	if err := d.sign(); err != nil {
		return err
	}
	for i, page := range c.pages {
		c.at = page
		foot := fmt.Sprintf("%s · %d / %d", d.say("minutes.title")+" "+doc.Serial, i+1, len(c.pages))
		c.text(d.x2, 288, foot, style{size: 8.5, ink: ink3}, right)
	}
	return c.write(w, about{lang: doc.Lang, title: d.say("minutes.title") + " " + doc.Serial, author: doc.Community, subject: doc.Council, made: doc.Made})
}

// minutes are being drawn; y is the last baseline.
type minutes struct {
	*canvas
	doc       MinutesDoc
	x1, x2, y float64
}

const minutesBottom = 278.0

func (d *minutes) say(key string, args ...any) string { return say(d.doc.Lang, key, args...) }

func (d *minutes) begin() {
	d.page(pageW, pageH)
	d.y = 18
}

// room begins another page where so much does not fit on this.
func (d *minutes) room(high float64) {
	if d.y+high > minutesBottom {
		d.begin()
	}
}

func (d *minutes) words(t string, s style) {
	for _, l := range d.lines(t, d.x2-d.x1, s) {
		d.room(6)
		d.y += 6
		d.text(d.x1, d.y, l, s, left)
	}
}

func (d *minutes) heading(t string) {
	d.room(24)
	d.y += 5
	d.words(t, style{size: 13, bold: true, ink: inkText})
	d.y += 1.5
}

func (d *minutes) head() {
	d.letterhead(d.x1, d.x2, 22.6, d.doc.Community, "№ "+d.doc.Serial, style{size: 12.5, bold: true, ink: inkSerial})
	d.text((d.x1+d.x2)/2, 36, d.doc.Council, d.shrink(d.doc.Council, style{size: 14, ink: inkText}, d.x2-d.x1, 9), middle)
	d.text((d.x1+d.x2)/2, 46, d.say("minutes.title"), style{size: 22, bold: true, ink: inkText}, middle)
	d.double(d.x1, d.x2, 51, inkSerial)
	d.y = 52
	d.fact("minutes.held", day(d.doc.Lang, d.doc.HeldOn))
	d.fact("minutes.place", d.doc.Place)
	d.fact("minutes.present", d.doc.Present)
	d.fact("minutes.absent", d.doc.Absent)
}

func (d *minutes) fact(key, value string) {
	if value == "" {
		return
	}
	s := style{size: 12, ink: inkText}
	lines := d.lines(value, d.x2-d.x1-30, s)
	d.y += 8
	d.text(d.x1, d.y, d.say(key), style{size: 11, ink: ink2}, left)
	for i, l := range lines {
		d.text(d.x1+30, d.y+5.6*float64(i), l, s, left)
	}
	d.y += 5.6*float64(len(lines)-1) + 2.6
	d.line(d.x1, d.y, d.x2, d.y, 0.2, inkRuleRed)
}

func (d *minutes) motion(m MinutesMotion) {
	d.heading(m.Serial + "　" + m.Title)
	if m.Amount != "" {
		d.words(m.Amount, style{size: 12, ink: inkText})
	}
	if m.Text != "" {
		d.words(m.Text, style{size: 11, ink: inkText})
	}
	d.room(26)
	d.y += 3
	wide := (d.x2 - d.x1) / 4
	for i, key := range []string{"ballot.for", "ballot.against", "ballot.abstain", "minutes.spoilt"} {
		x := d.x1 + wide*float64(i)
		d.frame(x, d.y, wide, 15, 0.2, inkRuleStrong)
		d.text(x+wide/2, d.y+5.4, d.say(key), style{size: 9.5, ink: ink2}, middle)
		d.text(x+wide/2, d.y+12.4, fmt.Sprint(m.Figures[i]), style{size: 15, bold: true, ink: inkText}, middle)
	}
	d.y += 17
	outcome := style{size: 13, bold: true, ink: inkCrimson}
	if m.Passed {
		outcome.ink = inkText
	}
	d.words(m.Outcome, outcome)
	for _, l := range m.Lines {
		d.words(l, style{size: 10, ink: ink2})
	}
}

// signed is who signed on a line; on the date's, the day of the last signature.
func (d *minutes) signed(line string) (names string) {
	for _, s := range d.doc.Signed {
		switch {
		case line == "date":
			names = day(d.doc.Lang, s.On)
		case s.Line == line && names != "":
			names += "、" + s.Name
		case s.Line == line:
			names = s.Name
		}
	}
	return names
}

// sign draws the lines to sign on, and what the paper can be checked against.
func (d *minutes) sign() error {
	qr, err := picture.QR{Text: d.doc.URL}.Picture()
	if err != nil {
		return err
	}
	d.room(62)
	d.y += 16
	for i, line := range []string{"chair", "secretary", "witness", "date"} {
		x := d.x1 + float64(i%2)*82
		y := d.y + 13*float64(i/2)
		w := d.text(x, y, d.say("minutes."+line), style{size: 11, ink: ink2}, left)
		d.line(x+w+2, y+1.2, x+76, y+1.2, 0.25, inkRuleStrong)
		if names := d.signed(line); names != "" {
			d.text(x+w+4, y, names, d.shrink(names, style{size: 12, ink: inkText}, 76-w-4, 8), left)
		}
	}
	d.y += 14
	if len(d.doc.Signed) > 0 {
		d.words(d.say("minutes.signed_online"), style{size: 9.5, ink: ink2})
	}
	d.y += 6
	const side = 22.0
	d.picture(qr, d.x2-side, d.y, side, side)
	d.web(d.x2-side, d.y, side, side, d.doc.URL)
	y := d.block(d.x1, d.y+5, d.x2-d.x1-side-6, 4.6, d.say("minutes.kept"), style{size: 9.5, ink: ink2})
	d.typewriter(d.x1, y+1.5, d.doc.Digest[:min(32, len(d.doc.Digest))])
	d.typewriter(d.x1, y+6.5, d.doc.Digest[min(32, len(d.doc.Digest)):])
	return nil
}
