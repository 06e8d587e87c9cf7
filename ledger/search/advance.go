package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// ErrOutrun tells that another server noted the same entries first.
var ErrOutrun = errors.New("search: another server was first")

// Behind are the communities with entries that are not noted.
func Behind(ctx context.Context, q sqlx.QueryerContext) (communities []int, err error) {
	err = sqlx.SelectContext(ctx, q, &communities, `
		SELECT b.community_id FROM ledger.book b
		 WHERE b.last_seq > coalesce((SELECT s.through FROM search.block s WHERE s.community_id = b.community_id ORDER BY s.block DESC LIMIT 1), 0)
		 ORDER BY b.community_id`)
	return communities, wrap(err, "Behind")
}

// Advance notes the entries after the last noted one, to the end of a block at most. done tells that nothing is left.
// ErrOutrun if somebody else noted them meanwhile.
func Advance(ctx context.Context, tx *sqlx.Tx, community int) (done bool, err error) {
	last, err := lastBlock(ctx, tx, community)
	if err != nil {
		return false, wrap(err, "Advance")
	}
	stand, err := ledger.Stand(ctx, tx, community)
	if err != nil || stand.LastSeq <= last.Through {
		return true, wrap(err, "Advance")
	}
	number, _ := blockOf(last.Through + 1)
	entries, err := readRun(ctx, tx, community, last.Through, min(seqAt(number, blockSize-1), stand.LastSeq))
	if err != nil || len(entries) == 0 {
		return true, wrap(err, "Advance")
	}
	b := newBlock(number)
	for _, e := range entries {
		b.note(e)
	}
	if err := b.save(ctx, tx, community, last); err != nil {
		return false, wrap(err, "Advance")
	}
	return b.through == stand.LastSeq, nil
}

// stored is a block's row.
type stored struct {
	Block    int       `db:"block"`
	Through  int64     `db:"through"`
	FirstDay time.Time `db:"first_day"`
	LastDay  time.Time `db:"last_day"`
}

// lastBlock is the newest block; before the first it is zero.
func lastBlock(ctx context.Context, q sqlx.QueryerContext, community int) (last stored, err error) {
	var blocks []stored
	err = sqlx.SelectContext(ctx, q, &blocks, `
		SELECT block, through, first_day, last_day FROM search.block WHERE community_id = $1 ORDER BY block DESC LIMIT 1`, community)
	if len(blocks) > 0 {
		last = blocks[0]
	}
	return last, err
}

// readRun reads the entries after one to another.
func readRun(ctx context.Context, q sqlx.QueryerContext, community int, after, through int64) ([]noted, error) {
	return readNoted(ctx, q, `seq > $2 AND seq <= $3`, community, after, through)
}

// readNoted reads entries with their lines, by Seq.
func readNoted(ctx context.Context, q sqlx.QueryerContext, which string, args ...any) (entries []noted, err error) {
	err = sqlx.SelectContext(ctx, q, &entries, `
		SELECT seq, entry_date, memo, detail, income, expense FROM ledger.journal_entry WHERE community_id = $1 AND `+which+` ORDER BY seq`, args...)
	if err != nil {
		return nil, err
	}
	var lines []notedLine
	err = sqlx.SelectContext(ctx, q, &lines, `
		SELECT seq, account_id, fund_id, amount FROM ledger.posting WHERE community_id = $1 AND `+which+` ORDER BY seq, line`, args...)
	withLines(entries, lines)
	return entries, err
}

// withLines gives each entry its lines; both are in the order of Seq.
func withLines(entries []noted, lines []notedLine) {
	for i := range entries {
		n := 0
		for n < len(lines) && lines[n].Seq == entries[i].Seq {
			n++
		}
		entries[i].lines, lines = lines[:n], lines[n:]
	}
}

// block is what is noted of up to 4,096 entries.
type block struct {
	number      int
	through     int64
	first, last time.Time // days
	terms       map[string]*set
}

func newBlock(number int) *block { return &block{number: number, terms: map[string]*set{}} }

// note adds an entry.
func (b *block) note(e noted) {
	_, place := blockOf(e.Seq)
	for _, term := range e.terms() {
		s := b.terms[term]
		if s == nil {
			s = new(set)
			b.terms[term] = s
		}
		s.add(place)
	}
	b.spans(e.Date, e.Date)
	b.through = e.Seq
}

func (b *block) spans(first, last time.Time) {
	if b.first.IsZero() || first.Before(b.first) {
		b.first = first
	}
	if last.After(b.last) {
		b.last = last
	}
}

// save adds the block to what stands of it.
func (b *block) save(ctx context.Context, tx *sqlx.Tx, community int, last stored) error {
	names := make([]string, 0, len(b.terms))
	for term := range b.terms {
		names = append(names, term)
	}
	slices.Sort(names)
	verb := `INSERT INTO search.block (community_id, block, through, first_day, last_day) SELECT $1, $2, $3, $4, $5 WHERE $6::bigint >= 0 ON CONFLICT DO NOTHING`
	if last.Through > 0 && last.Block == b.number {
		verb = `UPDATE search.block SET through = $3, first_day = $4, last_day = $5 WHERE community_id = $1 AND block = $2 AND through = $6`
		b.spans(last.FirstDay, last.LastDay)
	}
	result, err := tx.ExecContext(ctx, verb, community, b.number, b.through, b.first, b.last, last.Through)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrOutrun)
	}
	if err := b.load(ctx, tx, community, names); err != nil {
		return err
	}
	sets := make(pq.ByteaArray, len(names))
	for i, term := range names {
		sets[i] = b.terms[term].bytes()
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO search.term (community_id, block, term, entries) SELECT $1, $2, * FROM unnest($3::text[], $4::bytea[])
		ON CONFLICT ON CONSTRAINT term_pkey DO UPDATE SET entries = EXCLUDED.entries`, community, b.number, pq.StringArray(names), sets)
	return err
}

// load adds to the block what the table has of some terms.
func (b *block) load(ctx context.Context, q sqlx.QueryerContext, community int, terms []string) error {
	return readTerms(ctx, q, community, []int{b.number}, terms, func(_ int, term string, s *set) {
		if has := b.terms[term]; has != nil {
			has.or(s)
		}
	})
}

// readTerms gives some terms of some blocks to take.
func readTerms(ctx context.Context, q sqlx.QueryerContext, community int, blocks []int, terms []string, take func(block int, term string, s *set)) error {
	var rows []struct {
		Block   int    `db:"block"`
		Term    string `db:"term"`
		Entries []byte `db:"entries"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT block, term, entries FROM search.term WHERE community_id = $1 AND block = ANY ($2) AND term = ANY ($3)`,
		community, pq.Array(blocks), pq.StringArray(terms))
	for _, row := range rows {
		take(row.Block, row.Term, readSet(row.Entries))
	}
	return err
}

func wrap(err error, verb string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("search.%s: %w", verb, err)
}
