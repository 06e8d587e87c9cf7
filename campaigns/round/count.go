package round

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Tally is what was counted, frozen with its inputs.
type Tally struct {
	Pot        money.Amount `db:"pot"`
	Method     Method       `db:"method"`
	ChoicesMax int          `db:"choices_max"`
	SupportMin int          `db:"support_min"`
	Ballots    int          `db:"ballots"`
	Codes      int          `db:"codes"` // that were printed
	CountedBy  string       `db:"counted_by"`
	CountedAt  time.Time    `db:"counted_at"`

	Lines []Line `db:"-"` // by rank
}

// Line is what came of one idea.
type Line struct {
	Rank      int          `db:"rank"`
	Number    int          `db:"number"`
	Title     string       `db:"title"`
	Place     string       `db:"place"`
	Category  Category     `db:"category"`
	Cost      money.Amount `db:"cost"`
	Votes     int          `db:"votes"`
	Selected  bool         `db:"selected"`
	ProjectID int          `db:"project_id"` // 0 before it became one
}

// Short tells that an idea has too few votes to be chosen, whatever it costs.
func (t Tally) Short(l Line) bool { return l.Votes < t.SupportMin }

// Spent is what the chosen ideas cost together.
func (t Tally) Spent() (sum money.Amount) {
	for _, l := range t.Lines {
		if l.Selected {
			sum = sum.Add(l.Cost)
		}
	}
	return sum
}

// Count counts after the last day of the vote, once: the ballots are copied in
// random order and deleted where they came in. ErrEarly, ErrCounted.
func Count(ctx context.Context, tx *sqlx.Tx, c ledger.Community, r Round, who string, at time.Time) (err error) {
	defer wrap(&err, "round.Count(%d, %s)", c.ID, r.Slug)
	_, err = tx.ExecContext(ctx, `SELECT round.count_ballots($1, $2, $3, $4, $5)`, c.ID, r.ID, who, at, iso(c.Day(at)))
	return err
}

// TallyOf reads what was counted; ErrNotFound before.
func TallyOf(ctx context.Context, q sqlx.QueryerContext, community, round int) (t Tally, err error) {
	defer wrap(&err, "round.TallyOf(%d, %d)", community, round)
	err = sqlx.GetContext(ctx, q, &t, `
		SELECT pot, method, choices_max, support_min, ballots, codes, counted_by, counted_at FROM round.tally WHERE community_id = $1 AND round_id = $2`, community, round)
	if err != nil {
		return t, err
	}
	err = sqlx.SelectContext(ctx, q, &t.Lines, `
		SELECT s.rank, s.number, i.title, i.place, i.category, s.cost, s.votes, s.selected, coalesce(i.project_id, 0) AS project_id
		  FROM round.result s JOIN round.idea i ON i.community_id = s.community_id AND i.round_id = s.round_id AND i.number = s.number
		 WHERE s.community_id = $1 AND s.round_id = $2 ORDER BY s.rank`, community, round)
	return t, err
}

// Ballot is one household's choice, without the household.
type Ballot struct {
	Number int           `db:"number"` // in random order
	Way    Way           `db:"method"`
	Ideas  pq.Int64Array `db:"ideas"`
}

// Ballots reads the counted ballots.
func Ballots(ctx context.Context, q sqlx.QueryerContext, community, round int) (ballots []Ballot, err error) {
	defer wrap(&err, "round.Ballots(%d, %d)", community, round)
	err = sqlx.SelectContext(ctx, q, &ballots, `SELECT number, method, ideas FROM round.ballot WHERE community_id = $1 AND round_id = $2 ORDER BY number`, community, round)
	return ballots, err
}

// Became remembers which project a chosen idea became. ErrState where it was not
// chosen or has become one.
func Became(ctx context.Context, tx *sqlx.Tx, community, round, number, project int) (err error) {
	defer wrap(&err, "round.Became(%d, %d, %d)", community, round, number)
	return moved(tx.ExecContext(ctx, `
		UPDATE round.idea i SET project_id = $4
		 WHERE community_id = $1 AND round_id = $2 AND number = $3 AND project_id IS NULL
		   AND EXISTS (SELECT FROM round.result s WHERE s.community_id = i.community_id AND s.round_id = i.round_id AND s.number = i.number AND s.selected)`,
		community, round, number, project))
}
