package sample

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

// fair is a charity sale or a gala evening of 2017.
type fair struct {
	slug, zh, en string
	month        time.Month
	day          int
	yuan         int64  // what it took
	fund         string // whose it was
	gala         bool
	till         bool // rung up at a till; else written on paper and entered in the evening
}

// fairs2017 are the year's charity sales, and its two galas, each with seats for the community and dearer ones for the company
// of elders who live alone. The till came in autumn.
var fairs2017 = []fair{
	{slug: "2017-new-year-goods", zh: "年货义卖", en: "New Year goods", month: time.January, day: 15, yuan: 4200},
	{slug: "2017-spring", zh: "春天旧物义卖", en: "Spring jumble sale", month: time.March, day: 11, yuan: 4300},
	{slug: "2017-reading-day", zh: "读书日义卖", en: "Reading Day sale", month: time.April, day: 22, yuan: 4600},
	{slug: "2017-flea-market", zh: "邻里跳蚤市场", en: "Neighbours’ flea market", month: time.May, day: 20, yuan: 6900},
	{slug: "2017-childrens-day", zh: "六一义卖", en: "Children’s Day sale", month: time.June, day: 3, yuan: 6432},
	{slug: "2017-summer-july", zh: "夏日小集", en: "Summer market", month: time.July, day: 22, yuan: 1500},
	{slug: "2017-summer-august", zh: "夏日小集（第二场）", en: "Summer market, the second", month: time.August, day: 19, yuan: 1700},
	{slug: "2017-mid-autumn", zh: "中秋公益晚会", en: "Mid-Autumn gala", month: time.September, day: 29, yuan: 6000, gala: true, till: true},
	{slug: "2017-mid-autumn-company", zh: "中秋公益晚会 · 爱心座", en: "Mid-Autumn gala: patrons’ seats", month: time.September, day: 29, yuan: 8000, fund: "company", gala: true, till: true},
	{slug: "2017-double-ninth", zh: "重阳义卖", en: "Double Ninth sale", month: time.October, day: 28, yuan: 9300, till: true},
	{slug: "2017-harvest", zh: "秋收义卖", en: "Harvest sale", month: time.November, day: 18, yuan: 7000, till: true},
	{slug: "2017-year-end", zh: "岁末公益晚会", en: "Year-end gala", month: time.December, day: 28, yuan: 10500, gala: true, till: true},
	{slug: "2017-year-end-company", zh: "岁末公益晚会 · 爱心座", en: "Year-end gala: patrons’ seats", month: time.December, day: 28, yuan: 12000, fund: "company", gala: true, till: true},
	{slug: "2017-new-years-day", zh: "元旦义卖", en: "New Year’s Day sale", month: time.December, day: 30, yuan: 1900, till: true},
}

func (f fair) on() time.Time { return ledger.Day(2017, f.month, f.day) }

// hours are when it begins and ends, in minutes after midnight.
func (f fair) hours() (from, until int) {
	if f.gala {
		return 18*60 + 30, 21 * 60
	}
	return 9 * 60, 17 * 60
}

// layFairs writes the fairs down, with what they sell.
func (w *world) layFairs(ctx context.Context, tx *sqlx.Tx) error {
	spending := w.account(ventureCost)
	for _, f := range fairs2017 {
		day, income := f.on(), w.account(charitySale)
		p := sale.Place{
			Kind: sale.SaleEvent, Slug: f.slug, NameZH: f.zh, NameEN: f.en, WhereZH: "3 号院", WhereEN: "Courtyard 3", StartsOn: &day, EndsOn: &day, FundID: ledger.GeneralFundID,
			NoteZH: "卖的是街坊捐来的东西，所得由议事会决定用处。", NoteEN: "Neighbours gave what was sold; the council decides.", Spending: &spending, CreatedBy: "treasurer",
		}
		if f.gala {
			income, p.WhereZH, p.WhereEN = w.account(gala), "社区大礼堂", "Community hall"
			p.NoteZH, p.NoteEN = "门票所得由议事会决定用处。", "The council decides about the proceeds."
		}
		if f.fund != "" {
			p.FundID, p.NoteZH, p.NoteEN = w.funds[f.fund], "爱心座的票款只用于陪伴独居老人。", "Only for the company of elders who live alone."
		}
		p.Income = &income
		p, err := sale.AddPlace(ctx, tx, w.c.ID, p)
		if err != nil {
			return err
		}
		if err = sale.OpenPlace(ctx, tx, w.c.ID, p.ID); err != nil {
			return err
		}
		p.State = sale.Opened
		w.places[f.slug] = p
		for _, i := range w.wares(f) {
			if w.items[f.slug], err = stock(ctx, tx, w.c.ID, w.items[f.slug], i); err != nil {
				return err
			}
		}
	}
	return nil
}

func stock(ctx context.Context, tx *sqlx.Tx, community int, items []sale.Item, i sale.Item) ([]sale.Item, error) {
	i, err := sale.AddItem(ctx, tx, community, i)
	return append(items, i), err
}

// wares are what a fair sells: seats, or things of which nobody counts how many there are, the last at a price of one's own.
func (w *world) wares(f fair) (items []sale.Item) {
	d, at, place := newDice("wares "+f.slug), on(f.on(), 0), w.places[f.slug].ID
	add := func(code, zh, en, section, price string, kind sale.ItemKind) {
		i := sale.Item{ID: d.id(at), PlaceID: place, Code: code, NameZH: zh, NameEN: en, Section: section, Kind: kind}
		if price != "" {
			amount := money.MustParse(price)
			i.Price = &amount
		}
		items = append(items, i)
	}
	switch {
	case f.gala && f.fund != "":
		add("2", "爱心座", "Patron’s seat", "座位", "100", sale.Ticket)
	case f.gala:
		add("1", "门票", "Ticket", "座位", "50", sale.Ticket)
	default:
		for _, g := range goods {
			if g.price != "" {
				add(g.code, g.zh, g.en, g.section, g.price, g.kind)
			}
		}
		add("99", "老物件", "Something old", "老物件", "", sale.Goods)
	}
	return items
}

// sold2017 are the fairs' days.
func (w *world) sold2017() (events []event) {
	for _, f := range fairs2017 {
		_, until := f.hours()
		sales := w.ringUp(f)
		events = append(events, event{at: on(f.on(), until), rank: rankEntry, earns: money.FromFen(f.yuan * yuan), do: func(ctx context.Context, p *player) error {
			return p.hold(ctx, f, sales)
		}})
	}
	return events
}

// ringUp is a fair's sales: of ¥80 each, about, and four seats.
func (w *world) ringUp(f fair) (sales []sale.Rung) {
	d, items := newDice("sales of "+f.slug), w.items[f.slug]
	from, until := f.hours()
	n, step, unit := int(f.yuan/80), int64(yuan), "纸 %d"
	if f.gala {
		step = items[0].Price.Fen()
		n = int(f.yuan * yuan / step / 4)
	}
	if f.till {
		unit = f.tillCode() + "-%04d"
	}
	for i, worth := range d.parts(money.FromFen(f.yuan*yuan), n, step) {
		at := on(f.on(), from+(until-from)*(i+1)/(n+1))
		r := sale.Rung{ID: d.id(at), At: at, Slip: fmt.Sprintf(unit, i+1)}
		if f.gala {
			r.Lines = []sale.Line{{Item: items[0].ID, Name: items[0].NameZH, Quantity: int(worth.Fen() / step), Price: *items[0].Price}}
		} else {
			r.Lines = d.basket(items, worth)
		}
		paid := sale.Payment{Way: sale.Cash, Amount: worth}
		if f.gala || d.IntN(5) < 2 {
			paid.Way = sale.WeChat
		}
		r.Payments = []sale.Payment{paid}
		sales = append(sales, r)
	}
	return sales
}

// basket is some of the items, worth so much together: the last one is what makes it so.
func (d dice) basket(items []sale.Item, worth money.Amount) (lines []sale.Line) {
	last := items[len(items)-1]
	for range 1 + d.IntN(4) {
		i := items[d.IntN(len(items)-1)]
		if worth.Less(*i.Price) || slices.ContainsFunc(lines, func(l sale.Line) bool { return l.Item == i.ID }) {
			continue
		}
		l := sale.Line{Item: i.ID, Name: i.NameZH, Quantity: 1 + d.IntN(int(min(3, worth.Fen()/i.Price.Fen()))), Price: *i.Price}
		lines, worth = append(lines, l), worth.Sub(l.Sum())
	}
	if !worth.IsZero() {
		lines = append(lines, sale.Line{Item: last.ID, Name: last.NameZH, Quantity: 1, Price: worth})
	}
	return lines
}

// tillCode is the till that stands there: B among the tables, C and D at the doors of the hall.
func (f fair) tillCode() string {
	switch {
	case f.fund != "":
		return "D"
	case f.gala:
		return "C"
	}
	return "B"
}

// hold books what a fair sold, from paper or at a till that two people count in the evening, and ends it.
func (p *player) hold(ctx context.Context, f fair, sales []sale.Rung) error {
	place, end := p.places[f.slug], on(f.on(), 22*60)
	for _, r := range sales {
		p.took(place.FundID, r.Payments...)
	}
	if f.till {
		from, _ := f.hours()
		s, err := sale.Open(ctx, p.tx, p.c.ID, sale.Session{
			ID: newDice("session " + f.slug).id(end), PlaceID: place.ID, Till: f.tillCode(), OpenedBy: "cashier", OpenedAt: on(f.on(), from-30),
		})
		if err != nil {
			return err
		}
		drawer, err := p.sell(ctx, s, end, sales)
		if err != nil {
			return err
		}
		if err = shut(ctx, p.tx, p.c, s, drawer, end); err != nil {
			return err
		}
	} else if _, err := sale.EnterPaper(ctx, p.tx, p.c, place, sales, "cashier", end); err != nil {
		return err
	}
	return sale.ClosePlace(ctx, p.tx, p.c.ID, place.ID, end)
}

// sell hands a session's sales in, and says what lies in its drawer then.
func (p *player) sell(ctx context.Context, s sale.Session, at time.Time, sales []sale.Rung) (drawer money.Amount, err error) {
	drawer = s.Float
	for some := range slices.Chunk(sales, sale.DeliveryMax) {
		out, err := ledger.Solo(ctx, p.tx, p.c.ID, sale.Delivery{Session: s.ID, Cashier: "cashier", Sales: some, At: at}, sale.Sync)
		if err != nil {
			return drawer, err
		}
		for i, sold := range out.Sales {
			if sold.Refused != "" {
				return drawer, fmt.Errorf("sale %s: %w", some[i].Slip, sold.Refused)
			}
			for _, paid := range some[i].Payments {
				if paid.Way == sale.Cash {
					drawer = drawer.Add(paid.Amount)
				}
			}
		}
	}
	return drawer, nil
}

// placeOf is where a cost of selling belongs: the venture that it names, or the fair or gala nearest to its day.
func (w *world) placeOf(c cost) sale.Place {
	for word, venture := range map[string]string{"茶坊": "tea-house", "报刊亭": "newsstand", "书角": "book-corner"} {
		if strings.Contains(c.memo, word) {
			return w.places[venture]
		}
	}
	nearest := fairs2017[0]
	for _, f := range fairs2017 {
		if f.gala == strings.Contains(c.memo, "晚会") && f.fund == "" && (nearest.gala != f.gala || apart(f, c) < apart(nearest, c)) {
			nearest = f
		}
	}
	return w.places[nearest.slug]
}

func apart(f fair, c cost) time.Duration { return f.on().Sub(c.day).Abs() }

// costOf is a cost of selling on its way to the books, paid from the bank.
func (w *world) costOf(at time.Time, c cost) event {
	k := sale.Cost{
		ID: newDice(c.memo + at.Format("060102T1504")).id(at), PlaceID: w.placeOf(c).ID, Kind: sale.Running, What: c.memo, Amount: c.amount, SpentOn: c.day,
		EnteredBy: c.by, EnteredAt: at,
	}
	if strings.Contains(c.memo, "进货") {
		k.Kind = sale.Stock
	}
	return event{at: at, rank: rankEntry, do: func(ctx context.Context, p *player) error {
		_, err := sale.Spend(ctx, p.tx, p.c, k, sale.Transfer)
		return err
	}}
}
