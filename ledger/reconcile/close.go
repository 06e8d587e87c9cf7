package reconcile

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// CloseItems are the lines of a month's checklist that the bank's statements
// answer, for each account that somebody else keeps too and that moved: whether
// every line up to the month's end is matched, and whether the account is agreed
// with the bank up to there. Where a statement has come, both must be.
func CloseItems(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) (items []ledger.CloseItem, err error) {
	defer wrap(&err, "reconcile.CloseItems(%d)", c.ID)
	var accounts []struct {
		ledger.Account
		Lines  int  `db:"lines"` // of the month
		Open   int  `db:"open"`  // up to its end
		Moved  bool `db:"moved"` // in the books
		Agreed bool `db:"agreed"`
	}
	first := ledger.MonthOf(month)
	last := first.AddDate(0, 1, -1)
	err = sqlx.SelectContext(ctx, q, &accounts, `
		SELECT a.id, a.code, a.name_zh, a.name_en, a.type, coalesce(a.purpose, '') AS purpose, a.closed_at, coalesce(l.lines, 0) AS lines, coalesce(l.open, 0) AS open,
		       EXISTS (SELECT FROM ledger.balance b WHERE b.community_id = a.community_id AND b.account_id = a.id AND b.month = $2 AND (b.debit <> 0 OR b.credit <> 0)) AS moved,
		       EXISTS (SELECT FROM reconcile.reconciliation r WHERE r.community_id = a.community_id AND r.account_id = a.id AND r.undone_at IS NULL AND r.through >= $3) AS agreed
		  FROM ledger.account a
		  LEFT JOIN (SELECT l.account_id, count(*) FILTER (WHERE l.day >= $2) AS lines, count(*) FILTER (WHERE `+unmatched+`) AS open
		               FROM statement.line l WHERE l.community_id = $1 AND l.day <= $3 GROUP BY 1) l ON l.account_id = a.id
		 WHERE a.community_id = $1 AND a.type = 'asset'
		   AND (l.account_id IS NOT NULL OR a.code LIKE (SELECT b.code || '%' FROM ledger.account b WHERE b.community_id = $1 AND b.purpose = 'bank'))
		 ORDER BY a.code`, c.ID, first.Format(time.DateOnly), last.Format(time.DateOnly))
	for _, a := range accounts {
		item := ledger.CloseItem{Of: a.Code, NameZH: a.NameZH, NameEN: a.NameEN}
		if a.Lines > 0 || a.Open > 0 {
			item.Code, item.Must, item.Left, item.Seen = "lines", true, a.Open, a.Lines
			items = append(items, item)
		}
		if a.Lines > 0 || a.Moved {
			item.Code, item.Must, item.Left, item.Seen = "reconciled", a.Lines > 0, 1, a.Lines
			if a.Agreed {
				item.Left = 0
			}
			items = append(items, item)
		}
	}
	return items, err
}
