package giver

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	ApprovedNotBooked ledger.FindingCode = "refund_request_not_booked" // a request was approved, and no refund of its amount is there
	RefundNotApproved ledger.FindingCode = "refund_request_not_asked"  // a request's refund is booked, and nobody approved it
	ShownUnwilling    ledger.FindingCode = "consent_withdrawn"         // the public sees what its giver took back
)

var rules = []ledger.Rule{
	{Code: ApprovedNotBooked, ZH: "退款申请 {of} 同意退回 {got}，实际退回 {want}", EN: "refund request {of} was approved with {got}, and {want} went back", Query: `
		SELECT q.id, q.amount, coalesce(r.amount::text, '-')
		  FROM giver.refund_request q
		  LEFT JOIN campaigns.refund r ON r.community_id = q.community_id AND r.id = q.id AND r.donation_id = q.donation_id
		 WHERE q.community_id = $1 AND q.state = 'approved' AND r.amount IS DISTINCT FROM q.amount`},
	{Code: RefundNotApproved, ZH: "退款申请 {of} 没有同意（{want}），却退回了 {got}", EN: "refund request {of} is not approved ({want}), and {got} went back", Query: `
		SELECT q.id, r.amount, q.state
		  FROM giver.refund_request q
		  JOIN campaigns.refund r ON r.community_id = q.community_id AND r.id = q.id
		 WHERE q.community_id = $1 AND q.state <> 'approved'`},
	{Code: ShownUnwilling, ZH: "捐赠 {of} 的捐赠人收回了公开（{got}），页面上还在公开", EN: "the giver of donation {of} took back what the public may see ({got}), and it is still shown", Query: `
		SELECT d.id, l.what, ''
		  FROM (SELECT DISTINCT ON (donation_id, what) donation_id, what, given FROM giver.consent
		         WHERE community_id = $1 ORDER BY donation_id, what, number DESC) l
		  JOIN campaigns.donation d ON d.community_id = $1 AND d.id = l.donation_id
		 WHERE NOT l.given AND CASE l.what WHEN 'name' THEN d.show_name ELSE d.show_message END`},
}

// Check compares what givers asked for and allowed with the refunds and with
// what the public sees.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "giver.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
