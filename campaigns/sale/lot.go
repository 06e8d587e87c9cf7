package sale

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// LotState is where a lot stands.
type LotState string

// A lot is bid on, and then hammered to somebody, or passed: nobody bid enough.
const (
	LotOpen  LotState = "open"
	Hammered LotState = "hammered"
	Passed   LotState = "passed"
)

// AuctionLot is an item that goes to whoever bids most.
type AuctionLot struct {
	Item       uuid.UUID     `db:"item_id"`
	PlaceID    int           `db:"place_id"`
	Start      money.Amount  `db:"start_price"`
	Step       money.Amount  `db:"step"`
	Reserve    *money.Amount `db:"reserve"`    // never shown to bidders
	FairValue  *money.Amount `db:"fair_value"` // what it would cost in a shop, as stated
	Giver      string        `db:"giver"`      // who gave it, as they want it on the page
	ClosesAt   *time.Time    `db:"closes_at"`  // nil: the hammer ends it
	State      LotState      `db:"state"`
	Bids       int           `db:"bids"`
	WonBy      *int          `db:"won_by"`   // which bid
	Award      *uuid.UUID    `db:"award_id"` // the sale by which the winner pays
	HammeredBy string        `db:"hammered_by"`
	HammeredAt *time.Time    `db:"hammered_at"`

	Code      string        `db:"code"`
	NameZH    string        `db:"name_zh"`
	NameEN    string        `db:"name_en"`
	PictureID *uuid.UUID    `db:"picture_id"`
	Highest   *money.Amount `db:"highest"` // of the bids that stand; nil: nobody bid yet
	Leader    *int          `db:"leader"`  // its paddle
	Paid      bool          `db:"paid"`
	Returned  bool          `db:"returned"` // paid, and given back
}

// Name is what it is, in the reader's language.
func (l AuctionLot) Name(lang string) string { return inLanguage(lang, l.NameZH, l.NameEN) }

// Least is the lowest bid that stands against what was bid so far.
func (l AuctionLot) Least() money.Amount {
	if l.Highest == nil {
		return l.Start
	}
	return l.Highest.Add(l.Step)
}

// Takes tells whether bids are taken at a time.
func (l AuctionLot) Takes(at time.Time) bool {
	return l.State == LotOpen && (l.ClosesAt == nil || l.ClosesAt.After(at))
}

const selectLot = `
	SELECT l.item_id, l.place_id, l.start_price, l.step, l.reserve, l.fair_value, l.giver, l.closes_at, l.state, l.bids, l.won_by, l.award_id, l.hammered_by, l.hammered_at,
	       i.code, i.name_zh, i.name_en, i.picture_id, b.amount AS highest, b.paddle AS leader,
	       s.id IS NOT NULL AND s.refunded < s.total AS paid, coalesce(s.refunded = s.total, false) AS returned
	  FROM sale.lot l
	  JOIN sale.item i ON i.community_id = l.community_id AND i.id = l.item_id
	  LEFT JOIN LATERAL (SELECT b.amount, b.paddle FROM sale.bid b WHERE b.community_id = l.community_id AND b.item_id = l.item_id AND b.struck_at IS NULL
	                      ORDER BY b.amount DESC LIMIT 1) b ON true
	  LEFT JOIN sale.sale s ON s.community_id = l.community_id AND s.id = l.award_id
	 WHERE l.community_id = $1`

// ListLots reads the lots of a place in the order of their codes.
func ListLots(ctx context.Context, q sqlx.QueryerContext, community, place int) (lots []AuctionLot, err error) {
	defer wrap(&err, "sale.ListLots(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &lots, selectLot+` AND l.place_id = $2 ORDER BY length(i.code), i.code`, community, place)
	return lots, err
}

// LotAt reads a lot by its item; ErrNotFound.
func LotAt(ctx context.Context, q sqlx.QueryerContext, community int, item uuid.UUID) (l AuctionLot, err error) {
	defer wrap(&err, "sale.LotAt(%d, %s)", community, item)
	err = sqlx.GetContext(ctx, q, &l, selectLot+` AND l.item_id = $2`, community, item)
	return l, err
}

// PutLot puts an item of kind lot up for auction, or writes its terms anew; once
// somebody has bid, its start price stays. ErrState once it was hammered, or
// for an item that is no lot.
func PutLot(ctx context.Context, tx *sqlx.Tx, community int, l AuctionLot) (err error) {
	defer wrap(&err, "sale.PutLot(%d, %s)", community, l.Item)
	i, err := ItemAt(ctx, tx, community, l.Item)
	if err != nil {
		return err
	}
	if i.Kind != Lot {
		return ErrState
	}
	err = one(tx.ExecContext(ctx, `
		INSERT INTO sale.lot AS l (community_id, item_id, place_id, start_price, step, reserve, fair_value, giver, closes_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		    ON CONFLICT (community_id, item_id) DO UPDATE SET start_price = CASE WHEN l.bids = 0 THEN EXCLUDED.start_price ELSE l.start_price END,
		       step = EXCLUDED.step, reserve = EXCLUDED.reserve, fair_value = EXCLUDED.fair_value, giver = EXCLUDED.giver, closes_at = EXCLUDED.closes_at
		 WHERE l.state = 'open'`,
		community, l.Item, i.PlaceID, l.Start, l.Step, l.Reserve, l.FairValue, l.Giver, l.ClosesAt))
	if errors.Is(err, ErrNotFound) {
		return ErrState
	}
	return err
}

// Hammer ends the bidding on a lot: the highest bid that reaches the reserve
// wins, else it passes. ErrState where it was ended before.
func Hammer(ctx context.Context, tx *sqlx.Tx, community int, item uuid.UUID, who string, at time.Time) (_ AuctionLot, err error) {
	defer wrap(&err, "sale.Hammer(%d, %s)", community, item)
	l, err := lockLot(ctx, tx, community, item)
	if err != nil {
		return l, err
	}
	if l.State != LotOpen {
		return l, ErrState
	}
	return award(ctx, tx, community, l, who, at)
}

// OfferNext takes a lot from a winner who does not pay, or whose payment was given
// back, and offers it to the next bid. ErrState where it is paid, or nobody won it.
func OfferNext(ctx context.Context, tx *sqlx.Tx, community int, item uuid.UUID, who string, at time.Time) (_ AuctionLot, err error) {
	defer wrap(&err, "sale.OfferNext(%d, %s)", community, item)
	l, err := lockLot(ctx, tx, community, item)
	if err != nil {
		return l, err
	}
	if l.State != Hammered || l.Paid {
		return l, ErrState
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE sale.bid b SET struck_at = $3 FROM sale.bid w
		 WHERE w.community_id = $1 AND w.item_id = $2 AND w.nth = $4 AND b.community_id = $1 AND b.item_id = $2 AND b.paddle = w.paddle AND b.struck_at IS NULL`,
		community, item, at, l.WonBy)
	if err != nil {
		return l, err
	}
	return award(ctx, tx, community, l, who, at)
}

// Reopen lets people bid again on a lot that passed, or that was hammered too soon.
// ErrState once it is paid.
func Reopen(ctx context.Context, tx *sqlx.Tx, community int, item uuid.UUID) (err error) {
	defer wrap(&err, "sale.Reopen(%d, %s)", community, item)
	l, err := lockLot(ctx, tx, community, item)
	if err != nil {
		return err
	}
	if l.State == LotOpen || l.Paid {
		return ErrState
	}
	return one(tx.ExecContext(ctx, `
		UPDATE sale.lot SET state = 'open', won_by = NULL, award_id = NULL, closes_at = NULL, hammered_by = '', hammered_at = NULL WHERE community_id = $1 AND item_id = $2`,
		community, item))
}

func lockLot(ctx context.Context, tx *sqlx.Tx, community int, item uuid.UUID) (l AuctionLot, err error) {
	if _, err = tx.ExecContext(ctx, `SELECT FROM sale.lot WHERE community_id = $1 AND item_id = $2 FOR UPDATE`, community, item); err != nil {
		return l, err
	}
	return LotAt(ctx, tx, community, item)
}

// award gives a lot to the highest bid that stands.
func award(ctx context.Context, tx *sqlx.Tx, community int, l AuctionLot, who string, at time.Time) (AuctionLot, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return l, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE sale.lot l SET state = CASE WHEN b.nth IS NULL THEN 'passed' ELSE 'hammered' END, won_by = b.nth,
		       award_id = CASE WHEN b.nth IS NOT NULL THEN $3::uuid END, hammered_by = $4, hammered_at = $5
		  FROM (SELECT 1) x LEFT JOIN LATERAL (
		       SELECT b.nth FROM sale.bid b JOIN sale.lot o ON o.community_id = b.community_id AND o.item_id = b.item_id
		        WHERE b.community_id = $1 AND b.item_id = $2 AND b.struck_at IS NULL AND b.amount >= coalesce(o.reserve, 0)
		        ORDER BY b.amount DESC LIMIT 1) b ON true
		 WHERE l.community_id = $1 AND l.item_id = $2`, community, l.Item, id, who, at)
	if err != nil {
		return l, err
	}
	return LotAt(ctx, tx, community, l.Item)
}

// PayLot takes the winner's money, once: a sale as any other, with a receipt of
// the series of sales. ErrState where nobody won it.
func PayLot(ctx context.Context, tx *sqlx.Tx, c ledger.Community, item uuid.UUID, t Taking) (_ receipt.Receipt, err error) {
	defer wrap(&err, "sale.PayLot(%d, %s)", c.ID, item)
	l, err := lockLot(ctx, tx, c.ID, item)
	if err != nil {
		return receipt.Receipt{}, err
	}
	if l.State != Hammered || l.Returned {
		return receipt.Receipt{}, ErrState
	}
	return t.sell(ctx, tx, c, l.PlaceID, *l.Award, Line{Item: l.Item, Name: l.NameZH, Quantity: 1, Price: *l.Highest})
}
