package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver

	"fund/ledger"
)

// postEach is the batch verb of these tests: it posts entries, all or none.
func postEach(ctx context.Context, tx *sqlx.Tx, community int, entries []ledger.Entry) ([]ledger.Outcome[ledger.Posted], error) {
	posted, err := ledger.Post(ctx, tx, community, entries...)
	outcomes := make([]ledger.Outcome[ledger.Posted], len(posted))
	for i, p := range posted {
		outcomes[i].Value = p
	}
	return outcomes, err
}

// Two server processes, 64 callers, one community; every tenth entry is bad
// and every tenth is a repetition of another caller's.
func TestCommittersOfTwoServers(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	second := sqlx.MustOpen("postgres", b.AppURL)
	t.Cleanup(func() { _ = second.Close() })
	servers := []*ledger.Committer[ledger.Entry, ledger.Posted]{ledger.NewCommitter(b.App, 32, postEach), ledger.NewCommitter(second, 32, postEach)}

	const callers, each = 64, 10
	var mu sync.Mutex
	var numbers []int
	refusals := map[error]int{}
	var wg sync.WaitGroup
	for g := range callers {
		wg.Go(func() {
			for i := range each {
				e := b.given(g*each+i, b.clinic, "1.01")
				switch i {
				case 3:
					e.Postings[0].Account = 999
				case 7:
					e.Source = fmt.Sprintf("donation:twice-%d", g/2)
				}
				posted, err := servers[(g+i)%2].Do(ctx, b.ID, e)
				mu.Lock()
				switch {
				case err == nil:
					numbers = append(numbers, posted.Number)
				case errors.Is(err, ledger.ErrUnknownAccount):
					refusals[ledger.ErrUnknownAccount]++
				case errors.Is(err, ledger.ErrDuplicateSource):
					refusals[ledger.ErrDuplicateSource]++
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, s := range servers {
		s.Close()
	}
	const good = callers*each - callers - callers/2
	if len(numbers) != good || refusals[ledger.ErrUnknownAccount] != callers || refusals[ledger.ErrDuplicateSource] != callers/2 {
		t.Errorf("%d posted, refused %v", len(numbers), refusals)
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != i+1 {
			t.Fatalf("number %d stands where %d belongs", n, i+1)
		}
	}
	b.seal(t)
	b.sound(t)
}

// held is a verb that waits for the test before it runs.
type held struct {
	entered chan int // how many items came
	goOn    chan struct{}
}

func (h held) verb(_ context.Context, _ *sqlx.Tx, _ int, items []int) ([]ledger.Outcome[int], error) {
	select {
	case h.entered <- len(items):
	default: // nobody asks
	}
	<-h.goOn
	outcomes := make([]ledger.Outcome[int], len(items))
	for i, n := range items {
		switch {
		case n < 0:
			outcomes[i].Err = ledger.ErrNotFound // refused by the verb itself
		case n == 0:
			panic("a bug in the verb")
		}
		outcomes[i].Value = 2 * n
	}
	return outcomes, nil
}

func TestCloseFinishesWhatWasAccepted(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	h := held{make(chan int, 9), make(chan struct{})}
	c := ledger.NewCommitter(b.App, 8, h.verb)
	answers := make(chan int, 3)
	ask := func(n int) {
		got, err := c.Do(ctx, b.ID, n)
		if err != nil {
			t.Error(err)
		}
		answers <- got
	}
	go ask(1)
	<-h.entered
	closed := make(chan struct{})
	go func() { c.Close(); close(closed) }()
	for { // until Close has shut the door
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := c.Do(cancelled, b.ID, 5); errors.Is(err, ledger.ErrShuttingDown) {
			break
		}
	}
	select {
	case <-closed:
		t.Error("Close came back before the work was done")
	default:
	}
	close(h.goOn)
	<-closed
	if got := <-answers; got != 2 {
		t.Errorf("answer %d", got)
	}
}

func TestDoEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	h := held{make(chan int, 9), make(chan struct{})}
	c := ledger.NewCommitter(b.App, 8, h.verb)
	impatient, cancel := context.WithCancel(ctx)
	gone := make(chan error)
	go func() {
		_, err := c.Do(impatient, b.ID, 1)
		gone <- err
	}()
	<-h.entered
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(h.goOn)
	if got, err := c.Do(ctx, b.ID, 4); got != 8 || err != nil { // the next caller is served
		t.Errorf("%d, %v", got, err)
	}
	c.Close()
}

// A refused item and a panicking one answer for themselves only.
func TestOneBadItemFailsAlone(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	h := held{make(chan int, 9), make(chan struct{})}
	c := ledger.NewCommitter(b.App, 8, h.verb)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = c.Do(ctx, b.ID, 1) })
	<-h.entered // the others wait in the queue together
	results := map[int]error{}
	var mu sync.Mutex
	for _, n := range []int{7, -1, 0, 9} {
		wg.Go(func() {
			_, err := c.Do(ctx, b.ID, n)
			mu.Lock()
			results[n] = err
			mu.Unlock()
		})
	}
	close(h.goOn)
	wg.Wait()
	c.Close()
	if results[7] != nil || results[9] != nil || !errors.Is(results[-1], ledger.ErrNotFound) || results[0] == nil {
		t.Errorf("%v", results)
	}
}
