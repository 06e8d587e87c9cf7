package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/page"
	"fund/web/photo"
)

// evidenceForm are the fields with which a paper is shown with its entry.
func evidenceForm(f *page.Form) *page.Form {
	return labelled(f, "evidence.field", "picture", "caption", "covered")
}

func evidencePath(v entryView) string { return "/desk/journal/" + v.Voucher() }

// AddEvidence shows a photograph of an entry's paper to everybody, once somebody
// has said that what must not be seen is covered.
func (p *Pages) AddEvidence(c *fiber.Ctx) error {
	v, err := p.entryView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	f := evidenceForm(page.ReadForm(c))
	v.Papers = f
	file, caption := f.File(c, "picture"), f.Text("caption", 120)
	if f.Typed("covered") != "yes" {
		f.Wrong("covered", "evidence.wrong.covered")
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/entry", v)
	}
	read, err := file.Open()
	if err != nil {
		return err
	}
	defer read.Close()
	err = p.act(c, "evidence.add", "entry:"+v.Voucher(), nil, func(tx *sqlx.Tx, who string) error {
		return campaigns.AddEvidence(c.UserContext(), tx, page.Of(c).Community.ID, v.Seq, read, caption, who)
	})
	if errors.Is(err, campaigns.ErrState) {
		f.Wrong("picture", "evidence.wrong.full")
	}
	if photo.Refused(f, err) {
		return page.Again(c, "desk/entry", v)
	}
	p.moved(c, 0)
	return done(c, err, evidencePath(v), "evidence.shown")
}

// WithdrawEvidence takes a photograph away again.
func (p *Pages) WithdrawEvidence(c *fiber.Ctx) error {
	v, err := p.entryView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	picture, err := uuid.Parse(c.Params("picture"))
	if err != nil {
		return page.ErrNotFound
	}
	err = p.act(c, "evidence.withdraw", "entry:"+v.Voucher(), nil, func(tx *sqlx.Tx, who string) error {
		return campaigns.WithdrawEvidence(c.UserContext(), tx, page.Of(c).Community.ID, v.Seq, picture, who)
	})
	p.moved(c, 0)
	return done(c, err, evidencePath(v), "evidence.withdrawn")
}
