package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/ledger"
)

// ErrResetOver: the link was used, has run out, or never was; one answer for all of them.
var ErrResetOver = errors.New("auth: the link to a new password is over")

// How long the link of a mailed reset works, and how many letters an hour one login gets.
const (
	ResetLife    = 30 * time.Minute
	resetsAnHour = 3
)

// Reset is somebody's wish to choose a new password, proved by reading their mail.
type Reset struct {
	ID   uuid.UUID
	User User
	Lang string // of the page on which they asked
}

// ResetAsked is the outbox's payload of the kind password_reset: a letter to write.
type ResetAsked struct {
	Reset uuid.UUID `json:"reset"`
}

// AskReset leaves a letter with a link to a new password in the outbox, if the login is a mail address with which somebody may
// log in. It tells its caller nothing about that, and too many wishes for one login go unheard.
func (g *Gate) AskReset(ctx context.Context, db *sqlx.DB, login, lang string, from From) error {
	login = normalLogin(login)
	if ok, _, err := g.Allow(ctx, db, "reset:"+login, resetsAnHour, time.Hour); err != nil || !ok {
		return err
	}
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		u, err := g.FindLogin(ctx, tx, login)
		if errors.Is(err, ErrUserUnknown) || err == nil && (u.DisabledAt != nil || len(u.Roles) == 0 || !strings.Contains(login, "@")) {
			return nil
		}
		if err != nil {
			return err
		}
		r := Reset{ID: uuid.Must(uuid.NewV7()), User: u, Lang: lang}
		_, err = tx.ExecContext(ctx, `INSERT INTO auth.reset (id, user_id, lang, expires_at) VALUES ($1, $2, $3, $4)`,
			r.ID, u.ID, lang, g.now().Add(ResetLife))
		if err != nil {
			return fmt.Errorf("auth: ask reset: %w", err)
		}
		letter, err := outbox.New("password_reset", ResetAsked{r.ID})
		if err != nil {
			return err
		}
		if err := outbox.Enqueue(ctx, tx, slices.Min(slices.Collect(maps.Keys(u.Roles))), letter); err != nil {
			return err
		}
		return Record(ctx, tx, Event{User: u.ID, Verb: "user.ask_reset", Subject: UserSubject(u.ID), From: from})
	})
}

// FindReset reads a wish that still holds; ErrResetOver.
func (g *Gate) FindReset(ctx context.Context, q sqlx.QueryerContext, id uuid.UUID) (Reset, error) {
	var row struct {
		User uuid.UUID `db:"user_id"`
		Lang string    `db:"lang"`
	}
	err := sqlx.GetContext(ctx, q, &row, `SELECT user_id, lang FROM auth.reset WHERE id = $1 AND used_at IS NULL AND expires_at > $2`, id, g.now())
	if errors.Is(err, sql.ErrNoRows) {
		return Reset{}, ErrResetOver
	}
	if err != nil {
		return Reset{}, fmt.Errorf("auth: find reset: %w", err)
	}
	u, err := g.FindUser(ctx, q, row.User)
	if err == nil && u.DisabledAt != nil {
		err = ErrResetOver
	}
	return Reset{id, u, row.Lang}, err
}

// ResetPassword uses a wish up: it sets the new password, ends all sessions and every other wish of the user. It opens no
// session, and a code device stays needed. Errors: ErrResetOver, ErrPasswordWeak, ErrBusy.
func (g *Gate) ResetPassword(ctx context.Context, db *sqlx.DB, id uuid.UUID, chosen string, from From) error {
	r, err := g.FindReset(ctx, db, id)
	if err != nil {
		return err
	}
	if err := CheckPassword(r.User.Login, chosen); err != nil {
		return err
	}
	hash, err := hashPassword(ctx, chosen)
	if err != nil {
		return err
	}
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		used, err := tx.ExecContext(ctx, `UPDATE auth.reset SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2`, id, g.now())
		if err != nil {
			return fmt.Errorf("auth: use reset: %w", err)
		}
		if n, err := used.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrResetOver, err)
		}
		if _, err = tx.ExecContext(ctx, `UPDATE auth.reset SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL`, r.User.ID, g.now()); err != nil {
			return fmt.Errorf("auth: use up resets: %w", err)
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE auth.user SET password_hash = $2, password_temporary = false, `+dropPendingTOTP+` WHERE id = $1`, r.User.ID, hash)
		if err != nil {
			return fmt.Errorf("auth: reset password: %w", err)
		}
		if err := endSessions(ctx, tx, r.User.ID, uuid.Nil); err != nil {
			return err
		}
		return Record(ctx, tx, Event{User: r.User.ID, Verb: "user.reset_password", Subject: UserSubject(r.User.ID), From: from})
	})
}
