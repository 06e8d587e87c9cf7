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

// Whatever an entry moves between funds, each gives and gets what the books say, to the fen: also where several give to several, and
// where a part of it was no other fund's gain.
func TestWhatFundsPassOnIsWhatTheBooksSay(t *testing.T) {
	t.Parallel()
	b := book(t, "npo-2026")
	for _, fund := range []string{"roof", "lamps", "tea", "choir"} {
		b.addFund(t, fund, ledger.ProjectFund, false)
	}
	b.post(t, `2025-12-31 opening | 1002 general 1000.00 | 3101 general -1000.00
		2025-12-31 opening-roof | 1002 roof 1000.00 | 3101 roof -1000.00
		2026-01-02 two-give-to-three | 3101 general 0.05 | 1002 general -0.05 | 3101 roof 0.05 | 1002 roof -0.05 | 1002 lamps 0.03 | 3101 lamps -0.03 | 1002 tea 0.03 | 3101 tea -0.03 | 1002 choir 0.04 | 3101 choir -0.04
		2026-01-03 a-part-is-income | 3101 general 100.00 | 1002 general -100.00 | 1002 roof 60.00 | 3101 roof -60.00 | 1002 tea 40.00 | 4501 tea -40.00`)
	all, err := report.FundChannels(t.Context(), b.db.App, b.community, ledger.Day(2026, 1, 1), ledger.Day(2026, 1, 31))
	check(t, err)
	got := map[int]money.Amount{}
	for _, p := range all.Passed {
		got[p.From], got[p.To] = got[p.From].Sub(p.Amount), got[p.To].Add(p.Amount)
	}
	// Of general's 100.00 the roof got 60.00: the other 40.00 the tea house earned, and nobody passed it on.
	for fund, want := range map[string]string{"general": "-60.05", "roof": "59.95", "lamps": "0.03", "tea": "0.03", "choir": "0.04"} {
		if sum := got[b.funds[fund]]; sum.String() != want {
			t.Errorf("%s: %s passed, expected %s: %+v", fund, sum, want, all.Passed)
		}
	}
}
