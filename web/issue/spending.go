package issue

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/pdf"
)

func (b *books) projects() error {
	lang := string(b.lang)
	list, err := project.ListProjects(b, b.q, b.c.ID, project.Filter{From: b.from, To: b.to})
	if err != nil {
		return err
	}
	for _, p := range list {
		part := pdf.ProjectPart{
			Ref: "/projects/" + url.PathEscape(p.Slug), Title: p.Title(lang), Theme: b.theme(string(p.Theme)), Council: p.Council(lang), Held: p.Restricted,
			Budget: p.Budget, Spent: p.Spent, Served: p.PersonTimes, Sessions: p.Sessions,
		}
		if p.AgreedOn != nil {
			part.Agreed = *p.AgreedOn
		}
		b.doc.Projects = append(b.doc.Projects, part)
	}
	b.themes, err = Themes(b, b.q, b.c.ID)
	return err
}

// Themes tells what a fund's spending is for: the theme of its project, or of the campaign that raised it.
func Themes(ctx context.Context, q sqlx.QueryerContext, community int) (map[int]string, error) {
	themes := map[int]string{}
	raised, err := campaigns.ListCampaigns(ctx, q, community, campaigns.CampaignFilter{})
	if err != nil {
		return nil, err
	}
	for _, c := range raised {
		if c.FundID != ledger.GeneralFundID && slices.Contains(project.Themes, project.Theme(c.Theme)) {
			themes[c.FundID] = c.Theme
		}
	}
	all, err := project.ListProjects(ctx, q, community, project.Filter{})
	for _, p := range all {
		themes[p.FundID] = string(p.Theme)
	}
	return themes, err
}

func (b *books) theme(t string) string { return b.lang.T("theme." + t) }

// sources are income by account, the largest first.
func (b *books) sources() error {
	sources, err := report.Sources(b, b.q, b.c, b.from, b.to)
	slices.SortStableFunc(sources, func(x, y report.Source) int { return y.Total().Cmp(x.Total()) })
	for _, s := range sources {
		b.doc.Sources = append(b.doc.Sources, pdf.Use{Name: s.Name(string(b.lang)), Free: s.Free, Held: s.Held, Ref: b.ref("account", s.Code, "kind", "in")})
	}
	return err
}

// uses are the themes in their order, then what else was spent, by account.
func (b *books) uses() error {
	spent, err := report.Uses(b, b.q, b.c, b.from, b.to)
	if err != nil {
		return err
	}
	sums := map[string]pdf.Use{}
	var order []string
	for _, t := range project.Themes {
		order = append(order, string(t))
	}
	for _, u := range spent {
		key, name := b.themes[u.FundID], ""
		if overhead := u.Account.Purpose == ledger.AdminExpense || u.Account.Purpose == ledger.FundraisingExpense; key == "" || overhead {
			key, name = u.Account.Code, u.Account.Name(string(b.lang))
		}
		sum := sums[key]
		if name != "" {
			sum.Ref = b.ref("account", key, "kind", "out")
		}
		if sum.Name = cmp.Or(name, sum.Name); u.Restricted {
			sum.Held = sum.Held.Add(u.Amount)
		} else {
			sum.Free = sum.Free.Add(u.Amount)
		}
		if sums[key] = sum; !slices.Contains(order, key) {
			order = append(order, key)
		}
	}
	for _, key := range order {
		sum, ok := sums[key]
		if !ok {
			continue
		}
		if sum.Name == "" {
			sum.Name = b.theme(key)
		}
		for _, p := range b.doc.Projects {
			if p.Theme == sum.Name {
				sum.Projects, sum.Served = sum.Projects+1, sum.Served+p.Served
			}
		}
		b.doc.Uses = append(b.doc.Uses, sum)
	}
	return nil
}

// ran are the campaigns that took gifts in the period, in the order in which they began.
func (b *books) ran() ([]campaigns.Campaign, error) {
	list, err := campaigns.ListCampaigns(b, b.q, b.c.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published, campaigns.Closed}})
	list = slices.DeleteFunc(list, func(c campaigns.Campaign) bool { return c.StartsOn.After(b.to) || c.EndsOn.Before(b.from) })
	slices.SortStableFunc(list, func(x, y campaigns.Campaign) int { return x.StartsOn.Compare(y.StartsOn) })
	return list, err
}

func (b *books) campaigns() error {
	list, err := b.ran()
	if err != nil {
		return err
	}
	raised, err := campaigns.RaisedUntil(b, b.q, b.c.ID, b.midnight(b.to.AddDate(0, 0, 1)))
	if err != nil {
		return err
	}
	for _, c := range list {
		part, err := b.campaign(c.Slug, raised[c.ID])
		if err != nil {
			return err
		}
		b.doc.Campaigns = append(b.doc.Campaigns, part)
	}
	return nil
}

func (b *books) campaign(slug string, raised campaigns.Raised) (part pdf.CampaignPart, err error) {
	c, err := campaigns.FindCampaign(b, b.q, b.c.ID, slug)
	if err != nil {
		return part, err
	}
	part = pdf.CampaignPart{
		Ref: "/campaigns/" + url.PathEscape(c.Slug), Title: c.Title(string(b.lang)), From: c.StartsOn, To: c.EndsOn, Filing: c.FilingNumber, Held: c.FundID != ledger.GeneralFundID,
		Goal: c.Goal, Raised: raised.Amount, Givers: raised.Gifts,
	}
	host, err := campaigns.HostOf(b, b.q, b.c.ID, c)
	if err != nil {
		return part, err
	}
	part.Legal = campaigns.LegalLine(c, host, string(b.lang))
	if part.Held {
		part.Spent = b.spent[c.FundID]
	}
	c.Raised = raised.Amount
	for i, covered := range c.Covered() {
		part.Budget = append(part.Budget, pdf.BudgetRow{Name: c.Budget[i].Name(string(b.lang)), Plan: c.Budget[i].Amount, Covered: covered})
	}
	return part, nil
}

// midnight is when a day begins where the community is.
func (b *books) midnight(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, b.zone)
}

func (b *books) funds() error {
	funds, err := report.FundReport(b, b.q, b.c, b.from, b.to)
	b.spent, b.handed = map[int]money.Amount{}, map[int]money.Amount{}
	for _, f := range funds.Lines {
		b.spent[f.FundID], b.handed[f.FundID] = f.Out, f.Transfers.Neg()
		b.doc.Funds = append(b.doc.Funds, pdf.FundPart{
			Ref: "/funds/" + url.PathEscape(f.Code), Name: f.Name(string(b.lang)), Held: f.Restricted, Opening: f.Opening, In: f.In, Out: f.Out, Moved: f.Transfers, Closing: f.Closing,
		})
	}
	return err
}
