package desk

import (
	"errors"
	"strconv"

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
		return p.coverAgain(c, v)
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
		return p.coverAgain(c, v)
	}
	p.moved(c, 0)
	return done(c, err, evidencePath(v), "evidence.shown")
}

// coverAgain shows the form again on the page where it was filled in.
func (p *Pages) coverAgain(c *fiber.Ctx, v entryView) error {
	if v.Papers.Typed("paper") == "" {
		return page.Again(c, "desk/entry", v)
	}
	scan, _ := strconv.Atoi(v.Papers.Typed("scan"))
	cover, err := p.coverView(c, v.Papers.Typed("paper"), scan, v.Papers)
	if err != nil {
		return err
	}
	return page.Again(c, "desk/cover", cover)
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
