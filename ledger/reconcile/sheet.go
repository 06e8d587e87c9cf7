package reconcile

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Sheet is an account on a day: what the bank says, what the books say, and
// what stands between them. It is the 银行存款余额调节表 (bank reconciliation
// statement) as a value:
//
//	Closing + sum of Items = Booked + sum of Lines
//
// or there is a Difference that no line and no entry explains.
type Sheet struct {
	Account ledger.Account
	Through time.Time
	// Closing is what the bank says was left; nil where no statement tells.
	Closing *money.Amount
	Booked  money.Amount // what the books say
	Lines   []Line       // of the bank, that the books do not have yet
	Items   []Item       // of the books, that the bank has not seen yet
	Notes   map[Spot]string
	Matched int // lines that are matched already
	// Earlier was booked shortly before the first statement, which the bank may
	// have seen then or only later. Waiting are a provider's gifts that a payout
	// may hold; they stand in a clearing account. Neither is part of the sum.
	Earlier, Waiting []Item
}

// Spot is where a posting stands: an entry's Seq and its line.
type Spot struct {
	Seq     int64 `json:"seq"`
	Posting int   `json:"posting"`
}

// Spot is where the item stands.
func (i Item) Spot() Spot { return Spot{i.Seq, i.Posting} }

// Unseen is the sum of what the bank has not seen.
func (s Sheet) Unseen() (sum money.Amount) {
	for _, i := range s.Items {
		sum = sum.Add(i.Amount)
	}
	return sum
}

// Unbooked is the sum of what the books do not have.
func (s Sheet) Unbooked() (sum money.Amount) {
	for _, l := range s.Lines {
		sum = sum.Add(l.Amount)
	}
	return sum
}

// Difference is what neither lines nor items explain: zero, or a line is
// missing from the statements, or the account did not begin with the same sum.
func (s Sheet) Difference() money.Amount {
	if s.Closing == nil {
		return money.Amount{}
	}
	return s.Closing.Add(s.Unseen()).Sub(s.Booked).Sub(s.Unbooked())
}

// Candidates are what lines may be matched with.
func (s Sheet) Candidates() []Item { return slices.Concat(s.Items, s.Earlier, s.Waiting) }

// Open reads an account at the end of a day. What was booked before the first
// statement counts as seen: it is in that statement's opening. A statement does
// not say on which day it begins, so it begins on the last day before its first
// line at which the books had that opening, or with that line.
func Open(ctx context.Context, q sqlx.QueryerContext, community, account int, through time.Time) (s Sheet, err error) {
	defer wrap(&err, "reconcile.Open(%d, %d)", community, account)
	accounts, err := ledger.ListAccounts(ctx, q, community)
	if err != nil {
		return s, err
	}
	found, ok := accounts.ID(account)
	if !ok {
		return s, ErrNotFound
	}
	s = Sheet{Account: found, Through: through, Notes: map[Spot]string{}}
	var head struct {
		First   *time.Time    `db:"first"`
		Begins  *time.Time    `db:"begins"`
		Closing *money.Amount `db:"closing"`
		Booked  money.Amount  `db:"booked"`
		Matched int           `db:"matched"`
	}
	err = sqlx.GetContext(ctx, q, &head, headQuery, community, account, through, looksBack)
	if err != nil || head.First == nil {
		s.Booked = head.Booked
		return s, err
	}
	s.Closing, s.Booked, s.Matched = head.Closing, head.Booked, head.Matched
	if err = s.readLines(ctx, q, community); err != nil {
		return s, err
	}
	if head.Begins == nil {
		head.Begins = head.First
	}
	return s, s.readItems(ctx, q, community, accounts, *head.Begins)
}

// looksBack is how many days before its first line a statement may begin.
const looksBack = 40

// headQuery: the closing is the first statement's opening and every line since,
// or the balance that the last line before the day's end tells.
const headQuery = `
	WITH line AS (
	  SELECT * FROM statement.line WHERE community_id = $1 AND account_id = $2 AND day <= $3
	), first AS (
	  SELECT min(day) AS day FROM line
	), opening AS (
	  SELECT s.opening FROM statement.statement s, first
	   WHERE s.community_id = $1 AND s.account_id = $2 AND s.opening IS NOT NULL AND s.first_day = first.day ORDER BY s.id LIMIT 1
	), posting AS MATERIALIZED (
	  SELECT p.entry_date AS day, sum(p.amount) AS amount FROM ledger.posting p
	   WHERE p.community_id = $1 AND p.account_id = $2 AND p.entry_date <= $3 GROUP BY 1
	)
	SELECT first.day AS first,
	       (SELECT max(d)::date FROM generate_series(first.day - $4::int, first.day, interval '1 day') d, opening o
	         WHERE o.opening = coalesce((SELECT sum(p.amount) FROM posting p WHERE p.day < d), 0)) AS begins,
	       coalesce((SELECT o.opening + (SELECT sum(l.amount) FROM line l) FROM opening o),
	                (SELECT s.closing FROM statement.statement s WHERE s.community_id = $1 AND s.account_id = $2 AND s.closing IS NOT NULL
	                    AND s.last_day = (SELECT max(day) FROM line) ORDER BY s.id DESC LIMIT 1),
	                (SELECT l.balance FROM line l WHERE l.balance IS NOT NULL ORDER BY l.day DESC, l.id DESC LIMIT 1)) AS closing,
	       coalesce((SELECT sum(p.amount) FROM posting p), 0.00) AS booked,
	       (SELECT count(DISTINCT l.id) FROM line l JOIN reconcile.match_line m ON m.community_id = l.community_id AND m.account_id = l.account_id
	           AND m.line_id = l.id AND m.live) AS matched
	  FROM first`

// later is a live match, m.match_id, of which one side came only after the day:
// at its end it was none.
const later = `(EXISTS (SELECT FROM reconcile.match_line ml JOIN statement.line ll ON ll.community_id = ml.community_id AND ll.account_id = ml.account_id AND ll.id = ml.line_id
	                     WHERE ml.community_id = m.community_id AND ml.match_id = m.match_id AND ll.day > $3)
	    OR EXISTS (SELECT FROM reconcile.match_posting mp JOIN ledger.posting pp ON pp.community_id = mp.community_id AND pp.seq = mp.seq AND pp.line = mp.posting
	                WHERE mp.community_id = m.community_id AND mp.match_id = m.match_id AND pp.account_id = $2 AND pp.entry_date > $3))`

// readLines reads the lines up to the day that are matched with nothing booked by then.
func (s *Sheet) readLines(ctx context.Context, q sqlx.QueryerContext, community int) error {
	var rows []struct {
		ID           int64
		Day          time.Time
		Amount       money.Amount
		Number       string
		Reference    string
		Counterparty string
		Memo         string
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT l.id, l.day, l.amount, l.number, l.reference, l.counterparty, l.memo FROM statement.line l
		 WHERE l.community_id = $1 AND l.account_id = $2 AND l.day <= $3 AND l.amount <> 0
		   AND NOT EXISTS (SELECT FROM reconcile.match_line m
		                    WHERE m.community_id = l.community_id AND m.account_id = l.account_id AND m.line_id = l.id AND m.live AND NOT `+later+`)
		 ORDER BY l.day, l.id`, community, s.Account.ID, s.Through)
	for _, r := range rows {
		s.Lines = append(s.Lines, Line(r))
	}
	return err
}

// before is how long before the first statement an entry may lie that the bank
// sees after it begins.
const before = 12

// readItems reads what is booked up to the day and not matched with a line up
// to the day, and the gifts that wait for a payout. An entry and its reversal,
// neither of which the bank saw, are worth nothing and are left out; so is an
// entry that only moves the account's money from one fund to another.
func (s *Sheet) readItems(ctx context.Context, q sqlx.QueryerContext, community int, accounts ledger.Accounts, begins time.Time) error {
	clearing := map[int]string{}
	ids := pq.Int64Array{int64(s.Account.ID)}
	for _, a := range accounts {
		if provider, ok := a.Purpose.ClearingOf(); ok && s.Account.Purpose == ledger.Bank {
			clearing[a.ID] = provider
			ids = append(ids, int64(a.ID))
		}
	}
	var rows []struct {
		Item
		AccountID int        `db:"account_id"`
		Note      string     `db:"note"`
		SeenOn    *time.Time `db:"seen_on"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.seq, p.line AS posting, p.account_id, p.fund_id AS fund, p.entry_date AS day, p.amount, e.kind, e.source, e.memo, e.detail,
		       coalesce(t.note, '') AS note,
		       (SELECT max(l.day) FROM reconcile.match_posting m
		          JOIN reconcile.match_line ml ON ml.community_id = m.community_id AND ml.match_id = m.match_id
		          JOIN statement.line l ON l.community_id = ml.community_id AND l.account_id = ml.account_id AND l.id = ml.line_id
		         WHERE m.community_id = p.community_id AND m.seq = p.seq AND m.posting = p.line AND m.live) AS seen_on
		  FROM ledger.posting p
		  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
		  LEFT JOIN reconcile.transit t ON t.community_id = p.community_id AND t.seq = p.seq AND t.posting = p.line
		 WHERE p.community_id = $1 AND p.account_id = ANY ($5) AND p.entry_date BETWEEN $4 AND $3
		   AND NOT EXISTS (SELECT FROM reconcile.match_posting m
		                    WHERE m.community_id = p.community_id AND m.seq = p.seq AND m.posting = p.line AND m.live AND NOT `+later+`)
		   AND NOT EXISTS (SELECT FROM ledger.journal_entry o
		                    WHERE o.community_id = e.community_id AND (o.reverses_seq = e.seq OR o.seq = e.reverses_seq) AND o.entry_date BETWEEN $4 AND $3
		                      AND NOT EXISTS (SELECT FROM reconcile.match_posting m WHERE m.community_id = o.community_id AND m.seq = o.seq AND m.live))
		   AND (SELECT sum(o.amount) FROM ledger.posting o WHERE o.community_id = p.community_id AND o.seq = p.seq AND o.account_id = p.account_id) <> 0
		 ORDER BY p.entry_date, p.seq, p.line`, community, s.Account.ID, s.Through, begins.AddDate(0, 0, -before), ids)
	for _, r := range rows {
		r.Clearing = clearing[r.AccountID]
		if r.SeenOn != nil {
			r.Seen = *r.SeenOn
		}
		switch {
		case r.Clearing != "":
			s.Waiting = append(s.Waiting, r.Item)
		case r.Note == "" && r.Day.Before(begins):
			s.Earlier = append(s.Earlier, r.Item)
		default:
			s.Items = append(s.Items, r.Item)
			s.Notes[r.Spot()] = r.Note
		}
	}
	return err
}

// Vouchers are the numbers of entries as people write them, by Seq.
func Vouchers(ctx context.Context, q sqlx.QueryerContext, community int, seqs []int64) (of map[int64]string, err error) {
	defer wrap(&err, "reconcile.Vouchers(%d)", community)
	var rows []struct {
		Seq     int64
		Voucher string
	}
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT seq, year || '-' || number AS voucher FROM ledger.journal_entry WHERE community_id = $1 AND seq = ANY ($2)`,
		community, pq.Array(seqs))
	of = make(map[int64]string, len(rows))
	for _, r := range rows {
		of[r.Seq] = r.Voucher
	}
	return of, err
}
