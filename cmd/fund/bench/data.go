package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/valyala/fasthttp"
)

// DataOptions say how large the books are and how often each list is asked for.
type DataOptions struct {
	Postings int
	Times    int
}

// Data measures a page of 100 of the lists of open data over HTTP, one after another. Every address is another one, so that no
// kept answer can help; an address may ask 300 times a minute, so Times of all lists stay below.
func Data(ctx context.Context, out io.Writer, o DataOptions) (err error) {
	r, err := build(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	f, err := r.newFiller(ctx)
	if err != nil {
		return err
	}
	if err := f.fill(ctx, o.Postings); err != nil {
		return err
	}
	if err := r.serve(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d postings, %d entries\n", o.Postings, f.entries)
	if err := f.lists(ctx, out, o.Times); err != nil {
		return err
	}
	fmt.Fprintf(out, "server memory at most %d MB\n", r.peakMemory())
	return nil
}

// lists asks for pages at the top, deep down, and narrowed.
func (f *filler) lists(ctx context.Context, out io.Writer, times int) error {
	client := &fasthttp.HostClient{Addr: f.address}
	table := newLatencies(out, "list")
	deep := f.entries / times
	month := f.community.Day(time.Now()).AddDate(0, -fillMonths/2, 0)
	for _, list := range []struct {
		name string
		ask  func(i int) string
	}{
		{"the newest entries", func(i int) string { return fmt.Sprintf("entries?limit=100&above=%d", i+1) }},
		{"entries anywhere", func(i int) string { return fmt.Sprintf("entries?limit=100&after=%d", (i+1)*deep) }},
		{"entries since an instant", func(i int) string {
			return "entries?limit=100&since=" + time.Now().UTC().Add(-time.Duration(i)*time.Millisecond-time.Hour).Format(time.RFC3339Nano)
		}},
		{"entries of a day", func(i int) string {
			day := month.AddDate(0, 0, i-times/2).Format(time.DateOnly)
			return "entries?limit=100&from=" + day + "&to=" + day
		}},
		{"entries of an account", func(i int) string { return fmt.Sprintf("entries?limit=100&account=1002&after=%d", (i+1)*deep) }},
	} {
		err := table.ask(list.name, times, func(i int) error {
			status, body, err := client.Get(nil, f.url+"/api/v1/c/"+f.community.Slug+"/"+list.ask(i))
			if err != nil || status != fasthttp.StatusOK {
				return errors.Join(err, fmt.Errorf("bench: %s: %d %.200s", list.ask(i), status, body))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return ctx.Err()
}
