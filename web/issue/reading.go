package issue

import (
	"cmp"
	"fmt"
	"strings"

	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/pdf"
)

// Reading is an issued report as a page: the figures of its value in tables, each with where readers see what it is made of.
type Reading struct {
	Stamp      pdf.Stamp
	Checkpoint pdf.Checkpoint
	Sum        []ReadSum    // the answer first: opening + in − out = closing
	Aside      []string     // what the sum leaves out, in sentences
	Figures    []ReadFigure // in large type
	Parts      []ReadPart
}

// ReadSum is a line of the sum.
type ReadSum struct {
	Sign, Name string
	Amount     money.Amount
	Ref        string // below the community; empty for none
	Last       bool
}

// ReadFigure is one figure with its words.
type ReadFigure struct{ Name, Figure, Unit, Ref string }

// ReadPart is one table, or a passage of words.
type ReadPart struct {
	ID, Title, Lead string
	Text            string
	Facts           []pdf.Fact
	Pictures        []pdf.Picture
	Heads           []string // of the first column, then of each amount
	Rows            []ReadRow
	Totals          []money.Amount
}

// ReadRow is a line of a table.
type ReadRow struct {
	Name, Note      string
	Ref             string
	Held            bool // of restricted money; Kinds says whether that is told
	Kinds           bool
	Level           int
	Head, Sum, Last bool
	Amounts         []money.Amount
}

// Class is the row's look in a statement.
func (r ReadRow) Class() string {
	switch {
	case r.Head:
		return "head"
	case r.Last:
		return "result"
	case r.Sum:
		return "sum"
	}
	return ""
}

// ReadCell is an amount in its column, or the column's head.
type ReadCell struct {
	Head, Class, Ref string
	Amount           money.Amount
	Blank            bool
}

// columnClass is the look of an amount's column: all but the last one are left to wide screens.
func (p ReadPart) columnClass(i int) (class string) {
	class = "r ruled-col"
	if i == 0 {
		class = "r red-rule"
	}
	if i+2 < len(p.Heads) {
		class += " wide-cell"
	}
	return class
}

// Columns are the heads, the first column's too.
func (p ReadPart) Columns() (cells []ReadCell) {
	for i, head := range p.Heads {
		cell := ReadCell{Head: head}
		if i > 0 {
			cell.Class = p.columnClass(i - 1)
		}
		cells = append(cells, cell)
	}
	return cells
}

// Cells are a row's amounts; the last one leads to what it is made of.
func (p ReadPart) Cells(r ReadRow) (cells []ReadCell) {
	for i := range len(p.Heads) - 1 {
		cell := ReadCell{Class: p.columnClass(i), Blank: i >= len(r.Amounts)}
		if !cell.Blank {
			cell.Amount = r.Amounts[i]
		}
		if i+2 == len(p.Heads) {
			cell.Ref = r.Ref
		}
		cells = append(cells, cell)
	}
	return cells
}

// Foot is the row of totals; nil without one.
func (p ReadPart) Foot() []ReadCell {
	if len(p.Totals) == 0 {
		return nil
	}
	return p.Cells(ReadRow{Amounts: p.Totals})
}

// Rest are the amounts but the last and but nothing, with their heads: on a phone they stand under the name.
func (p ReadPart) Rest(r ReadRow) (rest []ReadSum) {
	for i := 0; i+1 < len(r.Amounts); i++ {
		if !r.Amounts[i].IsZero() {
			rest = append(rest, ReadSum{Name: p.Heads[i+1], Amount: r.Amounts[i]})
		}
	}
	return rest
}

// At is the address of a community; To is the address of something below it, or on the page itself.
type At string

// To is the address of a Ref; empty where there is none.
func (a At) To(ref string) string {
	if ref == "" || strings.HasPrefix(ref, "#") {
		return ref
	}
	return string(a) + ref
}

// reader words the parts of a report in its language.
type reader struct{ lang i18n.Lang }

func (w reader) t(key string, pairs ...any) string { return w.lang.T("shelf."+key, pairs...) }

func (w reader) heads(keys ...string) (heads []string) {
	for _, key := range keys {
		heads = append(heads, w.t("head."+key))
	}
	return heads
}

func (w reader) part(id string, heads ...string) ReadPart {
	return ReadPart{ID: id, Title: w.t("part." + id), Heads: w.heads(heads...)}
}

// readFund reads the report of a whole community.
func readFund(d pdf.ReportDoc) (r Reading) {
	w := reader{i18n.Lang(d.Lang)}
	ref := func(pairs ...string) string { return EntriesRef(d.From, d.To, pairs...) }
	r.Sum = []ReadSum{
		{Name: w.t("sum.opening"), Amount: d.Opening, Ref: "#balance"},
		{Sign: "+", Name: w.t("sum.in"), Amount: d.Income, Ref: ref("kind", "in")},
		{Sign: "−", Name: w.t("sum.out"), Amount: d.Expense, Ref: ref("kind", "out")},
	}
	if !d.Other.IsZero() {
		r.Sum = append(r.Sum, ReadSum{Sign: "+", Name: w.t("sum.adjusted"), Amount: d.Other})
	}
	r.Sum = append(r.Sum, ReadSum{Sign: "=", Name: w.t("sum.closing"), Amount: d.Closing, Ref: "#balance", Last: true})
	r.Aside = append(r.Aside, w.t("aside.kinds", "held", d.ClosingHeld.Yuan(), "free", d.ClosingFree.Yuan()))
	if !d.Apart.IsZero() {
		r.Aside = append(r.Aside, w.t("aside.apart", "amount", d.Apart.Yuan()))
	}
	served := 0
	for _, p := range d.Projects {
		served += p.Served
	}
	r.Figures = []ReadFigure{
		{w.t("figure.projects"), i18n.Count(len(d.Projects)), w.t("unit.projects"), "#projects"},
		{w.t("figure.served"), i18n.Count(served), w.t("unit.served"), "#projects"},
		{w.t("figure.grants"), d.Grants.Format(), w.t("unit.yuan"), "#sources"},
	}
	r.Parts = told([]ReadPart{
		w.uses("sources", d.Sources), w.uses("uses", d.Uses), w.months(d), w.projects(d.Projects), w.campaigns(d.Campaigns), w.funds(d.Funds),
		w.activities(d.Activities), w.balance(d.Balance), w.cash(d.CashFlow), w.places(d.Places), w.reversals(d.Reversals),
	})
	return r
}

func (w reader) uses(id string, uses []pdf.Use) (p ReadPart) {
	p = w.part(id, "what", "free", "held", "total")
	for _, u := range uses {
		row := ReadRow{Name: u.Name, Ref: u.Ref, Amounts: []money.Amount{u.Free, u.Held, u.Sum()}}
		if u.Projects > 0 {
			row.Ref = cmp.Or(u.Ref, "/projects")
			row.Note = w.t("note.projects", "count", u.Projects, "served", i18n.Count(u.Served))
		}
		p.add(row, true)
	}
	return p
}

func (w reader) months(d pdf.ReportDoc) (p ReadPart) {
	p = w.part("months", "month", "in", "out")
	for i, m := range d.Months {
		month := d.From.AddDate(0, i, 0)
		p.add(ReadRow{Name: w.lang.Month(month), Ref: EntriesRef(month, month), Amounts: []money.Amount{m.In, m.Out}}, true)
	}
	return p
}

func (w reader) projects(list []pdf.ProjectPart) (p ReadPart) {
	p = w.part("projects", "project", "planned", "spent")
	for _, x := range list {
		p.add(ReadRow{
			Name: x.Title, Ref: x.Ref, Note: fmt.Sprintf("%s · %s", x.Theme, w.t("note.served", "count", x.Served)), Held: x.Held, Kinds: true, Amounts: []money.Amount{x.Budget, x.Spent},
		}, true)
	}
	return p
}

func (w reader) campaigns(list []pdf.CampaignPart) (p ReadPart) {
	p = w.part("campaigns", "campaign", "goal", "raised", "spent")
	for _, x := range list {
		p.Rows = append(p.Rows, ReadRow{Name: x.Title, Ref: x.Ref, Note: x.Legal, Amounts: []money.Amount{x.Goal, x.Raised, x.Spent}})
	}
	return p
}

func (w reader) funds(list []pdf.FundPart) (p ReadPart) {
	p = w.part("funds", "fund", "opening", "in", "out", "moved", "closing")
	for _, x := range list {
		p.add(ReadRow{Name: x.Name, Ref: x.Ref, Held: x.Held, Kinds: true, Amounts: []money.Amount{x.Opening, x.In, x.Out, x.Moved, x.Closing}}, true)
	}
	return p
}

func (w reader) activities(list []pdf.ActivityRow) (p ReadPart) {
	p = w.part("activity", "item", "free", "held", "total")
	for _, x := range list {
		p.Rows = append(p.Rows, statementRow(x.Name, x.Ref, x.Level, x.Head, x.Sum, x.Last, x.Free, x.Held, x.Total))
	}
	return p
}

func (w reader) balance(list []pdf.BalanceRow) (p ReadPart) {
	p = w.part("balance", "item", "opening", "closing")
	for _, x := range list {
		p.Rows = append(p.Rows, statementRow(x.Name, x.Ref, x.Level, x.Head, x.Sum, x.Last, x.Opening, x.Closing))
	}
	return p
}

func (w reader) cash(list []pdf.CashRow) (p ReadPart) {
	p = w.part("cash", "item", "amount")
	for _, x := range list {
		p.Rows = append(p.Rows, statementRow(x.Name, x.Ref, x.Level, x.Head, x.Sum, x.Last, x.Amount))
	}
	return p
}

func (w reader) places(list []pdf.PlaceRow) (p ReadPart) {
	p = w.part("places", "place", "amount")
	for _, x := range list {
		p.Rows = append(p.Rows, ReadRow{Name: x.Name, Ref: x.Ref, Amounts: []money.Amount{x.Amount}})
	}
	return p
}

func (w reader) reversals(list []pdf.ReversalRow) (p ReadPart) {
	p = w.part("reversals", "reversal", "amount")
	for _, x := range list {
		p.Rows = append(p.Rows, ReadRow{
			Name: w.t("note.reversal", "number", x.Number, "of", x.Of), Note: x.Why, Ref: "/ledger/" + x.Number, Amounts: []money.Amount{x.Amount},
		})
	}
	return p
}

func statementRow(name, ref string, level int, head, sum, last bool, amounts ...money.Amount) ReadRow {
	if head {
		amounts = nil
	}
	return ReadRow{Name: name, Ref: ref, Level: level, Head: head, Sum: sum, Last: last, Amounts: amounts}
}
