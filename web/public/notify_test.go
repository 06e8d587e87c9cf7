package public_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"fund/campaigns/payment"
)

// notify sends what the company would say of a payment to a community's address, and gives the answer's status.
func (h *house) notify(t testing.TB, id uuid.UUID, scenario payment.Scenario, community string) (status int) {
	t.Helper()
	news, err := h.Company.Pay(t.Context(), h.ID, id, scenario)
	if err != nil {
		t.Fatal(err)
	}
	for _, told := range h.Company.Notifications(news) {
		r, err := http.NewRequest(http.MethodPost, h.Base+"/c/"+community+"/pay/sandbox/notify", bytes.NewReader(told.Body))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Sandbox-Timestamp", "Sandbox-Nonce", "Sandbox-Signature", "Sandbox-Serial"} {
			r.Header.Set(name, told.Header(name))
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		status = answer.StatusCode
	}
	return status
}

// A forged, altered or replayed notification is refused with 401 and changes nothing; the right one is taken once.
func TestNotificationsThatAreNotTheCompanys(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	order := v.order("amount", "50.00")
	if !strings.HasPrefix(order.Path, "/c/angong/sandbox/pay/") {
		t.Fatal(order.Body)
	}
	id := get[uuid.UUID](t, h, `SELECT id FROM campaigns.donation`)
	for _, c := range []struct {
		scenario payment.Scenario
		status   int
		receipts int
	}{{"altered-body", 401, 0}, {"forged-signature", 401, 0}, {"unknown-serial", 401, 0}, {"old-timestamp", 401, 0}, {"normal", 204, 1}, {"normal", 204, 1}} {
		if got := h.notify(t, id, c.scenario, "angong"); got != c.status {
			t.Errorf("%s: %d", c.scenario, got)
		}
		if n := get[int](t, h, `SELECT count(*) FROM receipt.receipt`); n != c.receipts {
			t.Errorf("after %s: %d receipts", c.scenario, n)
		}
	}
	if got := h.notify(t, id, "normal", "nowhere"); got != 404 {
		t.Errorf("at another community: %d", got)
	}
	if at := v.post("/c/angong/pay/sandbox/notify", url.Values{"amount": {"50"}}); at.Status != 401 {
		t.Errorf("a form: %d", at.Status)
	}
	if at := v.post("/c/angong/pay/cash/notify", url.Values{}); at.Status != 401 {
		t.Errorf("for cash: %d", at.Status)
	}
	if age := time.Since(get[time.Time](t, h, `SELECT paid_at FROM campaigns.donation`)); age > time.Minute {
		t.Errorf("paid %v ago", age)
	}
}
