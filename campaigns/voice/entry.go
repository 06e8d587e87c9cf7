package voice

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// AnswerDays is how many days a community gives itself to answer a question about an entry, unless SetAnswerDays said.
const AnswerDays = 7

// Late tells whether the answer of a question did not come by its day, or has not.
func (q Question) Late(c ledger.Community, now time.Time) bool {
	if q.DueOn == nil || q.State == PutAway {
		return false
	}
	if q.AnsweredAt != nil {
		now = *q.AnsweredAt
	}
	return c.Day(now).After(*q.DueOn)
}

// DaysLate is by how many days the answer did not come, or has not; 0 for none.
func (q Question) DaysLate(c ledger.Community, now time.Time) int {
	if !q.Late(c, now) {
		return 0
	}
	if q.AnsweredAt != nil {
		now = *q.AnsweredAt
	}
	return int(c.Day(now).Sub(*q.DueOn).Hours() / 24)
}

// entryOpenMax is how many open questions about entries a community may have: a flood stops there.
const entryOpenMax = 200

// AskAboutEntry writes a question about q.EntrySeq down for the staff, with the day by which it is answered; nobody else sees
// what it says. The same id again changes nothing. ErrNotFound for no such entry, ErrTooMany.
func AskAboutEntry(ctx context.Context, tx *sqlx.Tx, c ledger.Community, q Question) (err error) {
	defer wrap(&err, "voice.AskAboutEntry(%d, %d)", c.ID, q.EntrySeq)
	if _, err = ledger.EntryAt(ctx, tx, c.ID, q.EntrySeq); err != nil {
		return err
	}
	days, err := AnswerDaysOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	var open int
	if err = tx.GetContext(ctx, &open, `SELECT count(*) FROM voice.question WHERE community_id = $1 AND entry_seq IS NOT NULL AND state = 'open'`, c.ID); err != nil {
		return err
	}
	if open >= entryOpenMax {
		return ErrTooMany
	}
	_, err = tx.ExecContext(ctx, `
		WITH asked AS (
		       INSERT INTO voice.question (community_id, id, entry_seq, body, asked_at, due_on) VALUES ($1, $2, $3, $4, $5, $9)
		       ON CONFLICT (community_id, id) DO NOTHING RETURNING id)
		INSERT INTO voice.asker (community_id, question_id, name, email, lang)
		SELECT $1, id, $6, $7, $8 FROM asked WHERE $6 <> '' OR $7 <> ''`,
		c.ID, q.ID, q.EntrySeq, q.Body, q.AskedAt, q.Name, q.Email, q.Lang, c.Day(q.AskedAt).AddDate(0, 0, days))
	return err
}

// AnswerDaysOf reads how many days a community gives itself.
func AnswerDaysOf(ctx context.Context, q sqlx.QueryerContext, community int) (days int, err error) {
	defer wrap(&err, "voice.AnswerDaysOf(%d)", community)
	err = sqlx.GetContext(ctx, q, &days, `SELECT coalesce((SELECT answer_days FROM voice.setting WHERE community_id = $1), $2)`, community, AnswerDays)
	return days, err
}

// SetAnswerDays says how many days a community gives itself for questions asked from now on, 1 to 60.
func SetAnswerDays(ctx context.Context, tx *sqlx.Tx, community, days int) (err error) {
	defer wrap(&err, "voice.SetAnswerDays(%d, %d)", community, days)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO voice.setting (community_id, answer_days) VALUES ($1, $2)
		ON CONFLICT ON CONSTRAINT setting_pkey DO UPDATE SET answer_days = EXCLUDED.answer_days`, community, days)
	return err
}

// OfEntry reads the questions about an entry that were not put away, the oldest first.
func OfEntry(ctx context.Context, q sqlx.QueryerContext, community int, seq int64) (list []Question, err error) {
	defer wrap(&err, "voice.OfEntry(%d, %d)", community, seq)
	err = sqlx.SelectContext(ctx, q, &list, selectQuestion+` AND q.entry_seq = $2 AND q.state <> 'hidden' ORDER BY q.asked_at, q.id LIMIT $3`,
		community, seq, questionsMax)
	return list, err
}

// OfEntries reads the questions about all entries that were not put away: the open ones first, by the day they are due, then
// the answered ones, the newest answer first.
func OfEntries(ctx context.Context, q sqlx.QueryerContext, community int) (list []Question, err error) {
	defer wrap(&err, "voice.OfEntries(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, selectQuestion+` AND q.entry_seq IS NOT NULL AND q.state <> 'hidden'
		 ORDER BY q.answered_at DESC NULLS FIRST, q.due_on, q.asked_at, q.id LIMIT $2`, community, questionsMax)
	return list, err
}
