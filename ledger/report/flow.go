package report

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Streams is money running from its sources through unrestricted and restricted funds to its uses. In both columns the
// sources and the uses sum to the same, and no amount is negative, so that it can be drawn.
type Streams struct {
	Span
	Sources []Stream
	Uses    []Stream
}

// Stream is one source or one use.
type Stream struct {
	// Key is what the caller's group said, `account:4101` for an account, or one of the constants below.
	Key       string
	NameZH    string // of an account, else empty: the caller knows the words for its groups and for the constants
	NameEN    string
	AccountID int // of an account, else 0
	Columns
}

// What a stream can be beside an account and a group.
const (
	StreamAdmin    = "admin"    // a use: administration and fundraising
	StreamSurplus  = "surplus"  // a use: what is left over; a source: drawn from what was there
	StreamTransfer = "transfer" // a source of one column and a use of the other
	StreamAdjusted = "adjusted" // net assets adjusted or brought in
)

// Flow reads the streams of the months from..to. group names what a fund's programme spending is for (the theme of its
// project); where it returns "", the spending stands under its account.
func Flow(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time, group func(fund int) string) (f Streams, err error) {
	defer wrap(&err, "Flow", c)
	if f.Span, err = span(from, to); err != nil {
		return f, err
	}
	l, err := layoutOf(c)
	if err != nil {
		return f, err
	}
	b, err := readBook(ctx, q, c, from, to)
	if err != nil {
		return f, err
	}
	var surplus Columns
	sources := b.sources()
	slices.SortStableFunc(sources, func(a, b Source) int { return b.Total().Cmp(a.Total()) })
	for _, s := range sources {
		f.put(Stream{accountKey(s.Code), s.NameZH, s.NameEN, s.AccountID, s.Columns})
		surplus = surplus.Add(s.Columns)
	}
	for _, u := range grouped(b.uses(), l, group) {
		u.Columns = u.Neg()
		f.put(u)
		surplus = surplus.Add(u.Columns)
	}
	var through, other Columns
	for _, x := range b.balances {
		net := column(x.Restricted, movement(x).Transfers)
		other = other.Add(net)
		if transfersOf(b.accounts, x.AccountID) {
			through = through.Add(net)
		}
	}
	transfer := moved(crossing(through))
	f.put(Stream{Key: StreamTransfer, Columns: transfer})
	f.put(Stream{Key: StreamAdjusted, Columns: other.Sub(transfer)})
	f.put(Stream{Key: StreamSurplus, Columns: surplus.Add(other).Neg()})
	return f, nil
}

// put lays a stream on its side: what is positive is a source, what is negative a use.
func (f *Streams) put(s Stream) {
	in, out := s, s
	in.Free, out.Free = sides(s.Free)
	in.Held, out.Held = sides(s.Held)
	if !in.IsZero() {
		f.Sources = append(f.Sources, in)
	}
	if !out.IsZero() {
		f.Uses = append(f.Uses, out)
	}
}

// grouped adds up uses under their group, the largest first, and administration last.
func grouped(uses []Use, l layout, group func(fund int) string) []Stream {
	sums := map[string]Stream{}
	for _, u := range uses {
		s := Stream{Key: group(u.FundID)}
		switch row := rowOf(u.Account.Code, "expense", l.rows["activity"]); {
		case row == "administration" || row == "fundraising":
			s.Key = StreamAdmin
		case s.Key == "":
			s = Stream{Key: accountKey(u.Account.Code), NameZH: u.Account.NameZH, NameEN: u.Account.NameEN, AccountID: u.Account.ID}
		}
		s.Columns = sums[s.Key].Add(column(u.Restricted, u.Amount))
		sums[s.Key] = s
	}
	admin, hasAdmin := sums[StreamAdmin]
	delete(sums, StreamAdmin)
	streams := slices.SortedFunc(maps.Values(sums), func(a, b Stream) int {
		return cmp.Or(b.Total().Cmp(a.Total()), cmp.Compare(a.Key, b.Key))
	})
	if hasAdmin {
		streams = append(streams, admin)
	}
	return streams
}

func accountKey(code string) string { return "account:" + code }
