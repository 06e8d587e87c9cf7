package mutualaid

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Side is who says something about an engagement.
type Side string

// The two sides, and the centre's staff.
const (
	Helper Side = "helper"
	Helped Side = "helped"
	Staff  Side = "staff"
)

// Said is what somebody says about an engagement.
type Said string

// Proposed comes from the staff; the rest from either side.
const (
	Proposed  Said = "proposed"
	Yes       Said = "yes"
	No        Said = "no"
	Time      Said = "time"       // how long it took
	CalledOff Said = "called_off" // after yes, before it took place
)

// Standing is how an engagement stands.
type Standing string

// An engagement is proposed, agreed once both said yes, done once both named the
// same time; or declined, or called off.
const (
	IsProposed  Standing = "proposed"
	IsAgreed    Standing = "agreed"
	IsDone      Standing = "done"
	IsDeclined  Standing = "declined"
	IsCalledOff Standing = "called_off"
)

// Engagement is one person helping another, once.
type Engagement struct {
	ID            uuid.UUID  `db:"id"`
	NeedID        uuid.UUID  `db:"need_id"`
	OfferID       *uuid.UUID `db:"offer_id"` // nil where the helper had no card
	HelperID      int        `db:"helper_id"`
	HelpedID      int        `db:"helped_id"`
	Day           time.Time  `db:"on_day"`
	Part          Parts      `db:"part"`
	Planned       int        `db:"planned"` // minutes
	State         Standing   `db:"state"`
	HelperAgrees  bool       `db:"helper_agrees"`
	HelpedAgrees  bool       `db:"helped_agrees"`
	HelperMinutes *int       `db:"helper_minutes"`
	HelpedMinutes *int       `db:"helped_minutes"`
	Thanks        string     `db:"thanks"` // by the person helped

	Category   Category `db:"category"` // of the need
	What       string   `db:"what"`
	Place      string   `db:"place"`
	HelperName string   `db:"helper_name"` // names and telephones are for the staff and the two
	HelpedName string   `db:"helped_name"`

	HelperPhone string `db:"helper_phone"` // each is told the other's once both said yes
	HelpedPhone string `db:"helped_phone"`
}

// Differ tells that both named a time, and not the same.
func (e Engagement) Differ() bool {
	return e.HelperMinutes != nil && e.HelpedMinutes != nil && *e.HelperMinutes != *e.HelpedMinutes
}

// Took is how long it took, in minutes, once both say the same; 0 before.
func (e Engagement) Took() int {
	if e.State != IsDone {
		return 0
	}
	return *e.HelperMinutes
}

// Side is on which side of the engagement a person stands.
func (e Engagement) Side(person int) Side {
	if person == e.HelperID {
		return Helper
	}
	return Helped
}

// Plan is what the staff arrange.
type Plan struct {
	Need    uuid.UUID
	Offer   uuid.UUID // or, without a card of theirs, Helper
	Helper  int
	Day     time.Time
	Part    Parts
	Minutes int
}

// Arrange proposes an engagement to both sides. ErrState where the need is not
// open, ErrTaken where somebody is arranged already, ErrSelf, ErrDay, ErrMinutes.
func Arrange(ctx context.Context, tx *sqlx.Tx, c ledger.Community, p Plan, who string, at time.Time) (e Engagement, err error) {
	defer wrap(&err, "mutualaid.Arrange(%d, %s)", c.ID, p.Need)
	need, err := CardAt(ctx, tx, c.ID, p.Need)
	if err != nil {
		return e, err
	}
	today := c.Day(at)
	switch {
	case need.Kind != Need || need.State != Open:
		return e, ErrState
	case p.Day.Before(today) || p.Day.After(need.Until):
		return e, ErrDay
	case !quarters(p.Minutes):
		return e, ErrMinutes
	}
	var offer *uuid.UUID
	if p.Offer != uuid.Nil {
		card, err := CardAt(ctx, tx, c.ID, p.Offer)
		if err != nil {
			return e, err
		}
		if card.Kind != Offer || !card.Holds(today) {
			return e, ErrState
		}
		offer, p.Helper = &card.ID, card.PersonID
	}
	id := uuid.Must(uuid.NewV7())
	_, err = tx.ExecContext(ctx, `
		INSERT INTO mutualaid.engagement (community_id, id, need_id, offer_id, helper_id, helped_id, on_day, part, planned)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, id, need.ID, offer, p.Helper, need.PersonID, iso(p.Day), p.Part, p.Minutes)
	if err == nil {
		err = step(ctx, tx, c.ID, id, Word{Side: Staff, Said: Proposed, Minutes: p.Minutes, Through: who, At: at})
	}
	if err != nil {
		return e, err
	}
	return EngagementAt(ctx, tx, c.ID, id)
}

// Word is what one side says, perhaps through the staff on the telephone.
type Word struct {
	Side    Side
	Said    Said
	Minutes int    // of Time
	Note    string // thanks, or why not
	Through string // who of the staff heard it; empty where they said it themselves
	At      time.Time
}

// Say takes what one side says. Two times Yes make an engagement agreed, two
// times the same Time make it done, and its hours are posted in the same database
// transaction; No and CalledOff free the need for somebody else. ErrState where
// it is not a moment for that word, ErrEarly before the day, ErrMinutes.
func Say(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, w Word) (e Engagement, err error) {
	defer wrap(&err, "mutualaid.Say(%d, %s)", c.ID, id)
	if _, err = tx.ExecContext(ctx, `SELECT FROM mutualaid.engagement WHERE community_id = $1 AND id = $2 FOR UPDATE`, c.ID, id); err != nil {
		return e, err
	}
	if e, err = EngagementAt(ctx, tx, c.ID, id); err != nil {
		return e, err
	}
	if err = e.hear(w, c.Day(w.At)); err != nil {
		return e, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE mutualaid.engagement SET state = $3, helper_agrees = $4, helped_agrees = $5, helper_minutes = $6, helped_minutes = $7, thanks = $8
		 WHERE community_id = $1 AND id = $2`,
		c.ID, id, e.State, e.HelperAgrees, e.HelpedAgrees, e.HelperMinutes, e.HelpedMinutes, e.Thanks)
	if err == nil {
		err = step(ctx, tx, c.ID, id, w)
	}
	if err == nil && e.State == IsDone {
		err = finish(ctx, tx, c, e, w)
	}
	return e, err
}

// hear changes the engagement by a word, where it is the moment for it.
func (e *Engagement) hear(w Word, today time.Time) error {
	agrees, minutes := &e.HelperAgrees, &e.HelperMinutes
	if w.Side == Helped {
		agrees, minutes = &e.HelpedAgrees, &e.HelpedMinutes
	}
	switch {
	case w.Side == Staff && w.Said != CalledOff, w.Side != Helper && w.Side != Helped && w.Side != Staff:
		return ErrState
	case w.Said == Yes && e.State == IsProposed:
		*agrees = true
		if e.HelperAgrees && e.HelpedAgrees {
			e.State = IsAgreed
		}
	case w.Said == No && e.State == IsProposed:
		e.State = IsDeclined
	case w.Said == CalledOff && (e.State == IsProposed || e.State == IsAgreed):
		e.State = IsCalledOff
	case w.Said == Time && e.State == IsAgreed:
		if today.Before(e.Day) {
			return ErrEarly
		}
		if !quarters(w.Minutes) {
			return ErrMinutes
		}
		*minutes = &w.Minutes
		if w.Side == Helped && w.Note != "" {
			e.Thanks = w.Note
		}
		if e.HelperMinutes != nil && e.HelpedMinutes != nil && !e.Differ() {
			e.State = IsDone
		}
	default:
		return ErrState
	}
	return nil
}

// finish posts the hours and takes the need off the board.
func finish(ctx context.Context, tx *sqlx.Tx, c ledger.Community, e Engagement, w Word) error {
	who := w.Through
	if who == "" {
		who = "resident"
	}
	_, err := PostHours(ctx, tx, c, HourEntry{
		Day: e.Day, Kind: Help, Category: e.Category, Source: "engagement:" + e.ID.String(), PostedBy: who,
		Postings: []HourPosting{{Person: e.HelpedID, Minutes: *e.HelpedMinutes}, {Person: e.HelperID, Minutes: -*e.HelperMinutes}},
	}, w.At)
	if err != nil {
		return err
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE mutualaid.card SET state = 'met', moved_at = $3, moved_by = $4 WHERE community_id = $1 AND id = $2`, c.ID, e.NeedID, w.At, who))
}

func quarters(minutes int) bool { return minutes >= 15 && minutes <= 720 && minutes%15 == 0 }

func step(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, w Word) error {
	var minutes *int
	if w.Minutes != 0 {
		minutes = &w.Minutes
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO mutualaid.step (community_id, engagement_id, n, side, said, minutes, note, through, at)
		SELECT $1, $2, count(*) + 1, $3, $4, $5, $6, $7, $8 FROM mutualaid.step WHERE community_id = $1 AND engagement_id = $2`,
		community, id, w.Side, w.Said, minutes, w.Note, w.Through, w.At)
	return err
}
