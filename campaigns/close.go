package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// PapersFrom is the expense from which an entry is asked for its paper when its
// month is closed.
var PapersFrom = money.MustParse("100")

// CloseItems are the lines of a month's checklist about payments that fit
// nothing, which must be decided, and about expenses without a paper.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) (items []ledger.CloseItem, err error) {
	defer wrap(&err, "campaigns.CloseItems(%d)", c.ID)
	next := ledger.MonthOf(month).AddDate(0, 1, 0)
	aside := ledger.CloseItem{Code: "quarantine", Must: true}
	err = sqlx.GetContext(ctx, q, &aside, `
		SELECT count(*) FILTER (WHERE resolved_at IS NULL) AS left, count(*) AS seen, coalesce(sum(amount) FILTER (WHERE resolved_at IS NULL), 0.00) AS amount
		  FROM campaigns.quarantine WHERE community_id = $1 AND arrived_at < $2 AND (resolved_at IS NULL OR arrived_at >= $3)`,
		c.ID, c.Clock(next, 0), c.Clock(ledger.MonthOf(month), 0))
	if err != nil {
		return nil, err
	}
	papers := ledger.CloseItem{Code: "evidence"}
	err = sqlx.GetContext(ctx, q, &papers, `
		SELECT count(*) FILTER (WHERE NOT shown) AS left, count(*) AS seen, coalesce(sum(expense) FILTER (WHERE NOT shown), 0.00) AS amount
		  FROM (`+wantPapers+`) e`, c.ID, ledger.MonthOf(month).Format(time.DateOnly), PapersFrom)
	return []ledger.CloseItem{aside, papers}, err
}

// wantPapers are a month's expenses of PapersFrom or more, and whether each has
// a paper. What only spreads an earlier expense needs none.
const wantPapers = `
	SELECT e.seq, e.year, e.number, e.posted_at, e.entry_date, e.memo, e.expense,
	       (SELECT coalesce(sum(CASE p.what WHEN 'withdrawn' THEN -1 ELSE 1 END), 0) > 0 FROM campaigns.paper p
	         WHERE p.community_id = e.community_id AND p.entry_seq = e.seq) AS shown
	  FROM ledger.journal_entry e
	 WHERE e.community_id = $1 AND e.entry_date >= $2::date AND e.entry_date < $2::date + interval '1 month' AND e.expense >= $3 AND e.reverses_seq IS NULL
	   AND e.kind NOT IN ('depreciation', 'amortisation', 'disposal')
	   AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = e.community_id AND r.reverses_seq = e.seq)`

// Paperless is an expense without a paper.
type Paperless struct {
	ledger.Posted
	Date    time.Time    `db:"entry_date"`
	Memo    string       `db:"memo"`
	Expense money.Amount `db:"expense"`
}

// ListPaperless reads a month's expenses that want a paper, the largest first.
func ListPaperless(ctx context.Context, q sqlx.QueryerContext, community int, month time.Time, limit int) (all []Paperless, err error) {
	defer wrap(&err, "campaigns.ListPaperless(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT seq, year, number, posted_at, entry_date, memo, expense FROM (`+wantPapers+`) e WHERE NOT shown ORDER BY expense DESC, seq LIMIT $4`,
		community, ledger.MonthOf(month).Format(time.DateOnly), PapersFrom, limit)
	return all, err
}
