package desk_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"fund/campaigns/outbox"
	"fund/campaigns/webhook"
	"fund/web/auth"
	"fund/web/webtest"
)

const webhooksPath = "/c/angong/desk/webhooks"

// TestRegisteringAnAddressOnAPhone goes from an address that cannot be called to one that gets a test, with its secret shown once.
func TestRegisteringAnAddressOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	administrator := h.as(t, auth.Administrator)
	axe, tab := webtest.Axe(t), webtest.Open(t)
	enter(t, tab, administrator)
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() {
		_ = outbox.Run(ctx, h.App, outbox.Lane{Handlers: webhook.Handlers(h.Staff.Hooks), Options: outbox.Options{Poll: 20 * time.Millisecond}})
	})
	t.Cleanup(func() { cancel(); working.Wait() })
	look := func(name string) {
		t.Helper()
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", name, over)
		}
		webtest.Judge(t, tab, axe, name, webtest.EveryRule)
	}
	text := func() string { return webtest.Tell[string](t, tab, `document.querySelector("main").innerText`) }
	css := func(s string) chromedp.CSS { return chromedp.CSS(s) }
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(h.Base+webhooksPath))
	look("no address yet")
	webtest.Run(t, tab, chromedp.SendKeys(css("#f-url"), "http://10.0.0.1/hook"), chromedp.Click(css("form.sheet .btn.main")), chromedp.WaitVisible(css(".wrong-sum")))
	look("an address to be mended")
	webtest.Run(t, tab, chromedp.SetValue(css("#f-url"), "https://books.example.org/fund-hook"), chromedp.Click(css("form.sheet .btn.main")), chromedp.WaitVisible(css(".secret")))
	look("the secret")
	secret := webtest.Tell[string](t, tab, `document.querySelector(".secret").innerText`)
	if !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("the secret is %q", secret)
	}
	webtest.Run(t, tab, chromedp.Click(css("a.btn.main")), chromedp.WaitVisible(css("form[action$='/test'] button")))
	webtest.Run(t, tab, chromedp.Click(css("form[action$='/test'] button")), chromedp.WaitVisible(css(".flash")))
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(text(), "送到了"); {
		if time.Now().After(deadline) {
			t.Fatalf("the test does not arrive: %s", text())
		}
		webtest.Run(t, tab, chromedp.Navigate(webtest.Tell[string](t, tab, `location.pathname.startsWith("/") ? location.origin + location.pathname : ""`)))
	}
	look("a subscriber")
	here := strings.TrimPrefix(webtest.Tell[string](t, tab, `location.href`), h.Base)
	webtest.Run(t, tab, chromedp.Click(css("form[action$='/pause'] button")), chromedp.WaitVisible(css("form[action$='/resume'] button")))
	if said := text(); !strings.Contains(said, "是我们停的") {
		t.Error(said)
	}
	// What was shown once is shown nowhere again, and stands in no table.
	for _, path := range []string{webhooksPath, here, "/c/angong/desk/audit"} {
		if strings.Contains(administrator.get(path).Body, secret) {
			t.Errorf("%s shows the secret", path)
		}
	}
	rotated := administrator.post(here+"/secret", administrator.form(here))
	if !strings.Contains(rotated.Body, "whsec_") || strings.Contains(rotated.Body, secret) {
		t.Error("a new secret is shown once, and is another")
	}
	if got := administrator.post(here+"/removal", url.Values{}); got.Status != 403 {
		t.Errorf("removed without a form: %d", got.Status)
	}
	wantAt(t, administrator.post(here+"/removal", administrator.form(here)), webhooksPath)
	if got := administrator.get(here); got.Status != 404 {
		t.Errorf("a removed one is there: %d", got.Status)
	}
}
