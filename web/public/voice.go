package public

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/page"
	"fund/web/photo"
)

// What the refusals of a campaign's voice mean to a reader, here and at the desk.
func init() {
	page.Meaning(voice.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(voice.ErrNotYours, fiber.StatusConflict, "error.not_yours")
	page.Meaning(voice.ErrIncomplete, fiber.StatusConflict, "error.incomplete")
	page.Meaning(voice.ErrState, fiber.StatusConflict, "error.moved_on")
	page.Meaning(voice.ErrTooMany, fiber.StatusConflict, "error.enough")
	page.Meaning(voice.ErrThanked, fiber.StatusConflict, "error.thanked")
}

// voiceView is what a campaign says and hears, on its own page.
type voiceView struct {
	Photos    []photo.Photo // its gallery
	Latest    []postView    // the newest updates
	More      int           // updates beside those
	Thanks    *postView
	Questions []voice.Question // answered
	Asks      bool             // takes questions
	Form      *page.Form       // of a question
}

// postView is an update, or thanks, as its readers see it.
type postView struct {
	voice.Post
	Title, Body string // in the reader's language
	Photos      []photo.Photo
}

// latestPosts is how many updates stand on the campaign's own page.
const latestPosts = 3

// voice reads what stands about a campaign on its own page; nothing for one that is not written down yet.
func (p *Pages) voice(c *fiber.Ctx, of campaigns.Campaign) (v voiceView, err error) {
	ctx := c.UserContext()
	if of.ID == 0 {
		return v, nil
	}
	gallery, err := voice.Photos(ctx, p.Read, here(c), voice.OfCampaign(of.ID))
	if err != nil {
		return v, err
	}
	v = voiceView{Photos: photo.At(page.Of(c).URL("/pictures"), gallery), Asks: of.State != campaigns.Draft, Form: questionForm(page.BlankForm(c))}
	posts, err := voice.Posts(ctx, p.Read, here(c), of.ID, voice.PostPublished)
	if err != nil {
		return v, err
	}
	for _, post := range posts {
		if post.Kind == voice.Update && len(v.Latest) == latestPosts {
			v.More++
			continue
		}
		made, err := p.postView(c, post)
		if err != nil {
			return v, err
		}
		if post.Kind == voice.Thanks {
			v.Thanks = &made
		} else {
			v.Latest = append(v.Latest, made)
		}
	}
	v.Questions, err = voice.Questions(ctx, p.Read, here(c), of.ID, voice.Answered)
	return v, err
}

func (p *Pages) postView(c *fiber.Ctx, post voice.Post) (postView, error) {
	photos, err := voice.Photos(c.UserContext(), p.Read, here(c), voice.OfPost(post.ID))
	return postView{post, post.Title(lang(c)), post.Body(lang(c)), photo.At(page.Of(c).URL("/pictures"), photos)}, err
}

// inTx runs a verb in one database transaction.
func (p *Pages) inTx(c *fiber.Ctx, verb func(tx *sqlx.Tx) error) error {
	return ledger.InTx(c.UserContext(), p.DB, verb)
}

// changed makes the kept pages of the community old.
func changed(c *fiber.Ctx) { page.SiteOf(c).Cache.Bump(here(c)) }

// uuidAt reads an id from an address.
func uuidAt(c *fiber.Ctx, param string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params(param))
	if err != nil {
		err = page.ErrNotFound
	}
	return id, err
}

// labelled names a form's fields: prefix and the field's own name make the message key.
func labelled(f *page.Form, prefix string, names ...string) *page.Form {
	for _, name := range names {
		f.Label(name, prefix+"."+name)
	}
	return f
}

// thanks is what a campaign says to its givers; nil where it says nothing yet.
func (p *Pages) thanks(c *fiber.Ctx, campaign int) (*postView, error) {
	post, err := voice.ThanksOf(c.UserContext(), p.Read, here(c), campaign)
	if post == nil {
		return nil, err
	}
	made, err := p.postView(c, *post)
	return &made, err
}
