package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
)

// queueAtOnce is how many sales a till hands in at once, at most.
const queueAtOnce = 20

// register is a till with the queue that a browser keeps: what it rang up and
// the number each sale was told, which outlive the server.
type register struct {
	*till
	queue []rungUp // without a number yet
	told  map[uuid.UUID]string
}

// CrashSales kills the server, PostgreSQL, or both while tills hand in their
// queues, again and again. A till that gets no answer sends the same again. It
// proves that every sale is stored exactly once, under the one number that its
// till was ever told, without a gap, and that books and drawers agree.
func CrashSales(ctx context.Context, out io.Writer, o CrashOptions) (err error) {
	r, err := build(ctx, o.Program)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	c := &crash{CrashOptions: o, rig: r}
	if err := c.stretchCommits(ctx); err != nil {
		return err
	}
	if err := r.serve(ctx); err != nil {
		return err
	}
	m, err := r.hold(ctx, o.Clients)
	if err != nil {
		return err
	}
	var registers []*register
	for _, t := range m.tills {
		registers = append(registers, &register{till: t, told: map[uuid.UUID]string{}})
	}
	unanswered, booked := 0, 0
	for n := range o.Rounds {
		victim := c.victim(n)
		hanging, kept, err := c.raid(ctx, m, registers, victim)
		if err != nil {
			return fmt.Errorf("round %d (%s): %w", n+1, victim, err)
		}
		unanswered, booked = unanswered+hanging, booked+kept
		fmt.Fprintf(out, "round %d: %-8s killed, %3d sales without an answer (%d of them booked)\n", n+1, victim, hanging, kept)
	}
	all := 0
	for _, r := range registers {
		all += len(r.told)
	}
	fmt.Fprintf(out, "%d rounds, %d tills: %d sales, %d of them once without an answer, of which %d were booked already\n", o.Rounds, o.Clients, all, unanswered, booked)
	fmt.Fprintf(out, "every sale is stored exactly once under the number its till was told; receipts 1 to %d without a gap; books and drawers agree\n", all)
	return nil
}

// raid kills while the tills sell, brings the victim back, lets the tills hand in what hangs, and proves it all.
func (c *crash) raid(ctx context.Context, m *market, registers []*register, victim string) (hanging, kept int, err error) {
	for range misses {
		var wait sync.WaitGroup
		failures := make([]error, len(registers))
		for i, r := range registers {
			wait.Go(func() { failures[i] = r.sell(ctx) })
		}
		time.Sleep(calm/3 + rand.N(calm))
		c.hit(victim)
		wait.Wait()
		if err := c.restart(ctx); err != nil {
			return 0, 0, err
		}
		var ids []uuid.UUID
		for _, r := range registers {
			for _, s := range r.queue {
				ids = append(ids, s.ID)
			}
		}
		hanging = len(ids)
		if err := m.owner.GetContext(ctx, &kept, `SELECT count(*) FROM sale.sale WHERE community_id = $1 AND id = ANY ($2)`, m.community.ID, texts(ids)); err != nil {
			return 0, 0, err
		}
		for i, r := range registers {
			wait.Go(func() { failures[i] = errors.Join(failures[i], r.empty(ctx)) })
		}
		wait.Wait()
		if err := errors.Join(failures...); err != nil {
			return 0, 0, err
		}
		told := map[uuid.UUID]string{}
		for _, r := range registers {
			for id, number := range r.told {
				told[id] = number
			}
		}
		if err := m.proveSales(ctx, told); err != nil {
			return 0, 0, err
		}
		if hanging > 0 {
			return hanging, kept, nil
		}
	}
	return 0, 0, fmt.Errorf("bench: %d kills hit no traffic", misses)
}

// sell rings up and hands in until there is no answer.
func (r *register) sell(ctx context.Context) error {
	for ctx.Err() == nil {
		for len(r.queue) < 1+rand.N(queueAtOnce) {
			r.queue = append(r.queue, r.ring())
		}
		switch err := r.handIn(ctx); {
		case errors.Is(err, errNumberChanged):
			return err
		case err != nil:
			return nil
		}
	}
	return ctx.Err()
}

// empty sends the queue until all of it is answered.
func (r *register) empty(ctx context.Context) (err error) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		if err = r.handIn(ctx); errors.Is(err, errNumberChanged) || err == nil {
			return err
		}
	}
	return errors.Join(ctx.Err(), fmt.Errorf("bench: %d sales stay without an answer: %w", len(r.queue), err))
}

var errNumberChanged = errors.New("bench: a sale was told two numbers")

// handIn sends the queue; what is answered leaves it. Half the time the answer
// is thrown away as if the line had broken, and the same is sent again.
func (r *register) handIn(ctx context.Context) error {
	if len(r.queue) == 0 {
		return nil
	}
	numbers, err := r.sync(ctx, r.queue)
	if err != nil {
		return err
	}
	for id, number := range numbers {
		if before, known := r.told[id]; known && before != number {
			return fmt.Errorf("%w: %s and %s", errNumberChanged, before, number)
		}
		r.told[id] = number
	}
	if rand.N(2) == 0 {
		if again, err := r.sync(ctx, r.queue); err == nil {
			for id, number := range again {
				if r.told[id] != number {
					return fmt.Errorf("%w: %s and %s", errNumberChanged, r.told[id], number)
				}
			}
		}
	}
	r.queue = nil
	return nil
}
