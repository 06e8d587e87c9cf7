package public

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/voice"
	"fund/web/page"
)

const (
	questionMax = 400
	linksMax    = 1 // in a question: more is advertising
)

func questionForm(f *page.Form) *page.Form {
	return labelled(f, "voice.field", "question", "asker", "asker_email")
}

// Ask takes a question about a campaign; nobody else sees it before it is answered.
func (p *Pages) Ask(c *fiber.Ctx) error {
	of, err := p.shown(c)
	if err != nil {
		return err
	}
	f := questionForm(page.ReadForm(c))
	q := p.question(c, f, "question "+of.Slug)
	q.CampaignID = of.ID
	if f.AnyWrong() {
		return p.mendQuestion(c, f)
	}
	if !f.Bool("website") { // a field that people do not see
		err = p.inTx(c, func(tx *sqlx.Tx) error { return voice.Ask(c.UserContext(), tx, here(c), q) })
	}
	if errors.Is(err, voice.ErrTooMany) {
		f.Wrong("question", "voice.wrong.too_many")
		return p.mendQuestion(c, f)
	}
	if err != nil {
		return err
	}
	return page.Done(c, "/campaigns/"+of.Slug, "voice.asked")
}

// question reads what somebody asks.
func (p *Pages) question(c *fiber.Ctx, f *page.Form, about string) voice.Question {
	q := voice.Question{
		ID: f.Once(about, "question", "asker", "asker_email"), Body: f.Text("question", questionMax), AskedAt: p.Now(),
		Asker: voice.Asker{Name: oneLine(f.Text("asker", 40, page.Optional)), Email: f.Email("asker_email", page.Optional), Lang: lang(c)},
	}
	if strings.Count(strings.ToLower(q.Body), "http") > linksMax {
		f.Wrong("question", "voice.wrong.links")
	}
	return q
}

// mendQuestion shows the campaign's page again with what was typed.
func (p *Pages) mendQuestion(c *fiber.Ctx, f *page.Form) error {
	v, err := p.campaignView(c, giftForm(page.BlankForm(c)))
	if err != nil {
		return err
	}
	v.Voice.Form = f
	return page.Again(c, "public/campaign", v)
}

// ToQuestions sends whoever reloads the address of a question's POST back to the campaign.
func (p *Pages) ToQuestions(c *fiber.Ctx) error {
	of, err := p.shown(c)
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL("/campaigns/"+of.Slug)+"#questions", fiber.StatusSeeOther)
}
