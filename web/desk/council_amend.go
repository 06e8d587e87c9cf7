package desk

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/web/page"
)

// draftOf is the form of a draft, filled with what stands where f is blank.
func (p *Pages) draftOf(c *fiber.Ctx, f *page.Form) (v motionForm, err error) {
	if v, err = p.proposalOf(c, f); err != nil {
		return v, err
	}
	if v.Motion, err = council.FindMotion(c.UserContext(), p.DB, page.Of(c).Community.ID, v.Council.ID, c.Params("motion")); err != nil {
		return v, err
	}
	if v.Motion.State != council.Draft {
		return v, council.ErrState
	}
	return v, nil
}

// EditMotion is the form that writes a draft anew.
func (p *Pages) EditMotion(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, err := p.draftOf(c, f)
	if err != nil {
		return err
	}
	m := v.Motion
	f.Set("kind", string(m.Kind)).Set("title_zh", m.TitleZH).Set("title_en", m.TitleEN).Set("text_zh", m.TextZH).Set("text_en", m.TextEN)
	if m.Amount != nil {
		f.Set("amount", m.Amount.String()).Set("from", strconv.Itoa(*m.FromFund)).Set("to", strconv.Itoa(*m.ToFund))
	}
	if m.ProjectID != nil {
		f.Set("project", strconv.Itoa(*m.ProjectID)).Set("about", strconv.Itoa(*m.ProjectID))
	}
	return page.Render(c, "desk/council_motion_new", v)
}

// AmendMotion writes a draft anew.
func (p *Pages) AmendMotion(c *fiber.Ctx) error {
	v, err := p.draftOf(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	m := v.read()
	if v.AnyWrong() {
		return page.Again(c, "desk/council_motion_new", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	m.ID = v.Motion.ID
	err = p.act(c, "motion.amend", motionSubject(m.ID), nil, func(tx *sqlx.Tx, who string) error {
		return council.Amend(c.UserContext(), tx, community, m, who, p.Now())
	})
	return done(c, err, councilsPath+"/"+v.Council.Slug+"/motions/"+v.Motion.Serial(), "council.did.amend")
}

// DraftPaper is a file of a motion, for the desk: of a draft nobody else reads it.
func (p *Pages) DraftPaper(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	n, err := page.Number(c, "paper")
	if err != nil {
		return err
	}
	k, err := council.FindCouncil(ctx, p.DB, here, c.Params("council"))
	if err != nil {
		return err
	}
	m, err := council.FindMotion(ctx, p.DB, here, k.ID, c.Params("motion"))
	if err != nil {
		return err
	}
	paper, err := council.PaperAt(ctx, p.DB, here, m.ID, n)
	if err != nil {
		return err
	}
	return page.SendPDF(c, fmt.Sprintf("motion-%s-%d", m.Serial(), n), paper.Content)
}
