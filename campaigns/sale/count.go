package sale

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// OverShort is the account of what lay in a drawer too much or too little.
const OverShort ledger.Purpose = "cash_over_short"

// Tally is what one person counted in a drawer.
type Tally struct {
	Nth     int          `db:"nth"` // 1 or 2
	Counter string       `db:"counter"`
	Lead    bool         `db:"lead"` // a shift lead or the treasurer
	Pieces  money.Pieces `db:"pieces"`
	Total   money.Amount `db:"total"`
	Tries   int          `db:"tries"`
	At      time.Time    `db:"counted_at"`
}

// Tallies reads who counted a session's drawer and what, at most two. Whoever
// is yet to count must not see it.
func Tallies(ctx context.Context, q sqlx.QueryerContext, community int, session uuid.UUID) (ts []Tally, err error) {
	defer wrap(&err, "sale.Tallies(%d, %s)", community, session)
	err = sqlx.SelectContext(ctx, q, &ts, `
		SELECT nth, counter, lead, pieces, total, tries, counted_at FROM sale.count WHERE community_id = $1 AND session_id = $2 ORDER BY nth`, community, session)
	return ts, err
}

// Count takes one person's blind count of a session's drawer. The first by
// anybody, the second by somebody else, one of the two a shift lead; each may
// count again until the two agree, and the moment they do the session is closed:
// closed is true. Then the difference to what should be there is posted, and the
// Z report is kept. ErrState where it is closed already, ErrSameCounter for a
// third person, ErrNeedsLead.
func Count(ctx context.Context, tx *sqlx.Tx, c ledger.Community, session uuid.UUID, t Tally) (closed bool, err error) {
	defer wrap(&err, "sale.Count(%d, %s)", c.ID, session)
	s, counted, err := counting(ctx, tx, c.ID, session)
	if err != nil {
		return false, err
	}
	mine := slices.IndexFunc(counted, func(other Tally) bool { return other.Counter == t.Counter })
	switch {
	case mine >= 0:
		t.Nth = counted[mine].Nth
	case len(counted) == 2:
		return false, ErrSameCounter
	case len(counted) == 1 && !counted[0].Lead && !t.Lead:
		return false, ErrNeedsLead
	default:
		t.Nth = len(counted) + 1
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.count AS k (community_id, session_id, nth, counter, lead, pieces, total, counted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		    ON CONFLICT (community_id, session_id, nth) DO UPDATE
		   SET lead = EXCLUDED.lead, pieces = EXCLUDED.pieces, total = EXCLUDED.total, counted_at = EXCLUDED.counted_at, tries = k.tries + 1`,
		c.ID, session, t.Nth, t.Counter, t.Lead, t.Pieces, t.Pieces.Total(), t.At)
	if err != nil {
		return false, err
	}
	if counted, err = Tallies(ctx, tx, c.ID, session); err != nil || len(counted) < 2 || counted[0].Pieces != counted[1].Pieces {
		return false, err
	}
	return true, shut(ctx, tx, c, s, counted, "", t.Counter, t.At)
}

// Accept closes a session whose two counts do not agree, by whoever counted
// second and with the reason: what lies in the drawer is the second count.
func Accept(ctx context.Context, tx *sqlx.Tx, c ledger.Community, session uuid.UUID, reason, who string, at time.Time) (err error) {
	defer wrap(&err, "sale.Accept(%d, %s)", c.ID, session)
	s, counted, err := counting(ctx, tx, c.ID, session)
	reason = strings.TrimSpace(reason)
	switch {
	case err != nil:
		return err
	case len(counted) < 2 || counted[1].Counter != who:
		return ErrState
	case reason == "":
		return ErrNoReason
	}
	return shut(ctx, tx, c, s, counted, reason, who, at)
}

// counting holds a session that is being counted.
func counting(ctx context.Context, tx *sqlx.Tx, community int, session uuid.UUID) (s Session, counted []Tally, err error) {
	if s, err = lockSession(ctx, tx, community, session); err != nil {
		return s, nil, err
	}
	if s.ClosedAt != nil {
		return s, nil, ErrState
	}
	counted, err = Tallies(ctx, tx, community, session)
	return s, counted, err
}

// shut closes a session: its difference is posted, its Z report kept.
func shut(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Session, counted []Tally, reason, who string, at time.Time) error {
	expected, err := drawer(ctx, tx, c.ID, s.ID)
	if err != nil {
		return err
	}
	s.Expected, s.Counted, s.Reason, s.ClosedBy, s.ClosedAt = &expected, &counted[1].Total, reason, who, &at
	if !s.Difference().IsZero() {
		seq, err := postDifference(ctx, tx, c, s)
		if err != nil {
			return err
		}
		s.DifferenceSeq = &seq
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE sale.session SET closed_by = $3, closed_at = $4, expected = $5, counted = $6, reason = $7, difference_seq = $8 WHERE community_id = $1 AND id = $2`,
		c.ID, s.ID, s.ClosedBy, s.ClosedAt, s.Expected, s.Counted, s.Reason, s.DifferenceSeq)
	if err != nil {
		return err
	}
	return keepZ(ctx, tx, c, s, counted)
}

// postDifference brings the books to what lies in the drawer. Money given for
// one purpose never pays for a miscount: in a restricted fund's place the
// general fund does.
func postDifference(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Session) (seq int64, err error) {
	place, err := PlaceAt(ctx, tx, c.ID, s.PlaceID)
	if err != nil {
		return 0, err
	}
	fund, err := ledger.FundAt(ctx, tx, c.ID, place.FundID)
	if err != nil {
		return 0, err
	}
	if fund.Restricted {
		fund.ID = ledger.GeneralFundID
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	cash, err := book.Account(ledger.Cash)
	if err != nil {
		return 0, err
	}
	against, err := book.Account(OverShort)
	if err != nil {
		return 0, err
	}
	memo := "收银短款 · "
	if s.Difference().Sign() > 0 {
		memo = "收银长款 · "
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: book.EntryDate(*s.ClosedAt, time.Now()), Kind: "till_difference", Source: "till_difference:" + s.ID.String(), Memo: memo + place.NameZH,
		Detail: strings.TrimSpace("收银台 " + s.Till + " " + s.Reason), PostedBy: s.ClosedBy,
		Postings: []ledger.Posting{{Account: cash, Fund: fund.ID, Amount: s.Difference()}, {Account: against, Fund: fund.ID, Amount: s.Difference().Neg()}},
	})
	if err != nil {
		return 0, err
	}
	return posted[0].Seq, nil
}
