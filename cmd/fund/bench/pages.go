package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/valyala/fasthttp"
)

// PageOptions say how large the books become and how hard to read them.
type PageOptions struct {
	Postings int // of the second measurement
	Seconds  int // for each page
	Clients  int // connections, kept alive
}

// few is how many postings the first measurement has.
const few = 1000

// shown is a page that readers ask for.
type shown struct {
	name    string
	address func() string // below the community
}

// Pages measures how fast the public pages are read, first from books of 1,000
// postings, then of many, in one run: once while nothing changes, and once
// while gifts come in, five a second, each of which makes every kept page old.
func Pages(ctx context.Context, out io.Writer, o PageOptions) (err error) {
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
	if err := r.serve(ctx); err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "page\tgifts\t%d postings/s\t%d postings/s\tratio\tp50\tp99\t\n", few, o.Postings)
	var before []stretch
	for _, postings := range []int{few, o.Postings} {
		began := time.Now()
		if err := f.fill(ctx, postings); err != nil {
			return err
		}
		fmt.Fprintf(out, "%d postings are there after %v\n", postings, time.Since(began).Round(time.Second))
		measured, err := f.measure(ctx, o)
		if err != nil {
			return err
		}
		if before == nil {
			before = measured
			continue
		}
		for i, now := range measured {
			gifts := []string{"none", "5/s"}[i%2]
			fmt.Fprintf(table, "%s\t%s\t%.0f\t%.0f\t%.2f\t%v\t%v\t\n", f.pages()[i/2].name, gifts,
				before[i].rate, now.rate, now.rate/before[i].rate, now.quantile(0.50), now.quantile(0.99))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if err := f.wholeBook(ctx, out); err != nil {
		return err
	}
	fmt.Fprintf(out, "server memory at most %d MB\n", r.peakMemory())
	return nil
}

// pages are the ones that count. The last has another address each time, so that no kept page can help.
func (f *filler) pages() []shown {
	at := func(address string) func() string { return func() string { return address } }
	month := f.community.Day(time.Now()).AddDate(0, -fillMonths/2, 0).Format("2006-01")
	return []shown{
		{"home", at("")},
		{"a campaign", at("/campaigns/" + f.campaign.Slug)},
		{"the ledger", at("/ledger")},
		{"deep in it", at(fmt.Sprintf("/ledger?before=%d", f.entries/2))},
		{"a month of it", at("/ledger?month=" + month)},
		{"anywhere in it", func() string { return fmt.Sprintf("/ledger?before=%d&%d", 60+rand.IntN(f.entries-60), rand.Int()) }},
	}
}

// measure reads each page without gifts and with them.
func (f *filler) measure(ctx context.Context, o PageOptions) (all []stretch, err error) {
	for _, page := range f.pages() {
		quiet, err := f.read(ctx, page, o)
		if err != nil {
			return nil, err
		}
		stop, err := f.giving(ctx, o.Seconds)
		if err != nil {
			return nil, err
		}
		busy, err := f.read(ctx, page, o)
		if given := stop(); err == nil {
			err = given
		}
		if err != nil {
			return nil, err
		}
		all = append(all, quiet, busy)
	}
	return all, nil
}

// giving lets a gift arrive every 200 ms until stop is called.
func (r *rig) giving(ctx context.Context, seconds int) (stop func() error, err error) {
	ids, err := r.pending(ctx, 5*seconds+5)
	if err != nil {
		return nil, err
	}
	post := r.poster(&fasthttp.HostClient{Addr: r.address})
	ended, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		pulse := time.NewTicker(200 * time.Millisecond)
		defer pulse.Stop()
		for _, id := range ids {
			select {
			case <-ended:
				failed <- nil
				return
			case <-pulse.C:
			}
			if err := post(r.signOne(id)); err != nil {
				failed <- err
				return
			}
		}
		failed <- nil
	}()
	return func() error { close(ended); return <-failed }, nil
}

// read lets the clients ask for a page until the time is over.
func (r *rig) read(ctx context.Context, page shown, o PageOptions) (total stretch, err error) {
	client := &fasthttp.HostClient{Addr: r.address, MaxConns: o.Clients}
	var mu sync.Mutex
	var wait sync.WaitGroup
	start := time.Now()
	end := start.Add(time.Duration(o.Seconds) * time.Second)
	for range o.Clients {
		wait.Go(func() {
			get, took := r.reader(client), []time.Duration(nil)
			var failed error
			for failed == nil && time.Now().Before(end) && ctx.Err() == nil {
				began := time.Now()
				failed = get(page.address())
				took = append(took, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			if total.took = append(total.took, took...); failed != nil {
				err = failed
			}
		})
	}
	wait.Wait()
	total.rate = float64(len(total.took)) / time.Since(start).Seconds()
	slices.Sort(total.took)
	return total, err
}

// reader is a browser: it takes compressed pages and keeps its cookies.
func (r *rig) reader(client *fasthttp.HostClient) func(address string) error {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	request.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	request.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")
	return func(address string) error {
		request.SetRequestURI(r.url + "/c/" + r.community.Slug + address)
		if err := client.Do(request, response); err != nil {
			return err
		}
		if response.StatusCode() != fasthttp.StatusOK {
			return fmt.Errorf("bench: %s answered %d", address, response.StatusCode())
		}
		for name, value := range response.Header.Cookies() {
			text, _, _ := strings.Cut(string(value), ";")
			request.Header.SetCookie(string(name), strings.TrimPrefix(text, string(name)+"="))
		}
		return nil
	}
}

// wholeBook asks once for each thing that is not kept and may need the whole book.
func (f *filler) wholeBook(ctx context.Context, out io.Writer) error {
	get := f.reader(&fasthttp.HostClient{Addr: f.address})
	for _, address := range []string{
		"/ledger?kind=out", "/ledger?fund=campaign-20", "/ledger?account=4401",
		"/ledger?account=5301", "/ledger?month=" + f.community.Day(time.Now()).AddDate(0, -fillMonths+2, 0).Format("2006-01") + "&kind=out",
		"/campaigns", "/reports", "/reports/statements", "/projects", "/verify", "/ledger/" + fmt.Sprint(time.Now().Year()) + "-7",
	} {
		began := time.Now()
		if err := get(address); err != nil {
			fmt.Fprintf(out, "%s: %v\n", address, err)
			continue
		}
		fmt.Fprintf(out, "%-40s %v\n", address, time.Since(began).Round(100*time.Microsecond))
	}
	return ctx.Err()
}
