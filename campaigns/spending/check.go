package spending

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	PaidNotBooked  ledger.FindingCode = "payment_not_booked"   // paid, but its entry is not there, not of its amount, or undone
	BookedNotPaid  ledger.FindingCode = "payment_not_paid"     // an entry that stands pays a request that is not paid by it
	ApprovedTooFew ledger.FindingCode = "payment_not_approved" // approved or paid with too few others' approvals
	HeldDiffers    ledger.FindingCode = "payment_not_held"     // approved, and the budget holds something else; or held, and not approved
)

var rules = []ledger.Rule{
	{Code: PaidNotBooked, ZH: "付款申请 {of} 付了 {got}，账上是 {want}", EN: "payment request {of} was paid with {got}, the books have {want}", Query: `
		SELECT r.number, r.amount, coalesce(p.amount::text, '-')
		  FROM spending.request r
		  LEFT JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.seq = r.entry_seq AND e.source IN ('payment_request:' || r.id, 'payment_request:' || r.id || '.' || r.payments)
		        AND NOT EXISTS (SELECT FROM ledger.journal_entry x WHERE x.community_id = e.community_id AND x.reverses_seq = e.seq)
		  LEFT JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq AND p.account_id = r.account_id AND p.fund_id = r.fund_id
		 WHERE r.community_id = $1 AND r.state = 'paid' AND p.amount IS DISTINCT FROM r.amount`},
	{Code: BookedNotPaid, ZH: "凭证 {of} 付的申请没有记成已付", EN: "entry {of} pays a request that is not paid by it", Query: `
		SELECT e.year || '-' || e.number, '', ''
		  FROM ledger.journal_entry e
		 WHERE e.community_id = $1 AND e.source LIKE 'payment_request:%'
		   AND NOT EXISTS (SELECT FROM ledger.journal_entry x WHERE x.community_id = e.community_id AND x.reverses_seq = e.seq)
		   AND NOT EXISTS (SELECT FROM spending.request r WHERE r.community_id = e.community_id AND r.entry_seq = e.seq)`},
	{Code: ApprovedTooFew, ZH: "付款申请 {of} 只有 {got} 个别人批准，要 {want} 个", EN: "payment request {of} has the approvals of {got} others, it needs {want}", Query: `
		SELECT r.number, count(d.decided_by), r.approvals_needed
		  FROM spending.request r
		  LEFT JOIN spending.decision d ON d.community_id = r.community_id AND d.request_id = r.id AND d.verdict = 'approved'
		        AND NOT d.conflict AND d.decided_by NOT IN (r.asked_by, r.payee_user)
		 WHERE r.community_id = $1 AND r.state IN ('approved', 'paid') GROUP BY r.number, r.approvals_needed HAVING count(d.decided_by) < r.approvals_needed`},
	{Code: HeldDiffers, ZH: "付款申请 {of} 批准了 {got}，预算里留着 {want}", EN: "payment request {of} was approved with {got}, the budget holds {want}", Query: `
		SELECT coalesce(r.number::text, b.source), coalesce(r.amount::text, '-'), coalesce(b.amount::text, '-')
		  FROM (SELECT number, 'payment_request:' || id AS source, amount FROM spending.request WHERE community_id = $1 AND state = 'approved') r
		  FULL JOIN (SELECT source, amount FROM budget.commitment WHERE community_id = $1 AND released_at IS NULL AND source LIKE 'payment_request:%') b ON b.source = r.source
		 WHERE r.amount IS DISTINCT FROM b.amount`},
}

// Check compares a community's payment requests with its entries, approvals and
// budgets.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "spending.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
