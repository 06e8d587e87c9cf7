package mutualaid

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"fund/ledger"
)

// What mutual help refuses.
var (
	ErrNotFound = errors.New("mutualaid: not found")
	ErrState    = errors.New("mutualaid: it has moved on already")
	ErrSelf     = errors.New("mutualaid: nobody is matched with themselves")
	ErrTaken    = errors.New("mutualaid: somebody is arranged for this need already")
	ErrDay      = errors.New("mutualaid: the day is past, or after the card's last day")
	ErrEarly    = errors.New("mutualaid: the time is told when the day has come")
	ErrMinutes  = errors.New("mutualaid: the time is whole quarters of an hour, from one to forty-eight")
	ErrPosted   = errors.New("mutualaid: these hours are posted already")
	ErrFull     = errors.New("mutualaid: this person has as many cards on the board as they may")
)

// wrap adds the verb that failed.
func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	var refused *pq.Error
	switch {
	case errors.Is(*err, sql.ErrNoRows):
		*err = ErrNotFound
	case errors.As(*err, &refused) && refused.Constraint == "engagement_need_once":
		*err = ErrTaken
	case errors.As(*err, &refused) && refused.Constraint == "hour_entry_source_key":
		*err = ErrPosted
	case errors.As(*err, &refused) && refused.Constraint == "engagement_of_two_people":
		*err = ErrSelf
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

// newToken is 26 characters of 5 random bits, for an address.
func newToken() string { return strings.ToLower(rand.Text()) }

func iso(day time.Time) string { return day.Format(time.DateOnly) }
