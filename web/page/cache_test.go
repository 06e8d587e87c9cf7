package page_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// counter is a page that says how often it was rendered.
func counter(h *house) *atomic.Int64 {
	n := new(atomic.Int64)
	h.app.Get("/count", func(c *fiber.Ctx) error {
		if c.Query("as") != "" {
			page.Of(c).User = &page.User{Name: c.Query("as")}
		}
		return page.Cached(c, "public/hello", func() (any, error) {
			if c.Query("fail") != "" {
				n.Add(1)
				return nil, errors.New("broken")
			}
			return "n=" + strconv.FormatInt(n.Add(1), 10) + ";", nil
		})
	})
	return n
}

func TestAPageIsKeptUntilItsCommunityChanges(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{CacheTTL: time.Hour})
	counter(h)
	h.says(h.get("/count"), 200, "n=1;")
	h.says(h.get("/count"), 200, "n=1;")
	h.site.Cache.Bump(8)
	h.says(h.get("/count"), 200, "n=1;")
	h.site.Cache.Bump(angong.ID)
	h.says(h.get("/count"), 200, "n=2;")
	h.says(h.get("/count"), 200, "n=2;")
	h.says(h.get("/count?year=2017&q=a"), 200, "n=3;")
	h.says(h.get("/count?q=a&year=2017"), 200, "n=3;")
	h.says(h.get("/count", "Cookie", "reading=en"), 200, "n=4;")
	h.says(h.get("/count", "Cookie", "reading=en.large"), 200, "n=5;")
	h.says(h.get("/count", "Accept-Language", "en"), 200, "n=4;")
	h.says(h.get("/count?as=liu"), 200, "n=6;")
	h.says(h.get("/count?as=liu"), 200, "n=7;")
	h.says(h.get("/count?fail=1"), 500)
	h.says(h.get("/count?fail=1"), 500)
	h.says(h.get("/count"), 200, "n=2;")
}

func TestAPageGrowsOld(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{CacheTTL: time.Nanosecond})
	counter(h)
	h.says(h.get("/count"), 200, "n=1;")
	h.says(h.get("/count"), 200, "n=2;")
}

func TestAnUnchangedPageIsNotSentAgain(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{CacheTTL: time.Hour})
	counter(h)
	tag := h.get("/count").Header.Get("ETag")
	if a := h.get("/count", "If-None-Match", tag); tag == "" || a.StatusCode != 304 || a.body != "" {
		t.Errorf("%q: %d %q", tag, a.StatusCode, a.body)
	}
	h.site.Cache.Bump(angong.ID)
	h.says(h.get("/count", "If-None-Match", tag), 200, "n=2;")
}

func TestManyAtOnceRenderOnce(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{CacheTTL: time.Hour})
	var n, arrived atomic.Int64
	const many = 20
	h.app.Get("/slow", func(c *fiber.Ctx) error {
		arrived.Add(1)
		return page.Cached(c, "public/hello", func() (any, error) {
			for arrived.Load() < many { // until all have asked
				time.Sleep(time.Millisecond)
			}
			return fmt.Sprintf("n=%d;", n.Add(1)), nil
		})
	})
	var wait sync.WaitGroup
	for range many {
		wait.Go(func() {
			if a := h.get("/slow"); !strings.Contains(a.body, "n=1;") {
				t.Errorf("%d: %s", a.StatusCode, a.body)
			}
		})
	}
	wait.Wait()
	if n.Load() != 1 {
		t.Errorf("rendered %d times", n.Load())
	}
}

func TestACacheUnderAFloodOfAddressesStaysSmall(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{CacheTTL: time.Hour})
	big := strings.Repeat("x", 1<<20)
	h.app.Get("/big", func(c *fiber.Ctx) error {
		return page.Cached(c, "public/hello", func() (any, error) { return big, nil })
	})
	for i := range 70 {
		h.get("/big?n=" + strconv.Itoa(i))
	}
	if pages, bytes := h.site.Cache.Held(); bytes > 32<<20 || pages < 25 || pages > 32 {
		t.Errorf("holds %d pages, %d bytes", pages, bytes)
	}
}
