package bench

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/valyala/fasthttp"

	"fund/ledger/search"
)

// SearchOptions say how large the books are and how often each search is asked.
type SearchOptions struct {
	Postings int
	Times    int
}

// Searches measures how long it takes to note a whole book, and each kind of search over HTTP, one after another. Every
// address is another one, so that no kept page can help.
func Searches(ctx context.Context, out io.Writer, o SearchOptions) (err error) {
	r, err := build(ctx, "")
	if err != nil {
		return err
	}
	defer func() {
		if end := r.close(); err == nil {
			err = end
		}
	}()
	f, err := r.newFiller(ctx)
	if err != nil {
		return err
	}
	if err := f.fill(ctx, o.Postings); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d postings are there\n", o.Postings)
	began := time.Now()
	if err := r.serve(ctx); err != nil {
		return err
	}
	for behind := []int{0}; len(behind) > 0 && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		if behind, err = search.Behind(ctx, r.owner); err != nil {
			return err
		}
	}
	noted := time.Since(began)
	var size string
	if err := r.owner.GetContext(ctx, &size, `SELECT pg_size_pretty(pg_total_relation_size('search.term'))`); err != nil {
		return err
	}
	fmt.Fprintf(out, "all noted after %v, in %s\n", noted.Round(100*time.Millisecond), size)
	if _, err := r.owner.ExecContext(ctx, `ANALYZE search.term, search.block`); err != nil {
		return err
	}
	if err := f.searches(ctx, out, o.Times); err != nil {
		return err
	}
	fmt.Fprintf(out, "server memory at most %d MB\n", r.peakMemory())
	return nil
}

// searches asks for what is everywhere, what is rare, and what is not there.
func (f *filler) searches(ctx context.Context, out io.Writer, times int) error {
	get := f.reader(&fasthttp.HostClient{Addr: f.address})
	table := newLatencies(out, "search")
	old := f.community.Day(time.Now()).AddDate(0, -fillMonths+2, 0)
	for _, query := range []string{
		"q=捐", "q=食材", "q=街道服务", "q=没有这样的词", "q=龘", "q=食材捐赠", "q=第+7+次募捐", "q=7.77", "q=66", "q=食材+网上",
		"least=100&most=120", "least=37.01&most=37.05", "least=9000", "q=采购&least=5&most=5",
		fmt.Sprintf("q=服务&from=%s&to=%s", old.Format(time.DateOnly), old.AddDate(0, 0, 9).Format(time.DateOnly)),
		fmt.Sprintf("q=食材&before=%d", f.entries/2),
	} {
		if err := table.ask(query, times, func(i int) error { return get(fmt.Sprintf("/search?%s&%d", query, i)) }); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return ctx.Err()
}
