package public_test

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fund/campaigns/payment"
)

// The two companies on this machine: they sign and encrypt as the real ones do, show the donor a page, tell us what was
// paid, and can be made to tell it wrongly. campaigns/payment tries the adapters themselves against stricter ones.

var (
	ourKey   = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	theirKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	otherKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const (
	sealKey  = "an APIv3 key has thirty-two byte"
	platform = "PUB_KEY_ID_0119000072912026052000388200000001"
	wechatID = "1900007291"
	sellerID = "2088102172404765"
)

// pending is an order as a company knows it.
type pending struct {
	fen       int64
	notify    string
	back      string
	community string
	paid      bool
	refunds   map[string]int64
}

// company is WeChat Pay or Alipay.
type company struct {
	t        testing.TB
	api      string // where we ask
	face     string // where the donor pays, over TLS
	provider payment.Provider

	mu      sync.Mutex
	orders  map[string]*pending
	last    string // the number of the latest order
	referer string // with which the donor came
}

// serveCompany hangs up the company's doors: the one for us and the one for donors.
func serveCompany(t testing.TB, answer, face http.HandlerFunc) *company {
	c := &company{t: t, orders: map[string]*pending{}}
	api, page := httptest.NewServer(answer), httptest.NewTLSServer(face)
	t.Cleanup(api.Close)
	t.Cleanup(page.Close)
	c.api, c.face = api.URL, page.URL
	return c
}

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func privatePEM(k *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(k))}))
}

func publicPEM(k *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(&k.PublicKey))}))
}

func signed(k *rsa.PrivateKey, message string) string {
	digest := sha256.Sum256([]byte(message))
	return base64.StdEncoding.EncodeToString(must(rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, digest[:])))
}

// openWeChat is WeChat Pay v3.
func openWeChat(t testing.TB) *company {
	t.Helper()
	var c *company
	c = serveCompany(t, func(w http.ResponseWriter, r *http.Request) { c.answerWeChat(w, r) }, func(w http.ResponseWriter, r *http.Request) { c.showFace(w, r, c.tellWeChat) })
	config, err := payment.LoadWeChatConfig(environment("FUND_WECHAT_APPID", "wxd678efh567hg6787", "FUND_WECHAT_MCHID", wechatID, "FUND_WECHAT_SERIAL", "3775B6A4",
		"FUND_WECHAT_KEY", privatePEM(ourKey()), "FUND_WECHAT_APIV3_KEY", sealKey, "FUND_WECHAT_PLATFORM_KEY", publicPEM(theirKey()),
		"FUND_WECHAT_PLATFORM_SERIAL", platform, "FUND_WECHAT_URL", c.api))
	if err != nil {
		t.Fatal(err)
	}
	c.provider = payment.NewWeChat(config)
	return c
}

func (c *company) answerWeChat(w http.ResponseWriter, r *http.Request) {
	body := must(io.ReadAll(r.Body))
	var in struct {
		Number string `json:"out_trade_no"`
		Attach string `json:"attach"`
		Notify string `json:"notify_url"`
		Refund string `json:"out_refund_no"`
		Amount struct{ Total, Refund int64 }
	}
	_ = json.Unmarshal(body, &in)
	c.mu.Lock()
	defer c.mu.Unlock()
	say := func(status int, out any) {
		text, at := must(json.Marshal(out)), strconv.FormatInt(time.Now().Unix(), 10)
		w.Header().Set("Wechatpay-Timestamp", at)
		w.Header().Set("Wechatpay-Nonce", "n")
		w.Header().Set("Wechatpay-Serial", platform)
		w.Header().Set("Wechatpay-Signature", signed(theirKey(), at+"\nn\n"+string(text)+"\n"))
		w.WriteHeader(status)
		_, _ = w.Write(text)
	}
	switch o := c.orders[in.Number]; {
	case strings.HasPrefix(r.URL.Path, "/v3/pay/transactions/out-trade-no/"):
		number := strings.TrimPrefix(r.URL.Path, "/v3/pay/transactions/out-trade-no/")
		if c.orders[number] == nil {
			say(404, map[string]string{"code": "ORDER_NOT_EXIST"})
			return
		}
		say(200, c.wechatTrade(number))
	case r.URL.Path == "/v3/refund/domestic/refunds":
		if o == nil || !o.paid {
			say(404, map[string]string{"code": "RESOURCE_NOT_EXISTS"})
			return
		}
		o.refunds[in.Refund] = in.Amount.Refund
		say(200, map[string]any{
			"refund_id": "50" + in.Refund[:20], "out_refund_no": in.Refund, "out_trade_no": in.Number, "status": "PROCESSING",
			"amount": map[string]any{"total": in.Amount.Total, "refund": in.Amount.Refund, "currency": "CNY"},
		})
	default:
		if o == nil {
			c.orders[in.Number] = &pending{fen: in.Amount.Total, notify: in.Notify, community: in.Attach, refunds: map[string]int64{}}
		}
		c.last = in.Number
		say(200, map[string]any{"code_url": "weixin://wxpay/bizpayurl?pr=" + in.Number[:8], "h5_url": c.face + "/pay?number=" + in.Number})
	}
}

func (c *company) wechatTrade(number string) map[string]any {
	o := c.orders[number]
	out := map[string]any{
		"appid": "wxd678efh567hg6787", "mchid": wechatID, "out_trade_no": number, "attach": o.community, "trade_state": "NOTPAY",
		"amount": map[string]any{"total": o.fen, "currency": "CNY"},
	}
	if o.paid {
		out["trade_state"], out["transaction_id"], out["success_time"] = "SUCCESS", "42"+number[:26], time.Now().Format(time.RFC3339)
	}
	return out
}

// showFace is the page on which a donor pays.
func (c *company) showFace(w http.ResponseWriter, r *http.Request, tell func(number string)) {
	number := r.FormValue("number")
	if r.Method == http.MethodGet {
		if r.URL.Path != "/pay" { // the browser asks for an icon
			http.NotFound(w, r)
			return
		}
		c.mu.Lock()
		c.referer = r.Referer()
		c.mu.Unlock()
		fmt.Fprintf(w, `<!doctype html><meta name="viewport" content="width=device-width"><form method="post"><input type="hidden" name="number" value="%s"><input type="hidden" name="back" value="%s"><button id="yes">付钱</button></form>`,
			number, r.FormValue("redirect_url"))
		return
	}
	c.pay(number)
	tell(number)
	http.Redirect(w, r, r.FormValue("back"), http.StatusSeeOther)
}

// pay is what a donor does in the wallet.
func (c *company) pay(number string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.orders[number].paid = true
}

func (c *company) order() (number string, o pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last, *c.orders[c.last]
}

// tellWeChat notifies us rightly.
func (c *company) tellWeChat(number string) {
	c.mu.Lock()
	to, body := c.orders[number].notify, sealedWeChat(sealKey, c.wechatTrade(number))
	c.mu.Unlock()
	if status := c.notifyWeChat(to, body, theirKey(), platform, time.Now()); status != 204 {
		c.t.Errorf("the notification of %s was answered %d", number, status)
	}
}

// sealedWeChat is the body of a notification.
func sealedWeChat(key string, resource any) []byte {
	aead := must(cipher.NewGCM(must(aes.NewCipher([]byte(key)))))
	nonce := "fdasflkja484"
	return must(json.Marshal(map[string]any{
		"id": "EV-1", "create_time": time.Now().Format(time.RFC3339), "resource_type": "encrypt-resource", "event_type": "TRANSACTION.SUCCESS",
		"resource": map[string]any{
			"algorithm": "AEAD_AES_256_GCM", "original_type": "transaction", "associated_data": "transaction", "nonce": nonce,
			"ciphertext": aead.Seal(nil, []byte(nonce), must(json.Marshal(resource)), []byte("transaction")),
		},
	}))
}

// notifyWeChat sends a body with the four headers.
func (c *company) notifyWeChat(to string, body []byte, key *rsa.PrivateKey, serial string, at time.Time) (status int) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	return c.post(to, "application/json", body, map[string]string{
		"Wechatpay-Timestamp": timestamp, "Wechatpay-Nonce": "nonce", "Wechatpay-Serial": serial,
		"Wechatpay-Signature": signed(key, timestamp+"\nnonce\n"+string(body)+"\n"),
	})
}

func (c *company) post(to, kind string, body []byte, header map[string]string) (status int) {
	r := must(http.NewRequest(http.MethodPost, to, strings.NewReader(string(body))))
	r.Header.Set("Content-Type", kind)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Error(err)
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}

// openAlipay is Alipay's page for phones.
func openAlipay(t testing.TB) *company {
	t.Helper()
	var c *company
	c = serveCompany(t, func(w http.ResponseWriter, r *http.Request) { c.answerAlipay(w, r) }, func(http.ResponseWriter, *http.Request) {})
	config, err := payment.LoadAlipayConfig(environment("FUND_ALIPAY_APPID", "2021000122600000", "FUND_ALIPAY_SELLER", sellerID,
		"FUND_ALIPAY_KEY", privatePEM(ourKey()), "FUND_ALIPAY_PUBLIC_KEY", publicPEM(theirKey()), "FUND_ALIPAY_URL", c.api))
	if err != nil {
		t.Fatal(err)
	}
	c.provider = payment.NewAlipay(config)
	return c
}

// sorted is what Alipay signs.
func sorted(form map[string]string) string {
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(form)) {
		pairs = append(pairs, k+"="+form[k])
	}
	return strings.Join(pairs, "&")
}

// answerAlipay takes the donor's phone with a signed address, then the press of the button on the page it shows.
func (c *company) answerAlipay(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" { // the browser asks for an icon
		http.NotFound(w, r)
		return
	}
	if number := r.PostFormValue("number"); number != "" {
		c.pay(number)
		_, o := c.order()
		if status := c.notifyAlipay(o.notify, c.told(number), theirKey()); status != 200 {
			c.t.Errorf("the notification of %s was answered %d", number, status)
		}
		http.Redirect(w, r, o.back, http.StatusSeeOther)
		return
	}
	form := map[string]string{}
	for k := range r.URL.Query() {
		form[k] = r.URL.Query().Get(k)
	}
	sign := must(base64.StdEncoding.DecodeString(form["sign"]))
	delete(form, "sign")
	digest := sha256.Sum256([]byte(sorted(form)))
	if rsa.VerifyPKCS1v15(&ourKey().PublicKey, crypto.SHA256, digest[:], sign) != nil {
		c.t.Error("our address is signed wrongly")
	}
	var order struct {
		Number string `json:"out_trade_no"`
		Amount string `json:"total_amount"`
	}
	_ = json.Unmarshal([]byte(form["biz_content"]), &order)
	c.mu.Lock()
	c.orders[order.Number] = &pending{fen: yuan(order.Amount).Fen(), notify: form["notify_url"], back: form["return_url"], refunds: map[string]int64{}}
	c.last = order.Number
	c.mu.Unlock()
	fmt.Fprintf(w, `<!doctype html><meta name="viewport" content="width=device-width"><form method="post" action="/"><input type="hidden" name="number" value="%s"><button id="yes">付钱</button></form>`, order.Number)
}

// told is what Alipay says of an order that was paid.
func (c *company) told(number string) map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	fen := c.orders[number].fen
	return map[string]string{
		"app_id": "2021000122600000", "seller_id": sellerID, "out_trade_no": number, "trade_no": "2026052022" + number[:18], "trade_status": "TRADE_SUCCESS",
		"total_amount": fmt.Sprintf("%d.%02d", fen/100, fen%100), "gmt_payment": time.Now().In(time.FixedZone("", 8*3600)).Format(time.DateTime), "notify_id": "n1",
	}
}

func (c *company) notifyAlipay(to string, form map[string]string, key *rsa.PrivateKey) (status int) {
	values := url.Values{"sign_type": {"RSA2"}, "sign": {signed(key, sorted(form))}}
	for k, v := range form {
		values.Set(k, v)
	}
	return c.post(to, "application/x-www-form-urlencoded", []byte(values.Encode()), nil)
}
