package box

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// The notes and coins that a box is counted in, as everywhere.
var Denominations = money.Denominations

// Pieces is how many of each of the Denominations, in their order.
type Pieces = money.Pieces

// Tally is what one person counted.
type Tally struct {
	Nth       int          `db:"nth"` // 1 or 2
	Pieces    Pieces       `db:"pieces"`
	Total     money.Amount `db:"total"`
	Counter   string       `db:"counter"`   // user:12
	Confirmed bool         `db:"confirmed"` // counted along with the first, instead of blind
	Tries     int          `db:"tries"`
	At        time.Time    `db:"counted_at"`
}

// Tallies reads who counted a box and what, at most two.
func Tallies(ctx context.Context, q sqlx.QueryerContext, community, box, round int) (ts []Tally, err error) {
	defer wrap(&err, "box.Tallies(%d, %d, %d)", community, box, round)
	err = sqlx.SelectContext(ctx, q, &ts, `
		SELECT nth, pieces, total, counter, confirmed, tries, counted_at FROM box.count
		 WHERE community_id = $1 AND box_id = $2 AND round = $3 ORDER BY nth`, community, box, round)
	return ts, err
}

// Enter takes a count of a box that was brought in. The first by anybody, the
// second by somebody else; each may count again until the two agree, and the
// moment they do the box is open and its money booked: opened is true. Booking
// comes of the second count, so that both have the figures on the table.
// ErrState where it is not here or open already, ErrSameCounter for a third
// person.
func Enter(ctx context.Context, tx *sqlx.Tx, c ledger.Community, box int, t Tally) (opened bool, err error) {
	defer wrap(&err, "box.Enter(%d, %d)", c.ID, box)
	b, err := lock(ctx, tx, c.ID, box)
	if err != nil {
		return false, err
	}
	if b.Round.State() != Collected {
		return false, ErrState
	}
	counted, err := Tallies(ctx, tx, c.ID, box, b.Round.Round)
	if err != nil {
		return false, err
	}
	mine := slices.IndexFunc(counted, func(other Tally) bool { return other.Counter == t.Counter })
	switch {
	case mine >= 0:
		t.Nth = counted[mine].Nth
	case len(counted) < 2:
		t.Nth = len(counted) + 1
	default:
		return false, ErrSameCounter
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO box.count AS k (community_id, box_id, round, nth, counter, pieces, total, confirmed, counted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		    ON CONFLICT (community_id, box_id, round, nth) DO UPDATE
		   SET pieces = EXCLUDED.pieces, total = EXCLUDED.total, confirmed = EXCLUDED.confirmed, counted_at = EXCLUDED.counted_at, tries = k.tries + 1`,
		c.ID, box, b.Round.Round, t.Nth, t.Counter, t.Pieces, t.Pieces.Total(), t.Confirmed, t.At)
	if err != nil {
		return false, err
	}
	if counted, err = Tallies(ctx, tx, c.ID, box, b.Round.Round); err != nil || len(counted) < 2 || counted[0].Pieces != counted[1].Pieces {
		return false, err
	}
	return true, open(ctx, tx, c, b, counted, "", t.Counter, t.At)
}

// Accept opens a box whose two counts do not agree, by whoever counted second
// and with the reason: what was given is the first count, what lies on the
// table the second, and the difference is posted as over or short.
func Accept(ctx context.Context, tx *sqlx.Tx, c ledger.Community, box int, reason, who string, at time.Time) (err error) {
	defer wrap(&err, "box.Accept(%d, %d)", c.ID, box)
	b, err := lock(ctx, tx, c.ID, box)
	if err != nil {
		return err
	}
	counted, err := Tallies(ctx, tx, c.ID, box, b.Round.Round)
	reason = strings.TrimSpace(reason)
	switch {
	case err != nil:
		return err
	case b.Round.State() != Collected || len(counted) < 2 || counted[1].Counter != who:
		return ErrState
	case reason == "":
		return ErrNoReason
	}
	return open(ctx, tx, c, b, counted, reason, who, at)
}

// open books what was found.
func open(ctx context.Context, tx *sqlx.Tx, c ledger.Community, b Box, counted []Tally, reason, who string, at time.Time) error {
	given, there := counted[0].Total, counted[1].Total
	r := Round{Difference: there.Sub(given), Reason: reason}
	if given.Sign() > 0 {
		id := giftID(c.ID, b.ID, b.Round.Round, at)
		received, err := campaigns.EnterCollection(ctx, tx, c, b.CampaignID, id, given, who, at)
		if err != nil {
			return err
		}
		r.DonationID, r.EntrySeq = &id, &received.Receipt.Entry
	}
	if !r.Difference.IsZero() {
		seq, err := postDifference(ctx, tx, c, b, r.Difference, fmt.Sprintf("box_difference:%d-%d", b.ID, b.Round.Round), reason, who, at)
		if err != nil {
			return err
		}
		if r.DifferenceSeq = &seq; r.EntrySeq == nil {
			r.EntrySeq = &seq
		}
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE box.round SET opened_at = $4, amount = $5, difference = $6, reason = $7, donation_id = $8, entry_seq = $9, difference_seq = $10
		 WHERE community_id = $1 AND box_id = $2 AND round = $3`,
		c.ID, b.ID, b.Round.Round, at, there, r.Difference, r.Reason, r.DonationID, r.EntrySeq, r.DifferenceSeq)
	return err
}

// giftID is the donation of a box's round: of its time, and always the same.
func giftID(community, box, round int, at time.Time) (id uuid.UUID) {
	hash := sha256.Sum256(fmt.Appendf(nil, "box %d %d %d", community, box, round))
	copy(id[:], hash[:])
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|0x7000|uint64(hash[6])<<4)
	id[8] = id[8]&0x3f | 0x80
	return id
}

// postDifference brings the safe to what lies in it: over is other income,
// short is other expense, both in the fund the box collects for.
func postDifference(ctx context.Context, tx *sqlx.Tx, c ledger.Community, b Box, difference money.Amount, source, reason, who string, at time.Time) (seq int64, err error) {
	fund, err := fundOf(ctx, tx, c.ID, b.CampaignID)
	if err != nil {
		return 0, err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	against, memo := ledger.OtherExpense, "募捐箱短款"
	if difference.Sign() > 0 {
		against, memo = ledger.OtherIncome, "募捐箱长款"
	}
	safe, err := book.Account(ledger.Cash)
	if err != nil {
		return 0, err
	}
	other, err := book.Account(against)
	if err != nil {
		return 0, err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: c.Day(at), Kind: "box_difference", Source: source, Memo: memo, Detail: reason, PostedBy: who,
		Postings: []ledger.Posting{{Account: safe, Fund: fund, Amount: difference}, {Account: other, Fund: fund, Amount: difference.Neg()}},
	})
	if err != nil {
		return 0, err
	}
	return posted[0].Seq, nil
}

// fundOf is the fund that a campaign raises for.
func fundOf(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (int, error) {
	of, err := campaigns.CampaignAt(ctx, q, community, campaign)
	return of.FundID, err
}
