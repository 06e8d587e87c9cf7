package main

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"fund/web"
	"fund/web/auth"
)

// ownMarks are what differs between two showings of one page.
var ownMarks = []*regexp.Regexp{
	regexp.MustCompile(`[a-z2-7]{12}`), regexp.MustCompile(`value="[^"]*"`), regexp.MustCompile(`href="[^"]*"`), regexp.MustCompile(`(?s)<svg.*?</svg>`),
}

// fill puts one community's record into a route's path.
func (e estate) fill(r web.Route) string {
	campaign, first := fmt.Sprint(e.campaign.ID), e.campaign.Slug
	if strings.Contains(r.Path, "/projects/") {
		first = e.project.Slug
	}
	id := e.gift.String()
	if strings.Contains(r.Path, "/pictures/") {
		id = e.picture.String()
	}
	return strings.NewReplacer(
		":community", e.Slug, ":slug", first, ":id", id, ":donation", e.gift.String(), ":order", e.gift.String(), ":voucher", e.entry.Voucher(),
		":code", e.campaign.Slug, ":fund", e.campaign.Slug, ":campaign", campaign, ":account", "1001", ":month", e.entry.Date.Format("2006-01"),
		":token", e.receipt.Token, ":number", "1", ":old", "1", ":new", "1", ":provider", "sandbox", ":user", uuid.Nil.String(), ":session", uuid.Nil.String(),
		":hash", "0", ":name", "tokens.css", ":page", "home",
	).Replace(r.Path)
}

func TestAbuseEveryAddress(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	stranger, treasurer := w.browser(), w.staff(auth.Treasurer, w.east)
	for _, route := range w.app.site.Table() {
		if route.Method != http.MethodGet || strings.HasSuffix(route.Path, "/live") {
			continue
		}
		path := w.east.fill(route)
		for _, b := range []*browser{stranger, treasurer} {
			got := b.get(path)
			if got.StatusCode >= 500 && route.Path != "/readyz" {
				t.Errorf("%s: %d %.200s", path, got.StatusCode, got.text)
			}
			out := got.StatusCode == http.StatusSeeOther || got.StatusCode == http.StatusTooManyRequests // a walk downloads more than people do
			if b == stranger && route.Right != "" && !out {
				t.Errorf("%s lets a stranger in: %d", path, got.StatusCode)
			}
			checkHeaders(t, path, got)
		}
	}
}

func checkHeaders(t *testing.T, path string, got answered) {
	t.Helper()
	policy, frames := got.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'"
	if strings.HasSuffix(path, "/widget.html") { // the one page that others may frame
		frames = "frame-ancestors *"
	}
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, frames) ||
		got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("%s: headers %v", path, got.Header)
	}
	for _, cookie := range got.Cookies() {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
			t.Errorf("%s: cookie %v", path, cookie)
		}
	}
}

// A form that does not come from a page of ours is refused, whoever sends it, and nothing moves.
func TestAbuseEveryForm(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	w.east.Slug = "east"
	treasurer, administrator := w.staff(auth.Treasurer, w.east), w.staff(auth.Administrator, w.east)
	before, forms := w.stand(), 0
	for _, route := range w.app.site.Table() {
		if route.Method == http.MethodGet || route.Machine {
			continue
		}
		forms++
		path := w.east.fill(route)
		for _, b := range []*browser{treasurer, administrator, w.browser()} {
			for _, origin := range []string{"", "https://elsewhere.example", "null", w.base} {
				b.header = http.Header{"Origin": {origin}}
				got := b.post(path, url.Values{"csrf": {"x.y"}, "confirmed": {"yes"}, "share": {"all"}, "reason": {"x"}})
				if got.StatusCode != http.StatusForbidden && !strings.HasPrefix(got.Header.Get("Location"), "/login") &&
					!strings.HasPrefix(got.Header.Get("Location"), "/account/") && got.StatusCode != http.StatusTooManyRequests {
					t.Errorf("%s from %q: %d to %q", path, origin, got.StatusCode, got.Header.Get("Location"))
				}
			}
			b.header = http.Header{}
		}
	}
	if after := w.stand(); after != before || forms < 30 {
		t.Errorf("after %d forms %s became %s", forms, before, after)
	}
}

// With east's address, west's records are not there; with west's address, east's treasurer is nobody.
func TestAbuseOtherCommunitysRecords(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	stranger, treasurer := w.browser(), w.staff(auth.Treasurer, w.east)
	before, walked := w.stand(), 0
	crossed := w.west
	crossed.Slug = w.east.Slug
	shared := regexp.MustCompile(`:(voucher|account|month|year|campaign|number|old|new|provider|user)\b`) // numbers both have
	for _, route := range w.app.site.Table() {
		if route.Machine || strings.HasSuffix(route.Path, "/live") || !strings.Contains(route.Path, "/:community/") {
			continue
		}
		if strings.Count(route.Path, ":") == 2 && !shared.MatchString(route.Path) {
			walked++
			for _, b := range []*browser{stranger, treasurer} {
				got := b.get(crossed.fill(route))
				if route.Method == http.MethodPost {
					got = b.post(crossed.fill(route), treasurer.form(w.east.at("/desk/cash"), "confirmed", "yes", "share", "all", "reason", "x"))
				}
				location := got.Header.Get("Location")
				leadsBack := route.Method == http.MethodGet && location != "" && strings.HasPrefix(crossed.fill(route), location) // a form's address, to its page
				missing := got.StatusCode == http.StatusNotFound || got.StatusCode == http.StatusForbidden || got.StatusCode == http.StatusGone ||
					leadsBack || location == w.east.at("/mine") || // nobody is in
					strings.HasPrefix(got.Header.Get("Location"), "/login") || strings.HasSuffix(got.Header.Get("Location"), "#give") || strings.HasPrefix(got.Header.Get("Location"), w.east.at("/desk/funds/"))
				if !missing || strings.Contains(got.text, w.west.gift.String()) {
					t.Errorf("%s %s: %d to %q", route.Method, crossed.fill(route), got.StatusCode, got.Header.Get("Location"))
				}
			}
		}
		if route.Right != "" && route.Method == http.MethodGet {
			if got := treasurer.get(w.west.fill(route)); got.StatusCode != http.StatusForbidden {
				t.Errorf("%s: %d to %q", w.west.fill(route), got.StatusCode, got.Header.Get("Location"))
			}
		}
	}
	if after := w.stand(); after != before || walked < 8 {
		t.Errorf("after %d addresses %s became %s", walked, before, after)
	}
}

// scripts are what a canary looks like where it got out of its cage.
var scripts = regexp.MustCompile(`(?i)<script>canary|<img src=x|"onmouseover="|(href|src|action)="\s*javascript:`)

// What people write never becomes markup, on no page, in no language.
func TestAbuseCanaries(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	everybody := []*browser{w.browser(), w.staff(auth.Treasurer, w.east), w.staff(auth.Administrator, w.east)}
	for _, b := range everybody {
		shown := 0
		for _, lang := range []string{"zh-CN", "en"} {
			b.header.Set("Accept-Language", lang)
			for _, route := range w.app.site.Table() {
				if route.Method != http.MethodGet || strings.HasSuffix(route.Path, "/live") {
					continue
				}
				for _, query := range []string{"", "?q=" + url.QueryEscape(canary) + "&theme=" + url.QueryEscape(canary), "?state=" + url.QueryEscape(canary) + "&next=javascript:canary()"} {
					got := b.get(w.east.fill(route) + query)
					if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
						continue
					}
					shown += strings.Count(got.text, "canary")
					if at := scripts.FindStringIndex(got.text); at != nil {
						t.Errorf("%s%s in %s: …%s…", w.east.fill(route), query, lang, got.text[max(0, at[0]-80):min(len(got.text), at[1]+80)])
					}
				}
			}
		}
		if shown < 50 {
			t.Errorf("only %d canaries were seen: this test sees nothing", shown)
		}
	}
	for _, line := range strings.Split(everybody[0].get(w.east.at("/ledger.csv")).text, "\n") {
		for _, cell := range strings.Split(line, ",") {
			if strings.HasPrefix(strings.Trim(cell, `"`), "=") {
				t.Errorf("a cell that a spreadsheet runs: %s", cell)
			}
		}
	}
	// What was typed comes back into the form.
	b := everybody[0]
	path := w.east.at("/campaigns/" + w.east.campaign.Slug)
	got := b.post(path+"/donations", b.form(path, "own", canary, "name", canary, "message", canary, "email", canary, "form", canary, "pay", canary))
	if got.StatusCode != http.StatusUnprocessableEntity || scripts.MatchString(got.text) || !strings.Contains(got.text, "canary") {
		t.Errorf("%d: %s", got.StatusCode, scripts.FindString(got.text))
	}
}

func TestAbuseRedirects(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	gone := regexp.MustCompile(`^(https?:)?[/\\]{2}|^[a-z]+:`)
	b := w.staff(auth.Auditor, w.east)
	for _, next := range []string{
		"//elsewhere.example", `/\elsewhere.example`, "https://elsewhere.example", "javascript:canary()", "/\t/elsewhere.example", "/%0d%0aSet-Cookie:x=y",
		"\x00//elsewhere.example", "////elsewhere.example", "/login@elsewhere.example//", "http:elsewhere.example", " //elsewhere.example",
	} {
		got := b.post("/account/confirmation", b.form("/account/confirmation", "next", next, "password", staffPassword))
		to := got.Header.Get("Location")
		if got.StatusCode != http.StatusSeeOther || gone.MatchString(to) || got.Header.Get("Set-Cookie") == "x=y" {
			t.Errorf("%q: %d to %q", next, got.StatusCode, to)
		}
		if asked := b.get("/login?next=" + url.QueryEscape(next)); strings.Contains(asked.text, `value="`+next+`"`) && gone.MatchString(next) {
			t.Errorf("%q stands in the form", next)
		}
	}
	b = w.browser()
	for _, path := range []string{"//elsewhere.example/?lang=en", `/\elsewhere.example?lang=en`, "/%2f%2felsewhere.example?lang=en", "/c/east/campaigns//elsewhere.example/donations"} {
		if to := b.get(path).Header.Get("Location"); gone.MatchString(to) {
			t.Errorf("%s leads to %s", path, to)
		}
	}
}

// Whatever Host a request names, addresses that leave the house are of the base URL.
func TestAbuseHostHeader(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for _, path := range []string{
		w.east.at(""), w.east.at("/campaigns/" + w.east.campaign.Slug), "/r/" + w.east.receipt.Token, "/r/" + w.east.receipt.Token + "/proof.json",
		w.east.at("/ledger/" + w.east.entry.Voucher()), w.east.at("/verify"), "/login",
	} {
		r, err := http.NewRequest(http.MethodGet, w.base+path, nil)
		w.must(err)
		r.Host = "elsewhere.example"
		r.Header.Set("X-Forwarded-Host", "elsewhere.example")
		r.Header.Set("Forwarded", "host=elsewhere.example")
		response, err := http.DefaultTransport.RoundTrip(r)
		w.must(err)
		body := readAll(t, response)
		if strings.Contains(body, "elsewhere.example") || strings.Contains(fmt.Sprint(response.Header), "elsewhere.example") {
			t.Errorf("%s names the other host", path)
		}
	}
}
