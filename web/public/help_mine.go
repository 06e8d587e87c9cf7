package public

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/web/board"
	"fund/web/page"
)

// neighbourView is the own page of somebody who helps or is helped.
type neighbourView struct {
	mutualaid.Person
	Cards []board.Card
	Help  []helpRow // what is arranged and was done
	Form  *page.Form
	Spans []page.Option
}

// helpRow is an engagement as one of its two sides sees it.
type helpRow struct {
	mutualaid.Engagement
	Side    mutualaid.Side
	Other   string // who the other is
	Phone   string // of the other, once both said yes
	Agreed  bool   // this side said yes
	Told    int    // minutes this side named; 0 for none
	DayCame bool
}

// Neighbour is the page of one's own: the address is its key.
func (p *Pages) Neighbour(c *fiber.Ctx) error {
	v, err := p.neighbourView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "public/help_mine", v)
}

func (p *Pages) neighbourView(c *fiber.Ctx, f *page.Form) (v neighbourView, err error) {
	secret(c)
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx := c.UserContext()
	if v.Person, err = mutualaid.PersonByToken(ctx, p.DB, community.ID, c.Params("token")); err != nil {
		return v, err
	}
	cards, err := mutualaid.CardsOf(ctx, p.DB, community.ID, v.ID)
	if err != nil {
		return v, err
	}
	v.Cards = board.Show(c, cards)
	all, err := mutualaid.EngagementsOf(ctx, p.DB, community.ID, v.ID)
	if err != nil {
		return v, err
	}
	for _, e := range all {
		v.Help = append(v.Help, helpRowOf(e, v.ID, community.Day(p.Now())))
	}
	v.Form, v.Spans = f.Label("minutes", "help.field.minutes").Label("note", "help.field.note"), board.Spans(page.Of(c))
	return v, nil
}

// helpRowOf is an engagement as a person of it sees it today.
func helpRowOf(e mutualaid.Engagement, person int, today time.Time) helpRow {
	row := helpRow{Engagement: e, Side: e.Side(person), DayCame: !e.Day.After(today)}
	phone, told := e.HelpedPhone, e.HelperMinutes
	if row.Other, row.Agreed = e.HelpedName, e.HelperAgrees; row.Side == mutualaid.Helped {
		phone, told, row.Other, row.Agreed = e.HelperPhone, e.HelpedMinutes, e.HelperName, e.HelpedAgrees
	}
	if told != nil {
		row.Told = *told
	}
	if e.State == mutualaid.IsAgreed {
		row.Phone = phone
	}
	return row
}

// SayHelp takes what somebody says about an engagement of theirs.
func (p *Pages) SayHelp(c *fiber.Ctx) error {
	v, err := p.neighbourView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	w := mutualaid.Word{At: p.Now(), Said: mutualaid.Said(v.Form.Choice("said", sayable)), Note: v.Form.Text("note", 120, page.Optional)}
	if w.Said == mutualaid.Time {
		w.Minutes = board.ReadSpan(v.Form, "minutes", v.Spans)
	}
	id, err := uuid.Parse(v.Form.Typed("engagement"))
	i := slices.IndexFunc(v.Help, func(row helpRow) bool { return row.ID == id })
	if err != nil || i < 0 { // of other people
		return page.ErrNotFound
	}
	if w.Side = v.Help[i].Side; v.Form.AnyWrong() {
		return page.Again(c, "public/help_mine", v)
	}
	if err := p.heard(c, id, w); err != nil {
		return err
	}
	return page.Done(c, "/help/mine/"+v.Token, "help.did."+string(w.Said))
}

// sayable is what a neighbour may say.
var sayable = []string{string(mutualaid.Yes), string(mutualaid.No), string(mutualaid.Time), string(mutualaid.CalledOff)}

// heard takes a word about an engagement.
func (p *Pages) heard(c *fiber.Ctx, id uuid.UUID, w mutualaid.Word) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	defer changed(c)
	return p.inTx(c, func(tx *sqlx.Tx) error {
		_, err := mutualaid.Say(c.UserContext(), tx, community, id, w)
		return err
	})
}

// WithdrawCard takes a card of one's own off the board.
func (p *Pages) WithdrawCard(c *fiber.Ctx) error {
	secret(c)
	me, err := mutualaid.PersonByToken(c.UserContext(), p.DB, here(c), c.Params("token"))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(page.ReadForm(c).Typed("card"))
	if err != nil {
		return page.ErrUnreadable
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		card, err := mutualaid.CardAt(c.UserContext(), tx, here(c), id)
		if err != nil {
			return err
		}
		if card.PersonID != me.ID {
			return mutualaid.ErrNotFound
		}
		return mutualaid.Withdraw(c.UserContext(), tx, here(c), id, "", p.Now())
	})
	if err != nil {
		return err
	}
	changed(c)
	return page.Done(c, "/help/mine/"+me.Token, "help.withdrawn")
}

// LeaveHelp forgets the person: name and telephone go, the hours stay.
func (p *Pages) LeaveHelp(c *fiber.Ctx) error {
	secret(c)
	err := p.inTx(c, func(tx *sqlx.Tx) error {
		me, err := mutualaid.PersonByToken(c.UserContext(), tx, here(c), c.Params("token"))
		if err != nil {
			return err
		}
		return mutualaid.Erase(c.UserContext(), tx, here(c), me.ID, p.Now())
	})
	if err != nil {
		return err
	}
	changed(c)
	return page.Done(c, "/help", "help.left")
}

// ToNeighbour leads a reload of what was sent back to the page of one's own.
func (p *Pages) ToNeighbour(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/help/mine/" + c.Params("token")))
}
