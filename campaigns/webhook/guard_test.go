package webhook_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/webhook"
)

func TestNobodyIsLedInside(t *testing.T) {
	t.Parallel()
	for address, public := range map[string]bool{
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "::1": false,
		"::ffff:127.0.0.1": false, "fd00::1": false, "fe80::1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
		"::": false, "2001:db8::1": false, "ff02::1": false, "240.0.0.1": false,
		"1.1.1.1": true, "120.53.53.53": true, "2606:4700::1111": true, "2400:3200::1": true,
	} {
		if got := webhook.Public(netip.MustParseAddr(address)); got != public {
			t.Errorf("%s is public: %v", address, got)
		}
	}
	h := open(t)
	s := h.add(webhook.EntriesPosted)
	told := func(problem string) {
		t.Helper()
		n := len(h.log(s))
		h.Do(t, func(tx *sqlx.Tx) error { return webhook.Test(t.Context(), tx, h.ID, s.ID, h.sender.Now()) })
		h.run(func() bool { return len(h.log(s)) > n && h.log(s)[0].Tries > 0 })
		if last := h.log(s)[0]; last.Problem != problem || last.State != "dropped" {
			t.Errorf("%+v, want %s", last, problem)
		}
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	t.Cleanup(elsewhere.Close)
	h.answer = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}
	told("redirect")
	// Without the test's setting this machine is not reached, whatever the name that leads there.
	h.answer, h.sender.Client = nil, webhook.Guarded(false)
	calls := len(h.got())
	told("private")
	_, err := h.Owner.Exec(`UPDATE webhook.subscriber SET url = replace(url, '127.0.0.1', 'localhost')`)
	h.must(err)
	told("private")
	if len(h.got()) != calls {
		t.Error("the inside was called")
	}
	for _, address := range []string{"http://example.org", "https://", "https://localhost/x", "https://a:b@example.org", "ftp://example.org", "https://example.org/#x", "example.org"} {
		tx := h.App.MustBegin()
		_, err := webhook.Add(t.Context(), tx, h.Community, webhook.Subscriber{URL: address, Events: webhook.Kinds}, h.crier, "user:1", time.Now())
		if !errors.Is(err, webhook.ErrAddress) {
			t.Errorf("%s: %v", address, err)
		}
		h.must(tx.Rollback())
	}
}
