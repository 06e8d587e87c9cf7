package project

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Put is the part of an entry's expense that falls on a line of the budget.
type Put struct {
	EntrySeq int64
	Line     int
	Amount   money.Amount
}

// SpendOn writes down on which lines of a project's budget what entries spent of its fund falls; best in the database
// transaction of the entry. ErrNotSpent where an entry spends less of the project, ErrNotFound for a line that is none,
// ErrAdopted once the end report counts the entry.
func SpendOn(ctx context.Context, tx *sqlx.Tx, community, project int, who string, puts ...Put) (err error) {
	defer wrap(&err, "project.SpendOn(%d, %d)", community, project)
	for _, put := range puts {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO project.spent_on (community_id, entry_seq, project_id, line, amount, put_by) VALUES ($1, $2, $3, $4, $5, $6)`,
			community, put.EntrySeq, project, put.Line, put.Amount, who)
		if err != nil {
			return err
		}
	}
	return nil
}

// TakeOff takes an entry off a project's lines, to put it on others. ErrNotFound, ErrAdopted.
func TakeOff(ctx context.Context, tx *sqlx.Tx, community, project int, entry int64) (err error) {
	defer wrap(&err, "project.TakeOff(%d, %d, %d)", community, project, entry)
	result, err := tx.ExecContext(ctx, `DELETE FROM project.spent_on WHERE community_id = $1 AND project_id = $2 AND entry_seq = $3`, community, project, entry)
	return touched(result, err, ErrNotFound)
}

// LineFigures is a line of a budget beside what became of it.
type LineFigures struct {
	BudgetLine
	Committed money.Amount `db:"committed"` // approved payment requests that name it
	Spent     money.Amount `db:"spent"`
}

// Left is what of the line is neither promised nor spent; less than zero where it is overrun.
func (l LineFigures) Left() money.Amount { return l.Planned.Sub(l.Committed).Sub(l.Spent) }

// Lines are a project's lines with their figures, and what falls on none of them.
type Lines struct {
	Lines []LineFigures
	Off   LineFigures // committed and spent on no line; planned is 0.00
}

// Total adds the columns: spent is the ledger's figure for the project's fund.
func (l Lines) Total() (sum LineFigures) {
	for _, line := range append(l.Lines, l.Off) {
		sum.Planned, sum.Committed, sum.Spent = sum.Planned.Add(line.Planned), sum.Committed.Add(line.Committed), sum.Spent.Add(line.Spent)
	}
	return sum
}

// LinesOf reads what a project planned, promised and spent, line by line. What was reversed counts no more.
func LinesOf(ctx context.Context, q sqlx.QueryerContext, community int, p Project) (l Lines, err error) {
	defer wrap(&err, "project.LinesOf(%d, %d)", community, p.ID)
	err = sqlx.SelectContext(ctx, q, &l.Lines, `
		SELECT b.line, b.name_zh, b.name_en, b.planned,
		       coalesce((SELECT sum(o.amount) FROM project.spent_on o
		                  WHERE o.community_id = b.community_id AND o.project_id = b.project_id AND o.line = b.line
		                    AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = o.community_id AND r.reverses_seq = o.entry_seq)), 0.00) AS spent,
		       coalesce((SELECT sum(r.amount) FROM spending.request r
		                  WHERE r.community_id = b.community_id AND r.project_id = b.project_id AND r.line = b.line AND r.state = 'approved'), 0.00) AS committed
		  FROM project.budget_line b WHERE b.community_id = $1 AND b.project_id = $2 ORDER BY b.line`, community, p.ID)
	if err != nil || p.FundID == 0 {
		return l, err
	}
	err = sqlx.GetContext(ctx, q, &l.Off, `
		SELECT coalesce((SELECT sum(t.debit - t.credit) FROM ledger.turnover t JOIN ledger.account a ON a.community_id = t.community_id AND a.id = t.account_id
		                  WHERE t.community_id = $1 AND t.fund_id = $2 AND a.type = 'expense'), 0.00) AS spent,
		       coalesce((SELECT sum(r.amount) FROM spending.request r WHERE r.community_id = $1 AND r.fund_id = $2 AND r.state = 'approved'), 0.00) AS committed`,
		community, p.FundID)
	for _, line := range l.Lines {
		l.Off.Spent, l.Off.Committed = l.Off.Spent.Sub(line.Spent), l.Off.Committed.Sub(line.Committed)
	}
	return l, err
}

// Spending is an entry that spent of a project, with the line that it falls on: a row a line, and one for what falls on none.
type Spending struct {
	EntrySeq int64        `db:"entry_seq"`
	Voucher  string       `db:"voucher"`
	On       time.Time    `db:"entry_date"`
	Memo     string       `db:"memo"`
	Line     int          `db:"line"` // 0: on no line
	Amount   money.Amount `db:"amount"`
	Papers   int          `db:"papers"` // that the public may see
}

// Spendings reads what a project spent, entry by entry, the oldest first, without what was reversed.
func Spendings(ctx context.Context, q sqlx.QueryerContext, community int, p Project) (list []Spending, err error) {
	defer wrap(&err, "project.Spendings(%d, %d)", community, p.ID)
	err = sqlx.SelectContext(ctx, q, &list, `
		WITH spent AS (
		  SELECT e.seq, e.year || '-' || e.number AS voucher, e.entry_date, e.memo, sum(x.amount) AS amount
		    FROM ledger.posting x
		    JOIN ledger.account a ON a.community_id = x.community_id AND a.id = x.account_id AND a.type = 'expense'
		    JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.reverses_seq IS NULL AND e.kind <> 'year_end'
		   WHERE x.community_id = $1 AND x.fund_id = $2
		     AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = e.community_id AND r.reverses_seq = e.seq)
		   GROUP BY e.community_id, e.seq, e.year, e.number, e.entry_date, e.memo
		), put AS (
		  SELECT s.seq, o.line, o.amount FROM spent s JOIN project.spent_on o ON o.community_id = $1 AND o.project_id = $3 AND o.entry_seq = s.seq
		)
		SELECT s.seq AS entry_seq, s.voucher, s.entry_date, s.memo, x.line, x.amount,
		       (SELECT count(*) FROM campaigns.evidence v WHERE v.community_id = $1 AND v.entry_seq = s.seq AND v.withdrawn_at IS NULL) AS papers
		  FROM spent s
		  JOIN (SELECT seq, line, amount FROM put
		        UNION ALL SELECT s.seq, 0, s.amount - coalesce((SELECT sum(amount) FROM put WHERE put.seq = s.seq), 0) FROM spent s) x ON x.seq = s.seq AND x.amount <> 0
		 ORDER BY s.entry_date, s.seq, x.line`, community, p.FundID, p.ID)
	return list, err
}

// ProjectOfFund finds the project that a fund is of; ErrNotFound.
func ProjectOfFund(ctx context.Context, q sqlx.QueryerContext, community, fund int) (p Project, err error) {
	defer wrap(&err, "project.ProjectOfFund(%d, %d)", community, fund)
	var id int
	if err = sqlx.GetContext(ctx, q, &id, `SELECT id FROM project.project WHERE community_id = $1 AND fund_id = $2`, community, fund); err != nil {
		return p, err
	}
	return ProjectAt(ctx, q, community, id)
}

// LeftOver is what stands in a project's fund.
func LeftOver(ctx context.Context, q sqlx.QueryerContext, community int, p Project) (left money.Amount, err error) {
	defer wrap(&err, "project.LeftOver(%d, %d)", community, p.ID)
	if p.FundID == 0 {
		return left, nil
	}
	of, err := ledger.FundAt(ctx, q, community, p.FundID)
	return of.NetAssets, err
}
