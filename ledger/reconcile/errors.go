package reconcile

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"fund/ledger"
)

// What reconciling refuses.
var (
	ErrNotFound   = errors.New("reconcile: not found")
	ErrCurrency   = errors.New("reconcile: the statement is in another currency than the books")
	ErrNoDay      = errors.New("reconcile: a line has no date")
	ErrTaken      = errors.New("reconcile: somebody has matched that already")
	ErrUnequal    = errors.New("reconcile: the lines and the entries differ")
	ErrEmpty      = errors.New("reconcile: nothing was chosen")
	ErrDifference = errors.New("reconcile: a difference is left")
	ErrUnbooked   = errors.New("reconcile: lines are left that the books do not have")
	ErrNoClosing  = errors.New("reconcile: nobody knows what the bank says was left that day")
	ErrUnnoted    = errors.New("reconcile: an entry that the bank has not seen has no note")
	ErrCompleted  = errors.New("reconcile: the day lies in a completed reconciliation")
	ErrExists     = errors.New("reconcile: such a rule exists already")
)

func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), explain(*err))
	}
}

// taken are the constraints by which the second of two people is refused.
var taken = map[string]error{
	"match_line_once": ErrTaken, "match_posting_once": ErrTaken, "reconciliation_once": ErrTaken, "rule_words_once": ErrExists,
	"reconciliation_agrees": ErrDifference, "match_line_line": ErrNotFound, "match_posting_posting": ErrNotFound,
}

func explain(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errors.Join(ErrNotFound, err)
	}
	var dberr *pq.Error
	if errors.As(err, &dberr) && taken[dberr.Constraint] != nil {
		return errors.Join(taken[dberr.Constraint], err)
	}
	return ledger.Explain(err)
}
