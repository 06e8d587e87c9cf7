package sale

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	TicketsDiffer    ledger.FindingCode = "sale_tickets"         // more or fewer tickets than were sold and not given back
	LotDiffers       ledger.FindingCode = "sale_lot"             // a lot's sale is not of the bid that won
	NotBooked        ledger.FindingCode = "sale_not_booked"      // its entry is not there, or not of its amount
	NoReceipt        ledger.FindingCode = "sale_no_receipt"      // its receipt is not there, or not of its amount
	BookedNotSold    ledger.FindingCode = "sale_not_sold"        // an entry of a sale that is not there
	ReceiptNotSold   ledger.FindingCode = "sale_receipt"         // a receipt of a sale that is not there
	DoesNotAddUp     ledger.FindingCode = "sale_adds_up"         // lines, tip and payments do not make the total
	CashDiffers      ledger.FindingCode = "sale_cash"            // paid in cash, and the books' cash has another amount
	TipDiffers       ledger.FindingCode = "sale_tip"             // the tip's donation is not there, or not of its amount
	RefundsDiffer    ledger.FindingCode = "sale_refunds"         // refunds do not add up to what was refunded
	RefundNotBooked  ledger.FindingCode = "sale_refund_booked"   // a refund's entry is not there, or not of its amount
	StockDiffers     ledger.FindingCode = "item_sold"            // an item says it was sold more or less often than it was
	DrawerDiffers    ledger.FindingCode = "session_expected"     // a closed session expected something else than it took
	NotDifference    ledger.FindingCode = "session_difference"   // over or short, and the entry is not there or not of its amount
	NoReport         ledger.FindingCode = "session_no_report"    // closed without a Z report, or the other way round
	BrokenChain      ledger.FindingCode = "z_report_chain"       // a Z report does not follow the one before, or was changed
	CashNowhere      ledger.FindingCode = "cash_held_by_nobody"  // the drawers should hold more than the books have
	TakingsNotBooked ledger.FindingCode = "takings_not_booked"   // takings' entry is not there, or not of its amount
	NotTaken         ledger.FindingCode = "takings_not_taken"    // an entry of takings that are not there
	PassNotBooked    ledger.FindingCode = "surplus_not_booked"   // a surplus passed on whose entry is not there, or not of its amount
	CostNotBooked    ledger.FindingCode = "sale_cost_not_booked" // a cost's entry is not there, or not of its amount
)

// debits is what an entry e moved.
const debits = `LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0) p ON true`

var rules = []ledger.Rule{
	{Code: NotBooked, ZH: "销售 {of} 收了 {got}，账上是 {want}", EN: "sale {of} took {got}, the books have {want}", Query: `
		SELECT s.id, s.total, coalesce(p.debit::text, '-')
		  FROM sale.sale s
		  LEFT JOIN ledger.journal_entry e ON e.community_id = s.community_id AND e.seq = s.entry_seq AND e.source = 'sale:' || s.id
		  ` + debits + `
		 WHERE s.community_id = $1 AND p.debit IS DISTINCT FROM s.total`},
	{Code: NoReceipt, ZH: "销售 {of} 收了 {got}，收据是 {want}", EN: "sale {of} took {got}, its receipt says {want}", Query: `
		SELECT s.id, s.total, coalesce(r.amount::text, '-')
		  FROM sale.sale s
		  LEFT JOIN receipt.receipt r ON r.community_id = s.community_id AND r.subject_id = s.id AND r.series = 'sale' AND r.entry_seq = s.entry_seq
		 WHERE s.community_id = $1 AND r.amount IS DISTINCT FROM s.total`},
	{Code: BookedNotSold, ZH: "凭证 {of} 记的销售不存在", EN: "entry {of} books a sale that is not there", Query: `
		SELECT e.year || '-' || e.number, '', ''
		  FROM ledger.journal_entry e
		  LEFT JOIN sale.sale s ON s.community_id = e.community_id AND 'sale:' || s.id = e.source
		 WHERE e.community_id = $1 AND e.source ~ '^sale:[0-9a-f-]{36}$' AND s.id IS NULL`},
	{Code: ReceiptNotSold, ZH: "收据 {of} 的销售不存在", EN: "receipt {of} is of a sale that is not there", Query: `
		SELECT r.year || '-S' || lpad(r.number::text, 6, '0'), '', ''
		  FROM receipt.receipt r
		  LEFT JOIN sale.sale s ON s.community_id = r.community_id AND s.id = r.subject_id
		 WHERE r.community_id = $1 AND r.series = 'sale' AND s.id IS NULL`},
	{Code: DoesNotAddUp, ZH: "销售 {of} 合计 {got}，逐行和付款算出来是 {want}", EN: "sale {of} is of {got}, its lines and payments make {want}", Query: `
		SELECT s.id, s.total || ' + ' || s.tip, coalesce(l.amount, 0) || ' / ' || coalesce(p.amount, 0)
		  FROM sale.sale s
		  LEFT JOIN LATERAL (SELECT sum(quantity * price) AS amount FROM sale.line l WHERE l.community_id = s.community_id AND l.sale_id = s.id) l ON true
		  LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM sale.payment p WHERE p.community_id = s.community_id AND p.sale_id = s.id) p ON true
		 WHERE s.community_id = $1 AND (l.amount IS DISTINCT FROM s.total OR p.amount IS DISTINCT FROM s.total + s.tip)`},
	{Code: CashDiffers, ZH: "销售 {of} 收现金 {got}，账上进现金 {want}", EN: "sale {of} took {got} in cash, the books' cash has {want}", Query: `
		SELECT s.id, c.paid, c.booked
		  FROM sale.sale s
		 CROSS JOIN LATERAL (
		       SELECT coalesce((SELECT sum(p.amount) FROM sale.payment p WHERE p.community_id = s.community_id AND p.sale_id = s.id AND p.way = 'cash'), 0.00) AS paid,
		              coalesce((SELECT sum(p.amount) FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		                         WHERE p.community_id = s.community_id AND a.purpose = 'cash'
		                           AND p.seq IN (s.entry_seq, (SELECT d.entry_seq FROM campaigns.donation d WHERE d.community_id = s.community_id AND d.id = s.tip_id))), 0.00) AS booked) c
		 WHERE s.community_id = $1 AND c.paid <> c.booked`},
	{Code: TipDiffers, ZH: "销售 {of} 的随手捐 {got}，记的捐赠是 {want}", EN: "sale {of} had a tip of {got}, its gift is {want}", Query: `
		SELECT s.id, s.tip, coalesce(d.amount::text, '-')
		  FROM sale.sale s LEFT JOIN campaigns.donation d ON d.community_id = s.community_id AND d.id = s.tip_id
		 WHERE s.community_id = $1 AND s.tip > 0 AND d.amount IS DISTINCT FROM s.tip`},
	{Code: RefundsDiffer, ZH: "销售 {of} 记着退了 {got}，退货合计 {want}", EN: "sale {of} says {got} went back, its refunds make {want}", Query: `
		SELECT s.id, s.refunded, coalesce(r.amount, 0) || ' / ' || coalesce(r.lines, 0) || ' / ' || coalesce(r.ways, 0)
		  FROM sale.sale s
		  LEFT JOIN LATERAL (
		       SELECT sum(r.amount) AS amount,
		              sum((SELECT sum(b.quantity * l.price) FROM sale.refund_line b JOIN sale.line l ON l.community_id = b.community_id AND l.sale_id = b.sale_id AND l.line = b.line
		                    WHERE b.community_id = r.community_id AND b.refund_id = r.id)) AS lines,
		              sum((SELECT sum(p.amount) FROM sale.refund_payment p WHERE p.community_id = r.community_id AND p.refund_id = r.id)) AS ways
		         FROM sale.refund r WHERE r.community_id = s.community_id AND r.sale_id = s.id) r ON true
		 WHERE s.community_id = $1 AND (s.refunded > 0 OR r.amount IS NOT NULL) AND (r.amount, r.lines, r.ways) IS DISTINCT FROM (s.refunded, s.refunded, s.refunded)`},
	{Code: RefundNotBooked, ZH: "退货 {of} 退回 {got}，账上是 {want}", EN: "refund {of} gave back {got}, the books have {want}", Query: `
		SELECT r.id, r.amount, coalesce(p.debit::text, '-')
		  FROM sale.refund r
		  JOIN sale.sale s ON s.community_id = r.community_id AND s.id = r.sale_id
		  LEFT JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.seq = r.entry_seq
		        AND (e.source = 'sale_refund:' || r.id OR e.reverses_seq = s.entry_seq)
		  ` + debits + `
		 WHERE r.community_id = $1 AND p.debit IS DISTINCT FROM r.amount`},
	{Code: StockDiffers, ZH: "商品 {of} 记着卖了 {got}，逐笔算出来是 {want}", EN: "item {of} says {got} were sold, its sales make {want}", Query: `
		SELECT i.code, i.sold, m.sold
		  FROM sale.item i
		 CROSS JOIN LATERAL (
		       SELECT coalesce((SELECT sum(l.quantity) FROM sale.line l WHERE l.community_id = i.community_id AND l.item_id = i.id), 0)
		            - coalesce((SELECT sum(b.quantity) FROM sale.line l JOIN sale.refund_line b ON b.community_id = l.community_id AND b.sale_id = l.sale_id AND b.line = l.line
		                         WHERE l.community_id = i.community_id AND l.item_id = i.id), 0) AS sold) m
		 WHERE i.community_id = $1 AND i.sold <> m.sold`},
	{Code: DrawerDiffers, ZH: "班次 {of} 应有 {got}，逐笔算出来是 {want}", EN: "session {of} expected {got}, its sales make {want}", Query: `
		SELECT s.till || ' ' || s.id, s.expected, m.amount
		  FROM sale.session s
		 CROSS JOIN LATERAL (SELECT ` + inDrawer + ` AS amount) m
		 WHERE s.community_id = $1 AND s.closed_at IS NOT NULL AND s.expected <> m.amount`},
	{Code: NotDifference, ZH: "班次 {of} 长短款 {got}，账上是 {want}", EN: "session {of} was over or short by {got}, the books have {want}", Query: `
		SELECT s.till || ' ' || s.id, s.counted - s.expected, coalesce(p.debit::text, '-')
		  FROM sale.session s
		  LEFT JOIN ledger.journal_entry e ON e.community_id = s.community_id AND e.seq = s.difference_seq AND e.source = 'till_difference:' || s.id
		  ` + debits + `
		 WHERE s.community_id = $1 AND s.counted <> s.expected AND p.debit IS DISTINCT FROM abs(s.counted - s.expected)`},
	{Code: NoReport, ZH: "班次 {of} 没有 Z 报告，或没有关班却有 Z 报告", EN: "session {of} is closed without a Z report, or has one and is open", Query: `
		SELECT s.till || ' ' || s.id, '', ''
		  FROM sale.session s LEFT JOIN sale.z_report z ON z.community_id = s.community_id AND z.session_id = s.id
		 WHERE s.community_id = $1 AND (s.closed_at IS NULL) <> (z.number IS NULL)`},
	{Code: BrokenChain, ZH: "Z 报告 {of} 接不上前一张，或被改过", EN: "Z report {of} does not follow the one before, or was changed", Query: `
		SELECT z.till || '-' || z.number, '', ''
		  FROM (SELECT *, lag(hash, 1, '') OVER w AS before, lag(number, 1, 0) OVER w AS nth
		          FROM sale.z_report WHERE community_id = $1 WINDOW w AS (PARTITION BY till ORDER BY number)) z
		 WHERE z.previous <> z.before OR z.number <> z.nth + 1 OR z.hash <> sha256(z.previous || convert_to(z.body, 'UTF8'))`},
	{Code: CostNotBooked, ZH: "支出 {of} 是 {got}，账上是 {want}", EN: "cost {of} is {got}, the books have {want}", Query: `
		SELECT k.what, k.amount, coalesce(p.debit::text, '-')
		  FROM sale.cost k
		  LEFT JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.entry_seq AND e.source = 'sale_cost:' || k.id
		  ` + debits + `
		 WHERE k.community_id = $1 AND p.debit IS DISTINCT FROM k.amount`},
	{Code: TakingsNotBooked, ZH: "营业款 {of} 是 {got}，账上是 {want}", EN: "takings {of} are {got}, the books have {want}", Query: `
		SELECT t.day || ' ' || t.id, t.amount, coalesce(p.debit::text, '-')
		  FROM sale.takings t
		  LEFT JOIN ledger.journal_entry e ON e.community_id = t.community_id AND e.seq = t.entry_seq AND e.source = 'takings:' || t.id
		  ` + debits + `
		 WHERE t.community_id = $1 AND p.debit IS DISTINCT FROM t.amount`},
	{Code: NotTaken, ZH: "凭证 {of} 记的营业款不存在", EN: "entry {of} books takings that are not there", Query: `
		SELECT e.year || '-' || e.number, '', ''
		  FROM ledger.journal_entry e
		  LEFT JOIN sale.takings t ON t.community_id = e.community_id AND 'takings:' || t.id = e.source
		 WHERE e.community_id = $1 AND e.source ~ '^takings:[0-9a-f-]{36}$' AND t.id IS NULL`},
	{Code: PassNotBooked, ZH: "交给社区基金的结余 {of} 是 {got}，账上转出 {want}", EN: "a surplus {of} of {got} was passed on, the books moved {want}", Query: `
		SELECT to_char(s.month, 'YYYY-MM') || ' ' || s.id, s.amount, coalesce(m.amount::text, '-')
		  FROM sale.surplus s
		  JOIN sale.place v ON v.community_id = s.community_id AND v.id = s.place_id
		  LEFT JOIN ledger.journal_entry e ON e.community_id = s.community_id AND e.seq = s.entry_seq AND e.source = 'transfer:' || s.id
		  LEFT JOIN LATERAL (SELECT -sum(p.amount) AS amount FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.fund_id = v.fund_id AND a.type = 'asset') m ON true
		 WHERE s.community_id = $1 AND m.amount IS DISTINCT FROM s.amount`},
	{Code: TicketsDiffer, ZH: "销售 {of} 卖了 {got} 张票，有效的票是 {want} 张", EN: "sale {of} sold {got} tickets, {want} are good", Query: `
		SELECT l.sale_id, l.quantity - coalesce(b.back, 0), t.good
		  FROM (SELECT sale_id, line, count(*) FILTER (WHERE voided_at IS NULL) AS good FROM sale.ticket WHERE community_id = $1 AND sale_id IS NOT NULL GROUP BY sale_id, line) t
		  JOIN sale.line l ON l.community_id = $1 AND l.sale_id = t.sale_id AND l.line = t.line
		  LEFT JOIN LATERAL (SELECT sum(r.quantity) AS back FROM sale.refund_line r WHERE r.community_id = $1 AND r.sale_id = l.sale_id AND r.line = l.line) b ON true
		 WHERE t.good <> l.quantity - coalesce(b.back, 0)`},
	{Code: LotDiffers, ZH: "拍品 {of} 卖了 {got}，落槌的出价是 {want}", EN: "lot {of} was sold for {got}, the bid that won is {want}", Query: `
		SELECT i.code, s.total, b.amount
		  FROM sale.lot l
		  JOIN sale.item i ON i.community_id = l.community_id AND i.id = l.item_id
		  JOIN sale.bid b ON b.community_id = l.community_id AND b.item_id = l.item_id AND b.nth = l.won_by
		  JOIN sale.sale s ON s.community_id = l.community_id AND s.id = l.award_id
		 WHERE l.community_id = $1 AND s.total <> b.amount`},
	{Code: CashNowhere, ZH: "抽屉里应有 {got} 现金，账上的现金只有 {want}", EN: "the drawers should hold {got} in cash, the books have {want}", Query: `
		SELECT 'cash', d.amount, coalesce(b.amount, 0.00)
		  FROM (SELECT coalesce(sum(amount), 0.00) AS amount FROM (` + openDrawers + `) x) d,
		       (SELECT sum(b.debit - b.credit) AS amount FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		         WHERE b.community_id = $1 AND a.purpose = 'cash') b
		 WHERE d.amount > coalesce(b.amount, 0.00)`},
}

// Check compares a community's sales with its books, receipts and drawers and
// says what does not agree.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "sale.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
