package sale

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/ledger"
)

// ShiftState is how a shift stands.
type ShiftState string

// A shift is planned, and then worked or missed.
const (
	Planned ShiftState = "planned"
	Worked  ShiftState = "worked"
	Missed  ShiftState = "missed"
)

// Shift is somebody who keeps a place open for some hours.
type Shift struct {
	ID        uuid.UUID  `db:"id"`
	PlaceID   int        `db:"place_id"`
	PersonID  int        `db:"person_id"` // of mutualaid
	Name      string     `db:"name"`      // of the person, for the staff
	Day       time.Time  `db:"day"`
	Starts    string     `db:"starts"`  // `09:00`
	Minutes   int        `db:"minutes"` // whole quarters of an hour
	State     ShiftState `db:"state"`
	EnteredBy string     `db:"entered_by"`
	EnteredAt time.Time  `db:"entered_at"`
}

// PlanShift puts somebody on a place's roster. The same ID again changes nothing.
func PlanShift(ctx context.Context, tx *sqlx.Tx, community int, s Shift) (err error) {
	defer wrap(&err, "sale.PlanShift(%d, %d)", community, s.PlaceID)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.shift (community_id, id, place_id, person_id, day, starts, minutes, entered_by, entered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (community_id, id) DO NOTHING`,
		community, s.ID, s.PlaceID, s.PersonID, iso(s.Day), s.Starts, s.Minutes, s.EnteredBy, s.EnteredAt)
	return err
}

// EndShift writes down that a planned shift was worked, for as long as it took:
// its hours go to the volunteer in the ledger of hours, from the community. Or,
// with no minutes, that it was missed. ErrState where it is not planned.
func EndShift(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, minutes int, who string, at time.Time) (err error) {
	defer wrap(&err, "sale.EndShift(%d, %s)", c.ID, id)
	var s struct {
		Shift
		Place string `db:"place"`
	}
	err = tx.GetContext(ctx, &s, `
		SELECT s.id, s.place_id, s.person_id, s.day, s.state, p.name_zh AS place
		  FROM sale.shift s JOIN sale.place p ON p.community_id = s.community_id AND p.id = s.place_id
		 WHERE s.community_id = $1 AND s.id = $2 FOR UPDATE OF s`, c.ID, id)
	if err != nil {
		return err
	}
	if s.State != Planned {
		return ErrState
	}
	state, number := Missed, (*int)(nil)
	if minutes > 0 {
		posted, err := mutualaid.PostHours(ctx, tx, c, mutualaid.HourEntry{
			Day: s.Day, Kind: mutualaid.Shift, Category: mutualaid.Various, Source: "place_shift:" + id.String(), Memo: s.Place, PostedBy: who,
			Postings: []mutualaid.HourPosting{{Person: mutualaid.Community, Minutes: minutes}, {Person: s.PersonID, Minutes: -minutes}},
		}, at)
		if err != nil {
			return err
		}
		state, number = Worked, &posted
	}
	_, err = tx.ExecContext(ctx, `UPDATE sale.shift SET state = $3, hours_number = $4 WHERE community_id = $1 AND id = $2`, c.ID, id, state, number)
	return err
}

// ListShifts reads a place's roster of the days from..to, in order.
func ListShifts(ctx context.Context, q sqlx.QueryerContext, community, place int, from, to time.Time) (all []Shift, err error) {
	defer wrap(&err, "sale.ListShifts(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT s.id, s.place_id, s.person_id, n.name, s.day, s.starts, s.minutes, s.state, s.entered_by, s.entered_at
		  FROM sale.shift s JOIN mutualaid.person n ON n.community_id = s.community_id AND n.id = s.person_id
		 WHERE s.community_id = $1 AND s.place_id = $2 AND s.day BETWEEN $3 AND $4 ORDER BY s.day, s.starts, s.id`, community, place, iso(from), iso(to))
	return all, err
}
