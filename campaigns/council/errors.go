package council

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"fund/ledger"
)

// What a council refuses.
var (
	ErrNotFound  = errors.New("council: not found")
	ErrExists    = errors.New("council: the address is taken")
	ErrSeat      = errors.New("council: the log-in has a seat already, or the office a holder, in that term")
	ErrState     = errors.New("council: the motion has moved on")
	ErrNoMember  = errors.New("council: only members of the council, in term")
	ErrNoOffice  = errors.New("council: only its chair or its secretary")
	ErrNoVoters  = errors.New("council: nobody sits in it, or it has no rule")
	ErrMoney     = errors.New("council: a budget line or a transfer says how much, from where to where; a resolution does not")
	ErrVoteOver  = errors.New("council: the vote is not open")
	ErrVoted     = errors.New("council: the member has voted already")
	ErrConflict  = errors.New("council: who declared a conflict does not vote")
	ErrCode      = errors.New("council: the ballot has another code")
	ErrSheets    = errors.New("council: more sheets are counted than people took one")
	ErrCounted   = errors.New("council: the sheets are counted, or being counted")
	ErrCountTwo  = errors.New("council: the second count is somebody else's")
	ErrNotOver   = errors.New("council: the vote is not over")
	ErrUncounted = errors.New("council: two people have to count the sheets and agree")
	ErrSigned    = errors.New("council: signed already")
	ErrMinuted   = errors.New("council: the motion has its minutes")
	ErrNothing   = errors.New("council: minutes of no motion")
	ErrNotPassed = errors.New("council: only a motion that passed, about money, unlocks it")
	ErrOverVoted = errors.New("council: more than was voted")
	ErrNotMoved  = errors.New("council: the entry does not move that money between the motion's funds")
	ErrUnvoted   = errors.New("council: this money moves only by a motion that passed")
)

// refusals maps a named constraint to its sentinel.
var refusals = map[string]error{
	"council_slug_key": ErrExists, "member_one_seat": ErrSeat,
	"motion_state": ErrState, "motion_has_voters": ErrNoVoters, "motion_escalated_once": ErrState,
	"motion_says_what_money": ErrMoney, "motion_line_is_of_a_project": ErrMoney, "motion_line_fund": ErrMoney, "motion_amount_positive": ErrMoney,
	"vote_is_open": ErrVoteOver, "vote_by_member": ErrNoMember, "vote_in_term": ErrNoMember, "vote_once": ErrVoted,
	"vote_without_conflict": ErrConflict, "vote_code": ErrCode,
	"paper_more_than_sheets": ErrSheets, "paper_is_counted": ErrCounted, "paper_count_two_people": ErrCountTwo,
	"vote_not_over": ErrNotOver, "paper_to_be_counted": ErrUncounted, "minuted_pkey": ErrMinuted, "signature_pkey": ErrSigned, "signature_own": ErrNoMember, "minuted_result": ErrState,
	"use_of_passed_motion": ErrNotPassed, "use_within_vote": ErrOverVoted, "use_as_posted": ErrNotMoved, "use_not_revived": ErrUnvoted,
	"transfer_is_voted": ErrUnvoted, "comment_member": ErrNoMember, "motion_council": ErrNotFound,
}

func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), Explain(*err))
}

// Explain adds the sentinel that a refusal of the database means, also where
// another package's verb or the commit met it.
func Explain(err error) error {
	var refused *pq.Error
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errors.Join(ErrNotFound, err)
	case errors.As(err, &refused) && refusals[refused.Constraint] != nil:
		return errors.Join(refusals[refused.Constraint], err)
	}
	return ledger.Explain(err)
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

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
