package council

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Kind is what a motion is about.
type Kind string

// The kinds of motion.
const (
	BudgetLine Kind = "budget_line" // money for a project
	Transfer   Kind = "transfer"    // money from one fund to another
	Resolution Kind = "resolution"  // no money
)

// Kinds lists them.
var Kinds = []Kind{BudgetLine, Transfer, Resolution}

// State is how a motion stands.
type State string

// A motion is written as a draft, opened, and voted: it passes, fails, or too
// few take part. It may be withdrawn before, and passed up afterwards.
const (
	Draft     State = "draft"
	IsOpen    State = "open"
	Passed    State = "passed"
	Failed    State = "failed"
	NoQuorum  State = "no_quorum"
	Withdrawn State = "withdrawn"
	Escalated State = "escalated"
)

// Motion is a 议题.
type Motion struct {
	ID         uuid.UUID     `db:"id"`
	CouncilID  int           `db:"council_id"`
	Year       int           `db:"year"`
	Number     int           `db:"number"` // 1, 2, 3 … within council and year
	Kind       Kind          `db:"kind"`
	TitleZH    string        `db:"title_zh"`
	TitleEN    string        `db:"title_en"`
	TextZH     string        `db:"text_zh"`
	TextEN     string        `db:"text_en"`
	Amount     *money.Amount `db:"amount"` // nil for a resolution, like both funds
	FromFund   *int          `db:"from_fund"`
	ToFund     *int          `db:"to_fund"`    // of a budget line: the project's
	ProjectID  *int          `db:"project_id"` // of a budget line; of a resolution about a project that others pay for
	State      State         `db:"state"`
	ProposedBy int           `db:"proposed_by"` // the member's number; 0 where a council below passed it up
	ProposedAt time.Time     `db:"proposed_at"`
	RuleN      *int          `db:"rule_n"` // under which it was opened
	OpenedOn   *time.Time    `db:"opened_on"`
	Until      *time.Time    `db:"until"` // the last day of the vote
	Why        string        `db:"why"`   // it was withdrawn, or passed up
	Escalates  *uuid.UUID    `db:"escalates"`
}

// Serial is how people write the motion's number: `2026-012`.
func (m Motion) Serial() string { return fmt.Sprintf("%d-%03d", m.Year, m.Number) }

// Title is the motion's title in the reader's language.
func (m Motion) Title(lang string) string { return inLanguage(lang, m.TitleZH, m.TitleEN) }

// Text is what the motion says, in the reader's language.
func (m Motion) Text(lang string) string { return inLanguage(lang, m.TextZH, m.TextEN) }

// Voted tells that the vote is over.
func (m Motion) Voted() bool {
	return m.State == Passed || m.State == Failed || m.State == NoQuorum || m.State == Escalated
}

// Propose writes a motion down as a draft, by the member whose log-in who is.
// ErrNoMember, ErrMoney.
func Propose(ctx context.Context, tx *sqlx.Tx, c ledger.Community, m Motion, who string, at time.Time) (_ Motion, err error) {
	defer wrap(&err, "council.Propose(%d, %d)", c.ID, m.CouncilID)
	member, err := memberOf(ctx, tx, c.ID, m.CouncilID, who, c.Day(at))
	if err != nil {
		return m, err
	}
	m.ProposedBy = member.Number
	return propose(ctx, tx, c, m, who, at)
}

func propose(ctx context.Context, tx *sqlx.Tx, c ledger.Community, m Motion, who string, at time.Time) (Motion, error) {
	if m.ID == uuid.Nil {
		m.ID = uuid.Must(uuid.NewV7())
	}
	m.State, m.Year, m.ProposedAt = Draft, c.Day(at).Year(), at
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('motions ' || $1::int || ' ' || $2::int, 0))`, c.ID, m.CouncilID); err != nil {
		return m, err
	}
	err := tx.GetContext(ctx, &m.Number, `
		INSERT INTO council.motion (community_id, id, council_id, year, number, kind, title_zh, title_en, text_zh, text_en, amount, from_fund, to_fund, project_id,
		       proposed_by, proposed_at, moved_by, moved_at, escalates)
		SELECT $1, $2, $3, $4, coalesce(max(number), 0) + 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $15, $17
		  FROM council.motion WHERE community_id = $1 AND council_id = $3 AND year = $4 RETURNING number`,
		c.ID, m.ID, m.CouncilID, m.Year, m.Kind, m.TitleZH, m.TitleEN, m.TextZH, m.TextEN, m.Amount, m.FromFund, m.ToFund, m.ProjectID,
		m.ProposedBy, at, who, m.Escalates)
	return m, err
}

// Open begins the vote on a draft, until the end of a day: who sits in the
// council today may vote, under the rule it has today. ErrNoOffice, ErrState,
// ErrNoVoters.
func Open(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, until time.Time, who string, at time.Time) (m Motion, err error) {
	defer wrap(&err, "council.Open(%d, %s)", c.ID, id)
	if m, err = MotionAt(ctx, tx, c.ID, id); err != nil {
		return m, err
	}
	if err = officerOf(ctx, tx, c, m.CouncilID, who, at); err != nil {
		return m, err
	}
	if until.Before(c.Day(at)) {
		return m, ErrVoteOver
	}
	err = moved(tx.ExecContext(ctx, `
		UPDATE council.motion m SET state = 'open', opened_on = $3, until = $4, moved_by = $5, moved_at = $6,
		       rule_n = (SELECT max(n) FROM council.rule r WHERE r.community_id = $1 AND r.council_id = m.council_id)
		 WHERE community_id = $1 AND id = $2 AND state = 'draft'`, c.ID, id, iso(c.Day(at)), iso(until), who, at))
	if err != nil {
		return m, err
	}
	return MotionAt(ctx, tx, c.ID, id)
}

// Withdraw takes a motion back before it is voted, for a reason; by whoever
// proposed it, the chair or the secretary. ErrState, ErrNoOffice.
func Withdraw(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "council.Withdraw(%d, %s)", c.ID, id)
	m, err := MotionAt(ctx, tx, c.ID, id)
	if err != nil {
		return err
	}
	if err = ownOrOfficer(ctx, tx, c, m, who, at); err != nil {
		return err
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE council.motion SET state = 'withdrawn', why = $3, moved_by = $4, moved_at = $5 WHERE community_id = $1 AND id = $2 AND state IN ('draft', 'open')`,
		c.ID, id, why, who, at))
}

// Escalate passes a motion that was voted up to the parent council, where it is
// a new draft. What it unlocked here is locked again; ErrState once some of it
// is used, or where there is no parent. ErrNoOffice.
func Escalate(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (up Motion, err error) {
	defer wrap(&err, "council.Escalate(%d, %s)", c.ID, id)
	m, err := MotionAt(ctx, tx, c.ID, id)
	if err != nil {
		return m, err
	}
	if err = officerOf(ctx, tx, c, m.CouncilID, who, at); err != nil {
		return m, err
	}
	var parent *int
	if err = tx.GetContext(ctx, &parent, `SELECT parent_id FROM council.council WHERE community_id = $1 AND id = $2`, c.ID, m.CouncilID); err != nil {
		return m, err
	}
	if parent == nil {
		return m, ErrState
	}
	err = moved(tx.ExecContext(ctx, `
		UPDATE council.motion SET state = 'escalated', why = $3, moved_by = $4, moved_at = $5
		 WHERE community_id = $1 AND id = $2 AND state IN ('passed', 'failed', 'no_quorum')`, c.ID, id, why, who, at))
	if err != nil {
		return m, err
	}
	up = m
	up.ID, up.CouncilID, up.ProposedBy, up.Escalates = uuid.Nil, *parent, 0, &id
	up.RuleN, up.OpenedOn, up.Until = nil, nil, nil
	return propose(ctx, tx, c, up, who, at)
}

const motionQuery = `
	SELECT id, council_id, year, number, kind, title_zh, title_en, text_zh, text_en, amount, from_fund, to_fund, project_id, state, proposed_by,
	       proposed_at, rule_n, opened_on, until, why, escalates
	  FROM council.motion WHERE community_id = $1`

// MotionAt reads a motion; ErrNotFound.
func MotionAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (m Motion, err error) {
	defer wrap(&err, "council.MotionAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &m, motionQuery+` AND id = $2`, community, id)
	return m, err
}

// FindMotion reads a council's motion by its number, `2026-012`; ErrNotFound.
func FindMotion(ctx context.Context, q sqlx.QueryerContext, community, council int, serial string) (m Motion, err error) {
	defer wrap(&err, "council.FindMotion(%d, %d, %s)", community, council, serial)
	year, number, ok := ledger.ParseSerial(serial)
	if !ok {
		return m, ErrNotFound
	}
	err = sqlx.GetContext(ctx, q, &m, motionQuery+` AND council_id = $2 AND year = $3 AND number = $4`, community, council, year, number)
	if err == nil && m.Serial() != serial {
		err = ErrNotFound
	}
	return m, err
}

// ListMotions reads a council's motions, the latest first; of all councils for 0.
func ListMotions(ctx context.Context, q sqlx.QueryerContext, community, council int) (list []Motion, err error) {
	defer wrap(&err, "council.ListMotions(%d, %d)", community, council)
	err = sqlx.SelectContext(ctx, q, &list, motionQuery+` AND $2 IN (0, council_id) ORDER BY year DESC, proposed_at DESC, number DESC`, community, council)
	return list, err
}

// OpenMotions counts the motions that are being voted on where a log-in may still vote.
func OpenMotions(ctx context.Context, q sqlx.QueryerContext, community int, who string) (n int, err error) {
	defer wrap(&err, "council.OpenMotions(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT count(*) FROM council.motion m
		  JOIN council.roll r ON r.community_id = m.community_id AND r.motion_id = m.id AND r.way IS NULL AND r.conflict = ''
		  JOIN council.member x ON x.community_id = r.community_id AND x.council_id = r.council_id AND x.number = r.member
		 WHERE m.community_id = $1 AND m.state = 'open' AND x.user_subject = $2`, community, who)
	return n, err
}

// Comment is a member's word on a motion.
type Comment struct {
	N      int       `db:"n"`
	Member int       `db:"member"`
	Name   string    `db:"name"`
	Text   string    `db:"text"`
	At     time.Time `db:"at"`
}

// Say adds a member's word to the discussion, until the vote is over.
// ErrNoMember, ErrVoteOver.
func Say(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, text, who string, at time.Time) (err error) {
	defer wrap(&err, "council.Say(%d, %s)", c.ID, id)
	m, err := MotionAt(ctx, tx, c.ID, id)
	if err != nil {
		return err
	}
	if m.State != Draft && m.State != IsOpen {
		return ErrVoteOver
	}
	member, err := memberOf(ctx, tx, c.ID, m.CouncilID, who, c.Day(at))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO council.comment (community_id, motion_id, n, council_id, member, text, at)
		SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6 FROM council.comment WHERE community_id = $1 AND motion_id = $2`,
		c.ID, id, m.CouncilID, member.Number, text, at)
	return err
}

// Comments reads the discussion of a motion, the oldest first.
func Comments(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (list []Comment, err error) {
	defer wrap(&err, "council.Comments(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT k.n, k.member, m.name, k.text, k.at FROM council.comment k
		  JOIN council.member m ON m.community_id = k.community_id AND m.council_id = k.council_id AND m.number = k.member
		 WHERE k.community_id = $1 AND k.motion_id = $2 ORDER BY k.n`, community, id)
	return list, err
}

// Paper is a file that belongs to a motion, for everybody to read.
type Paper struct {
	N       int    `db:"n"`
	Title   string `db:"title"`
	Content []byte `db:"content"` // a PDF; by PaperAt only
}

// AddPaper adds a PDF to a draft or an open motion. ErrVoteOver.
func AddPaper(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, p Paper, who string, at time.Time) (err error) {
	defer wrap(&err, "council.AddPaper(%d, %s)", community, id)
	err = moved(tx.ExecContext(ctx, `
		INSERT INTO council.paper (community_id, motion_id, n, title, media, content, added_by, added_at)
		SELECT $1, m.id, (SELECT coalesce(max(n), 0) + 1 FROM council.paper p WHERE p.community_id = $1 AND p.motion_id = m.id), $3, 'application/pdf', $4, $5, $6
		  FROM council.motion m WHERE m.community_id = $1 AND m.id = $2 AND m.state IN ('draft', 'open')`, community, id, p.Title, p.Content, who, at))
	if err == ErrState {
		err = ErrVoteOver
	}
	return err
}

// Papers lists a motion's papers, without their contents.
func Papers(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (list []Paper, err error) {
	defer wrap(&err, "council.Papers(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &list, `SELECT n, title FROM council.paper WHERE community_id = $1 AND motion_id = $2 ORDER BY n`, community, id)
	return list, err
}

// PaperAt reads one of a motion's papers; ErrNotFound.
func PaperAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID, n int) (p Paper, err error) {
	defer wrap(&err, "council.PaperAt(%d, %s, %d)", community, id, n)
	err = sqlx.GetContext(ctx, q, &p, `SELECT n, title, content FROM council.paper WHERE community_id = $1 AND motion_id = $2 AND n = $3`, community, id, n)
	return p, err
}
