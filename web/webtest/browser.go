package webtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Tests are a package's tests that share one Chromium. It starts with the first that opens a tab, and ends with them all.
type Tests struct{ *testing.M }

// shared is the Chromium of this process.
var shared struct {
	home    string // its folder; "" where nobody runs Tests
	once    sync.Once
	browser context.Context
	err     error
	end     context.CancelFunc
}

// Run runs the tests, and ends the Chromium they shared.
func (m Tests) Run() int {
	home, err := os.MkdirTemp("", "fund-browser-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	shared.home = home
	code := m.M.Run()
	if shared.end != nil {
		shared.end()
	}
	if err := os.RemoveAll(home); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return code
}

// Open gives a test a tab of its own that shares nothing with others: no cookies, no storage, no worker. Its window is that of a
// phone, its language Chinese. Without a Chromium on the machine the test is skipped, or fails where CI is set.
func Open(t testing.TB) context.Context {
	t.Helper()
	if shared.home == "" {
		t.Fatal("this package has no TestMain that runs webtest.Tests")
	}
	path := program(t)
	shared.once.Do(func() { shared.err = start(path) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	tab, cancel := chromedp.NewContext(shared.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	Run(t, tab)
	return tab
}

// start starts the Chromium that is shared.
func start(path string) error {
	letters, err := fonts()
	if err == nil {
		err = os.Symlink(letters, filepath.Join(shared.home, "fonts"))
	}
	if err != nil {
		return err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(filepath.Join(shared.home, "profile")), chromedp.Env("XDG_DATA_HOME="+shared.home), chromedp.WSURLReadTimeout(time.Minute), chromedp.WindowSize(360, 740),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("accept-lang", "zh-CN"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	browser, leave := chromedp.NewContext(allocator)
	shared.browser, shared.end = browser, func() { leave(); stop() }
	return chromedp.Do(browser)
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
func fonts() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	return filepath.Join(dir, "web", "static", "fonts"), nil
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
