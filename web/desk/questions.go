package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
)

type questionsView struct {
	Open, Answered []questionRow
}

// questionRow is a question with the campaign it is about.
type questionRow struct {
	voice.Question
	Campaign string
	Slug     string
	Days     int // it has been open
}

// Questions lists what people asked: the open ones first, the oldest on top.
func (p *Pages) Questions(c *fiber.Ctx) (err error) {
	var v questionsView
	if v.Open, err = p.questionRows(c, voice.Open); err != nil {
		return err
	}
	if v.Answered, err = p.questionRows(c, voice.Answered); err != nil {
		return err
	}
	return page.Render(c, "desk/questions", v)
}

func (p *Pages) questionRows(c *fiber.Ctx, state voice.QuestionState) (rows []questionRow, err error) {
	found, err := voice.Questions(c.UserContext(), p.DB, page.Of(c).Community.ID, 0, state)
	if err != nil {
		return nil, err
	}
	titles, err := p.titles(c)
	for _, q := range found {
		of := titles[q.CampaignID]
		rows = append(rows, questionRow{q, of.Title(string(page.Of(c).Lang)), of.Slug, days(q.AskedAt, p.Now())})
	}
	return rows, err
}

// titles are a community's campaigns by id.
func (p *Pages) titles(c *fiber.Ctx) (map[int]campaigns.Campaign, error) {
	list, err := campaigns.ListCampaigns(c.UserContext(), p.DB, page.Of(c).Community.ID, campaigns.CampaignFilter{})
	by := make(map[int]campaigns.Campaign, len(list))
	for _, of := range list {
		by[of.ID] = of
	}
	return by, err
}

type questionView struct {
	questionRow
	Form *page.Form
}

// Question shows one question with the form of its answer.
func (p *Pages) Question(c *fiber.Ctx) error {
	v, err := p.questionHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Form.Set("answer", v.Answer)
	return page.Render(c, "desk/question", v)
}

func (p *Pages) questionHere(c *fiber.Ctx, f *page.Form) (v questionView, err error) {
	id, err := uuid.Parse(c.Params("question"))
	if err != nil {
		return v, page.ErrNotFound
	}
	v.Form = labelled(f, "voice.field", "answer")
	if v.Question, err = voice.QuestionAt(c.UserContext(), p.DB, page.Of(c).Community.ID, 0, id); err != nil {
		return v, err
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, page.Of(c).Community.ID, v.CampaignID)
	v.Campaign, v.Slug, v.Days = of.Title(string(page.Of(c).Lang)), of.Slug, days(v.AskedAt, p.Now())
	return v, err
}

const answerMax = 2000

// AnswerQuestion answers a question, which makes it public, puts it away, or forgets who asked.
func (p *Pages) AnswerQuestion(c *fiber.Ctx) error {
	v, err := p.questionHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	ctx, community := c.UserContext(), page.Of(c).Community.ID
	switch v.Form.Typed("press") {
	case "hide":
		return p.settled(c, v.ID, "question.put_away", func(tx *sqlx.Tx, _ string) error {
			return voice.PutAwayQuestion(ctx, tx, community, v.CampaignID, v.ID)
		})
	case "forget":
		return p.settled(c, v.ID, "question.forget_asker", func(tx *sqlx.Tx, _ string) error { return voice.ForgetAsker(ctx, tx, community, v.ID) })
	}
	answer := v.Form.Text("answer", answerMax)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/question", v)
	}
	return p.settled(c, v.ID, "question.answer", func(tx *sqlx.Tx, who string) error {
		return voice.Answer(ctx, tx, community, v.CampaignID, v.ID, answer, who, p.Now())
	})
}

// settled runs a verb on a question, whose name is that of its notice too, and goes back to the list.
func (p *Pages) settled(c *fiber.Ctx, id uuid.UUID, name string, verb func(tx *sqlx.Tx, who string) error) error {
	if err := p.act(c, name, "question:"+id.String(), nil, verb); err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/questions", name)
}
