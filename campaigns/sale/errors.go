package sale

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"fund/ledger"
)

// What a place, an item or a session refuses.
var (
	ErrNotFound     = errors.New("sale: not found")
	ErrExists       = errors.New("sale: the address is taken")
	ErrCodeTaken    = errors.New("sale: another item has this code")
	ErrBarcodeTaken = errors.New("sale: another item has this barcode")
	ErrNotLawful    = errors.New("sale: an appeal in public needs a published public campaign into the same fund")
	ErrTips         = errors.New("sale: tips go to a published campaign that keeps what it is given")
	ErrAccount      = errors.New("sale: a place earns in an account of income and spends in one of expense")
	ErrState        = errors.New("sale: not in this state")
	ErrTillOpen     = errors.New("sale: the till has an open session")
	ErrSameCounter  = errors.New("sale: the second count is by another person")
	ErrNeedsLead    = errors.New("sale: one of the two counters is a shift lead")
	ErrNoReason     = errors.New("sale: a word of explanation is needed")
	ErrTooMuch      = errors.New("sale: more than what is left of the sale")
	ErrNeedsSecond  = errors.New("sale: above the limit a second person approves")
	ErrSeatTaken    = errors.New("sale: somebody has this seat")
	ErrSoldOut      = errors.New("sale: not that many are left")
	ErrBidLow       = errors.New("sale: the bid is below the highest and one step")
	ErrBidClosed    = errors.New("sale: the lot takes no bids")
	ErrNotSignedOff = errors.New("sale: staff have not said yes to this bidder")
)

// Refusal says why one sale of a delivery is not booked, in a word for the till.
// It is not the database's word: the sale's neighbours are booked.
type Refusal string

// The refusals.
const (
	SessionClosed  Refusal = "session_closed"  // counted and closed: ring it up in another session
	SessionUnknown Refusal = "session_unknown" // no such session in this community
	WrongAmounts   Refusal = "amounts"         // lines, tip and payments do not add up, or there is nothing to pay
	WrongLine      Refusal = "line"            // quantity, price or name
	WrongItem      Refusal = "item"            // not an item of this place
	ForAuction     Refusal = "auction"         // a lot that is bid on, or that another sale pays
	WrongPayment   Refusal = "payment"         // way, amount, or given less than to be paid
	WrongTip       Refusal = "tip"             // the place takes none, or no single payment carries it
	WrongSlip      Refusal = "slip"            // too long
	Failed         Refusal = "failed"          // our own failure: to be sent again
)

func (r Refusal) Error() string { return "sale: refused: " + string(r) }

// wrap adds the verb that failed and turns what the database refused into a sentinel.
func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), explain(*err))
	}
}

// constraints are those of migrations/0022_sale.sql, 0028 and 0029 that a person can run into.
var constraints = map[string]error{
	"place_slug_key": ErrExists, "item_code_key": ErrCodeTaken, "item_barcode_key": ErrBarcodeTaken, "place_lawful": ErrNotLawful,
	"place_tips_kept": ErrTips, "session_one_open": ErrTillOpen, "count_by_two_people": ErrSameCounter, "refund_by_two_people": ErrNeedsSecond,
	"sale_refund_within": ErrTooMuch, "refund_pkey": ErrState, "ticket_seat_once": ErrSeatTaken, "ticket_seat": ErrNotFound,
	"bid_lot_open": ErrBidClosed, "bid_signed_off": ErrNotSignedOff, "bid_high_enough": ErrBidLow, "bid_amount_sane": ErrBidLow, "bid_bidder": ErrNotSignedOff, "place_accounts_fit": ErrAccount,
}

// states are the refusals of our triggers.
var states = map[string]error{"FU020": ErrSameCounter, "FU021": SessionClosed}

func explain(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var dberr *pq.Error
	if !errors.As(err, &dberr) {
		return err
	}
	if refusal := constraints[dberr.Constraint]; refusal != nil {
		return errors.Join(refusal, err)
	}
	if refusal := states[string(dberr.Code)]; refusal != nil {
		return errors.Join(refusal, err)
	}
	return ledger.Explain(err)
}
