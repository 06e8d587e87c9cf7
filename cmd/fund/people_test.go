package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/web/auth"
	"fund/web/mail/mailtest"
)

// hidden is what an answer holds that differs from one asking to the next.
var hidden = regexp.MustCompile(`name="csrf" value="[^"]*"`)

func TestAForgottenPasswordIsChosenAnewByMail(t *testing.T) {
	t.Parallel()
	box := mailtest.Catch(t)
	w := openTownWith(t, siteOptions{logName: "fund.test", sandbox: true, smtp: box.URL(), mailFrom: testSender})
	came := len(box.Wait(t, 2)) // those of the gifts at both desks
	gate, by := auth.NewGate(auth.DefaultPolicy), auth.By{Operator: true, Community: w.east.ID}
	user, err := gate.AddUser(t.Context(), w.App, by, auth.NewUser{Login: "wang@example.org", Name: "王出纳", Password: staffPassword, OwnPassword: true})
	w.must(err)
	w.do(func(tx *sqlx.Tx) error { return gate.Grant(t.Context(), tx, by, user.ID, auth.Cashier) })

	b := w.browser()
	b.header.Set("Accept-Language", "zh-CN")
	if !strings.Contains(b.get("/login").text, `href="/login/reset"`) {
		t.Fatal("the log-in page leads to no reset")
	}
	ask := func(login string) answered { return b.post("/login/reset", b.form("/login/reset", "login", login)) }
	same := func(a answered, login string) string {
		return hidden.ReplaceAllString(strings.ReplaceAll(a.text, login, ""), "")
	}
	known, unknown := ask("wang@example.org"), ask("nobody@example.org")
	if known.StatusCode != http.StatusOK || unknown.StatusCode != http.StatusOK || same(known, "wang@example.org") != same(unknown, "nobody@example.org") {
		t.Errorf("the answers differ: %d and %d", known.StatusCode, unknown.StatusCode)
	}
	letter := box.Wait(t, came+1)[came]
	_, link, ok := strings.Cut(letter.Text, "换密码："+w.base)
	if letter.To != "wang@example.org" || !ok {
		t.Fatalf("to %s:\n%s", letter.To, letter.Text)
	}
	link, _, _ = strings.Cut(link, "\n")
	if page := b.get(link[:len(link)-4] + "0000"); page.StatusCode != http.StatusGone {
		t.Errorf("a link with another signature: %d", page.StatusCode)
	}
	set := func(chosen, again string) answered {
		form := url.Values{}
		for _, m := range hiddenField.FindAllStringSubmatch(b.get(link).text, -1) {
			form.Set(m[1], m[2])
		}
		form.Set("chosen", chosen)
		form.Set("again", again)
		return b.post(link, form)
	}
	for _, pair := range [][2]string{{"short", "short"}, {"eleven paper lanterns", "eleven paper lamps"}, {"", ""}} {
		if a := set(pair[0], pair[1]); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", pair, a.StatusCode)
		}
	}
	form := b.form(link, "chosen", "eleven paper lanterns", "again", "eleven paper lanterns")
	if a := b.post(link, form); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/login" {
		t.Fatalf("%d to %s: %s", a.StatusCode, a.Header.Get("Location"), a.text)
	}
	if a := b.post(link, form); a.StatusCode != http.StatusGone {
		t.Errorf("the link again: %d", a.StatusCode)
	}
	if page := b.get(link); page.StatusCode != http.StatusGone || !strings.Contains(page.text, "这个链接用不了了") {
		t.Errorf("the link again: %d", page.StatusCode)
	}
	if in := b.post("/login", b.form("/login", "login", "wang@example.org", "password", "eleven paper lanterns")); in.StatusCode != http.StatusSeeOther {
		t.Errorf("the new password: %d", in.StatusCode)
	}
	if tries := box.Tries(); tries != came+1 {
		t.Errorf("%d letters, want %d", tries, came+1)
	}
}

func TestWithoutAServerNoLinkIsOffered(t *testing.T) {
	t.Parallel()
	w := openTownWith(t, siteOptions{logName: "fund.test", sandbox: true})
	b := w.browser()
	if strings.Contains(b.get("/login").text, "/login/reset") || b.get("/login/reset").StatusCode != http.StatusNotFound {
		t.Error("a link is offered that nobody can send")
	}
}
