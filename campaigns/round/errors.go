package round

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"fund/ledger"
)

// What a round refuses.
var (
	ErrNotFound = errors.New("round: not found")
	ErrExists   = errors.New("round: the address is taken")
	ErrState    = errors.New("round: it has moved on already")
	ErrNotNow   = errors.New("round: not in these days")
	ErrCode     = errors.New("round: no such code")
	ErrVoted    = errors.New("round: this code has voted")
	ErrBallot   = errors.New("round: too many chosen, or more than the pot, or what is not on the ballot")
	ErrFrozen   = errors.New("round: somebody has voted, so what is voted on stays")
	ErrEarly    = errors.New("round: the vote has not ended")
	ErrCounted  = errors.New("round: it is counted already")
	ErrDays     = errors.New("round: the days of ideas end before those of the vote begin")
)

// refusals maps what the database says, an SQLSTATE or a constraint, to its sentinel.
var refusals = map[string]error{
	"FU060": ErrCode, "FU061": ErrVoted, "FU062": ErrNotNow, "FU063": ErrBallot, "FU064": ErrFrozen, "FU065": ErrEarly,
	"round_slug_key": ErrExists, "round_days": ErrDays, "tally_pkey": ErrCounted, "batch_round": ErrNotFound, "idea_round": ErrNotFound,
}

func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	var refused *pq.Error
	if errors.Is(*err, sql.ErrNoRows) {
		*err = ErrNotFound
	} else if errors.As(*err, &refused) {
		for _, said := range []string{string(refused.Code), refused.Constraint} {
			if reason := refusals[said]; reason != nil {
				*err = errors.Join(reason, *err)
			}
		}
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
}

// moved turns "no row was in that state" into ErrState.
func moved(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return ErrState
	}
	return nil
}

func iso(day time.Time) string { return day.Format(time.DateOnly) }

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
