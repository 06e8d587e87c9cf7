package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"fund/ledger/money"
)

// Alipay takes real money through Alipay's open platform: a QR code (当面付, precreate) on a desktop, 手机网站支付 (wap.pay) on
// a phone. https://opendocs.alipay.com/open/02ekfg
type Alipay struct {
	config  AlipayConfig
	gateway gateway
}

// NewAlipay calls nobody.
func NewAlipay(c AlipayConfig) *Alipay { return &Alipay{c, newGateway(c.Transport, c.Timeout)} }

// Name is "alipay".
func (a *Alipay) Name() string { return "alipay" }

// Payee is the seller's number, 2088….
func (a *Alipay) Payee() string { return a.config.Seller }

// Answer is what Alipay wants to read, or it tells again for a day.
func (a *Alipay) Answer() string { return "success" }

type alipayOrder struct {
	OrderNo     string `json:"out_trade_no"`
	Amount      string `json:"total_amount"`
	Subject     string `json:"subject"`
	ProductCode string `json:"product_code,omitempty"`
	QuitURL     string `json:"quit_url,omitempty"`
	Expire      string `json:"time_expire,omitempty"`
}

// alipayTime is the form of a time, on the clock of China.
const alipayTime = "2006-01-02 15:04:05"

// Checkout gives a QR code on a desktop, and on a phone a signed address that opens Alipay, without asking it first. Alipay
// learns of the order when the donor scans or opens it: until then Query is ErrUnknownOrder, and another amount for the same
// order is not noticed by Alipay but by [Differs].
func (a *Alipay) Checkout(ctx context.Context, o Order) (Checkout, error) {
	if o.Payee != a.Payee() || o.Currency != "CNY" || o.Amount.Sign() <= 0 {
		return Checkout{}, fmt.Errorf("%w: %s %s to payee %q", ErrRefused, o.Amount, o.Currency, o.Payee)
	}
	order := alipayOrder{OrderNo: o.Number(), Amount: o.Amount.String(), Subject: walletLine(o.Description, 256)}
	if !o.ExpiresAt.IsZero() {
		order.Expire = o.ExpiresAt.In(china).Format(alipayTime)
	}
	if o.Client == Phone {
		order.ProductCode, order.QuitURL = "QUICK_WAP_WAY", o.ReturnURL
		form, err := a.form("alipay.trade.wap.pay", order, "return_url", o.ReturnURL, "notify_url", o.NotifyURL)
		return Checkout{Kind: Redirect, URL: a.config.URL + "?" + form.Encode()}, err
	}
	var out struct {
		OrderNo string `json:"out_trade_no"`
		URL     string `json:"qr_code"`
	}
	if err := a.call(ctx, "alipay.trade.precreate", order, &out, "notify_url", o.NotifyURL); err != nil {
		return Checkout{}, err
	}
	if out.OrderNo != order.OrderNo || out.URL == "" {
		return Checkout{}, fmt.Errorf("%w: code %q for order %q", ErrMalformed, out.URL, out.OrderNo)
	}
	return Checkout{Kind: QR, URL: out.URL}, nil
}

// alipayTrade is how an order stands, in an answer or in a notification.
type alipayTrade struct {
	OrderNo   string `json:"out_trade_no"`
	Reference string `json:"trade_no"`
	Status    string `json:"trade_status"`
	Amount    string `json:"total_amount"`
	Currency  string `json:"trans_currency"` // only of payments from abroad
	Seller    string `json:"seller_id"`      // only in a notification
	PaidAt    string `json:"send_pay_date"`
}

// ParseEvent verifies a notification, a form, then reads it. Its age is not looked at: Alipay repeats one and the same form for
// a day, and what it says about an order stays true, so that a replay changes nothing. One for another app is ErrMalformed.
func (a *Alipay) ParseEvent(_ context.Context, n Notification) (Event, error) {
	form, err := a.authentic(n.Body)
	if err != nil {
		return Event{}, err
	}
	return a.read(form)
}

func (a *Alipay) read(form map[string]string) (Event, error) {
	if form["app_id"] != a.config.App || form["seller_id"] == "" {
		return Event{}, fmt.Errorf("%w: for the app %q, seller %q", ErrMalformed, form["app_id"], form["seller_id"])
	}
	e, err := alipayTrade{
		OrderNo: form["out_trade_no"], Reference: form["trade_no"], Status: form["trade_status"], Amount: form["total_amount"],
		Currency: form["trans_currency"], Seller: form["seller_id"], PaidAt: form["gmt_payment"],
	}.event()
	refund, notOurs := parseOrderNumber(form["out_biz_no"])
	if err != nil || form["gmt_refund"] == "" || notOurs != nil {
		return e, err
	}
	return aboutRefund(e, refund, form["refund_fee"], form["gmt_refund"])
}

// aboutRefund turns the event of an order into that of a refund. Alipay counts in refund_fee all refunds of the order so far.
func aboutRefund(e Event, refund uuid.UUID, amount, at string) (_ Event, err error) {
	e.Refund, e.State = refund, Refunded
	if e.Amount, err = parseYuan(amount); err != nil {
		return Event{}, err
	}
	if e.At, err = time.ParseInLocation(alipayTime, at, china); err != nil {
		return Event{}, fmt.Errorf("%w: gmt_refund %q", ErrMalformed, at)
	}
	return e, nil
}

// Query asks by our own order number.
func (a *Alipay) Query(ctx context.Context, o Order) (Event, error) {
	var t alipayTrade
	if err := a.call(ctx, "alipay.trade.query", map[string]string{"out_trade_no": o.Number()}, &t); err != nil {
		return Event{}, err
	}
	if t.OrderNo != o.Number() {
		return Event{}, fmt.Errorf("%w: asked about %s, answered about %q", ErrMalformed, o.Number(), t.OrderNo)
	}
	if t.Seller == "" { // Alipay answers an app only about trades of its own seller
		t.Seller = a.config.Seller
	}
	return t.event()
}

func (t alipayTrade) event() (e Event, err error) {
	if e.Order, err = parseOrderNumber(t.OrderNo); err != nil {
		return Event{}, err
	}
	if e.Amount, err = parseYuan(t.Amount); err != nil {
		return Event{}, err
	}
	if t.PaidAt != "" {
		if e.At, err = time.ParseInLocation(alipayTime, t.PaidAt, china); err != nil {
			return Event{}, fmt.Errorf("%w: paid at %q", ErrMalformed, t.PaidAt)
		}
	}
	switch t.Status {
	case "WAIT_BUYER_PAY":
		e.State = Pending
	case "TRADE_SUCCESS", "TRADE_FINISHED":
		e.State = Paid
	case "TRADE_CLOSED": // never paid, or given back in full
		e.State = Failed
		if !e.At.IsZero() {
			e.State = Refunded
		}
	default:
		return Event{}, fmt.Errorf("%w: state %q", ErrMalformed, t.Status)
	}
	if e.State == Paid && (t.Reference == "" || e.At.IsZero()) {
		return Event{}, fmt.Errorf("%w: paid with reference %q, at %q", ErrMalformed, t.Reference, t.PaidAt)
	}
	e.Reference, e.Payee, e.Currency = t.Reference, t.Seller, "CNY"
	if t.Currency != "" {
		e.Currency = t.Currency
	}
	return e, nil
}

func parseYuan(text string) (money.Amount, error) {
	amount, err := money.Parse(text)
	if err == nil && amount.Sign() <= 0 {
		err = errors.New("not above zero")
	}
	if err != nil {
		return money.Amount{}, fmt.Errorf("%w: amount %q: %w", ErrMalformed, text, err)
	}
	return amount, nil
}

// alipayRefund is asked and answered by alipay.trade.refund and alipay.trade.fastpay.refund.query.
type alipayRefund struct {
	OrderNo   string `json:"out_trade_no"`
	RefundNo  string `json:"out_request_no"`
	Amount    string `json:"refund_amount,omitempty"`
	Reason    string `json:"refund_reason,omitempty"`
	Reference string `json:"trade_no,omitempty"`
	Changed   string `json:"fund_change,omitempty"`
	Status    string `json:"refund_status,omitempty"`
}

// Refund gives back at once. Alipay has no number for a refund: the reference is that of the trade.
func (a *Alipay) Refund(ctx context.Context, r RefundOrder) (RefundResult, error) {
	asked := alipayRefund{
		OrderNo: r.Order.Number(), RefundNo: orderNumber(r.ID), Amount: r.Amount.String(), Reason: walletLine(r.Reason, 256),
	}
	var out alipayRefund
	if err := a.call(ctx, "alipay.trade.refund", asked, &out); err != nil {
		return RefundResult{}, err
	}
	if out.OrderNo != asked.OrderNo || out.Reference == "" {
		return RefundResult{}, fmt.Errorf("%w: asked about %s, answered about %q", ErrMalformed, asked.OrderNo, out.OrderNo)
	}
	if out.Changed == "Y" {
		return RefundResult{Reference: out.Reference, State: Refunded}, nil
	}
	return a.queryRefund(ctx, asked) // no money moved this time: either it had already, or it has not yet
}

func (a *Alipay) queryRefund(ctx context.Context, asked alipayRefund) (RefundResult, error) {
	var out alipayRefund
	err := a.call(ctx, "alipay.trade.fastpay.refund.query", alipayRefund{OrderNo: asked.OrderNo, RefundNo: asked.RefundNo}, &out)
	if err != nil {
		return RefundResult{}, err
	}
	if out.Status != "REFUND_SUCCESS" || out.RefundNo != asked.RefundNo || out.OrderNo != asked.OrderNo {
		return RefundResult{}, fmt.Errorf("%w: refund %s is not done yet", ErrProviderDown, asked.RefundNo)
	}
	if given, err := parseYuan(out.Amount); err != nil || given.String() != asked.Amount {
		return RefundResult{}, fmt.Errorf("%w: refund %s was of %s, not of %s", ErrRefused, asked.RefundNo, out.Amount, asked.Amount)
	}
	return RefundResult{Reference: out.Reference, State: Refunded}, nil
}
