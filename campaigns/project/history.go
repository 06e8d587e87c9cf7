package project

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Vote is a council's motion about a project or about what it left over.
type Vote struct {
	ID          uuid.UUID     `db:"id"`
	Serial      string        `db:"serial"`
	Kind        string        `db:"kind"`
	State       string        `db:"state"`
	TitleZH     string        `db:"title_zh"`
	TitleEN     string        `db:"title_en"`
	CouncilID   int           `db:"council_id"`
	CouncilSlug string        `db:"council_slug"`
	CouncilZH   string        `db:"council_zh"`
	CouncilEN   string        `db:"council_en"`
	Amount      *money.Amount `db:"amount"`
	ToFund      *int          `db:"to_fund"`
	FromFund    *int          `db:"from_fund"`
	OpenedOn    *time.Time    `db:"opened_on"`
	Until       *time.Time    `db:"until"`
	ClosedAt    *time.Time    `db:"closed_at"`
	For         int           `db:"in_favour"`
	Against     int           `db:"against"`
	Abstained   int           `db:"abstained"`
}

// Title is the motion's title in the reader's language.
func (v Vote) Title(lang string) string { return inLanguage(lang, v.TitleZH, v.TitleEN) }

// Council is the council's name in the reader's language.
func (v Vote) Council(lang string) string { return inLanguage(lang, v.CouncilZH, v.CouncilEN) }

// Votes reads the motions about a project and about money out of its fund, the oldest first, without those withdrawn.
func Votes(ctx context.Context, q sqlx.QueryerContext, community int, p Project) (list []Vote, err error) {
	defer wrap(&err, "project.Votes(%d, %d)", community, p.ID)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT m.id, m.year || '-' || lpad(m.number::text, 3, '0') AS serial, m.kind, m.state, m.title_zh, m.title_en, m.council_id, c.slug AS council_slug, c.name_zh AS council_zh, c.name_en AS council_en,
		       m.amount, m.from_fund, m.to_fund, m.opened_on, m.until, r.closed_at, coalesce(r.in_favour, 0) AS in_favour, coalesce(r.against, 0) AS against, coalesce(r.abstained, 0) AS abstained
		  FROM council.motion m
		  JOIN council.council c ON c.community_id = m.community_id AND c.id = m.council_id
		  LEFT JOIN council.result r ON r.community_id = m.community_id AND r.motion_id = m.id
		 WHERE m.community_id = $1 AND (m.project_id = $2 OR m.from_fund = nullif($3, 0)) AND m.state <> 'withdrawn' ORDER BY m.proposed_at, m.number`,
		community, p.ID, p.FundID)
	return list, err
}

// MotionOf is the motion by which a project was agreed; nil where it was not one kept here.
func MotionOf(ctx context.Context, q sqlx.QueryerContext, community int, p Project) (*Vote, error) {
	votes, err := Votes(ctx, q, community, p)
	if err != nil {
		return nil, err
	}
	steps, err := Steps(ctx, q, community, p.ID)
	for _, s := range steps {
		for i, v := range votes {
			if s.State == Agreed && s.MotionID != nil && *s.MotionID == v.ID {
				return &votes[i], nil
			}
		}
	}
	return nil, err
}

// Event is one thing in a project's story; which of its parts it has, says what it is.
type Event struct {
	On time.Time // the day, or the last day of what is told of a month

	Step       *Step
	Vote       *Vote
	Money      *Source // what came in or went back that month
	Milestone  *Milestone
	Activities []Activities // of one month
	Spent      money.Amount // in one month
	Spendings  []Spending   // what it was for
	Papers     int          // of these entries, that the public may see
	Report     *Words
	rank       int
}

// Whole is all that is kept of a project.
type Whole struct {
	Project
	Steps      []Step
	Votes      []Vote
	Lines      Lines
	Sources    []Source
	Milestones []Milestone
	Outcomes   []Outcome
	Served     Sum
	Activities []Activities
	Told       []Told
	Spendings  []Spending
	Words      Words
	Left       money.Amount // in its fund
	Events     []Event      // its story, the oldest first
}

// Read reads all that is kept of a project.
func Read(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, p Project) (w Whole, err error) {
	community := c.ID
	defer wrap(&err, "project.Read(%d, %d)", community, p.ID)
	w.Project = p
	if w.Steps, err = Steps(ctx, q, community, p.ID); err != nil {
		return w, err
	}
	if w.Votes, err = Votes(ctx, q, community, p); err != nil {
		return w, err
	}
	if w.Lines, err = LinesOf(ctx, q, community, p); err != nil {
		return w, err
	}
	if w.Sources, err = Sources(ctx, q, community, p, time.Time{}, time.Time{}); err != nil {
		return w, err
	}
	if w.Milestones, err = Milestones(ctx, q, community, p.ID); err != nil {
		return w, err
	}
	if w.Outcomes, err = ListOutcomes(ctx, q, community, p.ID); err != nil {
		return w, err
	}
	w.Activities, w.Served = ByActivity(w.Outcomes)
	if w.Told, err = ListTold(ctx, q, community, p.ID); err != nil {
		return w, err
	}
	if w.Spendings, err = Spendings(ctx, q, community, p); err != nil {
		return w, err
	}
	if w.Words, err = WordsOf(ctx, q, community, p.ID); err != nil {
		return w, err
	}
	if w.Left, err = LeftOver(ctx, q, community, p); err != nil {
		return w, err
	}
	came, err := flows(ctx, q, community, p)
	w.tell(c, came)
	return w, err
}

// The order of what happened on one day, where steps have ranks between: the order of a project's life.
const (
	rankVote = 20 + iota*10
	rankMoney
	rankActivities
	rankSpent
	rankMilestone
	rankReport
	rankBack
)

var rankSteps = map[State]int{
	Proposed: 0, Returned: 0, Checked: 10, Agreed: rankVote + 1, Declined: rankVote + 1, Withdrawn: rankVote + 1, Running: rankMoney + 1, Done: rankMilestone + 1, Settled: rankBack + 1,
}

// tell puts everything into its order.
func (w *Whole) tell(c ledger.Community, came []Source) {
	for i, s := range w.Steps {
		on := c.Day(s.At)
		if s.Day != nil {
			on = *s.Day
		}
		w.Events = append(w.Events, Event{On: on, Step: &w.Steps[i], rank: rankSteps[s.State]})
	}
	for i, v := range w.Votes {
		switch {
		case v.ClosedAt != nil:
			w.Events = append(w.Events, Event{On: c.Day(*v.ClosedAt), Vote: &w.Votes[i], rank: rankVote})
		case v.OpenedOn != nil:
			w.Events = append(w.Events, Event{On: *v.OpenedOn, Vote: &w.Votes[i], rank: rankVote})
		}
	}
	for i := range came {
		e := Event{On: came[i].LastOn, Money: &came[i], rank: rankMoney}
		if came[i].In.IsZero() {
			e.rank = rankBack
		}
		w.Events = append(w.Events, e)
	}
	for i, m := range w.Milestones {
		if m.DoneOn != nil {
			w.Events = append(w.Events, Event{On: *m.DoneOn, Milestone: &w.Milestones[i], rank: rankMilestone})
		}
	}
	if w.Words.Adopted() {
		w.Events = append(w.Events, Event{On: c.Day(*w.Words.AdoptedAt), Report: &w.Words, rank: rankReport})
	}
	w.tellActivities()
	w.tellSpending()
	slices.SortStableFunc(w.Events, func(a, b Event) int {
		if d := a.On.Compare(b.On); d != 0 {
			return d
		}
		return a.rank - b.rank
	})
}

// tellActivities tells of activities month by month.
func (w *Whole) tellActivities() {
	for rest := w.Outcomes; len(rest) > 0; {
		n := 1
		for n < len(rest) && sameMonth(rest[n].HeldOn, rest[0].HeldOn) {
			n++
		}
		if held, _ := ByActivity(rest[:n]); len(held) > 0 {
			w.Events = append(w.Events, Event{On: rest[n-1].HeldOn, Activities: held, rank: rankActivities})
		}
		rest = rest[n:]
	}
}

// tellSpending tells of what was spent month by month.
func (w *Whole) tellSpending() {
	for rest := w.Spendings; len(rest) > 0; {
		n := 1
		for n < len(rest) && sameMonth(rest[n].On, rest[0].On) {
			n++
		}
		e := Event{On: rest[n-1].On, Spendings: rest[:n], rank: rankSpent}
		for i, s := range e.Spendings {
			e.Spent = e.Spent.Add(s.Amount)
			if i == 0 || s.EntrySeq != e.Spendings[i-1].EntrySeq {
				e.Papers += s.Papers
			}
		}
		w.Events = append(w.Events, e)
		rest = rest[n:]
	}
}

func sameMonth(a, b time.Time) bool { return a.Year() == b.Year() && a.Month() == b.Month() }
