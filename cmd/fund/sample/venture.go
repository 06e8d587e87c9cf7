package sample

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/mutualaid"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

// foundVentures opens the three ventures, each with a fund and an account of income of its own, and the fund of the tea
// house's stove, for which a campaign raises.
func (w *world) foundVentures(ctx context.Context, tx *sqlx.Tx) error {
	costs := w.account(ventureCost)
	for _, v := range []struct{ slug, income, zh, en, whereZH, whereEN, noteZH, noteEN string }{
		{"tea-house", teaHouse, "公益茶坊", "Charity tea house", "社区服务中心底楼，周一休息", "Service centre, ground floor; closed on Mondays", "一碗茶六元起，剩下的每个月交给社区基金。", "A bowl of tea from ¥6; what is left goes to the community every month."},
		{"newsstand", newsstand, "报刊亭", "Newsstand", "小区东门", "East gate", "晨报、晚报、杂志，看亭子的是街坊。", "Morning and evening papers; neighbours keep the stand."},
		{"book-corner", bookCorner, "书角", "Book corner", "3 号院活动室", "Activity room, courtyard 3", "旧书三元起，借书免费，剩下的买新书和修旧书。", "Old books from ¥3, lending is free."},
	} {
		income := w.account(v.income)
		p, err := sale.OpenVenture(ctx, tx, w.c.ID, sale.Place{
			Slug: v.slug, NameZH: v.zh, NameEN: v.en, WhereZH: v.whereZH, WhereEN: v.whereEN, NoteZH: v.noteZH, NoteEN: v.noteEN, Income: &income, Spending: &costs, CreatedBy: "treasurer",
		})
		if err != nil {
			return err
		}
		w.places[v.slug], w.funds[v.slug] = p, p.FundID
		if err := w.stockVenture(ctx, tx, p); err != nil {
			return err
		}
	}
	stove, err := ledger.AddFund(ctx, tx, w.c.ID, ledger.Fund{Code: "stove", NameZH: "公益茶坊换灶", NameEN: "Tea house stove", Kind: ledger.VentureFund, Restricted: true})
	w.funds[stove.Code] = stove.ID
	return err
}

// onSale is what the ventures sell at a till.
var onSale = []struct {
	venture, code, zh, en, section, price string
	kind                                  sale.ItemKind
	drawing                               string
}{
	{"tea-house", "1", "盖碗茶", "Bowl of tea", "茶", "6", sale.Service, "bowls"},
	{"tea-house", "2", "菊花茶", "Chrysanthemum tea", "茶", "8", sale.Service, ""},
	{"tea-house", "3", "花生一碟", "Plate of peanuts", "点心", "5", sale.Goods, ""},
	{"tea-house", "4", "绿豆糕", "Mung bean cake", "点心", "4", sale.Goods, "cakes"},
	{"newsstand", "1", "晨报", "Morning paper", "报纸", "1", sale.Goods, ""},
	{"newsstand", "2", "晚报", "Evening paper", "报纸", "1.50", sale.Goods, ""},
	{"newsstand", "3", "杂志", "Magazine", "杂志", "10", sale.Goods, ""},
	{"book-corner", "1", "旧书", "Old book", "书", "3", sale.Goods, ""},
	{"book-corner", "2", "书套", "Book cover", "文具", "2", sale.Goods, ""},
}

func (w *world) stockVenture(ctx context.Context, tx *sqlx.Tx, p sale.Place) error {
	d := newDice("on sale " + p.Slug)
	for _, o := range onSale {
		price := money.MustParse(o.price)
		if o.venture != p.Slug {
			continue
		}
		item := sale.Item{
			ID: d.id(on(ledger.Day(2017, 1, 1), 0)), PlaceID: p.ID, Code: o.code, NameZH: o.zh, NameEN: o.en, Section: o.section, Kind: o.kind, Price: &price,
		}
		if o.drawing != "" {
			id, err := campaigns.AddPicture(ctx, tx, w.c.ID, sketch(o.drawing), o.zh)
			if err != nil {
				return err
			}
			item.PictureID = &id
		}
		if _, err := sale.AddItem(ctx, tx, w.c.ID, item); err != nil {
			return err
		}
	}
	return nil
}

// take is a venture's takings as one line: shift says what it is the takings of, where not of a day.
func (w *world) take(at time.Time, venture, shift string, amount, scanned money.Amount) event {
	place := w.places[venture]
	t := sale.Takings{
		ID: newDice(venture + at.Format(" 060102T1504")).id(at), PlaceID: place.ID, Day: zone.Day(at), Shift: shift, Sales: int(amount.Fen() / (13 * yuan)),
		EnteredBy: "cashier", EnteredAt: at,
	}
	for _, paid := range []sale.Payment{{Way: sale.Cash, Amount: amount.Sub(scanned)}, {Way: sale.WeChat, Amount: scanned}} {
		if !paid.Amount.IsZero() {
			t.Paid = append(t.Paid, paid)
		}
	}
	return event{at: at, rank: rankEntry, source: "takings:" + t.ID.String(), earns: amount, do: func(ctx context.Context, p *player) error {
		p.took(place.FundID, t.Paid...)
		_, err := sale.Take(ctx, p.tx, p.c, t)
		return err
	}}
}

// weekly is a venture's takings of n weeks, each entered on the week's last day.
func (w *world) weekly(venture string, first time.Time, n int, total string) (events []event) {
	for i, part := range newDice(venture+first.String()).parts(money.MustParse(total), n, 50) {
		day := first.AddDate(0, 0, 7*i)
		events = append(events, w.take(on(day, 18*60), venture, day.AddDate(0, 0, -6).Format("01-02")+" 至 "+day.Format("01-02"), part, money.Zero))
	}
	return events
}

// daily is the tea house's takings on some days, two fifths of them scanned.
func (w *world) daily(days []time.Time, total money.Amount) (events []event) {
	for i, part := range newDice("tea house "+total.String()).parts(total, len(days), 50) {
		events = append(events, w.take(on(days[i], 18*60), "tea-house", "", part, money.FromFen(part.Fen()*2/5/yuan*yuan)))
	}
	return events
}

// openDays are the days from..to on which the tea house is open: it rests on Mondays.
func openDays(from, to time.Time) (days []time.Time) {
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Monday {
			days = append(days, day)
		}
	}
	return days
}

// passOn hands what each venture had left over of the months from..to to the community, on the eighth of the month after, when
// its money is in the bank.
func (w *world) passOn(from, to time.Time) (events []event) {
	for month := ledger.MonthOf(from); !month.After(to); month = month.AddDate(0, 1, 0) {
		at := on(month.AddDate(0, 1, 7), 16*60)
		for _, venture := range []string{"tea-house", "newsstand", "book-corner"} {
			events = append(events, event{at: at, rank: rankEvening, do: func(ctx context.Context, p *player) error {
				place := p.places[venture]
				months, err := sale.MonthsOf(ctx, p.tx, p.c.ID, place, month, month)
				if err != nil {
					return err
				}
				amount := months[0].Left()
				if amount.Sign() <= 0 {
					return nil
				}
				_, err = sale.PassOn(ctx, p.tx, p.c, sale.Surplus{
					ID: newDice(venture + at.Format(" left 060102")).id(at), PlaceID: place.ID, Month: month, Amount: amount, EnteredBy: "treasurer", EnteredAt: at,
				}, p.purpose(ledger.Bank))
				return err
			}})
		}
	}
	return events
}

// roster is who keeps the ventures open: how many days ago (less than 0: from now), when, for how long; and for how long it
// took, 0 where nobody came.
var roster = []struct {
	venture       string
	person, ago   int
	starts        string
	minutes, took int
}{
	{"tea-house", 6, 26, "09:00", 180, 180},
	{"tea-house", 3, 25, "14:00", 180, 210},
	{"newsstand", 4, 24, "07:30", 120, 120},
	{"book-corner", 1, 22, "16:00", 120, 120},
	{"tea-house", 6, 19, "09:00", 180, 180},
	{"tea-house", 9, 18, "14:00", 180, 0},
	{"newsstand", 4, 17, "07:30", 120, 105},
	{"book-corner", 1, 15, "16:00", 120, 150},
	{"tea-house", 6, 12, "09:00", 180, 165},
	{"tea-house", 3, 11, "14:00", 180, 180},
	{"newsstand", 7, 10, "07:30", 120, 120},
	{"book-corner", 1, 8, "16:00", 120, 120},
	{"tea-house", 6, 5, "09:00", 180, 180},
	{"tea-house", 3, 4, "14:00", 180, 180},
	{"newsstand", 4, 3, "07:30", 120, 120},
	{"book-corner", 2, 1, "16:00", 120, 90},
	{"tea-house", 6, -2, "09:00", 180, -1},
	{"tea-house", 9, -3, "14:00", 180, -1},
	{"newsstand", 4, -4, "07:30", 120, -1},
	{"book-corner", 1, -6, "16:00", 120, -1},
}

// keepOpen puts neighbours on the roster, and writes down the shifts that are over.
func (w *world) keepOpen(ctx context.Context, tx *sqlx.Tx, people []mutualaid.Person, now time.Time) error {
	d := newDice("roster")
	for _, r := range roster {
		at := now.AddDate(0, 0, -max(r.ago, 0))
		s := sale.Shift{
			ID: d.id(at), PlaceID: w.places[r.venture].ID, PersonID: people[r.person].ID, Day: w.today.AddDate(0, 0, -r.ago), Starts: r.starts, Minutes: r.minutes,
			EnteredBy: "shift_lead", EnteredAt: at.AddDate(0, 0, -3),
		}
		if err := sale.PlanShift(ctx, tx, w.c.ID, s); err != nil {
			return err
		}
		if r.took < 0 {
			continue
		}
		if err := sale.EndShift(ctx, tx, w.c, s.ID, r.took, "shift_lead", at); err != nil {
			return err
		}
	}
	return nil
}
