package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
)

// reportDraftView is a report as it would be issued now.
type reportDraftView struct {
	reportLine
	Form     *page.Form
	Reading  issue.Reading
	At       issue.At
	Done     *disclosure.Done
	Open     bool // a month of it is open
	Empty    bool
	Unsealed bool // its last entries wait for a checkpoint: in a second or so
	AsOf     int64
	MayIssue bool

	community ledger.Community
	draft     publication.Draft
	file      []byte
}

// Ready tells whether it may be issued now.
func (v reportDraftView) Ready() bool { return !v.Open && !v.Empty && !v.Unsealed }

// reportHere reads the report that the address names.
func (p *Pages) reportHere(c *fiber.Ctx, community ledger.Community) (r publication.Report, err error) {
	from, to, err := publication.ParsePeriod(c.Params("period"))
	kind := disclosure.Kind(c.Params("kind"))
	if err != nil || !issue.Issuable(kind) {
		return r, page.ErrNotFound
	}
	r = publication.Of(kind, from, to)
	if !publication.NeedsSubject(kind) {
		return r, nil
	}
	s, err := issue.SubjectOf(c.UserContext(), p.DB, community.ID, kind, c.Query("of"))
	return r.About(s), err
}

// draftHere fills in the report that the address names, with a form to issue it.
func (p *Pages) draftHere(c *fiber.Ctx, f *page.Form) (v reportDraftView, err error) {
	if v.community, err = p.community(c); err != nil {
		return v, err
	}
	r, err := p.reportHere(c, v.community)
	if err != nil {
		return v, err
	}
	v.reportLine, v.At, v.MayIssue = reportLineOf(c, r), issue.At(page.Of(c).URL("")), can(c, auth.PublishCampaign)
	v.Form = labelled(f, "shelf.field", "note", "note_en", "sure")
	if v.Done, err = publication.Done(c.UserContext(), p.DB, v.community.ID, r); err != nil {
		return v, err
	}
	ready := publication.Ready(c.UserContext(), p.DB, v.community.ID, r)
	v.Open, v.Empty = errors.Is(ready, publication.ErrOpen), errors.Is(ready, publication.ErrEmpty)
	if ready != nil && !v.Open && !v.Empty {
		return v, ready
	}
	err = ledger.AtOneMoment(c.UserContext(), p.DB, func(tx *sqlx.Tx) (err error) {
		v.draft, err = issue.Fill(c.UserContext(), tx, v.community, r, page.SiteOf(c).URL(""), p.Now())
		return err
	})
	if v.Unsealed = errors.Is(err, transparency.ErrNotSealed); v.Unsealed {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.AsOf = v.draft.AsOf
	if publication.NeedsSubject(r.Kind) {
		v.Words = v.draft.Title(string(page.Of(c).Lang))
	}
	v.file, v.Reading, err = issue.Preview(v.draft, page.Of(c).Lang)
	return v, err
}

// ReportDraft shows what a report would say now, before anybody issues it.
func (p *Pages) ReportDraft(c *fiber.Ctx) error {
	v, err := p.draftHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/report", v)
}

// ReportDraftPDF is the same as it would be printed.
func (p *Pages) ReportDraftPDF(c *fiber.Ctx) error {
	v, err := p.draftHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if v.Unsealed {
		return transparency.ErrNotSealed
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return page.SendPDF(c, "draft-"+v.Key(), v.file)
}

// IssueReport numbers the report that somebody has looked at, and shows it to everybody; a correction says what it corrects.
func (p *Pages) IssueReport(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.draftHere(c, f)
	if err != nil {
		return err
	}
	note, err := v.read(c, p.DB)
	if err != nil {
		return err
	}
	if f.AnyWrong() || !v.Ready() {
		return page.Again(c, "desk/report", v)
	}
	var d disclosure.Document
	err = p.act(c, "report.issue", "report:"+v.Key(), nil, func(tx *sqlx.Tx, who string) (err error) {
		d, err = publication.Issue(c.UserContext(), tx, v.community, v.draft, note, who, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	if d.Version > 1 {
		return page.Done(c, "/documents/"+d.Serial(), "shelf.desk.corrected", "serial", d.Serial(), "n", d.Version)
	}
	return page.Done(c, "/documents/"+d.Serial(), "shelf.desk.issued", "serial", d.Serial())
}

// read reads the form: that it was looked at, of which entry on, and for a correction what it corrects. Where entries of its
// days or before were posted since, it has to be looked at again.
func (v reportDraftView) read(c *fiber.Ctx, q sqlx.QueryerContext) (note publication.Note, err error) {
	f := v.Form
	if v.Done != nil {
		note = publication.Note{ZH: f.Text("note", noteMax), EN: f.Text("note_en", noteMax, page.Optional)}
	}
	if !f.Bool("sure") {
		f.Wrong("sure", "shelf.wrong.sure")
	}
	seen, err := strconv.ParseInt(f.Typed("seen"), 10, 64)
	if err != nil {
		f.Wrong("sure", "shelf.wrong.sure")
		return note, nil
	}
	since, err := disclosure.EntriesSince(c.UserContext(), q, v.community.ID, seen, ledger.Day(1, 1, 1), v.Report.To)
	if since > 0 {
		f.Wrong("sure", "shelf.wrong.moved", "count", since)
	}
	return note, err
}

// reportSubjects are the projects and ventures that a report can be about, as options of a form.
func (p *Pages) reportSubjects(c *fiber.Ctx, community ledger.Community) (options []page.Option, err error) {
	for _, kind := range publication.Kinds {
		if !issue.Issuable(kind) || !publication.NeedsSubject(kind) {
			continue
		}
		subjects, err := issue.Subjects(c.UserContext(), p.DB, community.ID, kind)
		if err != nil {
			return nil, err
		}
		for _, s := range subjects {
			options = append(options, page.Option{Value: s.Slug, Label: s.Title(string(page.Of(c).Lang))})
		}
	}
	return options, nil
}
