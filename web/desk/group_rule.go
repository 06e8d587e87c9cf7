package desk

import (
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// tiersMax is how many grants a rule opens at most.
const tiersMax = 4

// ruleView is the rule of incentives, its versions, and who may have a grant.
type ruleView struct {
	*page.Form
	Rules   []organisation.Rule // the latest first
	Now     *organisation.Rule
	Ready   []organisation.Row // groups whose points open a grant
	Tiers   []int
	MayPost bool
}

// GroupRule shows the rule by which groups earn points.
func (p *Pages) GroupRule(c *fiber.Ctx) error {
	v, err := p.ruleView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Set("since", page.Of(c).Local(p.Now()).AddDate(0, 0, 1).Format(time.DateOnly))
	start := organisation.Rule{PerActivity: 2, PerPeople: 10, PeopleMax: 50, PeopleMin: 5}
	if len(v.Rules) > 0 {
		start = v.Rules[0]
	}
	v.Set("per_activity", strconv.Itoa(start.PerActivity)).Set("per_people", strconv.Itoa(start.PerPeople)).Set("people_max", strconv.Itoa(start.PeopleMax)).Set("people_min", strconv.Itoa(start.PeopleMin))
	for i, t := range start.Tiers {
		v.Set(numbered("points", i+1), strconv.Itoa(t.Points)).Set(numbered("amount", i+1), t.Amount.String())
	}
	return page.Render(c, "desk/group_rule", v)
}

func (p *Pages) ruleView(c *fiber.Ctx, f *page.Form) (v ruleView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	v = ruleView{Form: labelled(f, "organisation.field", "since", "per_activity", "per_people", "people_max", "people_min"), MayPost: can(c, auth.PostEntry)}
	for i := range tiersMax {
		v.Tiers = append(v.Tiers, i+1)
		f.Label(numbered("points", i+1), "organisation.field.points").Label(numbered("amount", i+1), "organisation.field.amount")
	}
	if v.Rules, err = organisation.ListRules(ctx, p.DB, community.ID); err != nil {
		return v, err
	}
	if v.Now, err = organisation.RuleOn(ctx, p.DB, community.ID, today); err != nil || v.Now == nil || len(v.Now.Tiers) == 0 {
		return v, err
	}
	rows, _, err := organisation.List(ctx, p.DB, community.ID, organisation.Filter{Kind: organisation.Group, From: today, To: today})
	for _, row := range rows {
		if row.Points >= v.Now.Tiers[0].Points {
			v.Ready = append(v.Ready, row)
		}
	}
	return v, err
}

// SetGroupRule writes a new version of the rule down.
func (p *Pages) SetGroupRule(c *fiber.Ctx) error {
	v, err := p.ruleView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	r := v.read(p.Now())
	if v.AnyWrong() {
		return page.Again(c, "desk/group_rule", v)
	}
	err = p.act(c, "organisation.rule", "", nil, func(tx *sqlx.Tx, who string) (err error) {
		r.SetBy = who
		r, err = organisation.SetRule(c.UserContext(), tx, page.Of(c).Community.ID, r)
		return err
	})
	if errors.Is(err, organisation.ErrRuleDay) {
		v.Wrong("since", "organisation.wrong.rule_day", "day", v.Rules[0].Since.Format(time.DateOnly))
		return page.Again(c, "desk/group_rule", v)
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, groupsPath+"/rule", "organisation.rule_set", "day", r.Since.Format(time.DateOnly))
}

func (v ruleView) read(now time.Time) organisation.Rule {
	r := organisation.Rule{
		Since: v.Date("since"), PerActivity: v.Int("per_activity", 0, 100), PerPeople: v.Int("per_people", 1, 1000),
		PeopleMax: v.Int("people_max", 0, 9999), PeopleMin: v.Int("people_min", 0, 999), SetAt: now,
	}
	if !r.Since.IsZero() && r.Since.Before(now.AddDate(0, 0, -1)) {
		v.Wrong("since", "organisation.wrong.past")
	}
	seen := map[int]bool{}
	for _, n := range v.Tiers {
		points, amount := numbered("points", n), numbered("amount", n)
		if v.Typed(points) == "" && v.Typed(amount) == "" {
			continue
		}
		t := organisation.Tier{Points: v.Int(points, 1, 9999), Amount: v.Amount(amount)}
		if seen[t.Points] {
			v.Wrong(points, "organisation.wrong.tier_twice")
		}
		if money.FromFen(5000_00).Less(t.Amount) {
			v.Wrong(amount, "organisation.wrong.tier_large")
		}
		seen[t.Points] = true
		r.Tiers = append(r.Tiers, t)
	}
	return r
}
