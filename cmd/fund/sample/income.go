package sample

import (
	"time"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// income2017 is what came in by month, 1 to 12, in yuan. The tea house took what gifts, fairs and the other ventures did not.
var income2017 = [12]string{
	"21840.00", "17316.50", "22905.00", "23480.00", "26312.00", "25874.00", "19960.00", "20415.00", "31268.00", "29744.00", "28906.00", "44466.00",
}

const (
	newsstandYear  = "38615.50"
	bookCornerYear = "21307.00"
)

// teaHouse2017 is the tea house's takings, day by day: what each month's income has beyond the events so far.
func (w *world) teaHouse2017(others []event) (events []event) {
	for m, all := range income2017 {
		first := ledger.Day(2017, time.Month(m+1), 1)
		rest := money.MustParse(all).Sub(incomeOf(others, first.Month()))
		events = append(events, w.daily(openDays(first, first.AddDate(0, 1, -1)), rest)...)
	}
	return events
}

// incomeOf adds up the income of a month of 2017 among events.
func incomeOf(events []event, month time.Month) (sum money.Amount) {
	for _, e := range events {
		if day := zone.Day(e.at); day.Year() != 2017 || day.Month() != month {
			continue
		}
		if sum = sum.Add(e.earns); e.gift != nil {
			sum = sum.Add(e.gift.Amount)
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
