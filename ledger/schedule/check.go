package schedule

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	WrittenTooMuch ledger.FindingCode = "schedule_written"  // more is written off than the item cost
	VoidPosted     ledger.FindingCode = "schedule_void"     // the item's own entry is reversed, its months are not
	TurnEntry      ledger.FindingCode = "schedule_turn"     // a month's entry moved nothing of the item
	GoneTwice      ledger.FindingCode = "schedule_disposal" // an item left twice
)

var checkRules = []ledger.Rule{
	{Code: WrittenTooMuch, ZH: "{of}：应摊 {want}，记账 {got}", EN: "{of}: {want} is to be written off, {got} was", Query: `
		SELECT v.kind || ' ' || v.number, v.posted::text, (v.cost - v.residual)::text FROM (` + selectItem + `) v WHERE v.posted > v.cost - v.residual`},
	{Code: VoidPosted, ZH: "{of}：购入凭证已红冲，还摊销着 {got}", EN: "{of}: its purchase is reversed, and {got} is still written off", Query: `
		SELECT v.kind || ' ' || v.number, v.posted::text, '0.00' FROM (` + selectItem + `) v WHERE v.void AND v.posted <> 0`},
	{Code: TurnEntry, ZH: "{of} 的凭证没有动它的科目", EN: "the entry of {of} moved nothing of it", Query: `
		SELECT i.kind || ' ' || i.number || ' ' || to_char(x.month, 'YYYY-MM'), '0.00', '0.00'
		  FROM schedule.turn x JOIN schedule.item i ON i.community_id = x.community_id AND i.id = x.plan_id
		 WHERE x.community_id = $1 AND NOT EXISTS (SELECT FROM ledger.posting p
		        WHERE p.community_id = x.community_id AND p.seq = x.entry_seq AND p.account_id = i.contra_id AND p.fund_id = i.fund_id AND p.amount < 0)`},
	{Code: GoneTwice, ZH: "{of} 处置了 {got} 次", EN: "{of} left {got} times", Query: `
		SELECT i.kind || ' ' || i.number, count(*)::text, '1'
		  FROM schedule.disposal x JOIN schedule.item i ON i.community_id = x.community_id AND i.id = x.item_id
		 WHERE x.community_id = $1 AND NOT ` + reversed + ` GROUP BY i.kind, i.number HAVING count(*) > 1`},
}

// Check holds the registers against the books.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "schedule.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, checkRules)
}
