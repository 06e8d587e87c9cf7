package pdf

import (
	"io"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// VentureDoc is the report on one venture: what it earned, what that cost, and where what it left went. Every word in it is
// already in the document's language.
type VentureDoc struct {
	Stamp `json:"Stamp"`
	Head

	Name  string
	Facts []Fact // where, what for, its fund

	Income, Expense, PassedOn money.Amount // Income − Expense = what it left; PassedOn of that went to the general fund
	Had, Has                  money.Amount // in its fund before and after
	Months                    []VentureMonth
	Earned, Cost              []CostPart // by account
	Handed                    []EntryRow // entries that passed a surplus on
	Pictures                  []Picture

	Photos map[string][]byte `json:"-"` // the pictures' files by ID, found again before drawing
}

// Surplus is what it left.
func (d VentureDoc) Surplus() money.Amount { return d.Income.Sub(d.Expense) }

// VentureMonth is one month of a venture.
type VentureMonth struct {
	Month         time.Time
	In, Out, Gave money.Amount
}

// VentureReport draws it on A4.
func VentureReport(w io.Writer, doc VentureDoc) error {
	r, err := newBrief(doc.Head, doc.Stamp, "venture.report")
	if err != nil {
		return err
	}
	d := &ventureReport{r, doc}
	d.cover(d.front())
	return d.finish(w, d.say("venture.subject", doc.Name), func() {
		d.glance()
		d.result()
		d.gallery("venture.photos", doc.Pictures, doc.Photos)
		d.corrections()
	})
}

// ventureReport is one being drawn.
type ventureReport struct {
	*report
	said VentureDoc
}

// front is the cover: a vein is a month, as long as its income, its dot as large as what it left.
func (d *ventureReport) front() coverPage {
	v := d.said
	leaf := picture.Leaf{Title: v.Name, Bare: true, Themes: []picture.Theme{{Name: v.Name}}}
	for _, m := range v.Months {
		if m.In.Sign() > 0 {
			leaf.Themes[0].Veins = append(leaf.Themes[0].Veins, picture.Vein{Spent: m.In, Served: int(max(0, m.In.Sub(m.Out).Fen()/10000))})
		}
	}
	return coverPage{
		big: v.Name, leaf: leaf.Picture(), caption: d.say("venture.leaf"), answerer: d.answerer(),
		figures: [3]coverFigure{{d.say("venture.income"), v.Income.Format()}, {d.say("venture.left"), v.Surplus().Format()}, {d.say("venture.passed_on"), v.PassedOn.Format()}},
		sum:     d.say("report.unit") + d.say("venture.sum", v.Income.Format(), v.Expense.Format(), v.Surplus().Format()),
	}
}

func (d *ventureReport) glance() {
	v := d.said
	d.begin("venture.glance")
	d.bigRow(
		bigFigure{d.say("venture.income"), v.Income.Format(), d.say("key.grants.unit"), inkSerial},
		bigFigure{d.say("venture.left"), v.Surplus().Format(), d.say("key.grants.unit"), inkSerial},
	)
	d.factList(v.Facts)
	earned, cost := d.costBars("venture.earned", v.Earned, picture.In), d.costBars("venture.cost", v.Cost, picture.Out)
	picture.Align(earned, cost)
	d.y += 3
	d.summed(earned, v.Income, nil, nil)
	d.y += 3
	d.summed(cost, v.Expense, nil, nil)
	var months []MonthSum
	for _, m := range v.Months {
		months = append(months, MonthSum{Month: m.Month.Month(), In: m.In, Out: m.Out})
	}
	if len(months) > 1 {
		d.months(months)
	}
}

func (d *report) costBars(title string, parts []CostPart, kind picture.BarKind) *picture.Bars {
	b := &picture.Bars{Title: d.say(title), W: 680, Font: 14.5}
	for _, p := range parts {
		b.Rows = append(b.Rows, picture.Bar{Name: d.fitName(p.Name), Free: p.Amount, Kind: kind})
	}
	return b
}

// result is the sum, month by month, and where what was left went.
func (d *ventureReport) result() {
	v := d.said
	d.begin("venture.result")
	d.adding([]sumLine{
		{"", d.say("venture.had"), v.Had},
		{"+", d.say("venture.income"), v.Income},
		{"−", d.say("venture.expense"), v.Expense},
		{"−", d.say("venture.passed_on"), v.PassedOn},
		{"=", d.say("venture.has"), v.Has},
	})
	d.y += 8
	var rows []line
	for _, m := range v.Months {
		rows = append(rows, line{cells: []string{months(d.doc.Lang, m.Month, m.Month.AddDate(0, 1, -1)), figure(m.In), figure(m.Out), figure(m.In.Sub(m.Out)), figure(m.Gave)}})
	}
	cols := []column{
		{head: d.say("venture.month"), width: 42},
		{head: d.say("venture.income"), width: 32, amount: true},
		{head: d.say("venture.expense"), width: 32, amount: true},
		{head: d.say("venture.left"), width: 32, amount: true},
		{head: d.say("venture.passed_on"), width: 32, amount: true},
	}
	d.set(snug, cols, append(rows, line{kind: total, cells: []string{d.say("sum"), v.Income.Format(), v.Expense.Format(), v.Surplus().Format(), figure(v.PassedOn)}}))
	d.handed()
}

func (d *ventureReport) handed() {
	if len(d.said.Handed) == 0 {
		return
	}
	d.need(34)
	d.y += 9
	d.head(d.say("venture.handed"), d.said.PassedOn.Format())
	d.paid(d.said.Handed)
}
