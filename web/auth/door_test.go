package auth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
)

// app is a small web app behind a door: the answer's body is the error, or "in".
func (h *house) app(secure bool) (*auth.Door, *fiber.App) {
	d := &auth.Door{
		Gate: h.Gate, DB: h.App, Secure: secure,
		Community: func(c *fiber.Ctx) (int, error) { return c.ParamsInt("community") },
	}
	app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		if errors.Is(err, auth.ErrNotLoggedIn) {
			return c.Redirect(auth.LogInURL(c))
		}
		return c.SendString(err.Error())
	}})
	in := func(c *fiber.Ctx) error { return c.SendString("in") }
	app.Use(d.Middleware)
	app.Get("/open", in)
	app.Get("/c/:community/cash", d.Require(auth.EnterCash), in)
	app.Post("/c/:community/cash", d.Require(auth.EnterCash), in)
	app.Get("/c/:community/fresh", d.Require(auth.EnterCash), d.RequireFresh, in)
	app.Get("/me", d.RequireLogIn, in)
	app.Post("/login", func(c *fiber.Ctx) error {
		_, err := d.LogIn(c, c.Query("login"), rightPassword, "")
		return err
	})
	app.Post("/logout", d.LogOut)
	return d, app
}

func ask(t *testing.T, app *fiber.App, method, path string, cookie *http.Cookie) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	if cookie != nil {
		r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	answer, err := app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func logInAs(t *testing.T, app *fiber.App, login string, old *http.Cookie) *http.Cookie {
	t.Helper()
	answer, body := ask(t, app, "POST", "/login?login="+login, old)
	if len(answer.Cookies()) != 1 {
		t.Fatalf("logging in as %s: %s", login, body)
	}
	return answer.Cookies()[0]
}

func TestDoorAsksForTheRole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("cashier", auth.Cashier)
	h.add("auditor", auth.Auditor)
	h.add("treasurer", auth.Treasurer)
	temporary, err := h.AddUser(context.Background(), h.App, operator,
		auth.NewUser{Login: "temporary", Name: "赵", Password: rightPassword})
	h.ok(err)
	h.ok(h.grant(operator, temporary.ID, auth.Cashier))
	_, app := h.app(false)
	for _, c := range []struct{ login, path, want string }{
		{"cashier", "/c/1/cash", "in"},
		{"cashier", "/c/2/cash", auth.ErrForbidden.Error()},
		{"auditor", "/c/1/cash", auth.ErrForbidden.Error()},
		{"treasurer", "/c/1/cash", auth.ErrTOTPMissing.Error()},
		{"temporary", "/c/1/cash", auth.ErrPasswordTemporary.Error()},
		{"treasurer", "/me", "in"},
		{"temporary", "/me", "in"},
	} {
		answer, body := ask(t, app, "GET", c.path, logInAs(t, app, c.login, nil))
		if body != c.want {
			t.Errorf("%s at %s: %q, want %q", c.login, c.path, body, c.want)
		}
		if body == "in" && answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be stored", c.path)
		}
	}
}

func TestDoorSendsToTheLogIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, app := h.app(false)
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/c/1/cash?page=2&q=%E5%85%B0", "/login?next=%2Fc%2F1%2Fcash%3Fpage%3D2%26q%3D%25E5%2585%25B0"},
		{"POST", "/c/1/cash", "/login"},
		{"GET", "/me", "/login?next=%2Fme"},
	} {
		for _, cookie := range []*http.Cookie{nil, {Name: "fund_session", Value: "made-up"}} {
			answer, _ := ask(t, app, c.method, c.path, cookie)
			if got := answer.Header.Get("Location"); got != c.want {
				t.Errorf("%s %s leads to %q, want %q", c.method, c.path, got, c.want)
			}
		}
	}
}

func TestDoorReadsNothingWithoutACookie(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, app := h.app(false)
	h.ok(h.App.Close()) // any query would fail, and not with ErrNotLoggedIn
	if answer, _ := ask(t, app, "GET", "/me", nil); answer.StatusCode != http.StatusFound {
		t.Errorf("status %d, want a redirect", answer.StatusCode)
	}
	cookie := &http.Cookie{Name: "fund_session", Value: "made-up"}
	if _, body := ask(t, app, "GET", "/open", cookie); body != "in" {
		t.Errorf("a page that does not ask who reads it says %q", body)
	}
	if _, body := ask(t, app, "GET", "/me", cookie); !strings.Contains(body, "closed") {
		t.Errorf("with a cookie the database is asked: %q", body)
	}
}

func TestDoorCookie(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("cashier", auth.Cashier)
	for secure, name := range map[bool]string{true: "__Host-fund_session", false: "fund_session"} {
		_, app := h.app(secure)
		first := logInAs(t, app, "cashier", nil)
		if first.Name != name || first.Secure != secure || !first.HttpOnly || first.Path != "/" || first.Domain != "" ||
			first.SameSite != http.SameSiteLaxMode || first.MaxAge != 0 || !first.Expires.IsZero() {
			t.Errorf("cookie %s", first.Raw)
		}
		second := logInAs(t, app, "cashier", first)
		if answer, _ := ask(t, app, "GET", "/me", first); answer.StatusCode != http.StatusFound {
			t.Error("the session from before the log-in lives on")
		}
		if _, body := ask(t, app, "GET", "/me", second); body != "in" {
			t.Errorf("after the log-in: %q", body)
		}
		answer, _ := ask(t, app, "POST", "/logout", second)
		if gone := answer.Cookies()[0]; gone.Name != name || gone.MaxAge >= 0 || gone.Value != "" || gone.Secure != secure {
			t.Errorf("cleared with %s", gone.Raw)
		}
		if answer, _ := ask(t, app, "GET", "/me", second); answer.StatusCode != http.StatusFound {
			t.Error("the session lives on after the log-out")
		}
		if answer, body := ask(t, app, "POST", "/logout", second); answer.StatusCode != http.StatusOK {
			t.Errorf("logging out twice: %s", body)
		}
	}
}

func TestDoorTouchesAndAsksAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("cashier", auth.Cashier)
	_, app := h.app(false)
	cookie := logInAs(t, app, "cashier", nil)
	if _, body := ask(t, app, "GET", "/c/1/fresh", cookie); body != "in" {
		t.Errorf("just logged in: %q", body)
	}
	for range 2 {
		h.pass(20 * time.Minute)
		if _, body := ask(t, app, "GET", "/me", cookie); body != "in" {
			t.Errorf("a session in use: %q", body)
		}
	}
	if _, body := ask(t, app, "GET", "/c/1/fresh", cookie); body != auth.ErrStepUpNeeded.Error() {
		t.Errorf("after 40 minutes: %q", body)
	}
	h.pass(30 * time.Minute)
	if answer, _ := ask(t, app, "GET", "/me", cookie); answer.StatusCode != http.StatusFound {
		t.Error("an idle session is let in")
	}
}

func TestSafeNext(t *testing.T) {
	t.Parallel()
	for _, local := range []string{"/", "/c/cuihu/desk?month=2026-10#top", "/a//b", "/搜索?q=兰"} {
		if got := auth.SafeNext(local); got != local {
			t.Errorf("%q became %q", local, got)
		}
	}
	for _, foreign := range []string{
		"", "desk", "//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example",
		"javascript:alert(1)", "/\t/evil.example", "/\r\nSet-Cookie: a=b", "/%zz", " /desk",
	} {
		if got := auth.SafeNext(foreign); got != "/" {
			t.Errorf("%q became %q", foreign, got)
		}
	}
}
