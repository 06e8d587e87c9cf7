package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"fund/web"
	"fund/web/i18n"
	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// words is a log that may be read while it is written.
type words struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

func open(t testing.TB, change func(*web.Config)) (*web.App, *words) {
	t.Helper()
	log := &words{}
	config := web.Config{
		BaseURL: "https://example.com", Secret: bytes.Repeat([]byte("s"), 32),
		Log: slog.New(slog.NewTextHandler(log, nil)),
		Templates: page.Overlay(fstest.MapFS{"public/hello.html": {Data: []byte(
			`{{define "title"}}Hello{{end}}{{define "main"}}{{.}}<form method="post">{{csrf}}</form>{{end}}`)}}, page.Templates),
		Communities: func(_ context.Context, slug string) (page.Community, error) {
			if slug != "angong" {
				return page.Community{}, page.ErrNotFound
			}
			return page.Community{ID: 7, Slug: slug, Name: i18n.Text{ZH: "安公社区"}}, nil
		},
		Routes: []web.Route{
			{Method: "GET", Path: "/c/:community/hello", Handle: func(c *fiber.Ctx) error {
				return page.Cached(c, "public/hello", func() (any, error) { return strings.Repeat("公账 ", 2000), nil })
			}},
			{Method: "POST", Path: "/c/:community/hello", Handle: func(c *fiber.Ctx) error { return c.SendString("taken") }},
			{Method: "POST", Path: "/hooks/pay", Machine: true, Handle: func(c *fiber.Ctx) error { return c.Send(c.Body()) }},
			{Method: "POST", Path: "/upload", Machine: true, BodyMax: 1 << 20, Handle: func(c *fiber.Ctx) error {
				return c.SendString(fmt.Sprint(len(c.Body())))
			}},
			{Method: "GET", Path: "/r/:token", Handle: func(c *fiber.Ctx) error { return c.SendString(c.Params("token")) }},
			{Method: "GET", Path: "/panic", Handle: func(*fiber.Ctx) error { panic("of 王婆婆") }},
			{Method: "GET", Path: "/desk", Right: "desk.see", Handle: func(c *fiber.Ctx) error { return c.SendString("desk") }},
			{Method: "GET", Path: "/often", Limit: "often", Handle: func(c *fiber.Ctx) error { return c.SendString("again") }},
			{Method: "GET", Path: "/live", Handle: func(c *fiber.Ctx) error { return page.Stream(c, "campaign:1") }},
			{Method: "GET", Path: "/context", Handle: func(c *fiber.Ctx) error {
				if _, ok := c.UserContext().Deadline(); !ok {
					return errors.New("no deadline")
				}
				return c.SendString(c.IP())
			}},
		},
	}
	if change != nil {
		change(&config)
	}
	app, err := web.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return app, log
}

func do(t testing.TB, app *web.App, r *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := app.Fiber.Test(r, 5000)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	app, _ := open(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/c/angong/hello", 200},
		{"HEAD", "/c/angong/hello", 200},
		{"GET", "/c/angong/hello?lang=en", 303},
		{"GET", "/c/nowhere/hello", 404},
		{"GET", "/nowhere", 404},
		{"POST", "/c/angong/hello", 403},
		{"DELETE", "/c/angong/hello", 404},
		{"GET", "/panic", 500},
		{"GET", "/desk", 403},
		{"GET", page.Asset("tokens.css"), 200},
		{"GET", "/healthz", 200},
		{"GET", "/readyz", 200},
		{"GET", "/favicon.ico", 301},
	} {
		r, body := do(t, app, httptest.NewRequest(c.method, c.path, nil))
		if r.StatusCode != c.status {
			t.Errorf("%s %s: %d, want %d: %s", c.method, c.path, r.StatusCode, c.status, body)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy":   "default-src 'none'; ",
			"X-Content-Type-Options":    "nosniff",
			"X-Frame-Options":           "DENY",
			"Referrer-Policy":           "same-origin",
			"Strict-Transport-Security": "max-age=31536000",
			"X-Request-Id":              "",
		} {
			if got := r.Header.Get(name); got == "" || !strings.HasPrefix(got, want) {
				t.Errorf("%s %s: %s is %q", c.method, c.path, name, got)
			}
		}
		if policy := r.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("policy %q", policy)
		}
		for _, cookie := range r.Cookies() {
			if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s %s: cookie %v", c.method, c.path, cookie)
			}
		}
	}
}

func TestNoStrictTransportWithoutHTTPS(t *testing.T) {
	t.Parallel()
	app, _ := open(t, func(c *web.Config) {
		c.BaseURL = "http://127.0.0.1:8080"
		c.FormTargets = []string{"https://pay.example"}
	})
	r, _ := do(t, app, httptest.NewRequest("GET", "/healthz", nil))
	if r.Header.Get("Strict-Transport-Security") != "" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "form-action 'self' https://pay.example;") {
		t.Errorf("headers %v", r.Header)
	}
}

func TestAPanicIsAnErrorPageAndALine(t *testing.T) {
	t.Parallel()
	app, log := open(t, nil)
	r, body := do(t, app, httptest.NewRequest("GET", "/panic", nil))
	id := r.Header.Get("X-Request-Id")
	if r.StatusCode != 500 || !strings.Contains(body, "记录号 "+id) || strings.Contains(body, "王婆婆") {
		t.Errorf("%d: %s", r.StatusCode, body)
	}
	if !strings.Contains(log.String(), "id="+id) || !strings.Contains(log.String(), "web_test.go") {
		t.Errorf("log:\n%s", log)
	}
}

func TestTheLogKeepsSecretsOut(t *testing.T) {
	t.Parallel()
	app, log := open(t, nil)
	do(t, app, httptest.NewRequest("GET", "/r/K7M492QDSECRET?name=wang&phone=13800000000", nil))
	do(t, app, httptest.NewRequest("GET", "/nowhere/13800000000", nil))
	if got := log.String(); !strings.Contains(got, "route=/r/:token") || strings.Contains(got, "SECRET") || strings.Contains(got, "1380") || strings.Contains(got, "wang") {
		t.Errorf("log:\n%s", got)
	}
}

func TestBodiesAreCapped(t *testing.T) {
	t.Parallel()
	app, _ := open(t, nil)
	base, _ := serve(t, app)
	for _, c := range []struct {
		path    string
		size    int
		chunked bool
		status  int
	}{
		{"/hooks/pay", 64 << 10, false, 200},
		{"/hooks/pay", 64<<10 + 1, false, 413},
		{"/hooks/pay", 1000, true, 200},
		{"/hooks/pay", 300 << 10, true, 413},
		{"/upload", 1 << 20, false, 200},
		{"/upload", 1<<20 + 1, false, 413},
		{"/upload", 1 << 20, true, 200},
		{"/upload", 3 << 20, true, 413},
	} {
		var content io.Reader = bytes.NewReader(make([]byte, c.size))
		if c.chunked {
			content = io.MultiReader(content) // whose length nobody can ask
		}
		response, err := http.Post(base+c.path, "application/octet-stream", content)
		if err != nil && c.status == 413 {
			continue // the server hung up before all was written
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != c.status {
			t.Errorf("%s, %d bytes, chunked %v: %d, want %d", c.path, c.size, c.chunked, response.StatusCode, c.status)
		}
		if c.status == 200 && c.path == "/upload" && string(body) != fmt.Sprint(c.size) {
			t.Errorf("%d bytes came as %s", c.size, body)
		}
	}
}

func TestHooksDecide(t *testing.T) {
	t.Parallel()
	app, _ := open(t, func(c *web.Config) {
		c.Allow = func(_ *fiber.Ctx, right string) error {
			if right != "desk.see" {
				return page.ErrNotAllowed
			}
			return nil
		}
		c.Limit = func(_ *fiber.Ctx, name string) error { return page.TooMany{RetryAfter: time.Minute} }
		c.Ready = func(context.Context) error { return errors.New("pq: connection refused") }
	})
	for path, want := range map[string]string{"/desk": "200 desk", "/often": "429", "/readyz": "503 not ready\n"} {
		r, body := do(t, app, httptest.NewRequest("GET", path, nil))
		if got := fmt.Sprint(r.StatusCode, " ", body); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestForwardedAddressesAreBelievedOfTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		trusted, said []string
		want          string
	}{
		{nil, []string{"203.0.113.9"}, "0.0.0.0"}, // where Test's connections come from
		{[]string{"0.0.0.0"}, []string{"203.0.113.9"}, "203.0.113.9"},
		{[]string{"0.0.0.0"}, []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"}, // the first is what a stranger sent
		{[]string{"0.0.0.0"}, []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		{[]string{"0.0.0.0", "10.0.0.0/8"}, []string{"198.51.100.1, 203.0.113.9, 10.1.2.3"}, "203.0.113.9"},
		{[]string{"0.0.0.0"}, []string{"203.0.113.9, nonsense"}, "0.0.0.0"},
		{[]string{"0.0.0.0"}, nil, "0.0.0.0"},
	} {
		app, _ := open(t, func(config *web.Config) { config.TrustedProxies = c.trusted })
		r := httptest.NewRequest("GET", "/context", nil)
		r.Header["X-Forwarded-For"] = c.said
		if _, body := do(t, app, r); body != c.want {
			t.Errorf("trusting %v, told %v: %s, want %s", c.trusted, c.said, body, c.want)
		}
	}
}

func TestMetricsAreForThisMachine(t *testing.T) {
	t.Parallel()
	app, _ := open(t, nil)
	base, _ := serve(t, app)
	get := func(forwarded string) string {
		r, _ := http.NewRequest("GET", base+"/metrics", nil)
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return fmt.Sprint(response.StatusCode, " ", string(body))
	}
	get("")
	if got := get(""); !strings.Contains(got, `fund_http_request_seconds_count{method="GET",route="/metrics",status="200"} 1`) {
		t.Errorf("metrics: %.300s", got)
	}
	if got := get("203.0.113.9"); !strings.HasPrefix(got, "404 ") {
		t.Errorf("through a proxy: %.100s", got)
	}
}

func BenchmarkCachedPage(b *testing.B) {
	app, _ := open(b, func(c *web.Config) { c.Log = slog.New(slog.NewJSONHandler(io.Discard, nil)) })
	base, _ := serve(b, app)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: false}}
	b.SetParallelism(8)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			r, err := client.Get(base + "/c/angong/hello")
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, r.Body)
			r.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}
