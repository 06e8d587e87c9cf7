package organisation

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"fund/ledger"
)

// What organisations refuse.
var (
	ErrNotFound     = errors.New("organisation: not found")
	ErrExists       = errors.New("organisation: the name or the address is taken")
	ErrTwice        = errors.New("organisation: an activity of that name stands on that day already")
	ErrState        = errors.New("organisation: it has moved on already")
	ErrNoReason     = errors.New("organisation: a reason is needed")
	ErrOverReleased = errors.New("organisation: more subsidy than the agreement says, or than was delivered")
	ErrNothingDue   = errors.New("organisation: nothing was delivered that is not released yet")
	ErrOverPaid     = errors.New("organisation: more than the invoice still asks for")
	ErrPoints       = errors.New("organisation: the points are not there, or are spent already")
	ErrDay          = errors.New("organisation: the agreement does not hold on that day")
	ErrPaid         = errors.New("organisation: something of the invoice is paid")
	ErrErased       = errors.New("organisation: whom the invoice billed is erased")
	ErrNothingOwed  = errors.New("organisation: sessions that cost nothing are not billed")
	ErrRuleDay      = errors.New("organisation: a rule holds from a later day than the one before it")
	ErrNoRule       = errors.New("organisation: there is no rule, or it has no grant of so many points")
)

// codes maps what this package's guards raise to its sentinel.
var codes = map[pqerror.Code]error{
	"FU080": ErrOverReleased, "FU081": ErrOverPaid, "FU082": ErrPoints, "FU083": ErrDay, "FU084": ErrState, "FU085": ErrPaid,
}

// constraints maps a named constraint to its sentinel.
var constraints = map[string]error{
	"organisation_slug_key": ErrExists, "organisation_name_key": ErrExists, "activity_once": ErrTwice, "rule_since_key": ErrRuleDay, "small_grant_tier": ErrNoRule,
	"activity_organisation": ErrNotFound, "member_count_organisation": ErrNotFound, "session_item": ErrNotFound, "payment_invoice": ErrNotFound,
}

// wrap adds the verb that failed and turns what the database refused into a sentinel.
func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	var refused *pq.Error
	if errors.Is(*err, sql.ErrNoRows) {
		*err = ErrNotFound
	} else if errors.As(*err, &refused) {
		for _, reason := range []error{codes[refused.Code], constraints[refused.Constraint]} {
			if reason != nil {
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

func isoOrNull(day *time.Time) *string {
	if day == nil {
		return nil
	}
	s := iso(*day)
	return &s
}

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
