package council

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	UseNotAsPosted ledger.FindingCode = "council_use"       // an entry moved something else than its motion's use says
	OverVoted      ledger.FindingCode = "council_overuse"   // more is used than was voted
	Miscounted     ledger.FindingCode = "council_miscount"  // a result's figures do not add up to its outcome
	Unvoted        ledger.FindingCode = "council_unvoted"   // a project's money moved, and no motion says so
	Overspent      ledger.FindingCode = "council_overspent" // a project spent more than reached it
)

var rules = []ledger.Rule{
	{Code: UseNotAsPosted, ZH: "决议用款，第 {of} 号凭证动了 {got}，记的是 {want}", EN: "entry {of} moved {got} by a motion, {want} is written down", Query: `
		SELECT u.entry_seq::text, coalesce(sum(p.amount), 0)::text, u.amount::text
		  FROM council.use u
		  JOIN council.motion m ON m.community_id = u.community_id AND m.id = u.motion_id
		  LEFT JOIN (ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type = 'net_assets')
		         ON p.community_id = u.community_id AND p.seq = u.entry_seq AND p.fund_id = m.from_fund
		 WHERE u.community_id = $1 GROUP BY u.entry_seq, u.amount HAVING coalesce(sum(p.amount), 0) <> u.amount`},
	{Code: OverVoted, ZH: "议题 {of} 通过 {want}，用了 {got}", EN: "motion {of} allows {want}, {got} is used", Query: `
		SELECT m.year || '-' || lpad(m.number::text, 3, '0'), council.used(m.community_id, m.id)::text, coalesce(m.amount, 0)::text
		  FROM council.motion m
		 WHERE m.community_id = $1 AND m.kind <> 'resolution' AND council.used(m.community_id, m.id) NOT BETWEEN 0 AND CASE WHEN m.state = 'passed' THEN m.amount ELSE 0 END`},
	{Code: Miscounted, ZH: "议题 {of} 的结果是 {got}，按票数应当是 {want}", EN: "motion {of} came out {got}, its figures say {want}", Query: `
		SELECT m.year || '-' || lpad(m.number::text, 3, '0'), r.outcome, x.want
		  FROM council.result r JOIN council.motion m ON m.community_id = r.community_id AND m.id = r.motion_id,
		       LATERAL (SELECT CASE WHEN r.present < r.needed THEN 'no_quorum' WHEN r.in_favour >= r.to_pass THEN 'passed' ELSE 'failed' END) x (want)
		 WHERE r.community_id = $1 AND (r.outcome <> x.want OR r.in_favour + r.against + r.abstained + r.spoilt <> r.present OR r.online + r.paper <> r.present
		    OR m.state NOT IN (r.outcome, 'escalated'))`},
	{Code: Unvoted, ZH: "第 {of} 号凭证动了议事会表决的项目款 {got}，没有议题同意", EN: "entry {of} moved {got} of a project's voted money, and no motion allowed it", Query: `
		SELECT v.entry_seq::text, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0)::text, '0.00'
		  FROM council.moved v JOIN ledger.posting p ON p.community_id = v.community_id AND p.seq = v.entry_seq
		 WHERE v.community_id = $1 AND NOT EXISTS (SELECT FROM council.use u WHERE u.community_id = v.community_id AND u.entry_seq = v.entry_seq)
		 GROUP BY v.entry_seq`},
	{Code: Overspent, ZH: "议事会表决的项目 {of} 超支，结余 {got}", EN: "project {of}, voted by a council, is overspent: {got} left", Query: `
		SELECT f.code, sum(b.debit - b.credit)::text, '0.00'
		  FROM ledger.fund f
		  JOIN ledger.balance b ON b.community_id = f.community_id AND b.fund_id = f.id
		  JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id AND a.type IN ('asset', 'liability')
		 WHERE f.community_id = $1 AND EXISTS (SELECT FROM council.motion m WHERE m.community_id = f.community_id AND m.to_fund = f.id
		       AND m.kind = 'budget_line' AND m.state NOT IN ('draft', 'withdrawn'))
		 GROUP BY f.code HAVING sum(b.debit - b.credit) < 0`},
}

// Check looks whether every vote came out as its figures say, and no motion's
// money was used beyond it or otherwise than the entries say.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "council.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
