package council

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Story is a motion with all that belongs to it.
type Story struct {
	Motion
	Council  Council
	Proposer string  // the member's name; empty where a council below passed the motion up
	Rule     *Rule   // nil for a draft
	Result   *Result // nil until the vote is over
	Roll     []Voter
	Comments []Comment
	Papers   []Paper
	Uses     []Used
	Left     money.Amount // of the money it unlocks
	Minutes  string       // the number of the minutes that have it
}

// Conflicts are those on the roll who do not vote.
func (s Story) Conflicts() (some []Voter) {
	for _, v := range s.Roll {
		if v.Conflict != "" {
			some = append(some, v)
		}
	}
	return some
}

// Voters counts those on the roll who have voted, sheets that were taken among them.
func (s Story) Voters() (n int) {
	for _, v := range s.Roll {
		if v.Way != "" {
			n++
		}
	}
	return n
}

// Sheets counts those who took a sheet of paper.
func (s Story) Sheets() (n int) {
	for _, v := range s.Roll {
		if v.Way == "paper" {
			n++
		}
	}
	return n
}

// Seat is the seat of a log-in on the roll, nil where it has none.
func (s Story) Seat(who string) *Voter {
	for i, v := range s.Roll {
		if v.UserSubject == who && who != "" {
			return &s.Roll[i]
		}
	}
	return nil
}

// Tell reads a motion with all that belongs to it; ErrNotFound.
func Tell(ctx context.Context, q sqlx.QueryerContext, community int, slug, serial string) (s Story, err error) {
	defer wrap(&err, "council.Tell(%d, %s, %s)", community, slug, serial)
	if s.Council, err = FindCouncil(ctx, q, community, slug); err != nil {
		return s, err
	}
	if s.Motion, err = FindMotion(ctx, q, community, s.Council.ID, serial); err != nil {
		return s, err
	}
	if s.Comments, err = Comments(ctx, q, community, s.ID); err != nil {
		return s, err
	}
	if s.Papers, err = Papers(ctx, q, community, s.ID); err != nil {
		return s, err
	}
	err = sqlx.GetContext(ctx, q, &s.Proposer, `
		SELECT coalesce((SELECT name FROM council.member WHERE community_id = $1 AND council_id = $2 AND number = $3), '')`, community, s.CouncilID, s.ProposedBy)
	if err != nil || s.RuleN == nil {
		return s, err
	}
	return s, s.tellVote(ctx, q, community)
}

// tellVote reads what there is of a motion since it was opened.
func (s *Story) tellVote(ctx context.Context, q sqlx.QueryerContext, community int) error {
	rule, err := RuleOf(ctx, q, community, s.CouncilID, *s.RuleN)
	if err != nil {
		return err
	}
	s.Rule = &rule
	if s.Roll, err = Roll(ctx, q, community, s.ID); err != nil {
		return err
	}
	r, err := ResultOf(ctx, q, community, s.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.Result = &r
	if s.Uses, err = Uses(ctx, q, community, s.ID); err != nil {
		return err
	}
	if s.Left, err = Unlocked(ctx, q, community, s.ID); err != nil {
		return err
	}
	return sqlx.GetContext(ctx, q, &s.Minutes, `
		SELECT coalesce((SELECT year || '-' || lpad(number::text, 3, '0') FROM council.minuted WHERE community_id = $1 AND motion_id = $2), '')`, community, s.ID)
}
