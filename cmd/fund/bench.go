package main

import (
	"context"
	"io"

	"fund/cmd/fund/bench"
)

// benchCmd measures the server against a scratch database of its own.
type benchCmd struct {
	Donations benchDonationsCmd `cmd:"" help:"Signed payment notifications over HTTP; ends with the ratio to L, the yardstick of one bare entry."`
}

type benchDonationsCmd struct {
	Clients int `default:"256" help:"Connections, each with one notification under way."`
	Seconds int `default:"10" help:"Length of each measured stretch."`
	Rounds  int `default:"3" help:"How often yardstick and donations take turns; the ratio is of the medians."`
}

func (b benchDonationsCmd) Run(ctx context.Context, out io.Writer) error {
	return bench.Donations(ctx, out, bench.DonationOptions{Clients: b.Clients, Seconds: b.Seconds, Rounds: b.Rounds})
}
