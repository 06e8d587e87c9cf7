package project

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// State is where a project stands in its life.
type State string

// A project is drafted and proposed by a resident, perhaps sent back, checked by
// the staff, agreed by a council, run, done, and settled once nothing is left
// over to decide about.
const (
	Draft     State = "draft"    // its resident still writes
	Proposed  State = "proposed" // the staff looks at it
	Returned  State = "returned" // to its resident, with what to change
	Checked   State = "checked"  // a council decides
	Agreed    State = "agreed"
	Running   State = "running"
	Done      State = "done"
	Settled   State = "settled"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
)

// States lists the states in the order of a project's life.
var States = []State{Draft, Proposed, Returned, Checked, Agreed, Running, Done, Settled, Declined, Withdrawn}

// Public tells whether everybody may see a project in the state.
func (s State) Public() bool {
	return s == Checked || s == Agreed || s == Running || s == Done || s == Settled
}

// Resident is who moves their own proposal, in Step.By.
const Resident = "resident"

// byHistory is who moved a project that was written down afterwards.
const byHistory = "history"

// Step is one move of a project: from which state into which, by whom, when and
// why. The database derives the project's state from the last one.
type Step struct {
	N        int        `db:"n"`
	Was      State      `db:"was"`
	State    State      `db:"state"`
	By       string     `db:"by_whom"` // Resident, "user:…", or "history" where it was written down from older papers
	Why      string     `db:"why"`
	At       time.Time  `db:"at"`
	Day      *time.Time `db:"day"`       // on which it began or ended
	MotionID *uuid.UUID `db:"motion_id"` // by which it was agreed or declined
}

// Steps reads what happened to a project, the first first.
func Steps(ctx context.Context, q sqlx.QueryerContext, community, project int) (steps []Step, err error) {
	defer wrap(&err, "project.Steps(%d, %d)", community, project)
	err = sqlx.SelectContext(ctx, q, &steps, `
		SELECT n, was, state, by_whom, why, at, day, motion_id FROM project.step WHERE community_id = $1 AND project_id = $2 ORDER BY n`, community, project)
	return steps, err
}

// move writes a step down; the database refuses one that does not follow (ErrState) or lacks what it needs.
func move(ctx context.Context, tx *sqlx.Tx, community, project int, s Step) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO project.step (community_id, project_id, n, was, state, by_whom, why, at, day, motion_id) VALUES ($1, $2, 0, '', $3, $4, $5, $6, $7, $8)`,
		community, project, s.State, s.By, s.Why, s.At, s.Day, s.MotionID)
	return err
}

// Return sends a proposal back to its resident with what to change. ErrNoReason, ErrState.
func Return(ctx context.Context, tx *sqlx.Tx, community, project int, why, who string, at time.Time) (err error) {
	defer wrap(&err, "project.Return(%d, %d)", community, project)
	return move(ctx, tx, community, project, Step{State: Returned, By: who, Why: why, At: at})
}

// Decline ends a proposal with the reason; after a council said no, with its motion. ErrNoReason, ErrState, ErrNoConsent
// where the motion said no such thing.
func Decline(ctx context.Context, tx *sqlx.Tx, community, project int, motion *uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "project.Decline(%d, %d)", community, project)
	return move(ctx, tx, community, project, Step{State: Declined, By: who, Why: why, At: at, MotionID: motion})
}

// Agree says that a council consented: the motion passed and names the project. Council, day and votes become the
// project's. ErrNoConsent, ErrState.
func Agree(ctx context.Context, tx *sqlx.Tx, community, project int, motion uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "project.Agree(%d, %d)", community, project)
	return move(ctx, tx, community, project, Step{State: Agreed, By: who, At: at, MotionID: &motion})
}

// Consent is a council's or the residents' word on a project, where no motion kept here is it.
type Consent struct {
	CouncilZH, CouncilEN string
	On                   time.Time
	For, Against         int
}

// AgreeBy says that a project was agreed without a motion kept here: by a round in which its idea was chosen, or, for one
// written down from older papers, by a council that is not kept here. ErrNoConsent, ErrState.
func AgreeBy(ctx context.Context, tx *sqlx.Tx, community, project int, by Consent, who string, at time.Time) (err error) {
	defer wrap(&err, "project.AgreeBy(%d, %d)", community, project)
	_, err = tx.ExecContext(ctx, `
		SELECT project.say_consent($1, $2, $3, $4, $5, $6, $7)`, community, project, by.CouncilZH, by.CouncilEN, by.On, by.For, by.Against)
	if err != nil {
		return err
	}
	return move(ctx, tx, community, project, Step{State: Agreed, By: who, At: at, Day: &by.On})
}

// Begin says that an agreed project runs from a day on. ErrState if it is not agreed.
func Begin(ctx context.Context, tx *sqlx.Tx, community, project int, day time.Time, who string, at time.Time) (err error) {
	defer wrap(&err, "project.Begin(%d, %d)", community, project)
	return move(ctx, tx, community, project, Step{State: Running, By: who, At: at, Day: &day})
}

// Finish says that a running project ended on a day. ErrState if it does not run.
func Finish(ctx context.Context, tx *sqlx.Tx, community, project int, day time.Time, who string, at time.Time) (err error) {
	defer wrap(&err, "project.Finish(%d, %d)", community, project)
	return move(ctx, tx, community, project, Step{State: Done, By: who, At: at, Day: &day})
}

// Settle ends the story: the report is adopted and what was left over is decided about. ErrMoneyLeft, ErrNoReport, ErrState.
func Settle(ctx context.Context, tx *sqlx.Tx, community, project int, why, who string, at time.Time) (err error) {
	defer wrap(&err, "project.Settle(%d, %d)", community, project)
	return move(ctx, tx, community, project, Step{State: Settled, By: who, Why: why, At: at})
}
