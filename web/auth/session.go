package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Session is one browser somebody is logged in with.
type Session struct {
	ID          uuid.UUID `db:"id"` // names it in a list; of no use for logging in
	Token       string    `db:"-"`  // for the cookie; set only when it is new
	UserID      uuid.UUID `db:"user_id"`
	User        User      `db:"-"` // as of this request; not set by Sessions
	CreatedAt   time.Time `db:"created_at"`
	SeenAt      time.Time `db:"seen_at"`       // to the minute
	SteppedUpAt time.Time `db:"stepped_up_at"` // when its owner last proved who they are
	Agent       string    `db:"agent"`         // "WeChat, Android"
	Address     string    `db:"address"`       // "203.0.113.0/24"
}

const sessionColumns = `s.id, s.user_id, s.created_at, s.seen_at, s.stepped_up_at, s.agent, s.address`

// newToken returns 256 random bits for the cookie.
func newToken() string {
	bits := make([]byte, 32)
	_, _ = rand.Read(bits) // never fails: the runtime stops the program instead
	return base64.RawURLEncoding.EncodeToString(bits)
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// open starts a session for the user.
func (g *Gate) open(ctx context.Context, tx *sqlx.Tx, user uuid.UUID, from From) (Session, error) {
	now := g.now()
	s := Session{
		ID: uuid.Must(uuid.NewV7()), Token: newToken(), UserID: user,
		CreatedAt: now, SeenAt: now, SteppedUpAt: now, Agent: from.Agent(), Address: from.Network(),
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO auth.session (id, token_hash, user_id, created_at, seen_at, stepped_up_at, agent, address)
		VALUES ($1, $2, $3, $4, $4, $4, $5, $6)`, s.ID, hashToken(s.Token), user, now, s.Agent, s.Address)
	if err != nil {
		return Session{}, fmt.Errorf("auth: open session: %w", err)
	}
	s.User, err = g.FindUser(ctx, tx, user)
	return s, err
}

// rotate gives the session a new token after its owner has proved who they are; the old one is dead.
func (g *Gate) rotate(ctx context.Context, tx *sqlx.Tx, s Session) (Session, error) {
	now := g.now()
	s.Token, s.SeenAt, s.SteppedUpAt = newToken(), now, now
	done, err := tx.ExecContext(ctx, `
		UPDATE auth.session SET token_hash = $2, seen_at = $3, stepped_up_at = $3 WHERE id = $1`,
		s.ID, hashToken(s.Token), now)
	if err != nil {
		return Session{}, fmt.Errorf("auth: rotate session: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 { // it was ended meanwhile
		return Session{}, errors.Join(ErrNotLoggedIn, err)
	}
	s.User, err = g.FindUser(ctx, tx, s.UserID)
	return s, err
}

// Find returns the live session with the token, or ErrNotLoggedIn: unknown, idle too long, too old, or
// its user disabled.
func (g *Gate) Find(ctx context.Context, q sqlx.QueryerContext, token string) (Session, error) {
	var s Session
	err := sqlx.GetContext(ctx, q, &s, `
		SELECT `+sessionColumns+` FROM auth.session s
		 WHERE s.token_hash = $1 AND s.seen_at > $2 AND s.created_at > $3`,
		hashToken(token), g.now().Add(-g.Policy.Idle), g.now().Add(-g.Policy.Absolute))
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, ErrNotLoggedIn
	}
	if err != nil {
		return Session{}, fmt.Errorf("auth: find session: %w", err)
	}
	if s.User, err = g.FindUser(ctx, q, s.UserID); err != nil {
		return Session{}, err
	}
	if s.User.DisabledAt != nil {
		return Session{}, ErrNotLoggedIn
	}
	return s, nil
}

// Touch keeps the session from idling out. It writes at most once a minute.
func (g *Gate) Touch(ctx context.Context, q sqlx.ExecerContext, s Session) error {
	now := g.now()
	if now.Sub(s.SeenAt) < time.Minute {
		return nil
	}
	_, err := q.ExecContext(ctx, `
		UPDATE auth.session SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, s.ID, now)
	if err != nil {
		return fmt.Errorf("auth: touch session: %w", err)
	}
	return nil
}

// Fresh tells whether the session's owner proved who they are within Policy.StepUp.
func (g *Gate) Fresh(s Session) bool { return g.now().Sub(s.SteppedUpAt) < g.Policy.StepUp }

// Sessions lists the user's live sessions, the last used first.
func (g *Gate) Sessions(ctx context.Context, q sqlx.QueryerContext, user uuid.UUID) ([]Session, error) {
	var sessions []Session
	err := sqlx.SelectContext(ctx, q, &sessions, `
		SELECT `+sessionColumns+` FROM auth.session s
		 WHERE s.user_id = $1 AND s.seen_at > $2 AND s.created_at > $3
		 ORDER BY s.seen_at DESC, s.id DESC`,
		user, g.now().Add(-g.Policy.Idle), g.now().Add(-g.Policy.Absolute))
	if err != nil {
		return nil, fmt.Errorf("auth: sessions: %w", err)
	}
	return sessions, nil
}

// LogOut ends the session itself.
func (g *Gate) LogOut(ctx context.Context, tx *sqlx.Tx, s Session, from From) error {
	return g.EndSession(ctx, tx, s, s.ID, from)
}

// EndSession ends one of the sessions of s's user; somebody else's is left alone, and one that is gone
// already is no error.
func (g *Gate) EndSession(ctx context.Context, tx *sqlx.Tx, s Session, id uuid.UUID, from From) error {
	done, err := tx.ExecContext(ctx, `DELETE FROM auth.session WHERE id = $1 AND user_id = $2`, id, s.UserID)
	if err != nil {
		return fmt.Errorf("auth: end session: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	verb := "session.end"
	if id == s.ID {
		verb = "session.log_out"
	}
	return Record(ctx, tx, Event{User: s.UserID, Verb: verb, Subject: sessionSubject(id), From: from})
}

// EndOtherSessions ends all sessions of s's user but s.
func (g *Gate) EndOtherSessions(ctx context.Context, tx *sqlx.Tx, s Session, from From) error {
	if err := endSessions(ctx, tx, s.UserID, s.ID); err != nil {
		return err
	}
	return Record(ctx, tx, Event{User: s.UserID, Verb: "session.end_others", Subject: UserSubject(s.UserID), From: from})
}

func endSessions(ctx context.Context, tx *sqlx.Tx, user, except uuid.UUID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM auth.session WHERE user_id = $1 AND id <> $2`, user, except)
	if err != nil {
		return fmt.Errorf("auth: end sessions: %w", err)
	}
	return nil
}

func sessionSubject(id uuid.UUID) string { return "session:" + id.String() }

// Sweep deletes what has run out: sessions, failures of more than a day ago, old rate limits, links to new passwords. Run it
// every hour or so.
func (g *Gate) Sweep(ctx context.Context, db *sqlx.DB) error {
	now := g.now()
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		for _, sweep := range []struct {
			query string
			args  []any
		}{
			{
				`DELETE FROM auth.session WHERE seen_at <= $1 OR created_at <= $2`,
				[]any{now.Add(-g.Policy.Idle), now.Add(-g.Policy.Absolute)},
			},
			{`DELETE FROM auth.login_attempt WHERE last_at < $1`, []any{now.AddDate(0, 0, -1)}},
			{`DELETE FROM auth.rate_limit WHERE resets_at <= $1`, []any{now}},
			{`DELETE FROM auth.reset WHERE expires_at <= $1`, []any{now}},
		} {
			if _, err := tx.ExecContext(ctx, sweep.query, sweep.args...); err != nil {
				return fmt.Errorf("auth: sweep: %w", err)
			}
		}
		return nil
	})
}
