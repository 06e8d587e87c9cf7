package disclosure

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	RaisedDiffers ledger.FindingCode = "document_raised" // a published report says that a campaign raised something else
	SpentDiffers  ledger.FindingCode = "document_spent"  // … that a fund spent something else
	IncomeDiffers ledger.FindingCode = "document_income" // … that all funds took in something else in its days
	CostsDiffer   ledger.FindingCode = "document_costs"  // … that they paid out something else
	AheadOfBooks  ledger.FindingCode = "document_as_of"  // a report counts entries that are not there
)

var checks = []ledger.Rule{
	{Code: RaisedDiffers, ZH: "报告 {of} 写着筹到 {got}，账上是 {want}", EN: "report {of} says {got} was raised, the books have {want}", Query: `
		SELECT d.year || '-' || lpad(d.number::text, 3, '0') || ' v' || d.version, w.said, g.booked
		  FROM disclosure.document d
		  JOIN LATERAL (SELECT coalesce(sum((x->>'amount')::numeric), 0.00) AS said FROM jsonb_array_elements(d.content->'figures'->'raised') x) w ON true
		  JOIN LATERAL (SELECT coalesce(sum(p.amount), 0.00) AS booked
		                  FROM campaigns.donation g
		                  JOIN ledger.journal_entry e ON e.community_id = g.community_id AND e.seq = g.entry_seq
		                  JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0
		                 WHERE g.community_id = d.community_id AND g.campaign_id = d.subject_id AND g.entry_seq <= d.as_of) g ON true
		 WHERE d.community_id = $1 AND d.subject_kind = 'campaign' AND w.said <> g.booked`},
	{Code: SpentDiffers, ZH: "报告 {of} 写着花了 {got}，账上是 {want}", EN: "report {of} says {got} was spent, the books have {want}", Query: `
		SELECT d.year || '-' || lpad(d.number::text, 3, '0') || ' v' || d.version, w.said, g.booked
		  FROM disclosure.document d
		  JOIN LATERAL (SELECT coalesce(sum((x->>'amount')::numeric), 0.00) AS said FROM jsonb_array_elements(d.content->'figures'->'spent') x) w ON true
		  JOIN LATERAL (SELECT coalesce(sum(p.amount), 0.00) AS booked
		                  FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type = 'expense'
		                  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq AND e.kind <> 'year_end'
		                 WHERE p.community_id = d.community_id AND p.fund_id = (d.content->'figures'->>'fund')::int AND p.seq <= d.as_of) g ON true
		 WHERE d.community_id = $1 AND d.content->'figures' ? 'fund' AND NOT coalesce((d.content->'figures'->>'shared')::boolean, false) AND w.said <> g.booked`},
	{Code: IncomeDiffers, ZH: "报告 {of} 写着收入 {got}，账上是 {want}", EN: "report {of} says {got} came in, the books have {want}", Query: sumsOf("others", "income", "-")},
	{Code: CostsDiffer, ZH: "报告 {of} 写着支出 {got}，账上是 {want}", EN: "report {of} says {got} was paid out, the books have {want}", Query: sumsOf("spent", "expense", "")},
	{Code: AheadOfBooks, ZH: "报告 {of} 算到第 {got} 笔凭证，账上只有 {want} 笔", EN: "report {of} counts {got} entries, the books have {want}", Query: `
		SELECT d.year || '-' || lpad(d.number::text, 3, '0') || ' v' || d.version, d.as_of, b.last_seq
		  FROM disclosure.document d JOIN ledger.book b ON b.community_id = d.community_id
		 WHERE d.community_id = $1 AND d.as_of > b.last_seq`},
}

// sumsOf compares one list of a report of all funds with the accounts of a type, in the report's days and as of its entry.
func sumsOf(list, accounts, sign string) string {
	return `
		SELECT d.year || '-' || lpad(d.number::text, 3, '0') || ' v' || d.version, w.said, g.booked
		  FROM disclosure.document d
		  JOIN LATERAL (SELECT coalesce(sum((x->>'amount')::numeric), 0.00) AS said FROM jsonb_array_elements(d.content->'figures'->'` + list + `') x) w ON true
		  JOIN LATERAL (SELECT coalesce(` + sign + `sum(p.amount), 0.00) AS booked
		                  FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type = '` + accounts + `'
		                  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq AND e.kind <> 'year_end'
		                   AND e.entry_date BETWEEN left(d.content->>'from', 10)::date AND left(d.content->>'until', 10)::date
		                 WHERE p.community_id = d.community_id AND p.seq <= d.as_of) g ON true
		 WHERE d.community_id = $1 AND d.subject_kind = 'community' AND w.said <> g.booked`
}

// Check compares every published report with the entries that it counted. It reads the whole book, so it is for
// `fund check`, not for a page.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "disclosure.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, checks)
}
