package page

import (
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/singleflight"
)

// cacheBytesMax bounds what the cache holds, before compression: more than two cores render while a page is young enough
// to be used. A stranger can make up addresses without end.
const cacheBytesMax = 32 << 20

// Cache keeps the pages strangers read. A page is good while nothing of its community has changed and it is younger than
// the time to live, which covers the moment between a commit elsewhere and its NOTIFY, and a NOTIFY that never came.
type Cache struct {
	ttl         time.Duration
	generations sync.Map // community id → *atomic.Uint64
	flight      singleflight.Group

	mu    sync.RWMutex
	pages map[string]kept
	bytes int
}

type kept struct {
	page       *packed
	generation uint64
	until      time.Time
}

func newCache(ttl time.Duration) *Cache { return &Cache{ttl: ttl, pages: map[string]kept{}} }

// Bump says that something of a community has changed: call it after each commit, and for each NOTIFY.
func (k *Cache) Bump(communityID int) { k.generation(communityID).Add(1) }

func (k *Cache) generation(communityID int) *atomic.Uint64 {
	if g, ok := k.generations.Load(communityID); ok {
		return g.(*atomic.Uint64)
	}
	g, _ := k.generations.LoadOrStore(communityID, new(atomic.Uint64))
	return g.(*atomic.Uint64)
}

// get is the kept page, or the one that render makes. Of many who ask at once one renders and all get its page.
func (k *Cache) get(key string, communityID int, render func() (*packed, error)) (*packed, error) {
	now := k.generation(communityID).Load() // before render reads the data: a change meanwhile makes the page old
	k.mu.RLock()
	found, ok := k.pages[key]
	k.mu.RUnlock()
	if ok && found.generation == now && time.Now().Before(found.until) {
		return found.page, nil
	}
	page, err, _ := k.flight.Do(fmt.Sprint(key, "\x00", now), func() (any, error) {
		page, err := render()
		if err == nil && page.status == fiber.StatusOK {
			k.put(key, kept{page, now, time.Now().Add(k.ttl)})
		}
		return page, err
	})
	if err != nil {
		return nil, err
	}
	return page.(*packed), nil
}

func (k *Cache) put(key string, page kept) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if old, ok := k.pages[key]; ok {
		k.bytes -= old.page.size()
	}
	k.pages[key] = page
	k.bytes += page.page.size()
	for other, old := range k.pages { // in no particular order, which is as good as any
		if k.bytes <= cacheBytesMax {
			break
		}
		if other != key {
			delete(k.pages, other)
			k.bytes -= old.page.size()
		}
	}
}

// Cached renders a page that is the same for everybody who reads in the same way, from the cache if it can. Somebody
// signed in, and somebody who has just done something, get a fresh one. load reads the page's data; it is called only
// when the page has to be rendered.
func Cached(c *fiber.Ctx, name string, load func() (any, error)) error {
	s, r := SiteOf(c), Of(c)
	render := func() (*packed, error) {
		data, err := load()
		if err != nil {
			return nil, err
		}
		return s.print(fiber.StatusOK, name, r, data)
	}
	if r.User != nil || r.Notice != "" || c.Method() != fiber.MethodGet {
		page, err := render()
		if err != nil {
			return err
		}
		return page.send(c, s.token(c))
	}
	communityID := 0
	if r.Community != nil {
		communityID = r.Community.ID
	}
	page, err := s.Cache.get(r.here()+" "+r.Path+"?"+canonical(r.Query), communityID, render)
	if err != nil {
		return err
	}
	return page.send(c, s.token(c))
}

// canonical sorts a query, so that one page has one key.
func canonical(query string) string {
	if query == "" {
		return ""
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return query
	}
	return values.Encode()
}
