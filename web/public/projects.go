package public

import (
	"html/template"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
)

// projectsView is the table behind the leaf.
type projectsView struct {
	Year   year
	Leaf   leafView
	Groups []projectGroup
	Spent  money.Amount
}

type projectGroup struct {
	themeSum
	Rows []project.Project
}

// Projects lists the projects that ran in a year, by theme.
func (p *Pages) Projects(c *fiber.Ctx) error {
	return p.kept(c, "public/projects", func(b books) (any, error) {
		tellPage(c, "projects")
		y, err := b.pickYear(c.Query("year"), p.Now())
		if err != nil {
			return nil, err
		}
		ran, err := project.ListProjects(b, b.q, b.ID, project.Filter{From: y.From(), To: y.To()})
		v := projectsView{Year: y, Leaf: b.leaf(ran)}
		for _, sum := range v.Leaf.Themes {
			group := projectGroup{themeSum: sum}
			for _, one := range ran {
				if one.Theme == sum.Theme {
					group.Rows = append(group.Rows, one)
				}
			}
			v.Groups, v.Spent = append(v.Groups, group), v.Spent.Add(sum.Spent)
		}
		return v, err
	})
}

// projectView is one project's story.
type projectView struct {
	project.Project
	Theme     string
	Bar       template.HTML
	Share     string
	Left      money.Amount // of the budget; negative where more was spent
	Fund      ledger.Fund
	Campaigns []campaigns.Campaign // that raise for it
	Outcomes  []project.Outcome
	Entries   []bookRow
}

// Project tells one project's story: who agreed, what it was to cost, what it cost, what came of it.
func (p *Pages) Project(c *fiber.Ctx) error {
	return p.kept(c, "public/project", func(b books) (any, error) {
		found, err := project.FindProject(b, b.q, b.ID, c.Params("slug"))
		if err != nil {
			return nil, err
		}
		v := projectView{
			Project: found, Theme: b.theme(found.Theme), Share: share(found.Spent, found.Budget), Left: found.Budget.Sub(found.Spent),
		}
		tell(c, "/projects/"+url.PathEscape(found.Slug), found.Title(string(b.r.Lang)), b.r.T("street.projects"), projectCard(b.r, found))
		v.Bar = bar("bar", b.r.T("project.spent_share", "share", v.Share), found.Spent, found.Budget, found.Restricted)
		if v.Fund, v.Campaigns, err = b.fundOf(found.FundID); err != nil {
			return nil, err
		}
		if v.Outcomes, err = project.ListOutcomes(b, b.q, b.ID, found.ID); err != nil {
			return nil, err
		}
		v.Entries, err = b.rowsOfFund(ledger.JournalFilter{Fund: found.FundID}, fundEntries)
		return v, err
	})
}

// fundOf reads a fund by its id, and the campaigns that raise for it and that the public may see.
func (b books) fundOf(id int) (fund ledger.Fund, raise []campaigns.Campaign, err error) {
	funds, err := ledger.ListFunds(b, b.q, b.ID)
	if err != nil {
		return fund, nil, err
	}
	for _, f := range funds {
		if f.ID == id {
			fund = f
		}
	}
	seen := campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published, campaigns.Closed}}
	list, err := campaigns.ListCampaigns(b, b.q, b.ID, seen)
	for _, c := range list {
		if c.FundID == id {
			raise = append(raise, c)
		}
	}
	return fund, raise, err
}

// fundEntries is how many entries a fund's or a project's page shows before it sends the reader to the ledger.
const fundEntries = 20

// fundView is one fund: opening + in − out + moved = now.
type fundView struct {
	ledger.Fund
	Year      year
	Figures   report.FundFigures
	Campaigns []campaigns.Campaign
	Project   *project.Project
	Pool      *campaigns.MatchingPool // whose money it holds
	Entries   []bookRow
}

// Fund shows one fund's year and its newest entries.
func (p *Pages) Fund(c *fiber.Ctx) error {
	return p.kept(c, "public/fund", func(b books) (any, error) {
		y, err := b.pickYear(c.Query("year"), p.Now())
		if err != nil {
			return nil, err
		}
		v := fundView{Year: y}
		if v.Fund, err = ledger.FindFund(b, b.q, b.ID, c.Params("code")); err != nil {
			return nil, err
		}
		err = b.fill(&v)
		return v, err
	})
}

func (b books) fill(v *fundView) (err error) {
	if _, v.Campaigns, err = b.fundOf(v.ID); err != nil {
		return err
	}
	if v.Kind == ledger.PoolFund {
		pools, err := campaigns.ListPools(b, b.q, b.ID)
		if i := slices.IndexFunc(pools, func(p campaigns.MatchingPool) bool { return p.FundID == v.ID }); i >= 0 {
			v.Pool = &pools[i]
		}
		if err != nil {
			return err
		}
	}
	projects, err := project.ListProjects(b, b.q, b.ID, project.Filter{})
	if err != nil {
		return err
	}
	for _, p := range projects {
		if p.FundID == v.ID {
			v.Project = &p
		}
	}
	funds, err := report.FundReport(b, b.q, b.Community, v.Year.From(), v.Year.To())
	if err != nil {
		return err
	}
	for _, line := range funds.Lines {
		if line.FundID == v.ID {
			v.Figures = line.FundFigures
		}
	}
	v.Entries, err = b.rowsOfFund(ledger.JournalFilter{Fund: v.ID, Year: v.Year.Year}, fundEntries)
	return err
}
