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
	return p.asked(c, found...)
}

// asked says of questions what they are about.
func (p *Pages) asked(c *fiber.Ctx, found ...voice.Question) (rows []questionRow, err error) {
	community, err := p.community(c)
	if err != nil {
		return nil, err
	}
	titles, err := p.titles(c)
	if err != nil {
		return nil, err
	}
	seqs := []int64{}
	for _, q := range found {
		if q.EntrySeq != 0 {
			seqs = append(seqs, q.EntrySeq)
		}
	}
	list, err := ledger.Journal(c.UserContext(), p.DB, community.ID, ledger.JournalFilter{Seqs: seqs}, len(seqs))
	entries := map[int64]ledger.JournalEntry{}
	for _, e := range list {
		entries[e.Seq] = e
	}
	r := page.Of(c)
	for _, q := range found {
		of := titles[q.CampaignID]
		row := questionRow{q, of.Title(string(r.Lang)), r.URL("/campaigns/" + of.Slug), days(q.AskedAt, p.Now()), q.DaysLate(community, p.Now())}
		if e, ok := entries[q.EntrySeq]; ok {
			row.About, row.Path = r.T("question_desk.of_entry", "number", e.Voucher())+" · "+e.Memo, r.URL("/ledger/"+e.Voucher())
		}
		rows = append(rows, row)
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
	q, err := voice.QuestionAt(c.UserContext(), p.DB, page.Of(c).Community.ID, 0, id)
	if err != nil {
		return v, err
	}
	rows, err := p.asked(c, q)
	if err == nil {
		v.questionRow = rows[0]
	}
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
