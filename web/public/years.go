package public

import (
	"html/template"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/picture"
)

// yearView is what the community did in a year, in figures that open what they are made of.
type yearView struct {
	issue.Year
	Of   year
	Bar  template.HTML
	Paid []paidRow // whose money the projects spent
	Rows []yearRow
	// Spending is where all the year's money went, if not to projects alone.
	Spending []spendingRow
	Most     int // minutes of the month with the most help
	Hours    []monthHours
}

// paidRow is one origin of money, with its share of the whole.
type paidRow struct {
	issue.Origin
	Share string // of all; the shares make 100%
}

// spendingRow is a part of the year's spending, and the page that shows what it is made of.
type spendingRow struct {
	Key, Link string
	Amount    money.Amount
}

// yearRow is a project with its bar, on one scale with the others.
type yearRow struct {
	issue.YearProject
	Bar template.HTML
}

// monthHours is a month's help: what was given, and who received it.
type monthHours struct {
	issue.YearMonth
	Name string
}

// Given is all that was given in the month, in minutes.
func (m monthHours) Given() int { return m.Help + m.Shift }

// Year shows what was done in a year: the one asked for, or the newest.
func (p *Pages) Year(c *fiber.Ctx) error {
	return p.kept(c, "public/year", func(b books) (any, error) {
		of, err := b.pickYear(c.Params("year"), p.Now())
		if err != nil {
			return nil, err
		}
		v := yearView{Of: of}
		if v.Year, err = issue.YearOf(b, b.q, b.Community, of.Year); err != nil {
			return nil, err
		}
		v.spending(b)
		v.draw(b)
		return v, nil
	})
}

// parts are an amount's parts as the bars show them: own money, paid services, subsidies, and what the books do not say.
func parts(m report.Mix) []picture.Part {
	return []picture.Part{
		{Class: "fill", Amount: money.Sum(m.Given, m.Earned, m.Other)},
		{Class: "pine", Amount: m.Served},
		{Class: "out", Amount: m.Granted},
		{Class: "none", Amount: m.Before.Add(m.Ahead)},
	}
}

func (v *yearView) spending(b books) {
	if v.Out.Cmp(v.Spent) == 0 {
		return
	}
	number := strconv.Itoa(v.Of.Year)
	for _, r := range []spendingRow{
		{"projects", "#projects", v.Spent},
		{"organisations", b.below("/groups", "year", number), v.Beside.Organisations},
		{"campaigns", b.below("/campaigns"), v.Beside.Campaigns},
		{"ventures", b.below("/ventures"), v.Beside.Ventures},
		{"general", b.below("/ledger", "fund", "general", "kind", "out", "month", number), v.Beside.General},
	} {
		if !r.Amount.IsZero() {
			v.Spending = append(v.Spending, r)
		}
	}
}

func (v *yearView) draw(b books) {
	most := money.Zero
	for _, p := range v.Projects {
		if most.Less(p.Spent) {
			most = p.Spent
		}
	}
	v.Bar = picture.Shares{Title: b.r.T("year.paid"), Of: v.Spent, Parts: parts(v.Year.Paid)}.Picture().SVG()
	for _, p := range v.Projects {
		v.Rows = append(v.Rows, yearRow{p, picture.Shares{Of: most, Parts: parts(p.Paid)}.Picture().SVG()})
	}
	for _, o := range issue.Origins(v.Year.Paid) {
		if known := o.Key == "given" || o.Key == "served" || o.Key == "granted"; known || !o.Amount.IsZero() {
			v.Paid = append(v.Paid, paidRow{Origin: o})
		}
	}
	v.share()
	for _, h := range v.Year.Hours.Months {
		m := monthHours{h, b.r.Lang.Month(v.Of.From().AddDate(0, h.Month-1, 0))}
		v.Hours, v.Most = append(v.Hours, m), max(v.Most, m.Given())
	}
}

// share writes the shares of the origins so that they make 100%.
func (v *yearView) share() {
	weights := make([]int64, len(v.Paid))
	for i, r := range v.Paid {
		weights[i] = max(r.Amount.Fen(), 0)
	}
	if v.Spent.Sign() <= 0 {
		return
	}
	for i, part := range money.FromFen(1000).Split(weights...) {
		v.Paid[i].Share = i18n.Percent(part.Fen())
	}
}
