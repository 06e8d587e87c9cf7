package desk

import (
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(organisation.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(organisation.ErrState, fiber.StatusConflict, "organisation.error.moved_on")
	page.Meaning(organisation.ErrPoints, fiber.StatusConflict, "organisation.error.points")
	page.Meaning(organisation.ErrOverPaid, fiber.StatusConflict, "organisation.error.overpaid")
	page.Meaning(organisation.ErrOverReleased, fiber.StatusConflict, "organisation.error.overreleased")
	page.Meaning(organisation.ErrNothingDue, fiber.StatusConflict, "organisation.error.nothing_due")
	page.Meaning(organisation.ErrErased, fiber.StatusConflict, "organisation.error.erased")
	page.Meaning(organisation.ErrPaid, fiber.StatusConflict, "organisation.error.paid")
	page.Meaning(organisation.ErrNoRule, fiber.StatusConflict, "organisation.error.no_rule")
	page.Meaning(organisation.ErrNoReason, fiber.StatusUnprocessableEntity, "organisation.error.no_reason")
}

const (
	groupsPath = "/desk/groups"
	groupsMax  = 30 // on a page of the list
)

// groupsView is a page of the list, as the address asks for it.
type groupsView struct {
	Kind, Theme, Words, Order string // what is asked for
	Kinds, Themes, Orders     []page.Option
	Year                      int
	Rows                      []organisation.Row
	Sums                      organisation.Sums
	page.Pager
	MayEdit bool
}

// Groups lists organisations and groups with what they did this year.
func (p *Pages) Groups(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	v := groupsView{
		Kind: c.Query("kind"), Theme: c.Query("theme"), Words: page.Clean(c.Query("q")), Order: c.Query("order"), Year: today.Year(), MayEdit: can(c, auth.ManageOrganisation),
		Kinds:  choices(c, "organisation.kind", organisation.Group, organisation.Social),
		Themes: choices(c, "theme", project.Themes...), Orders: choices(c, "organisation.order", organisation.ByActivities, organisation.ByMembers),
	}
	v.Page = max(page.ParseNumber(c.Query("page")), 1)
	f := organisation.Filter{
		Kind: organisation.Kind(v.Kind), Theme: project.Theme(v.Theme), Find: v.Words, Order: organisation.Order(v.Order),
		From: ledger.Day(v.Year, time.January, 1), To: today, Limit: groupsMax, Offset: (v.Page - 1) * groupsMax,
	}
	if v.Rows, v.Sums, err = organisation.List(c.UserContext(), p.DB, community.ID, f); err != nil {
		return err
	}
	v.Pager = page.NewPager(v.Page, v.Sums.Organisations, groupsMax)
	return page.Render(c, "desk/groups", v)
}

// To is the address of a page of the list.
func (v groupsView) To(n int) string {
	q := url.Values{"page": {strconv.Itoa(n)}}
	for name, value := range map[string]string{"kind": v.Kind, "theme": v.Theme, "q": v.Words, "order": v.Order} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "?" + q.Encode()
}

// groupView is one organisation or group with the forms of its weekly work.
type groupView struct {
	organisation.Organisation
	*page.Form
	Name       string
	Month      time.Time // whose activities are listed
	Months     []organisation.MonthSum
	Activities []organisation.Activity
	Usual      []string
	Weekly     []int // the numbers of the form's lines
	Counts     []organisation.MemberCount
	Contact    *organisation.Contact
	Agreements []organisation.Agreement
	Rule       *organisation.Rule
	Earned     int
	Spent      int
	Grants     []organisation.SmallGrant
	Tiers      []page.Option // that the points open
	NextTier   *organisation.Tier
	Funds      []page.Option // that pay a grant
	Ways       []page.Option
	MayEdit    bool
	MayPost    bool
}

// Left is the points that are not spent.
func (v groupView) Left() int { return v.Earned - v.Spent }

// Short is how many points are wanting for the next grant.
func (v groupView) Short() int { return v.NextTier.Points - v.Left() }

// Path is the page's address.
func (v groupView) Path() string { return groupsPath + "/" + v.Slug }

const weeklyLines = 7

// Group shows one organisation or group.
func (p *Pages) Group(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	today := p.today(c)
	v.Set("counted_on", today).Set("given_on", today).Set("way", string(organisation.Cash))
	if v.Contact != nil {
		v.Set("contact_name", v.Contact.Name).Set("contact_phone", v.Contact.Phone)
	}
	return page.Render(c, "desk/group", v)
}

// groupHere is the view of the organisation that the address names.
func (p *Pages) groupHere(c *fiber.Ctx, f *page.Form) (v groupView, err error) {
	o, err := organisation.Find(c.UserContext(), p.DB, page.Of(c).Community.ID, c.Params("slug"))
	if err != nil {
		return v, err
	}
	v = groupView{Organisation: o, Form: f, Name: o.Name(string(page.Of(c).Lang)), MayEdit: can(c, auth.ManageOrganisation), MayPost: can(c, auth.PostEntry)}
	labelled(f, "organisation.field", "counted_on", "members", "contact_name", "contact_phone", "tier", "for", "fund", "way", "given_on")
	for i := range weeklyLines {
		v.Weekly = append(v.Weekly, i+1)
		for _, name := range []string{"day", "what", "people"} {
			f.Label(numbered(name, i+1), "organisation.field."+name)
		}
	}
	if err = p.groupDone(c, &v); err != nil || v.Kind != organisation.Group {
		return v, err
	}
	return v, p.groupPoints(c, &v)
}

// numbered is the name of a field in a line of the weekly list.
func numbered(name string, line int) string { return name + "-" + strconv.Itoa(line) }

// groupDone reads what an organisation did, and who it is.
func (p *Pages) groupDone(c *fiber.Ctx, v *groupView) (err error) {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	if v.Months, err = organisation.Months(ctx, p.DB, community.ID, v.ID, "", today.AddDate(0, -11, 0), today); err != nil {
		return err
	}
	if v.Month, err = time.Parse("2006-01", c.Query("month")); err != nil {
		v.Month = ledger.MonthOf(today)
		if len(v.Months) > 0 {
			v.Month = v.Months[len(v.Months)-1].Month
		}
	}
	if v.Activities, err = organisation.ListActivities(ctx, p.DB, community.ID, v.ID, v.Month, v.Month.AddDate(0, 1, -1)); err != nil {
		return err
	}
	if v.Usual, err = organisation.UsualActivities(ctx, p.DB, community.ID, v.ID); err != nil {
		return err
	}
	if v.Counts, err = organisation.MemberCounts(ctx, p.DB, community.ID, v.ID); err != nil {
		return err
	}
	if v.MayEdit { // nobody else has to know
		if v.Contact, err = organisation.ContactOf(ctx, p.DB, community.ID, v.ID); err != nil {
			return err
		}
	}
	if v.Kind == organisation.Social {
		v.Agreements, err = organisation.ListAgreements(ctx, p.DB, community.ID, v.ID)
	}
	return err
}

// groupPoints reads a group's points, and what they open.
func (p *Pages) groupPoints(c *fiber.Ctx, v *groupView) (err error) {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	ctx, r := c.UserContext(), page.Of(c)
	if v.Rule, err = organisation.RuleOn(ctx, p.DB, community.ID, community.Day(p.Now())); err != nil {
		return err
	}
	if v.Earned, v.Spent, err = organisation.PointsOf(ctx, p.DB, community.ID, v.ID); err != nil {
		return err
	}
	if v.Grants, err = organisation.ListGrants(ctx, p.DB, community.ID, v.ID); err != nil || v.Rule == nil {
		return err
	}
	for _, t := range v.Rule.Tiers {
		if t.Points <= v.Left() {
			v.Tiers = append(v.Tiers, page.Option{Value: strconv.Itoa(t.Points), Label: r.T("organisation.tier", "points", t.Points, "amount", t.Amount.Yuan())})
		} else if v.NextTier == nil {
			v.NextTier = &t
		}
	}
	v.Ways = choices(c, "organisation.way", organisation.Cash, organisation.Bank)
	funds, err := ledger.ListFunds(ctx, p.DB, community.ID)
	for _, f := range funds {
		if f.ClosedAt == nil && f.NetAssets.Sign() > 0 && !f.Restricted {
			v.Funds = append(v.Funds, page.Option{Value: strconv.Itoa(f.ID), Label: r.T("organisation.fund_has", "fund", f.Name(string(r.Lang)), "amount", f.NetAssets.Yuan())})
		}
	}
	return err
}
