package reconcile

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	SidesDiffer    ledger.FindingCode = "match_sides"          // lines and postings of a match are worth different sums
	HalfUndone     ledger.FindingCode = "match_half_undone"    // a match is dead and holds its lines, or lives without them
	BookedDiffers  ledger.FindingCode = "reconciliation_books" // completed with another balance than the books had
	TransitDiffers ledger.FindingCode = "reconciliation_items" // what was on its way does not add up to what was said
	LineLeft       ledger.FindingCode = "reconciliation_lines" // a line within a completed reconciliation is not matched
)

var checkRules = []ledger.Rule{
	{Code: SidesDiffer, ZH: "勾对 {of}：银行一边 {got}，账上一边 {want}", EN: "match {of}: the bank's side is {got}, the books' is {want}", Query: `
		SELECT m.id::text, l.sum::text, p.own || CASE WHEN p.other <> 0 THEN ' + ' || p.other ELSE '' END
		  FROM reconcile.match m
		  LEFT JOIN LATERAL (SELECT coalesce(sum(l.amount), 0.00) AS sum FROM reconcile.match_line x
		          JOIN statement.line l ON l.community_id = x.community_id AND l.account_id = x.account_id AND l.id = x.line_id
		         WHERE x.community_id = m.community_id AND x.match_id = m.id) l ON true
		  LEFT JOIN LATERAL (SELECT coalesce(sum(p.amount) FILTER (WHERE p.account_id = m.account_id), 0.00) AS own,
		                            coalesce(sum(p.amount) FILTER (WHERE p.account_id <> m.account_id), 0.00) AS other FROM reconcile.match_posting x
		          JOIN ledger.posting p ON p.community_id = x.community_id AND p.seq = x.seq AND p.line = x.posting
		         WHERE x.community_id = m.community_id AND x.match_id = m.id) p ON true
		 WHERE m.community_id = $1 AND m.undone_at IS NULL AND (l.sum <> p.own OR p.other <> 0)`},
	{Code: HalfUndone, ZH: "勾对 {of}：应有 {want} 处有效，实际 {got} 处", EN: "match {of}: {want} of its parts should be live, {got} are", Query: `
		SELECT m.id::text, p.live::text, CASE WHEN m.undone_at IS NULL THEN p.parts ELSE 0 END::text
		  FROM reconcile.match m
		  JOIN LATERAL (SELECT count(*) AS parts, count(*) FILTER (WHERE x.live) AS live
		                  FROM (SELECT l.live FROM reconcile.match_line l WHERE l.community_id = m.community_id AND l.match_id = m.id
		                        UNION ALL SELECT p.live FROM reconcile.match_posting p WHERE p.community_id = m.community_id AND p.match_id = m.id) x) p ON true
		 WHERE m.community_id = $1 AND p.live <> CASE WHEN m.undone_at IS NULL THEN p.parts ELSE 0 END`},
	{Code: BookedDiffers, ZH: "对账 {of}：完成时记的账面余额 {got}，当时的账是 {want}", EN: "reconciliation {of} was completed with {got} in the books, which had {want}", Query: `
		SELECT a.code || ' ' || r.through, r.booked::text, b.sum::text
		  FROM reconcile.reconciliation r
		  JOIN ledger.account a ON a.community_id = r.community_id AND a.id = r.account_id
		  JOIN LATERAL (SELECT coalesce(sum(p.amount), 0.00) AS sum FROM ledger.posting p
		                 WHERE p.community_id = r.community_id AND p.account_id = r.account_id AND p.entry_date <= r.through AND p.seq <= r.last_seq) b ON true
		 WHERE r.community_id = $1 AND r.undone_at IS NULL AND b.sum <> r.booked`},
	{Code: TransitDiffers, ZH: "对账 {of}：在途合计 {got}，逐笔是 {want}", EN: "reconciliation {of}: {got} was on its way, its items are {want}", Query: `
		SELECT a.code || ' ' || r.through, r.in_transit::text, t.sum::text
		  FROM reconcile.reconciliation r
		  JOIN ledger.account a ON a.community_id = r.community_id AND a.id = r.account_id
		  JOIN LATERAL (SELECT coalesce(sum(p.amount), 0.00) AS sum FROM jsonb_to_recordset(r.sheet) AS t (seq bigint, posting smallint)
		                  JOIN ledger.posting p ON p.community_id = r.community_id AND p.seq = t.seq AND p.line = t.posting AND p.account_id = r.account_id) t ON true
		 WHERE r.community_id = $1 AND r.undone_at IS NULL AND t.sum <> r.in_transit`},
	{Code: LineLeft, ZH: "对账 {of}：还有 {got} 行没有勾对", EN: "reconciliation {of}: {got} of its lines are not matched", Query: `
		SELECT a.code || ' ' || r.through, l.open::text, '0'
		  FROM reconcile.reconciliation r
		  JOIN ledger.account a ON a.community_id = r.community_id AND a.id = r.account_id
		  JOIN LATERAL (SELECT count(*) AS open FROM statement.line l
		                 WHERE l.community_id = r.community_id AND l.account_id = r.account_id AND l.day <= r.through AND ` + unmatched + `) l ON true
		 WHERE r.community_id = $1 AND r.undone_at IS NULL AND l.open > 0`},
}

// Check holds the matches and the completed reconciliations of a community
// against its books and its statements, and says what does not agree.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "reconcile.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, checkRules)
}
