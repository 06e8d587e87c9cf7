package project

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What CheckBooks finds.
const (
	LineNotAsPosted  ledger.FindingCode = "project_line"     // more of an entry stands on a project's lines than it spent of the project
	StateNotAsMoved  ledger.FindingCode = "project_state"    // a project's state is not what its last step says
	WithoutConsent   ledger.FindingCode = "project_consent"  // a project was agreed by a motion that has not passed
	SettledWithMoney ledger.FindingCode = "project_settled"  // a project is settled, and money is left in its fund
	ReportNotAsBooks ledger.FindingCode = "project_reported" // an adopted end report says another figure than the books as of its entry
)

var rules = []ledger.Rule{
	{Code: LineNotAsPosted, ZH: "项目 {of} 的预算行上记了 {got}，凭证只花了 {want}", EN: "{got} stands on the lines of project {of}, its entries spent {want}", Query: `
		SELECT p.slug || ' ' || e.year || '-' || e.number, o.put::text, coalesce(x.spent, 0)::text
		  FROM (SELECT entry_seq, project_id, sum(amount) AS put FROM project.spent_on WHERE community_id = $1 GROUP BY entry_seq, project_id) o
		  JOIN project.project p ON p.community_id = $1 AND p.id = o.project_id
		  JOIN ledger.journal_entry e ON e.community_id = $1 AND e.seq = o.entry_seq
		  LEFT JOIN LATERAL (SELECT sum(y.amount) AS spent FROM ledger.posting y JOIN ledger.account a ON a.community_id = y.community_id AND a.id = y.account_id AND a.type = 'expense'
		                      WHERE y.community_id = $1 AND y.seq = o.entry_seq AND y.fund_id = p.fund_id) x ON true
		 WHERE o.put NOT BETWEEN least(0, coalesce(x.spent, 0)) AND greatest(0, coalesce(x.spent, 0))`},
	{Code: StateNotAsMoved, ZH: "项目 {of} 的状态是 {got}，最后一步是 {want}", EN: "project {of} is {got}, its last step says {want}", Query: `
		SELECT coalesce(p.slug, p.id::text), p.state, coalesce(s.state, 'draft')
		  FROM project.project p
		  LEFT JOIN LATERAL (SELECT state FROM project.step s WHERE s.community_id = p.community_id AND s.project_id = p.id ORDER BY n DESC LIMIT 1) s ON true
		 WHERE p.community_id = $1 AND p.state <> coalesce(s.state, 'draft')`},
	{Code: WithoutConsent, ZH: "项目 {of} 据以同意的议题现在是 {got}", EN: "the motion by which project {of} was agreed is {got}", Query: `
		SELECT p.slug, m.state, 'passed'
		  FROM project.step s JOIN project.project p ON p.community_id = s.community_id AND p.id = s.project_id
		  JOIN council.motion m ON m.community_id = s.community_id AND m.id = s.motion_id
		 WHERE s.community_id = $1 AND s.state = 'agreed' AND (m.state <> 'passed' OR m.project_id IS DISTINCT FROM p.id)`},
	{Code: SettledWithMoney, ZH: "项目 {of} 已结清，基金里还有 {got}", EN: "project {of} is settled, and its fund has {got}", Query: `
		SELECT p.slug, b.net_assets::text, '0.00'
		  FROM project.project p JOIN ledger.fund_balance b ON b.community_id = p.community_id AND b.fund_id = p.fund_id
		 WHERE p.community_id = $1 AND p.state = 'settled' AND b.net_assets <> 0`},
	{Code: ReportNotAsBooks, ZH: "项目 {of} 的结项报告写花了 {got}，到那一笔为止账上是 {want}", EN: "the end report of project {of} says {got} was spent, the books had {want} at its entry", Query: `
		SELECT p.slug, r.body::jsonb ->> 'spent', coalesce(x.spent, 0.00)::text
		  FROM project.report r JOIN project.project p ON p.community_id = r.community_id AND p.id = r.project_id
		  LEFT JOIN LATERAL (SELECT sum(y.amount) AS spent
		                       FROM ledger.posting y JOIN ledger.account a ON a.community_id = y.community_id AND a.id = y.account_id AND a.type = 'expense'
		                       JOIN ledger.journal_entry e ON e.community_id = y.community_id AND e.seq = y.seq AND e.kind <> 'year_end'
		                      WHERE y.community_id = $1 AND y.fund_id = p.fund_id AND y.seq <= r.as_of) x ON true
		 WHERE r.community_id = $1 AND r.adopted_at IS NOT NULL AND (r.body::jsonb ->> 'spent')::numeric <> coalesce(x.spent, 0)`},
}

// CheckBooks looks whether the projects' lines, states, consents and end reports agree with the books and the councils.
func CheckBooks(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "project.CheckBooks(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
