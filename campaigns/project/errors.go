package project

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

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
	ErrNotYours   = errors.New("project: the proposal is not its resident's to change now")
	ErrIncomplete = errors.New("project: the proposal is not whole yet")
	ErrNoReason   = errors.New("project: a reason is needed")
	ErrMoneyLeft  = errors.New("project: money is left over; a motion decides about it first")
	ErrNoReport   = errors.New("project: the end report is not adopted")
	ErrNotDone    = errors.New("project: it is reported once it is done")
	ErrAdopted    = errors.New("project: the adopted end report has it")
	ErrNotSpent   = errors.New("project: the entry does not spend that much of the project")
	ErrOtherFund  = errors.New("project: the line is of another fund's project")
)

// refusals maps a named constraint to its sentinel.
var refusals = map[string]error{
	"project_slug_key": ErrExists, "project_fund_key": ErrExists, "project_has_its_own_fund": ErrExists,
	"project_has_consent": ErrNoConsent, "project_state": ErrState, "project_moves_by_steps": ErrState, "step_project": ErrNotFound, "step_motion": ErrNotFound,
	"step_motion_said_no": ErrNoConsent, "step_with_a_reason": ErrNoReason, "proposal_is_whole": ErrIncomplete, "project_has_its_fund": ErrIncomplete,
	"settled_with_nothing_left": ErrMoneyLeft, "settled_with_a_report": ErrNoReport, "report_of_what_is_done": ErrNotDone, "report_adopted_with_words": ErrIncomplete,
	"spent_on_as_posted": ErrNotSpent, "spent_on_line": ErrNotFound, "request_line_fund": ErrOtherFund, "request_line": ErrNotFound,
	"milestone_project": ErrNotFound, "story_project": ErrNotFound,
	"budget_line_project": ErrNotFound, "outcome_project": ErrNotFound,
}

func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), Explain(*err))
	}
}

// Explain adds the sentinel that a refusal of this package's tables means, also where another package's verb met it.
func Explain(err error) error {
	var refused *pq.Error
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errors.Join(ErrNotFound, err)
	case !errors.As(err, &refused):
		return err
	case refusals[refused.Constraint] != nil:
		return errors.Join(refusals[refused.Constraint], err)
	case refused.Code == "FU002" && strings.Contains(refused.Where, "project.spent_on_guard"):
		return errors.Join(ErrAdopted, err)
	}
	return ledger.Explain(err)
}

// touched turns "no row was touched" into the error that it means.
func touched(result sql.Result, err, none error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, none)
	}
	return nil
}
