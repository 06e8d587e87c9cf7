package public

import (
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

func init() {
	page.Meaning(organisation.ErrNotFound, fiber.StatusNotFound, "error.missing")
}

// groupsMax is how many groups a page of the list shows.
const groupsMax = 30

// groupsView is the social organisations of a community, and a page of its residents' groups.
type groupsView struct {
	Year         year
	Theme, Words string // what is asked for
	Themes       []page.Option
	Social       []organisation.Row // on the first page of an unnarrowed list
	SocialSum    organisation.Sums
	Groups       []organisation.Row
	GroupSum     organisation.Sums
	Months       []organisation.MonthSum
	Most         int // activities of the month with the most
	page.Pager
	Rule         *organisation.Rule
	Granted      money.Amount // to groups, in the year
	GrantedTimes int
	Narrowed     bool
}

// Groups lists social organisations and residents' groups, and what they did in a year.
func (p *Pages) Groups(c *fiber.Ctx) error {
	return p.kept(c, "public/groups", func(b books) (any, error) {
		y, err := b.pickYear(c.Query("year"), p.Now())
		if err != nil {
			return nil, err
		}
		v := groupsView{Year: y, Theme: c.Query("theme"), Words: page.Clean(c.Query("q")), Pager: page.Pager{Page: max(page.ParseNumber(c.Query("page")), 1)}}
		v.Narrowed = v.Theme != "" || v.Words != ""
		for _, t := range project.Themes {
			v.Themes = append(v.Themes, page.Option{Value: string(t), Label: b.theme(t)})
		}
		f := organisation.Filter{
			Kind: organisation.Group, Theme: project.Theme(v.Theme), Find: v.Words, From: y.From(), To: y.To(), Order: organisation.ByActivities,
			Limit: groupsMax, Offset: (v.Page - 1) * groupsMax,
		}
		if v.Groups, v.GroupSum, err = organisation.List(b, b.q, b.ID, f); err != nil {
			return nil, err
		}
		v.Pager = page.NewPager(v.Page, v.GroupSum.Organisations, groupsMax)
		f.Kind, f.Limit, f.Offset = organisation.Social, 0, 0
		if v.Social, v.SocialSum, err = organisation.List(b, b.q, b.ID, f); err != nil {
			return nil, err
		}
		return v, b.groupsYear(&v)
	})
}

// groupsYear reads what was done in the year as a whole.
func (b books) groupsYear(v *groupsView) (err error) {
	if v.Months, err = organisation.Months(b, b.q, b.ID, 0, organisation.Group, v.Year.From(), v.Year.To()); err != nil {
		return err
	}
	for _, m := range v.Months {
		v.Most = max(v.Most, m.Activities)
	}
	grants, err := organisation.ListGrants(b, b.q, b.ID, 0)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.At == nil && g.GivenOn.Year() == v.Year.Year {
			v.Granted, v.GrantedTimes = v.Granted.Add(g.Amount), v.GrantedTimes+1
		}
	}
	v.Rule, err = organisation.RuleOn(b, b.q, b.ID, v.Year.To())
	return err
}

// Unrecorded tells that nobody counted a group in the year, and none did anything: the books go back further than the lists.
func (v groupsView) Unrecorded() bool {
	return !v.Narrowed && v.GroupSum.Members == 0 && v.GroupSum.Activities == 0 && v.SocialSum.Sessions == 0 && !v.Year.Current
}

// To is the address of a page of the list.
func (v groupsView) To(n int) string {
	q := url.Values{"page": {strconv.Itoa(n)}, "year": {strconv.Itoa(v.Year.Year)}}
	for name, value := range map[string]string{"theme": v.Theme, "q": v.Words} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "?" + q.Encode() + "#groups"
}

// groupView is one organisation's year: by month what it did, and its money.
type groupView struct {
	organisation.Organisation
	Year       year
	Name       string
	Base       string // /groups or /organisations
	ThemeName  string
	Members    int
	Months     []groupMonth
	Sum        groupMonth
	Most       int
	Shown      time.Time // whose activities are listed
	Activities []organisation.Activity
	Fund       *ledger.Fund
	Agreements []organisation.Agreement
	Grants     []organisation.SmallGrant // of the year
	Earned     int
	Spent      int
	Projects   []project.Project
}

// groupMonth is a month: activities or services, people, and the fund's money.
type groupMonth struct {
	Month   time.Time
	Times   int
	People  int
	Income  money.Amount
	Expense money.Amount
}

// Group shows one residents' group.
func (p *Pages) Group(c *fiber.Ctx) error { return p.groupPage(c, organisation.Group, "/groups") }

// Organisation shows one social organisation.
func (p *Pages) Organisation(c *fiber.Ctx) error {
	return p.groupPage(c, organisation.Social, "/organisations")
}

func (p *Pages) groupPage(c *fiber.Ctx, kind organisation.Kind, base string) error {
	return p.kept(c, "public/group", func(b books) (any, error) {
		o, err := organisation.Find(b, b.q, b.ID, c.Params("slug"))
		if err != nil || o.Kind != kind {
			return nil, errorOr(err, page.ErrNotFound)
		}
		y, err := b.pickYear(c.Query("year"), p.Now())
		if err != nil {
			return nil, err
		}
		v := groupView{Organisation: o, Year: y, Name: o.Name(string(b.r.Lang)), Base: base, ThemeName: b.theme(o.Theme)}
		if err = b.groupDone(&v, c.Query("month")); err != nil {
			return nil, err
		}
		return v, b.groupMoney(&v)
	})
}

func errorOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// groupDone reads what one did in the year, and the activities of a month.
func (b books) groupDone(v *groupView, month string) error {
	counts, err := organisation.MemberCounts(b, b.q, b.ID, v.ID)
	if err != nil {
		return err
	}
	for _, m := range counts {
		if !m.CountedOn.After(v.Year.To()) {
			v.Members = m.Members
			break
		}
	}
	done, err := organisation.Months(b, b.q, b.ID, v.ID, "", v.Year.From(), v.Year.To())
	if err != nil {
		return err
	}
	for _, m := range done {
		v.month(m.Month).add(m.Activities, m.People)
	}
	delivered, err := organisation.DeliveredMonths(b, b.q, b.ID, v.ID, v.Year.From(), v.Year.To())
	if err != nil {
		return err
	}
	for _, m := range delivered {
		v.month(m.Month).add(m.Sessions, m.People)
	}
	if at, ok := monthIn(month); ok {
		v.Shown = at
	} else if len(done) > 0 {
		v.Shown = done[len(done)-1].Month
	}
	if v.Shown.IsZero() {
		return nil
	}
	v.Activities, err = organisation.ListActivities(b, b.q, b.ID, v.ID, v.Shown, v.Shown.AddDate(0, 1, -1))
	return err
}

// month is the view's month of that first day, put in its place.
func (v *groupView) month(first time.Time) *groupMonth {
	first = ledger.MonthOf(first)
	at := 0
	for at < len(v.Months) && v.Months[at].Month.Before(first) {
		at++
	}
	if at == len(v.Months) || !v.Months[at].Month.Equal(first) {
		v.Months = append(v.Months[:at], append([]groupMonth{{Month: first}}, v.Months[at:]...)...)
	}
	return &v.Months[at]
}

func (m *groupMonth) add(times, people int) { m.Times, m.People = m.Times+times, m.People+people }

// groupMoney reads a social organisation's fund and agreements, a group's points and grants, and the projects that either runs.
func (b books) groupMoney(v *groupView) error {
	if v.FundID != nil {
		fund, err := ledger.FundAt(b, b.q, b.ID, *v.FundID)
		if err != nil {
			return err
		}
		v.Fund = &fund
		totals, err := ledger.MonthTotalsOf(b, b.q, b.ID, fund.ID, v.Year.From(), v.Year.To())
		if err != nil {
			return err
		}
		for _, t := range totals {
			m := v.month(t.Month)
			m.Income, m.Expense = t.Income, t.Expense
		}
		if v.Agreements, err = organisation.ListAgreements(b, b.q, b.ID, v.ID); err != nil {
			return err
		}
	}
	for _, m := range v.Months {
		v.Most = max(v.Most, m.Times)
		v.Sum.add(m.Times, m.People)
		v.Sum.Income, v.Sum.Expense = v.Sum.Income.Add(m.Income), v.Sum.Expense.Add(m.Expense)
	}
	grants, err := organisation.ListGrants(b, b.q, b.ID, v.ID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.At == nil && g.GivenOn.Year() == v.Year.Year {
			v.Grants = append(v.Grants, g)
		}
	}
	if v.Earned, v.Spent, err = organisation.PointsOf(b, b.q, b.ID, v.ID); err != nil {
		return err
	}
	return b.groupProjects(v)
}

// groupProjects finds the projects of the year that name the organisation as who runs them.
func (b books) groupProjects(v *groupView) error {
	all, err := project.ListProjects(b, b.q, b.ID, project.Filter{From: v.Year.From(), To: v.Year.To()})
	for _, one := range all {
		if one.OrganisationZH == v.NameZH {
			v.Projects = append(v.Projects, one)
		}
	}
	return err
}
