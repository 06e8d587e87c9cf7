package desk

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/receipt"
	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// lotsView is an event's auction: its lots, and who bids.
type lotsView struct {
	*page.Form
	Place   sale.Place
	Lots    []sale.AuctionLot
	Without []sale.Item // of kind lot, not put up yet
	Bidders []sale.Bidder
	SignOff bool
	Waiting int // bidders staff have not looked at
	MayEdit bool
	MayTake bool
}

// Lots shows it.
func (p *Pages) Lots(c *fiber.Ctx) error {
	v, err := p.lotsView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/gala_lots", v)
}

func (p *Pages) lotsView(c *fiber.Ctx, f *page.Form) (v lotsView, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v = lotsView{Form: labelled(f, "gala.field", "name", "phone"), MayEdit: can(c, auth.ManageSale), MayTake: can(c, auth.SellAtTill)}
	if v.Place, err = p.placeHere(c); err != nil {
		return v, err
	}
	if v.Lots, err = sale.ListLots(ctx, p.DB, here, v.Place.ID); err != nil {
		return v, err
	}
	items, err := sale.ListItems(ctx, p.DB, here, v.Place.ID)
	if err != nil {
		return v, err
	}
	for _, i := range items {
		if i.Kind == sale.Lot && !i.Auctioned && i.ArchivedAt == nil {
			v.Without = append(v.Without, i)
		}
	}
	if v.Bidders, err = sale.ListBidders(ctx, p.DB, here, v.Place.ID); err != nil {
		return v, err
	}
	for _, b := range v.Bidders {
		if !b.SignedOff && b.ErasedAt == nil {
			v.Waiting++
		}
	}
	v.SignOff, err = sale.SignOff(ctx, p.DB, here, v.Place.ID)
	return v, err
}

// AddBidder gives somebody at the table a paddle.
func (p *Pages) AddBidder(c *fiber.Ctx) error {
	v, err := p.lotsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	b := sale.Bidder{PlaceID: v.Place.ID, Name: v.Text("name", 40), Phone: v.Text("phone", 20), JoinedAt: p.Now()}
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_lots", v)
	}
	err = p.act(c, "sale.bidder", "sale:"+v.Place.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		b, err = sale.JoinAuction(c.UserContext(), tx, page.Of(c).Community.ID, b, true)
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, salePath(v.Place.ID)+"/lots", "gala.paddle_given", "paddle", b.Paddle)
}

// SetAuction lets a bidder bid, decides whether staff look at everybody, or takes the names away after the event.
func (p *Pages) SetAuction(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	place, err := p.placeHere(c)
	if err != nil {
		return err
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	paddle, step := f.Number("paddle"), f.Typed("step")
	steps := map[string]func(tx *sqlx.Tx, who string) error{
		"let":   func(tx *sqlx.Tx, _ string) error { return sale.LetBid(ctx, tx, here, place.ID, paddle) },
		"look":  func(tx *sqlx.Tx, _ string) error { return sale.WantSignOff(ctx, tx, here, place.ID, true) },
		"trust": func(tx *sqlx.Tx, _ string) error { return sale.WantSignOff(ctx, tx, here, place.ID, false) },
		"erase": func(tx *sqlx.Tx, _ string) error { return sale.EraseGuests(ctx, tx, here, place.ID, p.Now()) },
	}
	do, ok := steps[step]
	if !ok {
		return page.ErrUnreadable
	}
	if err := p.act(c, "sale.auction_"+step, "sale:"+place.Slug, nil, do); err != nil {
		return err
	}
	return page.Done(c, salePath(place.ID)+"/lots", "gala.did."+step, "paddle", paddle)
}

// lotView is one lot with its bids.
type lotView struct {
	*page.Form
	Place   sale.Place
	Item    sale.Item
	Lot     *sale.AuctionLot // nil: not put up yet
	Bids    []sale.Bid
	Names   map[int]string // of bidders, by paddle
	Winner  sale.Bidder
	Receipt *receipt.Receipt
	Ways    []page.Option
	Open    bool // takes bids now
	MayEdit bool
	MayTake bool
	MayLead bool
}

// AuctionLot shows it.
func (p *Pages) AuctionLot(c *fiber.Ctx) error {
	f := page.BlankForm(c).Set("way", string(sale.Cash))
	v, err := p.lotView(c, f)
	if err != nil {
		return err
	}
	f.Set("step", "20")
	if l := v.Lot; l != nil {
		f.Set("start", plain(l.Start)).Set("step", plain(l.Step)).Set("reserve", plainOr(l.Reserve)).Set("fair_value", plainOr(l.FairValue)).Set("giver", l.Giver).Set("amount", plain(l.Least()))
		if l.ClosesAt != nil {
			f.Set("closes_at", page.Of(c).Local(*l.ClosesAt).Format(minuteForm))
		}
	}
	return page.Render(c, "desk/gala_lot", v)
}

// minuteForm is how a browser writes a day and an hour.
const minuteForm = "2006-01-02T15:04"

func plainOr(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return plain(*a)
}

func (p *Pages) lotView(c *fiber.Ctx, f *page.Form) (v lotView, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v = lotView{
		Form: labelled(f, "gala.lot", "start", "step", "reserve", "fair_value", "giver", "closes_at", "paddle", "amount", "way"), Names: map[int]string{}, Ways: p.galaWays(c),
		MayEdit: can(c, auth.ManageSale), MayTake: can(c, auth.SellAtTill), MayLead: can(c, auth.LeadShift),
	}
	if v.Place, err = p.placeHere(c); err != nil {
		return v, err
	}
	if v.Item, err = p.saleItemHere(c); err != nil {
		return v, err
	}
	if v.Item.Kind != sale.Lot {
		return v, page.ErrNotFound
	}
	l, err := sale.LotAt(ctx, p.DB, here, v.Item.ID)
	if errors.Is(err, sale.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Lot, v.Open = &l, l.Takes(p.Now())
	if l.Award != nil {
		if paid, err := receipt.Of(ctx, p.DB, here, *l.Award); err == nil {
			v.Receipt = &paid
		}
	}
	bidders, err := sale.ListBidders(ctx, p.DB, here, v.Place.ID)
	for _, b := range bidders {
		v.Names[b.Paddle] = b.Name
		if l.State == sale.Hammered && b.Paddle == *l.Leader {
			v.Winner = b
		}
	}
	if err == nil {
		v.Bids, err = sale.ListBids(ctx, p.DB, here, v.Item.ID)
	}
	return v, err
}

func lotPath(v lotView) string { return salePath(v.Place.ID) + "/lots/" + v.Item.ID.String() }

// SetLot writes a lot's terms.
func (p *Pages) SetLot(c *fiber.Ctx) error {
	v, err := p.lotView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	terms := readLot(c, v, p.Now())
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_lot", v)
	}
	err = p.act(c, "sale.lot", "item:"+v.Item.ID.String(), nil, func(tx *sqlx.Tx, _ string) error {
		return sale.PutLot(c.UserContext(), tx, page.Of(c).Community.ID, terms)
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, lotPath(v), "gala.lot.saved")
}

func readLot(c *fiber.Ctx, v lotView, now time.Time) sale.AuctionLot {
	terms := sale.AuctionLot{Item: v.Item.ID, Start: v.Amount("start"), Step: v.Amount("step"), Giver: v.Text("giver", 80, page.Optional)}
	if a := v.Amount("reserve", page.Optional); !a.IsZero() {
		terms.Reserve = &a
	}
	if a := v.Amount("fair_value", page.Optional); !a.IsZero() {
		terms.FairValue = &a
	}
	if typed := v.Typed("closes_at"); typed != "" {
		at, err := time.ParseInLocation(minuteForm, typed, page.Of(c).Local(now).Location())
		if err != nil {
			v.Wrong("closes_at", "gala.wrong.moment")
		}
		terms.ClosesAt = &at
	}
	return terms
}

// EnterBid writes down a bid that was called out or came on paper.
func (p *Pages) EnterBid(c *fiber.Ctx) error {
	v, err := p.lotView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	b := sale.Bid{Item: v.Item.ID, PlaceID: v.Place.ID, Paddle: v.Int("paddle", 1, 9999), Amount: v.Amount("amount"), Way: sale.OnPaper, At: p.Now()}
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_lot", v)
	}
	err = p.act(c, "sale.bid", "item:"+v.Item.ID.String(), nil, func(tx *sqlx.Tx, who string) error {
		b.EnteredBy = who
		_, err := sale.PlaceBid(c.UserContext(), tx, page.Of(c).Community.ID, b)
		return err
	})
	switch {
	case errors.Is(err, sale.ErrBidLow):
		v.Wrong("amount", "gala.wrong.low", "least", v.Lot.Least().Yuan())
	case errors.Is(err, sale.ErrNotSignedOff):
		v.Wrong("paddle", "gala.wrong.paddle")
	case err != nil:
		return err
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_lot", v)
	}
	return page.Done(c, lotPath(v), "gala.lot.bid_entered", "paddle", b.Paddle, "amount", b.Amount.Yuan())
}

// MoveLot is the auctioneer's: the hammer, the next bid, once more, or a bid struck.
func (p *Pages) MoveLot(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	step, nth := f.Typed("step"), f.Typed("nth")
	v, err := p.lotView(c, f)
	if err != nil {
		return err
	}
	ctx, here, id := c.UserContext(), page.Of(c).Community.ID, v.Item.ID
	steps := map[string]func(tx *sqlx.Tx, who string) error{
		"hammer": func(tx *sqlx.Tx, who string) error {
			_, err := sale.Hammer(ctx, tx, here, id, who, p.Now())
			return err
		},
		"next": func(tx *sqlx.Tx, who string) error {
			_, err := sale.OfferNext(ctx, tx, here, id, who, p.Now())
			return err
		},
		"reopen": func(tx *sqlx.Tx, _ string) error { return sale.Reopen(ctx, tx, here, id) },
		"strike": func(tx *sqlx.Tx, _ string) error {
			return sale.StrikeBid(ctx, tx, here, id, page.ParseNumber(nth), p.Now())
		},
	}
	do, ok := steps[step]
	if !ok {
		return page.ErrUnreadable
	}
	if err := p.act(c, "sale.lot_"+step, "item:"+id.String(), nil, do); err != nil {
		return err
	}
	return page.Done(c, lotPath(v), "gala.lot.did."+step)
}

// PayLot takes the winner's money.
func (p *Pages) PayLot(c *fiber.Ctx) error {
	v, err := p.lotView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	way := v.Choice("way", page.Values(v.Ways))
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_lot", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	t, err := p.taking(c, v.Place.ID, way)
	if err != nil {
		return err
	}
	var issued receipt.Receipt
	err = p.act(c, "sale.lot_paid", "item:"+v.Item.ID.String(), nil, func(tx *sqlx.Tx, _ string) error {
		issued, err = sale.PayLot(c.UserContext(), tx, community, v.Item.ID, t)
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, lotPath(v), "gala.paid", "sum", issued.Amount.Yuan(), "receipt", issued.Serial())
}
