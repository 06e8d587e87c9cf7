package issue

import (
	"time"

	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/pdf"
)

// readAnnual reads a year's report: all of the transparency report, and what stands beside it.
func readAnnual(d pdf.AnnualDoc) (r Reading) {
	w := reader{i18n.Lang(d.Lang)}
	r = readFund(d.ReportDoc)
	before := append([]ReadPart{w.facts("facts", d.Facts)}, w.passages(d.Passages)...)
	after := []ReadPart{w.uses("paid", d.Paid), w.motions(d.Votes), w.ventures(d.Ventures), w.costs("costs", d.Costs), w.facts("groups", d.Groups)}
	r.Parts = told(append(append(before, r.Parts...), append(append(after, w.passages(d.Notes)...), w.pictures(d.Pictures))...))
	return r
}

// readProject reads the report on one project.
func readProject(d pdf.ProjectDoc) (r Reading) {
	w := reader{i18n.Lang(d.Lang)}
	r.Sum = []ReadSum{
		{Name: w.t("sum.received"), Amount: d.Received, Ref: "#sources"},
		{Sign: "−", Name: w.t("sum.spent"), Amount: d.Spent, Ref: "#payments"},
		{Sign: "=", Name: w.t("sum.left"), Amount: d.Left, Last: true},
	}
	r.Figures = []ReadFigure{
		{w.t("figure.served"), i18n.Count(d.Served), w.t("unit.served"), "#activities"},
		{w.t("figure.sessions"), i18n.Count(d.Sessions), w.t("unit.sessions"), "#activities"},
		{w.t("figure.hours"), i18n.Hours(d.Minutes), w.t("unit.hours"), ""},
	}
	lines := w.part("lines", "line", "planned", "spent")
	for _, x := range d.Lines {
		lines.add(ReadRow{Name: x.Name, Amounts: []money.Amount{x.Plan, x.Spent}}, true)
	}
	months := w.part("months", "month", "spent")
	for _, m := range d.Months() {
		months.add(ReadRow{Name: w.lang.Month(m.Month), Ref: "#payments", Amounts: []money.Amount{m.Amount}}, true)
	}
	activities := w.part("activities", "activity")
	for _, x := range d.Activities {
		activities.add(ReadRow{Name: x.Name, Note: w.t("note.held", "from", w.lang.Date(x.First), "to", w.lang.Date(x.Last), "sessions", x.Sessions) + " · " + w.t("note.served", "count", x.Served)}, false)
	}
	stones := w.part("milestones", "milestone")
	for _, x := range d.Stones {
		note := w.t("note.awaited", "day", w.lang.Date(x.Due))
		if !x.Done.IsZero() {
			note = w.t("note.done", "day", w.lang.Date(x.Done))
		}
		stones.add(ReadRow{Name: x.Title, Note: note}, false)
	}
	parts := append([]ReadPart{w.facts("facts", d.Facts)}, w.passages(d.Passages)...)
	r.Parts = told(append(parts, w.uses("sources", d.Sources), lines, months, activities, stones, w.entries("payments", d.Payments), w.pictures(d.Pictures)))
	return r
}

// readVenture reads the report on one venture.
func readVenture(d pdf.VentureDoc) (r Reading) {
	w := reader{i18n.Lang(d.Lang)}
	r.Sum = []ReadSum{
		{Name: w.t("sum.opening"), Amount: d.Had},
		{Sign: "+", Name: w.t("sum.earned"), Amount: d.Income, Ref: "#earned"},
		{Sign: "−", Name: w.t("sum.cost"), Amount: d.Expense, Ref: "#cost"},
		{Sign: "−", Name: w.t("sum.passed_on"), Amount: d.PassedOn, Ref: "#handed"},
		{Sign: "=", Name: w.t("sum.closing"), Amount: d.Has, Last: true},
	}
	months := w.part("months", "month", "in", "out", "passed_on")
	for _, m := range d.Months {
		months.add(ReadRow{Name: w.lang.Month(m.Month), Amounts: []money.Amount{m.In, m.Out, m.Gave}}, true)
	}
	r.Parts = told([]ReadPart{
		w.facts("facts", d.Facts), w.costs("earned", d.Earned), w.costs("cost", d.Cost), months, w.entries("handed", d.Handed), w.pictures(d.Pictures),
	})
	return r
}

// readSheet reads the sheet for the notice board.
func readSheet(d pdf.SheetDoc) (r Reading) {
	w := reader{i18n.Lang(d.Lang)}
	r = readFund(pdf.ReportDoc{
		Head: d.Head, Opening: d.Opening, Income: d.Income, Expense: d.Expense, Closing: d.Closing, ClosingHeld: d.Held, ClosingFree: d.Closing.Sub(d.Held), Other: d.Other,
		Sources: d.Sources, Uses: d.Uses,
	})
	for i := range r.Sum { // the sheet has no balance sheet of its own
		if r.Sum[i].Ref == "#balance" {
			r.Sum[i].Ref = statementsRef(d.From, d.To)
		}
	}
	r.Figures = []ReadFigure{
		{w.t("figure.projects"), i18n.Count(d.Projects), w.t("unit.projects"), "/projects?year=" + d.To.Format("2006")},
		{w.t("figure.served"), i18n.Count(d.Served), w.t("unit.served"), "/projects?year=" + d.To.Format("2006")},
	}
	return r
}

// statementsRef is the address of the balance sheet of the months from..to.
func statementsRef(from, to time.Time) string {
	return "/reports/statements?from=" + from.Format("2006-01") + "&to=" + to.Format("2006-01") + "#sheet"
}

// told leaves out the parts that say nothing.
func told(parts []ReadPart) (some []ReadPart) {
	for _, p := range parts {
		if len(p.Rows) > 0 || p.Text != "" || len(p.Facts) > 0 || len(p.Pictures) > 0 {
			some = append(some, p)
		}
	}
	return some
}

// add puts a row into a part, and onto its totals.
func (p *ReadPart) add(row ReadRow, totals bool) {
	p.Rows = append(p.Rows, row)
	if !totals {
		return
	}
	if p.Totals == nil {
		p.Totals = make([]money.Amount, len(row.Amounts))
	}
	for i, a := range row.Amounts {
		p.Totals[i] = p.Totals[i].Add(a)
	}
}

func (w reader) facts(id string, facts []pdf.Fact) (p ReadPart) {
	p = w.part(id)
	p.Facts = facts
	return p
}

func (w reader) passages(list []pdf.Passage) (parts []ReadPart) {
	for _, x := range list {
		parts = append(parts, ReadPart{Title: x.Title, Text: x.Text})
	}
	return parts
}

func (w reader) pictures(list []pdf.Picture) (p ReadPart) {
	p = w.part("pictures")
	p.Pictures = list
	return p
}

func (w reader) costs(id string, list []pdf.CostPart) (p ReadPart) {
	p = w.part(id, "what", "amount")
	for _, x := range list {
		p.add(ReadRow{Name: x.Name, Amounts: []money.Amount{x.Amount}}, true)
	}
	return p
}

func (w reader) entries(id string, list []pdf.EntryRow) (p ReadPart) {
	p = w.part(id, "reversal", "amount")
	for _, x := range list {
		amount := x.Out
		if amount.IsZero() {
			amount = x.In
		}
		p.add(ReadRow{Name: x.Memo, Note: w.lang.Date(x.Date) + " · " + x.Number, Ref: "/ledger/" + x.Number, Amounts: []money.Amount{amount}}, true)
	}
	return p
}

func (w reader) motions(v pdf.Votes) (p ReadPart) {
	p = w.part("votes", "motion", "amount")
	for _, x := range v.Motions {
		outcome := w.t("note.failed")
		if x.Passed {
			outcome = w.t("note.passed")
		}
		note := w.t("note.vote", "council", x.Council, "serial", x.Serial, "day", x.On, "outcome", outcome, "for", x.For, "against", x.Against, "abstained", x.Abstained)
		p.add(ReadRow{Name: x.Title, Note: note, Ref: x.Ref, Amounts: []money.Amount{x.Amount}}, false)
	}
	return p
}

func (w reader) ventures(list []pdf.VenturePart) (p ReadPart) {
	p = w.part("ventures", "venture", "in", "out", "passed_on")
	for _, x := range list {
		p.add(ReadRow{Name: x.Name, Ref: x.Ref, Amounts: []money.Amount{x.Income, x.Expense, x.PassedOn}}, true)
	}
	return p
}
