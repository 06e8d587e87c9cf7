package sale

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Shape is how guests sit.
type Shape string

// The shapes of a hall.
const (
	FreeSeating Shape = "free"   // where they like; counted
	Tables      Shape = "tables" // numbered tables with numbered places
	Rows        Shape = "rows"
)

// Shapes lists them in the order a form shows them.
var Shapes = []Shape{Tables, Rows, FreeSeating}

// SeatPlan is how the guests of an item of kind ticket sit.
type SeatPlan struct {
	Item   uuid.UUID  `db:"item_id"`
	Shape  Shape      `db:"shape"`
	Blocks int        `db:"blocks"`  // tables or rows; 1 for free seating
	Places int        `db:"places"`  // of each
	HeldOn *time.Time `db:"held_on"` // nil: the first day of its place
	Starts string     `db:"starts"`  // `19:00`; may be empty
}

// Numbered tells whether everybody has a seat of their own.
func (p SeatPlan) Numbered() bool { return p.Shape == Tables || p.Shape == Rows }

// SeatPlanOf reads an item's plan; ErrNotFound where nobody made one.
func SeatPlanOf(ctx context.Context, q sqlx.QueryerContext, community int, item uuid.UUID) (p SeatPlan, err error) {
	defer wrap(&err, "sale.SeatPlanOf(%d, %s)", community, item)
	err = sqlx.GetContext(ctx, q, &p, `SELECT item_id, shape, blocks, places, held_on, starts FROM sale.seat_plan WHERE community_id = $1 AND item_id = $2`, community, item)
	return p, err
}

// PlanSeats decides how the guests of a ticket sit; its stock is the number of
// seats from then on. ErrState once a ticket was sold or reserved, but for the
// day and the hour.
func PlanSeats(ctx context.Context, tx *sqlx.Tx, community int, p SeatPlan) (err error) {
	defer wrap(&err, "sale.PlanSeats(%d, %s)", community, p.Item)
	var i Item
	if err = tx.GetContext(ctx, &i, selectItem+` AND i.id = $2 FOR UPDATE OF i`, community, p.Item); err != nil {
		return err
	}
	if i.Kind != Ticket {
		return ErrState
	}
	if err = holdSeats(ctx, tx, community, i.PlaceID); err != nil {
		return err
	}
	if p.Shape == FreeSeating {
		p.Blocks = 1
	}
	before, err := SeatPlanOf(ctx, tx, community, p.Item)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if planned := err == nil; planned && before.Shape == p.Shape && before.Blocks == p.Blocks && before.Places == p.Places {
		_, err = tx.ExecContext(ctx, `UPDATE sale.seat_plan SET held_on = $3, starts = $4 WHERE community_id = $1 AND item_id = $2`, community, p.Item, p.HeldOn, p.Starts)
		return err
	}
	return layOut(ctx, tx, community, p)
}

// layOut puts the seats of a plan where nobody sits yet.
func layOut(ctx context.Context, tx *sqlx.Tx, community int, p SeatPlan) error {
	var taken bool
	err := tx.GetContext(ctx, &taken, `SELECT EXISTS (SELECT FROM sale.ticket WHERE community_id = $1 AND item_id = $2)`, community, p.Item)
	if err != nil {
		return err
	}
	if taken {
		return ErrState
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM sale.seat WHERE community_id = $1 AND item_id = $2`, community, p.Item); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.seat_plan (community_id, item_id, shape, blocks, places, held_on, starts) VALUES ($1, $2, $3, $4, $5, $6, $7)
		    ON CONFLICT (community_id, item_id) DO UPDATE SET shape = EXCLUDED.shape, blocks = EXCLUDED.blocks, places = EXCLUDED.places, held_on = EXCLUDED.held_on, starts = EXCLUDED.starts`,
		community, p.Item, p.Shape, p.Blocks, p.Places, p.HeldOn, p.Starts)
	if err != nil {
		return err
	}
	if p.Numbered() {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO sale.seat (community_id, item_id, block, place)
			SELECT $1, $2, b, n FROM generate_series(1, $3::int) b, generate_series(1, $4::int) n`, community, p.Item, p.Blocks, p.Places)
		if err != nil {
			return err
		}
	}
	return one(tx.ExecContext(ctx, `UPDATE sale.item SET stock = $3 WHERE community_id = $1 AND id = $2`, community, p.Item, p.Blocks*p.Places))
}

// Seat is a seat of a plan: the place at a table, or in a row.
type Seat struct {
	Block int `db:"block"`
	Place int `db:"place"`
}

// SeatState is a seat with whoever has it.
type SeatState struct {
	Seat
	Ticket *int `db:"number"` // its number; nil: free
	Paid   bool `db:"paid"`
	In     bool `db:"admitted"`
}

// ListSeats reads the seats of a ticket in their order.
func ListSeats(ctx context.Context, q sqlx.QueryerContext, community int, item uuid.UUID) (seats []SeatState, err error) {
	defer wrap(&err, "sale.ListSeats(%d, %s)", community, item)
	err = sqlx.SelectContext(ctx, q, &seats, `
		SELECT s.block, s.place, t.number, t.sale_id IS NOT NULL AS paid, t.admitted_at IS NOT NULL AS admitted
		  FROM sale.seat s
		  LEFT JOIN sale.ticket t ON t.community_id = s.community_id AND t.item_id = s.item_id AND t.block = s.block AND t.place = s.place AND t.voided_at IS NULL
		 WHERE s.community_id = $1 AND s.item_id = $2 ORDER BY s.block, s.place`, community, item)
	return seats, err
}

// holdSeats keeps everybody else from giving out seats of a place until the
// transaction ends.
func holdSeats(ctx context.Context, tx *sqlx.Tx, community, place int) error {
	_, err := takeNumbers(ctx, tx, community, place, 0)
	return err
}

// takeNumbers takes so many ticket numbers of a place and gives the first.
func takeNumbers(ctx context.Context, tx *sqlx.Tx, community, place, n int) (first int, err error) {
	err = tx.GetContext(ctx, &first, `
		INSERT INTO sale.ticket_counter AS c (community_id, place_id, last) VALUES ($1, $2, $3)
		    ON CONFLICT (community_id, place_id) DO UPDATE SET last = c.last + $3 RETURNING c.last - $3 + 1`, community, place, n)
	return first, err
}

// freeSeats finds so many free seats, together at one table or in one row if it
// can be; fewer where there are not that many.
func freeSeats(ctx context.Context, tx *sqlx.Tx, community int, item uuid.UUID, n int) (seats []Seat, err error) {
	err = tx.SelectContext(ctx, &seats, `
		SELECT block, place FROM (
		       SELECT s.block, s.place, count(*) OVER (PARTITION BY s.block) AS room FROM sale.seat s
		        WHERE s.community_id = $1 AND s.item_id = $2 AND NOT EXISTS (
		              SELECT FROM sale.ticket t WHERE t.community_id = s.community_id AND t.item_id = s.item_id AND t.block = s.block AND t.place = s.place AND t.voided_at IS NULL)) f
		 ORDER BY room >= $3 DESC, CASE WHEN room >= $3 THEN 0 ELSE -room END, block, place LIMIT $3`, community, item, n)
	return seats, err
}

// lapse gives the seats of reservations back that nobody paid by their day.
func lapse(ctx context.Context, tx *sqlx.Tx, community, place int, today, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE sale.ticket t SET voided_at = $4 FROM sale.reservation r
		 WHERE r.community_id = t.community_id AND r.id = t.reservation_id AND t.community_id = $1 AND t.place_id = $2
		   AND t.sale_id IS NULL AND t.voided_at IS NULL AND r.hold_until < $3`, community, place, iso(today), now)
	return err
}
