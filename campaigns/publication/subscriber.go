package publication

import (
	"context"
	"crypto/rand"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
)

// Subscriber is somebody who wants new reports by mail.
type Subscriber struct {
	ID          uuid.UUID  `db:"id"`
	Email       string     `db:"email"`
	Lang        string     `db:"lang"`
	Token       string     `db:"token"` // ends the letters, and confirms the address before
	AskedAt     time.Time  `db:"asked_at"`
	ConfirmedAt *time.Time `db:"confirmed_at"`
}

// askAgain is how long an address that is not confirmed gets no second letter: nobody can flood a stranger with them.
const askAgain = 24 * time.Hour

// Subscribe writes down an address that is to get new reports, once its reader has confirmed it; a letter asks. What it does is
// the same to look at, whether the address is known or not. ErrAddress.
func Subscribe(ctx context.Context, tx *sqlx.Tx, community int, email, lang string, at time.Time) (err error) {
	defer wrap(&err, "publication.Subscribe(%d)", community)
	email = strings.TrimSpace(email)
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email || len(email) > 254 {
		return ErrAddress
	}
	var asked []uuid.UUID
	err = tx.SelectContext(ctx, &asked, `
		INSERT INTO publication.subscriber AS s (community_id, id, email, lang, token, asked_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (community_id, lower(email)) DO UPDATE SET lang = EXCLUDED.lang, asked_at = EXCLUDED.asked_at
		 WHERE s.confirmed_at IS NULL AND s.asked_at < EXCLUDED.asked_at - $7 * interval '1 second'
		RETURNING id`, community, uuid.Must(uuid.NewV7()), email, lang, strings.ToLower(rand.Text()), at, askAgain.Seconds())
	if err != nil || len(asked) == 0 {
		return err
	}
	m, err := outbox.New(subscriptionAsked, aboutReport{Subscriber: asked[0]})
	if err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, community, m)
}

// FindSubscriber reads whose letters a token is about; ErrNotFound once they have ended.
func FindSubscriber(ctx context.Context, q sqlx.QueryerContext, community int, token string) (s Subscriber, err error) {
	defer wrap(&err, "publication.FindSubscriber(%d)", community)
	err = sqlx.GetContext(ctx, q, &s, selectSubscriber+` AND token = $2`, community, token)
	return s, err
}

const selectSubscriber = `SELECT id, email, lang, token, asked_at, confirmed_at FROM publication.subscriber WHERE community_id = $1`

func subscriberAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (s Subscriber, err error) {
	err = sqlx.GetContext(ctx, q, &s, selectSubscriber+` AND id = $2`, community, id)
	return s, err
}

// Confirm begins the letters to an address. ErrNotFound.
func Confirm(ctx context.Context, tx *sqlx.Tx, community int, token string, at time.Time) (err error) {
	defer wrap(&err, "publication.Confirm(%d)", community)
	var id uuid.UUID
	return tx.GetContext(ctx, &id, `
		UPDATE publication.subscriber SET confirmed_at = coalesce(confirmed_at, $3) WHERE community_id = $1 AND token = $2 RETURNING id`, community, token, at)
}

// End ends the letters and forgets the address. Ending what has ended is fine.
func End(ctx context.Context, tx *sqlx.Tx, community int, token string) (err error) {
	defer wrap(&err, "publication.End(%d)", community)
	_, err = tx.ExecContext(ctx, `DELETE FROM publication.subscriber WHERE community_id = $1 AND token = $2`, community, token)
	return err
}

// ForgetAddress erases an address (PIPL Art. 47).
func ForgetAddress(ctx context.Context, tx *sqlx.Tx, community int, email string) (err error) {
	defer wrap(&err, "publication.ForgetAddress(%d)", community)
	_, err = tx.ExecContext(ctx, `DELETE FROM publication.subscriber WHERE community_id = $1 AND lower(email) = lower($2)`, community, email)
	return err
}

// Subscribers counts the confirmed addresses.
func Subscribers(ctx context.Context, q sqlx.QueryerContext, community int) (n int, err error) {
	defer wrap(&err, "publication.Subscribers(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM publication.subscriber WHERE community_id = $1 AND confirmed_at IS NOT NULL`, community)
	return n, err
}

// Sweep forgets the addresses that nobody has confirmed since a moment.
func Sweep(ctx context.Context, tx *sqlx.Tx, community int, before time.Time) (err error) {
	defer wrap(&err, "publication.Sweep(%d)", community)
	_, err = tx.ExecContext(ctx, `DELETE FROM publication.subscriber WHERE community_id = $1 AND confirmed_at IS NULL AND asked_at < $2`, community, before)
	return err
}
