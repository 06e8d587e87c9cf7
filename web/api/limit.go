package api

import (
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/page"
)

const (
	// ReadingsMax is how many questions an address may ask within ReadingsWindow.
	ReadingsMax    = 300
	ReadingsWindow = time.Minute
	readersMax     = 50_000 // remembered at once
)

// readings counts what each address reads. Unlike the other limits it stands in the process, not in the database: it spares
// the machine and guards no secret, and a question that is answered from memory shall not cost a row written.
type readings struct {
	mu sync.Mutex
	of map[string]readingsOf
}

type readingsOf struct {
	count int
	until time.Time
}

// count counts one question and tells the asker how many are left; page.TooMany where none is.
func (r *readings) count(c *fiber.Ctx, now time.Time) error {
	used, until := r.use(auth.FromRequest(c).Subscriber(), now)
	wait := until.Sub(now)
	c.Set("RateLimit-Limit", strconv.Itoa(ReadingsMax))
	c.Set("RateLimit-Remaining", strconv.Itoa(max(0, ReadingsMax-used)))
	c.Set("RateLimit-Reset", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	if used > ReadingsMax {
		return page.TooMany{RetryAfter: wait}
	}
	return nil
}

func (r *readings) use(who string, now time.Time) (used int, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil || len(r.of) >= readersMax {
		r.forget(now)
	}
	of := r.of[who]
	if !of.until.After(now) {
		of = readingsOf{until: now.Add(ReadingsWindow)}
	}
	of.count++
	r.of[who] = of
	return of.count, of.until
}

// forget lets go of those whose window is over, and of everybody where that is not enough.
func (r *readings) forget(now time.Time) {
	kept := make(map[string]readingsOf, len(r.of))
	for who, of := range r.of {
		if of.until.After(now) {
			kept[who] = of
		}
	}
	if len(kept) >= readersMax {
		clear(kept)
	}
	r.of = kept
}
