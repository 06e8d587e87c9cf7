package organisation

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	NotBooked    ledger.FindingCode = "organisation_not_booked" // a payment, release or grant whose entry is not there, not of its amount, or undone only here or only there
	NotRecorded  ledger.FindingCode = "organisation_not_recorded"
	BilledWrong  ledger.FindingCode = "invoice_not_its_sessions"
	ReleasedWide ledger.FindingCode = "subsidy_over_agreement"
	PointsWrong  ledger.FindingCode = "points_not_by_rule"
	PointsSpent  ledger.FindingCode = "points_overspent"
	InvoiceGap   ledger.FindingCode = "invoice_number_gap"
)

var rules = []ledger.Rule{
	{Code: NotBooked, ZH: "{of}：记录是 {got}，账上是 {want}", EN: "{of}: the record has {got}, the books have {want}", Query: `
		SELECT x.source, CASE WHEN x.stands THEN x.amount::text ELSE '-' END, CASE WHEN e.seq IS NULL OR r.seq IS NOT NULL THEN '-' ELSE p.amount::text END
		  FROM (SELECT 'service_payment:' || id AS source, amount, entry_seq, undone_at IS NULL AS stands FROM organisation.payment WHERE community_id = $1
		        UNION ALL SELECT 'service_subsidy:' || id, amount, entry_seq, undone_at IS NULL FROM organisation.release WHERE community_id = $1
		        UNION ALL SELECT 'small_grant:' || id, amount, entry_seq, undone_at IS NULL FROM organisation.small_grant WHERE community_id = $1) x
		  LEFT JOIN ledger.journal_entry e ON e.community_id = $1 AND e.seq = x.entry_seq AND e.source = x.source
		  LEFT JOIN ledger.journal_entry r ON r.community_id = $1 AND r.reverses_seq = e.seq
		  LEFT JOIN ledger.posting p ON p.community_id = $1 AND p.seq = e.seq AND p.amount > 0
		 WHERE x.stands <> (e.seq IS NOT NULL AND r.seq IS NULL) OR x.stands AND p.amount IS DISTINCT FROM x.amount`},
	{Code: NotRecorded, ZH: "凭证 {of} 没有对应的收费、补助或支持记录", EN: "entry {of} has no payment, release or grant", Query: `
		SELECT e.year || '-' || e.number, '', '' FROM ledger.journal_entry e
		 WHERE e.community_id = $1 AND e.kind IN ('service_payment', 'service_subsidy', 'small_grant')
		   AND NOT EXISTS (SELECT FROM organisation.payment p WHERE p.community_id = $1 AND p.entry_seq = e.seq)
		   AND NOT EXISTS (SELECT FROM organisation.release r WHERE r.community_id = $1 AND r.entry_seq = e.seq)
		   AND NOT EXISTS (SELECT FROM organisation.small_grant g WHERE g.community_id = $1 AND g.entry_seq = e.seq)`},
	{Code: BilledWrong, ZH: "收费单 {of} 是 {got}，它的服务加起来是 {want}", EN: "invoice {of} is {got}, its sessions come to {want}", Query: `
		SELECT v.year || '-' || v.number, v.amount::text, coalesce(s.amount, 0)::text FROM organisation.invoice v
		  LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM organisation.session WHERE community_id = $1 AND void_at IS NULL GROUP BY invoice_id) s ON s.invoice_id = v.id
		 WHERE v.community_id = $1 AND v.void_at IS NULL AND s.amount IS DISTINCT FROM v.amount`},
	{Code: ReleasedWide, ZH: "协议 {of} 拨付了 {got}，最多是 {want}", EN: "of agreement {of}, {got} is released, the most is {want}", Query: `
		SELECT a.id::text, r.amount::text, least(a.subsidy, coalesce(s.amount, 0))::text FROM organisation.agreement a
		  JOIN (SELECT agreement_id, sum(amount) AS amount FROM organisation.release WHERE community_id = $1 AND undone_at IS NULL GROUP BY agreement_id) r ON r.agreement_id = a.id
		  LEFT JOIN (SELECT agreement_id, sum(subsidy) AS amount FROM organisation.session WHERE community_id = $1 AND void_at IS NULL GROUP BY agreement_id) s ON s.agreement_id = a.id
		 WHERE a.community_id = $1 AND r.amount > least(a.subsidy, coalesce(s.amount, 0))`},
	{Code: PointsWrong, ZH: "活动 {of} 记了 {got} 分，按办法是 {want} 分", EN: "activity {of} has {got} points, by the rule it earns {want}", Query: `
		SELECT o.name_zh || ' ' || a.n, a.points::text, coalesce(CASE WHEN a.people < r.people_min THEN 0 ELSE r.per_activity + least(a.people, r.people_max) / r.per_people END, 0)::text
		  FROM organisation.activity a JOIN organisation.organisation o ON o.community_id = $1 AND o.id = a.organisation_id
		  LEFT JOIN organisation.rule r ON r.community_id = $1 AND r.n = a.rule_n
		 WHERE a.community_id = $1 AND a.points <> coalesce(CASE WHEN a.people < r.people_min THEN 0 ELSE r.per_activity + least(a.people, r.people_max) / r.per_people END, 0)`},
	{Code: PointsSpent, ZH: "{of} 用了 {got} 分，只得了 {want} 分", EN: "{of} has spent {got} points, and earned {want}", Query: `
		SELECT o.name_zh, g.points::text, coalesce(a.points, 0)::text FROM organisation.organisation o
		  JOIN (SELECT organisation_id, sum(points) AS points FROM organisation.small_grant WHERE community_id = $1 AND undone_at IS NULL GROUP BY 1) g ON g.organisation_id = o.id
		  LEFT JOIN (SELECT organisation_id, sum(points) AS points FROM organisation.activity WHERE community_id = $1 AND withdrawn_at IS NULL GROUP BY 1) a ON a.organisation_id = o.id
		 WHERE o.community_id = $1 AND g.points > coalesce(a.points, 0)`},
	{Code: InvoiceGap, ZH: "{of} 年的收费单编到 {want} 号，只有 {got} 张", EN: "the invoices of {of} are numbered to {want}, there are {got}", Query: `
		SELECT b.year::text, count(v.id)::text, b.last_number::text FROM organisation.invoice_book b
		  LEFT JOIN organisation.invoice v ON v.community_id = b.community_id AND v.year = b.year
		 WHERE b.community_id = $1 GROUP BY b.year, b.last_number HAVING count(v.id) <> b.last_number OR max(v.number) <> b.last_number`},
}

// Check compares what was paid, released and granted with its entries, invoices
// with their sessions, and points with their rules.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "organisation.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
