package round

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Category is what an idea is about, in the words of projects.
type Category string

// Categories lists them in the order of the form.
var Categories = []Category{"elders", "children", "neighbours", "yard", "mutual_aid"}

// State is how an idea stands.
type State string

// An idea waits for the staff's look, is on the ballot, declined or withdrawn.
const (
	Waiting   State = "waiting"
	OnBallot  State = "ballot"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
)

// Idea is what a resident would do with some of the pot.
type Idea struct {
	Number    int          `db:"number"` // within the round
	Form      uuid.UUID    `db:"form"`   // of the form that was sent
	Title     string       `db:"title"`  // 1 to 40 characters
	What      string       `db:"what"`   // 1 to 600 characters
	Place     string       `db:"place"`
	Cost      money.Amount `db:"cost"`
	Category  Category     `db:"category"`
	State     State        `db:"state"`
	Why       string       `db:"why"` // it was declined
	MadeAt    time.Time    `db:"made_at"`
	ProjectID *int         `db:"project_id"` // what it became
}

// Proposer is whose idea it is, for the staff alone.
type Proposer struct {
	Name  string `db:"name"`
	Phone string `db:"phone"`
}

// Put writes an idea down; it waits for the staff's look. A form sent twice
// writes one. ErrNotNow where the round takes no ideas on the day of i.MadeAt.
func Put(ctx context.Context, tx *sqlx.Tx, c ledger.Community, r Round, i Idea, by Proposer) (_ Idea, err error) {
	defer wrap(&err, "round.Put(%d, %s)", c.ID, r.Slug)
	if r.Phase(c.Day(i.MadeAt)) != Propose {
		return i, ErrNotNow
	}
	if _, err = tx.ExecContext(ctx, `SELECT FROM round.round WHERE community_id = $1 AND id = $2 FOR UPDATE`, c.ID, r.ID); err != nil {
		return i, err
	}
	i.State = Waiting
	var there []int
	if err = tx.SelectContext(ctx, &there, `SELECT number FROM round.idea WHERE community_id = $1 AND form = $2`, c.ID, i.Form); err != nil {
		return i, err
	}
	if len(there) > 0 {
		i.Number = there[0]
		return i, nil
	}
	err = tx.GetContext(ctx, &i.Number, `
		INSERT INTO round.idea (community_id, round_id, number, form, title, what, place, cost, category, state, made_at, moved_at)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $10 FROM round.idea WHERE community_id = $1 AND round_id = $2
		RETURNING number`, c.ID, r.ID, i.Form, i.Title, i.What, i.Place, i.Cost, i.Category, i.State, i.MadeAt)
	if err != nil {
		return i, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO round.proposer (community_id, round_id, number, name, phone) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, r.ID, i.Number, by.Name, by.Phone)
	return i, err
}

const ideaQuery = `SELECT number, form, title, what, place, cost, category, state, why, made_at, project_id FROM round.idea WHERE community_id = $1 AND round_id = $2`

// Ideas reads the ideas of a round in the states, by number; of all states where none is named.
func Ideas(ctx context.Context, q sqlx.QueryerContext, community, round int, states ...State) (ideas []Idea, err error) {
	defer wrap(&err, "round.Ideas(%d, %d)", community, round)
	if err = sqlx.SelectContext(ctx, q, &ideas, ideaQuery+` ORDER BY number`, community, round); len(states) == 0 {
		return ideas, err
	}
	var kept []Idea
	for _, i := range ideas {
		for _, s := range states {
			if i.State == s {
				kept = append(kept, i)
			}
		}
	}
	return kept, err
}

// IdeaAt reads an idea; ErrNotFound.
func IdeaAt(ctx context.Context, q sqlx.QueryerContext, community, round, number int) (i Idea, err error) {
	defer wrap(&err, "round.IdeaAt(%d, %d, %d)", community, round, number)
	err = sqlx.GetContext(ctx, q, &i, ideaQuery+` AND number = $3`, community, round, number)
	return i, err
}

// ProposerOf reads whose idea it is; ErrNotFound once that is erased.
func ProposerOf(ctx context.Context, q sqlx.QueryerContext, community, round, number int) (p Proposer, err error) {
	defer wrap(&err, "round.ProposerOf(%d, %d, %d)", community, round, number)
	err = sqlx.GetContext(ctx, q, &p, `SELECT name, phone FROM round.proposer WHERE community_id = $1 AND round_id = $2 AND number = $3`, community, round, number)
	return p, err
}

// PutOnBallot takes an idea for the vote, as the staff agreed it with whoever
// proposed it: title, words, place, cost and category are i's. ErrFrozen once
// somebody has voted.
func PutOnBallot(ctx context.Context, tx *sqlx.Tx, community, round int, i Idea, who string, at time.Time) (err error) {
	defer wrap(&err, "round.PutOnBallot(%d, %d, %d)", community, round, i.Number)
	return moved(tx.ExecContext(ctx, `
		UPDATE round.idea SET state = 'ballot', title = $4, what = $5, place = $6, cost = $7, category = $8, why = '', moved_by = $9, moved_at = $10
		 WHERE community_id = $1 AND round_id = $2 AND number = $3 AND state <> 'withdrawn'`,
		community, round, i.Number, i.Title, i.What, i.Place, i.Cost, i.Category, who, at))
}

// Decline keeps an idea off the ballot, with the reason that everybody reads.
// ErrState, ErrFrozen.
func Decline(ctx context.Context, tx *sqlx.Tx, community, round, number int, why, who string, at time.Time) (err error) {
	defer wrap(&err, "round.Decline(%d, %d, %d)", community, round, number)
	return moved(tx.ExecContext(ctx, `
		UPDATE round.idea SET state = 'declined', why = $4, moved_by = $5, moved_at = $6
		 WHERE community_id = $1 AND round_id = $2 AND number = $3 AND state IN ('waiting', 'ballot')`, community, round, number, why, who, at))
}

// Withdraw takes an idea back for whoever proposed it. ErrState, ErrFrozen.
func Withdraw(ctx context.Context, tx *sqlx.Tx, community, round, number int, who string, at time.Time) (err error) {
	defer wrap(&err, "round.Withdraw(%d, %d, %d)", community, round, number)
	return moved(tx.ExecContext(ctx, `
		UPDATE round.idea SET state = 'withdrawn', moved_by = $4, moved_at = $5
		 WHERE community_id = $1 AND round_id = $2 AND number = $3 AND state IN ('waiting', 'ballot')`, community, round, number, who, at))
}

// Forget erases whose idea it is; the idea stays. ErrState where that is done.
func Forget(ctx context.Context, tx *sqlx.Tx, community, round, number int) (err error) {
	defer wrap(&err, "round.Forget(%d, %d, %d)", community, round, number)
	return moved(tx.ExecContext(ctx, `DELETE FROM round.proposer WHERE community_id = $1 AND round_id = $2 AND number = $3`, community, round, number))
}

// WaitingOf counts the ideas that wait for the staff's look. One query, for the menu.
func WaitingOf(ctx context.Context, q sqlx.QueryerContext, community int) (n int, err error) {
	defer wrap(&err, "round.WaitingOf(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM round.idea WHERE community_id = $1 AND state = 'waiting'`, community)
	return n, err
}
