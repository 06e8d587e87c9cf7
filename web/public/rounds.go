package public

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/round"
	"fund/ledger/money"
	"fund/web/page"
)

// What the refusals of a round mean to a reader, here and at the desk.
func init() {
	page.Meaning(round.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(round.ErrState, fiber.StatusConflict, "error.moved_on")
	page.Meaning(round.ErrCounted, fiber.StatusConflict, "error.moved_on")
	page.Meaning(round.ErrNotNow, fiber.StatusConflict, "round.error.not_now")
	page.Meaning(round.ErrCode, fiber.StatusConflict, "round.error.code")
	page.Meaning(round.ErrVoted, fiber.StatusConflict, "round.error.voted")
	page.Meaning(round.ErrBallot, fiber.StatusConflict, "round.error.ballot")
	page.Meaning(round.ErrFrozen, fiber.StatusConflict, "round.error.frozen")
	page.Meaning(round.ErrEarly, fiber.StatusConflict, "round.error.early")
}

// Rounds lists the participatory rounds, the newest first.
func (p *Pages) Rounds(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	rows, err := round.ListToday(c.UserContext(), p.Read, community.ID, community.Day(p.Now()))
	if err != nil {
		return err
	}
	return page.Render(c, "public/rounds", rows)
}

// roundView is a round's page: what it is, its ideas, or its result.
type roundView struct {
	round.Today
	Ideas    []round.Idea // on the ballot
	Declined []round.Idea
	Waiting  int
	Tally    round.Tally
	Spent    money.Amount // by what won
	Projects map[int]string
}

// roundAt reads the round that the address names.
func (p *Pages) roundAt(c *fiber.Ctx) (row round.Today, err error) {
	community, err := p.community(c)
	if err != nil {
		return row, err
	}
	return round.FindToday(c.UserContext(), p.DB, community.ID, c.Params("slug"), community.Day(p.Now()))
}

// Round shows a round as it stands: the call, the ideas, the ballot, or the result.
func (p *Pages) Round(c *fiber.Ctx) error {
	row, err := p.roundAt(c)
	if err != nil {
		return err
	}
	v, ctx := roundView{Today: row}, c.UserContext()
	ideas, err := round.Ideas(ctx, p.Read, here(c), row.ID)
	if err != nil {
		return err
	}
	for _, i := range ideas {
		switch i.State {
		case round.OnBallot:
			v.Ideas = append(v.Ideas, i)
		case round.Declined:
			v.Declined = append(v.Declined, i)
		case round.Waiting:
			v.Waiting++
		}
	}
	if row.Phase == round.Result {
		if err = p.roundResult(c, &v); err != nil {
			return err
		}
	}
	return page.Render(c, "public/round", v)
}

// IdeaForm asks for an idea.
func (p *Pages) IdeaForm(c *fiber.Ctx) error {
	row, err := p.roundAt(c)
	if err == nil && row.Phase != round.Propose {
		err = round.ErrNotNow
	}
	if err != nil {
		return err
	}
	return page.Render(c, "public/round_idea", ideaForm(c, row, page.BlankForm(c)))
}

// ideaView is the form of an idea.
type ideaView struct {
	*page.Form
	round.Today
	Sorts []page.Option
}

func ideaForm(c *fiber.Ctx, row round.Today, f *page.Form) ideaView {
	v := ideaView{Form: labelled(f, "round.field", "title", "what", "place", "cost", "category", "name", "phone", "consent"), Today: row}
	for _, s := range round.Categories {
		v.Sorts = append(v.Sorts, page.Option{Value: string(s), Label: page.Of(c).T("theme." + string(s))})
	}
	return v
}

// read reads the idea and whose it is; what has to be mended is marked.
func (v ideaView) read() (i round.Idea, by round.Proposer) {
	var sorts []string
	for _, o := range v.Sorts {
		sorts = append(sorts, o.Value)
	}
	i = round.Idea{Title: v.Text("title", 40), What: v.Text("what", 600), Place: v.Text("place", 40), Cost: v.Amount("cost"), Category: round.Category(v.Choice("category", sorts))}
	if v.Pot.Less(i.Cost) {
		v.Wrong("cost", "round.wrong.cost", "pot", v.Pot.YuanShort())
	}
	by = round.Proposer{Name: v.Text("name", 40), Phone: v.Phone("phone")}
	if !v.Bool("consent") {
		v.Wrong("consent", "help.wrong.consent")
	}
	return i, by
}

// PutIdea writes an idea down; the staff look at it.
func (p *Pages) PutIdea(c *fiber.Ctx) error {
	row, err := p.roundAt(c)
	if err != nil {
		return err
	}
	v := ideaForm(c, row, page.ReadForm(c))
	idea, by := v.read()
	idea.Form, idea.MadeAt = v.Once("idea:"+row.Slug, "title", "what", "name", "phone"), p.Now()
	if v.AnyWrong() {
		return page.Again(c, "public/round_idea", v)
	}
	if v.Typed(trap) != "" || p.tooQuick(v.Form) {
		return page.TooMany{RetryAfter: brakeAgain}
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.inTx(c, func(tx *sqlx.Tx) (err error) {
		idea, err = round.Put(c.UserContext(), tx, community, row.Round, idea, by)
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, roundPath(row.Round), "round.idea_written", "number", idea.Number)
}

func roundPath(r round.Round) string { return "/rounds/" + r.Slug }

// ballotView is a step of the ballot: the code, the choice, the last look.
type ballotView struct {
	*page.Form
	round.Today
	Step   string // code, choose, confirm
	Code   string
	Ideas  []round.Idea
	Chosen []round.Idea
	Sum    money.Amount
}

// Has tells whether an idea is chosen.
func (v ballotView) Has(number int) bool {
	return slices.ContainsFunc(v.Chosen, func(i round.Idea) bool { return i.Number == number })
}

// Ballot asks for the code. The sheet's picture brings it along.
func (p *Pages) Ballot(c *fiber.Ctx) error {
	secret(c)
	v, err := p.ballotView(c, page.BlankForm(c).Set("code", c.Query("code")))
	if err != nil {
		return err
	}
	return page.Render(c, "public/round_ballot", v)
}

func (p *Pages) ballotView(c *fiber.Ctx, f *page.Form) (v ballotView, err error) {
	v = ballotView{Form: f.Label("code", "round.field.code").Label("idea", "round.field.idea"), Step: "code", Code: round.Tidy(f.Typed("code"))}
	if v.Today, err = p.roundAt(c); err != nil {
		return v, err
	}
	if v.Phase != round.Voting {
		return v, round.ErrNotNow
	}
	if v.Ideas, err = round.Ideas(c.UserContext(), p.DB, here(c), v.ID, round.OnBallot); err != nil {
		return v, err
	}
	for _, i := range v.Ideas {
		if slices.Contains(f.All("idea"), strconv.Itoa(i.Number)) {
			v.Chosen, v.Sum = append(v.Chosen, i), v.Sum.Add(i.Cost)
		}
	}
	return v, nil
}

// Vote leads from the code to the choice, to a last look, to the ballot: each press brings all of it along.
func (p *Pages) Vote(c *fiber.Ctx) error {
	secret(c)
	v, err := p.ballotView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if refused, err := v.refused(round.Holds(c.UserContext(), p.DB, here(c), v.Round, v.Code)); refused || err != nil {
		return again(c, v, err)
	}
	do := v.Typed("do")
	if v.Step = "choose"; do != "look" && do != "cast" {
		return page.Render(c, "public/round_ballot", v)
	}
	if !v.Fits(len(v.Chosen), v.Sum) {
		v.Wrong("idea", "round.wrong."+string(v.Method), "most", v.ChoicesMax, "pot", v.Pot.YuanShort(), "chosen", len(v.Chosen), "sum", v.Sum.YuanShort())
		return page.Again(c, "public/round_ballot", v)
	}
	if v.Step = "confirm"; do == "look" {
		return page.Render(c, "public/round_ballot", v)
	}
	if refused, err := v.refused(p.cast(c, v)); refused || err != nil {
		return again(c, v, err)
	}
	return page.Done(c, roundPath(v.Round), "round.voted")
}

func again(c *fiber.Ctx, v ballotView, err error) error {
	if err != nil {
		return err
	}
	return page.Again(c, "public/round_ballot", v)
}

func (p *Pages) cast(c *fiber.Ctx, v ballotView) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	vote := round.Vote{Code: v.Code, Way: round.Internet, At: p.Now()}
	for _, i := range v.Chosen {
		vote.Ideas = append(vote.Ideas, i.Number)
	}
	return p.inTx(c, func(tx *sqlx.Tx) error { return round.Cast(c.UserContext(), tx, community, v.Round, vote) })
}

// RoundFile is the published file of a counted round.
func (p *Pages) RoundFile(c *fiber.Ctx) error {
	row, err := p.roundAt(c)
	if err != nil {
		return err
	}
	ctx, community := c.UserContext(), page.Of(c).Community
	file := round.File{Country: "China", Unit: community.Name.In("en"), Round: row.Round}
	if file.Tally, err = round.TallyOf(ctx, p.Read, community.ID, row.ID); err != nil {
		return err
	}
	if file.Ballots, err = round.Ballots(ctx, p.Read, community.ID, row.ID); err != nil {
		return err
	}
	c.Attachment(fmt.Sprintf("china_%s_%s.pb", community.Slug, row.Slug))
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	return file.WritePabulib(c)
}
