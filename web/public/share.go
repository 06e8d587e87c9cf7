package public

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	drawn "fund/web/card"
	"fund/web/i18n"
	"fund/web/page"
)

// tell says in the page's head what a chat shows of it: its title, a sentence and a drawn card. path is the page's
// address below the community.
func tell(c *fiber.Ctx, path, title, text string, shown drawn.Card, feeds ...page.Feed) {
	r, site := page.Of(c), page.SiteOf(c)
	address := func(path string) string { return site.URL(r.URL(path)) }
	card := func(s drawn.Shape) string {
		return address(cardPath(path) + string(r.Lang) + "." + s.Name + "." + shown.Hash(s))
	}
	feeds = append([]page.Feed{{Title: r.T("feed.of", "name", r.Community.Name.In(r.Lang)), URL: feedAddress(c, "")}}, feeds...)
	r.Share = &page.Share{Title: title, Text: text, URL: address(path), Image: card(drawn.Wide), Square: card(drawn.Square), Feeds: feeds}
}

// cardPath is where the cards of a page are: beside it.
func cardPath(path string) string {
	if path == "" {
		path = "/home"
	}
	if strings.Count(path, "/") == 1 {
		return "/card" + path + "/" // of a page with a name of its own: /card/reports/
	}
	return path + "/card/"
}

func feedAddress(c *fiber.Ctx, path string) string {
	r := page.Of(c)
	return page.SiteOf(c).URL(r.URL(path+"/feed.atom") + "?lang=" + string(r.Lang))
}

// plainCard is the card of a page that is no campaign's.
func plainCard(r *page.Reader, title, line, scene string) drawn.Card {
	return drawn.Card{Community: r.Community.Name.In(r.Lang), Title: title, Line: line, Scene: scene}
}

// campaignCard shows a campaign: how far it has come in whole percents, and what it is for.
func campaignCard(r *page.Reader, c campaigns.Campaign, restricted bool) drawn.Card {
	aim, _ := c.Aim()
	percent := int(c.Raised.PerMille(aim) / 10)
	shown := plainCard(r, c.Title(string(r.Lang)), r.T("street.card", "percent", percent, "goal", aim.YuanShort()), c.Scene)
	shown.Bar, shown.Percent, shown.Held = true, percent, restricted
	if c.PictureID != nil {
		shown.PhotoID = c.PictureID.String()
	}
	return shown
}

// tellCampaign says what a chat shows of a campaign's page.
func tellCampaign(c *fiber.Ctx, v card) {
	path := "/campaigns/" + url.PathEscape(v.Slug)
	feed := page.Feed{Title: page.Of(c).T("feed.of_campaign", "title", v.Title), URL: feedAddress(c, path)}
	tell(c, path, v.Title, sentence(v.Campaign, lang(c)), campaignCard(page.Of(c), v.Campaign, v.Restricted), feed)
}

func projectCard(r *page.Reader, p project.Project) drawn.Card {
	line := r.T("screen.served", "count", p.PersonTimes)
	scene := map[project.Theme]string{"elders": "tea", "children": "book", "yard": "shelter", "mutual_aid": "hands"}[p.Theme]
	return plainCard(r, p.Title(string(r.Lang)), line, scene)
}

// pageCards are the cards of the pages that have one of their own, by name.
func pageCard(r *page.Reader, name string) (drawn.Card, bool) {
	community := r.Community.Name.In(r.Lang)
	switch name {
	case "home":
		return plainCard(r, r.T("home.title", "community", community), r.T("street.home"), "tree"), true
	case "campaigns":
		return plainCard(r, r.T("give.heading"), r.T("street.campaigns"), "hands"), true
	case "reports":
		return plainCard(r, r.T("reports.title"), r.T("street.reports"), "book"), true
	case "projects":
		return plainCard(r, r.T("street.projects_title"), r.T("street.projects"), "tea"), true
	}
	return drawn.Card{}, false
}

// tellPage says what a chat shows of one of those pages.
func tellPage(c *fiber.Ctx, name string) {
	r := page.Of(c)
	shown, _ := pageCard(r, name)
	path := "/" + name
	if name == "home" {
		path = ""
	}
	title := shown.Title
	if name != "home" {
		title += " · " + shown.Community
	}
	tell(c, path, title, shown.Line, shown)
}

// PageCard draws the card of a page that is no campaign's.
func (p *Pages) PageCard(c *fiber.Ctx) error {
	return p.card(c, func(r *page.Reader) (drawn.Card, error) {
		shown, ok := pageCard(r, c.Params("page"))
		if !ok {
			return shown, page.ErrNotFound
		}
		return shown, nil
	})
}

// CampaignCard draws a campaign's card.
func (p *Pages) CampaignCard(c *fiber.Ctx) error {
	return p.card(c, func(r *page.Reader) (drawn.Card, error) {
		found, err := p.shown(c)
		if err != nil {
			return drawn.Card{}, err
		}
		return p.cardOf(c, r, found)
	})
}

func (p *Pages) cardOf(c *fiber.Ctx, r *page.Reader, of campaigns.Campaign) (drawn.Card, error) {
	fund, err := ledger.FundAt(c.UserContext(), p.Read, here(c), of.FundID)
	return campaignCard(r, of, fund.Restricted), err
}

// ProjectCard draws a project's card.
func (p *Pages) ProjectCard(c *fiber.Ctx) error {
	return p.card(c, func(r *page.Reader) (drawn.Card, error) {
		found, err := project.FindProject(c.UserContext(), p.Read, here(c), c.Params("slug"))
		return projectCard(r, found), err
	})
}

const cardsKept = 64 // of a hundred kilobytes or so each

// painting bounds how many wait for a card: they are drawn one at a time.
var painting = make(chan struct{}, 8)

// card answers with a card as it is now. Its name is language.shape.hash.png: an address that names what the card
// shows today may be kept for ever, any other one gets today's card and is asked again.
func (p *Pages) card(c *fiber.Ctx, find func(*page.Reader) (drawn.Card, error)) error {
	said := strings.SplitN(c.Params("name"), ".", 3)
	if len(said) < 3 {
		return page.ErrNotFound
	}
	reader, ok := *page.Of(c), false
	if reader.Lang, ok = i18n.ParseLang(said[0]); !ok {
		return page.ErrNotFound
	}
	shape := drawn.Wide
	if said[1] == drawn.Square.Name {
		shape = drawn.Square
	}
	shown, err := find(&reader)
	if err != nil {
		return err
	}
	hash := shown.Hash(shape)
	done, err := turn(c.UserContext(), painting)
	if err != nil {
		return err
	}
	defer done()
	file, err := p.cards.get(hash, cardsKept, func() ([]byte, error) { return p.draw(c, shown, shape) })
	if err != nil {
		return err
	}
	keep := "public, max-age=31536000, immutable"
	if said[2] != hash {
		keep = "no-cache"
	}
	c.Set(fiber.HeaderCacheControl, keep)
	c.Set("Cross-Origin-Resource-Policy", "cross-origin") // it is made to be shown elsewhere
	c.Type(shown.Format())
	return c.Send(file)
}

func (p *Pages) draw(c *fiber.Ctx, shown drawn.Card, shape drawn.Shape) ([]byte, error) {
	var photo []byte
	if shown.PhotoID != "" {
		found, err := campaigns.FindPicture(c.UserContext(), p.Read, here(c), uuid.MustParse(shown.PhotoID))
		if err != nil {
			return nil, err
		}
		photo = found.JPEG
	}
	var w bytes.Buffer
	err := shown.Draw(&w, shape, photo)
	return w.Bytes(), err
}
