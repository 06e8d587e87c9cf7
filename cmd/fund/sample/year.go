package sample

import (
	"context"
	"slices"
	"time"

	"fund/ledger"
	"fund/ledger/money"
)

// year2017 is everything that happened in 2017, and what was left over from it to do in the spring after.
func (w *world) year2017() []event {
	costs := w.costs2017()
	earned := slices.Concat(gifts2017(), w.sold2017(),
		w.weekly("newsstand", ledger.Day(2017, 1, 7), 52, newsstandYear), w.weekly("book-corner", ledger.Day(2017, 1, 8), 52, bookCornerYear))
	return slices.Concat(w.opening(), earned, w.teaHouse2017(earned), w.entries(costs), w.allotments(costs), w.mistakes(), settlements2017(),
		w.passOn(ledger.Day(2017, 1, 1), ledger.Day(2017, 12, 1)), w.spring2018())
}

// opening brings in what the old paper books had at the end of 2016.
func (w *world) opening() []event {
	e := &ledger.Entry{Date: ledger.Day(2016, 12, 31), Kind: "opening", Source: "opening:2016", Memo: "旧账转入：年末余额", Detail: "盘点表，三人签字", PostedBy: "treasurer"}
	put := func(fund string, net ledger.Purpose, places ...ledger.Posting) {
		sum := money.Zero
		for _, p := range places {
			p.Fund = w.funds[fund]
			e.Postings = append(e.Postings, p)
			sum = sum.Add(p.Amount)
		}
		e.Postings = append(e.Postings, ledger.Credit(w.purpose(net), w.funds[fund], sum))
	}
	at := func(p ledger.Purpose, amount string) ledger.Posting {
		return ledger.Posting{Account: w.purpose(p), Amount: money.MustParse(amount)}
	}
	put("general", ledger.UnrestrictedNetAssets, at(ledger.Cash, "2150.00"), at(ledger.Bank, "20227.25"), at(ledger.Clearing("sandbox"), "3500.00"))
	put("tea-house", ledger.UnrestrictedNetAssets, at(ledger.Bank, "2000.00"))
	put("newsstand", ledger.UnrestrictedNetAssets, at(ledger.Bank, "1200.00"))
	put("book-corner", ledger.UnrestrictedNetAssets, at(ledger.Bank, "400.00"))
	put("bath-at-home", ledger.RestrictedNetAssets, at(ledger.Bank, "8393.00"))
	put("class-430", ledger.RestrictedNetAssets, at(ledger.Bank, "4000.00"))
	return []event{{at: on(e.Date, 17*60), entry: e}}
}

// allotments move voted money to a project as it needs it, every month, the day after the ventures' surplus came in, and what
// it did not need back at its end.
func (w *world) allotments(costs []cost) (events []event) {
	for _, r := range rows(projectTable) {
		p := w.projects[r[1]]
		if p.Restricted || p.Year != 2017 {
			continue
		}
		left := money.Zero
		for first := ledger.Day(2017, 1, 1); first.Year() == 2017; {
			until := ledger.Day(2017, first.Month()+1, 9)
			need := money.Zero
			for _, c := range costs {
				if c.fund == p.Slug && !c.day.Before(first) && c.day.Before(until) {
					need = need.Add(c.amount)
				}
			}
			day := first
			if first = until; need.Cmp(left) <= 0 {
				left = left.Sub(need)
				continue
			}
			if day.Before(*p.StartedOn) {
				day = p.StartedOn.AddDate(0, 0, -1)
			}
			voted := money.FromFen((need.Sub(left).Fen() + 100*yuan - 1) / (100 * yuan) * 100 * yuan)
			events = append(events, event{at: on(day, 10*60), rank: rankMorning, allot: &allotment{p.Slug, voted}})
			left = left.Add(voted).Sub(need)
		}
		if !left.IsZero() {
			back := min(p.EndedOn.YearDay()+5, 364)
			events = append(events, event{at: on(ledger.Day(2017, 1, back), 17*60), rank: rankEvening, allot: &allotment{p.Slug, left.Neg()}})
		}
	}
	return events
}

// mistakes are three entries that were wrong, each undone in red, and what should have stood there.
func (w *world) mistakes() (events []event) {
	wrong := func(e event, undone time.Time, why string) {
		events = append(events, e, event{at: undone, rank: rankEvening, undo: &undoing{e.source, why}})
	}
	day := ledger.Day(2017, 4, 15)
	wrong(w.take(on(day, 18*60+30), "newsstand", "04-09 至 04-15", money.MustParse("716.50"), money.Zero), on(day.AddDate(0, 0, 4), 17*60), "同一周登记了两次")
	bill := w.entries([]cost{{
		day: ledger.Day(2017, 9, 12), fund: "waste-sorting", account: projectCost, memo: "分类桶", detail: "发票 1 张，抬头写错",
		amount: money.MustParse("1260.00"), by: "treasurer",
	}})[0]
	bill.source = "expense:2017-waste-sorting-wrong"
	bill.entry.Source = bill.source
	wrong(bill, on(ledger.Day(2017, 9, 20), 17*60), "发票抬头开错，供应商重开后另记")
	day = ledger.Day(2017, 12, 22)
	wrong(w.take(on(day, 18*60+30), "tea-house", "晚班", money.MustParse("68.00"), money.Zero), on(day.AddDate(0, 0, 1), 17*60), "金额录错，已另记")
	return events
}

// settlements2017 bring the cash and what the payment companies hold to the bank, once a week, and at the year's end down to
// what stays there.
func settlements2017() (events []event) {
	for day := ledger.Day(2017, 1, 4); day.Year() == 2017; day = day.AddDate(0, 0, 7) {
		events = append(events, paidOut(day, money.Zero))
		events = append(events, banked(day.AddDate(0, 0, 1), "600")...)
	}
	last := ledger.Day(2017, 12, 31)
	return append(append(events, paidOut(last, money.MustParse("9563.20"))), banked(last, "3080")...)
}

// paidOut is the companies' payment of a day.
func paidOut(day time.Time, keep money.Amount) event {
	return event{at: on(day, 23*60), rank: rankEvening + 1, settle: &settlement{keep: keep}}
}

// banked is the cash that goes to the bank on a day and is there on the next, or on the same where that ends the month.
func banked(day time.Time, keep string) []event {
	there := day.AddDate(0, 0, 1)
	if there.Day() == 1 {
		there = day
	}
	at := on(there, 23*60+30)
	return []event{
		{at: on(day, 23*60), rank: rankEvening + 1, settle: &settlement{cash: true, keep: money.MustParse(keep)}},
		{at: at, rank: rankEvening + 2, do: func(ctx context.Context, p *player) error { return p.arrive(ctx, day, at) }},
	}
}

// spring2018 spends what was given for the dinner of New Year's Eve.
func (w *world) spring2018() (events []event) {
	p, ok := w.projects["new-year-dinner-2018"]
	if !ok {
		return nil
	}
	for _, r := range rows(projectTable) {
		if r[1] == p.Slug {
			events = w.entries(buy(p.Slug, r[22], *p.StartedOn, *p.EndedOn, p.Budget, 9, true))
		}
	}
	return append(append(events, paidOut(ledger.Day(2018, 1, 4), money.Zero)), banked(ledger.Day(2018, 1, 4), "600")...)
}
