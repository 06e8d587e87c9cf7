package desk

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
)

func init() {
	page.Meaning(publication.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(publication.ErrPeriod, fiber.StatusNotFound, "error.missing")
	page.Meaning(publication.ErrOpen, fiber.StatusConflict, "error.report_open")
	page.Meaning(publication.ErrEmpty, fiber.StatusConflict, "error.report_empty")
}

// reportsView is where reports are issued.
type reportsView struct {
	Waiting     []reportLine // could be issued, the latest months first
	Older       []reportLine // the same, from further back
	Issued      []reportLine
	Schedules   []scheduleLine
	Form        *page.Form // any kind, any months
	Kinds       []page.Option
	Subjects    []page.Option
	Subscribers int
	MayIssue    bool
}

// reportLine is a report, issued or not.
type reportLine struct {
	publication.Report
	Title, Words string // its kind, and its months or what it is about
	Href         string // where it is looked at
	*disclosure.Drawn
	Moved int // entries of its days posted since it was issued
}

// scheduleLine is a report that can be issued by itself.
type scheduleLine struct {
	Field page.Field // days; empty where it is issued by hand
}

// waitingShown is how many reports that could be issued stand unfolded.
const waitingShown = 6

// Reports lists what could be issued, what was, and what issues itself.
func (p *Pages) Reports(c *fiber.Ctx) error {
	v, err := p.reportsView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/reports", v)
}

func (p *Pages) reportsView(c *fiber.Ctx, f *page.Form) (v reportsView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	v.Form, v.MayIssue = labelled(f, "shelf.field", "kind", "period", "of"), can(c, auth.PublishCampaign)
	waiting, err := publication.Waiting(c.UserContext(), p.DB, community, p.Now())
	if err != nil {
		return v, err
	}
	for _, w := range slices.Backward(waiting) {
		if issue.Issuable(w.Kind) {
			v.Waiting = append(v.Waiting, reportLineOf(c, w.Report))
		}
	}
	n := min(len(v.Waiting), waitingShown)
	v.Waiting, v.Older = v.Waiting[:n], v.Waiting[n:]
	if v.Issued, err = p.issuedLines(c, community); err != nil {
		return v, err
	}
	if v.Schedules, err = p.scheduleLines(c, community, f); err != nil {
		return v, err
	}
	if v.Subscribers, err = publication.Subscribers(c.UserContext(), p.DB, community.ID); err != nil {
		return v, err
	}
	for _, kind := range publication.Kinds {
		if issue.Issuable(kind) {
			v.Kinds = append(v.Kinds, page.Option{Value: string(kind), Label: issue.DisclosureTitle(page.Of(c).Lang, kind)})
		}
	}
	v.Subjects, err = p.reportSubjects(c, community)
	return v, err
}

func reportLineOf(c *fiber.Ctx, r publication.Report) reportLine {
	lang := page.Of(c).Lang
	words := issue.PeriodWords(lang, r)
	if r.Subject.Slug != "" {
		words = r.Subject.Title(string(lang)) + " · " + words
	}
	return reportLine{Report: r, Title: issue.DisclosureTitle(lang, r.Kind), Words: words, Href: page.Of(c).URL(reportPath(r))}
}

// reportPath is where a report is looked at before it is issued or corrected.
func reportPath(r publication.Report) string {
	path := fmt.Sprintf("/desk/reports/%s/%s", r.Kind, r.Period())
	if r.Subject.Slug != "" {
		path += "?of=" + r.Subject.Slug
	}
	return path
}

func (p *Pages) issuedLines(c *fiber.Ctx, community ledger.Community) (lines []reportLine, err error) {
	shelf, err := disclosure.Shelf(c.UserContext(), p.DB, community.ID)
	for _, d := range shelf {
		if !d.Content.Issued || err != nil {
			continue
		}
		line := reportLineOf(c, reportOf(d.Document))
		if line.Subject.Slug != "" { // the document's title names its months already
			line.Words = d.Title(string(page.Of(c).Lang))
		}
		line.Drawn = &d
		line.Moved, err = disclosure.EntriesSince(c.UserContext(), p.DB, community.ID, d.AsOf, d.Content.From, d.Content.Until)
		lines = append(lines, line)
	}
	return lines, err
}

// reportOf is the report that was issued as a document.
func reportOf(d disclosure.Document) publication.Report {
	return publication.Of(d.Content.Kind, d.Content.From, d.Content.Until).About(disclosure.Subject{
		Kind: d.SubjectKind, ID: d.SubjectID, Slug: d.Content.Slug, TitleZH: d.TitleZH, TitleEN: d.TitleEN,
	})
}

// ChooseReport leads to the report that a form names.
func (p *Pages) ChooseReport(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.reportsView(c, f)
	if err != nil {
		return err
	}
	kind := disclosure.Kind(f.Choice("kind", page.Values(v.Kinds)))
	from, to, err := publication.ParsePeriod(f.Text("period", 20))
	if err != nil {
		f.Wrong("period", "shelf.wrong.period")
	}
	r := publication.Of(kind, from, to)
	if publication.NeedsSubject(kind) {
		r.Subject.Slug = f.Choice("of", page.Values(v.Subjects))
		_, err := issue.SubjectOf(c.UserContext(), p.DB, page.Of(c).Community.ID, kind, r.Subject.Slug)
		switch {
		case errors.Is(err, publication.ErrNotFound):
			f.Wrong("of", "shelf.wrong.of")
		case err != nil:
			return err
		}
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/reports", v)
	}
	return c.Redirect(page.Of(c).URL(reportPath(r)), fiber.StatusSeeOther)
}

// ToReports sends whoever reloads the address of a form of the reports back to them.
func (p *Pages) ToReports(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/reports"), fiber.StatusSeeOther)
}

// scheduleField names the field for a schedule's days.
func scheduleField(s publication.Schedule) string {
	return "days-" + string(s.Kind) + "-" + string(s.Span)
}

// scheduleMax is how many days after the closing a report may come by itself.
const scheduleMax = 90

func (p *Pages) scheduleLines(c *fiber.Ctx, community ledger.Community, f *page.Form) (lines []scheduleLine, err error) {
	set, err := publication.Schedules(c.UserContext(), p.DB, community.ID)
	for _, s := range publication.Schedulable {
		if !issue.Issuable(s.Kind) {
			continue
		}
		title := page.Of(c).Lang.T("shelf.schedule."+string(s.Kind), "span", page.Of(c).Lang.T("shelf.span."+string(s.Span)))
		name := scheduleField(s)
		f.Label(name, "shelf.field.days")
		i := slices.IndexFunc(set, func(x publication.Schedule) bool { return x.Kind == s.Kind && x.Span == s.Span })
		if i >= 0 && f.Typed(name) == "" && !f.AnyWrong() {
			f.Set(name, fmt.Sprint(set[i].Days))
		}
		field := f.Field(name, "inputmode", "numeric", "class", "short")
		field.Label = title
		lines = append(lines, scheduleLine{Field: field})
	}
	return lines, err
}

// ScheduleReports sets what issues itself how many days after its months were closed; an empty field leaves it to people.
func (p *Pages) ScheduleReports(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	typed := map[int]int{}
	for i, s := range publication.Schedulable {
		name := scheduleField(s)
		f.Label(name, "shelf.field.days")
		if f.Typed(name) != "" {
			typed[i] = f.Int(name, 0, scheduleMax)
		}
	}
	if f.AnyWrong() {
		v, err := p.reportsView(c, f)
		if err != nil {
			return err
		}
		return page.Again(c, "desk/reports", v)
	}
	err := p.act(c, "report.schedule", "reports", map[string]any{"set": len(typed)}, func(tx *sqlx.Tx, who string) error {
		return setSchedules(c, tx, typed, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/reports", "shelf.desk.scheduled")
}

func setSchedules(c *fiber.Ctx, tx *sqlx.Tx, typed map[int]int, who string, at time.Time) error {
	community := page.Of(c).Community.ID
	for i, s := range publication.Schedulable {
		days, on := typed[i]
		s.Days, s.SetBy, s.SetAt = days, who, at
		set := func() error { return publication.SetSchedule(c.UserContext(), tx, community, s) }
		if !on {
			set = func() error { return publication.EndSchedule(c.UserContext(), tx, community, s.Kind, s.Span) }
		}
		if err := set(); err != nil {
			return err
		}
	}
	return nil
}
