package desk

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/ledger"
	"fund/web/board"
	"fund/web/page"
)

type helpView struct {
	Waiting   []board.Card
	Unmatched []board.Card
	UnderWay  []mutualaid.Engagement
	ToInvite  []mutualaid.Person
}

// Help is what waits in mutual help: new cards, needs without anybody, what is arranged, and who may be asked to help, too.
func (p *Pages) Help(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	waiting, err := mutualaid.WaitingCards(ctx, p.DB, community.ID)
	if err != nil {
		return err
	}
	unmatched, err := mutualaid.Unmatched(ctx, p.DB, community.ID, today)
	if err != nil {
		return err
	}
	v := helpView{Waiting: board.Show(c, waiting), Unmatched: board.Show(c, unmatched)}
	if v.UnderWay, err = mutualaid.UnderWay(ctx, p.DB, community.ID); err != nil {
		return err
	}
	people, err := mutualaid.ListPeople(ctx, p.DB, community.ID)
	for _, person := range people {
		if person.ToInvite() {
			v.ToInvite = append(v.ToInvite, person)
		}
	}
	if err != nil {
		return err
	}
	return page.Render(c, "desk/help", v)
}

// helpCardView is a card with whose it is, who fits, and the form that arranges it.
type helpCardView struct {
	board.Card
	Of      mutualaid.Person
	Suggest []suggested
	Others  []page.Option // every other person with a telephone
	Past    []mutualaid.Engagement
	Form    *page.Form
	Parts   []page.Option
	Spans   []page.Option
	Open    bool // somebody can be arranged
}

// suggested is an offer that fits, and whose it is.
type suggested struct {
	mutualaid.Suggestion
	Of   mutualaid.Person
	When string
}

// HelpCard shows a card: whose it is, and for a need who may help.
func (p *Pages) HelpCard(c *fiber.Ctx) error {
	v, err := p.helpCardView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/help_card", v)
}

func (p *Pages) helpCardView(c *fiber.Ctx, f *page.Form) (v helpCardView, err error) {
	id, err := uuid.Parse(c.Params("card"))
	if err != nil {
		return v, page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	card, err := mutualaid.CardAt(ctx, p.DB, community.ID, id)
	if err != nil {
		return v, err
	}
	v = helpCardView{Card: board.Show(c, []mutualaid.Card{card})[0], Form: labelled(f, "help.field", "why", "helper", "day", "part", "planned")}
	if v.Of, err = mutualaid.PersonAt(ctx, p.DB, community.ID, card.PersonID); err != nil {
		return v, err
	}
	if v.Past, err = mutualaid.ForNeed(ctx, p.DB, community.ID, card.ID); err != nil || card.Kind != mutualaid.Need {
		return v, err
	}
	v.Open = card.State == mutualaid.Open
	for _, e := range v.Past {
		v.Open = v.Open && e.State != mutualaid.IsProposed && e.State != mutualaid.IsAgreed
	}
	if v.Open {
		err = p.whoFits(c, &v, community, today)
	}
	return v, err
}

// whoFits finds who may help, and prepares the form that arranges it.
func (p *Pages) whoFits(c *fiber.Ctx, v *helpCardView, community ledger.Community, today time.Time) error {
	ctx := c.UserContext()
	offers, err := mutualaid.Board(ctx, p.DB, community.ID, mutualaid.Offer, "", today, 500)
	if err != nil {
		return err
	}
	people, err := mutualaid.ListPeople(ctx, p.DB, community.ID)
	if err != nil {
		return err
	}
	of, helped := map[int]mutualaid.Person{}, map[int]bool{}
	for _, person := range people {
		of[person.ID], helped[person.ID] = person, person.Received > 0 && person.Given == 0
		if person.ID != v.PersonID {
			v.Others = append(v.Others, page.Option{Value: strconv.Itoa(person.ID), Label: person.Name})
		}
	}
	for _, s := range mutualaid.Suggest(v.Card.Card, offers, helped, today) {
		v.Suggest = append(v.Suggest, suggested{s, of[s.Offer.PersonID], board.When(page.Of(c), s.Offer)})
	}
	v.Parts, v.Spans = board.PartsOf(page.Of(c), v.Card.Parts), board.Spans(page.Of(c))
	if v.Form.Typed("planned") == "" {
		v.Form.Set("planned", "60").Set("day", firstDay(v, today).Format(time.DateOnly))
	}
	return nil
}

// firstDay is the first day that suits the need and, where somebody fits, them.
func firstDay(v *helpCardView, today time.Time) time.Time {
	for _, s := range v.Suggest {
		if day, ok := s.FirstDay(v.Card.Card, today); ok {
			return day
		}
	}
	return today
}

// JudgeHelpCard puts a card on the board, or keeps or takes it off.
func (p *Pages) JudgeHelpCard(c *fiber.Ctx) error {
	v, err := p.helpCardView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	ctx, here, did := c.UserContext(), page.Of(c).Community.ID, v.Form.Typed("do")
	verb := map[string]func(tx *sqlx.Tx, who string) error{
		"shown":     func(tx *sqlx.Tx, who string) error { return mutualaid.Show(ctx, tx, here, v.ID, who, p.Now()) },
		"taken_off": func(tx *sqlx.Tx, who string) error { return mutualaid.Withdraw(ctx, tx, here, v.ID, who, p.Now()) },
		"declined": func(tx *sqlx.Tx, who string) error {
			return mutualaid.Decline(ctx, tx, here, v.ID, v.Form.Typed("why"), who, p.Now())
		},
	}[did]
	if verb == nil {
		return page.ErrUnreadable
	}
	if did == "declined" {
		v.Form.Text("why", 200)
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/help_card", v)
	}
	if err := p.act(c, "help."+did, "help:"+v.ID.String(), nil, verb); err != nil {
		return err
	}
	page.SiteOf(c).Cache.Bump(here)
	return page.Done(c, "/desk/help", "help.desk."+did)
}

// ArrangeHelp proposes somebody's help to both sides.
func (p *Pages) ArrangeHelp(c *fiber.Ctx) error {
	v, err := p.helpCardView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f := v.Form
	plan := mutualaid.Plan{Need: v.ID, Day: f.Date("day"), Minutes: board.ReadSpan(f, "planned", v.Spans)}
	part, _ := strconv.Atoi(f.Choice("part", page.Values(v.Parts)))
	plan.Part = mutualaid.Parts(part)
	if plan.Offer, err = uuid.Parse(f.Typed("offer")); err != nil {
		plan.Helper, _ = strconv.Atoi(f.Choice("helper", page.Values(v.Others)))
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/help_card", v)
	}
	var made mutualaid.Engagement
	err = p.act(c, "help.arrange", "help:"+v.ID.String(), nil, func(tx *sqlx.Tx, who string) (err error) {
		made, err = mutualaid.Arrange(c.UserContext(), tx, community, plan, who, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, helpPath(made.ID), "help.desk.arranged")
}

func helpPath(id uuid.UUID) string { return "/desk/help/engagements/" + id.String() }

// WriteCard is the form by which the staff write a card down for somebody.
func (p *Pages) WriteCard(c *fiber.Ctx) error {
	return page.Render(c, "desk/help_new", board.Blank(c, helpKind(c), page.BlankForm(c)))
}

func helpKind(c *fiber.Ctx) mutualaid.Kind {
	if c.Params("kind") == string(mutualaid.Offer)+"s" {
		return mutualaid.Offer
	}
	return mutualaid.Need
}

// PutCard writes it down: it is on the board at once.
func (p *Pages) PutCard(c *fiber.Ctx) error {
	v := board.Of(c, helpKind(c), page.ReadForm(c))
	community, err := p.community(c)
	if err != nil {
		return err
	}
	card, person := v.Read(community.Day(p.Now()))
	card.ID, card.MadeAt = v.Once("help", "what", "name", "phone", "place"), p.Now()
	if v.AnyWrong() {
		return page.Again(c, "desk/help_new", v)
	}
	err = p.act(c, "help.write", "help:"+card.ID.String(), nil, func(tx *sqlx.Tx, who string) error {
		person.EnteredBy = who
		_, _, err := mutualaid.Put(c.UserContext(), tx, community, card, person)
		return err
	})
	if err != nil {
		return err
	}
	page.SiteOf(c).Cache.Bump(community.ID)
	return page.Done(c, "/desk/help/cards/"+card.ID.String(), "help.desk.written")
}
