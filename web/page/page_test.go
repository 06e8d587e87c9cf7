package page_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"fund/web/i18n"
	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// house is a site with a few small pages of its own.
type house struct {
	*testing.T
	app  *fiber.App
	site *page.Site
	logs *bytes.Buffer
}

var pages = map[string]string{
	"public/hello": `{{define "title"}}Hello{{end}}{{define "main"}}<p id="said">{{.}}</p>{{end}}`,
	"public/form":  `{{define "title"}}Form{{end}}{{define "main"}}{{template "mends" .}}<form method="post">{{csrf}}{{template "money" (.Field "amount" "hint" "form.wrong.amount")}}</form>{{end}}`,
	"desk/hello":   `{{define "title"}}Desk{{end}}{{define "main"}}<h1>{{.}}</h1>{{end}}`,
}

func open(t *testing.T, options page.Options) *house {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range pages {
		files[name+".html"] = &fstest.MapFile{Data: []byte(text)}
	}
	logs := &bytes.Buffer{}
	options.Templates = page.Overlay(files, page.Templates)
	options.Log = slog.New(slog.NewTextHandler(logs, nil))
	if options.BaseURL == "" {
		options.BaseURL = "http://example.com"
	}
	options.Secret = bytes.Repeat([]byte("s"), 32)
	site, err := page.New(options)
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{Immutable: true, ErrorHandler: page.Fail, DisableStartupMessage: true})
	app.Use(site.Attach, site.Prefer, site.Guard, func(c *fiber.Ctx) error {
		page.Of(c).Community = &angong
		return c.Next()
	})
	return &house{t, app, site, logs}
}

var angong = page.Community{
	ID: 7, Slug: "angong", Name: i18n.Text{ZH: "安公社区", EN: "Angong"}, Phone: "028-0000 0000",
	City: i18n.Text{ZH: "成都", EN: "Chengdu"}, Host: i18n.Text{ZH: "锦城社区公益基金会（示例）", EN: "Jincheng Community Foundation (sample)"},
	Address: i18n.Text{ZH: "社区服务中心一楼，周一至周六 9:00–17:00", EN: "Service centre, ground floor, Mon–Sat 9:00–17:00"},
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	body string
}

func (h *house) do(r *http.Request) answer {
	h.Helper()
	response, err := h.app.Test(r, 5000)
	if err != nil {
		h.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.Fatal(err)
	}
	return answer{response, string(body)}
}

func (h *house) get(path string, headers ...string) answer {
	h.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.do(r)
}

func (h *house) post(path, form string, headers ...string) answer {
	h.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.do(r)
}

func (h *house) says(a answer, status int, words ...string) {
	h.Helper()
	if a.StatusCode != status {
		h.Errorf("status %d, want %d", a.StatusCode, status)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			h.Errorf("page lacks %q:\n%s", w, a.body)
		}
	}
}

func gunzip(t *testing.T, s string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func cookie(a answer, name string) *http.Cookie {
	for _, c := range a.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func TestReadingAidsAreRememberedWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/hello", func(c *fiber.Ctx) error { return page.Render(c, "public/hello", "hi") })

	h.says(h.get("/hello"), 200, `<html lang="zh-CN">`, "安公社区", "跳到正文", `href="?text=large"`)
	h.says(h.get("/hello", "Accept-Language", "en-GB"), 200, `<html lang="en">`, "Angong", "Skip to content")

	switched := h.get("/hello?q=%E8%8C%B6&text=large&contrast=high&lang=en")
	if to := switched.Header.Get("Location"); switched.StatusCode != 303 || to != "/hello?q=%E8%8C%B6" {
		t.Fatalf("%d to %q", switched.StatusCode, to)
	}
	kept := cookie(switched, "reading")
	if kept == nil || kept.MaxAge < 3e7 || !kept.HttpOnly || kept.SameSite != http.SameSiteLaxMode {
		t.Fatalf("cookie %v", kept)
	}
	h.says(h.get("/hello", "Cookie", "reading="+kept.Value), 200,
		`<html lang="en" data-text="large" data-contrast="high">`, `href="?text=normal" aria-current="true"`)

	back := h.get("/hello?text=normal", "Cookie", "reading="+kept.Value)
	h.says(h.get("/hello", "Cookie", "reading="+cookie(back, "reading").Value), 200, `<html lang="en" data-contrast="high">`)
}

func TestReadingAidsDoNotLeadAway(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	for _, path := range []string{"//elsewhere.example/?lang=en", "/%5Celsewhere/?lang=en", "/\\elsewhere/?lang=en", "/%2Felsewhere/?lang=en"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RequestURI, r.URL.Opaque = path, path
		to := h.do(r).Header.Get("Location")
		if strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || !strings.HasPrefix(to, "/") {
			t.Errorf("%s leads to %q", path, to)
		}
	}
}

func TestDocumentsKeepTheirLanguageParameter(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/report.pdf", func(c *fiber.Ctx) error { return c.SendString(c.Query("lang")) })
	h.says(h.get("/report.pdf?lang=en"), 200, "en")
}

func TestFormsAreOnlyTakenFromOurOwnPages(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/form", func(c *fiber.Ctx) error {
		return page.Render(c, "public/form", page.BlankForm(c).Label("amount", "frame.name"))
	})
	h.app.Post("/form", func(c *fiber.Ctx) error { return c.SendString("taken") })
	h.app.Get("/hello", func(c *fiber.Ctx) error { return page.Render(c, "public/hello", "hi") })

	if a := h.get("/hello"); len(a.Cookies()) != 0 {
		t.Errorf("a page without a form sets %v", a.Cookies())
	}
	shown := h.get("/form")
	held := cookie(shown, "form")
	if held == nil || !held.HttpOnly || !strings.Contains(shown.body, `name="csrf" value="`+held.Value+`"`) {
		t.Fatalf("cookie %v and page disagree:\n%s", held, shown.body)
	}
	ours := "form=" + held.Value
	forged := "form=" + strings.Replace(held.Value, ".", "x.", 1)
	for _, c := range []struct {
		name, form string
		headers    []string
		status     int
	}{
		{"ours", "csrf=" + held.Value, []string{"Cookie", ours}, 200},
		{"ours, by a module", "", []string{"Cookie", ours, "X-Csrf-Token", held.Value}, 200},
		{"ours, same origin", "csrf=" + held.Value, []string{"Cookie", ours, "Origin", "http://example.com"}, 200},
		{"no token", "", []string{"Cookie", ours}, 403},
		{"no cookie", "csrf=" + held.Value, nil, 403},
		{"another's token", "csrf=" + held.Value + "x", []string{"Cookie", ours}, 403},
		{"cookie not signed by us", "csrf=" + strings.Replace(held.Value, ".", "x.", 1), []string{"Cookie", forged}, 403},
		{"another origin", "csrf=" + held.Value, []string{"Cookie", ours, "Origin", "https://elsewhere.example"}, 403},
		{"no origin at all", "csrf=" + held.Value, []string{"Cookie", ours, "Origin", "null"}, 403},
		{"another site", "csrf=" + held.Value, []string{"Cookie", ours, "Sec-Fetch-Site", "cross-site"}, 403},
		{"a neighbour", "csrf=" + held.Value, []string{"Cookie", ours, "Sec-Fetch-Site", "same-site"}, 403},
	} {
		if a := h.post("/form", c.form, c.headers...); a.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, a.StatusCode, c.status)
		}
	}
	if again := h.get("/form", "Cookie", ours); len(again.Cookies()) != 0 {
		t.Error("a good token is made anew")
	}
}

func TestCookiesOverHTTPSAreForThisHostOnly(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{BaseURL: "https://example.com"})
	h.app.Get("/form", func(c *fiber.Ctx) error {
		return page.Render(c, "public/form", page.BlankForm(c).Label("amount", "frame.name"))
	})
	if held := cookie(h.get("/form"), "__Host-form"); held == nil || !held.Secure || held.Path != "/" || held.Domain != "" {
		t.Errorf("cookie %v", held)
	}
}

func TestAPageIsTheSameUnderGzip(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/form", func(c *fiber.Ctx) error {
		return page.Cached(c, "public/form", func() (any, error) { return page.BlankForm(c).Label("amount", "frame.name"), nil })
	})
	held := cookie(h.get("/form"), "form").Value
	plain := h.get("/form", "Cookie", "form="+held)
	packed := h.get("/form", "Cookie", "form="+held, "Accept-Encoding", "gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) {
		t.Fatalf("%d bytes of %s, plain %d", len(packed.body), packed.Header.Get("Content-Encoding"), len(plain.body))
	}
	if got := gunzip(t, packed.body); got != plain.body || !strings.Contains(got, held) {
		t.Errorf("pages differ:\n%s\n%s", got, plain.body)
	}
}

func TestDoneIsSaidOnce(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/do", func(c *fiber.Ctx) error { return page.Done(c, "/ledger", "form.summary", "count", 3) })
	h.app.Get("/hello", func(c *fiber.Ctx) error {
		return page.Cached(c, "public/hello", func() (any, error) { return "hi", nil })
	})
	done := h.get("/do")
	if to := done.Header.Get("Location"); done.StatusCode != 303 || to != "/c/angong/ledger" {
		t.Errorf("%d to %s", done.StatusCode, to)
	}
	notice := "notice=" + cookie(done, "notice").Value
	told := h.get("/hello", "Cookie", notice)
	h.says(told, 200, `role="status"`, "有 3 处要改")
	if gone := cookie(told, "notice"); gone == nil || gone.Value != "" {
		t.Errorf("the notice stays: %v", gone)
	}
	if a := h.get("/hello"); strings.Contains(a.body, "有 3 处要改") {
		t.Error("the notice got into the cache")
	}
	if a := h.get("/hello", "Cookie", notice[:len(notice)-4]+"AAAA"); strings.Contains(a.body, "有 3 处要改") {
		t.Error("a notice with a wrong signature is shown")
	}
}

func TestDeskHasMenuUserAndWayOut(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/c/angong/desk", func(c *fiber.Ctx) error {
		page.Of(c).User = &page.User{Name: "刘会计", Role: "会计"}
		page.Of(c).Menu = []page.MenuGroup{{Key: "desk.title", Items: []page.MenuItem{{Key: "frame.nav.ledger", Path: "/desk", Count: 6}}}}
		return page.Render(c, "desk/hello", "<b>")
	})
	h.says(h.get("/c/angong/desk"), 200, "刘会计", `<span class="count">6</span>`, `aria-current="page"`,
		`action="/logout"`, `name="csrf"`, "&lt;b&gt;")
}

func TestMarkdownIsHarmless(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	got, err := page.Markdown("**年夜饭** <script>x</script> [a](javascript:x) [b](https://example.com) ![p](https://example.com/p.png)\n\n<p style=\"x\" onclick=\"y\">z")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"script", "style", "onclick", "<img"} {
		if strings.Contains(string(got), bad) {
			t.Errorf("%q in %s", bad, got)
		}
	}
	h.says(answer{&http.Response{StatusCode: 200}, string(got)}, 200, "<strong>年夜饭</strong>", `href="https://example.com"`, `noreferrer`)
}

func TestLocalTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2017, 12, 31, 16, 0, 0, 0, time.UTC)
	if got := (&page.Reader{}).Local(at).Format(time.DateTime); got != "2018-01-01 00:00:00" {
		t.Errorf("Shanghai: %s", got)
	}
	utc := &page.Reader{Community: &page.Community{Location: time.UTC}}
	if got := utc.Local(at).Format(time.DateTime); got != "2017-12-31 16:00:00" {
		t.Errorf("UTC: %s", got)
	}
}
