package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/web/page"
	"fund/web/photo"
)

// reportView is the end report while it is written, with the figures it would have now.
type reportView struct {
	projectView
	Report project.EndReport
}

// EndReport shows a project's end report: to write, or as it was adopted.
func (p *Pages) EndReport(c *fiber.Ctx) error {
	v, err := p.reportView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Form.Set("done_zh", v.Words.DoneZH).Set("done_en", v.Words.DoneEN).Set("learned_zh", v.Words.LearnedZH).Set("learned_en", v.Words.LearnedEN)
	return page.Render(c, "desk/project_report", v)
}

func (p *Pages) reportView(c *fiber.Ctx, f *page.Form) (v reportView, err error) {
	if v.projectView, err = p.projectView(c, f); err != nil {
		return v, err
	}
	labelled(f, "life.field", "done_zh", "done_en", "learned_zh", "learned_en")
	if v.FundID == 0 {
		return v, page.ErrNotFound
	}
	v.Report, err = project.ReportOf(c.UserContext(), p.DB, page.Of(c).Community.ID, v.ID)
	return v, err
}

// words reads what was typed into an end report, and whether it is to stand.
func (v reportView) words() (adopt bool, w project.Words) {
	f := v.Form
	adopt = f.Typed("press") == "adopt"
	w = project.Words{LearnedZH: f.Text("learned_zh", 1000, page.Optional), DoneEN: f.Text("done_en", 3000, page.Optional), LearnedEN: f.Text("learned_en", 1500, page.Optional)}
	if w.DoneZH = f.Text("done_zh", 2000, page.Optional); adopt && w.DoneZH == "" {
		f.Wrong("done_zh", "form.wrong.blank")
	}
	return adopt, w
}

// WriteEndReport keeps the words of an end report, and adopts it where that was pressed.
func (p *Pages) WriteEndReport(c *fiber.Ctx) error {
	v, err := p.reportView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	adopt, w := v.words()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/project_report", v)
	}
	name := "write_report"
	if adopt {
		name = "adopt_report"
	}
	err = p.act(c, "project."+name, projectSubject(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		if err := project.WriteReport(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, w, who, p.Now()); err != nil || !adopt {
			return err
		}
		_, err := project.AdoptReport(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, who, p.Now())
		return err
	})
	p.moved(c, 0)
	return done(c, err, projectPath(v.ID)+"/report", "life.did."+name)
}

// AddMilestonePicture adds a photograph to a milestone, or takes one away.
func (p *Pages) AddMilestonePicture(c *fiber.Ctx) error {
	v, err := p.projectView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f, ctx, here := v.Form, c.UserContext(), page.Of(c).Community.ID
	number := f.Number("number")
	file, alt := f.File(c, "picture"), f.Text("alt", 120)
	if f.AnyWrong() {
		return page.Again(c, "desk/project", v)
	}
	err = p.act(c, "project.picture", projectSubject(v.ID), nil, func(tx *sqlx.Tx, _ string) error {
		read, err := file.Open()
		if err != nil {
			return err
		}
		defer read.Close()
		_, err = project.AddPicture(ctx, tx, here, v.ID, number, read, alt)
		return err
	})
	if photo.Refused(f, err) {
		return page.Again(c, "desk/project", v)
	}
	p.moved(c, 0)
	return done(c, err, projectPath(v.ID)+"#milestones", "life.did.picture")
}

// ProjectLines shows what a project spent, entry by entry, and on which line it falls.
func (p *Pages) ProjectLines(c *fiber.Ctx) error {
	v, err := p.projectView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/project_lines", v)
}

// PutOnLines puts entries that fall on no line onto lines, or takes one off to be put anew.
func (p *Pages) PutOnLines(c *fiber.Ctx) error {
	v, err := p.projectView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f, ctx, here := v.Form, c.UserContext(), page.Of(c).Community.ID
	off := f.Typed("off")
	var puts []project.Put
	for _, s := range v.OffLine {
		if line := f.Number("line_" + s.Voucher); line > 0 {
			puts = append(puts, project.Put{EntrySeq: s.EntrySeq, Line: line, Amount: s.Amount})
		}
	}
	err = p.act(c, "project.lines", projectSubject(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		for _, entry := range v.entriesOf([]string{off}) {
			if err := project.TakeOff(ctx, tx, here, v.ID, entry); err != nil {
				return err
			}
		}
		return project.SpendOn(ctx, tx, here, v.ID, who, puts...)
	})
	p.moved(c, 0)
	return done(c, err, projectPath(v.ID)+"/lines", "life.did.lines")
}
