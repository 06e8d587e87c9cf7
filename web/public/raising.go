package public

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
)

func init() {
	page.Meaning(campaigns.ErrUnknownLine, fiber.StatusConflict, "error.moved_on")
}

// raising is what a campaign's page shows beside its one bar: what it raises
// for, further goals, who adds to gifts, and gifts that are no money.
type raising struct {
	Into      into
	Stretches []stretch
	Pools     []poolView
	Lines     []page.Option // of the budget, to choose from; none where there is no choice
	Goods     []kindView
	Sum       campaigns.InKindSum
	Returns   campaigns.Returns // of a campaign that missed its goal
}

// into names where the money goes.
type into struct {
	Key, Name, Path string
}

type stretch struct {
	campaigns.StretchGoal
	Title string
	Met   bool
}

// poolView is a pool as the giver of a gift meets it.
type poolView struct {
	campaigns.MatchingPool
	Sponsor string
	Open    bool
	Gift    money.Amount // an example
	Adds    money.Amount // to it
}

// kindView is a gift in kind as everybody sees it.
type kindView struct {
	campaigns.InKind
	What, Name string
	Took       string // hours
}

// kindsMax is how many gifts in kind a campaign's page shows.
const kindsMax = 12

func (p *Pages) raising(ctx context.Context, community int, of campaigns.Campaign, s shelf) (v raising, err error) {
	lang := string(s.lang)
	if v.Into, err = p.into(ctx, community, of, s); err != nil {
		return v, err
	}
	if _, n := of.Aim(); n > 0 {
		for _, g := range of.Stretch {
			v.Stretches = append(v.Stretches, stretch{g, g.Title(lang), !of.Raised.Less(g.Amount)})
		}
	}
	pools, err := campaigns.PoolsFor(ctx, p.Read, community, of.ID)
	if err != nil {
		return v, err
	}
	for _, pool := range pools {
		if pool.Matched.Sign() > 0 || pool.Open(s.today) && of.Open(s.today) {
			v.Pools = append(v.Pools, showPool(s.lang, pool, of, s.today))
		}
	}
	if of.Result == campaigns.GoalUnmet {
		if v.Returns, err = campaigns.ReturnsOf(ctx, p.Read, community, of.ID); err != nil {
			return v, err
		}
	}
	v.Lines = lineOptions(s.lang, of)
	if v.Sum, err = campaigns.SumInKind(ctx, p.Read, community, of.ID); err != nil {
		return v, err
	}
	given, err := campaigns.ListInKind(ctx, p.Read, community, of.ID, kindsMax)
	for _, g := range given {
		if g.UndoneAt == nil {
			v.Goods = append(v.Goods, kindView{g, g.What(lang), g.PublicName(), s.lang.T("kind.hours", "count", g.Time())})
		}
	}
	return v, err
}

// into says what a campaign raises for.
func (p *Pages) into(ctx context.Context, community int, of campaigns.Campaign, s shelf) (to into, err error) {
	fund := s.fund(of.FundID)
	to = into{"into." + string(of.Target), fund.Name(string(s.lang)), "/funds/" + fund.Code}
	if of.Target != campaigns.ProjectTarget {
		return to, nil
	}
	projects, err := project.ListProjects(ctx, p.Read, community, project.Filter{})
	if i := slices.IndexFunc(projects, func(one project.Project) bool { return one.FundID == fund.ID }); i >= 0 {
		to.Name, to.Path = projects[i].Title(string(s.lang)), "/projects/"+projects[i].Slug
	}
	return to, err
}

// example is the gift with which a pool explains itself: the second of the buttons.
func example(of campaigns.Campaign) money.Amount {
	if len(of.Suggested) > 1 {
		return of.Suggested[1]
	}
	if fifty := money.FromFen(5000); of.Minimum.Less(fifty) {
		return fifty
	}
	return of.Minimum
}

func showPool(lang i18n.Lang, pool campaigns.MatchingPool, of campaigns.Campaign, today time.Time) poolView {
	v := poolView{MatchingPool: pool, Sponsor: pool.Sponsor(string(lang)), Open: pool.Open(today) && of.Open(today), Gift: example(of)}
	if v.Sponsor == "" {
		v.Sponsor = lang.T("match.somebody")
	}
	v.Adds = pool.Adds(v.Gift)
	return v
}

// poolsFor finds the pools that will add to a pending gift.
func (p *Pages) poolsFor(c *fiber.Ctx, v *donationView) error {
	if v.State != campaigns.Pending {
		return nil
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	pools, err := campaigns.PoolsFor(c.UserContext(), p.Read, here(c), v.CampaignID)
	for _, pool := range pools {
		if shown := showPool(page.Of(c).Lang, pool, v.Campaign, community.Day(p.Now())); shown.Open {
			shown.Gift, shown.Adds = v.Amount, pool.Adds(v.Amount)
			v.Pools = append(v.Pools, shown)
		}
	}
	return err
}

// lineOptions are the lines of the budget that a gift may be for, with what each
// still lacks; the first choice is none of them.
func lineOptions(lang i18n.Lang, of campaigns.Campaign) (options []page.Option) {
	if len(of.Budget) < 2 || !of.Raised.Less(of.Goal) {
		return nil
	}
	covered := of.Covered()
	for i, b := range of.Budget {
		if !b.Open() {
			continue
		}
		label := b.Name(string(lang))
		if lacks := b.Amount.Sub(covered[i]); lacks.Sign() > 0 {
			label = lang.T("line.lacks", "line", label, "amount", lacks.YuanShort())
		}
		options = append(options, page.Option{Value: strconv.Itoa(b.Line), Label: label})
	}
	return append([]page.Option{{Label: lang.T("line.any")}}, options...)
}

// readLine reads which line of the budget a gift is for; 0 is none.
func (p *Pages) readLine(c *fiber.Ctx, f *page.Form) int {
	if f.Typed("line") == "" {
		return 0
	}
	of, err := p.shown(c)
	if err != nil {
		return 0 // the verb will say so
	}
	var among []string
	for _, option := range lineOptions(page.Of(c).Lang, of) {
		among = append(among, option.Value)
	}
	line, _ := strconv.Atoi(f.Choice("line", among))
	return line
}
