package issue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/pdf"
)

// ProjectReport fills in the report on one project from its beginning to now, as its end report has it where that was adopted. Its
// head names the months that it tells of, whatever from..to ask for. Hand it one REPEATABLE READ transaction; baseURL, issued and
// errors as Transparency; project.ErrNotFound.
func ProjectReport(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, id int, from, to time.Time, lang i18n.Lang, baseURL string, issued time.Time) (doc pdf.ProjectDoc, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("issue.ProjectReport(%s, %d): %w", c.Slug, id, err)
		}
	}()
	b, err := newBooks(ctx, q, c, from, to, lang, baseURL, issued)
	if err != nil {
		return doc, err
	}
	p, err := project.ProjectAt(ctx, q, c.ID, id)
	if err != nil {
		return doc, err
	}
	r, err := project.ReportOf(ctx, q, c.ID, id)
	if err != nil {
		return doc, err
	}
	f := &projectFill{books: b, p: p, r: r}
	f.words()
	f.money()
	for _, read := range []func() error{f.done, f.payments, f.story} {
		if err := read(); err != nil {
			return doc, err
		}
	}
	b.from, b.to = f.span()
	b.doc.Number, b.doc.Period, b.doc.From, b.doc.To = b.number(), b.period(), b.from, b.to
	err = b.newest()
	f.doc.Head = b.doc.Head
	return f.doc, err
}

// span is the days that are reported on: from the beginning to the end, to now while it runs, and the days of payments before
// and after.
func (f *projectFill) span() (from, to time.Time) {
	from, to = f.r.StartedOn, f.r.EndedOn
	if to.IsZero() {
		to = f.books.doc.Issued
	}
	for _, p := range f.doc.Payments {
		if from.IsZero() || p.Date.Before(from) {
			from = p.Date
		}
		if p.Date.After(to) {
			to = p.Date
		}
	}
	return cmp.Or(from, to), to
}

// projectFill is a project's report being filled in.
type projectFill struct {
	*books
	p   project.Project
	r   project.EndReport
	doc pdf.ProjectDoc
}

// words are the title, the facts and what people wrote.
func (f *projectFill) words() {
	lang := string(f.lang)
	f.doc.Title, f.doc.Theme, f.doc.Held = f.r.Title(lang), f.theme(string(f.r.Theme)), f.r.Restricted
	fact := func(key, text string) {
		if text != "" {
			f.doc.Facts = append(f.doc.Facts, pdf.Fact{Name: f.lang.T("issue.fact." + key), Text: text})
		}
	}
	fact("theme", f.doc.Theme)
	fact("where", f.p.Place(lang))
	fact("for_whom", f.p.People(lang))
	fact("who_runs", f.p.Organisation(lang))
	if !f.r.AgreedOn.IsZero() {
		text := f.lang.T("issue.fact.agreed_text", "council", f.p.Council(lang), "day", f.lang.Date(f.r.AgreedOn))
		if f.r.VotesFor+f.r.VotesAgainst > 0 {
			text = f.lang.T("issue.fact.voted_text", "council", f.p.Council(lang), "day", f.lang.Date(f.r.AgreedOn), "for", f.r.VotesFor, "against", f.r.VotesAgainst)
		}
		if f.r.Motion != "" {
			text += f.lang.T("issue.fact.motion", "serial", f.r.Motion)
		}
		fact("agreed", text)
	}
	if !f.r.StartedOn.IsZero() {
		until := f.lang.T("issue.fact.still")
		if !f.r.EndedOn.IsZero() {
			until = f.lang.Date(f.r.EndedOn)
		}
		fact("ran", f.lang.T("law.doc.from_to", "from", f.lang.Date(f.r.StartedOn), "to", until))
	}
	fact("own", f.p.Own(lang))
	for _, p := range []struct{ key, text string }{{"need", f.p.Need(lang)}, {"done", f.r.Done(lang)}, {"learned", f.r.Learned(lang)}} {
		if p.text != "" {
			f.doc.Passages = append(f.doc.Passages, pdf.Passage{Title: f.lang.T("issue.fact." + p.key), Text: p.text})
		}
	}
}

// money is what came, was planned and was spent.
func (f *projectFill) money() {
	lang := string(f.lang)
	f.doc.Budget, f.doc.Received, f.doc.Spent, f.doc.Left = f.r.Budget, f.r.Received, f.r.Spent, f.r.Left
	for _, s := range f.r.Sources {
		name := s.Fund(lang)
		if s.Kind == project.OtherIn { // the catalogue keeps "other" for plurals
			name = f.lang.T("issue.source.other_in")
		} else if name == "" || s.Kind == project.General {
			name = f.lang.T("issue.source." + string(s.Kind))
		}
		use := pdf.Use{Name: name, Free: s.Net()}
		if f.r.Restricted && s.Kind != project.General {
			use.Free, use.Held = money.Zero, s.Net()
		}
		f.doc.Sources = append(f.doc.Sources, use)
	}
	for _, l := range f.r.Lines {
		f.doc.Lines = append(f.doc.Lines, pdf.PlanPart{Name: cmp.Or(l.Name(lang), f.lang.T("issue.fact.no_line")), Plan: l.Planned, Spent: l.Spent})
	}
}

// done is what was done, and the steps towards it.
func (f *projectFill) done() error {
	lang := string(f.lang)
	f.doc.Served, f.doc.Sessions, f.doc.Minutes = f.r.Served.PersonTimes, f.r.Served.Sessions, f.r.Served.Minutes
	outcomes, err := project.ListOutcomes(f, f.q, f.c.ID, f.p.ID)
	if err != nil {
		return err
	}
	for _, a := range f.r.Activities {
		f.doc.Activities = append(f.doc.Activities, pdf.ActivityPart{Name: a.Name(lang), First: a.First, Last: a.Last, Sessions: a.Sessions, Served: a.PersonTimes})
	}
	for _, o := range outcomes {
		if o.Counts() {
			f.doc.Times = append(f.doc.Times, o.PersonTimes)
		}
	}
	for _, m := range f.r.Milestones {
		stone := pdf.StonePart{Title: m.Title(lang), Due: m.DueOn}
		if m.DoneOn != nil {
			stone.Done = *m.DoneOn
		}
		f.doc.Stones = append(f.doc.Stones, stone)
		for _, shown := range m.Pictures[:min(len(m.Pictures), picturesMax-len(f.doc.Pictures))] {
			p, err := picture(f, f.q, f.c.ID, shown.ID, m.Title(lang))
			if errors.Is(err, campaigns.ErrNotFound) { // taken down since the end report was adopted
				continue
			}
			if err != nil {
				return err
			}
			f.doc.Pictures = append(f.doc.Pictures, p)
		}
	}
	return nil
}

func (f *projectFill) payments() error {
	list, err := project.Spendings(f, f.q, f.c.ID, f.p)
	for _, s := range list {
		if n := len(f.doc.Payments); n > 0 && f.doc.Payments[n-1].Number == s.Voucher { // an entry of several lines
			f.doc.Payments[n-1].Out = f.doc.Payments[n-1].Out.Add(s.Amount)
		} else {
			f.doc.Payments = append(f.doc.Payments, pdf.EntryRow{Date: s.On, Number: s.Voucher, Memo: s.Memo, Out: s.Amount})
		}
	}
	return err
}

// story is what people told; a value that is kept has their number alone.
func (f *projectFill) story() error {
	told, err := project.ListTold(f, f.q, f.c.ID, f.p.ID)
	f.doc.Told = len(told)
	for i, t := range told {
		title := t.Name
		if title == "" {
			title = f.lang.T("issue.fact.somebody") + " " + strconv.Itoa(i+1)
		}
		f.doc.Stories = append(f.doc.Stories, pdf.Passage{Title: title, Text: t.Text(string(f.lang))})
	}
	return err
}
