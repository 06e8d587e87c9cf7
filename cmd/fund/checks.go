package main

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"

	"fund/ledger"
	"fund/ledger/report"
	"fund/ledger/transparency"
)

// finding is something that does not agree, in the words of the package that found it.
type finding interface{ Text(lang string) string }

// check is one package's look at a community.
type check func(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, by note.Verifier) ([]finding, error)

// checks are run on every community, in this order.
var checks = []check{auditLog, tieStatements}

// auditLog compares the Merkle tree with its leaves and with every signed checkpoint.
func auditLog(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, by note.Verifier) ([]finding, error) {
	flaws, err := transparency.Audit(ctx, q, c.ID, by)
	found := make([]finding, len(flaws))
	for i, f := range flaws {
		found[i] = logFlaw(f)
	}
	return found, err
}

type logFlaw transparency.Flaw

// Text says where in the log and what.
func (f logFlaw) Text(string) string { return transparency.Flaw(f).String() }

// tieStatements draws up every month's statements and looks whether they agree with each other.
func tieStatements(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	untied, err := report.Check(ctx, q, c)
	found := make([]finding, len(untied))
	for i, f := range untied {
		found[i] = untiedFigure(f)
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
