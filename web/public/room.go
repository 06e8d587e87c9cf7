package public

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
	"fund/web/photo"
)

// roomView is the campaigner's room: their campaign, what they wrote about it, and what was asked.
type roomView struct {
	campaigns.Campaign
	Title     string
	Public    bool
	Posts     []voice.Post
	Thanked   bool
	Questions []voice.Question // open
}

func (p *Pages) room(c *fiber.Ctx, campaign int) (*roomView, error) {
	ctx := c.UserContext()
	of, err := campaigns.CampaignAt(ctx, p.DB, here(c), campaign)
	if err != nil {
		return nil, err
	}
	v := &roomView{Campaign: of, Title: of.Title(lang(c)), Public: of.State != campaigns.Draft}
	all, err := voice.Posts(ctx, p.DB, here(c), campaign, voice.PostDraft, voice.PostSubmitted, voice.PostPublished, voice.PostDeclined)
	if err != nil {
		return nil, err
	}
	for _, post := range all {
		v.Thanked = v.Thanked || post.Kind == voice.Thanks && post.State != voice.PostDeclined
		if post.By == voice.Campaigner {
			v.Posts = append(v.Posts, post)
		}
	}
	v.Questions, err = voice.Questions(ctx, p.DB, here(c), campaign, voice.Open)
	return v, err
}

// ownCampaign is the campaign of the token's proposal.
func (p *Pages) ownCampaign(c *fiber.Ctx) (token string, campaign int, err error) {
	found, err := p.proposalHere(c)
	if err == nil && found.CampaignID == nil {
		err = page.ErrNotFound
	}
	if err != nil {
		return "", 0, err
	}
	return found.Token, *found.CampaignID, nil
}

const postTitleMax, postBodyMax = 80, 6000

// ownPostView is a campaigner's update or thanks, being written.
type ownPostView struct {
	voice.Post
	Token  string
	Form   *page.Form
	Photos photo.List
}

// Base is the address of the post's form.
func (v ownPostView) Base() string {
	if v.ID == 0 {
		return startPath(v.Token) + "/posts/new"
	}
	return ownPostPath(v.Token, v.ID)
}

func ownPostPath(token string, id int) string { return startPath(token) + "/posts/" + strconv.Itoa(id) }

func postForm(f *page.Form) *page.Form { return labelled(f, "voice.field", "post_title", "post_body") }

// NewOwnPost is an empty form: ?kind=thanks for thanks.
func (p *Pages) NewOwnPost(c *fiber.Ctx) error {
	token, campaign, err := p.ownCampaign(c)
	if err != nil {
		return err
	}
	v := ownPostView{Token: token, Form: postForm(page.BlankForm(c)), Post: voice.Post{CampaignID: campaign, Kind: kindOf(c.Query("kind"))}}
	v.Form.Set("kind", string(v.Kind))
	return page.Render(c, "public/own_post", v)
}

func kindOf(typed string) voice.Kind {
	if typed == string(voice.Thanks) {
		return voice.Thanks
	}
	return voice.Update
}

// WriteOwnPost keeps a campaigner's new post as a draft, to which pictures can be added.
func (p *Pages) WriteOwnPost(c *fiber.Ctx) error {
	token, campaign, err := p.ownCampaign(c)
	if err != nil {
		return err
	}
	f := postForm(page.ReadForm(c))
	v := ownPostView{Token: token, Form: f, Post: voice.Post{CampaignID: campaign, Kind: kindOf(f.Typed("kind")), By: voice.Campaigner, CreatedAt: p.Now()}}
	v.TitleZH, v.BodyZH = oneLine(f.Text("post_title", postTitleMax)), f.Text("post_body", postBodyMax)
	if f.AnyWrong() {
		return page.Again(c, "public/own_post", v)
	}
	err = p.inTx(c, func(tx *sqlx.Tx) (err error) {
		v.Post, err = voice.WritePost(c.UserContext(), tx, here(c), v.Post)
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, v.Base(), "voice.post_kept")
}

// ownPost is the post that the address names, if the campaigner wrote it.
func (p *Pages) ownPost(c *fiber.Ctx, f *page.Form) (v ownPostView, err error) {
	token, campaign, err := p.ownCampaign(c)
	if err != nil {
		return v, err
	}
	id, err := page.Number(c, "post")
	if err != nil {
		return v, err
	}
	post, err := voice.PostAt(c.UserContext(), p.DB, here(c), id)
	if err != nil {
		return v, err
	}
	if post.CampaignID != campaign || post.By != voice.Campaigner {
		return v, page.ErrNotFound
	}
	v = ownPostView{Post: post, Token: token, Form: postForm(f)}
	v.Photos, err = photo.Find(c, p.DB, v.Base(), voice.OfPost(id), v.Form)
	v.Photos.Fixed = post.State != voice.PostDraft
	return v, err
}

// OwnPost shows a campaigner's post: to write on while it is a draft, to look at after.
func (p *Pages) OwnPost(c *fiber.Ctx) error {
	v, err := p.ownPost(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Form.Set("post_title", v.TitleZH).Set("post_body", v.BodyZH)
	return page.Render(c, "public/own_post", v)
}

// SaveOwnPost keeps a draft, and hands it to the staff if that was pressed.
func (p *Pages) SaveOwnPost(c *fiber.Ctx) error {
	v, err := p.ownPost(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	v.TitleZH, v.BodyZH = oneLine(v.Form.Text("post_title", postTitleMax)), v.Form.Text("post_body", postBodyMax)
	if v.Form.AnyWrong() {
		return page.Again(c, "public/own_post", v)
	}
	to, notice := v.Base(), "voice.post_kept"
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		if err := voice.EditOwnPost(c.UserContext(), tx, here(c), v.Post); err != nil || v.Form.Typed("press") != "submit" {
			return err
		}
		to, notice = startPath(v.Token), "voice.post_submitted"
		return voice.SubmitPost(c.UserContext(), tx, here(c), v.ID)
	})
	if err != nil {
		return err
	}
	return page.Done(c, to, notice)
}

type answerView struct {
	voice.Question
	Token string
	Form  *page.Form
}

// OwnAnswer asks the campaigner for the answer to a question.
func (p *Pages) OwnAnswer(c *fiber.Ctx) error {
	v, err := p.ownQuestion(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "public/own_answer", v)
}

// AnswerOwn answers a question about the campaigner's campaign, which makes it public.
func (p *Pages) AnswerOwn(c *fiber.Ctx) error {
	v, err := p.ownQuestion(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	answer := v.Form.Text("answer", answerMax)
	if v.Form.AnyWrong() {
		return page.Again(c, "public/own_answer", v)
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		return voice.Answer(c.UserContext(), tx, here(c), v.CampaignID, v.ID, answer, voice.Campaigner, p.Now())
	})
	if err != nil {
		return err
	}
	changed(c)
	return page.Done(c, startPath(v.Token), "voice.answered")
}

const answerMax = 2000

// ownQuestion is an open question about the campaigner's campaign; who asked stays with the staff.
func (p *Pages) ownQuestion(c *fiber.Ctx, f *page.Form) (v answerView, err error) {
	token, campaign, err := p.ownCampaign(c)
	if err != nil {
		return v, err
	}
	id, err := uuidAt(c, "question")
	if err != nil {
		return v, err
	}
	found, err := voice.QuestionAt(c.UserContext(), p.DB, here(c), campaign, id)
	if err == nil && found.State != voice.Open {
		err = voice.ErrState
	}
	if errors.Is(err, voice.ErrNotFound) {
		err = page.ErrNotFound
	}
	return answerView{found, token, labelled(f, "voice.field", "answer")}, err
}
