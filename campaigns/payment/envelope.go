package payment

import (
	"crypto/cipher"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"fund/ledger/money"
)

// The notification format of WeChat Pay v3 (APIv3 回调通知), which the sandbox shares: four headers, a signature over
// "TIMESTAMP\nNONCE\nBODY\n", and a body whose resource is sealed with AES-256-GCM under the APIv3 key.

// envelope is the body, of which we read only the sealed part.
type envelope struct {
	ID           string    `json:"id"`
	CreateTime   time.Time `json:"create_time"`
	EventType    string    `json:"event_type"`
	ResourceType string    `json:"resource_type"`
	Resource     sealed    `json:"resource"`
}

type sealed struct {
	Algorithm      string `json:"algorithm"`
	OriginalType   string `json:"original_type"`
	Ciphertext     []byte `json:"ciphertext"`
	AssociatedData string `json:"associated_data"`
	Nonce          string `json:"nonce"`
}

// fenLimit is the first amount too long for money.Parse: twelve digits of yuan.
const fenLimit = 1e14

const sealAlgorithm = "AEAD_AES_256_GCM"

// resource is what was sealed: a payment, or, if RefundNo is set, a refund.
type resource struct {
	App          string      `json:"appid,omitempty"` // a refund has none
	Payee        string      `json:"mchid"`
	OrderNo      string      `json:"out_trade_no"`
	Reference    string      `json:"transaction_id"`
	TradeState   string      `json:"trade_state,omitempty"`
	Attach       string      `json:"attach,omitempty"`
	RefundNo     string      `json:"out_refund_no,omitempty"`
	RefundStatus string      `json:"refund_status,omitempty"`
	SuccessTime  time.Time   `json:"success_time,omitzero"`
	Amount       resourceFen `json:"amount"`
}

// resourceFen are whole fen.
type resourceFen struct {
	Total    int64  `json:"total"`
	Refund   int64  `json:"refund,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// opener verifies and opens notifications. Only the header's prefix and the way a signature is checked differ between
// WeChat Pay (RSA) and the sandbox (HMAC), and that WeChat Pay's payments name the app they were made for.
type opener struct {
	prefix string // of the four headers: "Wechatpay", "Sandbox"
	verify func(serial string, message, signature []byte) bool
	aead   cipher.AEAD
	app    string // "" in the sandbox
}

// open returns ErrSignature, ErrStale or ErrMalformed, tried in that order, so that nothing unsigned is ever read.
func (o opener) open(n Notification) (Event, error) {
	if err := o.authentic(n); err != nil {
		return Event{}, err
	}
	return o.unseal(n.Body)
}

// authentic verifies what is signed by the four headers: a notification, or WeChat Pay's answer to a request of ours.
func (o opener) authentic(n Notification) error {
	timestamp := n.Header(o.prefix + "-Timestamp")
	signature, err := decodeSignature(n.Header(o.prefix + "-Signature"))
	if err != nil || !o.verify(n.Header(o.prefix+"-Serial"), signedMessage(timestamp, n.Header(o.prefix+"-Nonce"), n.Body), signature) {
		return ErrSignature
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: timestamp %q", ErrMalformed, timestamp)
	}
	if age := n.At.Sub(time.Unix(seconds, 0)); age.Abs() > MaxAge {
		return fmt.Errorf("%w: %s", ErrStale, age.Round(time.Second))
	}
	return nil
}

func (o opener) unseal(body []byte) (Event, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	s := e.Resource
	if s.Algorithm != sealAlgorithm || len(s.Nonce) != o.aead.NonceSize() {
		return Event{}, fmt.Errorf("%w: sealed with %q, a nonce of %d bytes", ErrMalformed, s.Algorithm, len(s.Nonce))
	}
	plain, err := o.aead.Open(s.Ciphertext[:0], []byte(s.Nonce), s.Ciphertext, []byte(s.AssociatedData))
	if err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	var r resource
	if err := json.Unmarshal(plain, &r); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return o.event(r)
}

func (o opener) event(r resource) (Event, error) {
	if r.RefundNo == "" && r.App != o.app {
		return Event{}, fmt.Errorf("%w: for the app %q", ErrMalformed, r.App)
	}
	return r.event()
}

func signedMessage(timestamp, nonce string, body []byte) []byte {
	message := make([]byte, 0, len(timestamp)+len(nonce)+len(body)+3)
	message = append(append(message, timestamp...), '\n')
	message = append(append(message, nonce...), '\n')
	return append(append(message, body...), '\n')
}

// The words WeChat Pay uses, in our states.
var (
	tradeStates = map[string]State{
		"SUCCESS": Paid, "REFUND": Refunded, "NOTPAY": Pending, "USERPAYING": Pending,
		"CLOSED": Failed, "REVOKED": Failed, "PAYERROR": Failed,
	}
	refundStates = map[string]State{"SUCCESS": Refunded, "PROCESSING": Pending, "CLOSED": Failed, "ABNORMAL": Failed}
)

func (r resource) event() (e Event, err error) {
	if e.Order, err = parseOrderNumber(r.OrderNo); err != nil {
		return Event{}, err
	}
	e.Community, e.Reference, e.Payee, e.At = r.Attach, r.Reference, r.Payee, r.SuccessTime
	e.Currency = r.Amount.Currency
	fen, state, known := r.Amount.Total, r.TradeState, tradeStates
	if r.RefundNo != "" {
		if e.Refund, err = parseOrderNumber(r.RefundNo); err != nil {
			return Event{}, err
		}
		fen, state, known = r.Amount.Refund, r.RefundStatus, refundStates
	}
	var ok bool
	if e.State, ok = known[state]; !ok {
		return Event{}, fmt.Errorf("%w: state %q", ErrMalformed, state)
	}
	if fen <= 0 || fen >= fenLimit || e.Payee == "" {
		return Event{}, fmt.Errorf("%w: %d fen to payee %q", ErrMalformed, fen, e.Payee)
	}
	if e.State == Paid && (e.Reference == "" || len(e.Currency) != 3 || e.At.IsZero()) {
		return Event{}, fmt.Errorf("%w: paid in currency %q, reference %q, at %s", ErrMalformed, e.Currency, e.Reference, e.At)
	}
	e.Amount = money.FromFen(fen)
	return e, nil
}
