package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Handler does the work of one kind of message. It may run more than once for the same Message.ID. Its error is kept with the
// message and shown to staff, so it must not contain a person's data. The context ends when Options.Timeout is over; a handler
// that ignores it may find another worker at the same message.
type Handler func(ctx context.Context, message Message) error

// Later, as a handler's error, puts the message off: it was not tried, so the attempt does not count. A handler that knows that
// the other side rests says until when.
type Later struct{ At time.Time }

func (e Later) Error() string { return "outbox: not before " + e.At.UTC().Format(time.RFC3339) }

// ErrHopeless, wrapped in a handler's error, gives the message up at once: no retry can help.
var ErrHopeless = errors.New("outbox: no retry can help")

// Options of a lane. The zero value is good for production.
type Options struct {
	Workers  int           // messages at the same time in this process; 2
	Poll     time.Duration // pause of a worker that found nothing; 500 ms
	Timeout  time.Duration // for one attempt; 30 s. The lease is twice that
	Attempts int           // before a message is given up; 12, some three hours with the usual Backoff
	Keep     time.Duration // how long done messages are kept; 30 days
	Backoff  func(attempts int) time.Duration
	Now      func() time.Time
	Log      *slog.Logger
}

func (o Options) orDefaults() Options {
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.Poll == 0 {
		o.Poll = 500 * time.Millisecond
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Attempts == 0 {
		o.Attempts = 12
	}
	if o.Keep == 0 {
		o.Keep = 30 * 24 * time.Hour
	}
	if o.Backoff == nil {
		o.Backoff = Backoff
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Backoff is the pause after the given number of failed attempts: 5 s, doubled each time up to an hour, a fifth more or less so
// that what failed together does not come back together.
func Backoff(attempts int) time.Duration {
	pause := 5 * time.Second << min(max(attempts-1, 0), 10)
	pause = min(pause, time.Hour)
	return pause - pause/5 + rand.N(2*pause/5)
}

// Lane is work whose workers wait for nobody but those they work for: letters, a payment company, subscribers.
type Lane struct {
	Handlers map[string]Handler
	Options  Options
}

// Run works until ctx ends, then finishes the messages in hand and returns nil. Each lane has workers of its own, so that what
// hangs in one delays nothing in another. Any number of processes may run at once. It takes only messages of a kind that has a
// handler here, so an older process leaves a newer one's kinds alone. While the database is away it keeps trying.
func Run(ctx context.Context, db *sqlx.DB, lanes ...Lane) error {
	if slices.ContainsFunc(lanes, func(l Lane) bool { return len(l.Handlers) == 0 }) {
		return errors.New("outbox: a lane needs a handler")
	}
	var all sync.WaitGroup
	for i, lane := range lanes {
		w := worker{db: db, handlers: lane.Handlers, kinds: slices.Sorted(maps.Keys(lane.Handlers)), Options: lane.Options.orDefaults()}
		for range w.Workers {
			all.Go(func() { w.loop(ctx) })
		}
		if i == 0 { // what is done is forgotten whoever did it
			all.Go(func() { w.sweep(ctx) })
		}
	}
	all.Wait()
	return nil
}

type worker struct {
	db       *sqlx.DB
	handlers map[string]Handler
	kinds    pq.StringArray
	Options
}

func (w worker) loop(ctx context.Context) {
	for ctx.Err() == nil {
		found, err := w.next(ctx)
		if err != nil && ctx.Err() == nil {
			w.Log.ErrorContext(ctx, "outbox", "error", err)
		}
		if !found || err != nil {
			sleep(ctx, w.Poll)
		}
	}
}

// next takes the next due message, if any, and sees it through.
func (w worker) next(ctx context.Context) (found bool, err error) {
	m, err := w.take(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("take a message: %w", err)
	}
	ctx = context.WithoutCancel(ctx) // what is in hand is finished
	failure := w.attempt(ctx, m)
	ctx, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	var later Later
	switch {
	case errors.As(failure, &later):
		return true, w.putOff(ctx, m, later.At)
	case failure != nil:
		return true, w.fail(ctx, m, failure)
	}
	return true, w.done(ctx, m)
}

func (w worker) take(ctx context.Context) (m Message, err error) {
	const q = `
		WITH due AS MATERIALIZED (
		       SELECT community_id, id FROM outbox.message
		        WHERE done_at IS NULL AND dead_at IS NULL AND not_before <= $1 AND kind = ANY ($3)
		        ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
		UPDATE outbox.message m SET attempts = m.attempts + 1, not_before = $2
		  FROM due
		 WHERE m.community_id = due.community_id AND m.id = due.id
		RETURNING m.community_id, m.id, kind, payload, not_before, created_at, attempts, last_error`
	now := w.Now()
	return m, sqlx.GetContext(ctx, w.db, &m, q, now, now.Add(2*w.Timeout), w.kinds)
}

// errAbandoned is why a message that was begun too often without an end is given up: it may be what kills its workers.
var errAbandoned = fmt.Errorf("its worker never came back: %w", ErrHopeless)

func (w worker) attempt(ctx context.Context, m Message) (err error) {
	if m.Attempts > w.Attempts {
		return errAbandoned
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	return w.handlers[m.Kind](ctx, m)
}

// The number of attempts fences: a worker whose message was taken over in the meantime writes nothing.

func (w worker) done(ctx context.Context, m Message) error {
	const q = `
		UPDATE outbox.message SET done_at = $4, last_error = ''
		 WHERE community_id = $1 AND id = $2 AND attempts = $3 AND done_at IS NULL AND dead_at IS NULL`
	if _, err := w.db.ExecContext(ctx, q, m.CommunityID, m.ID, m.Attempts, w.Now()); err != nil {
		return fmt.Errorf("mark %s %s done: %w", m.Kind, m.ID, err)
	}
	return nil
}

func (w worker) putOff(ctx context.Context, m Message, at time.Time) error {
	const q = `
		UPDATE outbox.message SET not_before = $4, attempts = attempts - 1
		 WHERE community_id = $1 AND id = $2 AND attempts = $3 AND done_at IS NULL AND dead_at IS NULL`
	if _, err := w.db.ExecContext(ctx, q, m.CommunityID, m.ID, m.Attempts, at); err != nil {
		return fmt.Errorf("put %s %s off: %w", m.Kind, m.ID, err)
	}
	return nil
}

func (w worker) fail(ctx context.Context, m Message, failure error) error {
	now := w.Now()
	dead := sql.NullTime{Time: now, Valid: m.Attempts >= w.Attempts || errors.Is(failure, ErrHopeless)}
	w.Log.WarnContext(ctx, "outbox: attempt failed", "kind", m.Kind, "id", m.ID, "attempts", m.Attempts, "dead", dead.Valid)
	const q = `
		UPDATE outbox.message SET last_error = left($4, 500), not_before = $5, dead_at = $6
		 WHERE community_id = $1 AND id = $2 AND attempts = $3 AND done_at IS NULL AND dead_at IS NULL`
	_, err := w.db.ExecContext(ctx, q, m.CommunityID, m.ID, m.Attempts, failure.Error(), now.Add(w.Backoff(m.Attempts)), dead)
	if err != nil {
		return fmt.Errorf("mark %s %s failed: %w", m.Kind, m.ID, err)
	}
	return nil
}

// sweep forgets old done messages, once an hour.
func (w worker) sweep(ctx context.Context) {
	for ctx.Err() == nil {
		if err := w.forget(ctx); err != nil && ctx.Err() == nil {
			w.Log.ErrorContext(ctx, "outbox: forget", "error", err)
		}
		sleep(ctx, time.Hour)
	}
}

func (w worker) forget(ctx context.Context) error {
	for {
		tx, err := w.db.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		n, err := Forget(ctx, tx, w.Now().Add(-w.Keep))
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil || n == 0 {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
