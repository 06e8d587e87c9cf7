package public

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/ledger"
	"fund/web/board"
	"fund/web/page"
)

// What the refusals of mutual help mean to a reader, here and at the desk.
func init() {
	page.Meaning(mutualaid.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(mutualaid.ErrState, fiber.StatusConflict, "error.moved_on")
	page.Meaning(mutualaid.ErrTaken, fiber.StatusConflict, "help.error.taken")
	page.Meaning(mutualaid.ErrSelf, fiber.StatusConflict, "help.error.self")
	page.Meaning(mutualaid.ErrDay, fiber.StatusConflict, "help.error.day")
	page.Meaning(mutualaid.ErrEarly, fiber.StatusConflict, "help.error.early")
	page.Meaning(mutualaid.ErrMinutes, fiber.StatusConflict, "help.error.minutes")
	page.Meaning(mutualaid.ErrFull, fiber.StatusConflict, "help.error.full")
}

const (
	boardMax   = 60 // cards of a kind on the board
	helpMonths = 12 // in the picture of hours
)

// helpView is the board: what neighbours need and offer, and the hours given.
type helpView struct {
	Needs, Offers []board.Card
	Category      mutualaid.Category // the only one shown, or ""
	Categories    []mutualaid.Category
	Year          mutualaid.Sum // the last twelve months
	Months        []mutualaid.MonthHours
	Most          int // minutes of the month with the most
	Sorts         []mutualaid.CategoryHours
}

// Help shows the board. No name and no telephone number is on it.
func (p *Pages) Help(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	v := helpView{Categories: mutualaid.Categories}
	for _, known := range v.Categories {
		if c.Query("category") == string(known) {
			v.Category = known
		}
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	needs, err := mutualaid.Board(ctx, p.Read, community.ID, mutualaid.Need, v.Category, today, boardMax)
	if err != nil {
		return err
	}
	offers, err := mutualaid.Board(ctx, p.Read, community.ID, mutualaid.Offer, v.Category, today, boardMax)
	if err != nil {
		return err
	}
	v.Needs, v.Offers = board.Show(c, needs), board.Show(c, offers)
	if err = p.helpHours(c, &v, community, today); err != nil {
		return err
	}
	return page.Render(c, "public/help", v)
}

// helpHours reads the hours of the last twelve months.
func (p *Pages) helpHours(c *fiber.Ctx, v *helpView, community ledger.Community, today time.Time) (err error) {
	from, ctx := ledger.MonthOf(today).AddDate(0, 1-helpMonths, 0), c.UserContext()
	if v.Year, err = mutualaid.SumOf(ctx, p.Read, community.ID, from, today); err != nil {
		return err
	}
	if v.Months, err = mutualaid.Months(ctx, p.Read, community.ID, from, today); err != nil {
		return err
	}
	for _, m := range v.Months {
		v.Most = max(v.Most, m.Given())
	}
	v.Sorts, err = mutualaid.ByCategory(ctx, p.Read, community.ID, from, today)
	return err
}

// NeedForm asks what somebody needs.
func (p *Pages) NeedForm(c *fiber.Ctx) error { return p.cardForm(c, mutualaid.Need) }

// OfferForm asks what somebody can do for others.
func (p *Pages) OfferForm(c *fiber.Ctx) error { return p.cardForm(c, mutualaid.Offer) }

// PutNeed writes a need down.
func (p *Pages) PutNeed(c *fiber.Ctx) error { return p.putCard(c, mutualaid.Need) }

// PutOffer writes an offer down.
func (p *Pages) PutOffer(c *fiber.Ctx) error { return p.putCard(c, mutualaid.Offer) }

func (p *Pages) cardForm(c *fiber.Ctx, kind mutualaid.Kind) error {
	return page.Render(c, "public/help_new", board.Blank(c, kind, page.BlankForm(c).Set("category", c.Query("category"))))
}

// putCard writes a card down and shows whoever wrote it the page of their own; somebody known finds it where they kept it.
func (p *Pages) putCard(c *fiber.Ctx, kind mutualaid.Kind) error {
	v := board.Of(c, kind, page.ReadForm(c))
	community, err := p.community(c)
	if err != nil {
		return err
	}
	card, person := v.Read(community.Day(p.Now()))
	card.ID, card.MadeAt = v.Once("help", "what", "name", "phone", "place"), p.Now()
	if !v.Bool("consent") {
		v.Wrong("consent", "help.wrong.consent")
	}
	if v.AnyWrong() {
		return page.Again(c, "public/help_new", v)
	}
	if v.Typed(trap) != "" || p.tooQuick(v.Form) {
		return page.TooMany{RetryAfter: brakeAgain}
	}
	err = p.inTx(c, func(tx *sqlx.Tx) (err error) {
		_, person, err = mutualaid.Put(c.UserContext(), tx, community, card, person)
		return err
	})
	if errors.Is(err, mutualaid.ErrFull) {
		v.Wrong("what", "help.error.full")
		return page.Again(c, "public/help_new", v)
	}
	if err != nil {
		return err
	}
	if person.Token == "" {
		return page.Done(c, "/help", "help.written.known")
	}
	return page.Done(c, "/help/mine/"+person.Token, "help.written."+string(kind))
}
