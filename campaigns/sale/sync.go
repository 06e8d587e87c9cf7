package sale

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// Delivery is what a till hands in at once.
type Delivery struct {
	Session uuid.UUID
	Cashier string // user:12
	Sales   []Rung
	Voids   []Void
	At      time.Time // now, by the server's clock
}

// DeliveryMax is how many sales one delivery has at most.
const DeliveryMax = 100

// Void is what a till rang up and took back before anybody paid. It was never
// money, and is counted in the Z report.
type Void struct {
	ID     uuid.UUID
	Slip   string
	Amount money.Amount
	At     time.Time
}

// Delivered is what became of a delivery.
type Delivered struct {
	Sales []Synced // in the delivery's order
	Voids int      // how many of the delivery's voids are kept
	Tips  []int    // the campaigns whose figures moved
}

// Synced is what became of one sale: its receipt, or why it is refused.
type Synced struct {
	ID      uuid.UUID
	Receipt receipt.Receipt
	Again   bool    // it was booked before
	Refused Refusal // empty: it is booked
}

// Committer books deliveries in batches.
type Committer = ledger.Committer[Delivery, Delivered]

// Deliver hands a delivery to the committer. Where the database refuses it as a
// whole for one of its sales, the others are booked all the same.
func Deliver(ctx context.Context, by *Committer, community int, d Delivery) (Delivered, error) {
	out, err := by.Do(ctx, community, d)
	if err == nil || errors.Is(err, ledger.ErrShuttingDown) || ctx.Err() != nil || len(d.Sales) == 0 {
		return out, err
	}
	out = Delivered{}
	for _, r := range d.Sales {
		one, err := by.Do(ctx, community, Delivery{Session: d.Session, Cashier: d.Cashier, Sales: []Rung{r}, At: d.At})
		switch {
		case err == nil:
			out.Sales, out.Tips = append(out.Sales, one.Sales...), append(out.Tips, one.Tips...)
		case errors.Is(err, SessionClosed):
			out.Sales = append(out.Sales, Synced{ID: r.ID, Refused: SessionClosed})
		default:
			out.Sales = append(out.Sales, Synced{ID: r.ID, Refused: Failed})
		}
	}
	one, err := by.Do(ctx, community, Delivery{Session: d.Session, Cashier: d.Cashier, Voids: d.Voids, At: d.At})
	if err == nil {
		out.Voids = one.Voids
	}
	return out, nil
}

// Sync books deliveries of tills: it is the verb behind every till and runs in
// the committer's batches. For each sale, in one database transaction, its tip
// becomes a donation, its journal entry is posted with its log leaf, its receipt
// is issued, and its lines and payments are kept.
//
// Sales answer for themselves: one that was booked before gives its receipt
// again, one that does not add up or whose session is closed is refused, and its
// neighbours are booked.
func Sync(ctx context.Context, tx *sqlx.Tx, community int, deliveries []Delivery) (outcomes []ledger.Outcome[Delivered], err error) {
	defer wrap(&err, "sale.Sync(%d)", community)
	b := batch{community: community, first: map[uuid.UUID]*booking{}}
	if b.tills, err = holdTills(ctx, tx, community, deliveries); err != nil {
		return nil, err
	}
	if b.known, err = receiptsOf(ctx, tx, community, deliveries); err != nil {
		return nil, err
	}
	if b.items, err = itemsOf(ctx, tx, community, deliveries); err != nil {
		return nil, err
	}
	outcomes = make([]ledger.Outcome[Delivered], len(deliveries))
	for i, d := range deliveries {
		outcomes[i].Value.Sales = make([]Synced, len(d.Sales))
		for n, r := range d.Sales {
			b.take(d, r, &outcomes[i].Value.Sales[n])
		}
	}
	if err := b.book(ctx, tx); err != nil {
		return nil, err
	}
	b.answer(deliveries, outcomes)
	return outcomes, keepVoids(ctx, tx, community, deliveries, b.tills, outcomes)
}

// till is a session as Sync holds it, with its place.
type till struct {
	ID       uuid.UUID     `db:"id"`
	OpenedAt time.Time     `db:"opened_at"`
	Closed   bool          `db:"closed"`
	PlaceID  int           `db:"place_id"`
	Place    string        `db:"place"`
	FundID   int           `db:"fund_id"`
	Tips     sql.NullInt64 `db:"campaign_id"`
	Income   *int          `db:"income_account"`
}

// holdTills reads the sessions that are named; none of them is closed before the
// transaction ends.
func holdTills(ctx context.Context, tx *sqlx.Tx, community int, deliveries []Delivery) (map[uuid.UUID]*till, error) {
	ids := make(pq.StringArray, len(deliveries))
	for i, d := range deliveries {
		ids[i] = d.Session.String()
	}
	var rows []*till
	err := tx.SelectContext(ctx, &rows, `
		SELECT s.id, s.opened_at, s.closed_at IS NOT NULL AS closed, s.place_id, p.name_zh AS place, p.fund_id, p.campaign_id, p.income_account
		  FROM sale.session s JOIN sale.place p ON p.community_id = s.community_id AND p.id = s.place_id
		 WHERE s.community_id = $1 AND s.id = ANY ($2::uuid[]) ORDER BY s.id FOR SHARE OF s`, community, ids)
	found := make(map[uuid.UUID]*till, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// receiptsOf reads the receipts of sales that were booked before.
func receiptsOf(ctx context.Context, tx *sqlx.Tx, community int, deliveries []Delivery) (map[uuid.UUID]receipt.Receipt, error) {
	var ids []uuid.UUID
	for _, d := range deliveries {
		for _, r := range d.Sales {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	issued, err := receipt.OfAll(ctx, tx, community, ids)
	known := make(map[uuid.UUID]receipt.Receipt, len(issued))
	for _, r := range issued {
		if r.Series == receipt.Sale {
			known[r.Subject] = r
		}
	}
	return known, err
}

// sold is an item as Sync needs it.
type sold struct {
	ID      uuid.UUID `db:"id"`
	PlaceID int       `db:"place_id"`
	Kind    ItemKind  `db:"kind"`
	Account *int      `db:"account_id"`

	Lot   bool       `db:"lot"`   // put up for auction, and not passed
	Award *uuid.UUID `db:"award"` // the one sale that pays the lot; nil: bids are still taken
}

func itemsOf(ctx context.Context, tx *sqlx.Tx, community int, deliveries []Delivery) (map[uuid.UUID]sold, error) {
	wanted := map[uuid.UUID]bool{}
	var ids pq.StringArray
	for _, d := range deliveries {
		for _, r := range d.Sales {
			for _, l := range r.Lines {
				if l.Item != uuid.Nil && !wanted[l.Item] {
					wanted[l.Item], ids = true, append(ids, l.Item.String())
				}
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []sold
	err := tx.SelectContext(ctx, &rows, `
		SELECT i.id, i.place_id, i.kind, i.account_id, l.item_id IS NOT NULL AS lot, l.award_id AS award
		  FROM sale.item i LEFT JOIN sale.lot l ON l.community_id = i.community_id AND l.item_id = i.id AND l.state <> 'passed'
		 WHERE i.community_id = $1 AND i.id = ANY ($2::uuid[])`, community, ids)
	found := make(map[uuid.UUID]sold, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// keepVoids writes down what was voided; the same id again is the same void.
// Nothing is added to a session that was counted.
func keepVoids(ctx context.Context, tx *sqlx.Tx, community int, deliveries []Delivery, tills map[uuid.UUID]*till, outcomes []ledger.Outcome[Delivered]) error {
	var ids, sessions, slips, amounts, whos, times pq.StringArray
	for i, d := range deliveries {
		t := tills[d.Session]
		if t == nil || t.Closed {
			continue
		}
		for _, v := range d.Voids {
			if v.Amount.Sign() < 0 || PriceMax.Times(QuantityMax).Less(v.Amount) || len([]rune(v.Slip)) > SlipMax || !writable(v.Slip) {
				continue
			}
			outcomes[i].Value.Voids++
			ids, sessions, slips = append(ids, v.ID.String()), append(sessions, d.Session.String()), append(slips, v.Slip)
			amounts, whos = append(amounts, v.Amount.String()), append(whos, d.Cashier)
			times = append(times, within(v.At, t.OpenedAt, d.At).UTC().Format(time.RFC3339Nano))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sale.void (community_id, id, session_id, slip, amount, voided_by, voided_at)
		SELECT $1, u.id, u.session, u.slip, u.amount, u.who, u.at
		  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::numeric[], $6::text[], $7::timestamptz[]) AS u (id, session, slip, amount, who, at)
		    ON CONFLICT (community_id, id) DO NOTHING`, community, ids, sessions, slips, amounts, whos, times)
	return err
}

// within puts a till's clock right: nothing was sold before the session or after now.
func within(at, from, until time.Time) time.Time {
	switch {
	case at.Before(from):
		return from
	case at.After(until):
		return until
	}
	return at
}

// campaignTips turns what the batch has of tips into gifts.
func (b *batch) campaignTips() (tips []campaigns.Tip) {
	for _, k := range b.booked {
		if k.rung.Tip.IsZero() {
			continue
		}
		n, _ := k.rung.tipBy()
		tips = append(tips, campaigns.Tip{
			ID: k.rung.tipID(), Campaign: int(k.till.Tips.Int64), Amount: k.rung.Tip, Method: string(k.rung.Payments[n].Way), Name: k.rung.TipName,
			Who: k.cashier, At: k.at,
		})
	}
	return tips
}
