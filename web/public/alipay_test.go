package public_test

import (
	"crypto/rsa"
	"maps"
	"net/http"
	"strings"
	"testing"
)

// Alipay's form: any field altered is refused, and changes nothing.
func TestAlipayNotificationsThroughTheWeb(t *testing.T) {
	t.Parallel()
	c := openAlipay(t)
	h := open(t, c.provider)
	v := h.with(t, android)
	at := v.order("amount", "50.00")
	to := v.get(at.Path + "/pay")
	if !strings.HasPrefix(to.Header.Get("Location"), c.api+"?") {
		t.Fatalf("%d to %q: %s", to.Status, to.Header.Get("Location"), at.Body)
	}
	if opened, err := http.Get(to.Header.Get("Location")); err != nil || opened.Body.Close() != nil {
		t.Fatal(err)
	}
	number, o := c.order()
	right := c.told(number)
	sign := func(form map[string]string, key *rsa.PrivateKey) int { return c.notifyAlipay(o.notify, form, key) }
	for field := range right {
		altered := maps.Clone(right)
		altered[field] += "0"
		values := signedForm(altered, signed(theirKey(), sorted(right)))
		if status := c.post(o.notify, "application/x-www-form-urlencoded", []byte(values), nil); status != 401 {
			t.Errorf("another %s: %d", field, status)
		}
	}
	if status := sign(right, otherKey()); status != 401 {
		t.Errorf("a stranger's signature: %d", status)
	}
	for field, want := range map[string]int{"app_id": 400} {
		wrong := maps.Clone(right)
		wrong[field] = "2021000000000000"
		if status := sign(wrong, theirKey()); status != want {
			t.Errorf("another %s, rightly signed: %d", field, status)
		}
	}
	if n := h.receipts(t); n != 0 {
		t.Errorf("%d receipts", n)
	}
	for range 2 {
		if status := sign(right, theirKey()); status != 200 {
			t.Errorf("the right one: %d", status)
		}
	}
	if n := h.receipts(t); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

func TestAlipayPaysAnotherSeller(t *testing.T) {
	t.Parallel()
	c := openAlipay(t)
	h := open(t, c.provider)
	v := h.with(t, android)
	at := v.order("amount", "50.00")
	if opened, err := http.Get(v.get(at.Path + "/pay").Header.Get("Location")); err != nil || opened.Body.Close() != nil {
		t.Fatal(err)
	}
	number, o := c.order()
	wrong := c.told(number)
	wrong["seller_id"] = "2088000000000000"
	if status := c.notifyAlipay(o.notify, wrong, theirKey()); status != 200 {
		t.Errorf("answered %d", status)
	}
	if n, reason := h.receipts(t), get[string](t, h, `SELECT reason FROM campaigns.quarantine`); n != 0 || reason != "payee" {
		t.Errorf("%d receipts, put aside for %s", n, reason)
	}
	wantIn(t, "the donor's page", v.get(at.Path).Body, "对不上")
}

func signedForm(form map[string]string, sign string) string {
	values := make([]string, 0, len(form)+2)
	for k, v := range form {
		values = append(values, k+"="+strings.NewReplacer(" ", "%20", ":", "%3A").Replace(v))
	}
	return strings.Join(append(values, "sign_type=RSA2", "sign="+strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(sign)), "&")
}
