package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/page"
)

type questionsView struct {
	Open, Answered []questionRow
	Form           *page.Form // within how many days a question about an entry is answered
}

// questionRow is a question with the campaign or the entry it is about.
type questionRow struct {
	voice.Question
	About string
	Path  string // of that, in public
	Days  int    // it has been open
	Late  int    // days past the one by which it is answered
}

// Questions lists what people asked: the open ones first, those with the nearest day on top.
func (p *Pages) Questions(c *fiber.Ctx) error {
	return p.questions(c, page.BlankForm(c), page.Render)
}

func (p *Pages) questions(c *fiber.Ctx, f *page.Form, show func(*fiber.Ctx, string, any) error) (err error) {
	v := questionsView{Form: f.Label("answer_days", "question_desk.days_label")}
	days, err := voice.AnswerDaysOf(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	if !f.AnyWrong() {
		f.Set("answer_days", strconv.Itoa(days))
	}
	if v.Open, err = p.questionRows(c, voice.Open); err != nil {
		return err
	}
	if v.Answered, err = p.questionRows(c, voice.Answered); err != nil {
		return err
	}
	return show(c, "desk/questions", v)
}

// SetAnswerDays says within how many days questions about entries are answered.
func (p *Pages) SetAnswerDays(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	days := f.Label("answer_days", "question_desk.days_label").Int("answer_days", 1, 60)
	if f.AnyWrong() {
		return p.questions(c, f, page.Again)
	}
	err := p.act(c, "question.days", "", map[string]any{"days": days}, func(tx *sqlx.Tx, _ string) error {
		return voice.SetAnswerDays(c.UserContext(), tx, page.Of(c).Community.ID, days)
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/questions", "question_desk.days_saved")
}

func (p *Pages) questionRows(c *fiber.Ctx, state voice.QuestionState) (rows []questionRow, err error) {
	found, err := voice.Questions(c.UserContext(), p.DB, page.Of(c).Community.ID, 0, state)
	if err != nil {
		return nil, err
	}
	for _, q := range found {
		row, err := p.questionRow(c, q)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, err
}

// questionRow says what a question is about.
func (p *Pages) questionRow(c *fiber.Ctx, q voice.Question) (row questionRow, err error) {
	community, err := p.community(c)
	if err != nil {
		return row, err
	}
	r := page.Of(c)
	row = questionRow{Question: q, Days: days(q.AskedAt, p.Now()), Late: q.DaysLate(community, p.Now())}
	if q.EntrySeq != 0 {
		entry, err := ledger.EntryAt(c.UserContext(), p.DB, community.ID, q.EntrySeq)
		row.About, row.Path = r.T("question_desk.of_entry", "number", entry.Voucher())+" · "+entry.Memo, r.URL("/ledger/"+entry.Voucher())
		return row, err
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, community.ID, q.CampaignID)
	row.About, row.Path = of.Title(string(r.Lang)), r.URL("/campaigns/"+of.Slug)
	return row, err
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
	v.questionRow, err = p.questionRow(c, v.Question)
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
