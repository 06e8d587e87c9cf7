package voice

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/outbox"
)

// Kind says what a post is.
type Kind string

// The kinds of post. A campaign has many updates and one note of thanks.
const (
	Update Kind = "update"
	Thanks Kind = "thanks"
)

// PostState is where a post stands.
type PostState string

// A post is written, handed to the staff if the campaigner wrote it, and published or declined.
const (
	PostDraft     PostState = "draft"
	PostSubmitted PostState = "submitted"
	PostPublished PostState = "published"
	PostDeclined  PostState = "declined" // also one that was taken back
)

// Post is an update, or the thanks, of a campaign. The English texts may be empty: the Chinese ones stand in.
type Post struct {
	ID         int        `db:"id"`
	CampaignID int        `db:"campaign_id"`
	Kind       Kind       `db:"kind"`
	State      PostState  `db:"state"`
	TitleZH    string     `db:"title_zh"`
	TitleEN    string     `db:"title_en"`
	BodyZH     string     `db:"body_zh"` // Markdown
	BodyEN     string     `db:"body_en"`
	By         string     `db:"by_whom"` // Campaigner, or "user:…"
	CreatedAt  time.Time  `db:"created_at"`
	DecidedBy  string     `db:"decided_by"`
	DecidedAt  *time.Time `db:"decided_at"`
	Why        string     `db:"why"` // it was declined
}

// Title is the post's title in the reader's language.
func (p Post) Title(lang string) string { return inLanguage(lang, p.TitleZH, p.TitleEN) }

// Body is the post's text in Markdown, in the reader's language.
func (p Post) Body(lang string) string { return inLanguage(lang, p.BodyZH, p.BodyEN) }

// Open tells whether it may still be written in.
func (p Post) Open() bool { return p.State == PostDraft || p.State == PostSubmitted }

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}

// WritePost writes a new post down as a draft. ErrThanked if it is a second note of thanks.
func WritePost(ctx context.Context, tx *sqlx.Tx, community int, p Post) (_ Post, err error) {
	defer wrap(&err, "voice.WritePost(%d, %d)", community, p.CampaignID)
	p.State = PostDraft
	err = tx.GetContext(ctx, &p.ID, `
		INSERT INTO voice.post (community_id, id, campaign_id, kind, title_zh, title_en, body_zh, body_en, by_whom, created_at)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM voice.post WHERE community_id = $1 RETURNING id`,
		community, p.CampaignID, p.Kind, p.TitleZH, p.TitleEN, p.BodyZH, p.BodyEN, p.By, p.CreatedAt)
	return p, err
}

// EditPost changes the texts of a post. The staff may mend a published one; the letters are gone. ErrState.
func EditPost(ctx context.Context, tx *sqlx.Tx, community int, p Post) (err error) {
	defer wrap(&err, "voice.EditPost(%d, %d)", community, p.ID)
	result, err := tx.ExecContext(ctx, `
		UPDATE voice.post SET title_zh = $3, title_en = $4, body_zh = $5, body_en = $6 WHERE community_id = $1 AND id = $2 AND state <> 'declined'`,
		community, p.ID, p.TitleZH, p.TitleEN, p.BodyZH, p.BodyEN)
	return moved(result, err, ErrState)
}

// EditOwnPost changes a campaigner's draft, which is theirs until they hand it in. ErrState.
func EditOwnPost(ctx context.Context, tx *sqlx.Tx, community int, p Post) (err error) {
	defer wrap(&err, "voice.EditOwnPost(%d, %d)", community, p.ID)
	result, err := tx.ExecContext(ctx, `
		UPDATE voice.post SET title_zh = $3, body_zh = $4 WHERE community_id = $1 AND id = $2 AND state = 'draft' AND by_whom = 'campaigner'`,
		community, p.ID, p.TitleZH, p.BodyZH)
	return moved(result, err, ErrState)
}

// SubmitPost hands a campaigner's draft to the staff. ErrState.
func SubmitPost(ctx context.Context, tx *sqlx.Tx, community, id int) (err error) {
	defer wrap(&err, "voice.SubmitPost(%d, %d)", community, id)
	result, err := tx.ExecContext(ctx, `UPDATE voice.post SET state = 'submitted' WHERE community_id = $1 AND id = $2 AND state = 'draft'`, community, id)
	return moved(result, err, ErrState)
}

// DeclinePost keeps a post from the public, or takes a published one back, with the reason. What letters are not sent yet
// will not be. ErrNoReason, ErrState.
func DeclinePost(ctx context.Context, tx *sqlx.Tx, community, id int, who, why string, at time.Time) (err error) {
	defer wrap(&err, "voice.DeclinePost(%d, %d)", community, id)
	if why == "" {
		return ErrNoReason
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE voice.post SET state = 'declined', decided_by = $3, decided_at = $4, why = $5
		 WHERE community_id = $1 AND id = $2 AND state <> 'declined'`, community, id, who, at, why)
	return moved(result, err, ErrState)
}

// letterBatch is how many letters one message of the outbox sends.
const letterBatch = 40

// PublishPost shows a post to the public and writes down one letter for each giver of the campaign who asked for mail;
// it returns how many. ErrState if the post is not open or its campaign still a draft.
func PublishPost(ctx context.Context, tx *sqlx.Tx, community, id int, who string, at time.Time) (letters int, err error) {
	defer wrap(&err, "voice.PublishPost(%d, %d)", community, id)
	p, err := PostAt(ctx, tx, community, id)
	if err != nil {
		return 0, err
	}
	of, err := campaigns.CampaignAt(ctx, tx, community, p.CampaignID)
	if err != nil {
		return 0, err
	}
	if of.State == campaigns.Draft {
		return 0, ErrState
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE voice.post SET state = 'published', decided_by = $3, decided_at = $4
		 WHERE community_id = $1 AND id = $2 AND state IN ('draft', 'submitted')`, community, id, who, at)
	if err = moved(result, err, ErrState); err != nil {
		return 0, err
	}
	var batches []int
	err = tx.SelectContext(ctx, &batches, `
		INSERT INTO voice.letter (community_id, post_id, donation_id, batch)
		SELECT $1, $2, g.donation_id, (row_number() OVER (ORDER BY g.donation_id) - 1) / $4
		  FROM (SELECT DISTINCT ON (lower(n.email)) f.donation_id`+following+` AND f.campaign_id = $3
		         ORDER BY lower(n.email), f.donation_id) g
		RETURNING batch`, community, id, p.CampaignID, letterBatch)
	if err != nil {
		return 0, err
	}
	var messages []outbox.Message
	for batch := range (len(batches) + letterBatch - 1) / letterBatch {
		m, err := outbox.New(postPublished, aboutPost{id, batch})
		if err != nil {
			return 0, err
		}
		messages = append(messages, m)
	}
	return len(batches), outbox.Enqueue(ctx, tx, community, messages...)
}

const selectPost = `
	SELECT id, campaign_id, kind, state, title_zh, title_en, body_zh, body_en, by_whom, created_at, decided_by, decided_at, why
	  FROM voice.post WHERE community_id = $1`

// PostAt reads a post; ErrNotFound.
func PostAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (p Post, err error) {
	defer wrap(&err, "voice.PostAt(%d, %d)", community, id)
	err = sqlx.GetContext(ctx, q, &p, selectPost+` AND id = $2`, community, id)
	return p, err
}

const postsMax = 200

// Posts reads a campaign's posts of some states, the newest first.
func Posts(ctx context.Context, q sqlx.QueryerContext, community, campaign int, states ...PostState) (list []Post, err error) {
	defer wrap(&err, "voice.Posts(%d, %d)", community, campaign)
	err = sqlx.SelectContext(ctx, q, &list, selectPost+` AND campaign_id = $2 AND state = ANY ($3)
		ORDER BY coalesce(decided_at, created_at) DESC, id DESC LIMIT $4`, community, campaign, pq.Array(states), postsMax)
	return list, err
}

// PostsToReview reads what campaigners handed in, of all campaigns, the oldest first.
func PostsToReview(ctx context.Context, q sqlx.QueryerContext, community int) (list []Post, err error) {
	defer wrap(&err, "voice.PostsToReview(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, selectPost+` AND state = 'submitted' ORDER BY id LIMIT $2`, community, postsMax)
	return list, err
}

// ThanksOf reads the published thanks of a campaign; nil where there are none.
func ThanksOf(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (p *Post, err error) {
	defer wrap(&err, "voice.ThanksOf(%d, %d)", community, campaign)
	var found []Post
	err = sqlx.SelectContext(ctx, q, &found, selectPost+` AND campaign_id = $2 AND kind = 'thanks' AND state = 'published'`, community, campaign)
	if len(found) == 0 {
		return nil, err
	}
	return &found[0], err
}
