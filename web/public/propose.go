package public

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/web/page"
)

func init() {
	page.Meaning(project.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(project.ErrState, fiber.StatusConflict, "error.moved_on")
	page.Meaning(project.ErrNotYours, fiber.StatusConflict, "error.not_yours")
	page.Meaning(project.ErrIncomplete, fiber.StatusConflict, "error.incomplete")
}

// proposeView is one step of a resident's proposal of a project, and the proposal as it stands.
type proposeView struct {
	project.Proposal
	Part   project.Part
	N      int // the step's number
	Form   *page.Form
	Themes []page.Option
	Rows   []proposalRow
	Steps  []project.Step
	Why    string // what the staff last said
	Vote   *project.Vote
}

// Of is how many steps there are.
func (v proposeView) Of() int { return len(project.Parts) }

// Base is the address of the proposal's own page.
func (v proposeView) Base() string { return proposePath(v.Token) }

func proposePath(token string) string { return "/projects/propose/" + token }

const (
	needMax, peopleMax, placeMax, ownMax = 2000, 120, 40, 300
)

func (p *Pages) proposeView(c *fiber.Ctx, of project.Proposal, part project.Part, f *page.Form) proposeView {
	v := proposeView{
		Proposal: of, Part: part, N: slices.Index(project.Parts, part) + 1,
		Form: labelled(f, "propose.field", "title", "theme", "need", "place", "people", "own", "name", "phone", "email", "consent"),
	}
	for _, theme := range project.Themes {
		v.Themes = append(v.Themes, page.Option{Value: string(theme), Label: themeName(page.Of(c).Lang, string(theme))})
	}
	v.Rows = budgetRows(f, len(of.Lines))
	return v
}

// fill puts what stands into the form of a step.
func (v proposeView) fill() {
	v.Form.Set("title", v.TitleZH).Set("theme", string(v.Theme)).Set("need", v.NeedZH).Set("place", v.PlaceZH).Set("people", v.PeopleZH).Set("own", v.OwnZH).
		Set("name", v.Name).Set("phone", v.Phone).Set("email", v.Email)
	if v.Has(project.You) {
		v.Form.Set("consent", "yes")
	}
	for i, line := range v.Lines {
		v.Form.Set(v.Rows[i].Named("name"), line.NameZH).Set(v.Rows[i].Named("amount"), strings.TrimSuffix(line.Planned.String(), ".00"))
	}
}

// read reads a step over what stands.
func (v *proposeView) read() {
	f := v.Form
	switch v.Part {
	case project.Need:
		v.TitleZH, v.NeedZH, v.PlaceZH = oneLine(f.Text("title", titleMax)), f.Text("need", needMax), oneLine(f.Text("place", placeMax))
		v.Theme = project.Theme(f.Choice("theme", page.Values(v.Themes)))
	case project.Who:
		v.PeopleZH, v.OwnZH = oneLine(f.Text("people", peopleMax)), f.Text("own", ownMax, page.Optional)
	case project.Money:
		v.Lines = nil
		for _, row := range v.Rows {
			if f.Typed(row.Named("name"))+f.Typed(row.Named("amount")) != "" {
				v.Lines = append(v.Lines, project.BudgetLine{NameZH: oneLine(f.Text(row.Named("name"), lineMax)), Planned: f.Amount(row.Named("amount"))})
			}
		}
		if len(v.Lines) == 0 {
			f.Wrong(v.Rows[0].Named("name"), "form.wrong.blank")
		}
	case project.You:
		v.Name, v.Phone, v.Email = readContact(f)
	}
}

// ProposeForm says how it goes, and asks the first questions. Nothing is kept before they are answered.
func (p *Pages) ProposeForm(c *fiber.Ctx) error {
	return page.Render(c, "public/propose", p.proposeView(c, project.Proposal{}, project.Need, page.BlankForm(c)))
}

// Propose keeps the first answers under an address of the resident's own.
func (p *Pages) Propose(c *fiber.Ctx) error {
	v := p.proposeView(c, project.Proposal{}, project.Need, page.ReadForm(c))
	v.read()
	if v.Form.AnyWrong() || v.Form.Bool(trap) {
		return page.Again(c, "public/propose", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	var begun project.Proposal
	err = p.inTx(c, func(tx *sqlx.Tx) (err error) {
		begun, err = project.Start(c.UserContext(), tx, community, v.Project, lang(c), p.Now())
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, proposePath(begun.Token)+"/"+string(project.Who), "start.kept")
}

// proposedHere is the proposal whose token the address has. Everything under it is kept out of caches.
func (p *Pages) proposedHere(c *fiber.Ctx) (project.Proposal, error) {
	_ = keepOut(c, nil)
	return project.FindProposal(c.UserContext(), p.DB, here(c), c.Params("token"))
}

// ProposedPart shows one step of a proposal.
func (p *Pages) ProposedPart(c *fiber.Ctx) error {
	found, err := p.proposedHere(c)
	if err != nil {
		return err
	}
	part := project.Part(c.Params("part"))
	if !slices.Contains(project.Parts, part) || !found.Mine() {
		return c.Redirect(page.Of(c).URL(proposePath(found.Token)), fiber.StatusSeeOther)
	}
	v := p.proposeView(c, found, part, page.BlankForm(c))
	v.fill()
	if v.Why, err = p.lastWord(c, found.ID); err != nil {
		return err
	}
	return page.Render(c, "public/propose_part", v)
}

// lastWord is what the staff last said about a proposal.
func (p *Pages) lastWord(c *fiber.Ctx, id int) (why string, err error) {
	steps, err := project.Steps(c.UserContext(), p.DB, here(c), id)
	if n := len(steps); n > 0 {
		why = steps[n-1].Why
	}
	return why, err
}

// SaveProposedPart keeps one step and goes on to the next.
func (p *Pages) SaveProposedPart(c *fiber.Ctx) error {
	found, err := p.proposedHere(c)
	if err != nil {
		return err
	}
	part := project.Part(c.Params("part"))
	if !slices.Contains(project.Parts, part) {
		return page.ErrNotFound
	}
	v := p.proposeView(c, found, part, page.ReadForm(c))
	if v.Form.Typed("press") == "more" {
		return page.Render(c, "public/propose_part", v)
	}
	if v.read(); v.Form.AnyWrong() {
		return page.Again(c, "public/propose_part", v)
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		if part == project.You {
			return project.SaveContact(c.UserContext(), tx, here(c), v.ID, v.Contact)
		}
		return project.Save(c.UserContext(), tx, here(c), v.Project)
	})
	if err != nil {
		return err
	}
	next := v.Base()
	if v.Form.Typed("press") != "look" && v.N < len(project.Parts) {
		next += "/" + string(project.Parts[v.N])
	}
	return c.Redirect(page.Of(c).URL(next), fiber.StatusSeeOther)
}

// Proposed shows what the resident wrote, how it stands and what can be done: their own page.
func (p *Pages) Proposed(c *fiber.Ctx) error {
	found, err := p.proposedHere(c)
	if err != nil {
		return err
	}
	v := p.proposeView(c, found, "", page.BlankForm(c))
	if v.Steps, err = project.Steps(c.UserContext(), p.DB, here(c), found.ID); err != nil {
		return err
	}
	if n := len(v.Steps); n > 0 {
		v.Why = v.Steps[n-1].Why
	}
	votes, err := project.Votes(c.UserContext(), p.DB, here(c), found.Project)
	for i := range votes {
		if votes[i].OpenedOn != nil {
			v.Vote = &votes[i]
		}
	}
	if err != nil {
		return err
	}
	return page.Render(c, "public/proposed", v)
}

// SubmitProposed hands the proposal to the staff.
func (p *Pages) SubmitProposed(c *fiber.Ctx) error {
	return p.moveProposed(c, "start.submitted", func(tx *sqlx.Tx, token string) error {
		return project.Submit(c.UserContext(), tx, here(c), token, p.Now())
	})
}

// WithdrawProposed takes it back and forgets it.
func (p *Pages) WithdrawProposed(c *fiber.Ctx) error {
	return p.moveProposed(c, "start.withdrawn", func(tx *sqlx.Tx, token string) error {
		return project.Withdraw(c.UserContext(), tx, here(c), token, p.Now())
	})
}

func (p *Pages) moveProposed(c *fiber.Ctx, notice string, verb func(tx *sqlx.Tx, token string) error) error {
	found, err := p.proposedHere(c)
	if err != nil {
		return err
	}
	if err = p.inTx(c, func(tx *sqlx.Tx) error { return verb(tx, found.Token) }); err != nil {
		return err
	}
	return page.Done(c, proposePath(found.Token), notice)
}
