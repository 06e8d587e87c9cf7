package payment_test

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

func TestWeChatCheckout(t *testing.T) {
	t.Parallel()
	c := openWeChat(t)
	o := realOrder(wechatMerchant, payment.Desktop)
	for range 2 { // asked again, the order is the same
		got, err := c.provider.Checkout(t.Context(), o)
		if want := (payment.Checkout{Kind: payment.QR, URL: "weixin://wxpay/bizpayurl?pr=" + o.Number()[:8]}); err != nil || got != want {
			t.Errorf("Native: %+v, %v", got, err)
		}
	}
	o.Client = payment.Phone
	got, err := c.provider.Checkout(t.Context(), o)
	want := "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2916&package=2150917749" +
		"&redirect_url=https%3A%2F%2Ffund.test%2Fc%2Fliuyun"
	if err != nil || got != (payment.Checkout{Kind: payment.Redirect, URL: want}) {
		t.Errorf("H5: %+v, %v", got, err)
	}
	asked := map[string]any{
		"appid": wechatApp, "mchid": wechatMerchant, "description": "暖冬行动 a b c", "out_trade_no": o.Number(), "attach": "liuyun",
		"time_expire": "2026-05-20T22:29:35+08:00", "notify_url": o.NotifyURL,
		"amount":     map[string]any{"total": 12345.0, "currency": "CNY"},
		"scene_info": map[string]any{"payer_client_ip": "203.0.113.9", "h5_info": map[string]any{"type": "Wap"}},
	}
	if diff := cmp.Diff(asked, c.requests[2]); diff != "" {
		t.Errorf("-wanted +asked\n%s", diff)
	}
	delete(asked, "scene_info")
	if diff := cmp.Diff(asked, c.requests[0]); diff != "" {
		t.Errorf("-wanted +asked\n%s", diff)
	}
	testRefusedOrders(t, c.provider, o)
	c.feel(another)
	for _, client := range []payment.Client{payment.Desktop, payment.Phone} {
		o.Client = client
		if got, err := c.provider.Checkout(t.Context(), o); !errors.Is(err, payment.ErrMalformed) || got != (payment.Checkout{}) {
			t.Errorf("an address that is none, on a %s: %+v, %v", client, got, err)
		}
	}
}

// testRefusedOrders tries what no provider of real money takes. o is known already.
func testRefusedOrders(t *testing.T, p payment.Provider, o payment.Order) {
	t.Helper()
	for name, change := range map[string]func(*payment.Order){
		"another payee":    func(o *payment.Order) { o.Payee = "1" },
		"no payee":         func(o *payment.Order) { o.Payee = "" },
		"another currency": func(o *payment.Order) { o.Currency = "USD" },
		"nothing":          func(o *payment.Order) { o.Amount = money.Amount{} },
		"less":             func(o *payment.Order) { o.Amount = money.MustParse("-1.00") },
	} {
		bad := o
		change(&bad)
		if got, err := p.Checkout(t.Context(), bad); !errors.Is(err, payment.ErrRefused) || got != (payment.Checkout{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWeChatRefusesAnotherAmount(t *testing.T) {
	t.Parallel()
	c := openWeChat(t)
	o := realOrder(wechatMerchant, payment.Desktop)
	checkout(t, c.provider, o)
	o.Amount = money.MustParse("1.00")
	if _, err := c.provider.Checkout(t.Context(), o); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("another amount for the same order: %v", err)
	}
}

// Every scenario of a payment: what arrives is right, differs or is refused, and Query finds what was lost.
func TestWeChatScenarios(t *testing.T) {
	t.Parallel()
	set := func(keyValue ...any) func(map[string]any) {
		return func(r map[string]any) {
			for i := 0; i < len(keyValue); i += 2 {
				r[keyValue[i].(string)] = keyValue[i+1]
			}
		}
	}
	paying := func(total any, currency string) func(map[string]any) {
		return set("amount", map[string]any{"total": total, "currency": currency})
	}
	arrives := func(after time.Duration) func(payment.Notification) payment.Notification {
		return func(n payment.Notification) payment.Notification { n.At = n.At.Add(after); return n }
	}
	signed := func(by func() *rsa.PrivateKey, serial string) func(payment.Notification) payment.Notification {
		return func(n payment.Notification) payment.Notification { return wechatSigned(by(), serial, n.Body, now) }
	}
	tests := map[string]struct {
		change  func(map[string]any)
		way     func(payment.Notification) payment.Notification
		refused error
		differs payment.Reason
	}{
		"normal":                 {nil, nil, nil, ""},
		"late":                   {nil, arrives(payment.MaxAge), nil, ""},
		"a replay":               {nil, arrives(payment.MaxAge + time.Second), payment.ErrStale, ""},
		"from the future":        {nil, arrives(-payment.MaxAge - time.Second), payment.ErrStale, ""},
		"another amount":         {paying(1, "CNY"), nil, nil, payment.AmountDiffers},
		"another currency":       {paying(12345, "HKD"), nil, nil, payment.CurrencyDiffers},
		"another payee":          {set("mchid", "1900000109"), nil, nil, payment.PayeeDiffers},
		"another app":            {set("appid", "wx8888888888888888"), nil, payment.ErrMalformed, ""},
		"no app":                 {set("appid", ""), nil, payment.ErrMalformed, ""},
		"an unheard-of state":    {set("trade_state", "LENT"), nil, payment.ErrMalformed, ""},
		"a fraction of a fen":    {paying(1.5, "CNY"), nil, payment.ErrMalformed, ""},
		"an amount in words":     {paying("12345", "CNY"), nil, payment.ErrMalformed, ""},
		"nothing":                {paying(0, "CNY"), nil, payment.ErrMalformed, ""},
		"a stranger's signature": {nil, signed(strangerKey, wechatPlatform), payment.ErrSignature, ""},
		"our own signature":      {nil, signed(merchantKey, wechatOwn), payment.ErrSignature, ""},
		"an unknown serial":      {nil, signed(companyKey, "PUB_KEY_ID_0"), payment.ErrSignature, ""},
		"no serial":              {nil, signed(companyKey, ""), payment.ErrSignature, ""},
		"the company's own test of us": {nil, func(n payment.Notification) payment.Notification {
			return with(n, "Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+n.Header("Wechatpay-Signature")[19:])
		}, payment.ErrSignature, ""},
		"sealed under another key": {nil, func(payment.Notification) payment.Notification {
			return wechatSigned(companyKey(), wechatPlatform, wechatSealed("another APIv3 key of thirty-two ", map[string]any{}), now)
		}, payment.ErrMalformed, ""},
		"not JSON": {nil, func(payment.Notification) payment.Notification {
			return wechatSigned(companyKey(), wechatPlatform, []byte("<xml/>"), now)
		}, payment.ErrMalformed, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, o := openWeChat(t), realOrder(wechatMerchant, payment.Desktop)
			checkout(t, c.provider, o)
			if e, err := c.provider.Query(t.Context(), o); err != nil || e.State != payment.Pending || !e.Amount.Equal(o.Amount) {
				t.Fatalf("before it was paid: %+v, %v", e, err)
			}
			c.pay(o)
			n := c.tell(o, now, test.change)
			if test.way != nil {
				n = test.way(n)
			}
			for range 2 { // a repeat says the same
				e, err := c.provider.ParseEvent(t.Context(), n)
				if !errors.Is(err, test.refused) {
					t.Fatalf("ParseEvent: %v, want %v", err, test.refused)
				}
				if err != nil && e != (payment.Event{}) {
					t.Errorf("refused, yet read: %+v", e)
				}
				if reason, _ := payment.Differs(o, e); err == nil && reason != test.differs {
					t.Errorf("differs in %q, want %q", reason, test.differs)
				}
			}
			want := payment.Event{ // whatever was told: the truth
				Community: "liuyun", Order: o.ID, Reference: "4200002186" + o.Number()[:8], State: payment.Paid,
				Amount: o.Amount, Currency: "CNY", Payee: wechatMerchant, At: now,
			}
			queried, err := c.provider.Query(t.Context(), o)
			if diff := cmp.Diff(want, queried, cmpopts.EquateApproxTime(0)); err != nil || diff != "" {
				t.Errorf("Query: %v\n%s", err, diff)
			}
		})
	}
}

// Nothing that was signed can be changed anywhere, and nothing that was sealed.
func TestWeChatRefusesEveryAlteration(t *testing.T) {
	t.Parallel()
	c, o := openWeChat(t), realOrder(wechatMerchant, payment.Desktop)
	checkout(t, c.provider, o)
	c.pay(o)
	good := c.tell(o, now, nil)
	if _, err := c.provider.ParseEvent(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, n payment.Notification, want error) {
		t.Helper()
		if e, err := c.provider.ParseEvent(t.Context(), n); !errors.Is(err, want) || e != (payment.Event{}) {
			t.Errorf("%s: %+v, %v", what, e, err)
		}
	}
	for body := range alterations(good.Body) {
		refused("the body", payment.Notification{Header: good.Header, Body: body, At: good.At}, payment.ErrSignature)
	}
	later := c.tell(o, now.Add(time.Second), nil) // as right as the other
	for _, name := range wechatHeaders {
		for value := range alterations([]byte(good.Header(name))) {
			refused(name, with(good, name, string(value)), payment.ErrSignature)
		}
		if name != "Wechatpay-Serial" {
			refused(name+" of another notification", with(good, name, later.Header(name)), payment.ErrSignature)
		}
	}
	var sealed struct {
		Resource struct {
			Algorithm  string `json:"algorithm"`
			Ciphertext []byte `json:"ciphertext"`
			Data       string `json:"associated_data"`
			Nonce      string `json:"nonce"`
		} `json:"resource"`
	}
	if err := json.Unmarshal(good.Body, &sealed); err != nil {
		t.Fatal(err)
	}
	again := func() payment.Notification { // by somebody who can sign as the company and does not know the APIv3 key
		body, err := json.Marshal(sealed)
		if err != nil {
			t.Fatal(err)
		}
		return wechatSigned(companyKey(), wechatPlatform, body, now)
	}
	if _, err := c.provider.ParseEvent(t.Context(), again()); err != nil {
		t.Fatal(err)
	}
	r := &sealed.Resource
	whole := *r
	for i := range r.Ciphertext {
		r.Ciphertext = slices.Clone(whole.Ciphertext)
		r.Ciphertext[i] ^= 1
		refused("the ciphertext", again(), payment.ErrMalformed)
	}
	for what, change := range map[string]func(){
		"the nonce": func() { r.Nonce = "fdasflkja485" }, "a short nonce": func() { r.Nonce = "f" }, "what goes with it": func() { r.Data = "refund" },
		"the algorithm": func() { r.Algorithm = "AEAD_AES_128_GCM" }, "half of it": func() { r.Ciphertext = r.Ciphertext[:20] },
		"all of it": func() { r.Ciphertext = nil },
	} {
		*r = whole
		change()
		refused(what, again(), payment.ErrMalformed)
	}
}

func TestWeChatRefundNotification(t *testing.T) {
	t.Parallel()
	c, id := openWeChat(t), uuid.Must(uuid.NewV7())
	o := realOrder(wechatMerchant, payment.Desktop)
	refund := payment.Order{ID: id}
	body := wechatSealed(wechatSealKey, map[string]any{
		"mchid": wechatMerchant, "transaction_id": "1008450740201411110005820873", "out_trade_no": o.Number(), "refund_id": "50200207182018070300011301001",
		"out_refund_no": refund.Number(), "refund_status": "SUCCESS", "success_time": "2026-05-20T21:29:35+08:00",
		"user_received_account": "招商银行信用卡0403", "amount": map[string]any{"total": 12345, "refund": 100, "payer_total": 12345, "payer_refund": 100},
	})
	e, err := c.provider.ParseEvent(t.Context(), wechatSigned(companyKey(), wechatPlatform, body, now))
	want := payment.Event{
		Order: o.ID, Refund: id, Reference: "1008450740201411110005820873", State: payment.Refunded,
		Amount: money.MustParse("1.00"), Payee: wechatMerchant, At: now,
	}
	if diff := cmp.Diff(want, e, cmpopts.EquateApproxTime(0)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestWeChatRefund(t *testing.T) {
	t.Parallel()
	c, o := openWeChat(t), realOrder(wechatMerchant, payment.Desktop)
	testRefunds(t, c.provider, o, func() { c.pay(o) }, payment.Pending)
	for status, want := range map[string]error{
		"SUCCESS": nil, "PROCESSING": nil, "ABNORMAL": payment.ErrRefused, "CLOSED": payment.ErrRefused, "LENT": payment.ErrMalformed,
	} {
		r := payment.RefundOrder{Order: o, ID: uuid.New(), Amount: money.MustParse("0.01"), Reason: "status " + status}
		got, err := c.provider.Refund(t.Context(), r)
		if !errors.Is(err, want) || status == "SUCCESS" && got.State != payment.Refunded {
			t.Errorf("%s: %+v, %v", status, got, err)
		}
	}
}

// testRefunds gives back parts of an order of 123.45 that is not known yet.
func testRefunds(t *testing.T, p payment.Provider, o payment.Order, pay func(), state payment.State) {
	t.Helper()
	refund := func(id uuid.UUID, amount string) (payment.RefundResult, error) {
		return p.Refund(t.Context(), payment.RefundOrder{Order: o, ID: id, Amount: money.MustParse(amount), Reason: "重复捐款"})
	}
	if _, err := refund(uuid.New(), "1.00"); !errors.Is(err, payment.ErrUnknownOrder) {
		t.Errorf("of an unknown order: %v", err)
	}
	if _, err := p.Query(t.Context(), o); !errors.Is(err, payment.ErrUnknownOrder) {
		t.Errorf("query of an unknown order: %v", err)
	}
	checkout(t, p, o)
	pay()
	first := uuid.New()
	once, err := refund(first, "100.00")
	if err != nil || once.State != state || once.Reference == "" {
		t.Fatalf("Refund = %+v, %v", once, err)
	}
	if again, err := refund(first, "100.00"); err != nil || again.Reference != once.Reference {
		t.Errorf("again: %+v, %v; want %+v", again, err, once)
	}
	if _, err := refund(first, "10.00"); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("the same refund with another amount: %v", err)
	}
	if _, err := refund(uuid.New(), "23.46"); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("more than is left: %v", err)
	}
	if _, err := refund(uuid.New(), "10.00"); err != nil {
		t.Errorf("another part: %v", err)
	}
}

func TestWeChatBelievesNoAnswerUnverified(t *testing.T) {
	t.Parallel()
	tests := map[mood]error{
		ill: payment.ErrProviderDown, busy: payment.ErrProviderDown, elsewhere: payment.ErrProviderDown, gone: payment.ErrProviderDown,
		mute: payment.ErrProviderDown, endless: payment.ErrProviderDown, unsigned: payment.ErrProviderDown, wrongKey: payment.ErrProviderDown,
		altered: payment.ErrProviderDown, unknownSerial: payment.ErrProviderDown, yesterday: payment.ErrProviderDown,
		babbling: payment.ErrMalformed, another: payment.ErrMalformed,
	}
	for m, want := range tests {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			c, o := openWeChat(t), realOrder(wechatMerchant, payment.Desktop)
			if m == mute {
				c.provider = c.impatient()
			}
			checkout(t, c.provider, o)
			c.pay(o)
			c.feel(m)
			if e, err := c.provider.Query(t.Context(), o); !errors.Is(err, want) || e != (payment.Event{}) {
				t.Errorf("Query: %+v, %v", e, err)
			}
			r := payment.RefundOrder{Order: o, ID: uuid.New(), Amount: o.Amount}
			if got, err := c.provider.Refund(t.Context(), r); !errors.Is(err, want) || got != (payment.RefundResult{}) {
				t.Errorf("Refund: %+v, %v", got, err)
			}
			if got, err := c.provider.Checkout(t.Context(), o); !errors.Is(err, want) || got != (payment.Checkout{}) {
				t.Errorf("Checkout: %+v, %v", got, err)
			}
			c.feel(fine)
			if again, err := c.provider.Refund(t.Context(), r); err != nil || again.Reference == "" { // the first may have come through
				t.Errorf("Refund once they are well: %+v, %v", again, err)
			}
		})
	}
}

// FuzzWeChat has the company send anything, signed or not: a body, and a resource in a right body.
func FuzzWeChat(f *testing.F) {
	c := openWeChat(f)
	o := realOrder(wechatMerchant, payment.Desktop)
	c.orders[o.Number()] = &customer{total: o.Amount, paid: true}
	f.Add(c.tell(o, now, nil).Body)
	f.Add([]byte(`{"appid":"` + wechatApp + `","mchid":"1","out_trade_no":"0198c5a07e7c7d348c1b4d2f9e1a6b70","trade_state":"CLOSED","amount":{"total":1}}`))
	f.Add([]byte(`{"mchid":"1","out_trade_no":"0198c5a07e7c7d348c1b4d2f9e1a6b70","out_refund_no":"0198c5a07e7c7d348c1b4d2f9e1a6b70","refund_status":"SUCCESS","amount":{"refund":1}}`))
	signed := wechatSigned(companyKey(), wechatPlatform, nil, now)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, body := range [][]byte{data, wechatSealedText(wechatSealKey, data)} {
			e, err := c.provider.Unseal(body)
			if err != nil && (!errors.Is(err, payment.ErrMalformed) || e != (payment.Event{})) {
				t.Errorf("rightly signed, yet %+v, %v", e, err)
			}
			if err == nil && (e.Amount.Sign() <= 0 || e.Payee == "" || e.State == "") {
				t.Errorf("accepted %+v", e)
			}
		}
		n := payment.Notification{Header: signed.Header, Body: append(data, ' '), At: now}
		if _, err := c.provider.ParseEvent(t.Context(), n); !errors.Is(err, payment.ErrSignature) {
			t.Errorf("another's signature, yet %v", err)
		}
	})
}
