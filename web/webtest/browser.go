package webtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Open starts a Chromium of the test's own, its window 360 by 740, its language Chinese. Without a Chromium on the
// machine the test is skipped, or fails where CI is set.
func Open(t testing.TB) context.Context {
	t.Helper()
	home := t.TempDir()
	if err := os.Symlink(fonts(t), filepath.Join(home, "fonts")); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Env("XDG_DATA_HOME="+home), chromedp.WSURLReadTimeout(time.Minute), chromedp.WindowSize(360, 740),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("accept-lang", "zh-CN"))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	Run(t, ctx)
	return ctx
}

// program finds Chromium.
func program(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no Chromium on this machine")
	}
	t.Skip("no Chromium on this machine")
	return ""
}

// fonts is the repository's folder of fonts: a bare machine has no Chinese letters.
func fonts(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	return filepath.Join(dir, "web", "static", "fonts")
}

// Run does steps in a tab, within two minutes. Without steps it starts the tab, and has no end of its own.
func Run(t testing.TB, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if len(steps) > 0 {
		var cancel context.CancelFunc
		tab, cancel = context.WithTimeout(tab, 2*time.Minute)
		defer cancel()
	}
	if err := chromedp.Do(tab, steps...); err != nil {
		t.Fatal(err)
	}
}

// Tell asks a page for the value of an expression, or for what its promise comes to.
func Tell[T any](t testing.TB, tab context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.80s: %v", expression, err)
	}
	return value
}

// Enter gives a tab the cookies that a client's jar has for a site: whoever logged in there is logged in here.
func Enter(t testing.TB, tab context.Context, base string, jar http.CookieJar) {
	t.Helper()
	site, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	Run(t, tab, chromedp.Navigate(base+"/healthz"))
	for _, cookie := range jar.Cookies(site) {
		Tell[string](t, tab, fmt.Sprintf("document.cookie = %q", cookie.Name+"="+cookie.Value+"; path=/"))
	}
}
