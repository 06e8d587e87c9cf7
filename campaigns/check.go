package campaigns

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	PaidNotBooked   ledger.FindingCode = "donation_not_booked" // paid, but its entry is not there or not of its amount
	PaidNoReceipt   ledger.FindingCode = "donation_no_receipt" // paid, but its receipt is not there or not of its amount
	BookedNotPaid   ledger.FindingCode = "donation_not_paid"   // an entry of a donation that is not paid
	ReceiptNotPaid  ledger.FindingCode = "donation_receipt"    // a receipt of a donation that is not paid
	RefundsDiffer   ledger.FindingCode = "donation_refunds"    // the refunds do not add up to what was refunded
	RefundNotBooked ledger.FindingCode = "refund_not_booked"   // a refund's entry is not there or not of its amount
	RefundedNotVoid ledger.FindingCode = "refunded_not_voided" // all was refunded and the receipt stands, or the other way round
	TallyDiffers    ledger.FindingCode = "campaign_tally"      // a campaign says it raised something else

	HeldDiffers         ledger.FindingCode = "conditional_donations" // a fund holds something else for its all-or-nothing campaigns
	ConclusionNotBooked ledger.FindingCode = "conclusion_not_booked" // a goal was met, and the entry is not there or not of its amount
	NotGivenBack        ledger.FindingCode = "donation_not_returned" // a goal was missed, and a gift is still here
)

const refundedAndVoid = `
		SELECT d.id, d.refunded, ''
		  FROM campaigns.donation d
		  JOIN receipt.receipt r ON r.community_id = d.community_id AND r.subject_id = d.id
		  LEFT JOIN receipt.void v ON v.community_id = r.community_id AND v.series = r.series AND v.year = r.year AND v.number = r.number
		 WHERE d.community_id = $1 AND d.state = 'paid'`

var rules = []ledger.Rule{
	{Code: PaidNotBooked, ZH: "捐赠 {of} 收到 {got}，账上是 {want}", EN: "donation {of} was paid with {got}, the books have {want}", Query: `
		SELECT d.id, d.amount, coalesce(p.debit::text, '-')
		  FROM campaigns.donation d
		  LEFT JOIN ledger.journal_entry e ON e.community_id = d.community_id AND e.source = 'donation:' || d.id AND e.seq = d.entry_seq
		  LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0) p ON true
		 WHERE d.community_id = $1 AND d.state = 'paid' AND p.debit IS DISTINCT FROM d.amount`},
	{Code: PaidNoReceipt, ZH: "捐赠 {of} 收到 {got}，收据是 {want}", EN: "donation {of} was paid with {got}, its receipt says {want}", Query: `
		SELECT d.id, d.amount, coalesce(r.amount::text, '-')
		  FROM campaigns.donation d
		  LEFT JOIN receipt.receipt r ON r.community_id = d.community_id AND r.subject_id = d.id AND r.series = 'donation' AND r.entry_seq = d.entry_seq
		 WHERE d.community_id = $1 AND d.state = 'paid' AND r.amount IS DISTINCT FROM d.amount`},
	{Code: BookedNotPaid, ZH: "凭证 {of} 记的捐赠没有到账（{got}）", EN: "entry {of} books a donation that is not paid ({got})", Query: `
		SELECT e.year || '-' || e.number, coalesce(d.state, '-'), ''
		  FROM ledger.journal_entry e
		  LEFT JOIN campaigns.donation d ON d.community_id = e.community_id AND 'donation:' || d.id = e.source
		 WHERE e.community_id = $1 AND e.source LIKE 'donation:%' AND (d.state = 'paid') IS NOT TRUE`},
	{Code: ReceiptNotPaid, ZH: "收据 {of} 的捐赠没有到账（{got}）", EN: "receipt {of} is of a donation that is not paid ({got})", Query: `
		SELECT r.year || '-' || lpad(r.number::text, 6, '0'), coalesce(d.state, '-'), ''
		  FROM receipt.receipt r
		  LEFT JOIN campaigns.donation d ON d.community_id = r.community_id AND d.id = r.subject_id
		 WHERE r.community_id = $1 AND r.series = 'donation' AND (d.state = 'paid') IS NOT TRUE`},
	{Code: RefundsDiffer, ZH: "捐赠 {of} 记着退回 {got}，退款合计 {want}", EN: "donation {of} says {got} went back, its refunds make {want}", Query: `
		SELECT coalesce(d.id, r.donation_id), coalesce(d.refunded, 0), coalesce(r.amount, 0)
		  FROM (SELECT id, refunded FROM campaigns.donation WHERE community_id = $1 AND refunded > 0) d
		  FULL JOIN (SELECT donation_id, sum(amount) AS amount FROM campaigns.refund WHERE community_id = $1 GROUP BY 1) r ON r.donation_id = d.id
		 WHERE d.refunded IS DISTINCT FROM r.amount`},
	{Code: RefundNotBooked, ZH: "退款 {of} 退回 {got}，账上是 {want}", EN: "refund {of} gave back {got}, the books have {want}", Query: `
		SELECT r.id, r.amount, coalesce(p.debit::text, '-')
		  FROM campaigns.refund r
		  JOIN campaigns.donation d ON d.community_id = r.community_id AND d.id = r.donation_id
		  LEFT JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.seq = r.entry_seq
		        AND (e.source = 'refund:' || r.id OR e.reverses_seq = d.entry_seq)
		  LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0) p ON true
		 WHERE r.community_id = $1 AND p.debit IS DISTINCT FROM r.amount`},
	{Code: RefundedNotVoid, ZH: "捐赠 {of} 的 {got} 已全部退回，收据却没有作废", EN: "all {got} of donation {of} went back, but its receipt stands", Query: refundedAndVoid + `
		   AND d.refunded = d.amount AND v.number IS NULL`},
	{Code: RefundedNotVoid, ZH: "捐赠 {of} 只退回 {got}，收据却作废了", EN: "only {got} of donation {of} went back, but its receipt is void", Query: refundedAndVoid + `
		   AND d.refunded < d.amount AND v.number IS NOT NULL`},
	{Code: TallyDiffers, ZH: "项目 {of} 显示 {got}，捐赠合计 {want}", EN: "campaign {of} says {got}, its gifts make {want}", Query: `
		SELECT c.slug, t.raised || ' / ' || t.gifts, coalesce(sum(d.amount - d.refunded), 0.00) || ' / ' || count(d.id) FILTER (WHERE d.refunded < d.amount)
		  FROM campaigns.campaign c
		  JOIN campaigns.tally t ON t.community_id = c.community_id AND t.campaign_id = c.id
		  LEFT JOIN campaigns.donation d ON d.community_id = c.community_id AND d.campaign_id = c.id AND d.state = 'paid'
		 WHERE c.community_id = $1 GROUP BY c.slug, t.raised, t.gifts
		HAVING t.raised <> coalesce(sum(d.amount - d.refunded), 0) OR t.gifts <> count(d.id) FILTER (WHERE d.refunded < d.amount)`},
	{Code: HeldDiffers, ZH: "{of} 代管着 {got}，不成则退的捐赠或配捐余款合计 {want}", EN: "{of} holds {got}, its conditional gifts or its pool's rest make {want}", Query: `
		SELECT f.code, coalesce(b.held, 0.00), o.owed
		  FROM (SELECT c.fund_id, sum(CASE WHEN z.result = 'met' THEN 0 ELSE t.raised + t.matched END) AS owed
		          FROM campaigns.campaign c
		          JOIN campaigns.tally t ON t.community_id = c.community_id AND t.campaign_id = c.id
		          LEFT JOIN campaigns.conclusion z ON z.community_id = c.community_id AND z.campaign_id = c.id
		         WHERE c.community_id = $1 AND c.kind = 'all_or_nothing' GROUP BY c.fund_id
		        UNION ALL
		        SELECT p.fund_id, p.laid - p.matched - p.settled FROM campaigns.pool p WHERE p.community_id = $1) o
		  JOIN ledger.fund f ON f.community_id = $1 AND f.id = o.fund_id
		  LEFT JOIN (SELECT b.fund_id, sum(b.credit - b.debit) AS held
		               FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		              WHERE b.community_id = $1 AND a.purpose = 'conditional_donations' GROUP BY b.fund_id) b ON b.fund_id = o.fund_id
		 WHERE coalesce(b.held, 0) <> o.owed`},
	{Code: ConclusionNotBooked, ZH: "募捐 {of} 筹满时有 {got}，转入收入的是 {want}", EN: "campaign {of} met its goal with {got}, and {want} became income", Query: `
		SELECT c.slug, z.raised, coalesce(p.debit::text, '-')
		  FROM campaigns.conclusion z
		  JOIN campaigns.campaign c ON c.community_id = z.community_id AND c.id = z.campaign_id
		  LEFT JOIN ledger.journal_entry e ON e.community_id = z.community_id AND e.seq = z.entry_seq AND e.source = 'conclusion:' || z.campaign_id
		  LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0) p ON true
		 WHERE z.community_id = $1 AND z.result = 'met' AND p.debit IS DISTINCT FROM z.raised`},
	{Code: NotGivenBack, ZH: "募捐没有筹满，捐赠 {of} 的 {got} 还没有退回", EN: "the goal was missed, and {got} of donation {of} has not gone back", Query: `
		SELECT d.id, d.amount - d.refunded, ''
		  FROM campaigns.conclusion z
		  JOIN campaigns.donation d ON d.community_id = z.community_id AND d.campaign_id = z.campaign_id
		 WHERE z.community_id = $1 AND z.result = 'unmet' AND d.state = 'paid' AND d.refunded < d.amount`},
}

// Check compares a community's donations, refunds, matches, gifts in kind and
// tallies with its entries and receipts and says what does not agree. Quarantined donations have
// neither. It reads every donation, so it is for `fund check`, not for a page.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "campaigns.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, slices.Concat(rules, quarantineRules, raisingRules, paperRules))
}
