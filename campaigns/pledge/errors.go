package pledge

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"fund/campaigns"
	"fund/ledger"
)

// What a promise refuses, beside what its campaign refuses
// (campaigns.ErrNotFound, ErrNotOpen, ErrBelowMinimum, ErrState).
var (
	ErrDay   = errors.New("pledge: the day is past, or after the campaign's end")
	ErrNoOne = errors.New("pledge: a promise needs a name or a mail address")
	ErrPause = errors.New("pledge: a pause ends on a day to come, within a year")
	ErrFull  = errors.New("pledge: the address has as many open promises as it may")
	ErrKept  = errors.New("pledge: the gift keeps another promise already")
)

// wrap adds the verb that failed.
func wrap(err *error, verb string, args ...any) {
	switch {
	case *err == nil:
		return
	case errors.Is(*err, sql.ErrNoRows):
		*err = campaigns.ErrNotFound
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
}

// move turns "no row was in that state" into ErrState.
func move(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return campaigns.ErrState
	}
	return nil
}

// newToken is 26 characters of 5 random bits, for an address.
func newToken() string { return strings.ToLower(rand.Text()) }
