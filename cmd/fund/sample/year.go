package sample

import (
	"slices"
	"time"

	"fund/ledger"
	"fund/ledger/money"
)

// entries2017 is how many vouchers the year has; the tea house's shifts fill it up.
const entries2017 = 2186

// year2017 is everything that happened in 2017, and what was left over from it to do in the spring after.
func (w *world) year2017() []event {
	costs := w.costs2017()
	events := slices.Concat(gifts2017(), w.income2017())
	income := slices.Clone(events)
	events = append(events, w.entries(costs)...)
	events = append(events, w.allotments(costs)...)
	events = append(events, w.mistakes()...)
	events = append(events, settlements2017()...)
	events = append(events, w.teaHouse2017(income, entries2017-len(events))...)
	return slices.Concat(w.opening(), events, w.spring2018())
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
	put("general", ledger.UnrestrictedNetAssets, at(ledger.Cash, "2150.00"), at(ledger.Bank, "23827.25"), at(ledger.Clearing("sandbox"), "3500.00"))
	put("bath-at-home", ledger.RestrictedNetAssets, at(ledger.Bank, "8393.00"))
	put("class-430", ledger.RestrictedNetAssets, at(ledger.Bank, "4000.00"))
	return []event{{at: on(e.Date, 17*60), entry: e}}
}

// allotments move voted money to a project as every two months need it, and what it did not need back at its end.
func (w *world) allotments(costs []cost) (events []event) {
	for _, r := range rows(projectTable) {
		p := w.projects[r[1]]
		if p.Restricted || p.Year != 2017 {
			continue
		}
		left := money.Zero
		for first := ledger.Day(2017, 1, 1); first.Year() == 2017; first = first.AddDate(0, 2, 0) {
			need := money.Zero
			for _, c := range costs {
				if c.fund == p.Slug && !c.day.Before(first) && c.day.Before(first.AddDate(0, 2, 0)) {
					need = need.Add(c.amount)
				}
			}
			if need.IsZero() {
				continue
			}
			day := first.AddDate(0, 0, 1)
			if day.Before(*p.StartedOn) {
				day = p.StartedOn.AddDate(0, 0, -1)
			}
			voted := money.FromFen((need.Fen() + 100*yuan - 1) / (100 * yuan) * 100 * yuan)
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
		events = append(events, e, event{at: undone, rank: rankEvening, undo: &undoing{e.entry.Source, why}})
	}
	day := ledger.Day(2017, 4, 15)
	wrong(w.earn(on(day, 18*60+30), newsstand, "general", money.MustParse("716.50"), money.Zero, "takings:newsstand-2017-04-15-b",
		"报刊亭一周营业款", "04-09 至 04-15"), on(day.AddDate(0, 0, 4), 17*60), "同一周登记了两次")
	bill := w.entries([]cost{{
		day: ledger.Day(2017, 9, 12), fund: "waste-sorting", account: projectCost, memo: "分类桶", detail: "发票 1 张，抬头写错",
		amount: money.MustParse("1260.00"), by: "treasurer",
	}})[0]
	bill.entry.Source = "expense:2017-waste-sorting-wrong"
	wrong(bill, on(ledger.Day(2017, 9, 20), 17*60), "发票抬头开错，供应商重开后另记")
	day = ledger.Day(2017, 12, 22)
	wrong(w.earn(on(day, 18*60+30), teaHouse, "general", money.MustParse("68.00"), money.Zero, "takings:tea-house-2017-12-22-b",
		"公益茶坊当日营业款", "收银班次 12-22 晚班"), on(day.AddDate(0, 0, 1), 17*60), "金额录错，已另记")
	return events
}

// settlements2017 bring the cash and what the payment provider holds to the bank, once a week, and at the year's end down to
// what stays there.
func settlements2017() (events []event) {
	for day := ledger.Day(2017, 1, 4); day.Year() == 2017; day = day.AddDate(0, 0, 7) {
		events = append(events, toBank(day, "payout", money.Zero), toBank(day.AddDate(0, 0, 1), "banking", money.MustParse("600")))
	}
	last := ledger.Day(2017, 12, 31)
	return append(events, toBank(last, "payout", money.MustParse("9563.20")), toBank(last, "banking", money.MustParse("3080")))
}

func toBank(day time.Time, kind string, keep money.Amount) event {
	s := &settlement{from: ledger.Clearing("sandbox"), kind: kind, memo: "网上和扫码收款到账", keep: keep}
	if kind == "banking" {
		s.from, s.memo = ledger.Cash, "现金存入银行"
	}
	return event{at: on(day, 23*60), rank: rankEvening + 1, settle: s}
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
	return append(events, toBank(ledger.Day(2018, 1, 4), "payout", money.Zero), toBank(ledger.Day(2018, 1, 4), "banking", money.MustParse("600")))
}
