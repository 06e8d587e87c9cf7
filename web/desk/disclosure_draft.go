package desk

import (
	"fmt"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

const (
	reportTextMax = 5000
	noteMax       = 500
	servedMax     = 1_000_000
)

// draftView is a report being written, or corrected: the form, and what it will look like.
type draftView struct {
	Row        dutyRow
	Form       *page.Form
	Doc        pdf.DisclosureDoc
	Ripe       bool   // what it reports on is over
	Asks       bool   // where what is left goes
	Outcome    bool   // what came of it
	Leftover   bool   // ends something, so that money can be left
	Left       string // what is left, in words
	MayWrite   bool
	MayPublish bool

	community ledger.Community
	duty      disclosure.Duty
	drawn     disclosure.Document
}

// Correction tells whether it is published already, so that this is its next version.
func (v draftView) Correction() bool { return v.duty.Done != nil }

// Issued is where an annual report is looked at and issued, with the words written here; empty for what is published here.
func (v draftView) Issued() string {
	if v.duty.Kind != disclosure.Annual {
		return ""
	}
	return reportPath(publication.Of(publication.Annual, v.duty.From, v.duty.Until))
}

// dutyHere reads the duty that the address names, with a form for its report.
func (p *Pages) dutyHere(c *fiber.Ctx, f *page.Form) (v draftView, err error) {
	if v.community, err = p.community(c); err != nil {
		return v, err
	}
	if v.duty, err = disclosure.FindDuty(c.UserContext(), p.DB, v.community, c.Params("duty"), p.Now()); err != nil {
		return v, err
	}
	today := v.community.Day(p.Now())
	v.Row = p.dutyRows(c, []disclosure.Duty{v.duty}, today)[0]
	v.Form = labelled(f, "law.field", "done_zh", "done_en", "outcome_zh", "outcome_en", "served", "leftover_zh", "leftover_en", "note", "note_en")
	v.Ripe, v.Outcome = v.duty.Ripe(today), v.duty.Kind != disclosure.Event
	v.Leftover = v.duty.Kind == disclosure.Result || v.duty.Kind == disclosure.Leftover
	v.MayWrite, v.MayPublish = can(c, auth.ManageCampaign), can(c, auth.PublishCampaign)
	return v, nil
}

// draw fills in what the report will look like with these texts.
func (v *draftView) draw(c *fiber.Ctx, p *Pages, texts disclosure.Texts) (err error) {
	if v.drawn, err = disclosure.Draw(c.UserContext(), p.DB, v.community, v.duty, texts, p.Now()); err != nil {
		return err
	}
	v.Doc = issue.Disclosure(v.drawn, v.community, page.Of(c).Lang, "")
	v.Asks, v.Left = v.drawn.Content.AsksLeftover(), v.drawn.Content.Figures.Left.Yuan()
	return nil
}

// texts are what was written so far: the draft, or what stands published.
func (v draftView) texts(c *fiber.Ctx, p *Pages) (t disclosure.Texts, err error) {
	t, kept, err := disclosure.FindDraft(c.UserContext(), p.DB, v.community.ID, v.duty)
	if err != nil || kept || v.duty.Done == nil {
		return t, err
	}
	stands, err := disclosure.Find(c.UserContext(), p.DB, v.community.ID, v.duty.Done.Year, v.duty.Done.Number, 0)
	return stands.Content.Texts, err
}

// Draft is the form of a report with its figures from the books.
func (p *Pages) Draft(c *fiber.Ctx) error {
	v, err := p.dutyHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	texts, err := v.texts(c, p)
	if err != nil {
		return err
	}
	if err := v.draw(c, p, texts); err != nil {
		return err
	}
	if texts.Served == 0 {
		texts.Served = v.drawn.Content.Figures.Served
	}
	v.Form.Set("done_zh", texts.DoneZH).Set("done_en", texts.DoneEN).Set("outcome_zh", texts.OutcomeZH).Set("outcome_en", texts.OutcomeEN).
		Set("leftover_zh", texts.LeftoverZH).Set("leftover_en", texts.LeftoverEN)
	if texts.Served > 0 {
		v.Form.Set("served", fmt.Sprint(texts.Served))
	}
	return page.Render(c, "desk/disclosure_draft", v)
}

// SaveDraft keeps what was written, or shows what it will look like.
func (p *Pages) SaveDraft(c *fiber.Ctx) error {
	v, err := p.dutyHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	texts := v.read()
	if err := v.draw(c, p, texts); err != nil {
		return err
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/disclosure_draft", v)
	}
	if v.Form.Typed("press") == "preview" {
		return page.Render(c, "desk/disclosure_draft", v)
	}
	err = p.act(c, "disclosure.draft", "disclosure:"+v.duty.Key(), nil, func(tx *sqlx.Tx, who string) error {
		return disclosure.SaveDraft(c.UserContext(), tx, v.community.ID, v.duty, texts, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, dutyPath(v.duty), "law.draft.saved")
}

// read reads the form.
func (v draftView) read() (t disclosure.Texts) {
	f := v.Form
	t.DoneZH, t.DoneEN = f.Text("done_zh", reportTextMax, page.Optional), f.Text("done_en", reportTextMax, page.Optional)
	t.OutcomeZH, t.OutcomeEN = f.Text("outcome_zh", reportTextMax, page.Optional), f.Text("outcome_en", reportTextMax, page.Optional)
	t.LeftoverZH, t.LeftoverEN = f.Text("leftover_zh", reportTextMax, page.Optional), f.Text("leftover_en", reportTextMax, page.Optional)
	t.Served = f.Int("served", 0, servedMax, page.Optional)
	return t
}

// PublishReport numbers the report and shows it to everybody; a correction says what it corrects.
func (p *Pages) PublishReport(c *fiber.Ctx) error {
	v, err := p.dutyHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.duty.Kind == disclosure.Annual { // whose paper is an issued report
		return c.Redirect(page.Of(c).URL(v.Issued()), fiber.StatusSeeOther)
	}
	texts := v.read()
	if err := v.draw(c, p, texts); err != nil {
		return err
	}
	note := v.note(&texts)
	if v.missing(texts, note); v.Form.AnyWrong() {
		return page.Again(c, "desk/disclosure_draft", v)
	}
	var d disclosure.Document
	err = p.act(c, "disclosure.publish", "disclosure:"+v.duty.Key(), nil, func(tx *sqlx.Tx, who string) (err error) {
		if d, err = disclosure.Publish(c.UserContext(), tx, v.community, v.duty, texts, note, who, p.Now()); err != nil {
			return err
		}
		return keepDrawings(c, tx, v.community, d)
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	if d.Version > 1 {
		return page.Done(c, "/documents/"+d.Serial(), "law.draft.corrected", "serial", d.Serial(), "n", d.Version)
	}
	return page.Done(c, "/documents/"+d.Serial(), "law.draft.published", "serial", d.Serial())
}

// note reads what a correction corrects, the English words into the texts; empty for a first version.
func (v draftView) note(t *disclosure.Texts) (note string) {
	if v.Correction() {
		note, t.NoteEN = v.Form.Text("note", noteMax, page.Optional), v.Form.Text("note_en", noteMax, page.Optional)
	}
	return note
}

// keepDrawings keeps what was published as it is drawn now.
func keepDrawings(c *fiber.Ctx, tx *sqlx.Tx, community ledger.Community, d disclosure.Document) error {
	drawings, err := issue.DrawDisclosure(d, community, page.SiteOf(c).URL(""))
	if err != nil {
		return err
	}
	return disclosure.KeepDrawings(c.UserContext(), tx, community.ID, d, drawings)
}

// missing marks what a report may not be published without.
func (v draftView) missing(t disclosure.Texts, note string) {
	if t.DoneZH == "" {
		v.Form.Wrong("done_zh", "law.draft.blank_done")
	}
	if v.Asks && t.LeftoverZH == "" {
		v.Form.Wrong("leftover_zh", "law.draft.blank_leftover")
	}
	if v.Correction() && note == "" {
		v.Form.Wrong("note", "law.draft.blank_note")
	}
}

// DraftPDF is the saved draft as it would be printed.
func (p *Pages) DraftPDF(c *fiber.Ctx) error {
	v, err := p.dutyHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	texts, err := v.texts(c, p)
	if err != nil {
		return err
	}
	if err := v.draw(c, p, texts); err != nil {
		return err
	}
	return page.DrawPDF(c, fmt.Sprintf("draft-%s.%s", v.duty.Key(), page.Of(c).Lang), func(w io.Writer) error { return pdf.Disclosure(w, v.Doc) })
}

// ToDraft sends whoever reloads the address of a draft's forms back to it.
func (p *Pages) ToDraft(c *fiber.Ctx) error {
	v, err := p.dutyHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return c.Redirect(v.Row.To, fiber.StatusSeeOther)
}
