package sale

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Admission is a ticket (票): for one person, reserved or paid, with a seat of its
// own where the plan has numbered ones.
type Admission struct {
	PlaceID     int        `db:"place_id"`
	Number      int        `db:"number"` // within the place
	Item        uuid.UUID  `db:"item_id"`
	Token       string     `db:"token"` // whoever has it has the ticket
	Block       *int       `db:"block"` // nil: no seat of one's own
	Seat        *int       `db:"place"`
	Reservation *uuid.UUID `db:"reservation_id"`
	Sale        *uuid.UUID `db:"sale_id"` // nil: not paid
	MadeAt      time.Time  `db:"made_at"`
	VoidedAt    *time.Time `db:"voided_at"`
	AdmittedAt  *time.Time `db:"admitted_at"`
	AdmittedBy  string     `db:"admitted_by"`
	Name        string     `db:"name"` // of whoever reserved it; may be empty
	ItemZH      string     `db:"item_zh"`
	ItemEN      string     `db:"item_en"`
	Shape       Shape      `db:"shape"`   // of the plan; empty without one
	HeldOn      *time.Time `db:"held_on"` // nil: where its place has no day
	Starts      string     `db:"starts"`
}

// Paid tells whether it was sold, not reserved alone.
func (a Admission) Paid() bool { return a.Sale != nil }

// Good tells whether it lets somebody in.
func (a Admission) Good() bool { return a.Paid() && a.VoidedAt == nil }

// Code is what a person types in where no camera is: the number and four signs.
func (a Admission) Code() string { return fmt.Sprintf("%d-%s", a.Number, strings.ToUpper(a.Token[:4])) }

// ItemName is what it is a ticket to, in the reader's language.
func (a Admission) ItemName(lang string) string { return inLanguage(lang, a.ItemZH, a.ItemEN) }

const selectAdmission = `
	SELECT t.place_id, t.number, t.item_id, t.token, t.block, t.place, t.reservation_id, t.sale_id, t.made_at, t.voided_at, t.admitted_at, t.admitted_by,
	       coalesce(r.name, '') AS name, i.name_zh AS item_zh, i.name_en AS item_en, coalesce(p.shape, '') AS shape, coalesce(p.held_on, e.starts_on) AS held_on, coalesce(p.starts, '') AS starts
	  FROM sale.ticket t
	  JOIN sale.item i ON i.community_id = t.community_id AND i.id = t.item_id
	  JOIN sale.place e ON e.community_id = t.community_id AND e.id = t.place_id
	  LEFT JOIN sale.seat_plan p ON p.community_id = t.community_id AND p.item_id = t.item_id
	  LEFT JOIN sale.reservation r ON r.community_id = t.community_id AND r.id = t.reservation_id
	 WHERE t.community_id = $1`

// ListTickets reads the tickets of a place that are not void, in the order of
// their seats.
func ListTickets(ctx context.Context, q sqlx.QueryerContext, community, place int) (list []Admission, err error) {
	defer wrap(&err, "sale.ListTickets(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &list, selectAdmission+` AND t.place_id = $2 AND t.voided_at IS NULL ORDER BY i.code, t.block, t.place, t.number`, community, place)
	return list, err
}

// TicketsOfSale reads the tickets that a sale or a reservation (they have one id)
// brought, void ones too.
func TicketsOfSale(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (list []Admission, err error) {
	defer wrap(&err, "sale.TicketsOfSale(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &list, selectAdmission+` AND (t.sale_id = $2 OR t.reservation_id = $2) ORDER BY t.number`, community, id)
	return list, err
}

// TicketByToken reads the ticket of an address; ErrNotFound.
func TicketByToken(ctx context.Context, q sqlx.QueryerContext, community int, token string) (a Admission, err error) {
	defer wrap(&err, "sale.TicketByToken(%d)", community)
	err = sqlx.GetContext(ctx, q, &a, selectAdmission+` AND t.token = $2`, community, token)
	return a, err
}

// signs are those of tokens: none of them is misread.
const signs = "0123456789abcdefghjkmnpqrstvwxyz"

// newToken is of 130 random bits.
func newToken() string {
	b := make([]byte, 26)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program first
	for i := range b {
		b[i] = signs[b[i]&31]
	}
	return string(b)
}

// issueTickets makes the tickets of what a batch sold: those that were reserved
// under the sale's id, and new ones for the rest, side by side if it can be. Sold
// without network beyond the last seat, a ticket has none, and the desk sees it.
func (b *batch) issueTickets(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	for _, k := range b.booked {
		for n, l := range k.rung.Lines {
			if b.items[l.Item].Kind != Ticket {
				continue
			}
			claimed, err := tx.ExecContext(ctx, `
				UPDATE sale.ticket SET sale_id = $3, line = $4 WHERE community_id = $1 AND item_id = $2 AND reservation_id = $3 AND sale_id IS NULL AND voided_at IS NULL`,
				b.community, l.Item, k.rung.ID, n+1)
			if err != nil {
				return err
			}
			reserved, err := claimed.RowsAffected()
			if err != nil {
				return err
			}
			t := newTickets{place: k.till.PlaceID, item: l.Item, sale: &k.rung.ID, line: n + 1, n: l.Quantity - int(reserved), at: now}
			if err := t.write(ctx, tx, b.community); err != nil {
				return err
			}
		}
	}
	return nil
}

// newTickets are tickets about to be made.
type newTickets struct {
	place       int
	item        uuid.UUID
	reservation *uuid.UUID
	sale        *uuid.UUID
	line        int // 0: not sold
	seats       []Seat
	n           int
	at          time.Time
}

func (t newTickets) write(ctx context.Context, tx *sqlx.Tx, community int) error {
	if t.n <= 0 {
		return nil
	}
	first, err := takeNumbers(ctx, tx, community, t.place, t.n)
	if err != nil {
		return err
	}
	if t.seats == nil {
		if t.seats, err = freeSeats(ctx, tx, community, t.item, t.n); err != nil {
			return err
		}
	}
	tokens, blocks, places := make(pq.StringArray, t.n), make([]*int, t.n), make([]*int, t.n)
	for i := range t.n {
		if tokens[i] = newToken(); i < len(t.seats) {
			blocks[i], places[i] = &t.seats[i].Block, &t.seats[i].Place
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.ticket (community_id, place_id, number, item_id, token, block, place, reservation_id, sale_id, line, made_at)
		SELECT $1, $2, $3 + u.nth - 1, $4, u.token, u.block, u.place, $8, $9, nullif($10::int, 0), $11
		  FROM unnest($5::text[], $6::int[], $7::int[]) WITH ORDINALITY AS u (token, block, place, nth)`,
		community, t.place, first, t.item, tokens, pq.Array(blocks), pq.Array(places), t.reservation, t.sale, t.line, t.at)
	return err
}

// voidTickets takes back the tickets of lines that come back: those of nobody
// who is in, first. Their seats are free again.
func voidTickets(ctx context.Context, tx *sqlx.Tx, community int, sale uuid.UUID, back []backLine, at time.Time) error {
	for _, l := range back {
		_, err := tx.ExecContext(ctx, `
			UPDATE sale.ticket t SET voided_at = $5
			  FROM (SELECT number, place_id FROM sale.ticket WHERE community_id = $1 AND sale_id = $2 AND line = $3 AND voided_at IS NULL
			         ORDER BY admitted_at IS NOT NULL, number DESC LIMIT $4) v
			 WHERE t.community_id = $1 AND t.place_id = v.place_id AND t.number = v.number`, community, sale, l.Nth, l.Back, at)
		if err != nil {
			return err
		}
	}
	return nil
}

// Reseat moves a ticket to another seat, or gives one to a ticket that has none.
// ErrSeatTaken, ErrNotFound where there is no such seat or ticket.
func Reseat(ctx context.Context, tx *sqlx.Tx, community, place, number int, to Seat) (err error) {
	defer wrap(&err, "sale.Reseat(%d, %d, %d)", community, place, number)
	if err = holdSeats(ctx, tx, community, place); err != nil {
		return err
	}
	return one(tx.ExecContext(ctx, `
		UPDATE sale.ticket t SET block = $4, place = $5 WHERE community_id = $1 AND place_id = $2 AND number = $3 AND voided_at IS NULL
		   AND EXISTS (SELECT FROM sale.seat s WHERE s.community_id = $1 AND s.item_id = t.item_id AND s.block = $4 AND s.place = $5)`,
		community, place, number, to.Block, to.Place))
}

// Verdict is what the door says.
type Verdict string

// The door's answers.
const (
	Welcome   Verdict = "welcome"
	AlreadyIn Verdict = "already"
	NotPaid   Verdict = "unpaid"
	IsVoid    Verdict = "void"
	NoTicket  Verdict = "unknown"
)

var typedCode = regexp.MustCompile(`^([0-9]{1,6})[- ]?([0-9a-z]{4})$`)

// Admit lets in whoever has a ticket, once: by its token, the address in its
// code, or the code that is printed on it. Of two doors at once, one says
// Welcome, the other AlreadyIn.
func Admit(ctx context.Context, tx *sqlx.Tx, community, place int, scanned, who string, at time.Time) (a Admission, v Verdict, err error) {
	defer wrap(&err, "sale.Admit(%d, %d)", community, place)
	scanned = strings.ToLower(strings.TrimSpace(scanned))
	token, number, start := scanned[strings.LastIndexByte(scanned, '/')+1:], 0, ""
	if m := typedCode.FindStringSubmatch(scanned); m != nil {
		number, _ = strconv.Atoi(m[1])
		token, start = "", strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(m[2])
	}
	const which = ` AND t.place_id = $2 AND (t.token = $3 OR t.number = $4 AND left(t.token, 4) = $5)`
	var found []Admission
	if err = tx.SelectContext(ctx, &found, selectAdmission+which+` FOR UPDATE OF t`, community, place, token, number, start); err != nil {
		return a, NoTicket, err
	}
	if len(found) == 0 {
		return a, NoTicket, nil
	}
	switch a = found[0]; {
	case a.VoidedAt != nil:
		return a, IsVoid, nil
	case !a.Paid():
		return a, NotPaid, nil
	case a.AdmittedAt != nil:
		return a, AlreadyIn, nil
	}
	a.AdmittedAt, a.AdmittedBy = &at, who
	return a, Welcome, one(tx.ExecContext(ctx, `
		UPDATE sale.ticket SET admitted_at = $4, admitted_by = $5 WHERE community_id = $1 AND place_id = $2 AND number = $3 AND admitted_at IS NULL`,
		community, place, a.Number, at, who))
}

// Door counts a place's tickets.
type Door struct {
	Paid     int `db:"paid"`
	In       int `db:"admitted"`
	Reserved int `db:"reserved"`
	Seatless int `db:"seatless"` // sold beyond the last seat
}

// DoorOf counts who may come in, and who is.
func DoorOf(ctx context.Context, q sqlx.QueryerContext, community, place int) (d Door, err error) {
	defer wrap(&err, "sale.DoorOf(%d, %d)", community, place)
	err = sqlx.GetContext(ctx, q, &d, `
		SELECT count(*) FILTER (WHERE t.sale_id IS NOT NULL) AS paid, count(*) FILTER (WHERE t.admitted_at IS NOT NULL) AS admitted,
		       count(*) FILTER (WHERE t.sale_id IS NULL) AS reserved, count(*) FILTER (WHERE t.block IS NULL AND p.shape IN ('tables', 'rows')) AS seatless
		  FROM sale.ticket t LEFT JOIN sale.seat_plan p ON p.community_id = t.community_id AND p.item_id = t.item_id
		 WHERE t.community_id = $1 AND t.place_id = $2 AND t.voided_at IS NULL`, community, place)
	return d, err
}
