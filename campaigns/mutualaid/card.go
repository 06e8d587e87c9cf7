package mutualaid

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Kind says which way help goes.
type Kind string

// A Card is an offer of help, or a need of it.
const (
	Offer Kind = "offer"
	Need  Kind = "need"
)

// Category is what sort of help.
type Category string

// The categories, as the board shows them.
const (
	Company Category = "company" // a talk, a walk, a game
	Errands Category = "errands"
	Repairs Category = "repairs"
	Care    Category = "care" // to the doctor and back
	Cooking Category = "cooking"
	Lessons Category = "lessons"
	Phones  Category = "phones" // telephones and computers
	Various Category = "various"
)

// Categories lists them in the order of the board.
var Categories = []Category{Company, Errands, Repairs, Care, Cooking, Lessons, Phones, Various}

// Days are days of the week, a bit each: bit 0 is Monday.
type Days int

// EveryDay is the whole week.
const EveryDay Days = 127

// On tells whether the day of the week of day is among them.
func (d Days) On(day time.Time) bool { return d&(1<<((int(day.Weekday())+6)%7)) != 0 }

// Parts are parts of a day, a bit each.
type Parts int

// The parts of a day.
const (
	Morning   Parts = 1
	Afternoon Parts = 2
	Evening   Parts = 4
	AllDay    Parts = 7
)

// State is how a card stands.
type State string

// A card waits for the staff's look, is open on the board, and ends as met,
// declined or withdrawn. An offer is never met: it can be taken again and again.
const (
	Waiting   State = "waiting"
	Open      State = "open"
	Met       State = "met"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
)

// Card is an Offer or a Need: one thing that one person can do, or wants done.
type Card struct {
	ID       uuid.UUID `db:"id"`
	Kind     Kind      `db:"kind"`
	PersonID int       `db:"person_id"`
	Category Category  `db:"category"`
	What     string    `db:"what"`  // 1 to 120 characters
	Place    string    `db:"place"` // as precise as the public may know: `3 号院`
	Weekdays Days      `db:"weekdays"`
	Parts    Parts     `db:"parts"`
	Until    time.Time `db:"until"` // the last day on which it holds
	State    State     `db:"state"`
	Why      string    `db:"why"` // it was declined
	MadeAt   time.Time `db:"made_at"`
}

// Holds tells whether the card is on the board on a day.
func (k Card) Holds(day time.Time) bool { return k.State == Open && !k.Until.Before(day) }

// openMax is how many cards of one telephone number may wait or be open.
const openMax = 8

// Put writes a card down. A person of the web page is known by name and
// telephone together, never by one of them: their cards come under one address.
// Neighbours know both, too: the person comes back with the Token of their own
// page for the first card alone, and without it for any later one.
// By staff (p.EnteredBy) it is open at once; else it waits for their look.
// ErrDay, ErrFull.
func Put(ctx context.Context, tx *sqlx.Tx, c ledger.Community, k Card, p Person) (_ Card, _ Person, err error) {
	defer wrap(&err, "mutualaid.Put(%d, %s)", c.ID, k.Kind)
	if k.Until.Before(c.Day(k.MadeAt)) {
		return k, p, ErrDay
	}
	if p, err = known(ctx, tx, c.ID, p, k.MadeAt); err != nil {
		return k, p, err
	}
	if k.ID == uuid.Nil {
		k.ID = uuid.Must(uuid.NewV7())
	}
	k.PersonID, k.State = p.ID, Waiting
	if p.EnteredBy != "" {
		k.State = Open
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO mutualaid.card (community_id, id, kind, person_id, category, what, place, weekdays, parts, until, state, made_at, moved_at, moved_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13) ON CONFLICT (community_id, id) DO NOTHING`,
		c.ID, k.ID, k.Kind, k.PersonID, k.Category, k.What, k.Place, k.Weekdays, k.Parts, iso(k.Until), k.State, k.MadeAt, p.EnteredBy)
	if err != nil || p.EnteredBy != "" {
		return k, p, err
	}
	var first uuid.UUID
	err = tx.GetContext(ctx, &first, `SELECT id FROM mutualaid.card WHERE community_id = $1 AND person_id = $2 ORDER BY made_at, id LIMIT 1`, c.ID, p.ID)
	if first != k.ID {
		p.Token = ""
	}
	return k, p, err
}

// known finds the person who wrote the card among those who wrote one before.
func known(ctx context.Context, tx *sqlx.Tx, community int, p Person, at time.Time) (Person, error) {
	if p.ID != 0 {
		found, err := PersonAt(ctx, tx, community, p.ID)
		found.EnteredBy = p.EnteredBy
		return found, err
	}
	p.Since = at
	digits := strings.NewReplacer(" ", "", "-", "").Replace(p.Phone)
	var same []struct {
		ID   int `db:"id"`
		Open int `db:"open"`
	}
	err := tx.SelectContext(ctx, &same, `
		SELECT p.id, (SELECT count(*) FROM mutualaid.card c WHERE c.community_id = p.community_id AND c.person_id = p.id AND c.state IN ('waiting', 'open')) AS open
		  FROM mutualaid.person p
		 WHERE p.community_id = $1 AND replace(replace(p.phone, ' ', ''), '-', '') = $2 AND p.name = $3 AND p.erased_at IS NULL`, community, digits, p.Name)
	if err != nil || len(same) == 0 {
		if err == nil {
			p, err = addPerson(ctx, tx, community, p)
		}
		return p, err
	}
	if same[0].Open >= openMax {
		return p, ErrFull
	}
	found, err := PersonAt(ctx, tx, community, same[0].ID)
	found.EnteredBy = p.EnteredBy
	return found, err
}

const cardQuery = `
	SELECT id, kind, person_id, category, what, place, weekdays, parts, until, state, why, made_at
	  FROM mutualaid.card WHERE community_id = $1`

// CardAt reads a card; ErrNotFound.
func CardAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (k Card, err error) {
	defer wrap(&err, "mutualaid.CardAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &k, cardQuery+` AND id = $2`, community, id)
	return k, err
}

// Board reads the cards of a kind that hold on a day, the newest first, at most
// max of them. Of one category, or of all.
func Board(ctx context.Context, q sqlx.QueryerContext, community int, kind Kind, of Category, day time.Time, max int) (cards []Card, err error) {
	defer wrap(&err, "mutualaid.Board(%d, %s)", community, kind)
	err = sqlx.SelectContext(ctx, q, &cards, cardQuery+`
		AND kind = $2 AND state = 'open' AND until >= $3 AND ($4 = '' OR category = $4) ORDER BY made_at DESC, id LIMIT $5`,
		community, kind, iso(day), string(of), max)
	return cards, err
}

// WaitingCards reads what the staff have not looked at yet, the oldest first.
func WaitingCards(ctx context.Context, q sqlx.QueryerContext, community int) (cards []Card, err error) {
	defer wrap(&err, "mutualaid.WaitingCards(%d)", community)
	err = sqlx.SelectContext(ctx, q, &cards, cardQuery+` AND state = 'waiting' ORDER BY made_at, id`, community)
	return cards, err
}

// CardsOf reads a person's cards, the newest first.
func CardsOf(ctx context.Context, q sqlx.QueryerContext, community, person int) (cards []Card, err error) {
	defer wrap(&err, "mutualaid.CardsOf(%d, %d)", community, person)
	err = sqlx.SelectContext(ctx, q, &cards, cardQuery+` AND person_id = $2 ORDER BY made_at DESC, id`, community, person)
	return cards, err
}

// Show puts a waiting card on the board. ErrState.
func Show(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "mutualaid.Show(%d, %s)", community, id)
	return moved(tx.ExecContext(ctx, `
		UPDATE mutualaid.card SET state = 'open', moved_at = $4, moved_by = $3 WHERE community_id = $1 AND id = $2 AND state = 'waiting'`, community, id, who, at))
}

// Decline keeps a card off the board, and says why to whoever wrote it. ErrState.
func Decline(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "mutualaid.Decline(%d, %s)", community, id)
	return moved(tx.ExecContext(ctx, `
		UPDATE mutualaid.card SET state = 'declined', why = $5, moved_at = $4, moved_by = $3 WHERE community_id = $1 AND id = $2 AND state IN ('waiting', 'open')`,
		community, id, who, at, why))
}

// Withdraw takes a card off the board for its person: who is empty where they
// do it themselves. ErrState.
func Withdraw(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "mutualaid.Withdraw(%d, %s)", community, id)
	return moved(tx.ExecContext(ctx, `
		UPDATE mutualaid.card SET state = 'withdrawn', moved_at = $4, moved_by = $3 WHERE community_id = $1 AND id = $2 AND state IN ('waiting', 'open')`,
		community, id, who, at))
}
