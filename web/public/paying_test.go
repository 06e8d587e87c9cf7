package public_test

import (
	"crypto/rsa"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/ledger"
)

const (
	android  = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
	windows  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36"
	inWeChat = android + " MicroMessenger/8.0.49"
)

// with is a visitor whose browser calls itself so, and who follows no redirect away from the site.
func (h *house) with(t testing.TB, agent string) *visitor {
	v := h.visitor(t)
	v.agent = agent
	v.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), h.Base) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return v
}

func (h *house) receipts(t testing.TB) int {
	t.Helper()
	return get[int](t, h, `SELECT count(*) FROM receipt.receipt`)
}

// Whatever WeChat Pay sends, or somebody in its name: what is not its word, or not about this order, changes nothing but the
// treasurer's list.
func TestWeChatNotificationsThroughTheWeb(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) func(map[string]any) {
		return func(r map[string]any) { r[name] = value }
	}
	amount := func(fen int, currency string) func(map[string]any) {
		return set("amount", map[string]any{"total": fen, "currency": currency})
	}
	tests := map[string]struct {
		change   func(map[string]any)
		key      func() *rsa.PrivateKey
		serial   string
		seal     string
		age      time.Duration
		alter    bool
		path     string
		status   int
		receipts int
		state    string
	}{
		"right":                   {status: 204, receipts: 1, state: "paid"},
		"late, but in time":       {age: 4 * time.Minute, status: 204, receipts: 1, state: "paid"},
		"a replay":                {age: 6 * time.Minute, status: 401, state: "pending"},
		"from the future":         {age: -6 * time.Minute, status: 401, state: "pending"},
		"a stranger's key":        {key: otherKey, status: 401, state: "pending"},
		"our own key":             {key: ourKey, status: 401, state: "pending"},
		"an unknown serial":       {serial: "PUB_KEY_ID_0", status: 401, state: "pending"},
		"altered on the way":      {alter: true, status: 401, state: "pending"},
		"sealed by another":       {seal: "another APIv3 key of thirty-two ", status: 400, state: "pending"},
		"for another app":         {change: set("appid", "wx8888888888888888"), status: 400, state: "pending"},
		"to another merchant":     {change: set("mchid", "1900000109"), status: 204, state: "quarantined"},
		"another amount":          {change: amount(1, "CNY"), status: 204, state: "quarantined"},
		"another currency":        {change: amount(5000, "HKD"), status: 204, state: "quarantined"},
		"of another community":    {change: set("attach", "elsewhere"), status: 404, state: "pending"},
		"at another community":    {path: "/c/elsewhere/pay/wechat/notify", status: 404, state: "pending"},
		"of an unknown order":     {change: set("out_trade_no", strings.Repeat("0", 32)), status: 404, state: "pending"},
		"not paid":                {change: set("trade_state", "CLOSED"), status: 204, state: "pending"},
		"at a way that is not on": {path: "/c/angong/pay/alipay/notify", status: 404, state: "pending"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openWeChat(t)
			h := open(t, c.provider)
			h.Do(t, func(tx *sqlx.Tx) error {
				_, err := ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "elsewhere", NameZH: "别处", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
				return err
			})
			v := h.with(t, android)
			at := v.order("amount", "50.00")
			number, o := c.order()
			if o.fen != 5000 || !strings.Contains(at.Body, "正在打开微信") {
				t.Fatalf("%d fen asked, at %s: %s", o.fen, at.Path, at.Body)
			}
			c.pay(number)
			trade := c.wechatTrade(number)
			if test.change != nil {
				test.change(trade)
			}
			key, serial, seal, to := theirKey, platform, sealKey, o.notify
			if test.key != nil {
				key = test.key
			}
			if test.serial != "" {
				serial = test.serial
			}
			if test.seal != "" {
				seal = test.seal
			}
			if test.path != "" {
				to = h.Base + test.path
			}
			body := sealedWeChat(seal, trade)
			at2 := time.Now().Add(-test.age)
			for range 2 { // and told again
				status := 0
				if test.alter {
					status = c.post(to, "application/json", append(body, ' '), wechatHeaders(body, key(), serial, at2))
				} else {
					status = c.notifyWeChat(to, body, key(), serial, at2)
				}
				if status != test.status {
					t.Errorf("answered %d, want %d", status, test.status)
				}
			}
			if n, state := h.receipts(t), get[string](t, h, `SELECT state FROM campaigns.donation`); n != test.receipts || state != test.state {
				t.Errorf("%d receipts, the donation is %s", n, state)
			}
			want := 0
			if test.state == "quarantined" {
				want = 1
			}
			if n := get[int](t, h, `SELECT count(*) FROM campaigns.quarantine`); n != want {
				t.Errorf("%d put aside", n)
			}
		})
	}
}

func wechatHeaders(body []byte, key *rsa.PrivateKey, serial string, at time.Time) map[string]string {
	timestamp := at.Format("20060102")
	return map[string]string{
		"Wechatpay-Timestamp": timestamp, "Wechatpay-Nonce": "nonce", "Wechatpay-Serial": serial,
		"Wechatpay-Signature": signed(key, timestamp+"\nnonce\n"+string(body)+"\n"),
	}
}

// One notification from many senders at once is one gift.
func TestWeChatTellsManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	c := openWeChat(t)
	h := open(t, c.provider)
	h.with(t, android).order("amount", "50.00")
	number, _ := c.order()
	c.pay(number)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { c.tellWeChat(number) })
	}
	all.Wait()
	if n := h.receipts(t); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

// A notification that is lost is found when the donor says so, and nothing is when the donor has not paid.
func TestADonorSaysItIsPaid(t *testing.T) {
	t.Parallel()
	c := openWeChat(t)
	h := open(t, c.provider)
	v := h.with(t, windows)
	at := v.order("amount", "50.00")
	asked := func() answer { return v.post(at.Path+"/paid", v.form(at.Path)) }
	wantIn(t, "before it is paid", asked().Body, "还没说收到")
	number, _ := c.order()
	c.pay(number)
	if got := asked(); !strings.HasPrefix(got.Path, "/r/") || h.receipts(t) != 1 {
		t.Errorf("at %s: %s", got.Path, got.Body)
	}
	if got := asked(); !strings.HasPrefix(got.Path, "/r/") || h.receipts(t) != 1 {
		t.Errorf("said again: at %s", got.Path)
	}
	stranger := h.with(t, windows)
	id := get[string](t, h, `SELECT id FROM campaigns.donation`)
	for _, path := range []string{"/pay", "/transfer.pdf"} {
		if got := stranger.get("/c/angong/donations/" + id + path); got.Status != 404 {
			t.Errorf("a stranger at %s: %d", path, got.Status)
		}
	}
	for _, path := range []string{"/paid", "/renewal"} {
		if got := stranger.post("/c/angong/donations/"+id+path, stranger.form(campaignPath)); got.Status != 404 {
			t.Errorf("a stranger at %s: %d", path, got.Status)
		}
	}
}

// On a desktop there is a code, the same when the page is read again; when its time is over, a new one.
func TestACodeOnADesktop(t *testing.T) {
	t.Parallel()
	c := openWeChat(t)
	h := open(t, c.provider)
	v := h.with(t, windows)
	at := v.order("amount", "50.00", "name", "周婆婆")
	wantIn(t, "the page", at.Body, "用微信扫这个码", "¥50.00", `<svg class="qr"`, "我付好了", "前有效，还有 120 分钟", "wait.js")
	if !strings.Contains(at.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("headers %v", at.Header)
	}
	again := v.get(at.Path)
	if cut(again.Body, `<svg class="qr"`, "</svg>") != cut(at.Body, `<svg class="qr"`, "</svg>") {
		t.Error("read again, the page has another code")
	}
	if _, err := h.Owner.Exec(`UPDATE campaigns.donation SET created_at = created_at - interval '3 hours'`); err != nil {
		t.Fatal(err)
	}
	over := v.get(at.Path)
	wantIn(t, "when its time is over", over.Body, "这一单过了时间", "再付一次 ¥50.00")
	wantNot(t, "when its time is over", over.Body, `<svg class="qr"`)
	fresh := v.post(at.Path+"/renewal", fields(over.Body))
	wantIn(t, "the new page", fresh.Body, "用微信扫这个码", "还有 120 分钟")
	if twice := v.post(at.Path+"/renewal", fields(over.Body)); twice.Path != fresh.Path || fresh.Path == at.Path {
		t.Errorf("%s, and pressed twice %s", fresh.Path, twice.Path)
	}
	number, _ := c.order()
	c.pay(number)
	c.tellWeChat(number)
	wantIn(t, "the receipt", v.get(fresh.Path).Body, "收据", "周婆婆")
}

func cut(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// WeChat's own browser opens no company's page: the gift is written down, and goes on in another browser.
func TestInWeChatsBrowser(t *testing.T) {
	t.Parallel()
	c := openWeChat(t)
	h := open(t, c.provider)
	at := h.with(t, inWeChat).order("amount", "50.00")
	wantIn(t, "the page", at.Body, "换个浏览器付款", "在浏览器打开", "¥50.00")
	if n, _ := c.orders[""], 0; n != nil || len(c.orders) != 0 {
		t.Errorf("%d orders were made", len(c.orders))
	}
	other := h.with(t, android)
	going := other.get(at.Path)
	wantIn(t, "in another browser", going.Body, "还没付？回去付款")
	if policy := going.Header.Get("Referrer-Policy"); policy != "strict-origin-when-cross-origin" { // the company looks where the donor comes from
		t.Errorf("Referrer-Policy: %s", policy)
	}
	if got := other.get(at.Path + "/pay"); got.Status != 303 || !strings.HasPrefix(got.Header.Get("Location"), c.face) {
		t.Errorf("%d to %s", got.Status, got.Header.Get("Location"))
	}
}

// A refund that WeChat Pay works on is done when it says so, or when it is asked.
func TestARefundOnItsWay(t *testing.T) {
	t.Parallel()
	c := openWeChat(t)
	h := open(t, c.provider)
	h.with(t, android).order("amount", "50.00")
	number, o := c.order()
	c.pay(number)
	c.tellWeChat(number)
	id, refund := get[uuid.UUID](t, h, `SELECT id FROM campaigns.donation`), uuid.Must(uuid.NewV7())
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, h.Community, id, refund, yuan("20"), "多付了", "user:1", time.Now())
		return err
	})
	following := campaigns.Following{DB: h.Database.App, Providers: h.Donors.Providers, NotifyURL: func(_ ledger.Community, provider string) string {
		return h.Base + "/c/angong/pay/" + provider + "/notify"
	}}
	h.work(t, following)
	state := func() campaigns.ProgressState {
		r, err := campaigns.FindRefund(t.Context(), h.Database.App, h.ID, refund)
		if err != nil {
			t.Fatal(err)
		}
		return r.State
	}
	if got := state(); got != campaigns.UnderWay {
		t.Fatalf("asked for, the refund is %q", got)
	}
	tell := func(of uuid.UUID, fen int, status string) int {
		return c.notifyWeChat(o.notify, sealedWeChat(sealKey, map[string]any{
			"mchid": wechatID, "transaction_id": "42" + number[:26], "out_trade_no": number, "out_refund_no": (payment.Order{ID: of}).Number(), "refund_status": status,
			"success_time": time.Now().Format(time.RFC3339), "amount": map[string]any{"total": 5000, "refund": fen},
		}), theirKey(), platform, time.Now())
	}
	if status := tell(uuid.New(), 2000, "SUCCESS"); status != 404 {
		t.Errorf("of an unknown refund: %d", status)
	}
	if status := tell(refund, 1999, "SUCCESS"); status != 404 || state() != campaigns.UnderWay {
		t.Errorf("of less: %d, %s", status, state())
	}
	for range 2 {
		if status := tell(refund, 2000, "SUCCESS"); status != 204 || state() != campaigns.Done {
			t.Errorf("%d, %s", status, state())
		}
	}
	if status := tell(refund, 2000, "ABNORMAL"); status != 204 || state() != campaigns.Done {
		t.Errorf("what is done is done: %d, %s", status, state())
	}
}

// work does what the outbox holds.
func (h *house) work(t testing.TB, f campaigns.Following) {
	t.Helper()
	handlers := campaigns.Handlers(f)
	var rows []struct {
		ID      uuid.UUID `db:"id"`
		Kind    string    `db:"kind"`
		Payload []byte    `db:"payload"`
	}
	if err := h.Owner.Select(&rows, `SELECT id, kind, payload FROM outbox.message WHERE community_id = $1 AND done_at IS NULL ORDER BY id`, h.ID); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if handle := handlers[row.Kind]; handle != nil {
			if err := handle(t.Context(), message(h.ID, row.ID, row.Kind, row.Payload)); err != nil {
				t.Errorf("%s: %v", row.Kind, err)
			}
		}
	}
}

func message(community int, id uuid.UUID, kind string, payload []byte) outbox.Message {
	return outbox.Message{CommunityID: community, ID: id, Kind: kind, Payload: payload}
}
