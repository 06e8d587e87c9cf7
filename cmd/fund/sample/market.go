package sample

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

// goods are what the old-things fair sells; no price is name your price, no stock is never counted.
var goods = []struct {
	code, zh, en, section, price string
	stock                        int
	kind                         sale.ItemKind
}{
	{"01", "旧书任选", "Any old book", "旧物", "5", 120, sale.Goods},
	{"02", "明信片", "Postcard", "旧物", "3", 60, sale.Goods},
	{"03", "小绿植", "Pot plant", "旧物", "12", 24, sale.Goods},
	{"04", "搪瓷缸", "Enamel mug", "旧物", "8", 18, sale.Goods},
	{"05", "旧唱片", "Old record", "旧物", "20", 30, sale.Goods},
	{"11", "手织围巾", "Knitted scarf", "手工", "35", 32, sale.Goods},
	{"12", "手工香包", "Scented pouch", "手工", "10", 40, sale.Goods},
	{"13", "春联一副", "Spring couplet", "手工", "15", 50, sale.Goods},
	{"14", "竹编小篮", "Bamboo basket", "手工", "28", 6, sale.Goods},
	{"21", "盖碗茶", "Cup of tea", "吃喝", "8", 0, sale.Service},
	{"22", "糖画", "Sugar picture", "吃喝", "6", 0, sale.Service},
	{"23", "泡菜一罐", "Jar of pickles", "吃喝", "18", 30, sale.Goods},
	{"31", "青花瓶", "Blue and white vase", "老物件", "", 1, sale.Goods},
	{"32", "老照相机", "Old camera", "老物件", "", 2, sale.Goods},
}

// market is the fair of old things around today: yesterday's till was counted and closed, today's is open.
type market struct {
	place sale.Place
	items []sale.Item

	session uuid.UUID // today's, of till A
}

// marketEvents are the two days of the fair up to the clock. Before nine the second is yesterday, whose till is still open.
func (w *world) marketEvents(now time.Time) []event {
	m := &market{}
	second := w.today
	if now.Before(on(second, 9*60)) {
		second = second.AddDate(0, 0, -1)
	}
	first := second.AddDate(0, 0, -1)
	return []event{
		{at: on(first, 8*60), rank: rankMorning, do: func(ctx context.Context, p *player) error { return m.lay(ctx, p, first) }},
		{at: on(first, 17*60+40), rank: rankEvening, do: func(ctx context.Context, p *player) error {
			return m.day(ctx, p, first, on(first, 17*60+40), 46, true)
		}},
		{at: on(second, 9*60), rank: rankEvening, do: func(ctx context.Context, p *player) error {
			if err := m.day(ctx, p, second, now, 17, false); err != nil {
				return err
			}
			return m.evening(ctx, p, w.today, now)
		}},
	}
}

// lay opens the fair and puts its goods on the tables.
func (m *market) lay(ctx context.Context, p *player, from time.Time) (err error) {
	until := p.today.AddDate(0, 0, 1)
	everyday, err := campaigns.FindCampaign(ctx, p.tx, p.c.ID, "everyday")
	if err != nil {
		return err
	}
	m.place, err = sale.AddPlace(ctx, p.tx, p.c.ID, sale.Place{
		Kind: sale.SaleEvent, Slug: "old-things", NameZH: "旧物新用义卖", NameEN: "Old things, new homes", WhereZH: "3 号院石桌旁", WhereEN: "By the stone table, courtyard 3",
		NoteZH: "卖的都是街坊捐来的旧东西，所得进通用款，由议事会决定用处。", NoteEN: "Neighbours gave what is sold. The proceeds go to the general fund; the council decides.",
		StartsOn: &from, EndsOn: &until, FundID: ledger.GeneralFundID, CampaignID: &everyday.ID, CreatedBy: "treasurer",
	})
	if err != nil {
		return err
	}
	d, at := newDice("market goods"), on(from, 8*60)
	sales, services := p.account(charitySale), p.account(teaHouse)
	for _, g := range goods {
		i := sale.Item{ID: d.id(at), PlaceID: m.place.ID, Code: g.code, NameZH: g.zh, NameEN: g.en, Section: g.section, Kind: g.kind, AccountID: &sales}
		if g.kind == sale.Service {
			i.AccountID = &services
		}
		if g.price != "" {
			price := money.MustParse(g.price)
			i.Price = &price
		}
		if stock := g.stock; stock > 0 {
			i.Stock = &stock
		}
		if i, err = sale.AddItem(ctx, p.tx, p.c.ID, i); err != nil {
			return err
		}
		m.items = append(m.items, i)
	}
	return sale.OpenPlace(ctx, p.tx, p.c.ID, m.place.ID)
}

// day opens till A with ¥200, sells, and closes it if the day is over: ¥1 short, as it happens.
func (m *market) day(ctx context.Context, p *player, day, end time.Time, n int, closes bool) error {
	d := newDice("market " + day.Format(time.DateOnly))
	began := on(day, 9*60)
	s, err := sale.Open(ctx, p.tx, p.c.ID, sale.Session{
		ID: d.id(began), PlaceID: m.place.ID, Till: "A", Float: money.MustParse("200"), OpenedBy: "cashier", OpenedAt: began,
	})
	if err != nil {
		return err
	}
	m.session = s.ID
	delivery := sale.Delivery{Session: s.ID, Cashier: "cashier", At: end}
	drawer := s.Float
	for i := range n {
		at := began.Add(time.Duration(i+1) * end.Sub(began) / time.Duration(n+1))
		r := m.ring(d, at, fmt.Sprintf("A-%04d", day.Day()*100+i+1))
		delivery.Sales = append(delivery.Sales, r)
		for _, paid := range r.Payments {
			if paid.Way == sale.Cash {
				drawer = drawer.Add(paid.Amount)
			}
		}
	}
	delivery.Voids = []sale.Void{{ID: d.id(began), Amount: money.MustParse("15"), At: began.Add(time.Hour)}}
	out, err := ledger.Solo(ctx, p.tx, p.c.ID, delivery, sale.Sync)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(out.Sales, func(s sale.Synced) bool { return s.Refused != "" }); i >= 0 {
		return fmt.Errorf("sale %s: %s", delivery.Sales[i].Slip, out.Sales[i].Refused)
	}
	if !closes {
		return nil
	}
	back, err := sale.GiveBack(ctx, p.tx, p.c, sale.Refund{
		ID: d.id(end), Sale: delivery.Sales[0].ID, Session: &s.ID, Reason: "家里已经有一样的", RefundedBy: "cashier", ApprovedBy: "shift_lead", RefundedAt: end,
	}, []sale.Returned{{Line: 1, Quantity: 1}})
	if err != nil {
		return err
	}
	return shut(ctx, p.tx, p.c, s, drawer.Sub(back.Amount).Sub(money.FromFen(yuan)), end)
}

// shut counts the drawer twice.
func shut(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s sale.Session, there money.Amount, at time.Time) error {
	pieces := inPieces(there)
	for _, who := range []string{"cashier", "shift_lead"} {
		if _, err := sale.Count(ctx, tx, c, s.ID, sale.Tally{Pieces: pieces, Counter: who, Lead: who == "shift_lead", At: at}); err != nil {
			return err
		}
	}
	return nil
}

// inPieces is an amount in as few notes and coins as can be.
func inPieces(amount money.Amount) (p money.Pieces) {
	rest := amount.Fen()
	for i, of := range money.Denominations {
		p[i], rest = int(rest/of.Fen()), rest%of.Fen()
	}
	return p
}

// ring is a sale of one to three things; the first of a day is paid in cash.
func (m *market) ring(d dice, at time.Time, slip string) sale.Rung {
	r := sale.Rung{ID: d.id(at), At: at, Slip: slip}
	for n := range 1 + d.IntN(3) {
		i := m.items[d.IntN(len(m.items)-2)] // the vase and the camera wait for a better offer
		if n > 0 && slices.ContainsFunc(r.Lines, func(l sale.Line) bool { return l.Item == i.ID }) {
			continue
		}
		r.Lines = append(r.Lines, sale.Line{Item: i.ID, Name: i.NameZH, Quantity: 1 + d.IntN(2), Price: *i.Price})
	}
	sum := r.Total()
	if d.IntN(6) == 0 {
		r.Tip = money.FromFen(int64(1+d.IntN(5)) * yuan)
		sum = sum.Add(r.Tip)
	}
	paid := sale.Payment{Way: sale.Cash, Amount: sum, Given: money.FromFen((sum.Fen() + 999) / 1000 * 1000)}
	if d.IntN(5) < 2 && !strings.HasSuffix(slip, "01") {
		paid = sale.Payment{Way: one(d, []sale.Way{sale.WeChat, sale.WeChat, sale.Alipay}), Amount: sum}
	}
	r.Payments = []sale.Payment{paid}
	return r
}
