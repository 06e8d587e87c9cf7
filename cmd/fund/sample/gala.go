package sample

import (
	"context"
	"time"

	"fund/campaigns/sale"
	"fund/ledger/money"
)

// lots are what is bid on in the evening: a start price, a step, and what was bid by which paddle.
var lots = []struct {
	code, zh, en, start, step, giver, worth string
	bids                                    []string
}{
	{"L1", "手绣团扇", "Embroidered fan", "80", "10", "2 号院周奶奶", "150", []string{"80", "100", "120"}},
	{"L2", "老茶壶一把", "An old teapot", "120", "20", "3 号院李爷爷", "300", []string{"120", "160"}},
	{"L3", "全家福拍摄一次", "A family portrait", "100", "10", "街口照相馆", "", nil},
}

// evening is tonight's table talk and auction of the fair: six tables, some seats paid, some kept, three lots.
func (m *market) evening(ctx context.Context, p *player, day, now time.Time) error {
	d, sells, price := newDice("market evening"), p.account(teaHouse), money.MustParse("60")
	dinner, err := sale.AddItem(ctx, p.tx, p.c.ID, sale.Item{
		ID: d.id(on(day, 9*60)), PlaceID: m.place.ID, Code: "T1", NameZH: "坝坝宴座位", NameEN: "Seat at the courtyard dinner", Section: "晚上", Kind: sale.Ticket, Price: &price, AccountID: &sells,
	})
	if err != nil {
		return err
	}
	if err = sale.PlanSeats(ctx, p.tx, p.c.ID, sale.SeatPlan{Item: dinner.ID, Shape: sale.Tables, Blocks: 6, Places: 8, HeldOn: &day, Starts: "18:30"}); err != nil {
		return err
	}
	for i, guest := range []struct {
		name string
		n    int
		paid bool
	}{{"周素芬", 2, true}, {"", 4, true}, {"李建国", 3, false}, {"赵师傅", 8, true}, {"", 1, false}} {
		at := now.Add(time.Duration(i-5) * time.Minute)
		r, err := sale.Reserve(ctx, p.tx, p.c, sale.Reservation{ID: d.id(at), Item: dinner.ID, Name: guest.name, ReservedAt: at}, nil, guest.n)
		if err != nil {
			return err
		}
		if !guest.paid {
			continue
		}
		if _, err = sale.PayReservation(ctx, p.tx, p.c, r.ID, sale.Taking{Session: &m.session, Way: sale.WeChat, Who: "cashier", At: at}); err != nil {
			return err
		}
	}
	return m.auction(ctx, p, d, day, now)
}

// auction puts the lots up; three paddles bid on them in turn.
func (m *market) auction(ctx context.Context, p *player, d dice, day, now time.Time) error {
	for _, name := range []string{"周素芬", "李建国", "陈小雨"} {
		if _, err := sale.JoinAuction(ctx, p.tx, p.c.ID, sale.Bidder{PlaceID: m.place.ID, Name: name, Phone: "028-0000 0000", JoinedAt: now}, false); err != nil {
			return err
		}
	}
	ends := on(day, 20*60+30)
	if ends.Before(now) {
		ends = ends.AddDate(0, 0, 1)
	}
	for _, l := range lots {
		i, err := sale.AddItem(ctx, p.tx, p.c.ID, sale.Item{ID: d.id(on(day, 9*60)), PlaceID: m.place.ID, Code: l.code, NameZH: l.zh, NameEN: l.en, Section: "拍卖", Kind: sale.Lot})
		if err != nil {
			return err
		}
		terms := sale.AuctionLot{Item: i.ID, Start: money.MustParse(l.start), Step: money.MustParse(l.step), Giver: l.giver, ClosesAt: &ends}
		if l.worth != "" {
			worth := money.MustParse(l.worth)
			terms.FairValue = &worth
		}
		if err = sale.PutLot(ctx, p.tx, p.c.ID, terms); err != nil {
			return err
		}
		for n, amount := range l.bids {
			b := sale.Bid{Item: i.ID, PlaceID: m.place.ID, Paddle: 1 + n%3, Amount: money.MustParse(amount), Way: sale.ByPhone, At: now.Add(time.Duration(n-9) * time.Minute)}
			if _, err = sale.PlaceBid(ctx, p.tx, p.c.ID, b); err != nil {
				return err
			}
		}
	}
	return nil
}
