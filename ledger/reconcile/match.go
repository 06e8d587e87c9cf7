package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Match is lines and postings that are the same money. Several people may work
// on one account: what one has matched, the other cannot (ErrTaken).
type Match struct {
	ID       uuid.UUID
	Lines    []int64 // Line.ID
	Postings []Spot
	Because  []Because
	ByItself bool  // accepted without a person, because it was Sure
	Entry    int64 // Seq of the entry that was posted for it, else 0
	Rule     int   // Rule.ID that called for that entry, else 0
	MadeBy   string
	MadeAt   time.Time
}

// Keep stores matches of an account, all or none. The lines of each are worth
// what its postings to the account are worth; postings to clearing accounts
// that it settles are worth nothing together. ErrUnequal, ErrTaken, ErrEmpty.
func Keep(ctx context.Context, tx *sqlx.Tx, community, account int, matches ...Match) (err error) {
	defer wrap(&err, "reconcile.Keep(%d, %d)", community, account)
	var ids, because, who, ofLine, ofPosting pq.StringArray
	var itself pq.BoolArray
	var entries, rules, lines, seqs, postings pq.Int64Array
	for _, m := range matches {
		if len(m.Lines) == 0 || len(m.Postings) == 0 {
			return ErrEmpty
		}
		text, err := json.Marshal(m.Because)
		if err != nil {
			return err
		}
		ids, because, who, itself = append(ids, m.ID.String()), append(because, string(text)), append(who, m.MadeBy), append(itself, m.ByItself)
		entries, rules = append(entries, m.Entry), append(rules, int64(m.Rule))
		for _, line := range m.Lines {
			ofLine, lines = append(ofLine, m.ID.String()), append(lines, line)
		}
		for _, p := range m.Postings {
			ofPosting, seqs, postings = append(ofPosting, m.ID.String()), append(seqs, p.Seq), append(postings, int64(p.Posting))
		}
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{
			`INSERT INTO reconcile.match (community_id, id, account_id, because, by_itself, entry_seq, rule_id, made_by)
		  SELECT $1, u.id, $2, u.because, u.itself, nullif(u.entry, 0), nullif(u.rule, 0), u.who
		    FROM unnest($3::uuid[], $4::jsonb[], $5::boolean[], $6::bigint[], $7::int[], $8::text[]) AS u (id, because, itself, entry, rule, who)`,
			[]any{community, account, ids, because, itself, entries, rules, who},
		},
		{`INSERT INTO reconcile.match_line (community_id, match_id, account_id, line_id)
		  SELECT $1, u.id, $2, u.line FROM unnest($3::uuid[], $4::bigint[]) AS u (id, line) ORDER BY u.line`, []any{community, account, ofLine, lines}},
		{
			`INSERT INTO reconcile.match_posting (community_id, match_id, seq, posting)
		  SELECT $1, u.id, u.seq, u.posting FROM unnest($2::uuid[], $3::bigint[], $4::smallint[]) AS u (id, seq, posting) ORDER BY u.seq, u.posting`,
			[]any{community, ofPosting, seqs, postings},
		},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	return equal(ctx, tx, community, account, ids)
}

// equal makes sure that both sides of matches are worth the same, to the fen.
func equal(ctx context.Context, tx *sqlx.Tx, community, account int, ids pq.StringArray) error {
	var off []string
	err := tx.SelectContext(ctx, &off, `
		SELECT m.id::text FROM reconcile.match m
		 WHERE m.community_id = $1 AND m.id = ANY ($3::uuid[]) AND (
		       (SELECT sum(l.amount) FROM reconcile.match_line x JOIN statement.line l ON l.community_id = x.community_id AND l.account_id = x.account_id AND l.id = x.line_id
		         WHERE x.community_id = m.community_id AND x.match_id = m.id),
		       0.00)
		    IS DISTINCT FROM (
		       (SELECT sum(p.amount) FROM reconcile.match_posting x JOIN ledger.posting p ON p.community_id = x.community_id AND p.seq = x.seq AND p.line = x.posting
		         WHERE x.community_id = m.community_id AND x.match_id = m.id AND p.account_id = $2),
		       (SELECT coalesce(sum(p.amount), 0.00) FROM reconcile.match_posting x JOIN ledger.posting p ON p.community_id = x.community_id AND p.seq = x.seq AND p.line = x.posting
		         WHERE x.community_id = m.community_id AND x.match_id = m.id AND p.account_id <> $2))`, community, account, ids)
	if err == nil && len(off) > 0 {
		err = fmt.Errorf("%w: match %s", ErrUnequal, off[0])
	}
	return err
}

// Undo takes a match back and leaves its trace. An entry that was posted for it
// is reversed on its own day, or now where that month is closed, so that nobody
// matches it once more. ErrNotFound if there is none, or it is undone.
func Undo(ctx context.Context, tx *sqlx.Tx, c ledger.Community, match uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "reconcile.Undo(%d, %s)", c.ID, match)
	var account int
	err = tx.GetContext(ctx, &account, `SELECT account_id FROM reconcile.match WHERE community_id = $1 AND id = $2`, c.ID, match)
	if err == nil {
		err = lock(ctx, tx, c.ID, account)
	}
	if err != nil {
		return err
	}
	var was struct {
		Account int    `db:"account_id"`
		Entry   *int64 `db:"entry_seq"`
	}
	err = tx.GetContext(ctx, &was, `
		UPDATE reconcile.match SET undone_by = $3, undone_at = $4 WHERE community_id = $1 AND id = $2 AND undone_at IS NULL
		RETURNING account_id, entry_seq`, c.ID, match, who, at)
	if err != nil {
		return err
	}
	if err := open(ctx, tx, c.ID, was.Account, match); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE reconcile.match_line SET live = false WHERE community_id = $1 AND match_id = $2`,
		`UPDATE reconcile.match_posting SET live = false WHERE community_id = $1 AND match_id = $2`,
	} {
		if _, err := tx.ExecContext(ctx, query, c.ID, match); err != nil {
			return err
		}
	}
	if was.Entry == nil {
		return nil
	}
	entry, err := ledger.EntryAt(ctx, tx, c.ID, *was.Entry)
	if err != nil {
		return err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	_, err = ledger.Reverse(ctx, tx, c.ID, entry.Seq, book.EntryDate(c.Clock(entry.Date, 12), at), "撤销勾对", who)
	return err
}

// open refuses a match whose lines lie in a completed reconciliation.
func open(ctx context.Context, tx *sqlx.Tx, community, account int, match uuid.UUID) error {
	var closed bool
	err := tx.GetContext(ctx, &closed, `
		SELECT EXISTS (SELECT FROM reconcile.match_line m
		  JOIN statement.line l ON l.community_id = m.community_id AND l.account_id = m.account_id AND l.id = m.line_id
		  JOIN reconcile.reconciliation r ON r.community_id = l.community_id AND r.account_id = $2 AND r.undone_at IS NULL AND l.day <= r.through
		 WHERE m.community_id = $1 AND m.match_id = $3)`, community, account, match)
	if err == nil && closed {
		err = ErrCompleted
	}
	return err
}

// Matched is a match as the desk lists it.
type Matched struct {
	ID       uuid.UUID    `db:"id"`
	Day      time.Time    `db:"day"`    // of its first line
	Amount   money.Amount `db:"amount"` // of its lines
	Text     string       `db:"text"`   // of its first line
	Lines    int          `db:"lines"`
	Postings int          `db:"postings"`
	ByItself bool         `db:"by_itself"`
	Entry    *int64       `db:"entry_seq"`
	MadeBy   string       `db:"made_by"`
	MadeAt   time.Time    `db:"made_at"`
	UndoneBy *string      `db:"undone_by"`
	UndoneAt *time.Time   `db:"undone_at"`
}

// ListMatches reads an account's matches, the latest first, undone ones too;
// before is the last match of the page before, uuid.Nil for the first page.
func ListMatches(ctx context.Context, q sqlx.QueryerContext, community, account int, before uuid.UUID, limit int) (all []Matched, err error) {
	defer wrap(&err, "reconcile.ListMatches(%d, %d)", community, account)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT m.id, l.day, l.amount, l.text, l.lines, (SELECT count(*) FROM reconcile.match_posting p WHERE p.community_id = m.community_id AND p.match_id = m.id) AS postings,
		       m.by_itself, m.entry_seq, m.made_by, m.made_at, m.undone_by, m.undone_at
		  FROM reconcile.match m
		  JOIN LATERAL (SELECT min(l.day) AS day, sum(l.amount) AS amount, count(*) AS lines, (array_agg(l.counterparty || ' ' || l.memo ORDER BY l.day, l.id))[1] AS text
		                  FROM reconcile.match_line x JOIN statement.line l ON l.community_id = x.community_id AND l.account_id = x.account_id AND l.id = x.line_id
		                 WHERE x.community_id = m.community_id AND x.match_id = m.id) l ON true
		 WHERE m.community_id = $1 AND m.account_id = $2 AND ($3 = '00000000-0000-0000-0000-000000000000'::uuid OR m.id < $3)
		 ORDER BY m.id DESC LIMIT $4`, community, account, before, limit)
	return all, err
}
