package desk

import (
	"strconv"

	"fund/campaigns/giver"
	"fund/web/page"
)

// refundDaysMax is the longest a campaign may leave its givers to think again.
const refundDaysMax = 365

// fillRule puts a campaign's rule for refunds into its form.
func fillRule(f *page.Form, rule giver.Rule) *page.Form {
	f.Set("refund_rule", string(rule.Kind))
	if rule.Kind == giver.InDays {
		f.Set("refund_days", strconv.Itoa(rule.Days))
	}
	return f
}

// readRule reads the rule; nil leaves what stands. What givers were promised
// when the campaign was published stays.
func (v campaignForm) readRule() *giver.Rule {
	kind := giver.RuleKind(v.Choice("refund_rule", page.Values(v.Rules), page.Optional))
	if kind == "" || v.Fixed() {
		return nil
	}
	r := giver.Rule{Kind: kind}
	if kind == giver.InDays {
		r.Days = v.Int("refund_days", 1, refundDaysMax)
	}
	return &r
}
