package page_test

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"fund/web/page"
)

// A printed page says where it is read, unless its address is somebody's key.
func TestAPrintedPageSaysWhereItIsRead(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{BaseURL: "https://example.com"})
	h.app.Get("/*", func(c *fiber.Ctx) error { return page.Render(c, "public/hello", "") })
	for path, want := range map[string]string{
		"/c/angong":                           "https://example.com/c/angong",
		"/c/angong/search?q=%E8%8C%B6&most=7": "https://example.com/c/angong/search?most=7&amp;q=%E8%8C%B6",
		"/c/angong/campaigns/repair-the-bicycle-shed-again": "/campaigns/repair-the-bicycle-shed-again",
		"/c/angong/start/abcdefghijklmnopqrstuvwxyz":        "",
		"/c/angong/mine": "",
		"/r/AbCdEfGhIj":  "",
		"/c/angong/donations/0197a7ab-0000-7000-8000-000000000000": "",
		"/c/angong/help/mine/abcdefghijklmnopqrstuvwxyz":           "",
		"/c/angong/search?q=" + strings.Repeat("%E8%8C%B6", 400):   "https://example.com/c/angong/search?q=%E8",
	} {
		body := h.get(path).body
		if printed := strings.Contains(body, `class="printed-at"`); printed != (want != "") || !strings.Contains(body, want) {
			t.Errorf("%s: printed %v, want %q", path, printed, want)
		}
	}
}
