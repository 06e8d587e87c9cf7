package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/webtest"
)

// TestOpenDataOnAPhone goes from any page's foot to the books' files, from there to the reference, and tries an address of it.
func TestOpenDataOnAPhone(t *testing.T) {
	t.Parallel()
	axe, tab := webtest.Axe(t), webtest.Open(t)
	base, _ := serveSample(t)
	look := func(name string) {
		t.Helper()
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", name, over)
		}
		webtest.Judge(t, tab, axe, name, webtest.EveryRule)
	}
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(base+"/c/angong/verify?lang=zh"))
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS("footer a[href$='/data']")), chromedp.WaitVisible(chromedp.CSS("a[href$='/data/books.journal']")))
	look("open data")
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS("main a[href$='/data/api']")), chromedp.WaitVisible(chromedp.CSS("#listEntries summary")))
	webtest.Tell[bool](t, tab, `document.querySelectorAll("details").forEach(d => d.open = true); true`)
	look("the reference")
	said := webtest.Tell[string](t, tab, `document.querySelector("#getEntry").innerText`)
	for _, words := range []string{"凭证号", "postings[].amount", "金额，如 1234.50", "curl '" + base} {
		if !strings.Contains(said, words) {
			t.Errorf("the reference of an entry does not say %q", words)
		}
	}
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS("#getFund a.btn")), chromedp.WaitVisible(chromedp.CSS("pre")))
	var fund struct{ Code string }
	if err := json.Unmarshal([]byte(webtest.Tell[string](t, tab, `document.querySelector("pre").innerText`)), &fund); err != nil || fund.Code != "general" {
		t.Errorf("the address to try answers %v, %v", fund, err)
	}
}
