package sale_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns/sale"
	"fund/ledger/money"
)

// vase is a lot from ¥200 in steps of ¥20, not below ¥260; it closes at noon.
func (h *house) vase(t testing.TB, code string) sale.AuctionLot {
	t.Helper()
	i := h.item(t, sale.Item{Code: code, NameZH: "青花瓶", Kind: sale.Lot})
	noon, least := morning.Add(150*time.Minute), yuan("260")
	h.Do(t, func(tx *sqlx.Tx) error {
		return sale.PutLot(t.Context(), tx, h.ID, sale.AuctionLot{Item: i.ID, Start: yuan("200"), Step: yuan("20"), Reserve: &least, Giver: "3 号院李爷爷", ClosesAt: &noon})
	})
	return h.lot(t, i)
}

func (h *house) lot(t testing.TB, i sale.Item) sale.AuctionLot {
	t.Helper()
	l, err := sale.LotAt(t.Context(), h.App, h.ID, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (h *house) joins(t testing.TB, name string, byStaff bool) (b sale.Bidder) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		b, err = sale.JoinAuction(t.Context(), tx, h.ID, sale.Bidder{PlaceID: h.Fair.ID, Name: name, Phone: "1380000" + name, JoinedAt: morning}, byStaff)
		return err
	})
	return b
}

func (h *house) bid(l sale.AuctionLot, paddle int, amount string, at time.Time) error {
	return h.Try(func(tx *sqlx.Tx) error {
		_, err := sale.PlaceBid(context.Background(), tx, h.ID, sale.Bid{Item: l.Item, PlaceID: l.PlaceID, Paddle: paddle, Amount: yuan(amount), Way: sale.ByPhone, At: at})
		return err
	})
}

func (h *house) hammer(t testing.TB, l sale.AuctionLot, verb func(context.Context, *sqlx.Tx, int, sale.AuctionLot) (sale.AuctionLot, error)) (out sale.AuctionLot) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		out, err = verb(t.Context(), tx, h.ID, l)
		return err
	})
	return out
}

func falls(ctx context.Context, tx *sqlx.Tx, community int, l sale.AuctionLot) (sale.AuctionLot, error) {
	return sale.Hammer(ctx, tx, community, l.Item, lead, morning.Add(3*time.Hour))
}

func passes(ctx context.Context, tx *sqlx.Tx, community int, l sale.AuctionLot) (sale.AuctionLot, error) {
	return sale.OfferNext(ctx, tx, community, l.Item, lead, morning.Add(3*time.Hour))
}

// refusesAtTheTill rings a lot up as an ordinary sale, as a till with an older list would.
func (h *house) refusesAtTheTill(t *testing.T, l sale.AuctionLot, when string) {
	t.Helper()
	r := rung([]sale.Line{{Item: l.Item, Name: l.NameZH, Quantity: 1, Price: l.Start}}, pay(sale.Cash, l.Start.String()))
	if d, err := h.sync(t.Context(), h.Session.ID, r); err != nil || d.Sales[0].Refused != sale.ForAuction {
		t.Errorf("at the till, %s: %+v, %v", when, d, err)
	}
}

func TestALotIsBidOnHammeredAndPaid(t *testing.T) {
	t.Parallel()
	h := open(t)
	l := h.vase(t, "L1")
	one, two := h.joins(t, "0001", false), h.joins(t, "0002", true)
	if one.Paddle != 1 || two.Paddle != 2 || !one.SignedOff {
		t.Fatalf("%+v %+v", one, two)
	}
	at := morning.Add(time.Hour)
	wantErr(t, "below the start", h.bid(l, 1, "199.99", at), sale.ErrBidLow)
	wantErr(t, "the start", h.bid(l, 1, "200", at), nil)
	wantErr(t, "less than a step more", h.bid(l, 2, "219.99", at), sale.ErrBidLow)
	wantErr(t, "a paddle that nobody has", h.bid(l, 7, "500", at), sale.ErrNotSignedOff)
	wantErr(t, "a step more", h.bid(l, 2, "220", at), nil)
	wantErr(t, "by paper", h.Try(func(tx *sqlx.Tx) error {
		_, err := sale.PlaceBid(t.Context(), tx, h.ID, sale.Bid{Item: l.Item, PlaceID: l.PlaceID, Paddle: 1, Amount: yuan("300"), Way: sale.OnPaper, EnteredBy: lead, At: at})
		return err
	}), nil)
	l = h.hammer(t, l, falls)
	if l.State != sale.Hammered || *l.Leader != 1 || l.Highest.String() != "300.00" {
		t.Fatalf("%+v", l)
	}
	wantErr(t, "after the hammer", h.bid(l, 2, "900", at), sale.ErrBidClosed)
	l = h.hammer(t, l, passes) // paddle 1 went home; paddle 2 is below the reserve
	if l.State != sale.Passed || l.WonBy != nil {
		t.Fatalf("%+v", l)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return sale.Reopen(t.Context(), tx, h.ID, l.Item) })
	wantErr(t, "once more", h.bid(l, 2, "280", at), nil)
	h.refusesAtTheTill(t, l, "while bids are taken")
	l = h.hammer(t, l, falls)
	h.refusesAtTheTill(t, l, "once it is somebody's")
	for range 2 {
		h.Do(t, func(tx *sqlx.Tx) error {
			issued, err := sale.PayLot(t.Context(), tx, h.Community, l.Item, sale.Taking{Session: &h.Session.ID, Way: sale.WeChat, Who: cashier, At: morning.Add(4 * time.Hour)})
			if err == nil && (issued.Amount.String() != "280.00" || issued.Serial() != "2026-S000001") {
				t.Errorf("%+v", issued)
			}
			return err
		})
	}
	err := h.Try(func(tx *sqlx.Tx) error { _, err := passes(t.Context(), tx, h.ID, l); return err })
	wantErr(t, "next after it was paid", err, sale.ErrState)
	if r, err := sale.ResultOf(t.Context(), h.App, h.ID, h.Fair.ID); err != nil || r.Sales.Amount.String() != "280.00" || len(r.Items) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	h.sound(t)
}

// A bid within the last two minutes puts the end off by two, and after the end there is none.
func TestALotClosesSoftly(t *testing.T) {
	t.Parallel()
	h := open(t)
	l := h.vase(t, "L1")
	h.joins(t, "0001", true)
	h.joins(t, "0002", true)
	noon := *l.ClosesAt
	ends := func() time.Duration { l, _ = sale.LotAt(t.Context(), h.App, h.ID, l.Item); return l.ClosesAt.Sub(noon) }
	wantErr(t, "early", h.bid(l, 1, "200", noon.Add(-3*time.Minute)), nil)
	if got := ends(); got != 0 {
		t.Errorf("an early bid puts it off by %s", got)
	}
	wantErr(t, "late", h.bid(l, 2, "220", noon.Add(-90*time.Second)), nil)
	wantErr(t, "later", h.bid(l, 1, "240", noon.Add(time.Minute)), nil)
	if got := ends(); got != 4*time.Minute {
		t.Errorf("two late bids put it off by %s", got)
	}
	wantErr(t, "too late", h.bid(l, 2, "400", noon.Add(4*time.Minute)), sale.ErrBidClosed)
}

func TestStaffSayYesAndNamesGo(t *testing.T) {
	t.Parallel()
	h := open(t)
	l := h.vase(t, "L1")
	h.Do(t, func(tx *sqlx.Tx) error { return sale.WantSignOff(t.Context(), tx, h.ID, h.Fair.ID, true) })
	b := h.joins(t, "0001", false)
	wantErr(t, "before staff said yes", h.bid(l, b.Paddle, "200", morning), sale.ErrNotSignedOff)
	h.Do(t, func(tx *sqlx.Tx) error { return sale.LetBid(t.Context(), tx, h.ID, h.Fair.ID, b.Paddle) })
	wantErr(t, "after", h.bid(l, b.Paddle, "200", morning), nil)
	wantErr(t, "a slip of the pen", h.bid(l, b.Paddle, "8000", morning), nil)
	h.Do(t, func(tx *sqlx.Tx) error { return sale.StrikeBid(t.Context(), tx, h.ID, l.Item, 2, morning) })
	wantErr(t, "what was meant", h.bid(l, b.Paddle, "800", morning), nil)
	erase := func(tx *sqlx.Tx) error { return sale.EraseGuests(t.Context(), tx, h.ID, h.Fair.ID, morning) }
	wantErr(t, "names, while it goes on", h.Try(erase), sale.ErrState)
	h.close(t, h.Session.ID, inPieces(yuan("200")))
	h.Do(t, func(tx *sqlx.Tx) error { return sale.ClosePlace(t.Context(), tx, h.ID, h.Fair.ID, morning) })
	h.Do(t, erase)
	if n := get[int](t, h, `SELECT count(*) FROM sale.bidder WHERE name || phone <> ''`); n != 0 {
		t.Errorf("%d names are left", n)
	}
}

// Whatever is bid by however many at once, the bids that stand rise by a step at least.
func TestBidsRiseWhoeverBids(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i := range 4 {
		h.joins(t, fmt.Sprint(1000+i), true)
	}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		if n++; n > 12 {
			return
		}
		l := h.vase(t, fmt.Sprint("R", n))
		var all sync.WaitGroup
		for _, jiao := range rapid.SliceOfN(rapid.IntRange(1500, 6000), 1, 12).Draw(r, "bids") {
			paddle := 1 + jiao%4
			all.Go(func() {
				if err := h.bid(l, paddle, money.FromFen(int64(jiao)*10).String(), morning); err != nil && !errors.Is(err, sale.ErrBidLow) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		bids, err := sale.ListBids(t.Context(), h.App, h.ID, l.Item)
		if err != nil {
			r.Fatal(err)
		}
		for i, b := range bids {
			least := l.Start
			if i+1 < len(bids) {
				least = bids[i+1].Amount.Add(l.Step)
			}
			if b.Amount.Less(least) || b.Nth != len(bids)-i {
				r.Errorf("bid %d of %s stands, at least %s was asked: %+v", b.Nth, b.Amount, least, bids)
			}
		}
		l = h.hammer(t, l, falls)
		if won := l.State == sale.Hammered; won != (len(bids) > 0 && !bids[0].Amount.Less(*l.Reserve)) || won && !l.Highest.Equal(bids[0].Amount) {
			r.Errorf("%+v of %+v", l, bids)
		}
	})
}
