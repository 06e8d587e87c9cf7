package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/council"
	"fund/campaigns/giver"
	"fund/campaigns/mutualaid"
	"fund/campaigns/pledge"
	"fund/campaigns/project"
	"fund/campaigns/round"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/ledger/reconcile"
	"fund/web/auth"
	"fund/web/page"
)

// place is a line of the menu: who may see it decides a permission, what waits there a count.
type place struct {
	group, path string
	right       auth.Permission
	count       func(waiting) int
}

// places are the lines of the menu, group by group. Their words are menu.<path without /desk/>.
var places = []place{
	{"daily", "/desk", auth.ReadDesk, nil},
	{"daily", "/desk/cash", auth.EnterCash, nil},
	{"daily", "/till", auth.SellAtTill, nil},
	{"daily", "/desk/deposits", auth.EnterCash, nil},
	{"daily", "/desk/awaited", auth.EnterCash, nil},
	{"daily", "/desk/quarantine", auth.ReadBooks, func(w waiting) int { return w.Quarantined }},
	{"daily", "/desk/refund-requests", auth.ReadDonors, func(w waiting) int { return w.Asked }},
	{"daily", "/desk/refunds", auth.ReadDonors, nil},
	{"daily", "/desk/spending", auth.ReadDesk, func(w waiting) int { return w.Requests }},
	{"raising", "/desk/campaigns", auth.ReadDesk, func(w waiting) int { return w.Drafts }},
	{"raising", "/desk/boxes", auth.ReadDesk, nil},
	{"raising", "/desk/pools", auth.ReadBooks, nil},
	{"raising", "/desk/proposals", auth.ManageCampaign, func(w waiting) int { return w.Voice.Proposals }},
	{"raising", "/desk/questions", auth.ManageCampaign, func(w waiting) int { return w.Voice.Questions }},
	{"raising", "/desk/updates", auth.ManageCampaign, func(w waiting) int { return w.Voice.Posts }},
	{"raising", "/desk/disclosure", auth.ReadDesk, func(w waiting) int { return w.Overdue }},
	{"selling", "/desk/sales", auth.ReadDesk, nil},
	{"givers", "/desk/donations", auth.ReadDonors, nil},
	{"givers", "/desk/pledges", auth.ReadDonors, func(w waiting) int { return w.Pledges }},
	{"givers", "/desk/monthly", auth.ReadDonors, nil},
	{"givers", "/desk/in-kind", auth.EnterCash, nil},
	{"neighbours", "/desk/help", auth.ArrangeHelp, func(w waiting) int { return w.Help }},
	{"neighbours", "/desk/groups", auth.ReadDesk, nil},
	{"neighbours", "/desk/agreements", auth.ReadDesk, nil},
	{"neighbours", "/desk/invoices", auth.ReadDesk, nil},
	{"neighbours", "/desk/projects", auth.ReadDesk, func(w waiting) int { return w.Proposed }},
	{"neighbours", "/desk/councils", auth.ReadDesk, func(w waiting) int { return w.Motions }},
	{"neighbours", "/desk/rounds", auth.ManageProject, func(w waiting) int { return w.Ideas }},
	{"books", "/desk/journal", auth.ReadBooks, nil},
	{"books", "/desk/reconcile", auth.ReadBooks, func(w waiting) int { return w.Lines }},
	{"books", "/desk/suspense", auth.ReadBooks, nil},
	{"books", "/desk/periods", auth.ReadDesk, func(w waiting) int { return len(w.Months) }},
	{"books", "/desk/statements", auth.ReadBooks, nil},
	{"books", "/desk/reports", auth.ReadBooks, nil},
	{"books", "/desk/budgets", auth.ReadBooks, nil},
	{"books", "/desk/accounts", auth.ReadBooks, nil},
	{"books", "/desk/funds", auth.ReadBooks, nil},
	{"books", "/desk/between", auth.ReadBooks, nil},
	{"books", "/desk/assets", auth.ReadBooks, nil},
	{"books", "/desk/schedule", auth.ReadBooks, nil},
	{"books", "/desk/pack", auth.ReadBooks, nil},
	{"manage", "/desk/hosts", auth.ReadDesk, nil},
	{"manage", "/desk/witnesses", auth.ReadDesk, nil},
	{"manage", "/desk/people", auth.ManagePeople, nil},
	{"manage", "/desk/audit", auth.ReadAudit, nil},
	{"manage", "/desk/mail", auth.ReadAudit, nil},
	{"manage", "/desk/outbox", auth.ReadBooks, nil},
	{"manage", "/desk/webhooks", auth.ManageCommunity, nil},
}

// waiting is what waits for somebody at the desk.
type waiting struct {
	Quarantined int         // payments that fit no order
	Drafts      int         // campaigns not yet published
	Overdue     int         // reports that should be published already
	Asked       int         // refunds that givers ask for
	Months      []time.Time // open months older than last month, the oldest first

	Pledges  int // whose day has come
	Requests int // for money, that the reader may decide or pay
	Lines    int // of bank statements, that nobody has matched

	Help  int // cards to look at, needs without anybody arranged
	Ideas int // of residents, for a participatory round

	Proposed int // projects, by residents

	Motions int // that wait for the reader's vote

	Voice voice.Waiting // what residents and campaigners wait for
}

// waitingOf counts what waits for whoever reads: nothing that they may not see.
func (p *Pages) waitingOf(c *fiber.Ctx) (w waiting, err error) {
	community, err := p.community(c)
	if err != nil {
		return w, err
	}
	ctx := c.UserContext()
	if w.Overdue, err = p.overdueDuties(c, community); err != nil {
		return w, err
	}
	aside, drafts, err := campaigns.Waiting(ctx, p.DB, community.ID)
	if err != nil {
		return w, err
	}
	if can(c, auth.ReadBooks) {
		w.Quarantined = aside
		if w.Lines, err = reconcile.OpenLines(ctx, p.DB, community.ID); err != nil {
			return w, err
		}
	}
	if w.Requests, err = p.requestsWaiting(c); err != nil {
		return w, err
	}
	if can(c, auth.ReadDonors) {
		if w.Pledges, err = pledge.DueBy(ctx, p.DB, community.ID, community.Day(p.Now())); err != nil {
			return w, err
		}
	}
	if can(c, auth.RefundDonation) {
		if w.Asked, err = giver.Waiting(ctx, p.DB, community.ID); err != nil {
			return w, err
		}
	}
	if can(c, auth.ManageCampaign) {
		w.Drafts = drafts
		if w.Voice, err = voice.WaitingOf(ctx, p.DB, community, p.Now()); err != nil {
			return w, err
		}
	}
	if can(c, auth.ArrangeHelp) {
		if w.Help, err = mutualaid.WaitingOf(ctx, p.DB, community.ID, community.Day(p.Now())); err != nil {
			return w, err
		}
	}
	if can(c, auth.ManageProject) {
		if w.Ideas, err = round.WaitingOf(ctx, p.DB, community.ID); err != nil {
			return w, err
		}
		if w.Proposed, err = project.WaitingForStaff(ctx, p.DB, community.ID); err != nil {
			return w, err
		}
	}
	if s, err := auth.Current(c); err == nil && can(c, auth.VoteMotion) {
		if w.Motions, err = council.OpenMotions(ctx, p.DB, community.ID, auth.UserSubject(s.UserID)); err != nil {
			return w, err
		}
	}
	if !can(c, auth.ClosePeriod) {
		return w, nil
	}
	periods, err := ledger.ListPeriods(ctx, p.DB, community.ID)
	lastMonth := ledger.MonthOf(community.Day(p.Now())).AddDate(0, -1, 0)
	for _, period := range slices.Backward(periods) {
		if period.ClosedAt == nil && period.Month.Before(lastMonth) {
			w.Months = append(w.Months, period.Month)
		}
	}
	return w, err
}

type waitingKey struct{}

// hangMenu gives a page of the desk its menu with the counts.
func (p *Pages) hangMenu(c *fiber.Ctx) error {
	w, err := p.waitingOf(c)
	if err != nil {
		return err
	}
	c.Locals(waitingKey{}, w)
	r := page.Of(c)
	r.Menu = nil
	for _, place := range places {
		if !can(c, place.right) {
			continue
		}
		key := "menu.group." + place.group
		if len(r.Menu) == 0 || r.Menu[len(r.Menu)-1].Key != key {
			r.Menu = append(r.Menu, page.MenuGroup{Key: key})
		}
		item := page.MenuItem{Key: menuKey(place.path), Path: place.path}
		if place.count != nil {
			item.Count = place.count(w)
		}
		group := &r.Menu[len(r.Menu)-1]
		group.Items = append(group.Items, item)
	}
	return nil
}

func menuKey(path string) string {
	if path == "/desk" {
		return "menu.home"
	}
	return "menu." + strings.TrimPrefix(strings.TrimPrefix(path, "/desk"), "/")
}
