package giver

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"fund/ledger"
)

// What a giver is refused.
var (
	ErrNotFound = errors.New("giver: not found")
	ErrNotIn    = errors.New("giver: nobody is in, or no longer")
	ErrLink     = errors.New("giver: the link was used, is too old, or never was")
	ErrHolder   = errors.New("giver: a receipt alone does not change what its donor left an address for")
	ErrNoRefund = errors.New("giver: the campaign's rule gives nothing back now")
	ErrAsked    = errors.New("giver: a refund of this gift is asked for already")
	ErrAnswered = errors.New("giver: the request is answered already")
	ErrNoReason = errors.New("giver: a reason is needed")
)

// wrap adds the verb that failed and turns what the database refused into a sentinel.
func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	var dberr *pq.Error
	switch {
	case errors.Is(*err, sql.ErrNoRows):
		*err = ErrNotFound
	case errors.As(*err, &dberr) && dberr.Constraint == "refund_request_asked_once":
		*err = errors.Join(ErrAsked, *err)
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
}
