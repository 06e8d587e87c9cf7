package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/campaigns/round"
	"fund/ledger/money"
	"fund/web/page"
)

// Rounds lists the participatory rounds.
func (p *Pages) Rounds(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	rows, err := round.ListToday(c.UserContext(), p.DB, community.ID, community.Day(p.Now()))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/rounds", rows)
}

// roundView is a round with its ideas, its codes, and what can be done now.
type roundView struct {
	round.Today
	Ideas    []round.Idea
	Waiting  []round.Idea
	Batches  []round.Batch
	Tally    round.Tally
	Spent    money.Amount
	Projects map[int]string // of what won, by id
	Unmade   int            // chosen ideas that are no projects yet
	Form     *page.Form
}

// Round shows one round.
func (p *Pages) Round(c *fiber.Ctx) error {
	v, err := p.roundView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/round", v)
}

// ToRound leads a reload of what was sent back to the round.
func (p *Pages) ToRound(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/rounds/" + c.Params("slug")))
}

func (p *Pages) roundAt(c *fiber.Ctx) (row round.Today, err error) {
	community, err := p.community(c)
	if err != nil {
		return row, err
	}
	return round.FindToday(c.UserContext(), p.DB, community.ID, c.Params("slug"), community.Day(p.Now()))
}

func roundAddress(r round.Round) string { return "/desk/rounds/" + r.Slug }

func (p *Pages) roundView(c *fiber.Ctx, f *page.Form) (v roundView, err error) {
	v.Form = labelled(f, "round.field", "courtyard", "households")
	if v.Today, err = p.roundAt(c); err != nil {
		return v, err
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	if v.Ideas, err = round.Ideas(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	for _, i := range v.Ideas {
		if i.State == round.Waiting {
			v.Waiting = append(v.Waiting, i)
		}
	}
	if v.Batches, err = round.Batches(ctx, p.DB, here, v.ID); err != nil || !v.Counted {
		return v, err
	}
	if v.Tally, err = round.TallyOf(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	v.Spent, v.Projects = v.Tally.Spent(), map[int]string{}
	for _, l := range v.Tally.Lines {
		if l.Selected && l.ProjectID == 0 {
			v.Unmade++
		}
	}
	projects, err := project.ListProjects(ctx, p.DB, here, project.Filter{})
	for _, one := range projects {
		v.Projects[one.ID] = one.Slug
	}
	return v, err
}

// ideaView is an idea with whose it is, and the form that puts it on the ballot.
type ideaView struct {
	round.Today
	Idea  round.Idea
	Of    *round.Proposer // nil once that is erased
	Form  *page.Form
	Sorts []page.Option
}

// Idea shows an idea to be judged.
func (p *Pages) Idea(c *fiber.Ctx) error {
	v, err := p.ideaView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	i := v.Idea
	v.Form.Set("title", i.Title).Set("what", i.What).Set("place", i.Place).Set("cost", i.Cost.String()).Set("category", string(i.Category))
	return page.Render(c, "desk/round_idea", v)
}

func (p *Pages) ideaView(c *fiber.Ctx, f *page.Form) (v ideaView, err error) {
	v.Form, v.Sorts = labelled(f, "round.field", "title", "what", "place", "cost", "category", "why"), choices(c, "theme", round.Categories...)
	if v.Today, err = p.roundAt(c); err != nil {
		return v, err
	}
	number, err := page.Number(c, "number")
	if err != nil {
		return v, err
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	if v.Idea, err = round.IdeaAt(ctx, p.DB, here, v.ID, number); err != nil {
		return v, err
	}
	of, err := round.ProposerOf(ctx, p.DB, here, v.ID, number)
	if errors.Is(err, round.ErrNotFound) {
		return v, nil
	}
	v.Of = &of
	return v, err
}

// JudgeIdea puts an idea on the ballot, declines it, takes it back, or forgets whose it is.
func (p *Pages) JudgeIdea(c *fiber.Ctx) error {
	v, err := p.ideaView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	did, i := v.Form.Typed("do"), v.Idea
	if did == "ballot" {
		i = readIdea(v)
	}
	why := ""
	if did == "declined" {
		why = v.Form.Text("why", 200)
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/round_idea", v)
	}
	verb := p.judgement(c, v.ID, i, why)[did]
	if verb == nil {
		return page.ErrUnreadable
	}
	if err := p.act(c, "round.idea_"+did, "round:"+v.Slug+"/"+strconv.Itoa(i.Number), nil, verb); err != nil {
		return err
	}
	return page.Done(c, roundAddress(v.Round), "round.desk.did."+did)
}

// judgement is what may be done with an idea.
func (p *Pages) judgement(c *fiber.Ctx, of int, i round.Idea, why string) map[string]func(tx *sqlx.Tx, who string) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	return map[string]func(tx *sqlx.Tx, who string) error{
		"ballot": func(tx *sqlx.Tx, who string) error { return round.PutOnBallot(ctx, tx, here, of, i, who, p.Now()) },
		"declined": func(tx *sqlx.Tx, who string) error {
			return round.Decline(ctx, tx, here, of, i.Number, why, who, p.Now())
		},
		"withdrawn": func(tx *sqlx.Tx, who string) error { return round.Withdraw(ctx, tx, here, of, i.Number, who, p.Now()) },
		"forgotten": func(tx *sqlx.Tx, _ string) error { return round.Forget(ctx, tx, here, of, i.Number) },
	}
}

// readIdea reads the idea as it is to be voted on.
func readIdea(v ideaView) round.Idea {
	i, f := v.Idea, v.Form
	i.Title, i.What, i.Place, i.Cost = f.Text("title", 40), f.Text("what", 600), f.Text("place", 40), f.Amount("cost")
	i.Category = round.Category(f.Choice("category", page.Values(v.Sorts)))
	if v.Pot.Less(i.Cost) {
		f.Wrong("cost", "round.wrong.cost", "pot", v.Pot.YuanShort())
	}
	return i
}
