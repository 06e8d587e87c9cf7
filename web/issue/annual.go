package issue

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/campaigns/organisation"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/i18n"
	"fund/web/pdf"
)

// Annual fills in the annual work and financial report of the calendar year of from. Hand it one REPEATABLE READ transaction;
// baseURL, issued and errors as Transparency.
func Annual(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time, lang i18n.Lang, baseURL string, issued time.Time) (doc pdf.AnnualDoc, err error) {
	first := ledger.Day(from.Year(), time.January, 1)
	b, err := newBooks(ctx, q, c, first, first.AddDate(1, 0, -1), lang, baseURL, issued)
	if err == nil {
		err = b.fill()
	}
	if err != nil {
		return doc, fmt.Errorf("issue.Annual(%s): %w", c.Slug, err)
	}
	a := &annual{books: b, doc: pdf.AnnualDoc{ReportDoc: b.doc}}
	for _, read := range []func() error{a.year, a.facts, a.groups, a.words, a.ventures, a.costs, a.pictures} {
		if err := read(); err != nil {
			return doc, fmt.Errorf("issue.Annual(%s): %w", c.Slug, err)
		}
	}
	a.notes()
	return a.doc, nil
}

// annual is an annual report being filled in.
type annual struct {
	*books
	doc pdf.AnnualDoc
}

// year is whose money paid the projects; the votes and the hours are the whole report's.
func (a *annual) year() error {
	y := Year{Year: a.from.Year()}
	if _, err := y.projects(a, a.q, a.c, a.from, a.to); err != nil {
		return err
	}
	if y.Paid.Total().IsZero() {
		return nil
	}
	for _, o := range Origins(y.Paid) {
		use := pdf.Use{Name: a.lang.T("issue.paid." + o.Key), Free: o.Amount}
		if o.Key == "granted" {
			use.Free, use.Held = money.Zero, o.Amount
		} else if o.Amount.IsZero() {
			continue
		}
		a.doc.Paid = append(a.doc.Paid, use)
	}
	a.doc.Own = y.Paid.Own()
	return nil
}

func (a *annual) fact(key string, pairs ...any) pdf.Fact {
	return pdf.Fact{Name: a.lang.T("issue.fact." + key), Text: a.lang.T("issue.fact."+key+"_text", pairs...)}
}

// facts are who reports, under which law and standard, and by when.
func (a *annual) facts() error {
	a.doc.Facts = append(a.doc.Facts, a.fact("entity", "name", a.c.Name(string(a.lang)), "ask", a.doc.Ask))
	hosts, err := campaigns.ListHosts(a, a.q, a.c.ID)
	for _, h := range hosts {
		if h.Certificate == "" {
			a.doc.Facts = append(a.doc.Facts, a.fact("host_plain", "name", h.Name(string(a.lang))))
			continue
		}
		a.doc.Facts = append(a.doc.Facts, a.fact("host", "name", h.Name(string(a.lang)), "certificate", h.Certificate))
	}
	a.doc.Facts = append(
		a.doc.Facts,
		pdf.Fact{Name: a.lang.T("issue.fact.standard"), Text: a.lang.T("issue.standard." + a.c.Standard)},
		a.fact("period", "from", a.lang.Date(a.from), "to", a.lang.Date(a.to)),
		a.fact("law", "due", a.lang.Date(ledger.Day(a.from.Year()+1, time.May, 31))),
	)
	return err
}

func (a *annual) groups() error {
	for _, kind := range []organisation.Kind{organisation.Group, organisation.Social} {
		_, sums, err := organisation.List(a, a.q, a.c.ID, organisation.Filter{Kind: kind, From: a.from, To: a.to, Limit: 1})
		if err != nil {
			return err
		}
		if sums.Activities > 0 {
			a.doc.Groups = append(a.doc.Groups, a.fact(string(kind), "n", i18n.Count(sums.Organisations), "members", i18n.Count(sums.Members),
				"activities", i18n.Count(sums.Activities), "people", i18n.Count(sums.People)))
		}
	}
	return nil
}

// words are what the staff wrote about the year.
func (a *annual) words() error {
	duty := disclosure.Duty{Kind: disclosure.Annual, Subject: disclosure.Subject{Kind: disclosure.OfCommunity}, From: a.from, Until: a.to}
	texts, _, err := disclosure.FindDraft(a, a.q, a.c.ID, duty)
	lang := string(a.lang)
	for _, p := range []struct{ key, text string }{{"done", texts.Done(lang)}, {"outcome", texts.Outcome(lang)}, {"leftover", texts.Leftover(lang)}} {
		if p.text != "" {
			a.doc.Passages = append(a.doc.Passages, pdf.Passage{Title: a.lang.T("law.doc.text." + p.key), Text: p.text})
		}
	}
	return err
}

// costs are spending by nature, as the activity statement has it.
func (a *annual) costs() error {
	activity, err := report.ActivityStatement(a, a.q, a.c, a.from, a.to)
	for _, l := range activity.Lines {
		expense := false
		for _, id := range l.Accounts {
			account, _ := a.accounts.ID(id)
			expense = expense || account.Type == ledger.Expense
		}
		if expense && l.Level() == 1 && !l.Empty() {
			a.doc.Costs = append(a.doc.Costs, pdf.CostPart{Name: l.Name(string(a.lang)), Amount: l.Figures.Period.Total()})
		}
	}
	return err
}

// notes are those of the statements that the books themselves can write.
func (a *annual) notes() {
	add := func(key string, pairs ...any) {
		n := strconv.Itoa(len(a.doc.Notes)+1) + ". "
		a.doc.Notes = append(a.doc.Notes, pdf.Passage{Title: n + a.lang.T("issue.note."+key), Text: a.lang.T("issue.note."+key+"_text", pairs...)})
	}
	held := 0
	for _, f := range a.doc.Funds {
		if f.Held && !f.Closing.IsZero() {
			held++
		}
	}
	undone := money.Zero
	for _, r := range a.doc.Reversals {
		undone = undone.Add(r.Amount.Abs())
	}
	add("basis", "standard", a.lang.T("issue.standard."+a.c.Standard))
	add("held", "amount", a.doc.ClosingHeld.Yuan(), "funds", i18n.Count(held), "free", a.doc.ClosingFree.Yuan())
	if !a.doc.Apart.IsZero() {
		add("agency", "amount", a.doc.Apart.Yuan())
	}
	add("grants", "amount", a.doc.Grants.Yuan())
	if a.doc.Hours.Minutes > 0 {
		add("hours", "hours", i18n.Count(a.doc.Hours.Minutes/60), "times", i18n.Count(a.doc.Hours.Times), "people", i18n.Count(a.doc.Hours.People))
	}
	add("reversals", "n", i18n.Count(len(a.doc.Reversals)), "amount", undone.Yuan())
}
