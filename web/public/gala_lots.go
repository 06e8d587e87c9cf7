package public

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/web/page"
)

// lotView is a lot as the public sees it: paddles, and no names.
type lotView struct {
	*page.Form
	Event   sale.Place
	Lot     sale.AuctionLot
	Bids    []sale.Bid // those that stand, the highest first
	Open    bool
	SignOff bool
	Me      *sale.Bidder // whose page it is; nil on everybody's
	Field   string       // of the form, for the amount
}

// Winning tells whether the highest bid is the reader's.
func (v lotView) Winning() bool {
	return v.Me != nil && v.Lot.Leader != nil && *v.Lot.Leader == v.Me.Paddle
}

// bidsShown is how many bids a lot's page lists.
const bidsShown = 12

func (p *Pages) lotView(c *fiber.Ctx, f *page.Form, event sale.Place, l sale.AuctionLot) (v lotView, err error) {
	v = lotView{Form: f, Event: event, Lot: l, Field: "amount", Open: event.State == sale.Opened && l.Takes(p.Now())}
	bids, err := sale.ListBids(c.UserContext(), p.DB, here(c), l.Item)
	for _, b := range bids {
		if b.StruckAt == nil && len(v.Bids) < bidsShown {
			v.Bids = append(v.Bids, b)
		}
	}
	if err == nil {
		v.SignOff, err = sale.SignOff(c.UserContext(), p.DB, here(c), event.ID)
	}
	return v, err
}

// lotHere is the lot that the address names.
func (p *Pages) lotHere(c *fiber.Ctx, f *page.Form) (v lotView, err error) {
	f.Label("name", "gala.bidder.name").Label("phone", "gala.bidder.phone").Label("amount", "gala.lot.amount").Label("consent", "gala.bidder.consent")
	event, err := p.saleEventAt(c)
	if err != nil {
		return v, err
	}
	lots, err := sale.ListLots(c.UserContext(), p.Read, here(c), event.ID)
	if err != nil {
		return v, err
	}
	for _, l := range lots {
		if l.Code == c.Params("code") {
			return p.lotView(c, f, event, l)
		}
	}
	return v, page.ErrNotFound
}

// AuctionLot shows a lot, and lets people join.
func (p *Pages) AuctionLot(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, err := p.lotHere(c, f)
	if err != nil {
		return err
	}
	f.Set("amount", strings.TrimSuffix(v.Lot.Least().String(), ".00"))
	return page.Render(c, "public/gala_lot", v)
}

// JoinAuction gives somebody a paddle, and puts their first bid where nobody has to say yes to them first.
func (p *Pages) JoinAuction(c *fiber.Ctx) error {
	v, err := p.lotHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	me, b := v.readJoin(p.Now())
	if v.AnyWrong() {
		return page.Again(c, "public/gala_lot", v)
	}
	if v.Typed(trap) != "" || p.tooQuick(v.Form) {
		return page.TooMany{RetryAfter: brakeAgain}
	}
	me, err = p.joins(c, me, b)
	if refusedBid(v, err) {
		return page.Again(c, "public/gala_lot", v)
	}
	if err != nil {
		return err
	}
	changed(c)
	if !me.SignedOff {
		return page.Done(c, "/bidders/"+me.Token, "gala.bidder.joined", "paddle", me.Paddle)
	}
	return page.Done(c, "/bidders/"+me.Token, "gala.bidder.bid", "amount", b.Amount.Yuan())
}

// joins gives out the paddle; the bid stands with it, or neither does.
func (p *Pages) joins(c *fiber.Ctx, me sale.Bidder, first sale.Bid) (sale.Bidder, error) {
	err := p.inTx(c, func(tx *sqlx.Tx) (err error) {
		if me, err = sale.JoinAuction(c.UserContext(), tx, here(c), me, false); err != nil || !me.SignedOff {
			return err
		}
		first.Paddle = me.Paddle
		_, err = sale.PlaceBid(c.UserContext(), tx, here(c), first)
		return err
	})
	return me, err
}

// readJoin reads who joins, and their first bid.
func (v lotView) readJoin(now time.Time) (me sale.Bidder, b sale.Bid) {
	me = sale.Bidder{PlaceID: v.Event.ID, Name: v.Text("name", 40), Phone: v.Text("phone", 20), JoinedAt: now}
	b = sale.Bid{Item: v.Lot.Item, PlaceID: v.Event.ID, Amount: v.Amount("amount"), Way: sale.ByPhone, At: now}
	if !v.Bool("consent") {
		v.Wrong("consent", "help.wrong.consent")
	}
	return me, b
}

// refusedBid says beside the field why a bid was not taken.
func refusedBid(v lotView, err error) bool {
	switch {
	case errors.Is(err, sale.ErrBidLow):
		v.Wrong(v.Field, "gala.wrong.low_now")
	case errors.Is(err, sale.ErrBidClosed):
		v.Wrong(v.Field, "gala.wrong.closed")
	case errors.Is(err, sale.ErrNotSignedOff):
		v.Wrong(v.Field, "gala.wrong.sign_off")
	default:
		return false
	}
	return true
}

// bidderView is a bidder's own page: every lot, with a field to bid.
type bidderView struct {
	Me    sale.Bidder
	Event sale.Place
	Lots  []lotView
	Form  *page.Form
}

// Bidder is the page of one's own: the address is its key.
func (p *Pages) Bidder(c *fiber.Ctx) error {
	v, err := p.bidderView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "public/gala_bidder", v)
}

func (p *Pages) bidderView(c *fiber.Ctx, f *page.Form) (v bidderView, err error) {
	secret(c)
	ctx := c.UserContext()
	v.Form = f
	if v.Me, err = sale.BidderByToken(ctx, p.DB, here(c), c.Params("token")); err != nil {
		return v, err
	}
	if v.Event, err = sale.PlaceAt(ctx, p.DB, here(c), v.Me.PlaceID); err != nil {
		return v, err
	}
	lots, err := sale.ListLots(ctx, p.DB, here(c), v.Event.ID)
	for _, l := range lots {
		one, err := p.lotView(c, f, v.Event, l)
		if err != nil {
			return v, err
		}
		one.Me, one.Field = &v.Me, "amount_"+l.Code
		if f.Label(one.Field, "gala.lot.amount"); f.Typed("lot") != l.Code {
			f.Set(one.Field, strings.TrimSuffix(l.Least().String(), ".00"))
		}
		v.Lots = append(v.Lots, one)
	}
	return v, err
}

// Bid puts a bid on a lot.
func (p *Pages) Bid(c *fiber.Ctx) error {
	v, err := p.bidderView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	var on *lotView
	for i := range v.Lots {
		if v.Lots[i].Lot.Code == v.Form.Typed("lot") {
			on = &v.Lots[i]
		}
	}
	if on == nil {
		return page.ErrNotFound
	}
	b := sale.Bid{Item: on.Lot.Item, PlaceID: v.Event.ID, Paddle: v.Me.Paddle, Amount: on.Amount(on.Field), Way: sale.ByPhone, At: p.Now()}
	if on.AnyWrong() {
		return page.Again(c, "public/gala_bidder", v)
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error { _, err := sale.PlaceBid(c.UserContext(), tx, here(c), b); return err })
	if refusedBid(*on, err) {
		return page.Again(c, "public/gala_bidder", v)
	}
	if err != nil {
		return err
	}
	changed(c)
	return page.Done(c, "/bidders/"+v.Me.Token, "gala.bidder.bid", "amount", b.Amount.Yuan())
}
