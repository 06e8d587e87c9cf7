package page_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

var (
	errClosed = errors.New("ledger: period closed")
	errNobody = errors.New("auth: nobody")
)

func init() {
	page.Meaning(errClosed, 409, "error.refused")
	page.Elsewhere(errNobody, func(c *fiber.Ctx) string { return "/login?next=" + c.Path() })
	page.Meaning(errNobody, 401, "error.signin")
}

func TestEveryErrorHasItsAnswer(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	secret := errors.New("pq: password of fund_app is hunter2")
	cases := []struct {
		err    error
		status int
		title  string
		retry  string
	}{
		{page.ErrNotFound, 404, "没有找到这一页", ""},
		{fmt.Errorf("find receipt: %w", page.ErrNotFound), 404, "没有找到这一页", ""},
		{fiber.ErrNotFound, 404, "没有找到这一页", ""},
		{fiber.ErrMethodNotAllowed, 405, "这一页不能这样打开", ""},
		{page.ErrNotAllowed, 403, "您不能看这一页", ""},
		{page.ErrForged, 403, "这一页开得太久了", ""},
		{page.ErrUnreadable, 400, "没读懂交来的内容", ""},
		{fmt.Errorf("post: %w", errClosed), 409, "您不能看这一页", ""},
		{page.TooLarge{Limit: 20 << 20}, 413, "文件太大了", ""},
		{fiber.ErrRequestEntityTooLarge, 413, "文件太大了", ""},
		{page.TooMany{RetryAfter: 90 * time.Second}, 429, "来得太快了", "90"},
		{page.TooMany{RetryAfter: time.Millisecond}, 429, "来得太快了", "1"},
		{context.DeadlineExceeded, 503, "现在很忙", "30"},
		{fiber.ErrServiceUnavailable, 503, "账本暂时打不开", "30"},
		{&page.WrongFields{Fields: []page.WrongField{{Name: "amount", Label: "金额", Text: "写成数字"}}}, 422, "有几处要改", ""},
		{secret, 500, "我们这边出了错", ""},
	}
	for i, c := range cases {
		h.app.Get(fmt.Sprintf("/%d", i), func(*fiber.Ctx) error { return c.err })
		h.app.Get(fmt.Sprintf("/api/%d", i), func(*fiber.Ctx) error { return c.err })
	}
	for i, c := range cases {
		a := h.get(fmt.Sprintf("/%d", i))
		h.says(a, c.status, c.title, "<h1>")
		if a.Header.Get("Retry-After") != c.retry {
			t.Errorf("%v: Retry-After %q, want %q", c.err, a.Header.Get("Retry-After"), c.retry)
		}
		j := h.get(fmt.Sprintf("/api/%d", i))
		var said struct {
			Type, Error, Title string
			Status             int
		}
		title := c.title
		switch c.status { // a program asked no page and filled in no form
		case 404:
			title = "没有这一条"
		case 422:
			title = "条件写得不对"
		}
		if err := json.Unmarshal([]byte(j.body), &said); err != nil || j.StatusCode != c.status || !strings.Contains(said.Title, title) || said.Error == "" ||
			said.Status != c.status || !strings.HasPrefix(said.Type, "urn:fund:") || j.Header.Get("Content-Type") != page.ProblemType {
			t.Errorf("%v as JSON: %d %s", c.err, j.StatusCode, j.body)
		}
		if all := a.body + j.body; strings.Contains(all, "hunter2") || strings.Contains(all, "period closed") {
			t.Errorf("%v leaks: %s", c.err, all)
		}
	}
	if !strings.Contains(h.logs.String(), "hunter2") || strings.Contains(h.logs.String(), "period closed") {
		t.Errorf("the log should have what broke, and not what was refused:\n%s", h.logs)
	}
}

func TestSomebodyNotSignedInIsSentToSignIn(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/desk", func(*fiber.Ctx) error { return errNobody })
	h.app.Get("/api/desk", func(*fiber.Ctx) error { return errNobody })
	if a := h.get("/desk"); a.StatusCode != 303 || a.Header.Get("Location") != "/login?next=/desk" {
		t.Errorf("%d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := h.get("/api/desk"); a.StatusCode != 401 {
		t.Errorf("a program gets %d", a.StatusCode)
	}
	if a := h.get("/desk", "Accept", "application/json"); a.StatusCode != 401 {
		t.Errorf("one that asks for JSON gets %d", a.StatusCode)
	}
}
