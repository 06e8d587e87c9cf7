package sale_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
)

// dinner is a ticket of ¥88 to three tables of two.
func (h *house) dinner(t testing.TB) sale.Item {
	t.Helper()
	price := yuan("88")
	i := h.item(t, sale.Item{Code: "T1", NameZH: "晚宴", NameEN: "Dinner", Kind: sale.Ticket, Price: &price})
	h.Do(t, func(tx *sqlx.Tx) error {
		return sale.PlanSeats(t.Context(), tx, h.ID, sale.SeatPlan{Item: i.ID, Shape: sale.Tables, Blocks: 3, Places: 2, Starts: "18:30"})
	})
	return i
}

func (h *house) reserve(i sale.Item, n int, seats ...sale.Seat) (r sale.Reservation, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		r, err = sale.Reserve(context.Background(), tx, h.Community, sale.Reservation{ID: uuid.Must(uuid.NewV7()), Item: i.ID, Name: "周大姐", ReservedAt: morning}, seats, n)
		return err
	})
	return r, err
}

func (h *house) tickets(t testing.TB, id uuid.UUID) []sale.Admission {
	t.Helper()
	list, err := sale.TicketsOfSale(t.Context(), h.App, h.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (h *house) admit(code, who string) (a sale.Admission, v sale.Verdict, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		a, v, err = sale.Admit(context.Background(), tx, h.ID, h.Fair.ID, code, who, morning.Add(9*time.Hour))
		return err
	})
	return a, v, err
}

func (h *house) wantAnswer(t testing.TB, code string, want sale.Verdict) (a sale.Admission) {
	t.Helper()
	a, got, err := h.admit(code, cashier)
	if err != nil || got != want {
		t.Errorf("the door says %s to %q, want %s: %v", got, code, want, err)
	}
	return a
}

func TestASeatIsReservedPaidAndLetIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	dinner := h.dinner(t)
	r, err := h.reserve(dinner, 0, sale.Seat{Block: 2, Place: 1}, sale.Seat{Block: 2, Place: 2})
	if err != nil {
		t.Fatal(err)
	}
	tickets := h.tickets(t, r.ID)
	if len(tickets) != 2 || *tickets[0].Block != 2 || tickets[0].Paid() || r.HoldUntil.Format(time.DateOnly) != "2026-05-20" {
		t.Fatalf("%+v until %s", tickets, r.HoldUntil)
	}
	h.wantAnswer(t, tickets[0].Token, sale.NotPaid)
	if _, err := h.reserve(dinner, 0, sale.Seat{Block: 2, Place: 2}); !errors.Is(err, sale.ErrSeatTaken) {
		t.Errorf("a seat twice: %v", err)
	}
	if _, err := h.reserve(dinner, 5); !errors.Is(err, sale.ErrSoldOut) {
		t.Errorf("five of four: %v", err)
	}
	pay := func() (serial string) {
		h.Do(t, func(tx *sqlx.Tx) error {
			issued, err := sale.PayReservation(t.Context(), tx, h.Community, r.ID, sale.Taking{Session: &h.Session.ID, Way: sale.Cash, Who: cashier, At: morning.Add(time.Hour)})
			serial = issued.Serial()
			return err
		})
		return serial
	}
	if first, again := pay(), pay(); first != again {
		t.Errorf("paid twice: %s and %s", first, again)
	}
	tickets = h.tickets(t, r.ID)
	if !tickets[0].Good() || !tickets[1].Good() || len(tickets) != 2 {
		t.Fatalf("%+v", tickets)
	}
	a := h.wantAnswer(t, "https://example.org/c/angong/tickets/"+tickets[0].Token, sale.Welcome)
	if a.Name != "周大姐" || *a.Block != 2 || a.AdmittedBy != cashier {
		t.Errorf("%+v", a)
	}
	h.wantAnswer(t, tickets[0].Token, sale.AlreadyIn)
	h.wantAnswer(t, strings.ToLower(tickets[1].Code()), sale.Welcome)
	h.wantAnswer(t, "99-ABCD", sale.NoTicket)
	h.wantAnswer(t, "", sale.NoTicket)
	if d, err := sale.DoorOf(t.Context(), h.App, h.ID, h.Fair.ID); err != nil || d != (sale.Door{Paid: 2, In: 2}) {
		t.Errorf("%+v, %v", d, err)
	}
	h.sound(t)
}

func TestTicketsOfATillSitTogetherAndComeBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	dinner := h.dinner(t)
	if _, err := h.reserve(dinner, 1); err != nil { // table 1, place 1
		t.Fatal(err)
	}
	two := rung([]sale.Line{line(dinner, 2)}, pay(sale.WeChat, "176"))
	h.sell(t, h.Session.ID, two)
	if got := h.tickets(t, two.ID); len(got) != 2 || *got[0].Block != *got[1].Block || *got[0].Block == 1 {
		t.Fatalf("%+v", got)
	}
	many := rung([]sale.Line{line(dinner, 4)}, pay(sale.WeChat, "352"))
	h.sell(t, h.Session.ID, many) // three are left, and a till without network did not know
	d, err := sale.DoorOf(t.Context(), h.App, h.ID, h.Fair.ID)
	if err != nil || d.Seatless != 1 || d.Paid != 6 {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := h.giveBack(sale.Refund{Sale: two.ID, Session: &h.Session.ID, ApprovedBy: lead}, sale.Returned{Line: 1, Quantity: 1}); err != nil {
		t.Fatal(err)
	}
	back := h.tickets(t, two.ID)
	if back[0].VoidedAt != nil || back[1].VoidedAt == nil {
		t.Fatalf("%+v", back)
	}
	h.wantAnswer(t, back[1].Token, sale.IsVoid)
	var seatless sale.Admission
	for _, a := range h.tickets(t, many.ID) {
		if a.Block == nil {
			seatless = a
		}
	}
	free := sale.Seat{Block: *back[1].Block, Place: *back[1].Seat}
	h.Do(t, func(tx *sqlx.Tx) error {
		return sale.Reseat(t.Context(), tx, h.ID, h.Fair.ID, seatless.Number, free)
	})
	err = h.Try(func(tx *sqlx.Tx) error {
		return sale.Reseat(t.Context(), tx, h.ID, h.Fair.ID, back[0].Number, free)
	})
	wantErr(t, "a seat that is taken", err, sale.ErrSeatTaken)
	h.sound(t)
}

func TestAReservationLapsesOrIsCancelled(t *testing.T) {
	t.Parallel()
	h := open(t)
	dinner := h.dinner(t)
	r, err := h.reserve(dinner, 6)
	if err != nil {
		t.Fatal(err)
	}
	if i, err := sale.ItemAt(t.Context(), h.App, h.ID, dinner.ID); err != nil || i.Held != 6 || i.Oversold() {
		t.Errorf("%+v, %v", i, err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		late := sale.Reservation{ID: uuid.Must(uuid.NewV7()), Item: dinner.ID, ReservedAt: morning.AddDate(0, 0, 1)}
		late, err := sale.Reserve(t.Context(), tx, h.Community, late, nil, 2)
		if err != nil {
			return err
		}
		return sale.Cancel(t.Context(), tx, h.ID, late.ID, morning.AddDate(0, 0, 1))
	})
	err = h.Try(func(tx *sqlx.Tx) error {
		_, err := sale.PayReservation(t.Context(), tx, h.Community, r.ID, sale.Taking{Way: sale.Cash, Who: cashier, At: morning.AddDate(0, 0, 1)})
		return err
	})
	wantErr(t, "a reservation that lapsed", err, sale.ErrState)
	err = h.Try(func(tx *sqlx.Tx) error { return sale.Cancel(t.Context(), tx, h.ID, r.ID, morning) })
	wantErr(t, "a cancellation after that", err, sale.ErrState)
	err = h.Try(func(tx *sqlx.Tx) error {
		return sale.PlanSeats(t.Context(), tx, h.ID, sale.SeatPlan{Item: dinner.ID, Shape: sale.Rows, Blocks: 5, Places: 9})
	})
	wantErr(t, "another plan", err, sale.ErrState)
}

// Of many people at once one gets a seat, and of many doors one lets in.
func TestOneSeatAndOneDoorAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	dinner := h.dinner(t)
	var got, refused, welcome, already int
	var lock sync.Mutex
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, err := h.reserve(dinner, 0, sale.Seat{Block: 1, Place: 1})
			lock.Lock()
			defer lock.Unlock()
			switch {
			case err == nil:
				got++
			case errors.Is(err, sale.ErrSeatTaken):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got != 1 || refused != 5 {
		t.Errorf("%d have the seat, %d were refused", got, refused)
	}
	sold := rung([]sale.Line{line(dinner, 1)}, pay(sale.Alipay, "88"))
	h.sell(t, h.Session.ID, sold)
	token := h.tickets(t, sold.ID)[0].Token
	for range 6 {
		all.Go(func() {
			_, v, err := h.admit(token, cashier)
			lock.Lock()
			defer lock.Unlock()
			if v == sale.Welcome {
				welcome++
			} else if v == sale.AlreadyIn {
				already++
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if welcome != 1 || already != 5 {
		t.Errorf("%d let in, %d were in already", welcome, already)
	}
	// The database refuses it even to whoever asks it past the verbs.
	err := h.Try(func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`INSERT INTO sale.ticket (community_id, place_id, number, item_id, token, block, place, reservation_id, made_at)
			SELECT community_id, place_id, 900, item_id, repeat('a', 26), block, place, reservation_id, made_at FROM sale.ticket WHERE block = 1 AND place = 1`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "ticket_seat_once") {
		t.Errorf("a seat twice, in raw SQL: %v", err)
	}
	err = h.Try(func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`UPDATE sale.ticket SET admitted_at = now() WHERE token = $1`, token)
		return err
	})
	wantErr(t, "in twice, in raw SQL", ledger.Explain(err), ledger.ErrImmutable)
}
