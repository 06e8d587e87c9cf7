package public_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"fund/web/webtest"
)

// front stands before the house as a network does: it can be cut, answer nonsense, and pretend a new release.
type front struct {
	testing.TB
	address string
	server  *http.Server
	handler http.Handler
	answer  atomic.Int32 // a status to answer with; 0 passes on
	release atomic.Value // stands in the addresses of the assets
}

func (h *house) front(t testing.TB) *front {
	to, err := url.Parse(h.Base)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{TB: t, address: "127.0.0.1:0"}
	proxy := &httputil.ReverseProxy{ModifyResponse: f.rewrite, ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Header.Del("Accept-Encoding")
	}}
	f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := int(f.answer.Load()); status != 0 {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<h1>Bad gateway</h1>")
			return
		}
		proxy.ServeHTTP(w, r)
	})
	f.join()
	t.Cleanup(f.cut)
	return f
}

// rewrite hurries the slides, and gives a page the assets' addresses of another release.
func (f *front) rewrite(r *http.Response) error {
	release, _ := f.release.Load().(string)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	text := strings.NewReplacer("/static/", "/static/"+release, `data-hold="1"`, `data-hold="0.15"`).Replace(string(body))
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	r.Header.Del("Content-Length")
	return nil
}

func (f *front) join() {
	listener, err := net.Listen("tcp", f.address)
	if err != nil {
		f.Fatal(err)
	}
	f.address = listener.Addr().String()
	f.server = &http.Server{Handler: f.handler}
	go func() { _ = f.server.Serve(listener) }()
}

func (f *front) cut() { _ = f.server.Close() }

// until waits for something to be so on the page.
func until(t testing.TB, tab context.Context, expression string) {
	t.Helper()
	if _, err := chromedp.Run(tab, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(time.Minute))); err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
}

// turns waits until so many more slides have come.
func turns(t testing.TB, tab context.Context, n int) {
	t.Helper()
	webtest.Tell[int](t, tab, `window.turns = 0`)
	until(t, tab, `window.turns >= `+string(rune('0'+n)))
}

const watchTurns = `window.turns = 0; window.mark = "same page"; window.most = 0;
new MutationObserver((all) => { for (const m of all) for (const e of m.addedNodes) if (e.classList?.contains("screen")) window.turns++;
  window.most = Math.max(window.most, document.querySelectorAll("*").length) }).observe(document.body, {childList: true}); 1`

func TestTheCorridorScreenOutlivesItsServer(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.give("amount", "86.00", "name", "周婆婆", "show_name", "yes")
	f := h.front(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(1920, 1080), chromedp.Navigate("http://"+f.address+"/c/angong/screen?hold=1&lang=zh"), chromedp.WaitVisible(chromedp.CSS(".screen")))
	webtest.Run(t, tab, chromedp.Navigate("http://"+f.address+"/c/angong/screen?hold=1"), chromedp.WaitVisible(chromedp.CSS(".screen")))
	webtest.Tell[int](t, tab, watchTurns)
	old, nodes := `!document.querySelector("[data-old]").hidden`, `document.querySelectorAll("*").length`
	turns(t, tab, 5)
	most := webtest.Tell[int](t, tab, `window.most`)

	f.cut()
	until(t, tab, old)
	turns(t, tab, 5) // all four slides, and the first once more
	if sign := webtest.Tell[string](t, tab, `document.querySelector("[data-old]").textContent`); !strings.HasPrefix(sign, "网断了，数字是 ") {
		t.Errorf("the sign says %q", sign)
	}
	f.answer.Store(200)
	f.join()
	for _, status := range []int32{200, 302, 502} {
		f.answer.Store(status)
		webtest.Tell[int](t, tab, `dispatchEvent(new Event("online")); 1`)
		turns(t, tab, 2)
		if !webtest.Tell[bool](t, tab, old) {
			t.Errorf("an answer %d with nonsense in it passes for a slide", status)
		}
	}
	v.give("amount", "own", "own", "4000")
	f.answer.Store(0)
	webtest.Tell[int](t, tab, `dispatchEvent(new Event("online")); 1`)
	until(t, tab, `document.querySelector("[data-old]").hidden && document.body.innerText.includes("¥4,086")`)

	f.release.Store("next")
	until(t, tab, `document.documentElement.dataset.version.startsWith("/static/next") && document.querySelectorAll("link[rel=stylesheet][href^='/static/next']").length === 3`)
	turns(t, tab, 5)
	f.release.Store("") // the server before answers again
	until(t, tab, `!document.documentElement.dataset.version.startsWith("/static/next")`)
	turns(t, tab, 5)
	if mark := webtest.Tell[string](t, tab, `window.mark`); mark != "same page" {
		t.Errorf("the page was left: %q", mark)
	}
	if links := webtest.Tell[int](t, tab, `document.querySelectorAll("link[rel=stylesheet]").length`); links != 3 {
		t.Errorf("%d style sheets", links)
	}
	if now := webtest.Tell[int](t, tab, nodes); now > most+40 {
		t.Errorf("the page has grown from %d to %d elements", most, now)
	}
}

func TestTheCorridorScreenFitsAndIsCalm(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	long := dinner()
	long.Slug, long.TitleZH = "long", strings.Repeat("三号院老年人助浴与陪诊服务（春季）", 4)
	h.publish(t, long)
	for range 6 {
		v.give("amount", "own", "own", "1234.56", "name", "周婆婆", "show_name", "yes", "message", strings.Repeat("新年快乐，多放点醋。", 8), "show_message", "yes")
	}
	tab := webtest.Open(t)
	for _, size := range [][2]int64{{1920, 1080}, {1366, 768}, {1080, 1920}} {
		for _, slide := range []string{"1", "2", "3", "4", "5"} {
			webtest.Run(t, tab, chromedp.EmulateViewport(size[0], size[1]), chromedp.Navigate(h.Base+"/c/angong/screen?hold=600&slide="+slide), chromedp.WaitVisible(chromedp.CSS(".screen")))
			over := webtest.Tell[int](t, tab, `(m => Math.max(m.scrollHeight - m.clientHeight, m.scrollWidth - m.clientWidth, document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight))(document.querySelector(".main"))`)
			small := webtest.Tell[float64](t, tab, `Math.min(...[...document.querySelectorAll(".screen p, .screen li, .screen td, .screen h1")].map(e => parseFloat(getComputedStyle(e).fontSize))) / Math.min(innerWidth / Math.min(1920, innerWidth > innerHeight ? 1920 : 1080), innerHeight / (innerWidth > innerHeight ? 1080 : 1920))`)
			if over > 1 || small < 33 {
				t.Errorf("slide %s at %v: %d px too large, letters of %.1f units", slide, size, over, small)
			}
		}
	}
	still := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}
	moves := func() string {
		return webtest.Tell[string](t, tab, `getComputedStyle(document.querySelector(".main")).animationName`)
	}
	if moves() != "appear" {
		t.Errorf("slides come with %q", moves())
	}
	webtest.Run(t, tab, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, still)
		return err
	}))
	if moves() != "none" {
		t.Errorf("slides move for somebody who asked for calm: %q", moves())
	}
	if cursor := webtest.Tell[string](t, tab, `getComputedStyle(document.querySelector(".main")).cursor`); cursor != "none" {
		t.Errorf("a cursor: %q", cursor)
	}
}
