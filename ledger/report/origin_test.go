package report_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/migrations/pgtest"
)

// Worked out by hand: 2026 has 1,000.00 from before, 600.00 given, 300.00 earned by the tea house and 100.00 of subsidy in one
// pot of 2,000.00; the roof got 500.01 of it, spent 400.00 and gave 100.00 back.
func TestOriginsByHand(t *testing.T) {
	t.Parallel()
	b := book(t, "npo-2026")
	b.addFund(t, "tea", ledger.VentureFund, false)
	b.addFund(t, "roof", ledger.ProjectFund, false)
	b.addFund(t, "elders", ledger.CampaignFund, true)
	b.post(t, `2025-12-31 opening | 1002 general 1000.00 | 3101 general -1000.00
		2026-01-03 gift | 1002 general 650.00 | 4101 general -650.00
		2026-01-04 gift-given-back | 1002 general -50.00 | 4101 general 50.00
		2026-01-05 tea | 1001 tea 400.00 | 4301 tea -400.00
		2026-01-06 tea-leaves | 5101 tea 100.00 | 1001 tea -100.00
		2026-01-07 subsidy | 1002 general 100.00 | 4401 general -100.00
		2026-01-08 surplus | 3101 tea 300.00 | 1001 tea -300.00 | 1001 general 300.00 | 3101 general -300.00
		2026-02-01 voted | 3101 general 500.01 | 1002 general -500.01 | 1002 roof 500.01 | 3101 roof -500.01
		2026-03-01 beams | 5101 roof 400.00 | 1002 roof -400.00
		2026-03-02 left-over | 3101 roof 100.00 | 1002 roof -100.00 | 1002 general 100.00 | 3101 general -100.00
		2026-04-01 for-elders | 1002 elders 80.00 | 4101 elders -80.00
		2026-04-02 dumplings | 5101 elders 30.00 | 1002 elders -30.00
		2026-04-03 lesson-paid | 1002 elders 20.00 | 4301 elders -20.00
		2027-01-01 nails | 5101 roof 0.01 | 1002 roof -0.01
		2027-01-02 more-nails | 5101 roof 7.00 | 1002 roof -7.00
		2027-01-03 gift | 1002 roof 10.00 | 4101 roof -10.00
		2028-01-01 paint | 5101 general 16.00 | 1002 general -16.00`)
	for _, c := range []struct {
		year        int
		fund        string
		in, spent   report.Mix
		passed, now string
	}{
		// 400.01 net of 2,000.00: 200.005, 120.003, 60.0015 and 20.0005; the fen goes to the largest rest.
		{2026, "roof", mix("given 120.00 earned 60.00 granted 20.00 before 200.01"), mix("given 120.00 earned 60.00 granted 20.00 before 200.00"), "0.00", "0.01"},
		{2026, "tea", mix("earned 400.00"), mix("earned 100.00"), "300.00", "0.00"},
		{2026, "elders", mix("given 80.00 served 20.00"), mix("given 24.00 served 6.00"), "0.00", "70.00"},
		{2026, "general", mix("given 600.00 earned 300.00 granted 100.00"), mix(""), "400.01", "1599.99"},
		{2027, "roof", mix("given 10.00"), mix("given 7.00 before 0.01"), "0.00", "3.00"},
		{2028, "general", mix(""), mix("given 4.80 earned 2.40 granted 0.80 before 8.00"), "0.00", "1583.99"},
	} {
		list, err := report.Origins(t.Context(), b.db.App, b.community, c.year)
		check(t, err)
		for _, o := range list {
			if o.FundID == b.funds[c.fund] && (!o.In.Equal(c.in) || !o.Spent.Equal(c.spent) || o.Passed.Total().String() != c.passed || o.Closing.Total().String() != c.now) {
				t.Errorf("%d %s: %+v", c.year, c.fund, o)
			}
		}
	}
}

func mix(text string) (m report.Mix) {
	var name, amount string
	for n, _ := fmt.Sscan(text, &name, &amount); n == 2; n, _ = fmt.Sscan(text, &name, &amount) {
		*map[string]*money.Amount{"given": &m.Given, "earned": &m.Earned, "served": &m.Served, "granted": &m.Granted, "before": &m.Before, "ahead": &m.Ahead}[name] = money.MustParse(amount)
		text = text[min(len(text), len(name)+len(amount)+2):]
	}
	return m
}

// Whatever is posted, rings of transfers and overspent funds among it: no fen is lost or made, and no origin is spent that never came.
func TestOriginsLoseNoFen(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	var communities atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		b := &testBook{db: db}
		b.open(t, "npo-2026", fmt.Sprintf("c%d", communities.Add(1)))
		b.furnish(t)
		m := model{b: b}
		for range rapid.IntRange(1, 25).Draw(t, "entries") {
			m.post(t, m.draw(t))
		}
		before := map[int]report.Mix{}
		for year := 2024; year <= 2026; year++ {
			funds, err := report.FundReport(context.Background(), b.db.App, b.community, ledger.Day(year, 1, 1), ledger.Day(year, 12, 1))
			check(t, err)
			list, err := report.Origins(context.Background(), b.db.App, b.community, year)
			check(t, err)
			of := map[int]report.FundOrigin{}
			for _, o := range list {
				of[o.FundID] = o
				if !o.Opening.Equal(before[o.FundID]) {
					t.Fatalf("%d: fund %d begins with %+v, ended with %+v", year, o.FundID, o.Opening, before[o.FundID])
				}
				for _, left := range []money.Amount{o.Closing.Given, o.Closing.Earned, o.Closing.Served, o.Closing.Other, o.Closing.Granted, o.Closing.Before} {
					if left.Sign() < 0 {
						t.Fatalf("%d: fund %d is left with less than nothing: %+v", year, o.FundID, o)
					}
				}
				before[o.FundID] = o.Closing
			}
			for _, l := range funds.Lines {
				o := of[l.FundID]
				if !o.Spent.Total().Equal(l.Out) || !o.Closing.Total().Equal(l.Closing) || !o.In.Total().Sub(o.Passed.Total()).Equal(l.In.Add(l.Transfers)) {
					t.Fatalf("%d %s: %+v, by the books %+v", year, l.Code, o, l.FundFigures)
				}
			}
		}
	})
}
