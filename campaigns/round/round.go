package round

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Method is how a ballot chooses.
type Method string

// A ballot chooses up to so many ideas, or as many as the pot pays.
const (
	Approval Method = "approval"
	Knapsack Method = "knapsack"
)

// Methods lists them.
var Methods = []Method{Approval, Knapsack}

// Phase is what a round waits for on a day.
type Phase string

// The phases, in their order.
const (
	Soon     Phase = "soon"
	Propose  Phase = "propose"
	Look     Phase = "look" // the staff look at ideas, everybody may read them
	Voting   Phase = "vote"
	Counting Phase = "counting" // the vote has ended
	Result   Phase = "result"
)

// Round is a yearly call: a pot, days for ideas, days for the vote.
type Round struct {
	ID           int          `db:"id"`
	Slug         string       `db:"slug"`
	Year         int          `db:"year"`
	TitleZH      string       `db:"title_zh"`
	TitleEN      string       `db:"title_en"`
	TextZH       string       `db:"text_zh"`
	TextEN       string       `db:"text_en"`
	Pot          money.Amount `db:"pot"`
	Method       Method       `db:"method"`
	ChoicesMax   int          `db:"choices_max"` // of Approval; 0 for Knapsack
	SupportMin   int          `db:"support_min"` // an idea with fewer votes is not chosen, whatever the pot could pay
	ProposeFrom  time.Time    `db:"propose_from"`
	ProposeUntil time.Time    `db:"propose_until"` // the last day
	VoteFrom     time.Time    `db:"vote_from"`
	VoteUntil    time.Time    `db:"vote_until"` // the last day
	Salt         []byte       `db:"salt"`       // of the digests of its codes

	Codes   int  `db:"codes"`   // printed
	Voted   int  `db:"voted"`   // of them
	Counted bool `db:"counted"` // the result is there
}

// Title is the round's title in the reader's language.
func (r Round) Title(lang string) string { return inLanguage(lang, r.TitleZH, r.TitleEN) }

// Text is what the round is about, in the reader's language.
func (r Round) Text(lang string) string { return inLanguage(lang, r.TextZH, r.TextEN) }

// Phase is what the round waits for on a day.
func (r Round) Phase(today time.Time) Phase {
	switch {
	case r.Counted:
		return Result
	case today.Before(r.ProposeFrom):
		return Soon
	case !today.After(r.ProposeUntil):
		return Propose
	case today.Before(r.VoteFrom):
		return Look
	case !today.After(r.VoteUntil):
		return Voting
	}
	return Counting
}

// Fits tells whether a ballot with so many ideas that cost so much is as the round has it.
func (r Round) Fits(ideas int, cost money.Amount) bool {
	if r.Method == Approval {
		return ideas > 0 && ideas <= r.ChoicesMax
	}
	return ideas > 0 && !r.Pot.Less(cost)
}

// Open writes a round down. ErrExists, ErrDays.
func Open(ctx context.Context, tx *sqlx.Tx, community int, r Round, who string, at time.Time) (_ Round, err error) {
	defer wrap(&err, "round.Open(%d, %s)", community, r.Slug)
	r.Salt = make([]byte, 16)
	if _, err = rand.Read(r.Salt); err != nil {
		return r, err
	}
	err = tx.GetContext(ctx, &r.ID, `
		INSERT INTO round.round (community_id, id, slug, year, title_zh, title_en, text_zh, text_en, pot, method, choices_max, support_min,
		       propose_from, propose_until, vote_from, vote_until, salt, made_by, made_at)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $18, $11, $12, $13, $14, $15, $16, $17
		  FROM round.round WHERE community_id = $1 RETURNING id`,
		community, r.Slug, r.Year, r.TitleZH, r.TitleEN, r.TextZH, r.TextEN, r.Pot, r.Method, r.ChoicesMax,
		iso(r.ProposeFrom), iso(r.ProposeUntil), iso(r.VoteFrom), iso(r.VoteUntil), r.Salt, who, at, r.SupportMin)
	return r, err
}

// Change writes the texts, the pot, the way to choose, the least support and
// the days anew.
// ErrFrozen once somebody has voted, ErrDays.
func Change(ctx context.Context, tx *sqlx.Tx, community int, r Round) (err error) {
	defer wrap(&err, "round.Change(%d, %s)", community, r.Slug)
	return moved(tx.ExecContext(ctx, `
		UPDATE round.round SET title_zh = $3, title_en = $4, text_zh = $5, text_en = $6, pot = $7, method = $8, choices_max = $9,
		       propose_from = $10, propose_until = $11, vote_from = $12, vote_until = $13, support_min = $14
		 WHERE community_id = $1 AND id = $2`,
		community, r.ID, r.TitleZH, r.TitleEN, r.TextZH, r.TextEN, r.Pot, r.Method, r.ChoicesMax,
		iso(r.ProposeFrom), iso(r.ProposeUntil), iso(r.VoteFrom), iso(r.VoteUntil), r.SupportMin))
}

const roundQuery = `
	SELECT r.id, r.slug, r.year, r.title_zh, r.title_en, r.text_zh, r.text_en, r.pot, r.method, r.choices_max, r.support_min,
	       r.propose_from, r.propose_until, r.vote_from, r.vote_until, r.salt,
	       (SELECT count(*) FROM round.code c WHERE c.community_id = r.community_id AND c.round_id = r.id) AS codes,
	       (SELECT count(*) FROM round.code c WHERE c.community_id = r.community_id AND c.round_id = r.id AND c.used) AS voted,
	       EXISTS (SELECT FROM round.tally t WHERE t.community_id = r.community_id AND t.round_id = r.id) AS counted
	  FROM round.round r WHERE r.community_id = $1`

// List reads a community's rounds, the newest first.
func List(ctx context.Context, q sqlx.QueryerContext, community int) (rounds []Round, err error) {
	defer wrap(&err, "round.List(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rounds, roundQuery+` ORDER BY r.vote_from DESC, r.id DESC`, community)
	return rounds, err
}

// Today is a round with what it waits for today.
type Today struct {
	Round
	Phase Phase
}

// ListToday is List, with what each round waits for.
func ListToday(ctx context.Context, q sqlx.QueryerContext, community int, today time.Time) (rounds []Today, err error) {
	all, err := List(ctx, q, community)
	for _, r := range all {
		rounds = append(rounds, Today{r, r.Phase(today)})
	}
	return rounds, err
}

// FindToday is Find, with what the round waits for.
func FindToday(ctx context.Context, q sqlx.QueryerContext, community int, slug string, today time.Time) (Today, error) {
	r, err := Find(ctx, q, community, slug)
	return Today{r, r.Phase(today)}, err
}

// Find reads a round by its slug; ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, community int, slug string) (r Round, err error) {
	defer wrap(&err, "round.Find(%d, %s)", community, slug)
	err = sqlx.GetContext(ctx, q, &r, roundQuery+` AND r.slug = $2`, community, slug)
	return r, err
}
