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

// Reservation holds tickets for somebody until a day; its id is that of the sale
// that pays for them.
type Reservation struct {
	ID          uuid.UUID    `db:"id"`
	PlaceID     int          `db:"place_id"`
	Item        uuid.UUID    `db:"item_id"`
	Token       string       `db:"token"` // in the address of its page
	Name        string       `db:"name"`  // as it was given, if it was
	Phone       string       `db:"phone"`
	HoldUntil   time.Time    `db:"hold_until"`
	ReservedBy  string       `db:"reserved_by"` // empty: a resident
	ReservedAt  time.Time    `db:"reserved_at"`
	CancelledAt *time.Time   `db:"cancelled_at"`
	Tickets     int          `db:"tickets"` // that are not void
	Paid        bool         `db:"paid"`
	Price       money.Amount `db:"price"` // of one
}

// Sum is what is to be paid for it.
func (r Reservation) Sum() money.Amount { return r.Price.Times(int64(r.Tickets)) }

// Waiting tells whether it holds tickets that are to be paid.
func (r Reservation) Waiting() bool { return !r.Paid && r.Tickets > 0 }

// ReserveMax is how many tickets one reservation has at most, and holdDays for
// how long they are kept: not beyond the event's first day.
const (
	ReserveMax = 10
	holdDays   = 3
)

// Reserve keeps tickets for somebody: the seats named, or any n of them. The
// same ID again gives what it gave before. ErrSeatTaken, ErrSoldOut, ErrState
// where the place does not sell or the ticket has no price.
func Reserve(ctx context.Context, tx *sqlx.Tx, c ledger.Community, r Reservation, seats []Seat, n int) (_ Reservation, err error) {
	defer wrap(&err, "sale.Reserve(%d, %s)", c.ID, r.Item)
	i, err := ItemAt(ctx, tx, c.ID, r.Item)
	if err != nil {
		return r, err
	}
	place, err := PlaceAt(ctx, tx, c.ID, i.PlaceID)
	if err != nil {
		return r, err
	}
	if err = holdSeats(ctx, tx, c.ID, place.ID); err != nil {
		return r, err
	}
	if again, err := ReservationAt(ctx, tx, c.ID, r.ID); err == nil {
		return again, nil
	}
	if len(seats) > 0 {
		n = len(seats)
	}
	if place.State != Opened || i.Kind != Ticket || i.Price == nil || i.ArchivedAt != nil || n < 1 {
		return r, ErrState
	}
	today := c.Day(r.ReservedAt)
	if err = lapse(ctx, tx, c.ID, place.ID, today, r.ReservedAt); err != nil {
		return r, err
	}
	if i, err = ItemAt(ctx, tx, c.ID, r.Item); err != nil {
		return r, err
	}
	if left, counted := i.Left(); counted && left < n {
		return r, ErrSoldOut
	}
	r.PlaceID, r.Token, r.Tickets, r.Price = place.ID, newToken(), n, *i.Price
	if r.HoldUntil, err = holdsUntil(ctx, tx, c.ID, place, i.ID, today); err != nil {
		return r, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.reservation (community_id, id, place_id, item_id, token, name, phone, hold_until, reserved_by, reserved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, r.ID, r.PlaceID, r.Item, r.Token, r.Name, r.Phone, iso(r.HoldUntil), r.ReservedBy, r.ReservedAt)
	if err != nil {
		return r, err
	}
	return r, newTickets{place: place.ID, item: r.Item, reservation: &r.ID, seats: seats, n: n, at: r.ReservedAt}.write(ctx, tx, c.ID)
}

// holdsUntil is the day until which a reservation of today is kept.
func holdsUntil(ctx context.Context, tx *sqlx.Tx, community int, place Place, item uuid.UUID, today time.Time) (time.Time, error) {
	plan, err := SeatPlanOf(ctx, tx, community, item)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return today, err
	}
	held, until := place.StartsOn, today.AddDate(0, 0, holdDays)
	if plan.HeldOn != nil {
		held = plan.HeldOn
	}
	if held != nil && held.Before(until) {
		until = *held
	}
	if until.Before(today) {
		until = today
	}
	return until, nil
}

const selectReservation = `
	SELECT r.id, r.place_id, r.item_id, r.token, r.name, r.phone, r.hold_until, r.reserved_by, r.reserved_at, r.cancelled_at,
	       coalesce(t.tickets, 0) AS tickets, coalesce(t.paid, false) AS paid, coalesce(i.price, 0.00) AS price
	  FROM sale.reservation r
	  JOIN sale.item i ON i.community_id = r.community_id AND i.id = r.item_id
	  LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE t.voided_at IS NULL) AS tickets, bool_or(t.sale_id IS NOT NULL) AS paid
	                       FROM sale.ticket t WHERE t.community_id = r.community_id AND t.reservation_id = r.id) t ON true
	 WHERE r.community_id = $1`

// ReservationAt reads a reservation; ErrNotFound.
func ReservationAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (r Reservation, err error) {
	defer wrap(&err, "sale.ReservationAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &r, selectReservation+` AND r.id = $2`, community, id)
	return r, err
}

// ReservationByToken reads the reservation of an address; ErrNotFound.
func ReservationByToken(ctx context.Context, q sqlx.QueryerContext, community int, token string) (r Reservation, err error) {
	defer wrap(&err, "sale.ReservationByToken(%d)", community)
	err = sqlx.GetContext(ctx, q, &r, selectReservation+` AND r.token = $2`, community, token)
	return r, err
}

// ListReservations reads the reservations of a place that still hold tickets,
// those to be paid first.
func ListReservations(ctx context.Context, q sqlx.QueryerContext, community, place int) (list []Reservation, err error) {
	defer wrap(&err, "sale.ListReservations(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &list, selectReservation+` AND r.place_id = $2 AND t.tickets > 0 ORDER BY t.paid, r.hold_until, r.reserved_at`, community, place)
	return list, err
}

// Cancel gives the seats of a reservation back. ErrState once it is paid: then
// its sale is refunded.
func Cancel(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "sale.Cancel(%d, %s)", community, id)
	r, err := ReservationAt(ctx, tx, community, id)
	if err != nil {
		return err
	}
	if err = holdSeats(ctx, tx, community, r.PlaceID); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		UPDATE sale.ticket SET voided_at = $3 WHERE community_id = $1 AND reservation_id = $2 AND sale_id IS NULL AND voided_at IS NULL`, community, id, at)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return ErrState
	}
	return one(tx.ExecContext(ctx, `UPDATE sale.reservation SET cancelled_at = $3 WHERE community_id = $1 AND id = $2`, community, id, at))
}

// Taking is how staff take money for what was reserved or won: into the drawer
// of an open session, or without one, as what is sold on paper.
type Taking struct {
	Session *uuid.UUID
	Way     Way
	Who     string
	At      time.Time
}

// PayReservation sells the tickets that are reserved, once. ErrState where the
// reservation has lapsed or was cancelled.
func PayReservation(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, t Taking) (_ receipt.Receipt, err error) {
	defer wrap(&err, "sale.PayReservation(%d, %s)", c.ID, id)
	if _, err = tx.ExecContext(ctx, `SELECT FROM sale.reservation WHERE community_id = $1 AND id = $2 FOR UPDATE`, c.ID, id); err != nil {
		return receipt.Receipt{}, err
	}
	r, err := ReservationAt(ctx, tx, c.ID, id)
	if err != nil {
		return receipt.Receipt{}, err
	}
	if !r.Paid && r.Tickets == 0 {
		return receipt.Receipt{}, ErrState
	}
	i, err := ItemAt(ctx, tx, c.ID, r.Item)
	if err != nil {
		return receipt.Receipt{}, err
	}
	return t.sell(ctx, tx, c, r.PlaceID, id, Line{Item: i.ID, Name: i.NameZH, Quantity: r.Tickets, Price: r.Price})
}

// sell books one line under an id that is sold once, and gives its receipt.
func (t Taking) sell(ctx context.Context, tx *sqlx.Tx, c ledger.Community, place int, id uuid.UUID, l Line) (issued receipt.Receipt, err error) {
	if issued, err = receipt.Of(ctx, tx, c.ID, id); err == nil {
		return issued, nil // it was paid before
	}
	r := Rung{ID: id, At: t.At, Lines: []Line{l}, Payments: []Payment{{Way: t.Way, Amount: l.Sum()}}}
	if t.Session != nil {
		out, err := ledger.Solo(ctx, tx, c.ID, Delivery{Session: *t.Session, Cashier: t.Who, Sales: []Rung{r}, At: t.At}, Sync)
		if err != nil {
			return issued, err
		}
		if why := out.Sales[0].Refused; why != "" {
			return issued, why
		}
		return out.Sales[0].Receipt, nil
	}
	p, err := PlaceAt(ctx, tx, c.ID, place)
	if err != nil {
		return issued, err
	}
	if _, err = EnterPaper(ctx, tx, c, p, []Rung{r}, t.Who, t.At); err != nil {
		return issued, err
	}
	return receipt.Of(ctx, tx, c.ID, id)
}

// EraseGuests takes away the names and telephones of a place's guests and
// bidders, once it has ended. ErrState before.
func EraseGuests(ctx context.Context, tx *sqlx.Tx, community, place int, at time.Time) (err error) {
	defer wrap(&err, "sale.EraseGuests(%d, %d)", community, place)
	p, err := PlaceAt(ctx, tx, community, place)
	if err != nil {
		return err
	}
	if p.State != Closed {
		return ErrState
	}
	for _, statement := range []string{
		`UPDATE sale.reservation SET name = '', phone = '', erased_at = $3 WHERE community_id = $1 AND place_id = $2 AND erased_at IS NULL`,
		`UPDATE sale.bidder SET name = '', phone = '', erased_at = $3 WHERE community_id = $1 AND place_id = $2 AND erased_at IS NULL`,
	} {
		if _, err = tx.ExecContext(ctx, statement, community, place, at); err != nil {
			return err
		}
	}
	return nil
}
