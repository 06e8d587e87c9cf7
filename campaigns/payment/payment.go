package payment

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"fund/ledger/money"
)

// What a provider refuses or cannot do.
var (
	// ErrSignature: the notification is not the provider's, or was altered on the way. Answer 401, change nothing.
	ErrSignature = errors.New("payment: the signature does not verify")
	// ErrStale: rightly signed, but more than [MaxAge] away from now. Answer 401; the provider's own retry is signed afresh.
	ErrStale = errors.New("payment: the notification is too old")
	// ErrMalformed: rightly signed, yet it does not say what a notification must say.
	ErrMalformed = errors.New("payment: the notification cannot be read")
	// ErrUnknownOrder: the provider has no such order.
	ErrUnknownOrder = errors.New("payment: the provider does not know this order")
	// ErrRefused: the provider understood and said no, such as to a refund larger than what was paid.
	ErrRefused = errors.New("payment: the provider refuses")
	// ErrProviderDown: no answer, or an answer that means "later". Try again.
	ErrProviderDown = errors.New("payment: the provider does not answer")
	// ErrByHand: people do this at the desk, no provider is asked.
	ErrByHand = errors.New("payment: this is done by hand at the desk")
)

// MaxAge is how far a notification's timestamp may lie from the moment it arrives (WeChat Pay v3 asks for five minutes).
const MaxAge = 5 * time.Minute

// Provider is the one interface to a company, or a desk, that takes payments.
type Provider interface {
	// Name is the word in URLs and in the database: "sandbox", "cash", "wechat", "alipay".
	Name() string
	// Checkout makes the order known to the provider and returns what the donor sees. Asking again for the same order is
	// harmless; asking with another amount, currency or payee is ErrRefused.
	Checkout(ctx context.Context, order Order) (Checkout, error)
	// ParseEvent verifies a notification, then reads it. It asks nobody: no network, no database.
	// Errors: ErrSignature, ErrStale, ErrMalformed.
	ParseEvent(ctx context.Context, notification Notification) (Event, error)
	// Query asks what became of an order. Only its CommunityID, Community, ID and Payee need be filled.
	// Errors: ErrUnknownOrder, ErrProviderDown.
	Query(ctx context.Context, order Order) (Event, error)
	// Refund gives back some or all of a paid order. The refund's ID makes it idempotent.
	// Errors: ErrUnknownOrder, ErrRefused, ErrProviderDown.
	Refund(ctx context.Context, refund RefundOrder) (RefundResult, error)
}

// Answerer is a provider that wants to read more than 204 No Content once its notification is taken.
type Answerer interface {
	Answer() string // the body of a 200
}

// Merchant is a provider whose money arrives under one number, which is the Payee of every order made with it.
type Merchant interface {
	Payee() string
}

// Client is what the donor holds; it decides between a QR code and a redirect.
type Client string

// The two kinds of Client.
const (
	Desktop Client = "desktop"
	Phone   Client = "phone"
)

// Order is a donation as a provider is asked to collect it.
type Order struct {
	CommunityID int
	Community   string    // slug
	ID          uuid.UUID // the donation's; see Number
	Amount      money.Amount
	Currency    string // ISO 4217
	Payee       string // the merchant number the money must reach
	Description string // a line for the donor's wallet
	ReturnURL   string // where the donor goes afterwards
	NotifyURL   string // where the provider sends notifications
	Client      Client
	ClientIP    string // of the donor, whom WeChat Pay asks for on a phone; passed on, never kept
	ExpiresAt   time.Time
}

// Number is the order number providers know (out_trade_no): the donation's id as 32 lower-case hex digits.
func (o Order) Number() string { return orderNumber(o.ID) }

func orderNumber(id uuid.UUID) string { return hex.EncodeToString(id[:]) }

func parseOrderNumber(s string) (id uuid.UUID, err error) {
	if len(s) != 2*len(id) {
		return id, fmt.Errorf("%w: order number %q", ErrMalformed, s)
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return uuid.Nil, fmt.Errorf("%w: order number %q", ErrMalformed, s)
	}
	return id, nil
}

// CheckoutKind says what to do with a Checkout.
type CheckoutKind string

// The kinds of Checkout.
const (
	Redirect     CheckoutKind = "redirect"     // send the donor to URL
	QR           CheckoutKind = "qr"           // draw URL as a QR code
	Instructions CheckoutKind = "instructions" // show the page's own words for this provider
)

// Checkout is what the donor sees next.
type Checkout struct {
	Kind CheckoutKind
	URL  string // of Redirect and QR
}

// Notification is a webhook as it arrived.
type Notification struct {
	Header func(name string) string // "" where absent
	Body   []byte
	At     time.Time // when it arrived
}

// State is how an order, or a refund, stands.
type State string

// The states. An order that expired or was abandoned is Failed.
const (
	Pending  State = "pending"
	Paid     State = "paid"
	Failed   State = "failed"
	Refunded State = "refunded" // an order: all of it was given back; a refund: this one was
)

// Event is what a provider says about an order, or about one refund of it.
type Event struct {
	Community string    // slug; empty where the provider does not echo it (a refund of WeChat's)
	Order     uuid.UUID // the donation
	Refund    uuid.UUID // not Nil: the event is about this refund, and Amount is what was given back
	Reference string    // the provider's own number for the payment
	State     State
	Amount    money.Amount // as asked while Pending or Failed, as paid otherwise
	Currency  string       // ISO 4217
	Payee     string       // the merchant number that has the money
	At        time.Time    // when it was paid or refunded; zero otherwise
}

// RefundOrder asks for money to go back to where it came from.
type RefundOrder struct {
	Order  Order        // CommunityID, Community, ID, Payee, and Amount and Currency as paid
	ID     uuid.UUID    // the refund's own, its idempotency key
	Amount money.Amount // to give back, at most what is left of the order
	Reason string
}

// RefundResult is the provider's answer to a RefundOrder.
type RefundResult struct {
	Reference string // the provider's own number for the refund
	State     State  // Refunded, or Pending: an Event with this Refund follows
}

// Reason says in which respect an event differs from its order.
type Reason string

// The reasons, keys of the words the treasurer reads.
const (
	PayeeDiffers    Reason = "payee"
	CurrencyDiffers Reason = "currency"
	AmountDiffers   Reason = "amount"
)

// Differs compares a Paid event with its order. A payment that differs belongs in quarantine. The gravest reason comes first.
func Differs(order Order, event Event) (reason Reason, differs bool) {
	switch {
	case event.Payee != order.Payee:
		return PayeeDiffers, true
	case event.Currency != order.Currency:
		return CurrencyDiffers, true
	case !event.Amount.Equal(order.Amount):
		return AmountDiffers, true
	}
	return "", false
}
