package payment_test

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

var now = time.Date(2026, 5, 20, 13, 29, 35, 0, time.UTC)

func testKeys(t testing.TB) payment.SandboxKeys {
	t.Helper()
	keys, err := payment.ParseSandboxKeys(base64.StdEncoding.EncodeToString([]byte("a seed of exactly thirty-two byt")))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func sandbox(company *payment.Counterpart) *payment.Sandbox {
	return payment.NewSandbox(company, func(o payment.Order) string { return "https://fund.test/sandbox/pay/" + o.Number() })
}

func paidEvent() payment.Event {
	return payment.Event{
		Community: "liuyun", Order: uuid.MustParse("0198c5a0-7e7c-7d34-8c1b-4d2f9e1a6b70"), Reference: "P4200002186",
		State: payment.Paid, Amount: money.MustParse("123.45"), Currency: "CNY", Payee: payment.SandboxPayee, At: now,
	}
}

func TestEventsRoundTrip(t *testing.T) {
	t.Parallel()
	paid := paidEvent()
	refund := paid
	refund.Community, refund.Refund, refund.State = "", uuid.MustParse("0198c5a0-0000-7d34-8c1b-4d2f9e1a6b70"), payment.Refunded
	failed := paid
	failed.State = payment.Failed
	keys := testKeys(t)
	provider := sandbox(payment.WithoutDatabase(keys))
	for _, want := range []payment.Event{paid, refund, failed} {
		got, err := provider.ParseEvent(t.Context(), keys.Sign(want, now))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-signed +parsed\n%s", diff)
		}
	}
}

// with returns the notification with one header changed.
func with(n payment.Notification, name, value string) payment.Notification {
	old := n.Header
	n.Header = func(asked string) string {
		if asked == name {
			return value
		}
		return old(asked)
	}
	return n
}

func TestParseEventRefuses(t *testing.T) {
	t.Parallel()
	keys := testKeys(t)
	stranger, err := payment.ParseSandboxKeys(base64.StdEncoding.EncodeToString([]byte("another seed of thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	good := keys.Sign(paidEvent(), now)
	flipped := good
	flipped.Body = append([]byte(nil), good.Body...)
	flipped.Body[len(flipped.Body)/2] ^= 1
	arriving := func(after time.Duration) payment.Notification {
		n := good
		n.At = now.Add(after)
		return n
	}
	event := func(change func(*payment.Event)) payment.Notification {
		e := paidEvent()
		change(&e)
		return keys.Sign(e, now)
	}
	foreign := stranger.Sign(paidEvent(), now)
	sealedByStranger := keys.SignBody(foreign.Body, now)
	tests := map[string]struct {
		n    payment.Notification
		want error
	}{
		"good":                      {good, nil},
		"five minutes later":        {arriving(payment.MaxAge), nil},
		"a flipped bit":             {flipped, payment.ErrSignature},
		"a longer body":             {payment.Notification{Header: good.Header, Body: append(flipped.Body, ' '), At: now}, payment.ErrSignature},
		"no headers":                {payment.Notification{Header: func(string) string { return "" }, Body: good.Body, At: now}, payment.ErrSignature},
		"another timestamp":         {with(good, "Sandbox-Timestamp", "1779283776"), payment.ErrSignature},
		"another nonce":             {with(good, "Sandbox-Nonce", "593BEC0C930BF1AFEB40B4A08C8FB242"), payment.ErrSignature},
		"an unknown serial":         {with(good, "Sandbox-Serial", "0"), payment.ErrSignature},
		"an empty signature":        {with(good, "Sandbox-Signature", ""), payment.ErrSignature},
		"a signature of noise":      {with(good, "Sandbox-Signature", "not base64"), payment.ErrSignature},
		"a stranger":                {foreign, payment.ErrSignature},
		"a stranger as the company": {with(foreign, "Sandbox-Serial", good.Header("Sandbox-Serial")), payment.ErrSignature},
		"a replay":                  {arriving(payment.MaxAge + time.Second), payment.ErrStale},
		"from the future":           {arriving(-payment.MaxAge - time.Second), payment.ErrStale},
		"nobody said when it came":  {payment.Notification{Header: good.Header, Body: good.Body}, payment.ErrStale},
		"sealed by a stranger":      {sealedByStranger, payment.ErrMalformed},
		"not JSON":                  {keys.SignBody([]byte("<xml/>"), now), payment.ErrMalformed},
		"nothing":                   {keys.SignBody(nil, now), payment.ErrMalformed},
		"nothing sealed":            {keys.SignBody([]byte(`{}`), now), payment.ErrMalformed},
		"an empty resource":         {keys.SignResource([]byte(`{}`), now), payment.ErrMalformed},
		"zero fen":                  {event(func(e *payment.Event) { e.Amount = money.FromFen(0) }), payment.ErrMalformed},
		"negative fen":              {event(func(e *payment.Event) { e.Amount = money.FromFen(-1) }), payment.ErrMalformed},
		"thirteen digits of yuan":   {event(func(e *payment.Event) { e.Amount = money.FromFen(1e14) }), payment.ErrMalformed},
		"no payee":                  {event(func(e *payment.Event) { e.Payee = "" }), payment.ErrMalformed},
		"no currency":               {event(func(e *payment.Event) { e.Currency = "" }), payment.ErrMalformed},
		"no reference":              {event(func(e *payment.Event) { e.Reference = "" }), payment.ErrMalformed},
		"no time":                   {event(func(e *payment.Event) { e.At = time.Time{} }), payment.ErrMalformed},
		"an unheard-of state":       {event(func(e *payment.Event) { e.State = "lent" }), payment.ErrMalformed},
		"fen with a fraction": {
			keys.SignResource([]byte(`{"mchid":"1","out_trade_no":"0198c5a07e7c7d348c1b4d2f9e1a6b70","trade_state":"CLOSED","amount":{"total":1.5}}`), now),
			payment.ErrMalformed,
		},
		"a short order number": {
			keys.SignResource([]byte(`{"mchid":"1","out_trade_no":"0198c5","trade_state":"CLOSED","amount":{"total":1}}`), now),
			payment.ErrMalformed,
		},
	}
	provider := sandbox(payment.WithoutDatabase(keys))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := provider.ParseEvent(context.Background(), test.n)
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if err != nil && e != (payment.Event{}) {
				t.Errorf("refused, yet read: %+v", e)
			}
		})
	}
}

func FuzzParseEvent(f *testing.F) {
	keys := testKeys(f)
	provider := sandbox(payment.WithoutDatabase(keys))
	f.Add(keys.Sign(paidEvent(), now).Body)
	f.Add(payment.Resource(paidEvent()))
	f.Add([]byte(`{"out_refund_no":"0198c5a07e7c7d348c1b4d2f9e1a6b70","amount":{"refund":1}}`))
	f.Add([]byte(`{"resource":{"algorithm":"AEAD_AES_256_GCM","nonce":"123456789012","ciphertext":""}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, n := range []payment.Notification{keys.SignBody(data, now), keys.SignResource(data, now)} {
			e, err := provider.ParseEvent(t.Context(), n)
			if err != nil && !errors.Is(err, payment.ErrMalformed) {
				t.Errorf("rightly signed, yet %v", err)
			}
			if err == nil && (e.Amount.Sign() <= 0 || e.Payee == "" || e.State == "") {
				t.Errorf("accepted %+v", e)
			}
		}
		unsigned := keys.SignBody(nil, now)
		unsigned.Body = append(data, 0)
		if _, err := provider.ParseEvent(t.Context(), unsigned); !errors.Is(err, payment.ErrSignature) {
			t.Errorf("unsigned, yet %v", err)
		}
	})
}

func TestDiffers(t *testing.T) {
	t.Parallel()
	order := payment.Order{Amount: money.MustParse("123.45"), Currency: "CNY", Payee: payment.SandboxPayee}
	tests := map[payment.Reason]func(*payment.Event){
		"":                      func(*payment.Event) {},
		payment.AmountDiffers:   func(e *payment.Event) { e.Amount = money.MustParse("123.46") },
		payment.CurrencyDiffers: func(e *payment.Event) { e.Currency = "USD" },
		payment.PayeeDiffers:    func(e *payment.Event) { e.Payee, e.Currency = "1", "USD" }, // the gravest first
	}
	for want, change := range tests {
		e := paidEvent()
		change(&e)
		if got, differs := payment.Differs(order, e); got != want || differs != (want != "") {
			t.Errorf("got %q, %t; want %q", got, differs, want)
		}
	}
}

// stranger is a provider that moves real money.
type stranger struct{ payment.Cash }

func (stranger) Name() string { return "wechat" }

func TestSandboxNeverStandsBesideRealMoney(t *testing.T) {
	t.Parallel()
	pretend := sandbox(payment.WithoutDatabase(testKeys(t)))
	if _, err := payment.NewProviders(pretend, payment.Cash{}, stranger{}); !errors.Is(err, payment.ErrSandboxWithReal) {
		t.Errorf("sandbox, cash and wechat: %v", err)
	}
	if _, err := payment.NewProviders(stranger{}, stranger{}); err == nil {
		t.Error("the same provider twice is accepted")
	}
	if _, err := payment.NewProviders(stranger{}, payment.Cash{}); err != nil {
		t.Errorf("wechat and cash: %v", err)
	}
	providers, err := payment.NewProviders(pretend, payment.Cash{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"cash", "sandbox"}, providers.Names()); diff != "" {
		t.Error(diff)
	}
	if p, err := providers.Named("sandbox"); err != nil || p != payment.Provider(pretend) {
		t.Errorf("Named(sandbox) = %v, %v", p, err)
	}
	if _, err := providers.Named("wechat"); !errors.Is(err, payment.ErrUnknownProvider) {
		t.Errorf("Named(wechat): %v", err)
	}
}

func TestCashIsDoneByHand(t *testing.T) {
	t.Parallel()
	var desk payment.Provider = payment.Cash{}
	if c, err := desk.Checkout(t.Context(), payment.Order{}); err != nil || c.Kind != payment.Instructions {
		t.Errorf("Checkout = %v, %v", c, err)
	}
	if _, err := desk.ParseEvent(t.Context(), testKeys(t).Sign(paidEvent(), now)); !errors.Is(err, payment.ErrSignature) {
		t.Errorf("ParseEvent: %v", err)
	}
	if _, err := desk.Query(t.Context(), payment.Order{}); !errors.Is(err, payment.ErrByHand) {
		t.Errorf("Query: %v", err)
	}
	if _, err := desk.Refund(t.Context(), payment.RefundOrder{}); !errors.Is(err, payment.ErrByHand) {
		t.Errorf("Refund: %v", err)
	}
}

func TestKeysAreMadeOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	keys := make([]payment.SandboxKeys, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], err = payment.LoadSandboxKeys(dir); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	n := keys[0].Sign(paidEvent(), now)
	for _, k := range keys {
		if _, err := sandbox(payment.WithoutDatabase(k)).ParseEvent(t.Context(), n); err != nil {
			t.Errorf("two processes have two keys: %v", err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("in the key directory: %v, %v", files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the key: %v, %v", info.Mode(), err)
	}
	if _, err := payment.ParseSandboxKeys("c2hvcnQ="); err == nil {
		t.Error("a short key is accepted")
	}
}

func BenchmarkSign(b *testing.B) {
	keys, event := testKeys(b), paidEvent()
	b.ReportAllocs()
	for b.Loop() {
		keys.Sign(event, now)
	}
}

func BenchmarkParseEvent(b *testing.B) {
	keys := testKeys(b)
	provider, n := sandbox(payment.WithoutDatabase(keys)), keys.Sign(paidEvent(), now)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := provider.ParseEvent(b.Context(), n); err != nil {
			b.Fatal(err)
		}
	}
}
