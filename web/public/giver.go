package public

import (
	"errors"
	"html/template"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/giver"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

// What the refusals of a giver's wishes mean to a reader.
func init() {
	page.Meaning(giver.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(giver.ErrLink, fiber.StatusGone, "error.link")
	page.Meaning(giver.ErrHolder, fiber.StatusForbidden, "error.holder")
	page.Meaning(giver.ErrNoRefund, fiber.StatusConflict, "error.no_refund")
	page.Meaning(giver.ErrAsked, fiber.StatusConflict, "error.refund_asked")
	page.Meaning(giver.ErrNotIn, fiber.StatusForbidden, "error.not_in")
	page.Elsewhere(giver.ErrNotIn, func(c *fiber.Ctx) string { return page.Of(c).URL(minePath) })
}

const (
	minePath  = "/mine"
	giftsPage = 20
)

// Plan is a giver's monthly plan or promise as their page shows it.
type Plan struct {
	Campaign string       `json:"campaign"` // its title
	Amount   money.Amount `json:"amount"`   // each time
	Text     string       `json:"state"`    // how it stands, in the reader's language
	URL      string       `json:"-"`        // where it is changed
}

// giverCookie keeps a giver's session, as the staff's is kept.
func giverCookie(c *fiber.Ctx) string {
	if page.SiteOf(c).Secure() {
		return "__Host-fund_giver"
	}
	return "fund_giver"
}

// in is the giver who reads; giver.ErrNotIn leads to the ways in.
func (p *Pages) in(c *fiber.Ctx) (giver.Giver, error) {
	return giver.In(c.UserContext(), p.DB, here(c), c.Cookies(giverCookie(c)), p.Now())
}

// letIn opens a session for a giver, ends the one the browser had, and sets the cookie.
func (p *Pages) letIn(c *fiber.Ctx, tx *sqlx.Tx, g giver.Giver) error {
	if err := giver.Leave(c.UserContext(), tx, here(c), c.Cookies(giverCookie(c))); err != nil {
		return err
	}
	token, err := giver.Open(c.UserContext(), tx, g, p.Now())
	if err == nil {
		keepGiver(c, token)
	}
	return err
}

// keepGiver sets the cookie, and takes it away for no token.
func keepGiver(c *fiber.Ctx, token string) {
	cookie := &fiber.Cookie{
		Name: giverCookie(c), Value: token, Path: "/", Secure: page.SiteOf(c).Secure(), HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true,
	}
	if token == "" {
		cookie.SessionOnly, cookie.MaxAge = false, -1
	}
	c.Cookie(cookie)
}

type mineView struct {
	Giver giver.Giver
	Name  string // as on the latest gift
	This  giver.YearSum
	All   giver.YearSum
	Years []giver.YearSum
	Gifts []mineGift
	Older string // the address of the next page, or nothing
	First bool   // the first page
	Plans []Plan
}

// mineGift is a gift in the list, with how much of it has been used.
type mineGift struct {
	giver.Gift
	Used money.Amount
	Bar  template.HTML
}

// Unused is what of a gift lies in its fund.
func (g mineGift) Unused() money.Amount { return g.Left().Sub(g.Used) }

// Mine is a giver's own page, or the ways to it.
func (p *Pages) Mine(c *fiber.Ctx) error {
	g, err := p.in(c)
	if errors.Is(err, giver.ErrNotIn) {
		return keepOut(c, page.Render(c, "public/mine_in", waysIn(page.BlankForm(c))))
	}
	if err != nil {
		return err
	}
	if g.Holds() {
		return c.Redirect(page.Of(c).URL(giftPath(g.Donation)), fiber.StatusSeeOther)
	}
	v, err := p.mineView(c, g)
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/mine", v))
}

func giftPath(id uuid.UUID) string { return minePath + "/gifts/" + id.String() }

func (p *Pages) mineView(c *fiber.Ctx, g giver.Giver) (v mineView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	before, _ := uuid.Parse(c.Query("before")) // what is no id is the first page
	gifts, years, more, err := giver.ListGifts(c.UserContext(), p.DB, community, g, giver.Page{Before: before, Limit: giftsPage})
	if err != nil {
		return v, err
	}
	v = mineView{Giver: g, Years: years, All: giver.Sum(years), First: before == uuid.Nil}
	v.This.Year = community.Day(p.Now()).Year()
	for _, y := range years {
		if y.Year == v.This.Year {
			v.This = y
		}
	}
	if more {
		v.Older = "?before=" + gifts[len(gifts)-1].ID.String()
	}
	if v.Gifts, err = p.mineGifts(c, community, gifts); err != nil {
		return v, err
	}
	if len(gifts) > 0 {
		v.Name = gifts[0].Name
	}
	if v.First {
		v.Plans, err = p.plans(c, g)
	}
	return v, err
}

// plans are what a giver has promised, where promises are taken.
func (p *Pages) plans(c *fiber.Ctx, g giver.Giver) ([]Plan, error) {
	if p.Plans == nil {
		return nil, nil
	}
	return p.Plans(c, g)
}

func (p *Pages) mineGifts(c *fiber.Ctx, community ledger.Community, gifts []giver.Gift) (list []mineGift, err error) {
	for _, gift := range gifts {
		used, err := p.Streams.Used(c.UserContext(), p.DB, community.ID, gift)
		if err != nil {
			return nil, err
		}
		list = append(list, mineGift{gift, used, usedBar(page.Of(c), gift, used)})
	}
	return list, nil
}
