package campaigns

import "fund/ledger"

// What Check finds about pools, lines and gifts in kind.
const (
	PoolDiffers     ledger.FindingCode = "pool_tally"         // a pool says it matched something else than its matches make
	MatchedDiffers  ledger.FindingCode = "campaign_matched"   // a campaign says that pools added something else
	MatchNotBooked  ledger.FindingCode = "match_not_booked"   // a match's entries are not there or not of its amount
	MatchOutlives   ledger.FindingCode = "match_of_refunded"  // more of a match is left than of its gift
	OverDonorMax    ledger.FindingCode = "pool_donor_max"     // a pool added more to one person's gifts than its sponsor said
	LineDiffers     ledger.FindingCode = "budget_line_raised" // a line says it raised something else
	InKindNotBooked ledger.FindingCode = "in_kind_not_booked" // goods whose entry or receipt is not there or not of their value
)

var raisingRules = []ledger.Rule{
	{Code: PoolDiffers, ZH: "配捐池 {of} 记着配出 {got}，逐笔合计 {want}", EN: "pool {of} says it matched {got}, its matches make {want}", Query: `
		SELECT p.id::text, p.matched, coalesce(m.amount, 0.00)
		  FROM campaigns.pool p
		  LEFT JOIN (SELECT pool_id, sum(amount - taken_back) AS amount FROM campaigns.match WHERE community_id = $1 GROUP BY 1) m ON m.pool_id = p.id
		 WHERE p.community_id = $1 AND p.matched <> coalesce(m.amount, 0)`},
	{Code: MatchedDiffers, ZH: "项目 {of} 显示配捐 {got}，逐笔合计 {want}", EN: "campaign {of} says pools added {got}, the matches make {want}", Query: `
		SELECT c.slug, t.matched, coalesce(m.amount, 0.00)
		  FROM campaigns.campaign c
		  JOIN campaigns.tally t ON t.community_id = c.community_id AND t.campaign_id = c.id
		  LEFT JOIN (SELECT d.campaign_id, sum(m.amount - m.taken_back) AS amount
		               FROM campaigns.match m JOIN campaigns.donation d ON d.community_id = m.community_id AND d.id = m.donation_id
		              WHERE m.community_id = $1 GROUP BY 1) m ON m.campaign_id = c.id
		 WHERE c.community_id = $1 AND t.matched <> coalesce(m.amount, 0)`},
	{Code: MatchNotBooked, ZH: "捐赠 {of} 配了 {got}，账上是 {want}", EN: "{got} was added to donation {of}, the books have {want}", Query: `
		SELECT m.donation_id, m.amount - m.taken_back, coalesce(b.booked::text, '-')
		  FROM campaigns.match m
		  JOIN campaigns.pool p ON p.community_id = m.community_id AND p.id = m.pool_id
		  LEFT JOIN LATERAL (
		       SELECT sum(l.amount) AS booked
		         FROM ledger.journal_entry e
		         JOIN ledger.posting l ON l.community_id = e.community_id AND l.seq = e.seq AND l.fund_id = p.fund_id
		         JOIN ledger.account a ON a.community_id = l.community_id AND a.id = l.account_id AND a.purpose = 'conditional_donations'
		        WHERE e.community_id = m.community_id AND e.source IN (
		              SELECT 'match:' || m.donation_id || '/' || m.pool_id
		               UNION ALL
		              SELECT 'match_back:' || r.id || '/' || m.pool_id FROM campaigns.refund r
		               WHERE r.community_id = m.community_id AND r.donation_id = m.donation_id)) b ON true
		 WHERE m.community_id = $1 AND b.booked IS DISTINCT FROM m.amount - m.taken_back`},
	{Code: MatchOutlives, ZH: "捐赠 {of} 的配捐还剩 {got}，按比例应剩 {want}", EN: "of what was added to donation {of} {got} is left, its share would be {want}", Query: `
		SELECT d.id, m.amount - m.taken_back, trunc(m.amount * (d.amount - d.refunded) / d.amount, 2)
		  FROM campaigns.match m JOIN campaigns.donation d ON d.community_id = m.community_id AND d.id = m.donation_id
		 WHERE m.community_id = $1 AND m.amount - m.taken_back > trunc(m.amount * (d.amount - d.refunded) / d.amount, 2)`},
	{Code: OverDonorMax, ZH: "配捐池 {of} 给一个人配了 {got}，每人最多 {want}", EN: "pool {of} added {got} to one person's gifts, at most are {want}", Query: `
		SELECT p.id::text, sum(m.amount - m.taken_back), p.donor_max
		  FROM campaigns.pool p JOIN campaigns.match m ON m.community_id = p.community_id AND m.pool_id = p.id
		 WHERE p.community_id = $1 AND m.giver IS NOT NULL GROUP BY p.id, p.donor_max, m.giver HAVING sum(m.amount - m.taken_back) > p.donor_max`},
	{Code: LineDiffers, ZH: "{of} 这一项显示 {got}，捐赠合计 {want}", EN: "the line {of} says {got}, its gifts make {want}", Query: `
		SELECT c.slug || ' ' || b.line, b.raised, coalesce(d.amount, 0.00)
		  FROM campaigns.budget_line b
		  JOIN campaigns.campaign c ON c.community_id = b.community_id AND c.id = b.campaign_id
		  LEFT JOIN (SELECT campaign_id, line, sum(amount - refunded) AS amount FROM campaigns.donation
		              WHERE community_id = $1 AND state = 'paid' AND line IS NOT NULL GROUP BY 1, 2) d ON d.campaign_id = b.campaign_id AND d.line = b.line
		 WHERE b.community_id = $1 AND b.raised <> coalesce(d.amount, 0)`},
	{Code: InKindNotBooked, ZH: "实物捐赠 {of} 值 {got}，凭证和收据是 {want}", EN: "the goods {of} are worth {got}, their entry and receipt say {want}", Query: `
		SELECT k.id, k.value, coalesce(p.debit::text, '-') || ' / ' || coalesce(r.amount::text, '-')
		  FROM campaigns.in_kind k
		  LEFT JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.entry_seq AND e.source = 'in_kind:' || k.id
		  LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0) p ON true
		  LEFT JOIN receipt.receipt r ON r.community_id = k.community_id AND r.subject_id = k.id AND r.series = 'in_kind' AND r.entry_seq = k.entry_seq
		 WHERE k.community_id = $1 AND k.value IS NOT NULL AND (p.debit, r.amount) IS DISTINCT FROM (k.value, k.value)`},
}
