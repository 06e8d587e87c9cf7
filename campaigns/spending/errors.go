package spending

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"fund/campaigns/project"
	"fund/ledger/budget"
)

// What a payment request refuses.
var (
	ErrNotFound    = errors.New("spending: not found")
	ErrState       = errors.New("spending: the request is not in this state")
	ErrOwnRequest  = errors.New("spending: somebody else than who asked and who gets the money decides")
	ErrDecided     = errors.New("spending: they have decided already")
	ErrApprovals   = errors.New("spending: approvals are missing")
	ErrNotYours    = errors.New("spending: only who asked withdraws a request")
	ErrNoReason    = errors.New("spending: a reason is needed")
	ErrNotExpense  = errors.New("spending: the account is no open account of expenses")
	ErrFundShort   = errors.New("spending: the fund has not that much left")
	ErrBudgetShort = errors.New("spending: the budget does not leave that much")
	ErrNoPayee     = errors.New("spending: a transfer needs name, bank and account of who gets it")
	ErrMatched     = errors.New("spending: the bank's line is matched to it; undo the match first")
)

// wrap adds the verb that failed and turns what the database refused into a sentinel.
func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), Explain(*err))
	}
}

// Explain turns what the guards of this package's tables refused into a
// sentinel, and leaves every other error to project.Explain.
func Explain(err error) error {
	var dberr *pq.Error
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errors.Join(ErrNotFound, err)
	case errors.Is(err, budget.ErrTooLittle):
		return errors.Join(ErrBudgetShort, err)
	case !errors.As(err, &dberr):
		return err
	case dberr.Code == "FU030":
		return errors.Join(ErrApprovals, err)
	case dberr.Code == "FU031":
		return errors.Join(ErrState, err)
	case dberr.Constraint == "decision_by_somebody_else":
		return errors.Join(ErrOwnRequest, err)
	case dberr.Constraint == "decision_pkey":
		return errors.Join(ErrDecided, err)
	}
	return project.Explain(err)
}
