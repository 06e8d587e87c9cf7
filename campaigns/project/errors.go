package project

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"fund/ledger"
)

// What a project refuses.
var (
	ErrNotFound   = errors.New("project: not found")
	ErrExists     = errors.New("project: the address or the fund is taken")
	ErrNoConsent  = errors.New("project: it needs a council's consent first")
	ErrState      = errors.New("project: not in this state")
	ErrRestricted = errors.New("project: its money was given for this purpose; nothing is allotted to it or taken back")
	ErrNothing    = errors.New("project: an allotment of nothing")
)

// refusals maps a named constraint to its sentinel.
var refusals = map[string]error{
	"project_slug_key": ErrExists, "project_fund_key": ErrExists, "project_has_its_own_fund": ErrExists,
	"project_has_consent": ErrNoConsent,
	"budget_line_project": ErrNotFound, "outcome_project": ErrNotFound,
}

func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	var dberr *pq.Error
	if errors.As(*err, &dberr) && refusals[dberr.Constraint] != nil {
		*err = errors.Join(refusals[dberr.Constraint], *err)
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
}

// move turns "no row was in that state" into ErrState.
func move(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return ErrState
	}
	return nil
}
