package payment_test

import (
	"crypto/rsa"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

func TestAlipayCheckout(t *testing.T) {
	t.Parallel()
	c := openAlipay(t)
	o := realOrder(alipaySeller, payment.Desktop)
	for range 2 {
		got, err := c.provider.Checkout(t.Context(), o)
		if want := (payment.Checkout{Kind: payment.QR, URL: "https://qr.alipay.com/bavh4wjlxf12tper3a"}); err != nil || got != want {
			t.Errorf("precreate: %+v, %v", got, err)
		}
	}
	asked := map[string]any{"out_trade_no": o.Number(), "total_amount": "123.45", "subject": "暖冬行动 a b c", "time_expire": "2026-05-20 22:29:35"}
	if diff := cmp.Diff(asked, c.requests[0]); diff != "" || c.forms[0].Get("notify_url") != o.NotifyURL {
		t.Errorf("-wanted +asked\n%s", diff)
	}
	o.Client = payment.Phone
	got, err := c.provider.Checkout(t.Context(), o)
	u, parseErr := url.Parse(got.URL)
	if err != nil || parseErr != nil || got.Kind != payment.Redirect || !strings.HasPrefix(got.URL, c.config.URL+"?") {
		t.Fatalf("wap: %+v, %v", got, err)
	}
	form := u.Query()
	c.verify(form)
	const content = `{"out_trade_no":"%","total_amount":"123.45","subject":"暖冬行动 a b c","product_code":"QUICK_WAP_WAY",` +
		`"quit_url":"https://fund.test/c/liuyun","time_expire":"2026-05-20 22:29:35"}`
	if form.Get("method") != "alipay.trade.wap.pay" || form.Get("return_url") != o.ReturnURL || form.Get("notify_url") != o.NotifyURL ||
		form.Get("biz_content") != strings.Replace(content, "%", o.Number(), 1) {
		t.Errorf("wap: %v", form)
	}
	testRefusedOrders(t, c.provider, o)
	o.Client, o.Amount = payment.Desktop, money.MustParse("1.00")
	if _, err := c.provider.Checkout(t.Context(), o); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("another amount for the same order: %v", err)
	}
	var answerer payment.Answerer = c.provider
	if answerer.Answer() != "success" {
		t.Errorf("answers %q", answerer.Answer())
	}
}

func TestAlipayScenarios(t *testing.T) {
	t.Parallel()
	set := func(pairs ...string) func(url.Values) {
		return func(form url.Values) {
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], pairs[i+1])
			}
		}
	}
	tests := map[string]struct {
		change  func(url.Values)
		key     func() *rsa.PrivateKey
		refused error
		differs payment.Reason
	}{
		"normal":                 {nil, companyKey, nil, ""},
		"finished":               {set("trade_status", "TRADE_FINISHED"), companyKey, nil, ""},
		"three decimals":         {set("total_amount", "123.450"), companyKey, payment.ErrMalformed, ""},
		"another amount":         {set("total_amount", "0.01"), companyKey, nil, payment.AmountDiffers},
		"another currency":       {set("trans_currency", "USD"), companyKey, nil, payment.CurrencyDiffers},
		"another payee":          {set("seller_id", "2088102146225136"), companyKey, nil, payment.PayeeDiffers},
		"no payee":               {set("seller_id", ""), companyKey, payment.ErrMalformed, ""},
		"another app":            {set("app_id", "2021000117650001"), companyKey, payment.ErrMalformed, ""},
		"another's order number": {set("out_trade_no", "2186"), companyKey, payment.ErrMalformed, ""},
		"an unheard-of state":    {set("trade_status", "LENT"), companyKey, payment.ErrMalformed, ""},
		"nothing":                {set("total_amount", "0.00"), companyKey, payment.ErrMalformed, ""},
		"less than nothing":      {set("total_amount", "-123.45"), companyKey, payment.ErrMalformed, ""},
		"no time":                {set("gmt_payment", ""), companyKey, payment.ErrMalformed, ""},
		"a day in words":         {set("gmt_payment", "today"), companyKey, payment.ErrMalformed, ""},
		"no reference":           {set("trade_no", ""), companyKey, payment.ErrMalformed, ""},
		"RSA with SHA-1":         {set("sign_type", "RSA"), companyKey, payment.ErrSignature, ""},
		"a stranger":             {nil, strangerKey, payment.ErrSignature, ""},
		"ourselves":              {nil, merchantKey, payment.ErrSignature, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, o := openAlipay(t), realOrder(alipaySeller, payment.Desktop)
			checkout(t, c.provider, o)
			if e, err := c.provider.Query(t.Context(), o); err != nil || e.State != payment.Pending || !e.Amount.Equal(o.Amount) {
				t.Fatalf("before it was paid: %+v, %v", e, err)
			}
			c.pay(o)
			n := alipaySigned(test.key(), c.told(o, test.change))
			for _, late := range []time.Duration{0, 25 * time.Hour} { // repeated for a day, unaltered
				n.At = now.Add(late)
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
			want := payment.Event{
				Order: o.ID, Reference: "2026052022" + o.Number()[:8], State: payment.Paid, Amount: o.Amount, Currency: "CNY",
				Payee: alipaySeller, At: now,
			}
			queried, err := c.provider.Query(t.Context(), o)
			if diff := cmp.Diff(want, queried, cmpopts.EquateApproxTime(0)); err != nil || diff != "" {
				t.Errorf("Query: %v\n%s", err, diff)
			}
		})
	}
}

func TestAlipayEndsOfAnOrder(t *testing.T) {
	t.Parallel()
	c, o, id := openAlipay(t), realOrder(alipaySeller, payment.Desktop), payment.Order{ID: uuid.New()}
	tests := map[string]struct {
		form map[string]string
		want payment.Event
	}{
		"never paid": {map[string]string{"trade_status": "TRADE_CLOSED", "gmt_payment": ""}, payment.Event{State: payment.Failed, Amount: o.Amount}},
		"waiting":    {map[string]string{"trade_status": "WAIT_BUYER_PAY", "gmt_payment": ""}, payment.Event{State: payment.Pending, Amount: o.Amount}},
		"given back": {map[string]string{"trade_status": "TRADE_CLOSED"}, payment.Event{State: payment.Refunded, Amount: o.Amount, At: now}},
		"not by us":  {map[string]string{"gmt_refund": "2026-05-20 21:29:35", "out_biz_no": "1"}, payment.Event{State: payment.Paid, Amount: o.Amount, At: now}},
		"a part by us": {
			map[string]string{"gmt_refund": "2026-05-20 21:29:36.5", "out_biz_no": id.Number(), "refund_fee": "1.00"},
			payment.Event{Refund: id.ID, State: payment.Refunded, Amount: money.MustParse("1"), At: now.Add(1500 * time.Millisecond)},
		},
	}
	for name, test := range tests {
		n := alipaySigned(companyKey(), c.told(o, func(form url.Values) {
			for k, v := range test.form {
				form.Set(k, v)
			}
		}))
		test.want.Order, test.want.Reference, test.want.Payee, test.want.Currency = o.ID, "2026052022"+o.Number()[:8], alipaySeller, "CNY"
		e, err := c.provider.ParseEvent(t.Context(), n)
		if diff := cmp.Diff(test.want, e, cmpopts.EquateApproxTime(0)); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

// A form that is altered is refused, unless it is another spelling of the very same form.
func TestAlipayRefusesEveryAlteration(t *testing.T) {
	t.Parallel()
	c, o := openAlipay(t), realOrder(alipaySeller, payment.Desktop)
	form := c.told(o, nil)
	good := alipaySigned(companyKey(), form)
	want, err := c.provider.ParseEvent(t.Context(), good)
	if err != nil || want.State != payment.Paid {
		t.Fatal(err)
	}
	refused := func(what, body string) {
		t.Helper()
		if e, err := c.provider.ParseEvent(t.Context(), posted(body)); !errors.Is(err, payment.ErrSignature) || e != (payment.Event{}) {
			t.Errorf("%s: %+v, %v", what, e, err)
		}
	}
	same := 0
	for body := range alterations(good.Body) {
		if values, err := url.ParseQuery(string(body)); err == nil && cmp.Equal(values, form) {
			same++ // %2b for %2B
			continue
		}
		refused("the form", string(body))
	}
	if same > len(good.Body) {
		t.Errorf("%d alterations count as none", same)
	}
	for field := range form {
		changed := func(change func(url.Values)) string {
			altered, err := url.ParseQuery(string(good.Body))
			if err != nil {
				t.Fatal(err)
			}
			change(altered)
			return altered.Encode()
		}
		refused("without "+field, changed(func(v url.Values) { v.Del(field) }))
		refused("an empty "+field, changed(func(v url.Values) { v.Set(field, "") }))
		refused("another "+field, changed(func(v url.Values) { v.Set(field, v.Get(field)+"0") }))
		refused("two of "+field, changed(func(v url.Values) { v.Add(field, v.Get(field)) }))
		refused("another name of "+field, changed(func(v url.Values) { v.Set(field+"_", v.Get(field)); v.Del(field) }))
	}
	refused("one field more", string(good.Body)+"&refund_fee=1.00")
	refused("one empty field more", string(good.Body)+"&refund_fee=")
	refused("another notification's signature", string(good.Body[:strings.Index(string(good.Body), "&sign=")])+
		"&sign="+url.QueryEscape(alipaySign(companyKey(), []byte("a=1")))+"&sign_type=RSA2")
	refused("JSON", `{"app_id":"`+alipayApp+`"}`)
}

func TestAlipayRefund(t *testing.T) {
	t.Parallel()
	c, o := openAlipay(t), realOrder(alipaySeller, payment.Desktop)
	testRefunds(t, c.provider, o, func() { c.pay(o) }, payment.Refunded)
	c.feel(slow)
	r := payment.RefundOrder{Order: o, ID: uuid.New(), Amount: money.MustParse("1.00")}
	if got, err := c.provider.Refund(t.Context(), r); !errors.Is(err, payment.ErrProviderDown) || got != (payment.RefundResult{}) {
		t.Errorf("no money moved, and none had: %+v, %v", got, err)
	}
	c.orders[o.Number()].refunded[(payment.Order{ID: r.ID}).Number()] = money.MustParse("2.00")
	if got, err := c.provider.Refund(t.Context(), r); !errors.Is(err, payment.ErrRefused) || got != (payment.RefundResult{}) {
		t.Errorf("another amount had: %+v, %v", got, err)
	}
}

func TestAlipayBelievesNoAnswerUnverified(t *testing.T) {
	t.Parallel()
	tests := map[mood]error{
		ill: payment.ErrProviderDown, busy: payment.ErrProviderDown, elsewhere: payment.ErrProviderDown, gone: payment.ErrProviderDown,
		mute: payment.ErrProviderDown, endless: payment.ErrProviderDown, unsigned: payment.ErrProviderDown, wrongKey: payment.ErrProviderDown,
		altered: payment.ErrProviderDown, babbling: payment.ErrMalformed, another: payment.ErrMalformed,
	}
	for m, want := range tests {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			c, o := openAlipay(t), realOrder(alipaySeller, payment.Desktop)
			if m == mute {
				config := c.config
				config.Timeout = 200 * time.Millisecond
				c.provider = payment.NewAlipay(config)
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
			if again, err := c.provider.Refund(t.Context(), r); err != nil || again.State != payment.Refunded {
				t.Errorf("Refund once they are well: %+v, %v", again, err)
			}
		})
	}
}

// FuzzAlipay has the company send any form, signed or not.
func FuzzAlipay(f *testing.F) {
	c := openAlipay(f)
	f.Add(c.told(realOrder(alipaySeller, payment.Desktop), nil).Encode())
	f.Add("app_id=" + alipayApp + "&seller_id=1&trade_status=TRADE_CLOSED&out_trade_no=0198c5a07e7c7d348c1b4d2f9e1a6b70&total_amount=1" +
		"&gmt_refund=2026-05-20+21:29:35&refund_fee=1&out_biz_no=0198c5a07e7c7d348c1b4d2f9e1a6b70")
	sign := url.QueryEscape(alipaySign(companyKey(), nil))
	f.Fuzz(func(t *testing.T, body string) {
		n := posted(body + "&sign_type=RSA2&x=&sign=" + sign)
		if _, err := c.provider.ParseEvent(t.Context(), n); !errors.Is(err, payment.ErrSignature) {
			t.Errorf("another's signature, yet %v", err)
		}
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		form := map[string]string{}
		for k := range values {
			form[k] = values.Get(k)
		}
		e, err := c.provider.Read(form)
		if err != nil && (!errors.Is(err, payment.ErrMalformed) || e != (payment.Event{})) {
			t.Errorf("rightly signed, yet %+v, %v", e, err)
		}
		if err == nil && (e.Amount.Sign() <= 0 || e.Payee == "" || e.State == "") {
			t.Errorf("accepted %+v", e)
		}
	})
}
