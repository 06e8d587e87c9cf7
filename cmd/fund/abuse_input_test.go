package main

import (
	"cmp"
	"encoding/json"
	"go/ast"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"fund/web"
	"fund/web/auth"
)

// Every test that the table of abuses names is there.
func TestAbuseTableIsTrue(t *testing.T) {
	t.Parallel()
	there, table := map[string]bool{}, ""
	for _, f := range sources(t) {
		for _, declared := range f.syntax.Decls {
			if fn, ok := declared.(*ast.FuncDecl); ok && f.test && fn.Recv == nil {
				there[path.Base(f.dir)+"."+fn.Name.Name] = true
			}
		}
		if f.path == "cmd/fund/abuse_test.go" {
			table = f.syntax.Comments[0].Text()
		}
	}
	named := regexp.MustCompile(`(?:([a-z]+)\.)?((?:Test|Fuzz)[A-Z]\w+)`).FindAllStringSubmatch(table, -1)
	for _, name := range named {
		if !there[cmp.Or(name[1], "fund")+"."+name[2]] {
			t.Errorf("the table names %s, which is nowhere", name[0])
		}
	}
	if len(named) < 50 {
		t.Errorf("the table names %d tests", len(named))
	}
}

// badWords are what people, robots and scanners put where something else belongs.
var badWords = []string{
	"", " ", "0", "-1", "1", "00", "1e9999", "NaN", "Infinity", "0x1f", "１２", "٣٤", "9223372036854775807", "9223372036854775808", "99999999999999999999999",
	"2147483647", "2147483648", "-2147483648", "1.5", "1,5", "'", "''", `"`, "`", ";", "--", "/*", "' OR '1'='1", "'; DROP TABLE ledger.posting; --",
	"1) UNION SELECT password_hash FROM auth.user --", "$1", "$$", "%", "_", `\`, `%\`, "E'\\x'", "{}", "[]", "null", "true", "undefined", "..", "../..", "../../etc/passwd",
	"a/b", "~", "x~y", ".", "*", "?", "#", "&", "=", "|", "{{.}}", "{{define}}", "${7*7}", "<%= 7 %>", "<script>canary()</script>", "javascript:canary()",
	"\x00", "a\x00b", "\xff", "\xc0\xae", "\xed\xa0\x80", "\r\nX-Canary: 1", "\n", "\t", "\u202e", "\u200b", "\ufeff", "\U000e0001", "𠮷", "🧧👨‍👩‍👧", "e\u0301",
	"2017-12", "2017-13", "0000-00", "9999-12", "99999-01", "-2017-01", "2017", "0", "10000", "2017-02-30", "0001-01-01", "9999-12-31", "292277026596-12-04",
	"2017-1", "2017-0", "2017-999999999", "2017-9999999999", "00000000-0000-0000-0000-000000000000", "018f0000-0000-7000-8000-00000000000g",
	"{018f0000-0000-7000-8000-000000000000}", "urn:uuid:018f0000-0000-7000-8000-000000000000", "in", "out", "1001", "1001 1002", "general", "east", "east-dinner", "sandbox", "cash",
}

// badWord makes one up: as it is, cut, doubled, or very long.
func badWord(r *rand.Rand) string {
	word := badWords[r.IntN(len(badWords))]
	switch r.IntN(8) {
	case 0:
		return word + badWords[r.IntN(len(badWords))]
	case 1:
		return strings.Repeat(word, r.IntN(300))
	case 2:
		raw := make([]byte, r.IntN(40))
		for i := range raw {
			raw[i] = byte(r.IntN(256))
		}
		return string(raw)
	}
	return word
}

// badFields are the names of all parameters and fields of the public pages.
var badFields = []string{
	"q", "month", "fund", "account", "kind", "before", "open", "year", "theme", "state", "from", "to", "lang", "text", "contrast", "next", "format",
	"amount", "own", "pay", "name", "show_name", "message", "show_message", "email", "form", "csrf", "receipt_number", "check_code", "scenario", "login", "password", "code",
	"campaign", "way", "payment", "share", "refund", "reason", "verb", "who", "page", "confirmed",
}

// 2,000 inputs that nobody means, at every route: no answer is an error of ours, none takes long, and nothing moves.
func TestAbuseBadInputs(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	tries := 2000
	if testing.Short() {
		tries = 300
	}
	var routes []web.Route
	for _, route := range w.app.site.Table() {
		if !strings.HasSuffix(route.Path, "/live") {
			routes = append(routes, route)
		}
	}
	treasurer, before := w.staff(auth.Treasurer, w.east), w.books()
	var senders sync.WaitGroup
	for n := range 4 {
		stranger := w.browser()
		stranger.header = http.Header{"X-Forwarded-For": {"203.0.113.9"}}
		forms := [2]url.Values{stranger.form("/login"), treasurer.form(w.east.at("/desk/cash"))}
		senders.Go(func() {
			r := rand.New(rand.NewPCG(2017, uint64(n)))
			for i := range tries / 4 {
				route := routes[r.IntN(len(routes))]
				b, form := stranger, forms[0]
				if route.Right != "" || r.IntN(4) == 0 {
					b, form = treasurer, forms[1]
				}
				w.tryBad(r, b, route, form)
				if i%10 == 0 { // so that limits do not answer for the handlers
					_, _ = w.Owner.Exec(`DELETE FROM auth.rate_limit`)
				}
			}
		})
	}
	senders.Wait()
	if after := w.books(); after != before {
		t.Errorf("%s became %s", before, after)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if memory.HeapInuse > 512<<20 {
		t.Errorf("%d MB in use", memory.HeapInuse>>20)
	}
}

// tryBad sends one bad request to a route.
func (w *town) tryBad(r *rand.Rand, b *browser, route web.Route, held url.Values) {
	parts := strings.Split(route.Path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") && (part != ":community" || r.IntN(8) == 0) && r.IntN(3) > 0 {
			parts[i] = url.PathEscape(badWord(r))
		}
	}
	route.Path = strings.Join(parts, "/")
	fields := url.Values{}
	for range r.IntN(6) {
		fields.Add(badFields[r.IntN(len(badFields))], badWord(r))
	}
	target, body, kind := w.east.fill(route), "", "application/x-www-form-urlencoded"
	if len(target) > 8000 {
		target = target[:8000]
	}
	if route.Method == http.MethodGet {
		target += "?" + fields.Encode()
	} else {
		fields.Set("csrf", held.Get("csrf"))
		body = fields.Encode()
		switch r.IntN(6) {
		case 0:
			kind = "multipart/form-data; boundary=x"
			body = "--x\r\nContent-Disposition: form-data; name=\"" + badWord(r) + "\"; filename=\"" + badWord(r) + "\"\r\n\r\n" + badWord(r)
		case 1:
			kind = "application/json"
			text, _ := json.Marshal(fields)
			body = string(text)
		case 2:
			body = badWord(r)
		}
	}
	request, err := http.NewRequest(route.Method, w.base+target, strings.NewReader(body))
	if err != nil {
		return // no client would send it
	}
	request.Header.Set("Content-Type", kind)
	for name, values := range b.header {
		request.Header[name] = values
	}
	start := time.Now()
	response, err := b.client.Do(request)
	if err != nil {
		w.Errorf("%s %.200q: %v", route.Method, target, err)
		return
	}
	text := readAll(w.T, response)
	html := strings.HasPrefix(response.Header.Get("Content-Type"), "text/html")
	if response.StatusCode >= 500 || response.Header.Get("X-Canary") != "" || html && scripts.MatchString(text) {
		w.Errorf("%s %.300q %.300q: %d", route.Method, target, body, response.StatusCode)
	}
	if took := time.Since(start); took > 8*time.Second {
		w.Errorf("%s %.300q took %v", route.Method, target, took)
	}
}
