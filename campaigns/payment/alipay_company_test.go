package payment_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

const (
	alipayApp    = "2021000117650000"
	alipaySeller = "2088102146225135"
)

// alipayCompany is Alipay on this machine.
type alipayCompany struct {
	t testing.TB
	customers
	config   payment.AlipayConfig
	provider *payment.Alipay
	requests []map[string]any // biz_content of every call
	forms    []url.Values
}

func openAlipay(t testing.TB) *alipayCompany {
	t.Helper()
	c := &alipayCompany{t: t, customers: customers{orders: map[string]*customer{}}}
	config, err := payment.LoadAlipayConfig(environment{
		"FUND_ALIPAY_APPID": alipayApp, "FUND_ALIPAY_SELLER": alipaySeller, "FUND_ALIPAY_KEY": privatePEM(merchantKey()),
		"FUND_ALIPAY_PUBLIC_KEY": publicPEM(companyKey()), "FUND_ALIPAY_URL": serve(t, c.Mood, c.answer) + "/gateway.do",
	}.get)
	if err != nil {
		t.Fatal(err)
	}
	config.Now = func() time.Time { return now }
	config.Timeout = time.Minute
	c.config, c.provider = config, payment.NewAlipay(config)
	return c
}

// alipayText is the string to sign: sorted by name, unescaped.
func alipayText(form url.Values, without ...string) []byte {
	var text []byte
	for _, k := range slices.Sorted(maps.Keys(form)) {
		if !slices.Contains(without, k) {
			text = fmt.Appendf(text, "&%s=%s", k, form.Get(k))
		}
	}
	return bytes.TrimPrefix(text, []byte("&"))
}

func alipaySign(key *rsa.PrivateKey, text []byte) string {
	digest := sha256.Sum256(text)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(signature)
}

// verify checks a request of ours.
func (c *alipayCompany) verify(form url.Values) {
	digest := sha256.Sum256(alipayText(form, "sign"))
	signature, err := base64.StdEncoding.DecodeString(form.Get("sign"))
	if err != nil || rsa.VerifyPKCS1v15(&merchantKey().PublicKey, crypto.SHA256, digest[:], signature) != nil {
		c.t.Errorf("our request is signed wrongly: %v", form)
	}
	for name, want := range map[string]string{
		"app_id": alipayApp, "charset": "utf-8", "sign_type": "RSA2", "version": "1.0", "format": "JSON", "timestamp": "2026-05-20 21:29:35",
	} {
		if form.Get(name) != want {
			c.t.Errorf("%s is %q", name, form.Get(name))
		}
	}
}

func (c *alipayCompany) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Method != http.MethodPost || r.URL.RequestURI() != "/gateway.do?charset=utf-8" {
		c.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	c.verify(form)
	var in map[string]any
	if err := json.Unmarshal([]byte(form.Get("biz_content")), &in); err != nil {
		c.t.Error(err)
	}
	c.Lock()
	defer c.Unlock()
	c.requests, c.forms = append(c.requests, in), append(c.forms, form)
	c.say(w, form.Get("method"), c.decide(form.Get("method"), in))
}

func (c *alipayCompany) decide(method string, in map[string]any) map[string]any {
	refused := func(code string) map[string]any {
		return map[string]any{"code": "40004", "msg": "Business Failed", "sub_code": code, "sub_msg": "说明"}
	}
	number, _ := in["out_trade_no"].(string)
	order := c.orders[number]
	out := map[string]any{"code": "10000", "msg": "Success", "out_trade_no": number, "trade_no": "2026052022" + number[:8]}
	if c.mood == another {
		out["out_trade_no"] = strings.Repeat("0", 32)
	}
	switch method {
	case "alipay.trade.precreate":
		if !c.remember(number, money.MustParse(in["total_amount"].(string))) {
			return refused("ACQ.CONTEXT_INCONSISTENT")
		}
		out["qr_code"] = "https://qr.alipay.com/bavh4wjlxf12tper3a"
	case "alipay.trade.query":
		if order == nil {
			return refused("ACQ.TRADE_NOT_EXIST")
		}
		out["trade_status"], out["total_amount"], out["buyer_logon_id"] = "WAIT_BUYER_PAY", order.total.String(), "159****5620"
		if order.paid {
			out["trade_status"], out["send_pay_date"] = "TRADE_SUCCESS", "2026-05-20 21:29:35"
		}
	case "alipay.trade.refund":
		if c.mood == slow {
			out["fund_change"] = "N"
			return out
		}
		first, no := c.refund(number, in["out_request_no"].(string), money.MustParse(in["refund_amount"].(string)))
		switch no {
		case "unknown":
			return refused("ACQ.TRADE_NOT_EXIST")
		case "":
			out["fund_change"], out["refund_fee"] = map[bool]string{true: "Y", false: "N"}[first], in["refund_amount"]
		default:
			return refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
		}
	case "alipay.trade.fastpay.refund.query":
		refund := in["out_request_no"].(string)
		if amount, ok := order.refunded[refund]; ok {
			out["out_request_no"], out["refund_amount"], out["refund_status"] = refund, amount.String(), "REFUND_SUCCESS"
		}
	}
	return out
}

func (c *alipayCompany) say(w io.Writer, method string, out map[string]any) {
	said, err := json.Marshal(out)
	if err != nil {
		c.t.Error(err)
	}
	said = []byte(strings.ReplaceAll(string(said), "/", `\/`)) // as they do: the bytes are signed, not the meaning
	key, name := companyKey(), strings.ReplaceAll(method, ".", "_")+"_response"
	switch c.mood {
	case babbling:
		said = []byte(`[1]`)
	case endless:
		said = []byte(`"` + strings.Repeat("x", 2<<20) + `"`)
	case wrongKey:
		key = strangerKey()
	}
	sign := alipaySign(key, said)
	switch c.mood {
	case unsigned:
		sign = ""
	case altered:
		said = append(said[:len(said)-1], ",\"x\":1}"...)
	}
	_, _ = io.WriteString(w, `{"`+name+`":`+string(said)+`,"sign":"`+sign+`"}`)
}

// told is the form of a notification of an order paid, after change, not signed yet.
func (c *alipayCompany) told(o payment.Order, change func(url.Values)) url.Values {
	form := url.Values{}
	for k, v := range map[string]string{
		"notify_time": "2026-05-20 21:29:40", "notify_type": "trade_status_sync", "notify_id": "ac05099524730693a8b330c5ecf72da9786",
		"app_id": alipayApp, "auth_app_id": alipayApp, "charset": "utf-8", "version": "1.0", "sign_type": "RSA2",
		"trade_no": "2026052022" + o.Number()[:8], "out_trade_no": o.Number(), "buyer_id": "2088102122524333", "seller_id": alipaySeller,
		"trade_status": "TRADE_SUCCESS", "total_amount": o.Amount.String(), "receipt_amount": o.Amount.String(), "subject": "暖冬行动 & more=1",
		"gmt_create": "2026-05-20 21:29:20", "gmt_payment": "2026-05-20 21:29:35", "fund_bill_list": `[{"amount":"123.45","fundChannel":"ALIPAYACCOUNT"}]`,
	} {
		form.Set(k, v)
	}
	if change != nil {
		change(form)
	}
	return form
}

// alipaySigned signs a form as a notification: neither sign nor sign_type is signed.
func alipaySigned(key *rsa.PrivateKey, form url.Values) payment.Notification {
	form.Set("sign", alipaySign(key, alipayText(form, "sign", "sign_type")))
	return posted(form.Encode())
}

func posted(body string) payment.Notification {
	return payment.Notification{Body: []byte(body), At: now, Header: func(string) string { return "" }}
}
