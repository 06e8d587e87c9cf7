package mutualaid

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	HoursUnbalanced ledger.FindingCode = "hours_unbalanced" // given is not received
	HoursGap        ledger.FindingCode = "hours_gap"        // numbers are missing
	HoursMissing    ledger.FindingCode = "hours_missing"    // an engagement is done and its hours are not posted as both said
)

var rules = []ledger.Rule{
	{Code: HoursUnbalanced, ZH: "互助时长第 {of} 笔：给出的和收到的差 {got} 分钟", EN: "hour entry {of}: given and received differ by {got} minutes", Query: `
		SELECT e.number::text, coalesce(sum(p.minutes), 1)::text, '0'
		  FROM mutualaid.hour_entry e LEFT JOIN mutualaid.hour_posting p ON p.community_id = e.community_id AND p.number = e.number
		 WHERE e.community_id = $1 GROUP BY e.number HAVING coalesce(sum(p.minutes), 1) <> 0`},
	{Code: HoursGap, ZH: "互助时长有 {got} 笔，编号到 {want}", EN: "there are {got} hour entries, numbered up to {want}", Query: `
		SELECT '', count(e.number)::text, b.last_number::text
		  FROM mutualaid.hour_book b LEFT JOIN mutualaid.hour_entry e ON e.community_id = b.community_id
		 WHERE b.community_id = $1 GROUP BY b.last_number HAVING count(e.number) <> b.last_number OR max(e.number) <> b.last_number`},
	{Code: HoursMissing, ZH: "互助 {of} 双方都说 {want} 分钟，记的是 {got}", EN: "for engagement {of} both said {want} minutes, {got} are posted", Query: `
		SELECT e.id::text, coalesce(p.minutes::text, '-'), e.helper_minutes::text
		  FROM mutualaid.engagement e
		  LEFT JOIN mutualaid.hour_entry h ON h.community_id = e.community_id AND h.source = 'engagement:' || e.id
		  LEFT JOIN mutualaid.hour_posting p ON p.community_id = h.community_id AND p.number = h.number AND p.person_id = e.helped_id
		 WHERE e.community_id = $1 AND e.state = 'done' AND p.minutes IS DISTINCT FROM e.helper_minutes`},
}

// Check looks whether the ledger of hours is whole, and has what both sides of
// every engagement said.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "mutualaid.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
