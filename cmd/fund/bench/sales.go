package bench

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// SaleOptions say how hard to push.
type SaleOptions struct {
	Tills   int // each with one delivery under way
	Sales   int // in one delivery
	Seconds int // of each measured stretch
	Rounds  int
}

// Sales lets tills hand in sales over HTTP and writes sales per second and
// latencies. It fails unless every sale is stored exactly once under the number
// its till was told, without a gap, and the books agree.
func Sales(ctx context.Context, out io.Writer, o SaleOptions) (err error) {
	r, err := build(ctx, "")
	if err != nil {
		return err
	}
	defer func() {
		if end := r.close(); err == nil {
			err = end
		}
	}()
	if err := r.serve(ctx); err != nil {
		return err
	}
	m, err := r.hold(ctx, o.Tills)
	if err != nil {
		return err
	}
	var rates []float64
	told := map[uuid.UUID]string{}
	for round := range o.Rounds {
		before := r.spent()
		got, numbers, err := m.rush(ctx, o)
		if err != nil {
			return err
		}
		cpu := r.spent().since(before)
		fmt.Fprintf(out, "round %d: sales %.0f/s from %d tills, %d in a delivery   p50 %v   p99 %v\n         %s\n",
			round+1, got.rate, o.Tills, o.Sales, got.quantile(0.50), got.quantile(0.99), cpu.each(len(numbers)))
		rates = append(rates, got.rate)
		maps.Copy(told, numbers)
	}
	memory := r.peakMemory()
	if err := m.proveSales(ctx, told); err != nil {
		return err
	}
	fmt.Fprintf(out, "every one of %d sales is stored exactly once; receipts 1 to %d without a gap; books and drawers agree\n", len(told), len(told))
	fmt.Fprintf(out, "server memory at most %d MB\n", memory)
	fmt.Fprintf(out, "median: %.0f sales/s\n", median(rates))
	return nil
}

// rush lets the tills sell until the time ends.
func (m *market) rush(ctx context.Context, o SaleOptions) (s stretch, told map[uuid.UUID]string, err error) {
	told = map[uuid.UUID]string{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	start := time.Now()
	end := start.Add(time.Duration(o.Seconds) * time.Second)
	for _, t := range m.tills {
		wait.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil {
				sales := make([]rungUp, o.Sales)
				for i := range sales {
					sales[i] = t.ring()
				}
				began := time.Now()
				numbers, failed := t.sync(ctx, sales)
				mu.Lock()
				if failed != nil {
					err = failed
					mu.Unlock()
					return
				}
				maps.Copy(told, numbers)
				s.took = append(s.took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	s.rate = float64(len(told)) / time.Since(start).Seconds()
	slices.Sort(s.took)
	return s, told, err
}
