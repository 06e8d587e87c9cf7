package pdf

import (
	"fmt"
	"strings"

	"fund/ledger/money"
	"fund/web/picture"
)

// Votes is what councils decided.
type Votes struct {
	Councils, Passed, Failed int
	Amount                   money.Amount // that passed motions unlocked
	Motions                  []MotionPart
}

// MotionPart is one motion.
type MotionPart struct {
	Council, Serial, Title  string
	On                      string // the day the vote ended, in words
	For, Against, Abstained int
	Amount                  money.Amount // zero: no money
	Passed                  bool
	Ref                     string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// Hours is help between neighbours: time, never money.
type Hours struct {
	Minutes, Times, People, PassedOn int
	Months                           []HourMonth
}

// HourMonth is one month's help.
type HourMonth struct {
	Month       string // on the axis: 1月, Jan
	Help, Shift int    // minutes: from neighbour to neighbour, and of volunteers for all
}

// votes is what the councils decided, motion by motion.
func (d *report) votes() {
	v := d.doc.Votes
	if len(v.Motions) == 0 {
		return
	}
	d.chapter("annual.votes", 110)
	d.lead(d.say("annual.votes.lead", v.Councils))
	d.y += 3
	d.bigRow(
		bigFigure{d.say("annual.votes.passed"), count(v.Passed), d.say("annual.votes.unit"), inkSerial},
		bigFigure{d.say("annual.votes.failed"), count(v.Failed), d.say("annual.votes.unit"), inkText},
		bigFigure{d.say("annual.votes.amount"), v.Amount.Format(), d.say("key.grants.unit"), inkText},
	)
	cols := []column{
		{head: d.say("annual.votes.motion"), width: 98},
		{head: d.say("annual.votes.for"), width: 14, number: true},
		{head: d.say("annual.votes.against"), width: 14, number: true},
		{head: d.say("annual.votes.abstained"), width: 14, number: true},
		{head: d.say("cash.amount"), width: 30, amount: true},
	}
	var rows []line
	for _, m := range v.Motions {
		outcome := d.say("annual.votes.no")
		if m.Passed {
			outcome = d.say("annual.votes.yes")
		}
		rows = append(rows, line{
			cells: []string{m.Title, count(m.For), count(m.Against), count(m.Abstained), figure(m.Amount)},
			note:  fmt.Sprintf("%s %s · %s · %s", m.Council, m.Serial, m.On, outcome), red: !m.Passed,
		})
	}
	d.set(snug, cols, rows)
}

// hours is the time that neighbours gave.
func (d *report) hours() {
	h := d.doc.Hours
	if h.Minutes == 0 && len(h.Months) == 0 {
		return
	}
	d.chapter("annual.hours", 96)
	d.lead(d.say("annual.hours.lead"))
	d.y += 3
	d.bigRow(
		bigFigure{d.say("annual.hours.given"), hoursOf(h.Minutes), d.say("annual.hours.unit"), inkSerial},
		bigFigure{d.say("annual.hours.times"), count(h.Times), d.say("annual.hours.times.unit"), inkText},
		bigFigure{d.say("annual.hours.people"), count(h.People), d.say("annual.hours.people.unit"), inkText},
		bigFigure{d.say("annual.hours.passed_on"), count(h.PassedOn), d.say("annual.hours.people.unit"), inkText},
	)
	d.hourChart(h.Months)
}

// hoursOf writes minutes as hours with one decimal, cut.
func hoursOf(minutes int) string { return fmt.Sprintf("%s.%d", count(minutes/60), minutes%60/6) }

// hourChart is a pair of columns a month, the hours written over them.
func (d *report) hourChart(months []HourMonth) {
	if len(months) == 0 {
		return
	}
	const high = 40.0
	most := 1
	for _, m := range months {
		most = max(most, m.Help, m.Shift)
	}
	d.need(high + 22)
	d.key([]string{"c-in", "c-out"}, []string{d.say("annual.hours.help"), d.say("annual.hours.shift")}, margin, d.y)
	zero, slot := d.y+high+10, textWidth/float64(len(months))
	bar := min(9.0, slot*0.36)
	for i, m := range months {
		mid := margin + slot*(float64(i)+0.5)
		for n, minutes := range []int{m.Help, m.Shift} {
			h := high * float64(minutes) / float64(most)
			class, x := "c-in", mid-bar-0.3
			if n == 1 {
				class, x = "c-out", mid+0.3
			}
			if minutes == 0 {
				continue
			}
			d.picture(picture.Picture{W: bar, H: h, Shapes: []picture.Shape{picture.Rect{Class: class, W: bar, H: h}}}, x, zero-h, bar, 0)
			d.text(x+bar/2, zero-h-1.2, strings.TrimSuffix(hoursOf(minutes), ".0"), style{size: 8.5, ink: inkText}, middle)
		}
		d.text(mid, zero+5, m.Month, style{size: 9, ink: inkText}, middle)
	}
	d.line(margin, zero, pageW-margin, zero, 0.35, inkText)
	d.y = zero + 12
}
