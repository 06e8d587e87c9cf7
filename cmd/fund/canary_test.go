package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/web"
)

// eachRoute is how many addresses of one route are read: enough that each kind of thing is among them.
const eachRoute = 12

// closedToAll are the routes that a stranger has no address of: the last part of each is a secret of its owner, and what they
// show is the owner's. What they answer to somebody without it is read all the same.
var closedToAll = regexp.MustCompile(`:token|/mine|/donations/:id|/sandbox/|/log/between|/letters/|/tickets/|:link|:ticket|:bidder|/login|/account|/renewal|/static/|/live$|/metrics|/readyz|/favicon|/till/|:hash`)

// given are addresses that no page of the sample leads to; some of them are not there today.
var given = []string{
	"/g/angong/1", "/c/angong/log/forks/1.json", "/c/angong/log/tile/8/0/000", "/c/angong/log/tile/entries/000", "/c/angong/log/papers/tile/8/0/000", "/c/angong/log/papers/tile/entries/000",
	"/c/angong/councils/angong/motions/2026-001/papers/1", "/c/angong/rounds/this-autumn/ideas/new", "/c/angong/reports/subscription",
	"/c/angong/campaigns/lantern-evening/questions", "/c/angong/campaigns/lantern-evening/donations", "/c/angong/ledger/2017-2186/questions",
}

// walk reads what a stranger can, from page to page.
type walk struct {
	*testing.T
	base   string
	client http.Client
	routes []web.Route
	seen   map[string]bool
	read   map[string]int // addresses by route
	found  map[string]bool
	bodies int
	asked  int
	needle *regexp.Regexp
	nature map[string]string
	plain  map[string]string // of nature, what is one word of letters and digits
	of     []*canaryColumn
}

// TestNobodysDataGetsOut puts a canary into every place where personal data or a secret can stand, and reads everything that a
// stranger can read: pages, programs' answers, files of every kind.
func TestNobodysDataGetsOut(t *testing.T) {
	t.Parallel()
	s, db := readPersonal(t), sampled(t)
	w := &walk{T: t, seen: map[string]bool{}, read: map[string]int{}, found: map[string]bool{}, of: s.seeded}
	columns := textColumns(t, db)
	s.everyColumnIsNamed(t, columns)
	base, _, a := serveSampleWith(t, db, siteOptions{proxies: []string{"127.0.0.1"}}, func() {
		w.nature, w.plain = s.natural(t, db), map[string]string{}
		for value, column := range w.nature {
			if plainWord.FindString(value) == value {
				w.plain[value] = column
				delete(w.nature, value)
			}
		}
		s.seed(t, db, columns)
	})
	w.base, w.routes = base, a.site.Table()
	w.client = http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w.needle = regexp.MustCompile(`(?i)kanari(\d{3})x|1990017(\d{3})\d{4}`)
	w.everything()
	for _, route := range w.routes {
		if route.Method == http.MethodGet && route.Right == "" && !closedToAll.MatchString(route.Path) && w.read[route.Path] == 0 {
			t.Errorf("nobody came to %s: link it, or give this test its address", route.Path)
		}
	}
	if w.bodies < 500 {
		t.Errorf("only %d answers were read: this test sees nothing", w.bodies)
	}
	t.Logf("%d answers of %d routes read", w.bodies, len(w.read))
}

// everything walks from the pages that everybody knows, and from every address without a variable of its own.
func (w *walk) everything() {
	queue := []string{"/", "/c/angong", "/c/angong/data", "/c/angong/data/api", "/api/v1/openapi.json"}
	queue = append(queue, given...)
	for _, route := range w.routes {
		path := strings.ReplaceAll(route.Path, ":community", "angong")
		if route.Method == http.MethodGet && !strings.ContainsAny(path, ":*") && !strings.Contains(path, "/live") {
			queue = append(queue, path)
		}
	}
	for _, word := range []string{"kanari", "1990017", "王", "13800001007"} { // what somebody may look for
		queue = append(queue, "/c/angong/search?q="+url.QueryEscape(word), "/c/angong/ledger?q="+url.QueryEscape(word), "/c/angong/campaigns?q="+url.QueryEscape(word))
	}
	for _, format := range []string{"journal", "beancount", "csv", "xlsx", "jsonl"} {
		queue = append(queue, "/c/angong/data/books."+format)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		queue = append(queue, w.visit(at)...)
	}
}

// routeOf is the pattern that an address is answered by.
func (w *walk) routeOf(path string) string {
	for _, route := range w.routes {
		if route.Method == http.MethodGet && (route.Path == path || fiber.RoutePatternMatch(path, route.Path)) {
			return route.Path
		}
	}
	return ""
}

// visit reads one address, unless enough of its route were, and tells where it leads.
func (w *walk) visit(at string) (links []string) {
	u, err := url.Parse(at)
	if err != nil || u.Host != "" || w.seen[at] {
		return nil
	}
	w.seen[at] = true
	route := w.routeOf(u.Path)
	most := eachRoute
	if strings.Contains(route, "/api/v1") || strings.Contains(route, "/data/") {
		most = 100
	}
	if route == "" || strings.HasSuffix(route, "/live") || strings.Contains(route, "/static/") || w.read[route] >= most {
		return nil
	}
	w.asked++
	request, err := http.NewRequestWithContext(w.Context(), http.MethodGet, w.base+at, nil)
	if err != nil {
		w.Fatal(err)
	}
	request.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", w.asked%250)) // a walk reads more than one person does
	request.Header.Set("Accept-Language", []string{"zh-CN", "en"}[w.asked%2])
	response, err := w.client.Do(request)
	if err != nil {
		w.Errorf("%s: %v", at, err)
		return nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.Errorf("%s: %v", at, err)
	}
	if response.StatusCode >= 500 && u.Path != "/readyz" {
		w.Errorf("%s: %d %.300s", at, response.StatusCode, body)
	}
	if response.StatusCode < http.StatusBadRequest || slices.Contains(given, at) {
		w.read[route]++
	}
	w.bodies++
	text := w.text(at, response.Header.Get("Content-Type"), body)
	w.search(at, text+" "+fmt.Sprint(response.Header))
	links = w.links(text)
	if to := response.Header.Get("Location"); to != "" {
		links = append(links, strings.TrimPrefix(to, w.base))
	}
	return links
}

// text is what stands in an answer, whatever it is packed in.
func (w *walk) text(at, kind string, body []byte) string {
	switch {
	case bytes.HasPrefix(body, []byte("%PDF")):
		cmd := exec.CommandContext(w.Context(), "pdftotext", "-layout", "-", "-")
		cmd.Stdin = bytes.NewReader(body)
		said, err := cmd.Output()
		if err != nil {
			w.Errorf("%s: pdftotext: %v", at, err)
		}
		return string(said)
	case bytes.HasPrefix(body, []byte("PK")):
		archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			w.Errorf("%s: %v", at, err)
			return ""
		}
		var all strings.Builder
		for _, f := range archive.File {
			part, err := f.Open()
			if err != nil {
				w.Errorf("%s: %v", at, err)
				continue
			}
			inside, _ := io.ReadAll(part)
			all.Write(inside)
			part.Close()
		}
		return all.String()
	case strings.Contains(kind, "html"), strings.Contains(kind, "xml"):
		return html.UnescapeString(string(body))
	}
	return string(body)
}

var plainWord = regexp.MustCompile(`[A-Za-z0-9_@.+-]{4,}`)

// plainWords finds every plainWord in a text, in a sixth of an expression's time.
func plainWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_@.+-", r))
	})
	return slices.DeleteFunc(words, func(word string) bool { return len(word) < 4 })
}

// closed is a text without the spaces and hyphens that may stand within a number or a name.
func closed(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("\t\n\f\r -\u00a0", r) {
			return -1
		}
		return r
	}, text)
}

// search looks for canaries, for the values that stood in their places before, and for tokens.
func (w *walk) search(at, text string) {
	tell := func(what, column string) {
		if key := column + " " + w.routeOf(strings.Split(at, "?")[0]); !w.found[key] {
			w.found[key] = true
			w.Errorf("%s shows %s of %s", at, what, column)
		}
	}
	for _, hay := range []string{text, closed(text)} {
		if !strings.Contains(strings.ToLower(hay), "kanari") && !strings.Contains(hay, "1990017") {
			continue // the expression would take long to say so
		}
		for _, m := range w.needle.FindAllStringSubmatchIndex(hay, -1) {
			digits := hay[max(m[2], m[4]):max(m[3], m[5])]
			n, _ := strconv.Atoi(digits)
			if strings.Contains(at, "kanari") && strings.Contains(at, "q=") && n == 0 || n == 0 || n > len(w.of) {
				continue
			}
			tell("…"+hay[max(0, m[0]-60):min(len(hay), m[1]+20)]+"…", w.of[n-1].table+"."+w.of[n-1].column)
		}
	}
	for _, word := range plainWords(text) {
		if column, theirs := w.plain[strings.TrimRight(word, ".")]; theirs && !strings.Contains(at, word) {
			tell("a copy, "+word+",", column)
		}
	}
	for value, column := range w.nature {
		if i := strings.Index(text, value); i >= 0 && !strings.Contains(at, url.QueryEscape(value)) {
			tell("a copy, …"+text[max(0, i-60):min(len(text), i+len(value)+30)]+"…,", column)
		}
	}
}

var linkForm = regexp.MustCompile(`(?:href|src|content|action)="([^"]*)"|"(https?://[^"\s]*/(?:c|api|g)/[^"\s]*)"|<(?:id|link|loc)[^>]*>(https?://[^<\s]*)`)

// links are the addresses of this site that a text names.
func (w *walk) links(text string) (all []string) {
	for _, m := range linkForm.FindAllStringSubmatch(text, -1) {
		link := strings.TrimPrefix(m[1]+m[2]+m[3], w.base)
		link, _, _ = strings.Cut(link, "#")
		if strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") && !slices.Contains(all, link) {
			all = append(all, link)
		}
	}
	return all
}
