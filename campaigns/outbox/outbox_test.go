package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/migrations/pgtest"
)

const community = 1

func message(t testing.TB, kind string) outbox.Message {
	t.Helper()
	m, err := outbox.New(kind, map[string]string{"to": "流云 \"quoted\", {braced}\\"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// inTx runs write in a database transaction and commits it.
func inTx(t testing.TB, db *sqlx.DB, write func(tx *sqlx.Tx) error) {
	t.Helper()
	tx, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := write(tx); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func enqueue(t testing.TB, db *sqlx.DB, messages ...outbox.Message) {
	t.Helper()
	inTx(t, db, func(tx *sqlx.Tx) error { return outbox.Enqueue(context.Background(), tx, community, messages...) })
}

func pending(t *testing.T, db *sqlx.DB) []outbox.Message {
	t.Helper()
	messages, err := outbox.Pending(t.Context(), db, community, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

func dead(t *testing.T, db *sqlx.DB) []outbox.Message {
	t.Helper()
	messages, err := outbox.Dead(t.Context(), db, community, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// running is outbox.Run in the background. stop returns when Run has.
func running(t *testing.T, db *sqlx.DB, handlers map[string]outbox.Handler, o outbox.Options) (stop func()) {
	t.Helper()
	o.Log, o.Poll = quiet, time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- outbox.Run(ctx, db, outbox.Lane{Handlers: handlers, Options: o}) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// until polls the database for what no channel can tell: that a worker has written its result.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func TestEnqueueIsTheCallersTransaction(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	tx, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	if err := outbox.Enqueue(t.Context(), tx, community, message(t, "mail"), message(t, "mail")); err != nil {
		t.Fatal(err)
	}
	if n := len(pending(t, db)); n != 0 {
		t.Errorf("%d messages are seen before the commit", n)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n := len(pending(t, db)); n != 0 {
		t.Errorf("%d messages outlived the rollback", n)
	}
	m := message(t, "mail")
	enqueue(t, db, m, message(t, "mail"), m)
	enqueue(t, db, m)
	enqueue(t, db) // nothing is fine
	got := pending(t, db)
	if len(got) != 2 {
		t.Fatalf("%d messages, want 2: the same ID is the same message", len(got))
	}
	if got[0].ID != m.ID && got[1].ID != m.ID || !strings.Contains(string(got[0].Payload), `流云 \"quoted\", {braced}\\`) {
		t.Errorf("got %s %s", got[0].ID, got[0].Payload)
	}
	if others, err := outbox.Pending(t.Context(), db, community+1, 10); err != nil || len(others) != 0 {
		t.Errorf("another community sees %d messages, %v", len(others), err)
	}
	inTx(t, db, func(tx *sqlx.Tx) error {
		if err := outbox.Enqueue(t.Context(), tx, community, outbox.Message{Kind: "mail"}); err == nil {
			t.Error("a message without ID is accepted")
		}
		return nil
	})
}

// Two processes of four workers each: every message runs, and none in two places at once.
func TestNoMessageRunsTwiceAtTheSameTime(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	const count = 200
	var messages []outbox.Message
	for range count {
		messages = append(messages, message(t, "mail"))
	}
	enqueue(t, db, messages...)
	var busy sync.Map
	var runs atomic.Int64
	handle := func(_ context.Context, m outbox.Message) error {
		if _, taken := busy.LoadOrStore(m.ID, true); taken {
			t.Errorf("%s runs twice at the same time", m.ID)
		}
		defer busy.Delete(m.ID)
		runs.Add(1)
		_, err := db.Exec(`SELECT 1`) // some work
		return err
	}
	for range 2 {
		running(t, db, map[string]outbox.Handler{"mail": handle}, outbox.Options{Workers: 4})
	}
	until(t, "all are done", func() bool { return len(pending(t, db)) == 0 })
	if runs.Load() != count {
		t.Errorf("%d runs of %d messages", runs.Load(), count)
	}
}

// clock is a time that only the test moves.
type clock struct{ at atomic.Pointer[time.Time] }

func newClock() *clock {
	c := &clock{}
	now := time.Now().Truncate(time.Millisecond)
	c.at.Store(&now)
	return c
}

func (c *clock) Now() time.Time { return *c.at.Load() }

func (c *clock) Add(d time.Duration) {
	next := c.Now().Add(d)
	c.at.Store(&next)
}

// A worker that never comes back (its process was killed) holds the message for its lease and no longer.
func TestCrashInTheMiddleIsRetried(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	m := message(t, "mail")
	enqueue(t, db, m)
	c := newClock()
	c.Add(time.Second)
	o := outbox.Options{Workers: 1, Now: c.Now, Timeout: time.Minute}

	taken, release := make(chan struct{}), make(chan struct{})
	hang := func(context.Context, outbox.Message) error {
		close(taken)
		<-release
		return errors.New("too late")
	}
	stopDead := running(t, db, map[string]outbox.Handler{"mail": hang}, o)
	<-taken

	ran, finish := make(chan outbox.Message), make(chan struct{})
	handle := func(_ context.Context, m outbox.Message) error {
		ran <- m
		<-finish
		return nil
	}
	stop := running(t, db, map[string]outbox.Handler{"mail": handle}, o)
	c.Add(2*time.Minute - time.Millisecond) // the lease is not over: a fresh message overtakes
	fresh := message(t, "mail")
	enqueue(t, db, fresh)
	if got := <-ran; got.ID != fresh.ID {
		t.Fatalf("%s was taken over before its lease ended", got.ID)
	}
	finish <- struct{}{}
	c.Add(time.Millisecond)
	if got := <-ran; got.ID != m.ID || got.Attempts != 2 {
		t.Errorf("ran %s, attempt %d", got.ID, got.Attempts)
	}

	close(release)
	stopDead() // the first worker comes back after all; its failure must not count
	if p := pending(t, db); len(p) != 1 || p[0].LastError != "" || !p[0].NotBefore.Equal(c.Now().Add(2*time.Minute)) {
		t.Errorf("the late worker wrote over the second one's lease: %+v", p)
	}
	close(finish)
	stop()
	if n := len(pending(t, db)); n != 0 {
		t.Errorf("%d messages pending", n)
	}
}

func TestFailuresBackOffAndEndDead(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	m := message(t, "mail")
	enqueue(t, db, m)
	c := newClock()
	c.Add(time.Second)
	fail := func(_ context.Context, m outbox.Message) error {
		if m.Attempts == 2 {
			panic("no paper")
		}
		return fmt.Errorf("attempt %d: no stamps", m.Attempts)
	}
	var worked atomic.Bool
	running(t, db, map[string]outbox.Handler{"mail": func(ctx context.Context, m outbox.Message) error {
		if worked.Load() {
			return nil
		}
		return fail(ctx, m)
	}}, outbox.Options{Workers: 2, Now: c.Now, Attempts: 4, Backoff: func(attempts int) time.Duration {
		return time.Duration(attempts) * time.Hour
	}})
	for attempt, lastError := range []string{"attempt 1: no stamps", "panic: no paper", "attempt 3: no stamps"} {
		attempt++
		until(t, "the attempt failed", func() bool {
			p := pending(t, db)
			return len(p) == 1 && p[0].Attempts == attempt && p[0].LastError == lastError
		})
		due := c.Now().Add(time.Duration(attempt) * time.Hour)
		if got := pending(t, db)[0].NotBefore; !got.Equal(due) {
			t.Errorf("after attempt %d it is due at %s, want %s", attempt, got, due)
		}
		c.Add(time.Duration(attempt) * time.Hour)
	}
	until(t, "it is dead", func() bool { return len(dead(t, db)) == 1 })
	if d := dead(t, db)[0]; d.ID != m.ID || d.Attempts != 4 || d.LastError != "attempt 4: no stamps" || len(pending(t, db)) != 0 {
		t.Errorf("dead: %+v", d)
	}

	worked.Store(true)
	c.Add(time.Hour)
	inTx(t, db, func(tx *sqlx.Tx) error { return outbox.Retry(t.Context(), tx, community, m.ID) })
	until(t, "staff's retry is done", func() bool { return len(pending(t, db))+len(dead(t, db)) == 0 })
	inTx(t, db, func(tx *sqlx.Tx) error {
		if err := outbox.Retry(t.Context(), tx, community, m.ID); !errors.Is(err, outbox.ErrNotDead) {
			t.Errorf("Retry of a done message: %v", err)
		}
		return nil
	})
}

func TestHopelessIsDeadAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	fax := message(t, "fax")
	fax.NotBefore = time.Now().Add(-time.Hour) // first in line
	enqueue(t, db, message(t, "mail"), fax)
	running(t, db, map[string]outbox.Handler{"mail": func(context.Context, outbox.Message) error {
		return fmt.Errorf("no such address: %w", outbox.ErrHopeless)
	}}, outbox.Options{Workers: 1})
	until(t, "it is dead", func() bool { return len(dead(t, db)) == 1 })
	if p := pending(t, db); len(p) != 1 || p[0].Kind != "fax" || p[0].Attempts != 0 {
		t.Errorf("a kind without handler was touched: %+v", p)
	}
}

// What kills its worker each time must not be tried for ever.
func TestWhatNeverComesBackIsGivenUp(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	enqueue(t, db, message(t, "mail"))
	if _, err := db.Exec(`UPDATE outbox.message SET attempts = 3`); err != nil { // taken three times, and no word since
		t.Fatal(err)
	}
	running(t, db, map[string]outbox.Handler{"mail": func(context.Context, outbox.Message) error {
		t.Error("it ran once more")
		return nil
	}}, outbox.Options{Attempts: 3})
	until(t, "it is dead", func() bool { return len(dead(t, db)) == 1 })
}

func TestStopFinishesTheMessageInHand(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	enqueue(t, db, message(t, "mail"), message(t, "mail"))
	taken, release := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- outbox.Run(ctx, db, outbox.Lane{Handlers: map[string]outbox.Handler{"mail": func(ctx context.Context, _ outbox.Message) error {
			close(taken)
			<-release
			return ctx.Err()
		}}, Options: outbox.Options{Workers: 1, Log: quiet}})
	}()
	<-taken
	cancel()
	close(release)
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if p := pending(t, db); len(p) != 1 || p[0].Attempts != 0 {
		t.Errorf("pending after the stop: %+v, want the one that was not in hand", p)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	enqueue(t, db, message(t, "mail"), message(t, "mail"), message(t, "mail"))
	const age = `
		UPDATE outbox.message m SET done_at = now() - old.days * interval '1 day'
		  FROM (SELECT id, row_number() OVER (ORDER BY id) * 10 AS days FROM outbox.message) old
		 WHERE m.id = old.id AND old.days < 30`
	if _, err := db.Exec(age); err != nil { // done 10 and 20 days ago, and one that is not done
		t.Fatal(err)
	}
	inTx(t, db, func(tx *sqlx.Tx) error {
		n, err := outbox.Forget(t.Context(), tx, time.Now().AddDate(0, 0, -15))
		if n != 1 {
			t.Errorf("forgot %d messages, want 1", n)
		}
		return err
	})
	stop := running(t, db, map[string]outbox.Handler{"fax": nil}, outbox.Options{Keep: 5 * 24 * time.Hour})
	until(t, "Run forgets as well", func() bool {
		var left int
		return db.Get(&left, `SELECT count(*) FROM outbox.message`) == nil && left == 1
	})
	stop()
	if n := len(pending(t, db)); n != 1 {
		t.Errorf("%d pending, want the one that was never done", n)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempts, middle := range map[int]time.Duration{
		0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 12: time.Hour, 1000: time.Hour,
	} {
		spread := map[time.Duration]bool{}
		for range 100 {
			pause := outbox.Backoff(attempts)
			spread[pause] = true
			if pause < middle*4/5 || pause > middle*6/5 {
				t.Errorf("Backoff(%d) = %s", attempts, pause)
			}
		}
		if len(spread) < 2 {
			t.Errorf("Backoff(%d) has no jitter", attempts)
		}
	}
}

func TestSettledIsARecordAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t).App
	m := message(t, "letter")
	m.Settled = true
	enqueue(t, db, m, message(t, "letter"))
	if waiting := pending(t, db); len(waiting) != 1 || waiting[0].ID == m.ID {
		t.Errorf("pending are %v, want only the other message", waiting)
	}
}
