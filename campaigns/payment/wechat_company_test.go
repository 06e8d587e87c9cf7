package payment_test

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

const (
	wechatApp      = "wxd678efh567hg6787"
	wechatMerchant = "1900007291"
	wechatOwn      = "3775B6A45ACD588826D15E583A95F5DD40F0A7F1" // the merchant's certificate
	wechatPlatform = "PUB_KEY_ID_0119000072912026052000388200000001"
	wechatSealKey  = "an APIv3 key has thirty-two byte"
)

// wechatCompany is WeChat Pay on this machine: it verifies our signatures as strictly as we verify its own.
type wechatCompany struct {
	t testing.TB
	customers
	config   payment.WeChatConfig
	provider *payment.WeChat
	requests []map[string]any // bodies of what was posted
}

func openWeChat(t testing.TB) *wechatCompany {
	t.Helper()
	c := &wechatCompany{t: t, customers: customers{orders: map[string]*customer{}}}
	url := serve(t, c.Mood, c.answer)
	config, err := payment.LoadWeChatConfig(environment{
		"FUND_WECHAT_APPID": wechatApp, "FUND_WECHAT_MCHID": wechatMerchant, "FUND_WECHAT_SERIAL": wechatOwn,
		"FUND_WECHAT_KEY": privatePEM(merchantKey()), "FUND_WECHAT_APIV3_KEY": wechatSealKey,
		"FUND_WECHAT_PLATFORM_KEY": publicPEM(companyKey()), "FUND_WECHAT_PLATFORM_SERIAL": wechatPlatform, "FUND_WECHAT_URL": url,
	}.get)
	if err != nil {
		t.Fatal(err)
	}
	config.Now = func() time.Time { return now }
	config.Timeout = time.Minute
	c.config, c.provider = config, payment.NewWeChat(config)
	return c
}

var wechatAuthorization = regexp.MustCompile(`^WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",nonce_str="(\w+)",signature="([^"]+)",timestamp="(\d+)",serial_no="(\w+)"$`)

// answer is the company's whole server.
func (c *wechatCompany) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	part := wechatAuthorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if part == nil || part[1] != wechatMerchant || part[5] != wechatOwn || r.Header.Get("Wechatpay-Serial") != wechatPlatform {
		c.t.Errorf("headers %v", r.Header)
		c.say(w, 401, map[string]any{"code": "SIGN_ERROR", "message": "签名错误"})
		return
	}
	message := r.Method + "\n" + r.URL.RequestURI() + "\n" + part[4] + "\n" + part[2] + "\n" + string(body) + "\n"
	digest := sha256.Sum256([]byte(message))
	signature, err := base64.StdEncoding.DecodeString(part[3])
	if err != nil || rsa.VerifyPKCS1v15(&merchantKey().PublicKey, crypto.SHA256, digest[:], signature) != nil {
		c.t.Error("our request is signed wrongly")
	}
	c.Lock()
	defer c.Unlock()
	var in map[string]any
	if r.Method == http.MethodPost {
		if err := json.Unmarshal(body, &in); err != nil {
			c.t.Error(err)
		}
		c.requests = append(c.requests, in)
	}
	code, out := c.decide(r, in)
	c.say(w, code, out)
}

func (c *wechatCompany) decide(r *http.Request, in map[string]any) (int, map[string]any) {
	refused := func(status int, code string) (int, map[string]any) {
		return status, map[string]any{"code": code, "message": "说明"}
	}
	fen := func(field string) money.Amount {
		return money.FromFen(int64(in["amount"].(map[string]any)[field].(float64)))
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/v3/pay/transactions/out-trade-no/"):
		number := strings.TrimPrefix(r.URL.Path, "/v3/pay/transactions/out-trade-no/")
		order := c.orders[number]
		if order == nil || r.URL.Query().Get("mchid") != wechatMerchant {
			return refused(404, "ORDER_NOT_EXIST")
		}
		if c.mood == another {
			number = strings.Repeat("0", 32)
		}
		return 200, order.wechat(number)
	case r.URL.Path == "/v3/refund/domestic/refunds":
		number, refund := in["out_trade_no"].(string), in["out_refund_no"].(string)
		switch _, no := c.refund(number, refund, fen("refund")); no {
		case "unknown":
			return refused(404, "RESOURCE_NOT_EXISTS")
		case "":
		default:
			return refused(400, "INVALID_REQUEST")
		}
		if c.mood == another {
			refund = strings.Repeat("0", 32)
		}
		status := "PROCESSING"
		if reason, ok := in["reason"].(string); ok && strings.HasPrefix(reason, "status ") {
			status = strings.TrimPrefix(reason, "status ")
		}
		return 200, map[string]any{
			"refund_id": "50" + refund[:20], "out_refund_no": refund, "out_trade_no": number, "status": status,
			"amount": map[string]any{"total": fen("total").Fen(), "refund": fen("refund").Fen(), "currency": "CNY", "payer_total": 1},
		}
	}
	if !c.remember(in["out_trade_no"].(string), fen("total")) {
		return refused(400, "INVALID_REQUEST")
	}
	if c.mood == another {
		return 200, map[string]any{"code_url": "javascript:1", "h5_url": "javascript:1"}
	}
	return 200, map[string]any{
		"code_url": "weixin://wxpay/bizpayurl?pr=" + in["out_trade_no"].(string)[:8],
		"h5_url":   "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2916&package=2150917749",
	}
}

func (c *customer) wechat(number string) map[string]any {
	r := map[string]any{
		"appid": wechatApp, "mchid": wechatMerchant, "out_trade_no": number, "attach": "liuyun", "trade_state": "NOTPAY",
		"trade_state_desc": "订单未支付", "amount": map[string]any{"total": c.total.Fen(), "payer_currency": "CNY"}, "payer": map[string]any{},
	}
	if c.paid {
		r["trade_state"], r["transaction_id"], r["trade_type"] = "SUCCESS", "4200002186"+number[:8], "NATIVE"
		r["success_time"] = now.In(time.FixedZone("", 8*3600)).Format(time.RFC3339)
		r["amount"] = map[string]any{"total": c.total.Fen(), "payer_total": c.total.Fen(), "currency": "CNY", "payer_currency": "CNY"}
	}
	return r
}

// say signs the answer, in the mood of the day.
func (c *wechatCompany) say(w http.ResponseWriter, code int, out map[string]any) {
	body, err := json.Marshal(out)
	if err != nil {
		c.t.Error(err)
	}
	key, serial, at := companyKey(), wechatPlatform, now
	switch c.mood {
	case babbling:
		body = []byte(`{"code_url":`)
	case endless:
		body = []byte(`"` + strings.Repeat("x", 2<<20) + `"`)
	case wrongKey:
		key = strangerKey()
	case unknownSerial:
		serial = "PUB_KEY_ID_0"
	case yesterday:
		at = now.Add(-24 * time.Hour)
	}
	n := wechatSigned(key, serial, body, at)
	for _, name := range wechatHeaders {
		if c.mood != unsigned {
			w.Header().Set(name, n.Header(name))
		}
	}
	if c.mood == altered {
		body = append(body, ' ')
	}
	w.WriteHeader(code)
	if _, err := w.Write(body); err != nil && c.mood != endless {
		c.t.Error(err)
	}
}

var wechatHeaders = []string{"Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Serial", "Wechatpay-Signature"}

// wechatSigned signs a body as WeChat Pay does, for an answer or a notification.
func wechatSigned(key *rsa.PrivateKey, serial string, body []byte, at time.Time) payment.Notification {
	timestamp, nonce := strconv.FormatInt(at.Unix(), 10), rand.Text()
	digest := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n", timestamp, nonce, body))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	header := httptest.NewRecorder().Header()
	for i, value := range []string{timestamp, nonce, serial, base64.StdEncoding.EncodeToString(signature)} {
		header.Set(wechatHeaders[i], value)
	}
	return payment.Notification{Header: header.Get, Body: body, At: at}
}

// wechatSealed seals a resource under a key, in the body of a notification.
func wechatSealed(key string, resource any) []byte {
	plain, err := json.Marshal(resource)
	if err != nil {
		panic(err)
	}
	return wechatSealedText(key, plain)
}

func wechatSealedText(key string, plain []byte) []byte {
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	nonce := "fdasflkja484"
	body, err := json.Marshal(map[string]any{
		"id": "EV-2018022511223320873", "create_time": "2026-05-20T13:29:35+08:00", "resource_type": "encrypt-resource",
		"event_type": "TRANSACTION.SUCCESS", "summary": "支付成功",
		"resource": map[string]any{
			"algorithm": "AEAD_AES_256_GCM", "original_type": "transaction", "associated_data": "transaction", "nonce": nonce,
			"ciphertext": aead.Seal(nil, []byte(nonce), plain, []byte("transaction")),
		},
	})
	if err != nil {
		panic(err)
	}
	return body
}

// tell is a notification of an order paid, after change, rightly signed at a moment.
func (c *wechatCompany) tell(o payment.Order, at time.Time, change func(resource map[string]any)) payment.Notification {
	c.Lock()
	defer c.Unlock()
	resource := c.orders[o.Number()].wechat(o.Number())
	if change != nil {
		change(resource)
	}
	return wechatSigned(companyKey(), wechatPlatform, wechatSealed(wechatSealKey, resource), at)
}

// impatient is a provider that waits for a moment only.
func (c *wechatCompany) impatient() *payment.WeChat {
	config := c.config
	config.Timeout = 200 * time.Millisecond
	return payment.NewWeChat(config)
}
