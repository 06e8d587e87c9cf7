package sample

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/ledger"
	"fund/ledger/money"
)

// spent2017 is what went out by month, in yuan.
var spent2017 = [12]string{
	"16230.00", "14872.40", "19655.00", "22348.00", "24180.60", "27902.00",
	"21476.00", "18934.50", "25610.00", "27388.00", "29746.20", "41052.40",
}

// cost is something bought, on its way to become an entry.
type cost struct {
	day          time.Time
	fund         string
	account      string
	memo, detail string
	amount       money.Amount
	from, to     time.Time // when it may be bought
	fixed        bool      // as it is
	by           string
}

// costs2017 is everything bought in 2017, in date order, so that every month sums to what it should.
func (w *world) costs2017() []cost {
	costs := slices.Concat(w.projectCosts(), ventureCosts(), officeCosts())
	costs = append(costs, balance(costs)...)
	slices.SortStableFunc(costs, func(a, b cost) int { return a.day.Compare(b.day) })
	return costs
}

const meanCost = 570 * yuan // of what a project buys at a time, in fen

func (w *world) projectCosts() (costs []cost) {
	for _, r := range rows(projectTable) {
		from, to, total := parseDay(r[13]), parseDay(r[14]), money.MustParse(r[16])
		if from.Year() != 2017 {
			continue
		}
		if r[1] == "school-bags" {
			costs = append(costs, cost{
				day: ledger.Day(2017, 12, 29), fund: r[1], account: projectCost, memo: "助学用品采购", detail: "三家比价 · 发票 1 张，签收单 1 张",
				amount: money.MustParse("927.60"), fixed: true, by: "treasurer",
			})
			total = total.Sub(money.MustParse("927.60"))
		}
		costs = append(costs, buy(r[1], r[22], from, to, total, max(3, int(total.Fen()/meanCost)), r[1] == "class-430")...)
	}
	return costs
}

// buy spreads a project's spending over its things and days.
func buy(slug, buys string, from, to time.Time, total money.Amount, n int, fixed bool) (costs []cost) {
	d := newDice("costs of " + slug)
	things := things(buys)
	days := d.days(from, to, n)
	for i, amount := range d.parts(total, n, 10) {
		c := cost{
			day: days[i], fund: slug, account: projectCost, memo: things[i%len(things)][0], detail: one(d, papers),
			amount: amount, from: from, to: to, fixed: fixed, by: "treasurer",
		}
		if amount.Fen() > 800*yuan {
			c.detail = "三家比价 · " + c.detail
		}
		costs = append(costs, c)
	}
	return costs
}

var papers = []string{"发票 1 张", "发票 1 张，签收单 1 张", "发票 2 张", "收据 1 张，验收单 1 张", "发票 1 张，照片 2 张"}

// The kinds of running costs: what, how often a year, and its weight among its kind.
type running struct {
	memo, detail string
	times        int
	weight       int64
}

var (
	ventureRunning = []running{
		{"茶叶、盖碗和点心进货（茶坊）", "进货单 1 张", 24, 40},
		{"水电费（茶坊）", "", 11, 38},
		{"报刊进货（报刊亭）", "进货单 1 张", 24, 36},
		{"燃气费（茶坊）", "", 12, 12},
		{"书角旧书修补和书套", "发票 1 张", 6, 15},
		{"义卖摊位搭建", "发票 1 张", 8, 52},
	}
	adminRunning = []running{
		{"电话和网络费", "", 12, 14}, {"账页打印和公示栏", "发票 1 张", 12, 10}, {"办公用品", "发票 1 张", 6, 22}, {"账目审计复核", "合同 1 份", 1, 150},
	}
	fundraisingRunning = []running{{"募捐海报和收据纸印刷", "发票 1 张", 8, 30}, {"红廊捐款箱维护", "收据 1 张", 4, 12}}
)

func ventureCosts() []cost {
	costs := []cost{
		{day: ledger.Day(2017, 9, 29), memo: "晚会灯光租用", detail: "三家比价 · 发票 1 张", amount: money.MustParse("2400.00")},
		{day: ledger.Day(2017, 12, 25), memo: "水电费（茶坊）", amount: money.MustParse("386.42")},
		{day: ledger.Day(2017, 12, 28), memo: "晚会灯光租用", detail: "三家比价 · 发票 1 张", amount: money.MustParse("2400.00")},
		{day: ledger.Day(2017, 12, 30), memo: "义卖场地搭建费", detail: "元旦义卖 · 发票 1 张", amount: money.MustParse("1260.00")},
	}
	total := money.MustParse("31204.00")
	for i := range costs {
		costs[i].fund, costs[i].account, costs[i].fixed, costs[i].by = "general", ventureCost, true, "treasurer"
		total = total.Sub(costs[i].amount)
	}
	return append(costs, runningCosts(ventureCost, total, ventureRunning)...)
}

func officeCosts() []cost {
	return append(runningCosts(admin, money.MustParse("6318.50"), adminRunning),
		runningCosts(fundraising, money.MustParse("3142.60"), fundraisingRunning)...)
}

// runningCosts spreads a kind's total over its bills and the year.
func runningCosts(account string, total money.Amount, kinds []running) (costs []cost) {
	d := newDice("running " + account)
	var weights []int64
	from, to := ledger.Day(2017, 1, 3), ledger.Day(2017, 12, 27)
	for _, k := range kinds {
		for i := range k.times {
			weights = append(weights, k.weight*(80+d.Int64N(40)))
			day := from.AddDate(0, 0, (364*i+364*d.IntN(60)/100)/k.times)
			costs = append(costs, cost{day: day, fund: "general", account: account, memo: k.memo, detail: k.detail, from: from, to: to, by: "treasurer"})
		}
	}
	for i, part := range total.Split(weights...) {
		costs[i].amount = part
	}
	return costs
}

// balance moves costs from months with too much to months with too little, cutting one where it must, until every month
// has what spent2017 says. It returns the pieces it cut off.
func balance(costs []cost) (pieces []cost) {
	over := map[time.Month]money.Amount{} // negative: too little
	for m, want := range spent2017 {
		over[time.Month(m+1)] = money.MustParse(want).Neg()
	}
	for _, c := range costs {
		over[c.day.Month()] = over[c.day.Month()].Add(c.amount)
	}
	for from := time.January; from <= time.December; from++ {
		for i := 0; over[from].Sign() > 0 && i < len(costs); i++ {
			c := &costs[i]
			to, ok := c.better(over)
			if c.day.Month() != from || !ok {
				continue
			}
			moved := money.Min(c.amount, money.Min(over[from], over[to].Neg()))
			day := c.within(to)
			if rest := c.amount.Sub(moved); rest.Sign() > 0 {
				piece := *c
				piece.day, piece.amount = day, moved
				c.amount = rest
				pieces = append(pieces, piece)
			} else {
				c.day = day
			}
			over[from], over[to] = over[from].Sub(moved), over[to].Add(moved)
			i-- // the same again, if something of it is left
		}
	}
	for month, rest := range over {
		if !rest.IsZero() {
			panic(fmt.Sprintf("sample: %v of 2017 is off by %v", month, rest)) // the tables are part of the program
		}
	}
	return pieces
}

// better is the first month within the cost's days that has too little: few projects run early in the year.
func (c cost) better(over map[time.Month]money.Amount) (time.Month, bool) {
	for m := c.from.Month(); m <= c.to.Month() && !c.fixed; m++ {
		if over[m].Sign() < 0 {
			return m, true
		}
	}
	return 0, false
}

// within is the cost's day in another month.
func (c cost) within(m time.Month) time.Time {
	day := ledger.Day(2017, m, min(c.day.Day(), 28))
	switch {
	case day.Before(c.from):
		return c.from
	case day.After(c.to):
		return c.to
	}
	return day
}

// entries turns costs into events.
func (w *world) entries(costs []cost) (events []event) {
	for i, c := range costs {
		if c.account == ventureCost {
			events = append(events, w.costOf(on(c.day, 14*60+i%60), c))
			continue
		}
		fund := w.funds[c.fund]
		kind, source := "expense", fmt.Sprintf("expense:%d-%03d", c.day.Year(), i+1)
		events = append(events, event{at: on(c.day, 14*60+i%60), rank: rankEntry, entry: &ledger.Entry{
			Date: c.day, Kind: kind, Source: source, Memo: c.memo, Detail: strings.TrimSpace(c.detail), PostedBy: c.by,
			Postings: []ledger.Posting{ledger.Debit(w.account(c.account), fund, c.amount), ledger.Credit(w.purpose(ledger.Bank), fund, c.amount)},
		}})
	}
	return events
}
