package box

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	NotBooked     ledger.FindingCode = "box_not_booked"     // opened, but its gift is not there or not of its amount
	NotDifference ledger.FindingCode = "box_difference"     // over or short, and the entry is not there or not of its amount
	NotDeposited  ledger.FindingCode = "deposit_not_booked" // handed in at the bank, and the entry is not of its money
)

var rules = []ledger.Rule{
	{Code: NotBooked, ZH: "募捐箱 {of} 点出 {got}，记的捐赠是 {want}", EN: "box {of} was counted at {got}, its gift is {want}", Query: `
		SELECT b.number || '-' || r.round, r.amount - r.difference, coalesce(d.amount::text, '-')
		  FROM box.round r
		  JOIN box.box b ON b.community_id = r.community_id AND b.id = r.box_id
		  LEFT JOIN campaigns.donation d ON d.community_id = r.community_id AND d.id = r.donation_id AND d.state = 'paid'
		 WHERE r.community_id = $1 AND r.opened_at IS NOT NULL AND r.amount - r.difference > 0 AND d.amount IS DISTINCT FROM r.amount - r.difference`},
	{Code: NotDifference, ZH: "募捐箱 {of} 长短款 {got}，账上是 {want}", EN: "box {of} was over or short by {got}, the books have {want}", Query: `
		SELECT b.number || '-' || r.round, r.difference, coalesce(p.debit::text, '-')
		  FROM box.round r
		  JOIN box.box b ON b.community_id = r.community_id AND b.id = r.box_id
		  LEFT JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.seq = r.difference_seq AND e.source = 'box_difference:' || r.box_id || '-' || r.round
		  LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0) p ON true
		 WHERE r.community_id = $1 AND r.difference <> 0 AND p.debit IS DISTINCT FROM abs(r.difference)`},
	{Code: NotDeposited, ZH: "凭条 {of} 送存 {got}，现金账上减了 {want}", EN: "slip {of} banked money of {got}, the safe gave {want}", Query: `
		SELECT d.slip, d.expected, coalesce(p.credit::text, '-')
		  FROM ledger.cash_deposit d
		  LEFT JOIN ledger.journal_entry e ON e.community_id = d.community_id AND e.seq = d.entry_seq AND e.source IN ('cash_deposit:' || d.id, 'box_deposit:' || d.id)
		  LEFT JOIN LATERAL (SELECT -sum(p.amount) AS credit FROM ledger.posting p
		                       JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND a.type = 'asset' AND p.amount < 0) p ON true
		 WHERE d.community_id = $1 AND (p.credit IS DISTINCT FROM d.expected
		    OR d.expected < (SELECT sum(r.amount) FROM box.round r WHERE r.community_id = d.community_id AND r.deposit_id = d.id))`},
}

// Check compares the boxes of a community with its gifts and its entries and
// says what does not agree.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "box.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
