package budget

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	MonthsDiffer   ledger.FindingCode = "budget_months"  // a line's months do not add up to its year
	VersionMissing ledger.FindingCode = "budget_version" // versions are not numbered through to the one that holds
)

var checkRules = []ledger.Rule{
	{Code: MonthsDiffer, ZH: "预算 {of}：各月合计 {got}，全年 {want}", EN: "budget {of}: its months come to {got}, its year is {want}", Query: `
		SELECT l.year || ' ' || l.fund_id || ' ' || l.account_id || ' v' || l.version, m.sum::text, l.amount::text
		  FROM budget.line l JOIN LATERAL (SELECT sum(m) AS sum FROM unnest(l.months) m) m ON true
		 WHERE l.community_id = $1 AND l.months IS NOT NULL AND m.sum IS DISTINCT FROM l.amount`},
	{Code: VersionMissing, ZH: "预算 {of}：应有 {want} 版，实有 {got} 版", EN: "budget {of}: {want} versions should be there, {got} are", Query: `
		SELECT y.year || ' ' || y.fund_id, v.n::text, y.version::text
		  FROM budget.year y JOIN LATERAL (SELECT count(*) AS n, coalesce(max(v.version), 0) AS last FROM budget.version v
		          WHERE v.community_id = y.community_id AND v.fund_id = y.fund_id AND v.year = y.year) v ON true
		 WHERE y.community_id = $1 AND (v.n <> y.version OR v.last <> y.version)`},
}

// Check holds the budgets of a community against themselves.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "budget.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, checkRules)
}
