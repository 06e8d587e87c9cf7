package giver

import (
	"cmp"
	"slices"
	"sort"

	"fund/ledger/money"
)

// Move is what one entry did to a fund: money that came in is positive. An entry
// that was undone, or given back in part, counts with what undid it.
type Move struct {
	Seq    int64 `db:"seq"`
	At     int64 `db:"at"`     // its place in the line: Seq but for gifts that were held, which come in with what freed them
	Amount int64 `db:"amount"` // fen
}

// Span is a stretch of a fund's line of money, in fen from its beginning.
type Span struct{ From, To int64 }

// Len is how much money the stretch is, in fen.
func (s Span) Len() int64 { return max(0, s.To-s.From) }

// both is what two stretches share.
func (s Span) both(o Span) Span { return Span{max(s.From, o.From), min(s.To, o.To)} }

// Stream is a fund's line of money: what came in lies one behind the other in
// the order of posting, and what went out takes from the front.
type Stream struct {
	in, out []flow
	freed   map[int64]int64 // where the gifts that were held stand, by their own entry
}

type flow struct {
	at, seq int64
	Span
}

func (f flow) compare(o flow) int { return cmp.Or(cmp.Compare(f.at, o.at), cmp.Compare(f.seq, o.seq)) }

// NewStream lays out the moves of a fund, in any order.
func NewStream(moves []Move) Stream {
	moves = slices.Clone(moves)
	slices.SortFunc(moves, func(a, b Move) int { return flow{at: a.At, seq: a.Seq}.compare(flow{at: b.At, seq: b.Seq}) })
	return Stream{freed: map[int64]int64{}}.then(moves)
}

// then is the line with moves behind it that come later, in their order.
func (s Stream) then(moves []Move) Stream {
	in, out := end(s.in), end(s.out)
	for _, m := range moves {
		if m.At != m.Seq {
			s.freed[m.Seq] = m.At
		}
		switch {
		case m.Amount > 0:
			s.in = append(s.in, flow{m.At, m.Seq, Span{in, in + m.Amount}})
			in += m.Amount
		case m.Amount < 0:
			s.out = append(s.out, flow{m.At, m.Seq, Span{out, out - m.Amount}})
			out -= m.Amount
		}
	}
	return s
}

func end(flows []flow) int64 {
	if len(flows) == 0 {
		return 0
	}
	return flows[len(flows)-1].To
}

// In is where the money of an entry lies in the line; empty for one that brought
// none, or whose money is held or went back.
func (s Stream) In(seq int64) Span {
	at := seq
	if freed, ok := s.freed[seq]; ok {
		at = freed
	}
	if i, ok := slices.BinarySearchFunc(s.in, flow{at: at, seq: seq}, flow.compare); ok {
		return s.in[i].Span
	}
	return Span{}
}

// Gone is how much of the line has been taken, in fen.
func (s Stream) Gone() int64 { return end(s.out) }

// Taken is how much of a stretch has been taken, in fen.
func (s Stream) Taken(of Span) int64 { return of.both(Span{0, s.Gone()}).Len() }

// takings are the entries that took from a stretch, each with what it took, in order.
func (s Stream) takings(of Span) (taken []flow, whole []Span) {
	first := sort.Search(len(s.out), func(i int) bool { return s.out[i].To > of.From })
	for _, f := range s.out[first:] {
		if f.From >= of.To {
			break
		}
		if part := f.both(of); part.Len() > 0 {
			taken, whole = append(taken, flow{f.at, f.seq, part}), append(whole, f.Span)
		}
	}
	return taken, whole
}

// yuan is a sum of fen as an amount.
func yuan(fen int64) money.Amount { return money.FromFen(fen) }
