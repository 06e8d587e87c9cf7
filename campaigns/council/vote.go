package council

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Choice is a vote.
type Choice string

// The choices.
const (
	For     Choice = "for"
	Against Choice = "against"
	Abstain Choice = "abstain"
)

// Choices lists them.
var Choices = []Choice{For, Against, Abstain}

// Voter is a member on the roll of a motion, and whether they have voted.
type Voter struct {
	Member
	Way      string `db:"way"`      // `online`, `paper` for who took a sheet, or empty
	Choice   Choice `db:"choice"`   // of an open vote online; read it out once the vote is over
	Conflict string `db:"conflict"` // why the member does not vote
}

// Roll reads who may vote on a motion, and who has.
func Roll(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (list []Voter, err error) {
	defer wrap(&err, "council.Roll(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT m.council_id, m.number, m.name, m.office, m.user_subject, m.from_on, m.until_on, coalesce(r.way, '') AS way, coalesce(r.choice, '') AS choice, r.conflict
		  FROM council.roll r JOIN council.member m ON m.community_id = r.community_id AND m.council_id = r.council_id AND m.number = r.member
		 WHERE r.community_id = $1 AND r.motion_id = $2 ORDER BY array_position('{chair,secretary}'::text[], m.office), m.number`, community, id)
	return list, err
}

// Vote gives a member's vote online, or changes it while the vote is open. Of a
// secret vote the answer is the code with which alone it can be changed, `K7M4-92QD`;
// code is empty the first time, and in an open vote. ErrVoteOver, ErrNoMember,
// ErrConflict, ErrVoted for who took a sheet of paper, ErrCode.
func Vote(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, member int, choice Choice, code string, at time.Time) (_ string, err error) {
	defer wrap(&err, "council.Vote(%d, %s)", c.ID, id)
	if code == "" {
		if code, err = newCode(ctx, tx, c.ID, id); err != nil {
			return "", err
		}
	}
	_, err = tx.ExecContext(ctx, `SELECT council.cast_vote($1, $2, $3, $4, $5, $6)`, c.ID, id, member, iso(c.Day(at)), choice, digest(c.ID, id, code))
	return code, err
}

// newCode makes the code of a ballot: 40 random bits in two groups, none for an open vote.
func newCode(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (string, error) {
	m, err := MotionAt(ctx, tx, community, id)
	if err != nil {
		return "", err
	}
	if m.RuleN == nil {
		return "", ErrVoteOver
	}
	r, err := RuleOf(ctx, tx, community, m.CouncilID, *m.RuleN)
	if err != nil || !r.Secret {
		return "", err
	}
	text := rand.Text()
	return text[:4] + "-" + text[4:8], nil
}

// digest is what is kept of a ballot's code.
func digest(community int, id uuid.UUID, code string) []byte {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(code))
	sum := sha256.Sum256(fmt.Appendf(nil, "fund ballot %d %s %s", community, id, plain))
	return sum[:]
}

// HandSheet writes down that a member took a sheet of paper to vote on; they do
// not vote online any more. ErrVoteOver, ErrNoMember, ErrConflict, ErrVoted,
// ErrCounted once the count has begun.
func HandSheet(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, member int, at time.Time) (err error) {
	defer wrap(&err, "council.HandSheet(%d, %s)", c.ID, id)
	err = moved(tx.ExecContext(ctx, `
		UPDATE council.roll SET way = 'paper', voted_on = $4 WHERE community_id = $1 AND motion_id = $2 AND member = $3 AND way IS NULL`,
		c.ID, id, member, iso(c.Day(at))))
	if err == ErrState {
		err = ErrVoted
	}
	return err
}

// TakeSheetBack undoes HandSheet while nothing is counted. ErrVoteOver, ErrCounted.
func TakeSheetBack(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, member int) (err error) {
	defer wrap(&err, "council.TakeSheetBack(%d, %s)", community, id)
	return moved(tx.ExecContext(ctx, `
		UPDATE council.roll SET way = NULL, voted_on = NULL WHERE community_id = $1 AND motion_id = $2 AND member = $3 AND way = 'paper'`, community, id, member))
}

// DeclareConflict keeps a member who has not voted out of a vote, and says why.
// ErrVoteOver, ErrVoted.
func DeclareConflict(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, member int, why string) (err error) {
	defer wrap(&err, "council.DeclareConflict(%d, %s)", community, id)
	err = moved(tx.ExecContext(ctx, `
		UPDATE council.roll SET conflict = $4 WHERE community_id = $1 AND motion_id = $2 AND member = $3 AND way IS NULL AND $4 <> ''`, community, id, member, why))
	if err == ErrState {
		err = ErrVoted
	}
	return err
}

// Sheets is what one person found among the sheets of paper.
type Sheets struct{ For, Against, Abstained, Spoilt int }

// Counting is how far a count of paper is.
type Counting struct {
	Round     int       `db:"round"`
	CountedBy string    `db:"counted_by"`
	CountedAt time.Time `db:"counted_at"`
	Agreed    *bool     `db:"agreed"` // nil for the first of a round
}

// CountSheets writes down what one person counted. Two people in a round count
// without seeing each other's figures; where they differ both count again, in
// another round. agreed tells that the sheets are counted. ErrCountTwo,
// ErrSheets, ErrCounted, ErrVoteOver.
func CountSheets(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, s Sheets, who string, at time.Time) (last Counting, err error) {
	defer wrap(&err, "council.CountSheets(%d, %s)", community, id)
	err = tx.GetContext(ctx, &last, `
		INSERT INTO council.paper_count (community_id, motion_id, round, counted_by, in_favour, against, abstained, spoilt, counted_at)
		VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8) RETURNING round, counted_by, counted_at, agreed`,
		community, id, who, s.For, s.Against, s.Abstained, s.Spoilt, at)
	return last, err
}

// Countings reads who counted the sheets of a motion, without what they found.
func Countings(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (list []Counting, err error) {
	defer wrap(&err, "council.Countings(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT round, counted_by, counted_at, agreed FROM council.paper_count WHERE community_id = $1 AND motion_id = $2 ORDER BY round, agreed NULLS FIRST`, community, id)
	return list, err
}

// Result is what came of a vote, under the rule it was opened with.
type Result struct {
	MotionID   uuid.UUID `db:"motion_id"`
	Members    int       `db:"members"`
	Conflicted int       `db:"conflicted"`
	CountedOf  int       `db:"counted_of"` // those the quorum is a share of
	Needed     int       `db:"needed"`     // so many of them had to take part
	Present    int       `db:"present"`    // so many did
	Online     int       `db:"online"`
	Paper      int       `db:"paper"`
	For        int       `db:"in_favour"`
	Against    int       `db:"against"`
	Abstained  int       `db:"abstained"`
	Spoilt     int       `db:"spoilt"`
	ToPass     int       `db:"to_pass"` // so many had to be in favour
	Outcome    State     `db:"outcome"` // Passed, Failed, NoQuorum
	ClosedBy   string    `db:"closed_by"`
	ClosedAt   time.Time `db:"closed_at"`
}

// Close ends a vote: the database counts it, and what it counted stays. By the
// chair or the secretary, on the last day of the vote or after it, or once
// everybody has voted (ErrNotOver). ErrNoOffice, ErrVoteOver, ErrUncounted.
func Close(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, who string, at time.Time) (r Result, err error) {
	defer wrap(&err, "council.Close(%d, %s)", c.ID, id)
	m, err := MotionAt(ctx, tx, c.ID, id)
	if err != nil {
		return r, err
	}
	if err = officerOf(ctx, tx, c, m.CouncilID, who, at); err != nil {
		return r, err
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO council.result (community_id, motion_id, closed_by, closed_at) VALUES ($1, $2, $3, $4)`, c.ID, id, who, at); err != nil {
		return r, err
	}
	return ResultOf(ctx, tx, c.ID, id)
}

const resultQuery = `
	SELECT r.motion_id, r.members, r.conflicted, r.counted_of, r.needed, r.present, r.online, r.paper, r.in_favour, r.against, r.abstained, r.spoilt, r.to_pass, r.outcome, r.closed_by, r.closed_at
	  FROM council.result r`

// ResultOf reads what came of a vote; ErrNotFound while it is open.
func ResultOf(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (r Result, err error) {
	defer wrap(&err, "council.ResultOf(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &r, resultQuery+` WHERE r.community_id = $1 AND r.motion_id = $2`, community, id)
	return r, err
}

// Results reads the results of a council's motions, or for 0 of all, by motion.
func Results(ctx context.Context, q sqlx.QueryerContext, community, council int) (by map[uuid.UUID]Result, err error) {
	defer wrap(&err, "council.Results(%d, %d)", community, council)
	var list []Result
	err = sqlx.SelectContext(ctx, q, &list, resultQuery+`
		JOIN council.motion m ON m.community_id = r.community_id AND m.id = r.motion_id WHERE r.community_id = $1 AND $2 IN (0, m.council_id)`, community, council)
	by = map[uuid.UUID]Result{}
	for _, r := range list {
		by[r.MotionID] = r
	}
	return by, err
}
