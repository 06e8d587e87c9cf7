package sample

import (
	"fmt"
	"time"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// takings2017 is what came in by month, 1 to 12, in yuan: the month's whole income, and the charity sales and gala
// evenings in it. The tea house took the rest.
var takings2017 = [12]struct {
	all         string
	sale        int64
	event       string
	eventDay    int
	galaFree    int64
	galaHeld    int64 // announced for the company of elders who live alone
	galaDay     int
	galaOfTitle string
}{
	{all: "21840.00", sale: 4200, event: "年货义卖", eventDay: 15},
	{all: "17316.50"},
	{all: "22905.00", sale: 4300, event: "春天旧物义卖", eventDay: 11},
	{all: "23480.00", sale: 4600, event: "读书日义卖", eventDay: 22},
	{all: "26312.00", sale: 6900, event: "邻里跳蚤市场", eventDay: 20},
	{all: "25874.00", sale: 6432, event: "六一义卖", eventDay: 3},
	{all: "19960.00", sale: 1500, event: "夏日小集", eventDay: 22},
	{all: "20415.00", sale: 1700, event: "夏日小集", eventDay: 19},
	{all: "31268.00", galaFree: 6000, galaHeld: 8000, galaDay: 29, galaOfTitle: "中秋公益晚会"},
	{all: "29744.00", sale: 9300, event: "重阳义卖", eventDay: 28},
	{all: "28906.00", sale: 7000, event: "秋收义卖", eventDay: 18},
	{all: "44466.00", sale: 1900, event: "元旦义卖", eventDay: 30, galaFree: 10500, galaHeld: 12000, galaDay: 28, galaOfTitle: "岁末公益晚会"},
}

const (
	newsstandYear  = "38615.50"
	bookCornerYear = "21307.00"
)

// income2017 is everything earned in 2017 but the tea house's takings, which gifts decide too: see teaHouse2017.
func (w *world) income2017() (events []event) {
	events = append(events, w.weekly("newsstand", newsstand, "报刊亭一周营业款", ledger.Day(2017, 1, 7), 52, newsstandYear, 50)...)
	events = append(events, w.weekly("book-corner", bookCorner, "书角一周收入", ledger.Day(2017, 1, 8), 52, bookCornerYear, 50)...)
	d := newDice("stalls and tickets")
	for m, t := range takings2017 {
		if t.sale > 0 {
			day := ledger.Day(2017, time.Month(m+1), t.eventDay)
			for i, part := range d.parts(money.FromFen(t.sale*yuan), 6, 50) {
				events = append(events, w.earn(on(day, 16*60+i), charitySale, "general", part, part.Split(60, 40)[1],
					fmt.Sprintf("sale:2017-%02d-%d", m+1, i+1), t.event+"收入", stalls[i]))
			}
		}
		day := ledger.Day(2017, time.Month(m+1), t.galaDay)
		events = append(events, w.tickets(day, "general", t.galaFree, t.galaOfTitle)...)
		events = append(events, w.tickets(day, "company", t.galaHeld, t.galaOfTitle)...)
	}
	return events
}

// tickets are an evening's takings for one fund, a desk each.
func (w *world) tickets(day time.Time, fund string, sum int64, title string) (events []event) {
	if sum == 0 {
		return nil
	}
	for i, part := range newDice(title+fund).parts(money.FromFen(sum*yuan), 3, 10*yuan) {
		events = append(events, w.earn(on(day, 20*60+i), gala, fund, part, part,
			fmt.Sprintf("gala:%s-%s-%d", day.Format(time.DateOnly), fund, i+1), title+"票款", fmt.Sprintf("%d 号收银台", i+1)))
	}
	return events
}

var (
	stalls = []string{"1 号摊：旧书和文具", "2 号摊：手工和编织", "3 号摊：衣物", "4 号摊：盆栽", "5 号摊：吃食", "6 号摊：杂货"}
	shifts = []string{"早班", "晚班"}
)

// weekly is a venture's takings of n weeks, each entered on the week's last day.
func (w *world) weekly(name, account, memo string, first time.Time, n int, total string, step int64) (events []event) {
	for i, part := range newDice(name+first.String()).parts(money.MustParse(total), n, step) {
		day := first.AddDate(0, 0, 7*i)
		detail := day.AddDate(0, 0, -6).Format("01-02") + " 至 " + day.Format("01-02")
		events = append(events, w.earn(on(day, 18*60), account, "general", part, money.Zero,
			fmt.Sprintf("takings:%s-%s", name, day.Format(time.DateOnly)), memo, detail))
	}
	return events
}

// earn is an entry of income, some of it scanned (it waits with the payment provider), the rest in cash.
func (w *world) earn(at time.Time, account, fund string, amount, scanned money.Amount, source, memo, detail string) event {
	f, e := w.funds[fund], &ledger.Entry{Date: zone.Day(at), Kind: "takings", Source: source, Memo: memo, Detail: detail, PostedBy: "cashier"}
	if cash := amount.Sub(scanned); !cash.IsZero() {
		e.Postings = append(e.Postings, ledger.Debit(w.purpose(ledger.Cash), f, cash))
	}
	if !scanned.IsZero() {
		e.Postings = append(e.Postings, ledger.Debit(w.purpose(ledger.Clearing("sandbox")), f, scanned))
	}
	e.Postings = append(e.Postings, ledger.Credit(w.account(account), f, amount))
	return event{at: at, rank: rankEntry, entry: e}
}

// teaHouse2017 is the tea house's takings, n entries: what each month's income has beyond the events so far.
func (w *world) teaHouse2017(others []event, n int) (events []event) {
	for m, t := range takings2017 {
		rest := money.MustParse(t.all).Sub(incomeOf(w, others, time.Month(m+1)))
		first := ledger.Day(2017, time.Month(m+1), 1)
		days := openDays(first)
		entries := n*(m+1)/12 - n*m/12
		for i, part := range newDice("tea house "+t.all).parts(rest, entries, 50) {
			day, shift := days[i%len(days)], i/len(days)
			events = append(events, w.earn(on(day, 18*60+shift), teaHouse, "general", part, scannedPart(part),
				fmt.Sprintf("takings:tea-house-%s-%d", day.Format(time.DateOnly), shift+1), "公益茶坊当日营业款",
				"收银班次 "+day.Format("01-02")+" "+shifts[shift]))
		}
	}
	return events
}

// scannedPart is about two fifths, in whole yuan.
func scannedPart(a money.Amount) money.Amount { return money.FromFen(a.Fen() * 2 / 5 / yuan * yuan) }

// openDays are the days of a month on which the tea house is open: it rests on Mondays.
func openDays(first time.Time) (days []time.Time) {
	for day := first; day.Month() == first.Month(); day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Monday {
			days = append(days, day)
		}
	}
	return days
}

// incomeOf adds up the income of a month of 2017 among events.
func incomeOf(w *world, events []event, month time.Month) (sum money.Amount) {
	for _, e := range events {
		if day := zone.Day(e.at); day.Year() != 2017 || day.Month() != month {
			continue
		}
		switch {
		case e.gift != nil:
			sum = sum.Add(e.gift.Amount)
		case e.entry != nil:
			for _, p := range e.entry.Postings {
				if a, _ := w.accounts.ID(p.Account); a.Type == ledger.Income {
					sum = sum.Sub(p.Amount)
				}
			}
		}
	}
	return sum
}

// gifts2017 are the gifts of last year's campaigns.
func gifts2017() (events []event) {
	for _, r := range rows(campaignTable) {
		from, to := parseDay(r[8]), parseDay(r[9])
		events = append(events, gifts(r[0], from, to, money.MustParse(r[11]), whole(r[12]), "sandbox")...)
		events = append(events, gifts(r[0], from, to, money.MustParse(r[13]), whole(r[14]), "cash")...)
	}
	return events
}

var (
	commonOnline = []int64{10, 20, 20, 30, 50, 50, 50, 66, 88, 100, 100, 200}
	commonCash   = []int64{10, 20, 50, 50, 100, 100, 100, 200, 300}
	givers       = []string{"周婆婆", "李建国", "张秀英", "陈老师", "刘大爷", "王小梅", "何先生", "罗阿姨", "唐女士", "谢师傅", "邓婆婆", "曾先生"}
)

// gifts are n gifts to a campaign, summing to total, on days from..to. Most givers leave no name.
func gifts(campaign string, from, to time.Time, total money.Amount, n int, method string) (events []event) {
	d := newDice(campaign + " " + method)
	common, rank := commonOnline, rankGift
	if method == "cash" {
		common, rank = commonCash, rankCash
	}
	days := d.days(from, to, n)
	for i, amount := range d.gifts(total, n, common) {
		start := campaigns.Start{Campaign: campaign, Amount: amount, Method: method, Lang: "zh-CN", At: on(days[i], 9*60+d.IntN(12*60))}
		if method == "cash" {
			start.EnteredBy, start.At = "cashier", on(days[i], 9*60+d.IntN(8*60))
		}
		start.ID = d.id(start.At)
		if d.IntN(3) == 0 {
			start.Name, start.ShowName = one(d, givers), d.IntN(2) == 0
		}
		events = append(events, event{at: start.At, rank: rank, gift: &start})
	}
	return events
}
