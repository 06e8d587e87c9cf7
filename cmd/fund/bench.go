package main

import (
	"context"
	"io"

	"fund/cmd/fund/bench"
)

// benchCmd measures the server against a scratch database of its own.
type benchCmd struct {
	Donations  benchDonationsCmd  `cmd:"" help:"Signed payment notifications over HTTP; ends with the ratio to L, the yardstick of one bare entry."`
	Sales      benchSalesCmd      `cmd:"" help:"Sales that tills hand in over HTTP; ends with sales a second."`
	Pages      benchPagesCmd      `cmd:"" help:"Requests a second of the public pages, with 1,000 postings and with many."`
	Searches   benchSearchesCmd   `cmd:"" help:"How long it takes to find something in a large book over HTTP."`
	Data       benchDataCmd       `cmd:"" help:"How long a page of the lists of open data takes in a large book over HTTP."`
	Exports    benchExportsCmd    `cmd:"" help:"Postings a second of fund export, each format, and its memory."`
	Statements benchStatementsCmd `cmd:"" help:"How long each statement takes over HTTP, with 1,000 postings and with many."`
	Crash      benchCrashCmd      `cmd:"" help:"Kill the server and PostgreSQL under load; exit 1 if an acknowledged donation is lost or doubled."`
}

type benchSalesCmd struct {
	Tills   int `default:"16" help:"Tills, each with one delivery under way."`
	Sales   int `default:"1" help:"Sales in one delivery: 1 with a network, up to 100 after hours without one."`
	Seconds int `default:"10" help:"Length of each measured stretch."`
	Rounds  int `default:"3" help:"How many stretches; the result is their median."`
}

func (b benchSalesCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Sales(ctx, out, bench.SaleOptions{Tills: b.Tills, Sales: b.Sales, Seconds: b.Seconds, Rounds: b.Rounds})
}

type benchPagesCmd struct {
	Clients  int `default:"16" help:"Connections, kept alive."`
	Seconds  int `default:"5" help:"Length of each measured stretch."`
	Postings int `default:"1000000" help:"How large the books become after the first measurement."`
}

func (b benchPagesCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Pages(ctx, out, bench.PageOptions{Postings: b.Postings, Seconds: b.Seconds, Clients: b.Clients})
}

type benchSearchesCmd struct {
	Postings int `default:"1000000" help:"How large the books are."`
	Times    int `default:"100" help:"How often each search is asked."`
}

func (b benchSearchesCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Searches(ctx, out, bench.SearchOptions{Postings: b.Postings, Times: b.Times})
}

type benchDataCmd struct {
	Postings int `default:"1000000" help:"How large the books are."`
	Times    int `default:"50" help:"How often each list is asked for."`
}

func (b benchDataCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Data(ctx, out, bench.DataOptions{Postings: b.Postings, Times: b.Times})
}

type benchExportsCmd struct {
	Postings int      `default:"1000000" help:"How large the books are."`
	Format   []string `default:"hledger,beancount,csv,json,xlsx" help:"Which; default: ${default}."`
}

func (b benchExportsCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Exports(ctx, out, bench.ExportOptions{Postings: b.Postings, Formats: b.Format})
}

type benchDonationsCmd struct {
	Clients int `default:"256" help:"Connections, each with one notification under way."`
	Seconds int `default:"10" help:"Length of each measured stretch."`
	Rounds  int `default:"3" help:"How often yardstick and donations take turns; the ratio is of the medians."`
}

func (b benchDonationsCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Donations(ctx, out, bench.DonationOptions{Clients: b.Clients, Seconds: b.Seconds, Rounds: b.Rounds})
}

type benchCrashCmd struct {
	Clients int    `default:"64" help:"Connections, each with one notification under way."`
	Rounds  int    `default:"30" help:"How many kills."`
	Victim  string `default:"mixed" enum:"${victims}" help:"Who is killed: ${enum}; default: ${default}."`
	Sales   bool   `help:"Two tills hand in their queues, instead of notifications."`
	Unsafe  bool   `help:"The control run: PostgreSQL acknowledges before it has written and is killed; exit 1 if no loss is seen."`
}

func (b benchCrashCmd) Run(ctx context.Context, out io.Writer) error {
	if b.Sales {
		return bench.CrashSales(ctx, out, bench.CrashOptions{Rounds: b.Rounds, Clients: 2, Victim: b.Victim})
	}
	if b.Unsafe {
		b.Victim = "postgres"
	}
	return bench.Crash(ctx, out, bench.CrashOptions{Rounds: b.Rounds, Clients: b.Clients, Victim: b.Victim, Unsafe: b.Unsafe})
}
