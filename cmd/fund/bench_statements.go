package main

import (
	"context"
	"io"

	"fund/cmd/fund/bench"
)

type benchStatementsCmd struct {
	Postings int `default:"1000000" help:"How large the books become after the first measurement."`
	Times    int `default:"9" help:"How often each statement is asked for; the median counts."`
}

func (b benchStatementsCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Statements(ctx, out, bench.StatementOptions{Postings: b.Postings, Times: b.Times})
}
