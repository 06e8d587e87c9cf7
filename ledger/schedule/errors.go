package schedule

import (
	"database/sql"
	"errors"
	"fmt"

	"fund/ledger"
)

// What schedules refuse.
var (
	ErrNotFound = errors.New("schedule: not found")
	ErrAccounts = errors.New("schedule: these accounts do not fit: an asset, what it is written off against, and an expense")
	ErrTerms    = errors.New("schedule: cost, residual value, months or dates do not fit each other")
	ErrEntry    = errors.New("schedule: that entry does not put so much into the account")
	ErrGone     = errors.New("schedule: it has left already")
	ErrNotDue   = errors.New("schedule: nothing of it is due that month")
	ErrExists   = errors.New("schedule: it is written down already")
	ErrProceeds = errors.New("schedule: what it brought needs an account to stand in")
)

func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	if errors.Is(*err, sql.ErrNoRows) {
		*err = errors.Join(ErrNotFound, *err)
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
}
