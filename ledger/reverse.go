package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Reverse undoes an entry by a 红字冲销: the same postings with the signs
// turned, dated day, which lies in an open month. It returns the reversal.
// ErrReversedTwice, ErrNotFound, ErrPeriodClosed.
func Reverse(ctx context.Context, tx *sqlx.Tx, community int, seq int64, day time.Time, why, who string) (_ Posted, err error) {
	defer wrap(&err, "ledger.Reverse(%d, %d)", community, seq)
	reversal, err := reversalOf(ctx, tx, community, seq, why, who)
	if err != nil {
		return Posted{}, err
	}
	reversal.Date = day
	posted, err := Post(ctx, tx, community, reversal)
	if err != nil {
		return Posted{}, err
	}
	return posted[0], nil
}

// reversalOf is the entry that undoes another, not yet dated.
func reversalOf(ctx context.Context, tx *sqlx.Tx, community int, seq int64, why, who string) (Entry, error) {
	entry, err := EntryAt(ctx, tx, community, seq)
	if err != nil {
		return Entry{}, err
	}
	if entry.ReversedBy != 0 {
		return Entry{}, ErrReversedTwice
	}
	lines, err := Lines(ctx, tx, community, seq)
	if err != nil {
		return Entry{}, err
	}
	reversal := Entry{
		Kind: "reversal", Source: fmt.Sprintf("reversal:%d", seq), Reverses: seq,
		Memo: "红字冲销 " + entry.Voucher(), Detail: why, PostedBy: who,
	}
	for _, l := range lines {
		reversal.Postings = append(reversal.Postings, Posting{l.AccountID, l.FundID, l.Amount.Neg()})
	}
	return reversal, nil
}
