package voice

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
)

// QuestionState is where a question stands.
type QuestionState string

// A question is open until it is answered, which makes it public, or put away.
const (
	Open     QuestionState = "open"
	Answered QuestionState = "answered"
	PutAway  QuestionState = "hidden"
)

// Question is what somebody asked about a campaign or about an entry of the books, and the answer.
type Question struct {
	ID         uuid.UUID     `db:"id"`
	CampaignID int           `db:"campaign_id"` // 0: of an entry
	EntrySeq   int64         `db:"entry_seq"`   // 0: of a campaign
	DueOn      *time.Time    `db:"due_on"`      // the day by which a question about an entry is answered
	State      QuestionState `db:"state"`
	Body       string        `db:"body"`   // plain text
	Answer     string        `db:"answer"` // Markdown
	AskedAt    time.Time     `db:"asked_at"`
	AnsweredBy string        `db:"answered_by"` // Campaigner, or "user:…"
	AnsweredAt *time.Time    `db:"answered_at"`
	Asker
}

// Asker is who asked; empty once it is forgotten.
type Asker struct {
	Name  string `db:"name"`
	Email string `db:"email"`
	Lang  string `db:"lang"`
}

// PublicName is who asked as everybody sees it, masked; empty for nobody.
func (a Asker) PublicName() string { return campaigns.Mask(a.Name) }

// openMax is how many open questions a campaign may have: a flood stops there.
const openMax = 100

// Ask writes a question down for the staff and the campaigner; nobody else sees it. The same id again changes nothing.
// ErrNotFound for a draft, ErrTooMany.
func Ask(ctx context.Context, tx *sqlx.Tx, community int, q Question) (err error) {
	defer wrap(&err, "voice.Ask(%d, %d)", community, q.CampaignID)
	of, err := campaigns.CampaignAt(ctx, tx, community, q.CampaignID)
	if err != nil {
		return err
	}
	if of.State == campaigns.Draft {
		return ErrNotFound
	}
	var open int
	if err = tx.GetContext(ctx, &open, `SELECT count(*) FROM voice.question WHERE community_id = $1 AND campaign_id = $2 AND state = 'open'`, community, of.ID); err != nil {
		return err
	}
	if open >= openMax {
		return ErrTooMany
	}
	_, err = tx.ExecContext(ctx, `
		WITH asked AS (
		       INSERT INTO voice.question (community_id, id, campaign_id, body, asked_at) VALUES ($1, $2, $3, $4, $5)
		       ON CONFLICT (community_id, id) DO NOTHING RETURNING id)
		INSERT INTO voice.asker (community_id, question_id, name, email, lang)
		SELECT $1, id, $6, $7, $8 FROM asked WHERE $6 <> '' OR $7 <> ''`,
		community, q.ID, of.ID, q.Body, q.AskedAt, q.Name, q.Email, q.Lang)
	return err
}

// Answer answers a question, which makes it public, and leaves the letter to who asked in the outbox; a second answer
// mends the first, without a letter. ErrNotFound, also for a question of another campaign; ErrState if it was put away.
func Answer(ctx context.Context, tx *sqlx.Tx, community, campaign int, id uuid.UUID, answer, by string, at time.Time) (err error) {
	defer wrap(&err, "voice.Answer(%d, %s)", community, id)
	q, err := QuestionAt(ctx, tx, community, campaign, id)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE voice.question SET state = 'answered', answer = $3, answered_by = $4, answered_at = coalesce(answered_at, $5)
		 WHERE community_id = $1 AND id = $2 AND state <> 'hidden'`, community, id, answer, by, at)
	if err = moved(result, err, ErrState); err != nil || q.State != Open || q.Email == "" {
		return err
	}
	m, err := outbox.New(questionAnswered, aboutQuestion{id})
	if err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, community, m)
}

// PutAwayQuestion takes a question from all pages, and forgets who asked. ErrNotFound.
func PutAwayQuestion(ctx context.Context, tx *sqlx.Tx, community, campaign int, id uuid.UUID) (err error) {
	defer wrap(&err, "voice.PutAwayQuestion(%d, %s)", community, id)
	if _, err = QuestionAt(ctx, tx, community, campaign, id); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE voice.question SET state = 'hidden' WHERE community_id = $1 AND id = $2`, community, id); err != nil {
		return err
	}
	return ForgetAsker(ctx, tx, community, id)
}

// ForgetAsker erases who asked a question (PIPL Art. 47); the question stays.
func ForgetAsker(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "voice.ForgetAsker(%d, %s)", community, id)
	_, err = tx.ExecContext(ctx, `DELETE FROM voice.asker WHERE community_id = $1 AND question_id = $2`, community, id)
	return err
}

const selectQuestion = `
	SELECT q.id, coalesce(q.campaign_id, 0) AS campaign_id, coalesce(q.entry_seq, 0) AS entry_seq, q.due_on, q.state, q.body, q.answer, q.asked_at, q.answered_by, q.answered_at, coalesce(a.name, '') AS name,
	       coalesce(a.email, '') AS email, coalesce(a.lang, '') AS lang
	  FROM voice.question q LEFT JOIN voice.asker a ON a.community_id = q.community_id AND a.question_id = q.id
	 WHERE q.community_id = $1`

// QuestionAt reads a question of a campaign (0: of any); ErrNotFound.
func QuestionAt(ctx context.Context, q sqlx.QueryerContext, community, campaign int, id uuid.UUID) (found Question, err error) {
	defer wrap(&err, "voice.QuestionAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &found, selectQuestion+` AND ($2 = 0 OR q.campaign_id = $2) AND q.id = $3`, community, campaign, id)
	return found, err
}

const questionsMax = 200

// Questions reads questions of a state, the oldest first, of one campaign or (0) of all.
func Questions(ctx context.Context, q sqlx.QueryerContext, community, campaign int, state QuestionState) (list []Question, err error) {
	defer wrap(&err, "voice.Questions(%d, %d)", community, campaign)
	err = sqlx.SelectContext(ctx, q, &list, selectQuestion+` AND ($2 = 0 OR q.campaign_id = $2) AND q.state = $3 ORDER BY q.asked_at, q.id LIMIT $4`,
		community, campaign, state, questionsMax)
	return list, err
}
