package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"
)

// calm is how long traffic flows at most before the kill, from the first acknowledgement on.
const calm = 300 * time.Millisecond

// breath is how long a client waits at most before it sends the next one: without it all of them would move as one.
const breath = 10 * time.Millisecond

// strike lets the clients send until the victim is killed. The diary says what they sent and what was acknowledged.
func (c *crash) strike(ctx context.Context, victim string) error {
	if err := c.stock(ctx); err != nil {
		return err
	}
	client := c.newClient()
	flowing := make(chan struct{})
	failures := make([]error, c.Clients)
	var first sync.Once
	var next atomic.Int64
	var wait sync.WaitGroup
	for n := range failures {
		wait.Go(func() {
			post := c.poster(client)
			for acknowledged := true; acknowledged && failures[n] == nil && ctx.Err() == nil; {
				i := int(next.Add(1)) - 1
				if i >= len(c.waiting) {
					return
				}
				time.Sleep(rand.N(breath))
				acknowledged, failures[n] = c.give(post, c.waiting[i])
				first.Do(func() { close(flowing) })
			}
		})
	}
	select {
	case <-flowing:
	case <-ctx.Done():
	}
	time.Sleep(rand.N(calm))
	c.hit(victim)
	wait.Wait()
	c.waiting = c.waiting[min(int(next.Load()), len(c.waiting)):]
	return errors.Join(append(failures, ctx.Err())...)
}

// give pays one donation: the diary knows it before it is sent, and its acknowledgement before the next one.
func (c *crash) give(post func(letter) error, id uuid.UUID) (acknowledged bool, err error) {
	if err := c.diary.note(sent, id); err != nil {
		return false, err
	}
	if post(c.signOne(id)) != nil {
		return false, nil
	}
	return true, c.diary.note(acked, id)
}

// stock sees to it that the donations do not run out in a round.
func (c *crash) stock(ctx context.Context) error {
	const least = 5000
	if len(c.waiting) >= least {
		return nil
	}
	more, err := c.pending(ctx, 2*least)
	c.waiting = append(c.waiting, more...)
	return err
}

// resend pays donations until each is acknowledged, as a payment company tries again.
func (c *crash) resend(ctx context.Context, ids []uuid.UUID) error {
	client := c.newClient()
	var next atomic.Int64
	failures := make([]error, c.Clients)
	var wait sync.WaitGroup
	for n := range failures {
		wait.Go(func() {
			post := c.poster(client)
			for i := int(next.Add(1)) - 1; i < len(ids) && failures[n] == nil; i = int(next.Add(1)) - 1 {
				failures[n] = c.insist(ctx, post, ids[i])
			}
		})
	}
	wait.Wait()
	return errors.Join(failures...)
}

func (c *crash) insist(ctx context.Context, post func(letter) error, id uuid.UUID) error {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		if acknowledged, err := c.give(post, id); acknowledged || err != nil {
			return err
		}
	}
	return errors.Join(ctx.Err(), fmt.Errorf("bench: donation %s stays without an answer", id))
}

func (c *crash) newClient() *fasthttp.HostClient {
	return &fasthttp.HostClient{
		Addr: strings.TrimPrefix(c.url, "http://"), MaxConns: c.Clients + 8, MaxIdemponentCallAttempts: 1,
		ReadTimeout: 20 * time.Second, WriteTimeout: 5 * time.Second,
	}
}

// without are the elements of all that are not in some.
func without(all, some []uuid.UUID) (rest []uuid.UUID) {
	in := make(map[uuid.UUID]bool, len(some))
	for _, id := range some {
		in[id] = true
	}
	for _, id := range all {
		if !in[id] {
			rest = append(rest, id)
		}
	}
	return rest
}
