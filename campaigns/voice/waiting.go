package voice

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// suggested are the buttons of a campaign that came from a resident, until the staff choose others.
var suggested = campaigns.Amounts{money.MustParse("20"), money.MustParse("50"), money.MustParse("100"), money.MustParse("200")}

// Waiting is what waits for the staff.
type Waiting struct {
	Proposals int `db:"proposals"` // submitted by residents
	Posts     int `db:"posts"`     // handed in by campaigners
	Questions int `db:"questions"` // open
	Late      int `db:"late"`      // of those, past the day by which they are answered
}

// Nothing tells whether nothing waits.
func (w Waiting) Nothing() bool { return w == Waiting{} }

// WaitingOf counts what waits for a community's staff.
func WaitingOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, now time.Time) (w Waiting, err error) {
	defer wrap(&err, "voice.WaitingOf(%d)", c.ID)
	err = sqlx.GetContext(ctx, q, &w, `
		SELECT (SELECT count(*) FROM voice.proposal WHERE community_id = $1 AND state = 'submitted') AS proposals,
		       (SELECT count(*) FROM voice.post WHERE community_id = $1 AND state = 'submitted') AS posts,
		       (SELECT count(*) FROM voice.question WHERE community_id = $1 AND state = 'open') AS questions,
		       (SELECT count(*) FROM voice.question WHERE community_id = $1 AND state = 'open' AND due_on < $2) AS late`, c.ID, c.Day(now))
	return w, err
}

// sweepMax is how many drafts one Sweep withdraws.
const sweepMax = 100

// Sweep withdraws drafts that nobody submitted since a moment, and so forgets what strangers left behind.
func Sweep(ctx context.Context, tx *sqlx.Tx, community int, before, at time.Time) (err error) {
	defer wrap(&err, "voice.Sweep(%d)", community)
	var idle []string
	err = tx.SelectContext(ctx, &idle, `
		SELECT token FROM voice.proposal WHERE community_id = $1 AND state = 'draft' AND moved_at < $2 ORDER BY moved_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
		community, before, sweepMax)
	for _, token := range idle {
		if err == nil {
			err = Withdraw(ctx, tx, community, token, at)
		}
	}
	return err
}
