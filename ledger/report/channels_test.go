package report_test

import (
	"testing"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
)

// The channels of a quarter are its funds' figures, and the series ends where they end.
func TestChannelsAndSeriesAreTheFundsFigures(t *testing.T) {
	t.Parallel()
	b := read(t, "testdata/quarter.txtar")
	first, last := ledger.Day(2026, 1, 1), ledger.Day(2026, 3, 31)
	funds, err := report.FundReport(t.Context(), b.db.App, b.community, first, last)
	check(t, err)
	all, err := report.FundChannels(t.Context(), b.db.App, b.community, first, last)
	check(t, err)
	sum := func(of []report.Channel, fund int) (sum money.Amount) {
		for _, c := range of {
			if c.Fund == fund {
				sum = sum.Add(c.Amount)
			}
		}
		return sum
	}
	passed := 0
	for _, line := range funds.Lines {
		in, out, moved := sum(all.In, line.FundID), sum(all.Out, line.FundID), money.Zero
		for _, p := range all.Passed {
			switch line.FundID {
			case p.From:
				moved = moved.Sub(p.Amount)
			case p.To:
				moved, passed = moved.Add(p.Amount), passed+1
			}
		}
		if line.Code == "general" {
			moved = moved.Add(money.MustParse("50")) // adjusted, of an earlier year
		}
		if !in.Equal(line.In) || !out.Equal(line.Out) || !moved.Equal(line.Transfers) {
			t.Errorf("%s: in %v, out %v, passed %v; its figures are %+v", line.Code, in, out, moved, line.FundFigures)
		}
		points, err := report.Series(t.Context(), b.db.App, b.community, line.FundID, first, last)
		check(t, err)
		if len(points) != 3 || !points[2].Balance.Equal(line.Closing) {
			t.Errorf("%s: the series ends at %+v, the fund has %v", line.Code, points, line.Closing)
		}
	}
	if passed == 0 {
		t.Error("no fund passed anything on: the quarter tests nothing")
	}
	points, err := report.Series(t.Context(), b.db.App, b.community, 0, first, last)
	check(t, err)
	if total := funds.Total(); !points[2].Balance.Equal(total.Closing) || points[0].In.IsZero() {
		t.Errorf("the whole book: %+v, want %v", points, total.Closing)
	}
}
