package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/auth"
	"fund/web/page"
	"fund/web/photo"
)

// postRow is a post with the campaign it is about and the name of who wrote it.
type postRow struct {
	voice.Post
	Campaign string
	Who      string // empty for the campaigner
}

// Posts lists what campaigners handed in.
func (p *Pages) Posts(c *fiber.Ctx) error {
	found, err := voice.PostsToReview(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	rows, err := p.postRows(c, found)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/posts", rows)
}

func (p *Pages) postRows(c *fiber.Ctx, posts []voice.Post) (rows []postRow, err error) {
	titles, err := p.titles(c)
	if err != nil {
		return nil, err
	}
	named, err := p.named(c)
	for _, post := range posts {
		of := titles[post.CampaignID]
		row := postRow{Post: post, Campaign: of.Title(string(page.Of(c).Lang))}
		if post.By != voice.Campaigner {
			row.Who = named(post.By)
		}
		rows = append(rows, row)
	}
	return rows, err
}

type campaignPostsView struct {
	campaigns.Campaign
	Title     string
	Posts     []postRow
	Thanked   bool
	Photos    int
	Proposal  *voice.Proposal // from which the campaign came
	MayManage bool
}

// CampaignPosts lists the updates and thanks of one campaign, in every state.
func (p *Pages) CampaignPosts(c *fiber.Ctx) error {
	of, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	v := campaignPostsView{Campaign: of, Title: of.Title(string(page.Of(c).Lang)), MayManage: can(c, auth.ManageCampaign)}
	found, err := voice.Posts(c.UserContext(), p.DB, page.Of(c).Community.ID, of.ID,
		voice.PostDraft, voice.PostSubmitted, voice.PostPublished, voice.PostDeclined)
	if err != nil {
		return err
	}
	for _, post := range found {
		v.Thanked = v.Thanked || post.Kind == voice.Thanks && post.State != voice.PostDeclined
	}
	photos, err := voice.Photos(c.UserContext(), p.DB, page.Of(c).Community.ID, voice.OfCampaign(of.ID))
	if err != nil {
		return err
	}
	v.Photos = len(photos)
	if v.Proposal, err = voice.ProposalOf(c.UserContext(), p.DB, page.Of(c).Community.ID, of.ID); err != nil {
		return err
	}
	if v.Posts, err = p.postRows(c, found); err != nil {
		return err
	}
	return page.Render(c, "desk/campaign_posts", v)
}

const postTitleMax, postBodyMax = 80, 6000

var postFields = []string{"title_zh", "title_en", "body_zh", "body_en", "why"}

type postView struct {
	postRow
	Form   *page.Form
	Photos photo.List
	Public bool // its campaign is
}

// New tells whether the post is not written down yet.
func (v postView) New() bool { return v.ID == 0 }

// Address is where its form is sent.
func (v postView) Address() string {
	if v.New() {
		return campaignPath(v.CampaignID) + "/updates/new"
	}
	return postPath(v.ID)
}

// postSubject is how the audit log names an update or thanks.
func postSubject(id int) string { return "update:" + strconv.Itoa(id) }

func postPath(id int) string { return "/desk/updates/" + strconv.Itoa(id) }

// NewPost is an empty form: ?kind=thanks for thanks.
func (p *Pages) NewPost(c *fiber.Ctx) error {
	v, err := p.newPost(c, page.BlankForm(c).Set("kind", c.Query("kind")))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/post", v)
}

func (p *Pages) newPost(c *fiber.Ctx, f *page.Form) (v postView, err error) {
	of, err := p.campaignHere(c)
	v = postView{Form: labelled(f, "voice.field", postFields...), Public: of.State != campaigns.Draft}
	v.Campaign, v.CampaignID, v.Kind = of.Title(string(page.Of(c).Lang)), of.ID, voice.Update
	if f.Typed("kind") == string(voice.Thanks) {
		v.Kind = voice.Thanks
	}
	return v, err
}

// WritePost keeps a new post as a draft, to which pictures can be added.
func (p *Pages) WritePost(c *fiber.Ctx) error {
	v, err := p.newPost(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	v.read()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/post", v)
	}
	err = p.act(c, "update.draft", "campaign:"+strconv.Itoa(v.CampaignID), nil, func(tx *sqlx.Tx, who string) (err error) {
		v.By, v.CreatedAt = who, p.Now()
		v.Post, err = voice.WritePost(c.UserContext(), tx, page.Of(c).Community.ID, v.Post)
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, postPath(v.ID), "voice.post_drafted")
}

func (v *postView) read() {
	v.TitleZH, v.TitleEN = v.Form.Text("title_zh", postTitleMax), v.Form.Text("title_en", postTitleMax, page.Optional)
	v.BodyZH, v.BodyEN = v.Form.Text("body_zh", postBodyMax), v.Form.Text("body_en", postBodyMax, page.Optional)
}

// Post shows one post with what can be done with it.
func (p *Pages) Post(c *fiber.Ctx) error {
	v, err := p.postHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/post", v.filled())
}

func (v postView) filled() postView {
	v.Form.Set("title_zh", v.TitleZH).Set("title_en", v.TitleEN).Set("body_zh", v.BodyZH).Set("body_en", v.BodyEN)
	return v
}

func (p *Pages) postHere(c *fiber.Ctx, f *page.Form) (v postView, err error) {
	id, err := page.Number(c, "post")
	if err != nil {
		return v, err
	}
	post, err := voice.PostAt(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
	if err != nil {
		return v, err
	}
	rows, err := p.postRows(c, []voice.Post{post})
	if err != nil {
		return v, err
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, page.Of(c).Community.ID, post.CampaignID)
	if err != nil {
		return v, err
	}
	v = postView{postRow: rows[0], Form: labelled(f, "voice.field", postFields...), Public: of.State != campaigns.Draft}
	v.Photos, err = photo.Find(c, p.DB, postPath(id), voice.OfPost(id), f)
	return v, err
}

// SavePost keeps a post's texts, and publishes it or declines it if that was pressed.
func (p *Pages) SavePost(c *fiber.Ctx) error {
	v, err := p.postHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.Form.Typed("press") == "decline" {
		return p.declinePost(c, v)
	}
	v.read()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/post", v)
	}
	publish, letters := v.Form.Typed("press") == "publish", 0
	name := map[bool]string{false: "update.edit", true: "update.publish"}[publish]
	err = p.act(c, name, postSubject(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		if err := voice.EditPost(c.UserContext(), tx, page.Of(c).Community.ID, v.Post); err != nil || !publish {
			return err
		}
		letters, err = voice.PublishPost(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, who, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, v.CampaignID)
	if publish {
		return page.Done(c, postPath(v.ID), "voice.post_published", "count", letters)
	}
	return page.Done(c, postPath(v.ID), "voice.post_saved")
}

// declinePost keeps a post from the public, or takes it back.
func (p *Pages) declinePost(c *fiber.Ctx, v postView) error {
	why := v.Form.Text("why", whyMax)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/post", v)
	}
	err := p.act(c, "update.decline", postSubject(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		return voice.DeclinePost(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, who, why, p.Now())
	})
	if err != nil {
		return err
	}
	p.moved(c, v.CampaignID)
	return page.Done(c, postPath(v.ID), "voice.post_declined")
}
