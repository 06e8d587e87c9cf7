package giver

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Trace is where a gift went. Its parts, what is held, what went back and what
// was undone sum to the gift.
type Trace struct {
	Paid    []Part       // to payments, the first one first
	Left    []Part       // not spent yet, by the fund it lies in
	Passed  []Part       // on its way: entries that carried it from one fund to another
	Held    money.Amount // a liability until the campaign's goal is met
	Back    money.Amount // refunded
	Undone  money.Amount // taken out of the books by hand
	Spent   money.Amount // the sum of Paid
	Waiting money.Amount // the sum of Left
}

// Part is what an entry has of a gift, or what lies in a fund still.
type Part struct {
	Fund   int   // from which it was paid, or in which it lies
	To     int   // of what was passed on: the fund it went to
	Seq    int64 // of the entry; 0 for what lies in the fund
	Amount money.Amount
	Whole  money.Amount // what the entry took out of the fund altogether
	Entry               // of what was paid or passed on
}

// Entry is what a giver is shown of a journal entry.
type Entry struct {
	Year   int       `db:"year"`
	Number int       `db:"number"`
	Date   time.Time `db:"entry_date"`
	Memo   string    `db:"memo"`
	Detail string    `db:"detail"` // which papers there are: 发票 1 张
}

// Voucher is the entry's number as shown: 2017-2186.
func (e Entry) Voucher() string { return ledger.Posted{Year: e.Year, Number: e.Number}.Voucher() }

// passesMax is how many times money may be passed on from fund to fund before
// the rest is said to lie where it is.
const passesMax = 16

// piece is a stretch of a fund's line that is being followed.
type piece struct {
	fund int
	Span
}

// Trace follows a gift through the books as they stand.
func (k *Streams) Trace(ctx context.Context, q sqlx.QueryerContext, community int, g Gift) (t Trace, err error) {
	defer wrap(&err, "giver.Trace(%d, %s)", community, g.ID)
	t.Back = g.Refunded
	if g.Held() {
		t.Held = g.Left()
		return t, nil
	}
	s, err := k.Of(ctx, q, community, g.FundID)
	if err != nil {
		return t, err
	}
	at := own(s, g)
	t.Undone = g.Left().Sub(yuan(at.Len()))
	pieces := []piece{{g.FundID, at}}
	for range passesMax {
		if len(pieces) == 0 {
			break
		}
		if pieces, err = k.follow(ctx, q, community, pieces, &t); err != nil {
			return t, err
		}
	}
	for _, p := range pieces {
		t.Left = append(t.Left, Part{Fund: p.fund, Amount: yuan(p.Len())})
	}
	t.gather()
	return t, t.tell(ctx, q, community)
}

// Used is how much of a gift has been paid out of its own fund, or passed on.
func (k *Streams) Used(ctx context.Context, q sqlx.QueryerContext, community int, g Gift) (money.Amount, error) {
	if g.Held() {
		return money.Zero, nil
	}
	s, err := k.Of(ctx, q, community, g.FundID)
	return yuan(s.Taken(own(s, g))), err
}

// own is where a gift lies in its fund's line: in front of whatever else its entry brought.
func own(s Stream, g Gift) Span {
	at := s.In(g.EntrySeq)
	return Span{at.From, min(at.To, at.From+g.Left().Fen())}
}

// taking is what an entry took from a piece.
type taking struct {
	fund  int
	part  flow
	whole Span
}

// follow looks at what was taken from pieces: payments are told, what went to
// another fund is the next pieces.
func (k *Streams) follow(ctx context.Context, q sqlx.QueryerContext, community int, pieces []piece, t *Trace) (next []piece, err error) {
	var all []taking
	var seqs []int64
	for _, p := range pieces {
		s, err := k.Of(ctx, q, community, p.fund)
		if err != nil {
			return nil, err
		}
		left := p.Len()
		taken, whole := s.takings(p.Span)
		for i, part := range taken {
			all, seqs, left = append(all, taking{p.fund, part, whole[i]}), append(seqs, part.seq), left-part.Len()
		}
		if left > 0 {
			t.Left = append(t.Left, Part{Fund: p.fund, Amount: yuan(left)})
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	of, err := acrossFunds(ctx, q, community, seqs)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		passed, err := k.pass(ctx, q, community, one, of[one.part.seq], t)
		if err != nil {
			return nil, err
		}
		next = append(next, passed...)
	}
	return next, nil
}

// pass splits what an entry took into what it paid and what it passed on. An
// entry over several funds hands over in the order of the funds: those that give
// stand one behind the other, and those that get too.
func (k *Streams) pass(ctx context.Context, q sqlx.QueryerContext, community int, one taking, funds []across, t *Trace) (next []piece, err error) {
	begin, fresh := one.part.From-one.whole.From, int64(0)
	for _, f := range funds {
		if f.Amount < 0 && f.Fund < one.fund {
			begin -= f.Amount
		}
		fresh += f.Amount
	}
	begin += max(0, fresh) // what the entry earned comes first, what it passed on behind it
	mine, got := Span{begin, begin + one.part.Len()}, int64(0)
	paid := mine.Len()
	for _, f := range funds {
		if f.Amount <= 0 {
			continue
		}
		there := Span{got, got + f.Amount}
		got = there.To
		moved := mine.both(there)
		if moved.Len() == 0 {
			continue
		}
		s, err := k.Of(ctx, q, community, f.Fund)
		if err != nil {
			return nil, err
		}
		paid -= moved.Len()
		t.Passed = append(t.Passed, Part{Fund: one.fund, To: f.Fund, Seq: one.part.seq, Amount: yuan(moved.Len()), Whole: yuan(f.Amount)})
		from := s.In(one.part.seq).From + moved.From - there.From
		next = append(next, piece{f.Fund, Span{from, from + moved.Len()}})
	}
	if paid > 0 {
		t.Paid = append(t.Paid, Part{Fund: one.fund, Seq: one.part.seq, Amount: yuan(paid), Whole: yuan(one.whole.Len())})
	}
	return next, nil
}

// gather puts parts of one entry, or in one fund, together, and sums them.
func (t *Trace) gather() {
	for _, list := range []*[]Part{&t.Paid, &t.Left, &t.Passed} {
		slices.SortStableFunc(*list, func(a, b Part) int { return cmp.Or(cmp.Compare(a.Seq, b.Seq), a.Fund-b.Fund, a.To-b.To) })
		var merged []Part
		for _, p := range *list {
			if n := len(merged) - 1; n >= 0 && merged[n].Seq == p.Seq && merged[n].Fund == p.Fund && merged[n].To == p.To {
				merged[n].Amount = merged[n].Amount.Add(p.Amount)
				continue
			}
			merged = append(merged, p)
		}
		*list = merged
	}
	for _, p := range t.Paid {
		t.Spent = t.Spent.Add(p.Amount)
	}
	for _, p := range t.Left {
		t.Waiting = t.Waiting.Add(p.Amount)
	}
}

// tell reads what the entries say.
func (t *Trace) tell(ctx context.Context, q sqlx.QueryerContext, community int) error {
	var seqs []int64
	for _, p := range slices.Concat(t.Paid, t.Passed) {
		seqs = append(seqs, p.Seq)
	}
	if len(seqs) == 0 {
		return nil
	}
	var rows []struct {
		Seq int64 `db:"seq"`
		Entry
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT seq, year, number, entry_date, memo, detail FROM ledger.journal_entry WHERE community_id = $1 AND seq = ANY ($2)`,
		community, pq.Array(seqs))
	said := make(map[int64]Entry, len(rows))
	for _, r := range rows {
		said[r.Seq] = r.Entry
	}
	for _, list := range [][]Part{t.Paid, t.Passed} {
		for i := range list {
			list[i].Entry = said[list[i].Seq]
		}
	}
	return err
}
