package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// What the books refuse. Each has one SQLSTATE of class FU, raised by the
// database's own guards (migrations/0001_ledger.sql).
var (
	ErrUnbalanced      = errors.New("ledger: the postings of an entry do not sum to zero in each fund")
	ErrImmutable       = errors.New("ledger: what is posted stays; post a reversal instead")
	ErrPeriodClosed    = errors.New("ledger: the month is closed")
	ErrDuplicateSource = errors.New("ledger: this source is posted already")
	ErrFundOverspent   = errors.New("ledger: a restricted fund would fall below zero")
	ErrUnknownAccount  = errors.New("ledger: no such account")
	ErrAccountClosed   = errors.New("ledger: the account is closed")
	ErrUnknownFund     = errors.New("ledger: no such fund")
	ErrFundClosed      = errors.New("ledger: the fund is closed")
	ErrNoBook          = errors.New("ledger: no such community keeps a book here")
	ErrReversedTwice   = errors.New("ledger: the entry is reversed already")
	ErrFewPostings     = errors.New("ledger: an entry has at least two postings, written at once")
	ErrGap             = errors.New("ledger: the number would leave a gap")
	ErrNotAllowed      = errors.New("ledger: this database role may not write the books")
	ErrForm            = errors.New("ledger: a part of the entry has not the form that the books keep")
	ErrNotFound        = errors.New("ledger: not found")
	ErrExists          = errors.New("ledger: it exists already")
	ErrTwoPeople       = errors.New("ledger: a closed month is opened again by two people")
	ErrYearClosed      = errors.New("ledger: that is no closing of a year, nor the taking back of one")
	ErrPeriodOpen      = errors.New("ledger: the month is open")
	ErrAskedAlready    = errors.New("ledger: somebody has asked to open this month again")
	ErrLapsed          = errors.New("ledger: the request to open the month again is older than seven days")
	ErrUnready         = errors.New("ledger: something is left to do before the month is closed")
	ErrMoved           = errors.New("ledger: entries were posted in the meantime")
	ErrAtOnce          = errors.New("ledger: somebody else took this number at the same moment")
)

// refusals maps the database's SQLSTATE to the sentinel: the one place that does.
var refusals = map[pqerror.Code]error{
	"FU001": ErrUnbalanced, "FU002": ErrImmutable, "FU003": ErrPeriodClosed,
	"FU005": ErrFundOverspent, "FU006": ErrUnknownAccount, "FU007": ErrAccountClosed, "FU008": ErrUnknownFund,
	"FU009": ErrFundClosed, "FU010": ErrNoBook, "FU012": ErrFewPostings, "FU013": ErrGap,
	"FU014": ErrTwoPeople, "FU015": ErrYearClosed, "FU016": ErrPeriodOpen, "FU017": ErrAskedAlready,
	"42501": ErrNotAllowed,
}

// constraints maps what a constraint of the journal refuses, when somebody
// writes past ledger.post_entries; whatever else these tables refuse is ErrForm.
var constraints = map[string]error{
	"entry_source_key": ErrDuplicateSource, "entry_reversed_once": ErrReversedTwice, "entry_reverses": ErrNotFound,
	"entry_pkey": ErrGap, "entry_number_key": ErrGap, "posting_pkey": ErrImmutable,
	"entry_has_two_postings": ErrFewPostings,
	"posting_line_in_count":  ErrFewPostings, "posting_not_zero": ErrUnbalanced,
	"fund_not_overspent": ErrFundOverspent,
	"entry_year_end":     ErrYearClosed, "deposit_slip_key": ErrSlipUsed,
	"reopening_by_two": ErrTwoPeople, "reopening_in_time": ErrLapsed,
}

// Refusal is a sentinel together with what the database said about it: the
// month, account, fund or source concerned.
type Refusal struct {
	Reason error  // one of the sentinels above
	Detail string // such as `2017-11`, `1002`, `donation:…`
	cause  error
}

func (r *Refusal) Error() string   { return fmt.Sprintf("%v (%s)", r.Reason, r.Detail) }
func (r *Refusal) Unwrap() []error { return []error{r.Reason, r.cause} }

// Explain turns a database error that one of the guards raised into a Refusal,
// and leaves every other error as it is.
func Explain(err error) error {
	if reason := guardOf(err); reason != nil {
		var dberr *pq.Error
		errors.As(err, &dberr)
		return &Refusal{Reason: reason, Detail: detailOf(dberr), cause: err}
	}
	return err
}

// detailOf is what was refused: of a key that is there already, its last part.
func detailOf(dberr *pq.Error) string {
	if dberr.Code != "23505" {
		return dberr.Detail
	}
	_, key, _ := strings.Cut(dberr.Detail, ")=(")
	key, _, _ = strings.Cut(key, ") ")
	if i := strings.LastIndex(key, ", "); i >= 0 {
		key = key[i+len(", "):]
	}
	return key
}

func guardOf(err error) error {
	var dberr *pq.Error
	if !errors.As(err, &dberr) {
		return nil
	}
	if reason, ok := refusals[dberr.Code]; ok {
		return reason
	}
	if reason, ok := constraints[dberr.Constraint]; ok && dberr.Schema == "ledger" {
		return reason
	}
	if dberr.Schema == "ledger" && (dberr.Table == "journal_entry" || dberr.Table == "posting") {
		return ErrForm
	}
	return nil
}

// wrap adds the verb that failed, and the sentinel if a guard refused.
func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), Explain(*err))
	}
}
