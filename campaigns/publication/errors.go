package publication

import (
	"database/sql"
	"errors"
	"fmt"

	"fund/campaigns/disclosure"
	"fund/ledger"
)

// What issuing refuses. A report that is issued already is disclosure.ErrAlready, a correction without a note
// disclosure.ErrNoNote, one of nothing disclosure.ErrNotFound.
var (
	ErrNotFound = errors.New("publication: not found")
	ErrPeriod   = errors.New("publication: not a month, a quarter, a year or two months")
	ErrOpen     = errors.New("publication: a month of it is open")
	ErrEmpty    = errors.New("publication: its months have no entries")
	ErrMoved    = errors.New("publication: the books have moved since it was looked at")
	ErrAddress  = errors.New("publication: not a mail address")
)

func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	if errors.Is(*err, sql.ErrNoRows) || errors.Is(*err, disclosure.ErrNotFound) {
		*err = errors.Join(ErrNotFound, *err)
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
}
