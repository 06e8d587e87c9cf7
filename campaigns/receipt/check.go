package receipt

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	Missing        ledger.FindingCode = "receipt_missing"         // a number is not there
	CounterDiffers ledger.FindingCode = "receipt_counter"         // the counter is not at the last number
	EntryDiffers   ledger.FindingCode = "receipt_entry"           // its entry has another amount or date, or is not there
	WrongVoid      ledger.FindingCode = "receipt_void"            // it was voided by an entry that takes no money back
	NotVoided      ledger.FindingCode = "receipt_of_the_reversed" // its entry is reversed and it still stands
)

var rules = []ledger.Rule{
	{Code: Missing, ZH: "{of} 之前的 {got} 张收据不见了", EN: "{got} receipts before {of} are missing", Query: `
		SELECT series || ' ' || year || '-' || lpad(number::text, 6, '0'), number - 1 - before, ''
		  FROM (SELECT series, year, number, lag(number, 1, 0) OVER (PARTITION BY series, year ORDER BY number) AS before
		          FROM receipt.receipt WHERE community_id = $1) r
		 WHERE number <> before + 1`},
	{Code: CounterDiffers, ZH: "{of} 的收据编号计到 {got}，收据却到 {want}", EN: "the receipts of {of} are counted up to {got} and run up to {want}", Query: `
		SELECT coalesce(c.series, r.series) || ' ' || coalesce(c.year, r.year), coalesce(c.last_number, 0), coalesce(r.last, 0)
		  FROM (SELECT series, year, last_number FROM receipt.counter WHERE community_id = $1) c
		  FULL JOIN (SELECT series, year, max(number) AS last FROM receipt.receipt WHERE community_id = $1 GROUP BY 1, 2) r USING (series, year)
		 WHERE c.last_number IS DISTINCT FROM r.last`},
	{Code: EntryDiffers, ZH: "收据 {of} 写的是 {got}，它的凭证是 {want}", EN: "receipt {of} says {got}, its entry says {want}", Query: `
		SELECT r.year || '-' || lpad(r.number::text, 6, '0'), r.issued_on || ' ' || r.amount, coalesce(e.entry_date || ' ' || p.debit, '-')
		  FROM receipt.receipt r
		  LEFT JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.seq = r.entry_seq
		  LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = r.community_id AND p.seq = r.entry_seq AND p.amount > 0) p ON true
		 WHERE r.community_id = $1 AND (e.entry_date, p.debit) IS DISTINCT FROM (r.issued_on, r.amount)`},
	{Code: WrongVoid, ZH: "作废收据 {of} 的凭证 {got} 没有退回钱款", EN: "receipt {of} was voided by entry {got}, which takes no money back", Query: `
		SELECT v.year || '-' || lpad(v.number::text, 6, '0'), e.year || '-' || e.number, ''
		  FROM receipt.void v
		  JOIN receipt.receipt r USING (community_id, series, year, number)
		  JOIN ledger.journal_entry e ON e.community_id = v.community_id AND e.seq = v.entry_seq
		 WHERE v.community_id = $1 AND e.reverses_seq IS DISTINCT FROM r.entry_seq AND e.kind NOT IN ('refund', 'sale_refund')`},
	{Code: NotVoided, ZH: "收据 {of} 的凭证已被 {got} 冲销，收据却没有作废", EN: "the entry of receipt {of} is reversed by {got}, but the receipt still stands", Query: `
		SELECT r.year || '-' || lpad(r.number::text, 6, '0'), e.year || '-' || e.number, ''
		  FROM receipt.receipt r
		  JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.reverses_seq = r.entry_seq
		 WHERE r.community_id = $1 AND NOT EXISTS (SELECT FROM receipt.void v WHERE v.community_id = r.community_id
		       AND v.series = r.series AND v.year = r.year AND v.number = r.number)`},
}

// Check compares a community's receipts with their counters and journal
// entries and says what does not agree.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "receipt.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
