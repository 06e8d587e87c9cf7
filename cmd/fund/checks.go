package main

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"

	"fund/campaigns"
	"fund/campaigns/box"
	"fund/campaigns/council"
	"fund/campaigns/giver"
	"fund/campaigns/mutualaid"
	"fund/campaigns/organisation"
	"fund/campaigns/pledge"
	"fund/campaigns/project"
	"fund/campaigns/receipt"
	"fund/campaigns/round"
	"fund/campaigns/sale"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/reconcile"
	"fund/ledger/report"
	"fund/ledger/schedule"
	"fund/ledger/search"
)

// finding is something that does not agree, in the words of the package that found it.
type finding interface{ Text(lang string) string }

// check is one package's look at a community.
type check func(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, by note.Verifier) ([]finding, error)

// checks are run on every community, in this order.
var checks = []check{checkLedger, checkCampaigns, checkReceipts, checkPledges, checkBoxes, checkSales, checkGivers, checkDisclosure, checkReconcile, checkMutualAid, checkRounds, checkBetween, checkBudget, checkSchedule, checkSpending, checkCouncils, checkProjects, checkOrganisations, checkSearch}

func checkCampaigns(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(campaigns.Check(ctx, q, c.ID))
}

func checkBoxes(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(box.Check(ctx, q, c.ID))
}

func checkSales(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(sale.Check(ctx, q, c.ID))
}

func checkSpending(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(spending.Check(ctx, q, c.ID))
}

func checkCouncils(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(council.Check(ctx, q, c.ID))
}

func checkOrganisations(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(organisation.Check(ctx, q, c.ID))
}

func checkSearch(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(search.Check(ctx, q, c.ID))
}

func checkProjects(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(project.CheckBooks(ctx, q, c.ID))
}

func checkGivers(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(giver.Check(ctx, q, c.ID))
}

func checkMutualAid(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(mutualaid.Check(ctx, q, c.ID))
}

func checkRounds(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(round.Check(ctx, q, c.ID))
}

func checkBetween(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(ledger.CheckBetween(ctx, q, c.ID))
}

func checkBudget(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(budget.Check(ctx, q, c.ID))
}

func checkSchedule(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(schedule.Check(ctx, q, c.ID))
}

func checkReconcile(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(reconcile.Check(ctx, q, c.ID))
}

func checkReceipts(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(receipt.Check(ctx, q, c.ID))
}

func checkPledges(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(pledge.Check(ctx, q, c.ID))
}

// checkLedger replays every entry against the rollups and the signed log. Statements are made of the rollups: they are drawn
// up and compared with each other only where those are sound, or one wrong figure would be told six times.
func checkLedger(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, by note.Verifier) ([]finding, error) {
	found, err := asFindings(ledger.Check(ctx, q, c, by))
	if err != nil || len(found) > 0 {
		return found, err
	}
	untied, err := report.Check(ctx, q, c)
	for _, f := range untied {
		found = append(found, untiedFigure(f))
	}
	return found, err
}

// asFindings widens a package's list of findings.
func asFindings[F finding](some []F, err error) ([]finding, error) {
	found := make([]finding, len(some))
	for i, f := range some {
		found[i] = f
	}
	return found, err
}

type untiedFigure report.Finding

var ruleNames = map[report.Rule]struct{ zh, en string }{
	report.TrialBalances:     {"试算不平衡", "the trial balance does not balance"},
	report.SheetBalances:     {"资产不等于负债加净资产", "assets are not liabilities plus net assets"},
	report.ActivityTies:      {"业务活动表与资产负债表对不上", "the activity statement does not agree with the balance sheet"},
	report.CashFlowTies:      {"现金流量表与货币资金对不上", "the cash flow statement does not agree with the money accounts"},
	report.FundsTie:          {"基金的期初、收支与期末对不上", "a fund's opening, movements and closing do not agree"},
	report.CardsTie:          {"明细账与科目余额表对不上", "a ledger card does not agree with the trial balance"},
	report.BudgetTies:        {"预算执行表与基金的收支对不上", "a budget's actual figures do not agree with its fund's"},
	report.CashAddedUp:       {"现金流量表的累计与凭证对不上", "what is added up behind the cash flow statement is not what its entries say"},
	report.NetAssetsAsPosted: {"净资产与逐笔累计对不上", "net assets are not what the entries add up to"},
}

// Text says in which month which two figures disagree.
func (f untiedFigure) Text(lang string) string {
	month, name := f.Month.Format("2006-01"), ruleNames[f.Rule]
	if lang == "en" {
		return fmt.Sprintf("%s: %s (%s is %s, expected %s)", month, name.en, f.Of, f.Got.Format(), f.Want.Format())
	}
	return fmt.Sprintf("%s：%s（%s 为 %s，应为 %s）", month, name.zh, f.Of, f.Got.Format(), f.Want.Format())
}
