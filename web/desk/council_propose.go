package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/web/page"
)

// NewMotion is the form that proposes a motion.
func (p *Pages) NewMotion(c *fiber.Ctx) error {
	v, err := p.proposalOf(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if err = p.prefill(c, v); err != nil {
		return err
	}
	return page.Render(c, "desk/council_motion_new", v)
}

type motionForm struct {
	*page.Form
	Council  council.Council
	Kinds    []page.Option
	Funds    []page.Option
	Projects []page.Option // that take voted money
	Abouts   []page.Option // that a resolution may be about
	Motion   council.Motion
	projects []project.Project
}

// Amends tells that a draft is written anew.
func (v motionForm) Amends() bool { return v.Motion.Number > 0 }

// Address is where the form is sent.
func (v motionForm) Address() string {
	if v.Amends() {
		return councilsPath + "/" + v.Council.Slug + "/motions/" + v.Motion.Serial() + "/edit"
	}
	return councilsPath + "/" + v.Council.Slug + "/motions/new"
}

func (p *Pages) proposalOf(c *fiber.Ctx, f *page.Form) (v motionForm, err error) {
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	v = motionForm{Form: labelled(f, "council.motion_field", "kind", "title_zh", "title_en", "text_zh", "text_en", "amount", "from", "to", "project", "about"), Kinds: choices(c, "council.kind", council.Kinds...)}
	if v.Council, err = council.FindCouncil(ctx, p.DB, here, c.Params("council")); err != nil {
		return v, err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	for _, fund := range b.Funds {
		if fund.ClosedAt == nil {
			v.Funds = append(v.Funds, page.Option{Value: strconv.Itoa(fund.ID), Label: fund.Name(lang)})
		}
	}
	v.projects, err = project.ListProjects(ctx, p.DB, here, project.Filter{})
	v.Abouts = []page.Option{{Value: "", Label: page.Of(c).T("council.about_none")}}
	for _, one := range v.projects {
		if one.State != project.Checked && one.State != project.Agreed && one.State != project.Running {
			continue
		}
		option := page.Option{Value: strconv.Itoa(one.ID), Label: one.Title(lang)}
		if v.Abouts = append(v.Abouts, option); !one.Restricted {
			v.Projects = append(v.Projects, option)
		}
	}
	return v, err
}

// read reads what is proposed; which fields count, its kind says.
func (v motionForm) read() (m council.Motion) {
	m = council.Motion{
		ID: v.Once("motion:"+v.Council.Slug, "kind", "title_zh", "amount"), CouncilID: v.Council.ID, Kind: council.Kind(v.Choice("kind", page.Values(v.Kinds))),
		TitleZH: v.Text("title_zh", 80), TitleEN: v.Text("title_en", 120, page.Optional), TextZH: v.Text("text_zh", 4000, page.Optional), TextEN: v.Text("text_en", 6000, page.Optional),
	}
	if m.Kind == council.Resolution {
		if about := v.named(v.Choice("about", page.Values(v.Abouts), page.Optional)); about.ID != 0 {
			m.ProjectID = &about.ID
		}
		return m
	}
	amount, from := v.Amount("amount"), ledger.GeneralFundID
	m.Amount, m.FromFund = &amount, &from
	if m.Kind == council.Transfer {
		from, _ = strconv.Atoi(v.Choice("from", page.Values(v.Funds)))
		to, _ := strconv.Atoi(v.Choice("to", page.Values(v.Funds)))
		if m.ToFund = &to; to == from && to != 0 {
			v.Wrong("to", "between.wrong.same")
		}
		return m
	}
	one := v.named(v.Choice("project", page.Values(v.Projects)))
	m.ProjectID, m.ToFund = &one.ID, &one.FundID
	return m
}

// named is the project that was chosen; one without an id for none.
func (v motionForm) named(chosen string) project.Project {
	id, _ := strconv.Atoi(chosen)
	for _, one := range v.projects {
		if one.ID == id {
			return one
		}
	}
	return project.Project{}
}

// prefill writes what the address asks for: a motion about a project, or about what one left over.
func (p *Pages) prefill(c *fiber.Ctx, v motionForm) error {
	one := v.named(c.Query("project"))
	if fund := page.ParseNumber(c.Query("from")); fund > 0 {
		of, err := project.ProjectOfFund(c.UserContext(), p.DB, page.Of(c).Community.ID, fund)
		if err != nil {
			return err
		}
		left, err := project.LeftOver(c.UserContext(), p.DB, page.Of(c).Community.ID, of)
		v.Set("kind", string(council.Transfer)).Set("from", strconv.Itoa(fund)).Set("to", strconv.Itoa(ledger.GeneralFundID)).Set("amount", left.String()).
			Set("title_zh", page.Of(c).T("life.motion.leftover", "title", of.TitleZH))
		return err
	}
	if one.ID == 0 {
		return nil
	}
	kind, title := council.BudgetLine, "life.motion.budget_line"
	if one.Restricted {
		kind, title = council.Resolution, "life.motion.resolution"
	}
	v.Set("kind", string(kind)).Set("title_zh", page.Of(c).T(title, "title", one.TitleZH)).Set("text_zh", one.NeedZH).Set("amount", one.Budget.String()).
		Set("project", strconv.Itoa(one.ID)).Set("about", strconv.Itoa(one.ID))
	return nil
}

// Propose writes a motion down as a draft.
func (p *Pages) Propose(c *fiber.Ctx) error {
	v, err := p.proposalOf(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	m := v.read()
	if v.AnyWrong() {
		return page.Again(c, "desk/council_motion_new", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "motion.propose", motionSubject(m.ID), nil, func(tx *sqlx.Tx, who string) (err error) {
		m, err = council.Propose(c.UserContext(), tx, community, m, who, p.Now())
		return err
	})
	return done(c, err, councilsPath+"/"+v.Council.Slug+"/motions/"+m.Serial(), "council.did.propose", "number", m.Serial())
}
