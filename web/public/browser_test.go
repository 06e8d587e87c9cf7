package public_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openBrowser starts Chromium with a window of a phone's size and with Chinese letters.
func openBrowser(t testing.TB) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium on this machine")
		}
		t.Skip("no Chromium on this machine")
	}
	home := t.TempDir()
	fonts, err := filepath.Abs("../static/fonts")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(fonts, filepath.Join(home, "fonts")); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Env("XDG_DATA_HOME="+home), chromedp.WSURLReadTimeout(time.Minute), chromedp.WindowSize(360, 740),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("accept-lang", "zh-CN"))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	run(t, ctx)
	return ctx
}

// run does steps in a browser. The first run starts it, and has no end of its own.
func run(t testing.TB, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if len(steps) > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
		defer cancel()
	}
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// tell asks a page for a value.
func tell[T any](t testing.TB, ctx context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestADonationOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := openBrowser(t)
	downloads, follow := t.TempDir(), true
	progress := chromedp.Events(tab, browser.DownloadProgress)
	run(t, tab,
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
	donor := tell[string](t, tab, `document.querySelector(".receipt dd").innerText`)
	wide := tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	elsewhere := tell[string](t, tab, `performance.getEntriesByType("resource").map(r => r.name).filter(n => !n.startsWith(location.origin)).join()`)
	if donor != "周婆婆" || wide > 0 || elsewhere != "" {
		t.Errorf("receipt of %q, %d px too wide, asked elsewhere for %q", donor, wide, elsewhere)
	}
	run(t, tab,
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
				Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: downloads, EventsEnabled: &follow,
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
	tab := openBrowser(t)
	run(t, tab, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(h.Base+campaignPath), chromedp.WaitVisible(chromedp.CSS("#give")))
	walk := func(to string) { // with the tabulator, to what says so
		t.Helper()
		for range 60 {
			run(t, tab, chromedp.KeyEvent(kb.Tab))
			here := tell[string](t, tab, `(e => (e.closest("label")?.innerText ?? e.innerText ?? "") + "#" + e.id)(document.activeElement)`)
			if strings.Contains(here, to) {
				return
			}
		}
		t.Fatalf("the keyboard does not reach %s", to)
	}
	walk("¥20") // nothing is chosen yet: the first of the group
	down := chromedp.KeyEvent(kb.ArrowDown)
	run(t, tab, chromedp.KeyEvent(" "), down, down, down, down)
	if chosen := tell[string](t, tab, `document.querySelector("[name=amount]:checked").value`); chosen != "own" {
		t.Fatalf("chose %q", chosen)
	}
	if at := tell[string](t, tab, `document.activeElement.id`); at != "f-own" {
		walk("#f-own")
	}
	run(t, tab, chromedp.KeyEvent("66.60"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("[name=scenario]")))
	walk("付 ¥66.60")
	run(t, tab, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".receipt")))
	if n := get[int](t, h, `SELECT count(*) FROM receipt.receipt WHERE amount = 66.60`); n != 1 {
		t.Errorf("%d receipts of ¥66.60", n)
	}
}
