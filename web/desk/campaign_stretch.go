package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/ledger"
	"fund/web/page"
)

// stretchMax is how many further goals a campaign's form takes.
const stretchMax = 3

// The choices of a campaign's fund that are no fund yet.
const (
	newFund   = "new"
	eventFund = "event"
)

// stretchRow is one further goal of the form; its fields are named s1_amount, …
type stretchRow int

// Named is the row's field.
func (r stretchRow) Named(field string) string { return "s" + strconv.Itoa(int(r)) + "_" + field }

// Filled tells whether somebody wrote into the row.
func (r stretchRow) filled(f *page.Form) bool {
	return f.Typed(r.Named("amount"))+f.Typed(r.Named("title_zh"))+f.Typed(r.Named("title_en")) != ""
}

// Stretches are the rows of further goals.
func (v campaignForm) Stretches() (rows []stretchRow) {
	for n := range stretchMax {
		row := stretchRow(n + 1)
		for _, field := range []string{"amount", "title_zh", "title_en"} {
			v.Label(row.Named(field), "stretch.field."+field)
		}
		rows = append(rows, row)
	}
	return rows
}

// Stretched tells whether there are any, so that they are unfolded.
func (v campaignForm) Stretched() bool {
	for _, row := range v.Stretches() {
		if row.filled(v.Form) {
			return true
		}
	}
	return false
}

// readStretch reads the further goals, each above the one before.
func (v campaignForm) readStretch(of campaigns.Campaign) (goals campaigns.StretchGoals) {
	above := of.Goal
	for _, row := range v.Stretches() {
		if !row.filled(v.Form) {
			continue
		}
		g := campaigns.StretchGoal{
			Amount: v.Amount(row.Named("amount")), TitleZH: v.Text(row.Named("title_zh"), 60), TitleEN: v.Text(row.Named("title_en"), 80, page.Optional),
		}
		if !g.Amount.IsZero() && !above.Less(g.Amount) {
			v.Wrong(row.Named("amount"), "stretch.wrong.above", "amount", above.YuanShort())
		}
		above, goals = g.Amount, append(goals, g)
	}
	return goals
}

func fillStretch(f *page.Form, goals campaigns.StretchGoals) {
	for i, g := range goals {
		row := stretchRow(i + 1)
		f.Set(row.Named("amount"), plain(g.Amount)).Set(row.Named("title_zh"), g.TitleZH).Set(row.Named("title_en"), g.TitleEN)
	}
}

// fundOptions are what a campaign can raise for: a fund of its own, or one that
// is there. A pool's is none.
func fundOptions(c *fiber.Ctx, funds []ledger.Fund, of campaigns.Campaign) []page.Option {
	r := page.Of(c)
	options := []page.Option{{Value: newFund, Label: r.T("raise.new_fund")}, {Value: eventFund, Label: r.T("raise.event_fund")}}
	for _, fund := range funds {
		if fund.ClosedAt == nil && fund.Kind != ledger.PoolFund && (of.ID == 0 || fund.ID == of.FundID) {
			label := r.T("raise.fund_of."+string(fund.Kind), "fund", fund.Name(string(r.Lang)))
			options = append(options, page.Option{Value: strconv.Itoa(fund.ID), Label: label})
		}
	}
	return options
}

// readFund reads which fund the campaign raises for; 0 is one of its own.
func (v campaignForm) readFund() (id int, target campaigns.Target) {
	chosen := v.Choice("fund", page.Values(v.Funds))
	if chosen == eventFund {
		target = campaigns.EventTarget
	}
	id, _ = strconv.Atoi(chosen) // "new" and "event" are no numbers
	return id, target
}
