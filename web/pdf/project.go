package pdf

import (
	"io"
	"time"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/picture"
)

// ProjectDoc is the report on one project. Every word in it is already in the document's language.
//
// What people told stands in no value that is kept, because they may take it back: it is read again for a drawing that is not
// issued, and an issued one says where to read it.
type ProjectDoc struct {
	Stamp `json:"Stamp"`
	Head

	Title  string
	Theme  string
	Facts  []Fact // where, who runs it, who agreed when and with how many votes
	Held   bool   // gifts are for it alone
	Budget money.Amount

	Received, Spent, Left money.Amount // Received − Spent = Left
	Served, Sessions      int
	Minutes               int // of volunteers
	Sources               []Use
	Lines                 []PlanPart
	Activities            []ActivityPart
	Times                 []int // who came, one for each time that something was held, in order
	Stones                []StonePart
	Passages              []Passage // need, what was done, what was learned
	Payments              []EntryRow
	Told                  int // stories with consent, to be read on its page
	Pictures              []Picture

	Stories []Passage         `json:"-"` // what people told; the title is how they want to be named
	Photos  map[string][]byte `json:"-"` // the pictures' files by ID, found again before drawing
}

// MonthSpent is what one month's payments come to.
type MonthSpent struct {
	Month  time.Time // its first day
	Amount money.Amount
}

// Months are the months from the first payment to the last.
func (d ProjectDoc) Months() (months []MonthSpent) {
	spent := map[time.Time]money.Amount{}
	var first, last time.Time
	for _, p := range d.Payments {
		month := ledger.MonthOf(p.Date)
		if len(spent) == 0 || month.Before(first) {
			first = month
		}
		if month.After(last) {
			last = month
		}
		spent[month] = spent[month].Add(p.Out)
	}
	for month := first; len(spent) > 0 && !month.After(last); month = month.AddDate(0, 1, 0) {
		months = append(months, MonthSpent{month, spent[month]})
	}
	return months
}

// PlanPart is a line of a budget and what was spent of it.
type PlanPart struct {
	Name        string
	Plan, Spent money.Amount
}

// ActivityPart is what was done under one name.
type ActivityPart struct {
	Name             string
	First, Last      time.Time
	Sessions, Served int
}

// StonePart is a milestone.
type StonePart struct {
	Title string
	Due   time.Time
	Done  time.Time // zero: not yet
}

// ProjectReport draws it on A4.
func ProjectReport(w io.Writer, doc ProjectDoc) error {
	r, err := newBrief(doc.Head, doc.Stamp, "project.report")
	if err != nil {
		return err
	}
	d := &projectReport{r, doc}
	d.cover(d.front())
	return d.finish(w, d.say("project.subject", doc.Title), func() {
		d.glance()
		d.money()
		d.outcomes()
		d.gallery("project.photos", doc.Pictures, doc.Photos)
		d.told()
		d.payments()
		d.corrections()
	})
}

// projectReport is one being drawn.
type projectReport struct {
	*report
	said ProjectDoc
}

// front is the cover: a vein is a time that something was held, as long as many came.
func (d *projectReport) front() coverPage {
	p := d.said
	leaf := picture.Leaf{Title: p.Title, Bare: true, Themes: []picture.Theme{{Name: p.Theme}}}
	for _, n := range p.Times {
		leaf.Themes[0].Veins = append(leaf.Themes[0].Veins, picture.Vein{Spent: money.FromFen(int64(n) * 100), Served: n})
	}
	front := coverPage{
		big: p.Title, leaf: leaf.Picture(), answerer: d.answerer(),
		figures: [3]coverFigure{{d.say("project.spent.long"), p.Spent.Format()}, {d.say("project.served.long"), count(p.Served)}, {d.say("project.sessions.long"), count(p.Sessions)}},
		sum:     d.say("report.unit") + d.say("project.sum", p.Received.Format(), p.Spent.Format(), p.Left.Format()),
	}
	if len(p.Times) > 0 {
		front.caption = d.say("project.leaf")
	}
	return front
}

func (d *projectReport) glance() {
	d.begin("project.glance")
	p := d.said
	d.bigRow(
		bigFigure{d.say("project.spent.long"), p.Spent.Format(), d.say("key.grants.unit"), inkSerial},
		bigFigure{d.say("project.served.long"), count(p.Served), d.say("key.served.unit"), inkSerial},
		bigFigure{d.say("project.sessions.long"), count(p.Sessions), d.say("project.sessions.unit"), inkText},
	)
	d.factList(p.Facts)
	d.passages(p.Passages)
}

// money is where the project's money came from, what it was planned for and spent on, and the sum.
func (d *projectReport) money() {
	p := d.said
	d.begin("project.money")
	in := d.bars("project.sources", p.Sources, picture.In)
	plan := &picture.Bars{Title: d.say("project.plan"), W: 680, Font: 14.5}
	for _, l := range p.Lines {
		plan.Rows = append(plan.Rows, picture.Bar{Name: d.fitName(l.Name), Free: l.Spent, Plan: l.Plan, Kind: picture.Out})
	}
	picture.Align(in, plan)
	d.summed(in, p.Received, []string{"c-in", "c-held"}, []string{d.say("free"), d.say("held.long")})
	d.summed(plan, p.Spent, []string{"c-plan", "c-out"}, []string{d.say("project.planned", p.Budget.Format()), d.say("project.spent.long")})
	d.spentByMonth(p.Months())
	d.adding([]sumLine{{"+", d.say("project.received"), p.Received}, {"−", d.say("project.spent.long"), p.Spent}, {"=", d.say("project.left"), p.Left}})
}

// namesMax is how many months an axis has room to name.
const namesMax = 18

// spentByMonth draws a column a month; years are named where there are several.
func (d *projectReport) spentByMonth(months []MonthSpent) {
	if len(months) < 2 {
		return
	}
	var columns []picture.Month
	for i, m := range months {
		column := picture.Month{Out: m.Amount}
		switch {
		case i%(len(months)/namesMax+1) != 0:
		case months[0].Month.Year() != months[len(months)-1].Month.Year():
			column.Name = m.Month.Format("06-01")
		default:
			column.Name = monthName(d.doc.Lang, m.Month.Month())
		}
		columns = append(columns, column)
	}
	d.monthChart("project.months", columns, nil, nil)
	d.y += 8
}

// summed draws bars under their title and sum, and under them what their fills mean.
func (d *report) summed(b *picture.Bars, sum money.Amount, classes, words []string) {
	if len(b.Rows) == 0 {
		return
	}
	d.need(30)
	d.head(b.Title, sum.Format())
	d.chart(*b)
	if len(classes) > 0 {
		d.key(classes, words, margin, d.y-1)
		d.y += 11
	}
}

// fitName cuts a name to what a chart has room for.
func (d *report) fitName(name string) string {
	lines := d.lines(name, 58, style{size: 10})
	if len(lines) > 1 {
		return lines[0] + "…"
	}
	return name
}

func (d *projectReport) outcomes() {
	p := d.said
	if len(p.Activities) == 0 && len(p.Stones) == 0 {
		return
	}
	d.chapter("project.outcomes", tableHigh(len(p.Activities)+1))
	if len(p.Activities) > 0 {
		cols := []column{
			{head: d.say("project.activity"), width: 82},
			{head: d.say("project.when"), width: 44, soft: true},
			{head: d.say("project.sessions"), width: 20, number: true},
			{head: d.say("project.served"), width: 24, number: true},
		}
		var rows []line
		for _, a := range p.Activities {
			when := a.First.Format(time.DateOnly)
			if !a.Last.Equal(a.First) {
				when += "–" + a.Last.Format("01-02")
			}
			rows = append(rows, line{cells: []string{a.Name, when, count(a.Sessions), count(a.Served)}})
		}
		d.table(cols, append(rows, line{kind: total, cells: []string{d.say("sum"), "", count(p.Sessions), count(p.Served)}}))
	}
	if p.Minutes > 0 {
		d.y += 4
		d.lead(d.say("project.hours", hoursOf(p.Minutes)))
	}
	if len(p.Stones) == 0 {
		return
	}
	d.need(30)
	d.y += 8
	d.head(d.say("project.stones"), "")
	var rows []line
	for _, s := range p.Stones {
		done := d.say("project.stone.open")
		if !s.Done.IsZero() {
			done = s.Done.Format(time.DateOnly)
		}
		rows = append(rows, line{cells: []string{s.Title, s.Due.Format(time.DateOnly), done}})
	}
	d.table([]column{{head: d.say("project.stone"), width: 106}, {head: d.say("project.stone.due"), width: 32, soft: true}, {head: d.say("project.stone.done"), width: 32}}, rows)
}

// told are the stories, or where to read them.
func (d *projectReport) told() {
	if d.said.Told == 0 && len(d.said.Stories) == 0 {
		return
	}
	d.chapter("project.told", 40)
	if len(d.said.Stories) == 0 {
		d.lead(d.say("project.told.where", d.said.Told))
		return
	}
	d.passages(d.said.Stories)
}

func (d *projectReport) payments() {
	if len(d.said.Payments) == 0 {
		return
	}
	d.chapter("project.payments", tableHigh(min(8, len(d.said.Payments))))
	d.lead(d.say("project.payments.lead"))
	var all money.Amount
	for _, e := range d.said.Payments {
		all = all.Add(e.Out)
	}
	d.paid(d.said.Payments, line{kind: total, cells: []string{"", "", d.say("sum"), all.Format()}})
}

// paid is a table of entries by which money left, with what stands under them.
func (d *report) paid(entries []EntryRow, under ...line) {
	var rows []line
	for _, e := range entries {
		rows = append(rows, line{red: e.Out.Sign() < 0, cells: []string{e.Date.Format(time.DateOnly), e.Number, e.Memo, figure(e.Out)}})
	}
	d.set(snug, []column{
		{head: d.say("entry.date"), width: 26, soft: true},
		{head: d.say("entry.number"), width: 24},
		{head: d.say("entry.memo"), width: 85},
		{head: d.say("cash.amount"), width: 35, amount: true},
	}, append(rows, under...))
}
