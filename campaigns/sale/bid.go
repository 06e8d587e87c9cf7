package sale

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Bidder is somebody with a paddle: the number is public, the rest is not.
type Bidder struct {
	PlaceID   int        `db:"place_id"`
	Paddle    int        `db:"paddle"`
	Token     string     `db:"token"` // in the address of their page
	Name      string     `db:"name"`
	Phone     string     `db:"phone"`
	SignedOff bool       `db:"signed_off"` // staff said yes, or nobody asked them to
	JoinedAt  time.Time  `db:"joined_at"`
	ErasedAt  *time.Time `db:"erased_at"`
}

const selectBidder = `SELECT place_id, paddle, token, name, phone, signed_off, joined_at, erased_at FROM sale.bidder WHERE community_id = $1`

// JoinAuction gives somebody the next paddle of a place. Staff's word makes them
// bid at once; by phone they wait for it where the auction wants that. Who has
// joined with the same phone before keeps the paddle, if staff ask. ErrState
// where the place does not sell.
func JoinAuction(ctx context.Context, tx *sqlx.Tx, community int, b Bidder, byStaff bool) (_ Bidder, err error) {
	defer wrap(&err, "sale.JoinAuction(%d, %d)", community, b.PlaceID)
	p, err := PlaceAt(ctx, tx, community, b.PlaceID)
	if err != nil {
		return b, err
	}
	if p.State != Opened {
		return b, ErrState
	}
	wants, err := SignOff(ctx, tx, community, b.PlaceID)
	if err != nil {
		return b, err
	}
	if err = holdSeats(ctx, tx, community, b.PlaceID); err != nil { // paddles are given out one by one, too
		return b, err
	}
	if byStaff && b.Phone != "" {
		var known Bidder
		err = tx.GetContext(ctx, &known, selectBidder+` AND place_id = $2 AND phone = $3 AND erased_at IS NULL ORDER BY paddle LIMIT 1`, community, b.PlaceID, b.Phone)
		if !errors.Is(err, sql.ErrNoRows) {
			return known, err
		}
	}
	b.Token, b.SignedOff = newToken(), byStaff || !wants
	err = tx.GetContext(ctx, &b.Paddle, `
		INSERT INTO sale.bidder (community_id, place_id, paddle, token, name, phone, signed_off, joined_at)
		SELECT $1, $2, coalesce(max(paddle), 0) + 1, $3, $4, $5, $6, $7 FROM sale.bidder WHERE community_id = $1 AND place_id = $2 RETURNING paddle`,
		community, b.PlaceID, b.Token, b.Name, b.Phone, b.SignedOff, b.JoinedAt)
	return b, err
}

// SignOff tells whether staff say yes to everybody who joins a place's auction by phone.
func SignOff(ctx context.Context, q sqlx.QueryerContext, community, place int) (wanted bool, err error) {
	defer wrap(&err, "sale.SignOff(%d, %d)", community, place)
	err = sqlx.GetContext(ctx, q, &wanted, `SELECT coalesce((SELECT sign_off FROM sale.auction WHERE community_id = $1 AND place_id = $2), false)`, community, place)
	return wanted, err
}

// WantSignOff decides it.
func WantSignOff(ctx context.Context, tx *sqlx.Tx, community, place int, wanted bool) (err error) {
	defer wrap(&err, "sale.WantSignOff(%d, %d)", community, place)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.auction (community_id, place_id, sign_off) VALUES ($1, $2, $3) ON CONFLICT (community_id, place_id) DO UPDATE SET sign_off = EXCLUDED.sign_off`,
		community, place, wanted)
	return err
}

// LetBid lets somebody bid who waits for it. ErrNotFound.
func LetBid(ctx context.Context, tx *sqlx.Tx, community, place, paddle int) (err error) {
	defer wrap(&err, "sale.LetBid(%d, %d, %d)", community, place, paddle)
	return one(tx.ExecContext(ctx, `UPDATE sale.bidder SET signed_off = true WHERE community_id = $1 AND place_id = $2 AND paddle = $3`, community, place, paddle))
}

// BidderByToken reads whoever an address belongs to; ErrNotFound.
func BidderByToken(ctx context.Context, q sqlx.QueryerContext, community int, token string) (b Bidder, err error) {
	defer wrap(&err, "sale.BidderByToken(%d)", community)
	err = sqlx.GetContext(ctx, q, &b, selectBidder+` AND token = $2 AND erased_at IS NULL`, community, token)
	return b, err
}

// ListBidders reads the bidders of a place by their paddles, for the staff.
func ListBidders(ctx context.Context, q sqlx.QueryerContext, community, place int) (list []Bidder, err error) {
	defer wrap(&err, "sale.ListBidders(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &list, selectBidder+` AND place_id = $2 ORDER BY paddle`, community, place)
	return list, err
}

// BidWay is how a bid came.
type BidWay string

// Bids come from a bidder's own phone, or were called out or written on paper
// and entered at the desk.
const (
	ByPhone BidWay = "phone"
	OnPaper BidWay = "paper"
)

// Bid is an amount that somebody promises for a lot.
type Bid struct {
	Item      uuid.UUID    `db:"item_id"`
	Nth       int          `db:"nth"`
	PlaceID   int          `db:"place_id"`
	Paddle    int          `db:"paddle"`
	Amount    money.Amount `db:"amount"`
	Way       BidWay       `db:"way"`
	EnteredBy string       `db:"entered_by"` // empty: by the bidder
	At        time.Time    `db:"bid_at"`
	StruckAt  *time.Time   `db:"struck_at"` // a mistake, or won and not paid
}

// PlaceBid puts a bid on a lot. In the last two minutes before its end each one
// puts the end off by two. The database decides: ErrBidLow, ErrBidClosed,
// ErrNotSignedOff.
func PlaceBid(ctx context.Context, tx *sqlx.Tx, community int, b Bid) (_ Bid, err error) {
	defer wrap(&err, "sale.PlaceBid(%d, %s, %d)", community, b.Item, b.Paddle)
	err = tx.GetContext(ctx, &b.Nth, `
		INSERT INTO sale.bid (community_id, item_id, nth, place_id, paddle, amount, way, entered_by, bid_at) VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8) RETURNING nth`,
		community, b.Item, b.PlaceID, b.Paddle, b.Amount, b.Way, b.EnteredBy, b.At)
	return b, err
}

// StrikeBid takes a bid back that was written down by mistake, while the lot is
// open. ErrState.
func StrikeBid(ctx context.Context, tx *sqlx.Tx, community int, item uuid.UUID, nth int, at time.Time) (err error) {
	defer wrap(&err, "sale.StrikeBid(%d, %s, %d)", community, item, nth)
	l, err := lockLot(ctx, tx, community, item)
	if err != nil {
		return err
	}
	if l.State != LotOpen {
		return ErrState
	}
	if err = one(tx.ExecContext(ctx, `UPDATE sale.bid SET struck_at = $4 WHERE community_id = $1 AND item_id = $2 AND nth = $3 AND struck_at IS NULL`,
		community, item, nth, at)); err == ErrNotFound {
		return ErrState
	}
	return err
}

// ListBids reads the bids on a lot, the highest first.
func ListBids(ctx context.Context, q sqlx.QueryerContext, community int, item uuid.UUID) (bids []Bid, err error) {
	defer wrap(&err, "sale.ListBids(%d, %s)", community, item)
	err = sqlx.SelectContext(ctx, q, &bids, `
		SELECT item_id, nth, place_id, paddle, amount, way, entered_by, bid_at, struck_at FROM sale.bid WHERE community_id = $1 AND item_id = $2
		 ORDER BY amount DESC, nth DESC`, community, item)
	return bids, err
}
