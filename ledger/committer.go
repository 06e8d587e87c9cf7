package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrShuttingDown is returned for work that came after Close.
var ErrShuttingDown = errors.New("ledger: the server is shutting down")

// Outcome is what became of one item of a batch.
type Outcome[O any] struct {
	Value O
	Err   error
}

// Committer gathers the callers of a hot verb into batches: one goroutine per
// community drains its queue, without waiting for more than the callers it just
// answered, and runs each batch in ONE database transaction, so a donation under
// load never costs a transaction of its own. A caller is answered only after the commit.
//
// One bad item never fails its neighbours: the verb answers for each item, and
// if the transaction as a whole fails, its items are run one by one.
type Committer[I, O any] struct {
	db  *sqlx.DB
	run func(ctx context.Context, tx *sqlx.Tx, community int, items []I) ([]Outcome[O], error)
	max int

	mu        sync.Mutex
	queues    map[int][]call[I, O]
	gathering map[int]gathering
	closing   bool
	drains    sync.WaitGroup
}

type call[I, O any] struct {
	item   I
	answer chan Outcome[O]
}

// NewCommitter makes a committer for a verb that handles up to max items in
// one transaction. The verb returns one Outcome per item, in order; an error
// of its own, or a failed commit, undoes the whole batch.
func NewCommitter[I, O any](db *sqlx.DB, max int, run func(context.Context, *sqlx.Tx, int, []I) ([]Outcome[O], error)) *Committer[I, O] {
	return &Committer[I, O]{db: db, run: run, max: max, queues: map[int][]call[I, O]{}, gathering: map[int]gathering{}}
}

// Do hands in one item and waits until it is committed, refused, or ctx ends.
// When ctx ends first the item may still be committed: its idempotency key
// tells on the next try.
func (c *Committer[I, O]) Do(ctx context.Context, community int, item I) (O, error) {
	mine := call[I, O]{item, make(chan Outcome[O], 1)}
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		return *new(O), ErrShuttingDown
	}
	queue, draining := c.queues[community]
	c.queues[community] = append(queue, mine)
	if !draining {
		c.drains.Add(1)
		go c.drain(community)
	}
	if g, ok := c.gathering[community]; ok && len(queue)+1 >= g.all {
		close(g.here)
		delete(c.gathering, community)
	}
	c.mu.Unlock()

	select {
	case out := <-mine.answer:
		return out.Value, out.Err
	case <-ctx.Done():
		return *new(O), ctx.Err()
	}
}

// Close finishes what was accepted and refuses what comes after.
func (c *Committer[I, O]) Close() {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	c.drains.Wait()
}

// drain books what waits until nothing does. A batch's callers are answered
// when the next batch has been handed to the database (see Handover), so that
// their answers are written, and their next items read, while it works.
func (c *Committer[I, O]) drain(community int) {
	defer c.drains.Done()
	answer := func() {}
	for {
		batch := c.next(community, answer)
		if batch == nil {
			return
		}
		began := time.Now()
		answer = c.commit(community, batch, answer)
		if 1 < len(batch) && len(batch) < gatherBelow {
			c.gather(community, len(batch), time.Since(began)/4, answer)
		}
	}
}

// gatherBelow is the size from which a batch is large enough that its fixed
// cost no longer counts, and the next is better begun at once.
const gatherBelow = 64

// gather answers the callers of a batch and gives them a moment to come back
// with their next item, so that two small half batches do not take turns. It ends
// when as many wait as there are, or after the patience, which is a part of
// what the last batch took.
func (c *Committer[I, O]) gather(community, answered int, patience time.Duration, answer func()) {
	c.mu.Lock()
	all := min(len(c.queues[community])+answered, c.max)
	here := make(chan struct{})
	c.gathering[community] = gathering{all, here}
	c.mu.Unlock()
	answer()
	select {
	case <-here:
	case <-time.After(patience):
	}
	c.mu.Lock()
	delete(c.gathering, community)
	c.mu.Unlock()
}

// gathering is a drain that waits until so many callers are here.
type gathering struct {
	all  int
	here chan struct{}
}

// next takes up to max calls. Where none wait it answers the batch before and
// looks again; nil ends the drain, and the next caller starts another.
func (c *Committer[I, O]) next(community int, answer func()) []call[I, O] {
	if c.waiting(community) == 0 {
		answer()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	queue := c.queues[community]
	if len(queue) == 0 {
		delete(c.queues, community)
		return nil
	}
	n := min(len(queue), c.max)
	c.queues[community] = queue[n:]
	return queue[:n:n]
}

func (c *Committer[I, O]) waiting(community int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queues[community])
}

// commit books a batch, one by one if it cannot be booked as a whole, and
// returns what answers its callers. Before that it answers the batch before.
func (c *Committer[I, O]) commit(community int, batch []call[I, O], before func()) (answer func()) {
	ctx, handOver := withHandover(context.Background(), before)
	outcomes, err := c.attempt(ctx, community, batch)
	handOver()
	if err != nil && len(batch) > 1 {
		for _, one := range batch {
			c.commit(community, []call[I, O]{one}, func() {})()
		}
		return func() {}
	}
	return sync.OnceFunc(func() {
		for i, one := range batch {
			if err != nil {
				one.answer <- Outcome[O]{Err: err}
			} else {
				one.answer <- outcomes[i]
			}
		}
	})
}

// attempt runs one transaction. It has no deadline of its own: the server's
// statement_timeout bounds it, and a batch must not die with its first caller.
func (c *Committer[I, O]) attempt(ctx context.Context, community int, batch []call[I, O]) (outcomes []Outcome[O], err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("ledger: a batch panicked: %v", p)
		}
	}()
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	items := make([]I, len(batch))
	for i, one := range batch {
		items[i] = one.item
	}
	outcomes, err = c.run(ctx, tx, community, items)
	if err != nil {
		return nil, Explain(err)
	}
	if len(outcomes) != len(items) {
		return nil, fmt.Errorf("ledger: %d outcomes for %d items", len(outcomes), len(items))
	}
	return outcomes, tx.Commit()
}

type handoverKey struct{}

func withHandover(ctx context.Context, before func()) (context.Context, func()) {
	once := sync.OnceFunc(before)
	return context.WithValue(ctx, handoverKey{}, once), once
}

// Handover is for a verb in a committer's batch to call before its last and
// longest statement: the callers of the batch before are answered then, and
// what they do next runs beside the database's work, not before it. It does
// nothing elsewhere.
func Handover(ctx context.Context) {
	if handOver, ok := ctx.Value(handoverKey{}).(func()); ok {
		handOver()
	}
}

// Solo runs a batch verb for one item in the caller's transaction: for staff
// pages and seeds, which are not hot.
func Solo[I, O any](ctx context.Context, tx *sqlx.Tx, community int, item I,
	run func(context.Context, *sqlx.Tx, int, []I) ([]Outcome[O], error),
) (O, error) {
	outcomes, err := run(ctx, tx, community, []I{item})
	if err != nil {
		return *new(O), Explain(err)
	}
	return outcomes[0].Value, outcomes[0].Err
}
