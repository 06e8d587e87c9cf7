package public

import (
	"html/template"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

// projectView is one project's story.
type projectView struct {
	project.Whole
	Theme     string
	Bar       template.HTML
	Share     string
	Over      money.Amount // spent beyond the budget
	Received  money.Amount
	Total     project.LineFigures
	Fund      ledger.Fund
	Campaigns []campaigns.Campaign // that raise for it
	Report    *project.EndReport   // once it is adopted
}

// Project tells one project's story: what was missing, who agreed, where the money came from, what it paid for, what came of it.
func (p *Pages) Project(c *fiber.Ctx) error {
	return p.kept(c, "public/project", func(b books) (any, error) {
		found, err := project.FindProject(b, b.q, b.ID, c.Params("slug"))
		if err != nil {
			return nil, err
		}
		if !found.State.Public() {
			return nil, page.ErrNotFound
		}
		v := projectView{Theme: b.theme(found.Theme), Share: share(found.Spent, found.Budget), Over: found.Spent.Sub(found.Budget)}
		tell(c, "/projects/"+url.PathEscape(found.Slug), found.Title(string(b.r.Lang)), b.r.T("street.projects"), projectCard(b.r, found))
		if v.Whole, err = project.Read(b, b.q, b.Community, found); err != nil {
			return nil, err
		}
		v.Received, v.Total = project.Received(v.Sources), v.Lines.Total()
		v.Bar = bar("bar", b.r.T("project.spent_share", "share", v.Share), found.Spent, found.Budget, found.Restricted)
		if v.Words.Adopted() {
			report, err := project.ReportOf(b, b.q, b.ID, found.ID)
			if err != nil {
				return nil, err
			}
			v.Report = &report
		}
		v.Fund, v.Campaigns, err = b.fundOf(found.FundID)
		return v, err
	})
}
