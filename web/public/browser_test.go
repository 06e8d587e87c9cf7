package public_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"fund/web/webtest"
)

func TestADonationOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	downloads, follow := t.TempDir(), true
	progress := chromedp.Events(tab, browser.DownloadProgress)
	webtest.Run(t, tab,
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+"/c/angong/campaigns"),
		chromedp.Click(`//a[text()="看看，捐一点"]`), chromedp.WaitVisible(chromedp.CSS("#give")),
		chromedp.Click(`//a[text()="捐一点"]`),
		chromedp.Click(`//label[contains(., "¥50")]`),
		chromedp.Click(chromedp.CSS("summary")), chromedp.SendKeys(chromedp.CSS("#f-name"), "周婆婆"),
		chromedp.Click(`//button[text()="下一步：去付款"]`),
		chromedp.WaitVisible(`//button[text()="付 ¥50.00"]`), chromedp.Click(`//button[text()="付 ¥50.00"]`),
		chromedp.WaitVisible(chromedp.CSS(".receipt")),
	)
	donor := webtest.Tell[string](t, tab, `document.querySelector(".receipt dd").innerText`)
	wide := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	elsewhere := webtest.Tell[string](t, tab, `performance.getEntriesByType("resource").map(r => r.name).filter(n => !n.startsWith(location.origin)).join()`)
	if donor != "周婆婆" || wide > 0 || elsewhere != "" {
		t.Errorf("receipt of %q, %d px too wide, asked elsewhere for %q", donor, wide, elsewhere)
	}
	webtest.Run(t, tab,
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
				Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: downloads, EventsEnabled: &follow,
				BrowserContextID: chromedp.FromContext(ctx).BrowserContextID,
			})
			return err
		}),
		chromedp.Click(`//a[text()="存成 PDF"]`),
	)
	for event, err := range progress {
		if err != nil {
			t.Fatal(err)
		}
		if event.State == browser.DownloadProgressStateCompleted {
			file, err := os.ReadFile(filepath.Join(downloads, event.GUID))
			if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) {
				t.Errorf("%.10q, %v", file, err)
			}
			break
		}
	}
	if n := get[int](t, h, `SELECT count(*) FROM receipt.receipt`); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

func TestADonationWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(h.Base+campaignPath), chromedp.WaitVisible(chromedp.CSS("#give")))
	walk := func(to string) { // with the tabulator, to what says so
		t.Helper()
		for range 60 {
			webtest.Run(t, tab, chromedp.KeyEvent(kb.Tab))
			here := webtest.Tell[string](t, tab, `(e => (e.closest("label")?.innerText ?? e.innerText ?? "") + "#" + e.id)(document.activeElement)`)
			if strings.Contains(here, to) {
				return
			}
		}
		t.Fatalf("the keyboard does not reach %s", to)
	}
	walk("¥20") // nothing is chosen yet: the first of the group
	down := chromedp.KeyEvent(kb.ArrowDown)
	webtest.Run(t, tab, chromedp.KeyEvent(" "), down, down, down, down)
	if chosen := webtest.Tell[string](t, tab, `document.querySelector("[name=amount]:checked").value`); chosen != "own" {
		t.Fatalf("chose %q", chosen)
	}
	if at := webtest.Tell[string](t, tab, `document.activeElement.id`); at != "f-own" {
		walk("#f-own")
	}
	webtest.Run(t, tab, chromedp.KeyEvent("66.60"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("[name=scenario]")))
	walk("付 ¥66.60")
	webtest.Run(t, tab, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".receipt")))
	if n := get[int](t, h, `SELECT count(*) FROM receipt.receipt WHERE amount = 66.60`); n != 1 {
		t.Errorf("%d receipts of ¥66.60", n)
	}
}
