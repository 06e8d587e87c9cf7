package search

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Ask is what is looked for; zero fields do not narrow.
type Ask struct {
	Words       []string     // each is in what the entry says, in the name of one of its accounts or funds, or its number, amount or day
	Least, Most money.Amount // income, expense or a posting of a size between; Most zero: no more than Least is asked
	From, To    time.Time    // EntryDates
	Fund        int          // id
	Accounts    []int        // ids of which one is touched
	Direction   string       // "in": income, "out": expense
	Before      int64        // only entries posted before this Seq: the page's key

	// Named are the funds that are meant by a folded word beside those whose own names have it: a project's, a campaign's.
	Named func(word string) (funds []int)
}

// IsEmpty tells that nothing is asked for.
func (a Ask) IsEmpty() bool {
	return len(a.Words) == 0 && a.Least.IsZero() && a.Most.IsZero() && a.From.IsZero() && a.To.IsZero() && a.Fund == 0 &&
		len(a.Accounts) == 0 && a.Direction == ""
}

// Found are entries that fit, the newest first.
type Found struct {
	Seqs  []int64
	More  bool  // there may be earlier ones
	Last  int64 // the next page's Before
	Count int   // of all that fit; with AtMost some may not
	// AtMost tells that Count is of those that have the letters of a word, in any order, or an amount near the ends.
	AtMost bool
	Unread int64 // the newest entries that are not noted yet: where many came at once
}

// Sought tells whether an amount, whatever its sign, is one that the ask names.
func (a Ask) Sought(amount money.Amount) bool {
	fen := max(amount.Fen(), -amount.Fen())
	for _, word := range a.Words {
		if of, ok := ReadAmount(word); ok && of.Fen() == fen {
			return true
		}
	}
	return (a.Least.Sign() > 0 || a.Most.Sign() > 0) && fen >= a.Least.Fen() && (a.Most.IsZero() || fen <= a.Most.Fen())
}

const (
	groupMost = 64            // blocks read at once
	readMost  = 4000          // entries that one Find reads where the terms do not decide
	readAhead = 200           // at once
	tailMost  = 4 * blockSize // entries noted while asking
)

// Find finds at most limit entries. It takes about as long in a large book as in a small one where there is something to
// find, and a few milliseconds for a million postings where there is nothing. It reads at one instant if q is one
// REPEATABLE READ transaction.
func Find(ctx context.Context, q sqlx.QueryerContext, community int, a Ask, limit int) (found Found, err error) {
	if a.IsEmpty() {
		return found, nil
	}
	f := finding{Context: ctx, q: q, community: community, ask: a, limit: limit, Found: Found{Last: a.Before}}
	if err := f.conditions(); err != nil {
		return found, wrap(err, "Find")
	}
	blocks, err := f.blocks()
	for size := 8; err == nil && len(blocks) > 0; size = min(2*size, groupMost) {
		group := blocks[:min(size, len(blocks))]
		err, blocks = f.look(group), blocks[len(group):]
	}
	return f.Found, wrap(err, "Find")
}

// finding is a Find under way.
type finding struct {
	context.Context
	q         sqlx.QueryerContext
	community int
	ask       Ask
	limit     int
	asked     []condition
	terms     []string // of all conditions
	read      int      // entries read so far
	full      bool
	Found
}

// condition is one thing that an entry has to be.
type condition struct {
	sure  []string // terms of which one is enough
	seqs  []int64  // entries that are it
	all   []string // terms that it has at least
	exact bool     // and that are enough
	maybe []string // terms of which it has at least one
	fits  func(noted) bool
}

// in is where a block surely has it, and where it may.
func (c condition) in(b *block) (sure, maybe set) {
	either := func(into *set, terms []string) {
		for _, term := range terms {
			if s := b.terms[term]; s != nil {
				into.or(s)
			}
		}
	}
	either(&sure, c.sure)
	for _, seq := range c.seqs {
		if number, place := blockOf(seq); number == b.number && seq <= b.through {
			sure.add(place)
		}
	}
	maybe = sure
	either(&maybe, c.maybe)
	if len(c.all) > 0 {
		every := everyPlace
		for _, term := range c.all {
			if s := b.terms[term]; s != nil {
				every.and(s)
			} else {
				every = set{}
			}
		}
		maybe.or(&every)
		if c.exact {
			sure.or(&every)
		}
	}
	return sure, maybe
}

var everyPlace = func() (s set) {
	for i := range s {
		s[i] = ^uint64(0)
	}
	return s
}()

// blocks are those that can have something, the newest first: what is noted, and the entries after it.
func (f *finding) blocks() (blocks []*block, err error) {
	var rows []stored
	err = sqlx.SelectContext(f, f.q, &rows, `
		SELECT block, through, first_day, last_day FROM search.block WHERE community_id = $1 ORDER BY block`, f.community)
	if err != nil {
		return nil, err
	}
	last := int64(0)
	for _, row := range rows {
		b := newBlock(row.Block)
		b.through, b.first, b.last = row.Through, row.FirstDay, row.LastDay
		blocks, last = append(blocks, b), row.Through
	}
	tail, err := readRun(f, f.q, f.community, last, last+tailMost)
	if err != nil {
		return nil, err
	}
	for _, e := range tail {
		if number, _ := blockOf(e.Seq); len(blocks) == 0 || blocks[len(blocks)-1].number != number {
			blocks = append(blocks, newBlock(number))
		}
		blocks[len(blocks)-1].note(e)
		last = e.Seq
	}
	if len(tail) == tailMost {
		stand, err := ledger.Stand(f, f.q, f.community)
		if err != nil {
			return nil, err
		}
		f.Unread = stand.LastSeq - last
	}
	slices.Reverse(blocks)
	return slices.DeleteFunc(blocks, func(b *block) bool {
		return !f.ask.From.IsZero() && b.last.Before(f.ask.From) || !f.ask.To.IsZero() && b.first.After(f.ask.To)
	}), nil
}

// look looks through some blocks.
func (f *finding) look(group []*block) error {
	numbers, by := make([]int, len(group)), map[int]*block{}
	for i, b := range group {
		numbers[i], by[b.number] = b.number, b
	}
	take := func(number int, term string, s *set) {
		if has := by[number].terms[term]; has != nil {
			has.or(s)
		} else {
			by[number].terms[term] = s
		}
	}
	if len(f.terms) > 0 {
		if err := readTerms(f, f.q, f.community, numbers, f.terms, take); err != nil {
			return err
		}
	}
	for _, b := range group {
		asked := f.asked
		if days := f.days(b); days != nil {
			if err := readTerms(f, f.q, f.community, []int{b.number}, days, take); err != nil {
				return err
			}
			asked = append(slices.Clip(asked), condition{sure: days})
		}
		if err := f.within(b, asked); err != nil {
			return err
		}
		b.terms = nil
	}
	return nil
}

// days are the terms that keep to the days asked for; nil where all days of the block are.
func (f *finding) days(b *block) []string {
	from, to := b.first, b.last
	if f.ask.From.After(from) {
		from = f.ask.From
	}
	if !f.ask.To.IsZero() && f.ask.To.Before(to) {
		to = f.ask.To
	}
	if from.Equal(b.first) && to.Equal(b.last) {
		return nil
	}
	return daysTerms(from, to)
}

// within lays the conditions over each other in a block, counts what is left, and takes what the page still needs.
func (f *finding) within(b *block, asked []condition) error {
	all := everyPlace
	if _, place := blockOf(b.through); place < blockSize-1 {
		all.keepBefore(place + 1)
	}
	surely, left, each := all, all, make([]set, len(asked))
	for i, c := range asked {
		sure, maybe := c.in(b)
		surely.and(&sure)
		left.and(&maybe)
		each[i] = sure
	}
	n := left.count()
	f.Count += n
	f.AtMost = f.AtMost || surely.count() != n
	if f.full || n == 0 {
		return nil
	}
	if number, place := blockOf(max(f.ask.Before, 1)); f.ask.Before != 0 && number <= b.number {
		if number < b.number {
			return nil
		}
		left.keepBefore(place)
	}
	var places []int
	for place := range left.newestFirst {
		if places = append(places, place); len(places) == readAhead {
			if err := f.take(b, places, asked, surely, each); err != nil || f.full {
				return err
			}
			places = places[:0]
		}
	}
	return f.take(b, places, asked, surely, each)
}

// take takes the places that fit, and reads the entries of those of which the terms do not tell.
func (f *finding) take(b *block, places []int, asked []condition, surely set, each []set) error {
	var unsure []int64
	for _, place := range places {
		if !surely.has(place) {
			unsure = append(unsure, seqAt(b.number, place))
		}
	}
	read := map[int64]noted{}
	if len(unsure) > 0 {
		entries, err := readNoted(f, f.q, `seq = ANY ($2)`, f.community, pq.Array(unsure))
		if err != nil {
			return err
		}
		for _, e := range entries {
			read[e.Seq] = e
		}
		f.read += len(entries)
	}
	for _, place := range places {
		seq, fits := seqAt(b.number, place), true
		for i, c := range asked {
			fits = fits && (each[i].has(place) || c.fits != nil && c.fits(read[seq]))
		}
		if fits && len(f.Seqs) == f.limit {
			f.More, f.full = true, true
			return nil
		}
		if f.Last = seq; fits {
			f.Seqs = append(f.Seqs, seq)
		}
	}
	if f.read >= readMost {
		f.More, f.full = true, true
	}
	return nil
}
