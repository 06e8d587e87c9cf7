package public

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
)

type updatesView struct {
	Campaign campaigns.Campaign
	Title    string
	Posts    []postView
}

// Updates lists all updates of a campaign, the newest first.
func (p *Pages) Updates(c *fiber.Ctx) error {
	return page.Cached(c, "public/updates", func() (any, error) {
		of, err := p.shown(c)
		if err != nil {
			return nil, err
		}
		v := updatesView{Campaign: of, Title: of.Title(lang(c))}
		posts, err := voice.Posts(c.UserContext(), p.Read, here(c), of.ID, voice.PostPublished)
		if err != nil {
			return nil, err
		}
		for _, post := range posts {
			made, err := p.postView(c, post)
			if err != nil {
				return nil, err
			}
			v.Posts = append(v.Posts, made)
		}
		return v, nil
	})
}

type updateView struct {
	Campaign campaigns.Campaign
	Of       string // the campaign's title
	postView
}

// Update shows one update, or the thanks, of a campaign.
func (p *Pages) Update(c *fiber.Ctx) error {
	return page.Cached(c, "public/update", func() (any, error) {
		of, err := p.shown(c)
		if err != nil {
			return nil, err
		}
		id, err := page.Number(c, "update")
		if err != nil {
			return nil, err
		}
		post, err := voice.PostAt(c.UserContext(), p.Read, here(c), id)
		if err != nil {
			return nil, err
		}
		if post.CampaignID != of.ID || post.State != voice.PostPublished {
			return nil, page.ErrNotFound
		}
		made, err := p.postView(c, post)
		return updateView{of, of.Title(lang(c)), made}, err
	})
}

// follow writes down that the giver wants to be told what becomes of the gift.
func (p *Pages) follow(c *fiber.Ctx, f *page.Form, donation uuid.UUID) error {
	if !f.Bool("follow") {
		return nil
	}
	return p.inTx(c, func(tx *sqlx.Tx) error { return voice.Follow(c.UserContext(), tx, here(c), donation, p.Now()) })
}

type unfollowView struct {
	voice.Subscription
	Slug, Title string
}

// Unfollowing asks whether letters about a campaign shall end; nothing ends by merely opening the page, which programs
// that look at mail do too.
func (p *Pages) Unfollowing(c *fiber.Ctx) error {
	s, err := voice.FindSubscription(c.UserContext(), p.DB, here(c), c.Params("token"))
	if err != nil {
		return err
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, here(c), s.CampaignID)
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/unfollow", unfollowView{s, of.Slug, of.Title(lang(c))}))
}

// Unfollow ends the letters: from the page's button, or from the mail program's own (RFC 8058), which carries no cookie.
func (p *Pages) Unfollow(c *fiber.Ctx) error {
	all := page.ReadForm(c).Typed("all") != ""
	err := p.inTx(c, func(tx *sqlx.Tx) error {
		return voice.Unfollow(c.UserContext(), tx, here(c), c.Params("token"), all, p.Now())
	})
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL("/letters/"+c.Params("token")), fiber.StatusSeeOther)
}

// postPath is the address of an update below its community.
func postPath(slug string, id int) string {
	return "/campaigns/" + slug + "/updates/" + strconv.Itoa(id)
}
