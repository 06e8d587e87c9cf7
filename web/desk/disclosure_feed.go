package desk

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/page"
)

func weekdays(c *fiber.Ctx) []string { return strings.Fields(page.Of(c).T("law.calendar.weekdays")) }

// feedAddress is the whole address of the reader's own calendar; empty where they have none.
func (p *Pages) feedAddress(c *fiber.Ctx, community ledger.Community) (string, error) {
	s, err := auth.Current(c)
	if err != nil {
		return "", err
	}
	token, err := disclosure.FeedOf(c.UserContext(), p.DB, community.ID, s.UserID)
	if err != nil || token == "" {
		return "", err
	}
	return page.SiteOf(c).URL(page.Of(c).URL("/calendar/"+token)) + "?lang=" + string(page.Of(c).Lang), nil
}

// ToDisclosure sends whoever reloads the address of one of the calendar's forms back to it.
func (p *Pages) ToDisclosure(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/disclosure"), fiber.StatusSeeOther)
}

// MakeFeed gives the reader an address of the calendar for a calendar program.
func (p *Pages) MakeFeed(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	err = p.act(c, "disclosure.feed", auth.UserSubject(s.UserID), nil, func(tx *sqlx.Tx, _ string) error {
		_, err := disclosure.MakeFeed(c.UserContext(), tx, page.Of(c).Community.ID, s.UserID)
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/disclosure", "law.calendar.feed_made")
}

// Feed is the calendar as a calendar program reads it. The address is the key; it opens for as long as its owner may see
// the desk.
func (p *Pages) Feed(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	id, err := disclosure.FeedUser(c.UserContext(), p.DB, community.ID, c.Params("token"))
	if err != nil {
		return err
	}
	user, err := p.Door.Gate.FindUser(c.UserContext(), p.DB, id)
	if err != nil {
		return err
	}
	if !user.Can(auth.ReadDesk, community.ID) {
		return page.ErrNotFound
	}
	duties, err := disclosure.Calendar(c.UserContext(), p.DB, community, p.Now())
	if err != nil {
		return err
	}
	lang := page.Of(c).Lang
	if asked, ok := i18n.ParseLang(c.Query("lang")); ok {
		lang = asked
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	return c.SendString(p.ical(c, community, duties, lang))
}

func (p *Pages) ical(c *fiber.Ctx, community ledger.Community, duties []disclosure.Duty, lang i18n.Lang) string {
	site, domain := page.SiteOf(c), "fund"
	if u, err := url.Parse(site.URL("")); err == nil {
		domain = community.Slug + "." + u.Hostname()
	}
	name := lang.T("law.calendar.feed_name", "community", community.Name(string(lang)))
	return disclosure.ICal(duties, name, p.Now(), domain, func(d disclosure.Duty) string {
		words := issue.DisclosureTitle(lang, d.Kind)
		if title := d.Subject.Title(string(lang)); title != "" {
			words += " · " + title
		}
		if d.Done != nil {
			words = "✓ " + words
		}
		return words
	}, func(d disclosure.Duty) string { return site.URL(page.Of(c).URL(dutyPath(d))) })
}
