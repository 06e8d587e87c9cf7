package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// ErrNotDead: there is no dead message of this id to retry.
var ErrNotDead = errors.New("outbox: no such dead message")

// Message is work to do.
type Message struct {
	CommunityID int             `db:"community_id"`
	ID          uuid.UUID       `db:"id"` // the idempotency key
	Kind        string          `db:"kind"`
	Payload     json.RawMessage `db:"payload"`
	NotBefore   time.Time       `db:"not_before"` // zero when enqueued: at once
	CreatedAt   time.Time       `db:"created_at"`
	Attempts    int             `db:"attempts"`   // begun so far, this one included
	LastError   string          `db:"last_error"` // why the latest attempt failed
	// Settled is a message with nothing left to do, enqueued for the record alone: no worker takes it.
	Settled bool `db:"-"`
}

// New makes a message due at once. Give it an ID of your own (a donation's, say) where the same work may be enqueued twice.
func New(kind string, payload any) (Message, error) {
	text, err := json.Marshal(payload)
	if err != nil {
		return Message{}, fmt.Errorf("outbox: payload of %q: %w", kind, err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Message{}, fmt.Errorf("outbox: id: %w", err)
	}
	return Message{ID: id, Kind: kind, Payload: text}, nil
}

// Enqueue remembers messages of one community in the caller's transaction, all in one statement. A message whose ID is known
// already is not remembered twice.
func Enqueue(ctx context.Context, tx *sqlx.Tx, communityID int, messages ...Message) error {
	if len(messages) == 0 {
		return nil
	}
	now := time.Now()
	ids, kinds, payloads := make([]string, len(messages)), make([]string, len(messages)), make([]string, len(messages))
	notBefore, settled := make([]string, len(messages)), make(pq.BoolArray, len(messages))
	for i, m := range messages {
		if m.ID == uuid.Nil { // two of them would be taken for one message
			return fmt.Errorf("outbox: a message of kind %q has no ID", m.Kind)
		}
		if m.NotBefore.IsZero() {
			m.NotBefore = now
		}
		ids[i], kinds[i], payloads[i], notBefore[i] = m.ID.String(), m.Kind, string(m.Payload), m.NotBefore.Format(time.RFC3339Nano)
		settled[i] = m.Settled
	}
	const q = `
		INSERT INTO outbox.message (community_id, id, kind, payload, not_before, done_at)
		SELECT $1, m.id, m.kind, m.payload, m.not_before, CASE WHEN m.settled THEN m.not_before END
		  FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::boolean[]) AS m (id, kind, payload, not_before, settled)
		ON CONFLICT (community_id, id) DO NOTHING`
	_, err := tx.ExecContext(ctx, q, communityID, pq.StringArray(ids), pq.StringArray(kinds), pq.StringArray(payloads),
		pq.StringArray(notBefore), settled)
	if err != nil {
		return fmt.Errorf("outbox: enqueue %d messages: %w", len(messages), err)
	}
	return nil
}

const columns = `community_id, id, kind, payload, not_before, created_at, attempts, last_error`

// Pending lists a community's messages still to be done, the next one due first.
func Pending(ctx context.Context, db sqlx.QueryerContext, communityID, limit int) ([]Message, error) {
	const q = `
		SELECT ` + columns + ` FROM outbox.message
		 WHERE community_id = $1 AND done_at IS NULL AND dead_at IS NULL
		 ORDER BY not_before, id LIMIT $2`
	return list(ctx, db, q, communityID, limit)
}

// Dead lists a community's messages that were given up, the oldest first. Staff see them and may Retry.
func Dead(ctx context.Context, db sqlx.QueryerContext, communityID, limit int) ([]Message, error) {
	const q = `
		SELECT ` + columns + ` FROM outbox.message
		 WHERE community_id = $1 AND dead_at IS NOT NULL
		 ORDER BY id LIMIT $2`
	return list(ctx, db, q, communityID, limit)
}

func list(ctx context.Context, db sqlx.QueryerContext, q string, args ...any) ([]Message, error) {
	var messages []Message
	if err := sqlx.SelectContext(ctx, db, &messages, q, args...); err != nil {
		return nil, fmt.Errorf("outbox: list: %w", err)
	}
	return messages, nil
}

// Retry gives a dead message all its attempts again, from now on. ErrNotDead if it is not dead.
func Retry(ctx context.Context, tx *sqlx.Tx, communityID int, id uuid.UUID) error {
	const q = `
		UPDATE outbox.message SET dead_at = NULL, attempts = 0, not_before = $3
		 WHERE community_id = $1 AND id = $2 AND dead_at IS NOT NULL`
	res, err := tx.ExecContext(ctx, q, communityID, id, time.Now())
	if err != nil {
		return fmt.Errorf("outbox: retry %s: %w", id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("%w: %s", ErrNotDead, id))
	}
	return nil
}

// Forget deletes messages done before a moment, at most 10,000 in one call, and says how many. Dead ones stay.
func Forget(ctx context.Context, tx *sqlx.Tx, doneBefore time.Time) (int64, error) {
	const q = `
		DELETE FROM outbox.message m
		 USING (SELECT community_id, id FROM outbox.message WHERE done_at < $1 ORDER BY done_at LIMIT 10000 FOR UPDATE SKIP LOCKED) old
		 WHERE m.community_id = old.community_id AND m.id = old.id`
	res, err := tx.ExecContext(ctx, q, doneBefore)
	if err != nil {
		return 0, fmt.Errorf("outbox: forget: %w", err)
	}
	return res.RowsAffected()
}
