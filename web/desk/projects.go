package desk

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

// What a project refuses at the desk.
func init() {
	for err, key := range map[error]string{
		project.ErrNoConsent: "no_consent", project.ErrMoneyLeft: "money_left", project.ErrNoReport: "no_report", project.ErrAdopted: "adopted", project.ErrNotSpent: "not_spent",
		project.ErrOtherFund: "other_fund", project.ErrNotDone: "no_report", project.ErrRestricted: "money_left",
	} {
		page.Meaning(err, fiber.StatusConflict, "error."+key)
	}
}

const projectsPath = "/desk/projects"

func projectPath(id int) string { return projectsPath + "/" + strconv.Itoa(id) }

func projectSubject(id int) string { return "project:" + strconv.Itoa(id) }

type projectsView struct{ Groups []projectsGroup }

// projectsGroup is the projects in one state.
type projectsGroup struct {
	State project.State
	Rows  []projectRow
	Fold  bool // long over: shown closed
}

type projectRow struct {
	project.Project
	Standing project.Standing
	Wait     project.Wait
}

// Projects lists the projects by state, and for each for whom it waits.
func (p *Pages) Projects(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	order := []project.State{project.Proposed, project.Returned, project.Checked, project.Agreed, project.Running, project.Done, project.Settled, project.Declined}
	all, err := project.ListProjects(ctx, p.DB, here, project.Filter{States: order})
	if err != nil {
		return err
	}
	stand, err := project.Standings(ctx, p.DB, here, page.Of(c).Local(p.Now()))
	if err != nil {
		return err
	}
	var v projectsView
	for _, state := range order {
		g := projectsGroup{State: state}
		for _, one := range all {
			if one.State == state {
				g.Rows = append(g.Rows, projectRow{Project: one, Standing: stand[one.ID], Wait: stand[one.ID].Waits(state)})
			}
		}
		g.Fold = (state == project.Settled || state == project.Declined || state == project.Done) && len(g.Rows) > 8
		if len(g.Rows) > 0 {
			slices.SortStableFunc(g.Rows, func(a, b projectRow) int { return b.Year - a.Year })
			v.Groups = append(v.Groups, g)
		}
	}
	return page.Render(c, "desk/projects", v)
}

// projectView is a project with what whoever reads may do about it.
type projectView struct {
	project.Whole
	Proposal  project.Proposal
	Form      *page.Form
	Standing  project.Standing
	Wait      project.Wait
	Names     map[string]string // of who moved it
	Funds     []page.Option     // whose money it may be
	Councils  []page.Option     // that a member may put it, or what it left over, to
	Consents  []page.Option
	LineNames map[int]string
	MayManage bool
	MayVote   bool
	MayPost   bool
	MayAsk    bool
	Said      *project.Vote // a council's no
	GiveBack  *project.Vote // the motion under which what is left may go back
	OffLine   []project.Spending
	Received  string
	Today     time.Time
}

// English is a field for a text's English words, with what stands there.
func (v projectView) English(name, value string) page.Field {
	if v.Form.Typed(name) == "" {
		v.Form.Set(name, value)
	}
	return v.Form.Field(name)
}

// Project shows one project with its verbs.
func (p *Pages) Project(c *fiber.Ctx) error {
	v, err := p.projectView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/project", v)
}

func (p *Pages) projectView(c *fiber.Ctx, f *page.Form) (v projectView, err error) {
	id, err := page.Number(c, "project")
	if err != nil {
		return v, err
	}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx := c.UserContext()
	v.Form = labelled(f, "life.field", "why", "slug", "fund", "organisation_zh", "organisation_en", "day", "title_zh", "title_en", "due", "note", "entries", "picture", "alt",
		"text_zh", "text_en", "name", "consent", "consented_on", "line", "need_en", "people_en", "place_en", "own_en", "name_en")
	if v.Proposal, err = project.ProposalOf(ctx, p.DB, community.ID, id); err != nil {
		return v, err
	}
	if v.Whole, err = project.Read(ctx, p.DB, community, v.Proposal.Project); err != nil {
		return v, err
	}
	v.Today = community.Day(p.Now())
	if f.Typed("day") == "" {
		f.Set("day", v.Today.Format(time.DateOnly)).Set("consented_on", v.Today.Format(time.DateOnly))
	}
	v.MayManage, v.MayVote, v.MayPost, v.MayAsk = can(c, auth.ManageProject), can(c, auth.VoteMotion), can(c, auth.PostEntry), can(c, auth.RequestPayment)
	return v, p.fillProject(c, &v)
}

// fillProject adds to a project what the page's forms offer.
func (p *Pages) fillProject(c *fiber.Ctx, v *projectView) error {
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	stand, err := project.Standings(ctx, p.DB, here, v.Today)
	if err != nil {
		return err
	}
	v.Standing = stand[v.ID]
	v.Wait = v.Standing.Waits(v.State)
	v.Received = project.Received(v.Sources).Format()
	v.LineNames = map[int]string{}
	for _, l := range v.Lines.Lines {
		v.LineNames[l.Line] = l.Name(lang)
	}
	for _, s := range v.Spendings {
		if s.Line == 0 {
			v.OffLine = append(v.OffLine, s)
		}
	}
	for i, vote := range v.Votes {
		switch {
		case vote.State == "failed" || vote.State == "no_quorum":
			v.Said = &v.Votes[i]
		case vote.State == "passed" && vote.Kind == "budget_line" && !v.Project.Restricted:
			v.GiveBack = &v.Votes[i]
		}
	}
	named, err := p.named(c)
	if err != nil {
		return err
	}
	v.Names = map[string]string{}
	for _, s := range v.Steps {
		v.Names[s.By] = named(s.By)
	}
	if v.State == project.Proposed {
		if v.Funds, err = p.fundsToTake(c); err != nil {
			return err
		}
	}
	v.Consents = choices(c, "life.consent", project.Consents...)
	if v.MayVote && (v.State == project.Checked || v.State == project.Done && v.Left.Sign() > 0) {
		v.Councils, err = p.councilOptions(c)
	}
	return err
}

// fundsToTake are the funds that a project may be given: one of its own, free or for gifts, or one that is raised for it already.
func (p *Pages) fundsToTake(c *fiber.Ctx) (options []page.Option, err error) {
	r := page.Of(c)
	options = []page.Option{{Value: "free", Label: r.T("life.fund_free"), Hint: r.T("life.fund_free_hint")}, {Value: "held", Label: r.T("life.fund_held"), Hint: r.T("life.fund_held_hint")}}
	b, err := p.readBooks(c)
	if err != nil {
		return nil, err
	}
	taken, err := project.ListProjects(c.UserContext(), p.DB, r.Community.ID, project.Filter{})
	for _, f := range b.Funds {
		has := slices.ContainsFunc(taken, func(one project.Project) bool { return one.FundID == f.ID })
		if f.Kind == ledger.CampaignFund && f.ClosedAt == nil && !has {
			options = append(options, page.Option{Value: strconv.Itoa(f.ID), Label: r.T("life.fund_of", "name", f.Name(string(r.Lang)))})
		}
	}
	return options, err
}

// projectAct is what somebody does about a project: it reads the form, and answers the verb.
type projectAct func(v projectView) func(tx *sqlx.Tx, who string) error

// ActOnProject does what somebody pressed on the page of a project.
func (p *Pages) ActOnProject(c *fiber.Ctx) error {
	v, err := p.projectView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	did := v.Form.Typed("do")
	act := p.projectActs(c)[did]
	if act == nil {
		return page.ErrUnreadable
	}
	verb := act(v)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/project", v)
	}
	err = p.act(c, "project."+did, projectSubject(v.ID), nil, verb)
	if errors.Is(err, project.ErrExists) {
		v.Form.Wrong("slug", "life.wrong.slug_taken")
		return page.Again(c, "desk/project", v)
	}
	p.moved(c, 0)
	return done(c, err, projectPath(v.ID), "life.did."+did)
}
