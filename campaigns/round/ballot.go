package round

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// Way is how a ballot came in, in the words of the published file.
type Way string

// A ballot comes from a household's own telephone or computer, or on paper
// through the staff.
const (
	Internet Way = "internet"
	Paper    Way = "paper"
)

// Vote is a code and what its household chooses.
type Vote struct {
	Code  string // tidy
	Ideas []int  // numbers
	Way   Way
	At    time.Time
}

// Holds tells whether a code can still vote: ErrCode, ErrVoted, or nil.
func Holds(ctx context.Context, q sqlx.QueryerContext, community int, r Round, code string) (err error) {
	defer wrap(&err, "round.Holds(%d, %s)", community, r.Slug)
	if !WellFormed(code) {
		return ErrCode
	}
	digest, err := r.digest(code)
	if err != nil {
		return err
	}
	var used []bool
	err = sqlx.SelectContext(ctx, q, &used, `SELECT used FROM round.code WHERE community_id = $1 AND round_id = $2 AND digest = $3`, community, r.ID, digest)
	switch {
	case err == nil && len(used) == 0:
		return ErrCode
	case err == nil && used[0]:
		return ErrVoted
	}
	return err
}

// Cast takes a household's vote, once and for good. ErrCode, ErrVoted, ErrBallot;
// ErrNotNow before the first and after the last day. What is kept of the ballot
// has no code, no time and no order.
func Cast(ctx context.Context, tx *sqlx.Tx, c ledger.Community, r Round, v Vote) (err error) {
	defer wrap(&err, "round.Cast(%d, %s)", c.ID, r.Slug)
	if !WellFormed(v.Code) {
		return ErrCode
	}
	digest, err := r.digest(v.Code)
	if err != nil {
		return err
	}
	chosen := make(pq.Int64Array, len(v.Ideas))
	for i, number := range v.Ideas {
		chosen[i] = int64(number)
	}
	_, err = tx.ExecContext(ctx, `SELECT round.cast_ballot($1, $2, $3, $4::int[], $5, $6)`, c.ID, r.ID, digest, chosen, v.Way, iso(c.Day(v.At)))
	return err
}
