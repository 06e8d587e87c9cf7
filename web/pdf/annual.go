package pdf

import (
	"io"

	"fund/ledger/money"
)

// AnnualDoc is a year's work and financial report: all of the transparency report, and what the law and a reader want beside
// it. Every word in it is already in the document's language.
type AnnualDoc struct {
	ReportDoc

	Facts    []Fact       // who reports: name, host, standard, currency, by when
	Passages []Passage    // the year in words, as staff wrote it
	Notes    []Passage    // to the statements
	Paid     []Use        // whose money paid the projects; a government's is Held, so that it is ruled
	Own      money.Amount // of Paid: no government's
	Ventures []VenturePart
	Costs    []CostPart // spending by nature
	Groups   []Fact     // residents' groups and organisations in figures
	Pictures []Picture

	Photos map[string][]byte `json:"-"` // the pictures' files by ID, found again before drawing
}

// Fact is a line of what there is to know, and its answer.
type Fact struct{ Name, Text string }

// Passage is what somebody wrote, under its heading.
type Passage struct{ Title, Text string }

// Picture is a photograph of a report; its file is kept elsewhere and known by its digest.
type Picture struct {
	ID      string
	SHA256  string
	W, H    int // pixels
	Caption string
	Alt     string
}

// VenturePart is one venture's year: Income − Expense = what it left; PassedOn of that went to the general fund.
type VenturePart struct {
	Name                      string
	Income, Expense, PassedOn money.Amount
	Ref                       string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// CostPart is spending of one nature.
type CostPart struct {
	Name   string
	Amount money.Amount
}

// AnnualReport draws a year's report on A4.
func AnnualReport(w io.Writer, doc AnnualDoc) error {
	r, err := newReport(doc.Head, doc.Stamp)
	if err != nil {
		return err
	}
	r.doc, r.name = doc.ReportDoc, say(doc.Lang, "annual.title", doc.Community, doc.Period)
	d := &annual{r, doc}
	d.cover(d.fundCover(d.say("annual.cover")))
	return d.finish(w, d.say("annual.subject", doc.Period), func() {
		d.who()
		d.keyFigures()
		d.moneyFlow()
		d.projectChart()
		d.projects()
		d.own()
		d.gallery("annual.photos", doc.Pictures, doc.Photos)
		d.votes()
		d.hours()
		d.campaigns()
		d.ventures()
		d.costs()
		d.funds()
		d.activities()
		d.balance()
		d.cashFlow()
		d.notes()
		d.sign()
		d.entries()
		d.reversals()
		d.corrections()
	})
}

// annual is a year's report being drawn.
type annual struct {
	*report
	said AnnualDoc
}
