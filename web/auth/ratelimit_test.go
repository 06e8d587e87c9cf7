package auth_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAllow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	allow := func(key string, want bool, wantRetry time.Duration) {
		t.Helper()
		ok, retry, err := h.Allow(context.Background(), h.App, key, 3, time.Minute)
		h.ok(err)
		if ok != want || retry != wantRetry {
			t.Errorf("allowed %t, retry after %v, want %t, %v", ok, retry, want, wantRetry)
		}
	}
	for range 3 {
		allow("a", true, 0)
	}
	allow("a", false, time.Minute)
	allow("b", true, 0)
	h.pass(40 * time.Second)
	allow("a", false, 20*time.Second)
	h.pass(20 * time.Second)
	for range 3 {
		allow("a", true, 0)
	}
	allow("a", false, time.Minute)
}

func TestAllowCountsUnderConcurrency(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.App.SetMaxOpenConns(16)
	var allowed atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 10 {
				ok, retry, err := h.Allow(context.Background(), h.App, "key", 25, time.Minute)
				switch {
				case err != nil:
					t.Error(err)
				case ok:
					allowed.Add(1)
				case retry <= 0 || retry > time.Minute:
					t.Errorf("retry after %v", retry)
				}
			}
		})
	}
	wg.Wait()
	if allowed.Load() != 25 {
		t.Errorf("%d uses allowed, want 25", allowed.Load())
	}
}
