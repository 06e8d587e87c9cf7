package project

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Wait says for whom a project waits.
type Wait string

// What a project waits for.
const (
	ForStaff    Wait = "staff"    // to look at the proposal
	ForResident Wait = "resident" // to change it
	ForMotion   Wait = "motion"   // a member of a council to put it to the vote
	ForVotes    Wait = "votes"    // the council to vote
	ForAnswer   Wait = "answer"   // the staff, after a council said no
	ForMoney    Wait = "money"    // the treasurer to move what was voted
	ForStart    Wait = "start"
	ForLate     Wait = "late" // a milestone whose day is past
	ForEnd      Wait = "end"  // it runs
	ForReport   Wait = "report"
	ForLeftover Wait = "leftover" // a council to decide about what is left
	ForSettling Wait = "settling"
	ForNobody   Wait = ""
)

// Standing is how a project stands, in a list.
type Standing struct {
	ID      int          `db:"project_id"`
	Motion  string       `db:"motion"` // its latest motion's state; empty without one
	Until   *time.Time   `db:"until"`
	Left    money.Amount `db:"left_over"`
	Unused  money.Amount `db:"unused"` // voted and not yet moved
	Late    int          `db:"late"`   // milestones
	Adopted bool         `db:"adopted"`
}

// Waits tells for whom a project in a state waits.
func (s Standing) Waits(state State) Wait {
	switch state {
	case Proposed:
		return ForStaff
	case Returned:
		return ForResident
	case Checked:
		return s.waitsForConsent()
	case Agreed:
		if s.Unused.Sign() > 0 && s.Left.IsZero() {
			return ForMoney
		}
		return ForStart
	case Running:
		if s.Late > 0 {
			return ForLate
		}
		return ForEnd
	case Done:
		return s.waitsForEnd()
	}
	return ForNobody
}

func (s Standing) waitsForConsent() Wait {
	switch s.Motion {
	case "open":
		return ForVotes
	case "failed", "no_quorum":
		return ForAnswer
	}
	return ForMotion
}

func (s Standing) waitsForEnd() Wait {
	switch {
	case !s.Adopted:
		return ForReport
	case !s.Left.IsZero():
		return ForLeftover
	}
	return ForSettling
}

// Standings reads how all projects stand that the staff has to do with, by their id.
func Standings(ctx context.Context, q sqlx.QueryerContext, community int, today time.Time) (by map[int]Standing, err error) {
	defer wrap(&err, "project.Standings(%d)", community)
	var list []Standing
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT p.id AS project_id, coalesce(m.state, '') AS motion, m.until, coalesce(b.net_assets, 0.00) AS left_over,
		       coalesce((SELECT sum(v.amount - council.used(v.community_id, v.id)) FROM council.motion v
		                  WHERE v.community_id = p.community_id AND v.project_id = p.id AND v.state = 'passed' AND v.amount IS NOT NULL), 0.00) AS unused,
		       (SELECT count(*) FROM project.milestone t WHERE t.community_id = p.community_id AND t.project_id = p.id AND t.done_on IS NULL AND t.due_on < $2) AS late,
		       EXISTS (SELECT FROM project.report r WHERE r.community_id = p.community_id AND r.project_id = p.id AND r.adopted_at IS NOT NULL) AS adopted
		  FROM project.project p
		  LEFT JOIN ledger.fund_balance b ON b.community_id = p.community_id AND b.fund_id = p.fund_id
		  LEFT JOIN LATERAL (SELECT state, until FROM council.motion v WHERE v.community_id = p.community_id AND v.project_id = p.id AND v.state NOT IN ('withdrawn', 'escalated')
		                      ORDER BY v.proposed_at DESC, v.number DESC LIMIT 1) m ON true
		 WHERE p.community_id = $1 AND p.state NOT IN ('draft', 'withdrawn', 'declined', 'settled')`, community, today.Format(time.DateOnly))
	by = map[int]Standing{}
	for _, s := range list {
		by[s.ID] = s
	}
	return by, err
}

// WaitingForStaff counts the proposals that the staff has to look at.
func WaitingForStaff(ctx context.Context, q sqlx.QueryerContext, community int) (n int, err error) {
	defer wrap(&err, "project.WaitingForStaff(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM project.project WHERE community_id = $1 AND state = 'proposed' AND NOT history`, community)
	return n, err
}
