package payment_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"fund/campaigns/payment"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// open is a company with one community as its customer.
func open(t *testing.T) *payment.Counterpart {
	t.Helper()
	db := pgtest.DB(t)
	const q = `INSERT INTO ledger.community (id, slug, name_zh, name_en, standard) VALUES (1, 'liuyun', '流云', 'Liuyun', 'npo')`
	if _, err := db.Owner.Exec(q); err != nil {
		t.Fatal(err)
	}
	company := payment.NewCounterpart(db.App, testKeys(t))
	company.Now = func() time.Time { return now }
	return company
}

func newOrder() payment.Order {
	return payment.Order{
		CommunityID: 1, Community: "liuyun", ID: uuid.New(), Amount: money.MustParse("123.45"), Currency: "CNY",
		Payee: payment.SandboxPayee, Description: "暖冬行动", Client: payment.Phone, ExpiresAt: now.Add(time.Hour),
		ReturnURL: "https://fund.test/c/liuyun", NotifyURL: "https://fund.test/c/liuyun/payments/sandbox/events",
	}
}

func checkout(t *testing.T, provider payment.Provider, o payment.Order) {
	t.Helper()
	if _, err := provider.Checkout(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

// Every scenario: what arrives is refused, differs or is right; and Query says what the company knows.
func TestScenarios(t *testing.T) {
	t.Parallel()
	company := open(t)
	provider := sandbox(company)
	tests := map[payment.Scenario]struct {
		told    int
		refused error
		differs payment.Reason
		state   payment.State
	}{
		payment.Normal:          {1, nil, "", payment.Paid},
		payment.Late:            {1, nil, "", payment.Paid},
		payment.Repeated:        {5, nil, "", payment.Paid},
		payment.Lost:            {0, nil, "", payment.Paid},
		payment.Decline:         {0, nil, "", payment.Failed},
		payment.WrongAmount:     {1, nil, payment.AmountDiffers, payment.Paid},
		payment.WrongCurrency:   {1, nil, payment.CurrencyDiffers, payment.Paid},
		payment.WrongPayee:      {1, nil, payment.PayeeDiffers, payment.Paid},
		payment.AlteredBody:     {1, payment.ErrSignature, "", payment.Paid},
		payment.ForgedSignature: {1, payment.ErrSignature, "", payment.Paid},
		payment.UnknownSerial:   {1, payment.ErrSignature, "", payment.Paid},
		payment.OldTimestamp:    {1, payment.ErrStale, "", payment.Paid},
	}
	for _, scenario := range payment.Scenarios() {
		t.Run(string(scenario), func(t *testing.T) {
			t.Parallel()
			want, o := tests[scenario], newOrder()
			checkout(t, provider, o)
			d, err := company.Pay(t.Context(), 1, o.ID, scenario)
			if err != nil {
				t.Fatal(err)
			}
			told := company.Notifications(d)
			if len(told) != want.told {
				t.Errorf("told %d times, want %d", len(told), want.told)
			}
			queried, err := provider.Query(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range told {
				e, err := provider.ParseEvent(t.Context(), n)
				if !errors.Is(err, want.refused) {
					t.Fatalf("ParseEvent: %v, want %v", err, want.refused)
				}
				if diff := cmp.Diff(queried, e, cmpopts.EquateApproxTime(0)); err == nil && diff != "" {
					t.Errorf("-queried +told\n%s", diff)
				}
			}
			if queried.State != want.state || queried.Order != o.ID || queried.Community != "liuyun" {
				t.Errorf("Query = %+v", queried)
			}
			if reason, _ := payment.Differs(o, queried); reason != want.differs {
				t.Errorf("differs in %q, want %q", reason, want.differs)
			}
			if parsed, ok := payment.ParseScenario(string(scenario)); !ok || parsed != scenario {
				t.Errorf("ParseScenario(%q) = %q, %t", scenario, parsed, ok)
			}
		})
	}
}

func TestCheckout(t *testing.T) {
	t.Parallel()
	company := open(t)
	provider := sandbox(company)
	o := newOrder()
	for client, kind := range map[payment.Client]payment.CheckoutKind{payment.Phone: payment.Redirect, payment.Desktop: payment.QR} {
		o.Client = client // asked again, the order is the same
		c, err := provider.Checkout(t.Context(), o)
		want := payment.Checkout{Kind: kind, URL: "https://fund.test/sandbox/pay/" + o.Number()}
		if err != nil || c != want {
			t.Errorf("on a %s: %+v, %v", client, c, err)
		}
	}
	found, err := company.Find(t.Context(), 1, o.ID)
	if diff := cmp.Diff(o, found.Order, cmpopts.EquateApproxTime(0), cmpopts.IgnoreFields(payment.Order{}, "Client")); err != nil || diff != "" {
		t.Errorf("Find: %v\n%s", err, diff)
	}
	refused := map[string]func(*payment.Order){
		"another amount":   func(o *payment.Order) { o.Amount = money.MustParse("1.00") },
		"another currency": func(o *payment.Order) { o.Currency = "USD" },
		"another payee":    func(o *payment.Order) { o.Payee = "1" },
		"no amount":        func(o *payment.Order) { o.ID, o.Amount = uuid.New(), money.Amount{} },
		"no payee":         func(o *payment.Order) { o.ID, o.Payee = uuid.New(), "" },
		"expired":          func(o *payment.Order) { o.ID, o.ExpiresAt = uuid.New(), now },
	}
	for name, change := range refused {
		bad := o
		change(&bad)
		if _, err := provider.Checkout(t.Context(), bad); !errors.Is(err, payment.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPayOnce(t *testing.T) {
	t.Parallel()
	company := open(t)
	provider := sandbox(company)
	o := newOrder()
	if _, err := company.Pay(t.Context(), 1, o.ID, payment.Normal); !errors.Is(err, payment.ErrUnknownOrder) {
		t.Errorf("before Checkout: %v", err)
	}
	if _, err := provider.Query(t.Context(), o); !errors.Is(err, payment.ErrUnknownOrder) {
		t.Errorf("before Checkout: %v", err)
	}
	checkout(t, provider, o)
	references := make([]string, 8)
	var all, looked sync.WaitGroup
	var looks atomic.Int64
	looked.Add(len(references))
	company.Now = func() time.Time { // the clock is read when the order is found pending: all find it so before any pays
		if looks.Add(1) <= int64(len(references)) {
			looked.Done()
			looked.Wait()
		}
		return now
	}
	for i := range references {
		all.Go(func() {
			d, err := company.Pay(t.Context(), 1, o.ID, payment.Normal)
			if err != nil {
				t.Error(err)
			}
			references[i] = d.Event.Reference
		})
	}
	all.Wait()
	for _, r := range references {
		if r == "" || r != references[0] {
			t.Errorf("paid more than once: %q", references)
		}
	}
	declined := newOrder()
	checkout(t, provider, declined)
	if _, err := company.Pay(t.Context(), 1, declined.ID, payment.Decline); err != nil {
		t.Fatal(err)
	}
	if _, err := company.Pay(t.Context(), 1, declined.ID, payment.Normal); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("after declining: %v", err)
	}
	expired := newOrder()
	checkout(t, provider, expired)
	company.Now = func() time.Time { return expired.ExpiresAt }
	if e, err := provider.Query(t.Context(), expired); err != nil || e.State != payment.Failed {
		t.Errorf("expired: %+v, %v", e, err)
	}
	if _, err := company.Pay(t.Context(), 1, expired.ID, payment.Normal); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("after it expired: %v", err)
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	company := open(t)
	provider := sandbox(company)
	o := newOrder()
	checkout(t, provider, o)
	refund := func(id uuid.UUID, amount string) (payment.RefundResult, error) {
		return provider.Refund(t.Context(), payment.RefundOrder{Order: o, ID: id, Amount: money.MustParse(amount)})
	}
	first, second := uuid.New(), uuid.New()
	if _, err := refund(first, "100.00"); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("before it was paid: %v", err)
	}
	if _, err := company.Pay(t.Context(), 1, o.ID, payment.Normal); err != nil {
		t.Fatal(err)
	}
	once, err := refund(first, "100.00")
	if err != nil || once.State != payment.Refunded || once.Reference == "" {
		t.Fatalf("Refund = %+v, %v", once, err)
	}
	if again, err := refund(first, "100.00"); err != nil || again != once {
		t.Errorf("again: %+v, %v; want %+v", again, err, once)
	}
	if _, err := refund(first, "23.45"); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("the same refund with another amount: %v", err)
	}
	if _, err := refund(second, "23.46"); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("more than is left: %v", err)
	}
	if e, err := provider.Query(t.Context(), o); err != nil || e.State != payment.Paid {
		t.Errorf("after a part: %+v, %v", e, err)
	}
	if _, err := refund(second, "23.45"); err != nil {
		t.Errorf("the rest: %v", err)
	}
	if e, err := provider.Query(t.Context(), o); err != nil || e.State != payment.Refunded {
		t.Errorf("after the rest: %+v, %v", e, err)
	}
	o.ID = uuid.New()
	if _, err := refund(uuid.New(), "1.00"); !errors.Is(err, payment.ErrUnknownOrder) {
		t.Errorf("of nothing: %v", err)
	}
}

// shop answers the company's calls in memory: codes in turn, then 204.
type shop struct {
	t        *testing.T
	provider payment.Provider
	codes    []int
	start    time.Time
	calls    []time.Duration // when, since the start
	parsed   []error
}

func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	_, err = s.provider.ParseEvent(r.Context(), payment.Notification{Header: r.Header.Get, Body: body, At: time.Now()})
	s.calls, s.parsed = append(s.calls, time.Since(s.start)), append(s.parsed, err)
	code := http.StatusNoContent
	if n := len(s.calls); n <= len(s.codes) {
		code = s.codes[n-1]
	}
	if code == 0 {
		return nil, errors.New("connection reset")
	}
	return &http.Response{StatusCode: code, Status: http.StatusText(code), Body: io.NopCloser(strings.NewReader(""))}, nil
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	const s = time.Second
	tests := map[string]struct {
		scenario payment.Scenario
		codes    []int
		calls    []time.Duration
		refused  []error
		gaveUp   bool
	}{
		"at once":              {payment.Normal, nil, []time.Duration{0}, []error{nil}, false},
		"until it is answered": {payment.Normal, []int{500, 0, 401}, []time.Duration{0, s, 3 * s, 6 * s}, []error{nil, nil, nil, nil}, false},
		"given up":             {payment.Normal, []int{500, 500, 500, 503}, []time.Duration{0, s, 3 * s, 6 * s}, []error{nil, nil, nil, nil}, true},
		"late":                 {payment.Late, nil, []time.Duration{30 * s}, []error{nil}, false},
		"lost":                 {payment.Lost, nil, nil, nil, false},
		"repeated":             {payment.Repeated, nil, make([]time.Duration, 5), make([]error, 5), false},
		"a replay, then afresh": {
			payment.OldTimestamp,
			[]int{401},
			[]time.Duration{0, s},
			[]error{payment.ErrStale, nil},
			false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				company := payment.WithoutDatabase(testKeys(t))
				company.RetryAfter = []time.Duration{s, 2 * s, 3 * s}
				shop := &shop{t: t, provider: sandbox(company), codes: test.codes, start: time.Now()}
				company.Client = &http.Client{Transport: shop}
				err := company.Deliver(t.Context(), payment.Delivery{URL: "http://shop.test/", Event: paidEvent(), Scenario: test.scenario})
				if (err != nil) != test.gaveUp {
					t.Errorf("Deliver: %v", err)
				}
				if diff := cmp.Diff(test.calls, shop.calls); diff != "" {
					t.Errorf("-wanted calls +got\n%s", diff)
				}
				if diff := cmp.Diff(test.refused, shop.parsed, cmpopts.EquateErrors()); diff != "" {
					t.Errorf("-wanted errors +got\n%s", diff)
				}
			})
		})
	}
}
