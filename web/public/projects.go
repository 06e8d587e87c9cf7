package public

import (
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
	Asked  []project.Project // that a council decides about now
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
		if err != nil {
			return nil, err
		}
		v.Asked, err = project.ListProjects(b, b.q, b.ID, project.Filter{States: []project.State{project.Checked, project.Agreed}})
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
