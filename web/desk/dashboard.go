package desk

import (
	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/ledger/transparency"
	"fund/web/auth"
	"fund/web/page"
)

// dashboardView is what somebody sees first: what waits, where the money stands, what was entered last.
type dashboardView struct {
	waiting
	Unsealed bool // an entry is not in a checkpoint yet
	Month    ledger.MonthTotal
	Places   report.Places
	Latest   []dashboardRow
	Links    []dashboardLink
	MayRead  bool      // the books
	Duties   []dutyRow // the next reports due by law
}

// Nothing tells whether nothing waits.
func (v dashboardView) Nothing() bool {
	return v.Quarantined == 0 && v.Requests == 0 && v.Lines == 0 && v.Drafts == 0 && v.Voice.Nothing() && len(v.Months) == 0 && !v.Unsealed
}

// dashboardRow is an entry as part books/entries shows it.
type dashboardRow struct {
	ledger.JournalEntry
	Net money.Amount
}

type dashboardLink struct{ Key, Path string }

// links are the quick ways to what somebody does most; shown by right.
var links = []struct {
	dashboardLink
	right auth.Permission
}{
	{dashboardLink{"dashboard.link.cash", "/desk/cash"}, auth.EnterCash},
	{dashboardLink{"dashboard.link.entry", "/desk/journal/new"}, auth.PostEntry},
	{dashboardLink{"menu.statements", "/desk/statements"}, auth.ReadBooks},
	{dashboardLink{"spend.ask", "/desk/spending/new"}, auth.RequestPayment},
	{dashboardLink{"dashboard.link.campaign", "/desk/campaigns/new"}, auth.ManageCampaign},
	{dashboardLink{"dashboard.link.people", "/desk/people/new"}, auth.ManagePeople},
	{dashboardLink{"dashboard.link.audit", "/desk/audit"}, auth.ReadAudit},
}

// Dashboard shows what waits and where the money stands.
func (p *Pages) Dashboard(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	v := dashboardView{MayRead: can(c, auth.ReadBooks)}
	v.waiting, _ = c.Locals(waitingKey{}).(waiting)
	for _, link := range links {
		if can(c, link.right) {
			v.Links = append(v.Links, link.dashboardLink)
		}
	}
	if v.Duties, err = p.nextDuties(c, community, 3); err != nil {
		return err
	}
	if err := p.standing(c, community, &v); err != nil {
		return err
	}
	return page.Render(c, "desk/dashboard", v)
}

// standing reads where the money stands and what was entered last.
func (p *Pages) standing(c *fiber.Ctx, community ledger.Community, v *dashboardView) error {
	ctx, today := c.UserContext(), community.Day(p.Now())
	unsealed, err := transparency.Unsealed(ctx, p.DB, []int{community.ID})
	if err != nil {
		return err
	}
	v.Unsealed = len(unsealed) > 0
	series, err := report.MonthSeries(ctx, p.DB, community, today, today)
	if err != nil {
		return err
	}
	v.Month = series[0]
	if v.Places, err = report.Holdings(ctx, p.DB, community, today); err != nil {
		return err
	}
	entries, err := ledger.Journal(ctx, p.DB, community.ID, ledger.JournalFilter{}, 8)
	for _, e := range entries {
		v.Latest = append(v.Latest, dashboardRow{e, e.Income.Sub(e.Expense)})
	}
	return err
}
