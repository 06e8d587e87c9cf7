package payment

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// WeChat takes real money through WeChat Pay v3 (微信支付 APIv3): Native on a desktop, H5 on a phone.
// https://pay.weixin.qq.com/doc/v3/merchant/4012791877
type WeChat struct {
	config  WeChatConfig
	opener  opener
	gateway gateway
}

// NewWeChat calls nobody.
func NewWeChat(c WeChatConfig) *WeChat {
	return &WeChat{c, c.opener(), newGateway(c.Transport, c.Timeout)}
}

// Name is "wechat".
func (w *WeChat) Name() string { return "wechat" }

// Payee is the merchant number.
func (w *WeChat) Payee() string { return w.config.Merchant }

// wechatOrder is the request of Native and H5.
type wechatOrder struct {
	App         string       `json:"appid"`
	Merchant    string       `json:"mchid"`
	Description string       `json:"description"`
	OrderNo     string       `json:"out_trade_no"`
	Expire      string       `json:"time_expire,omitempty"`
	Attach      string       `json:"attach,omitempty"`
	NotifyURL   string       `json:"notify_url"`
	Amount      resourceFen  `json:"amount"`
	Scene       *wechatScene `json:"scene_info,omitempty"`
}

type wechatScene struct {
	ClientIP string `json:"payer_client_ip"`
	H5       struct {
		Type string `json:"type"`
	} `json:"h5_info"`
}

// Checkout gives a QR code on a desktop, and on a phone a redirect that opens WeChat, which comes back to ReturnURL.
func (w *WeChat) Checkout(ctx context.Context, o Order) (Checkout, error) {
	if o.Payee != w.Payee() || o.Currency != "CNY" || o.Amount.Sign() <= 0 {
		return Checkout{}, fmt.Errorf("%w: %s %s to payee %q", ErrRefused, o.Amount, o.Currency, o.Payee)
	}
	order := wechatOrder{
		App: w.config.App, Merchant: w.config.Merchant, Description: walletLine(o.Description, 127), OrderNo: o.Number(),
		Attach: o.Community, NotifyURL: o.NotifyURL, Amount: resourceFen{Total: o.Amount.Fen(), Currency: o.Currency},
	}
	if !o.ExpiresAt.IsZero() {
		order.Expire = o.ExpiresAt.In(china).Format(time.RFC3339)
	}
	if o.Client == Phone {
		return w.h5(ctx, order, o)
	}
	var out struct {
		URL string `json:"code_url"`
	}
	err := w.post(ctx, "/v3/pay/transactions/native", order, &out)
	if err == nil && !strings.HasPrefix(out.URL, "weixin://") {
		err = fmt.Errorf("%w: code_url %q", ErrMalformed, out.URL)
	}
	if err != nil {
		return Checkout{}, err
	}
	return Checkout{Kind: QR, URL: out.URL}, nil
}

func (w *WeChat) h5(ctx context.Context, order wechatOrder, o Order) (Checkout, error) {
	order.Scene = &wechatScene{ClientIP: o.ClientIP}
	order.Scene.H5.Type = "Wap"
	var out struct {
		URL string `json:"h5_url"`
	}
	err := w.post(ctx, "/v3/pay/transactions/h5", order, &out)
	if err == nil && !strings.HasPrefix(out.URL, "https://") {
		err = fmt.Errorf("%w: h5_url %q", ErrMalformed, out.URL)
	}
	if err != nil {
		return Checkout{}, err
	}
	return Checkout{Kind: Redirect, URL: out.URL + "&redirect_url=" + url.QueryEscape(o.ReturnURL)}, nil
}

// ParseEvent verifies a notification by the key of its serial, then opens it. One for another app is ErrMalformed.
func (w *WeChat) ParseEvent(_ context.Context, n Notification) (Event, error) {
	return w.opener.open(n)
}

// Query asks by our own order number.
func (w *WeChat) Query(ctx context.Context, o Order) (Event, error) {
	var r resource
	path := "/v3/pay/transactions/out-trade-no/" + o.Number() + "?mchid=" + url.QueryEscape(w.config.Merchant)
	if err := w.get(ctx, path, &r); err != nil {
		return Event{}, err
	}
	if r.OrderNo != o.Number() || r.RefundNo != "" {
		return Event{}, fmt.Errorf("%w: asked about %s, answered about %q", ErrMalformed, o.Number(), r.OrderNo)
	}
	return w.opener.event(r)
}

// wechatRefund is request and answer: the answer has an id and a status too.
type wechatRefund struct {
	OrderNo   string      `json:"out_trade_no"`
	RefundNo  string      `json:"out_refund_no"`
	Reason    string      `json:"reason,omitempty"`
	NotifyURL string      `json:"notify_url,omitempty"`
	Amount    resourceFen `json:"amount"`
	Reference string      `json:"refund_id,omitempty"`
	Status    string      `json:"status,omitempty"`
}

// Refund asks for the money to go back. Most banks need a while, so the answer is often Pending: the same refund, asked again,
// says how it stands.
func (w *WeChat) Refund(ctx context.Context, r RefundOrder) (RefundResult, error) {
	asked := wechatRefund{
		OrderNo: r.Order.Number(), RefundNo: orderNumber(r.ID), Reason: walletLine(r.Reason, 80), NotifyURL: r.Order.NotifyURL,
		Amount: resourceFen{Total: r.Order.Amount.Fen(), Refund: r.Amount.Fen(), Currency: r.Order.Currency},
	}
	var out wechatRefund
	if err := w.post(ctx, "/v3/refund/domestic/refunds", asked, &out); err != nil {
		return RefundResult{}, err
	}
	if out.OrderNo != asked.OrderNo || out.RefundNo != asked.RefundNo || out.Amount != asked.Amount || out.Reference == "" {
		return RefundResult{}, fmt.Errorf("%w: asked for refund %s of %d fen, answered %q of %d", ErrMalformed,
			asked.RefundNo, asked.Amount.Refund, out.RefundNo, out.Amount.Refund)
	}
	state, known := refundStates[out.Status]
	switch {
	case !known:
		return RefundResult{}, fmt.Errorf("%w: refund status %q", ErrMalformed, out.Status)
	case state == Failed: // ABNORMAL: the donor's card is gone, the merchant's platform asks where to
		return RefundResult{}, fmt.Errorf("%w: refund %s is %s", ErrRefused, out.Reference, out.Status)
	}
	return RefundResult{Reference: out.Reference, State: state}, nil
}
