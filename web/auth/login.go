package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// LogIn opens a session for whoever knows the password and, once a code device is enrolled, shows its
// six digits. Errors: ErrLocked, ErrBusy, ErrWrongPassword, ErrTOTPNeeded (call again with the code),
// ErrTOTPWrong. See User.PasswordTemporary and User.MustEnrol for what the new session must do first.
func (g *Gate) LogIn(ctx context.Context, db *sqlx.DB, login, password, totp string, from From) (s Session, err error) {
	p := proof{login: normalLogin(login), password: password, code: totp, wantCode: true, from: from}
	err = g.prove(ctx, db, p, func(tx *sqlx.Tx, user uuid.UUID) error {
		if s, err = g.open(ctx, tx, user, from); err != nil {
			return err
		}
		return Record(ctx, tx, Event{User: user, Verb: "session.log_in", Subject: sessionSubject(s.ID), From: from})
	})
	return s, err
}

// StepUp asks the session's owner once more who they are, before something that matters, and returns the
// session under a new token. Errors as for LogIn.
func (g *Gate) StepUp(ctx context.Context, db *sqlx.DB, s Session, password, totp string, from From) (Session, error) {
	p := proof{login: s.User.Login, password: password, code: totp, wantCode: true, from: from}
	err := g.prove(ctx, db, p, func(tx *sqlx.Tx, user uuid.UUID) (err error) {
		if s, err = g.rotate(ctx, tx, s); err != nil {
			return err
		}
		return Record(ctx, tx, Event{User: user, Verb: "session.step_up", Subject: sessionSubject(s.ID), From: from})
	})
	return s, err
}

// ChangePassword replaces one's own password, ends one's other sessions and returns this one under a new
// token. Errors: ErrPasswordWeak (also for the old one again), ErrLocked, ErrBusy, ErrWrongPassword.
func (g *Gate) ChangePassword(ctx context.Context, db *sqlx.DB, s Session, old, chosen string, from From) (Session, error) {
	if err := CheckPassword(s.User.Login, chosen); err != nil {
		return Session{}, err
	}
	if chosen == old {
		return Session{}, ErrPasswordWeak
	}
	hash, err := hashPassword(ctx, chosen)
	if err != nil {
		return Session{}, err
	}
	p := proof{login: s.User.Login, password: old, from: from}
	err = g.prove(ctx, db, p, func(tx *sqlx.Tx, user uuid.UUID) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE auth.user SET password_hash = $2, password_temporary = false, `+dropPendingTOTP+` WHERE id = $1`,
			user, hash)
		if err != nil {
			return fmt.Errorf("auth: change password: %w", err)
		}
		if err := endSessions(ctx, tx, user, s.ID); err != nil {
			return err
		}
		if s, err = g.rotate(ctx, tx, s); err != nil {
			return err
		}
		return Record(ctx, tx, Event{User: user, Verb: "user.change_password", Subject: UserSubject(user), From: from})
	})
	return s, err
}

// proof is what somebody offers to show who they are.
type proof struct {
	login, password, code string
	wantCode              bool
	from                  From
}

// credentials is what a proof is held against; the zero value is nobody's.
type credentials struct {
	ID       uuid.NullUUID `db:"id"`
	Hash     string        `db:"password_hash"`
	Secret   string        `db:"secret"` // of the confirmed code device, or ""
	Disabled bool          `db:"disabled"`
}

// prove runs then in a transaction if the proof holds. No transaction is open while a password is hashed.
// An unknown login takes the same steps as a known one.
func (g *Gate) prove(ctx context.Context, db *sqlx.DB, p proof, then func(tx *sqlx.Tx, user uuid.UUID) error) error {
	address, err := g.count(ctx, db, "address", p.from.Subscriber(), freePerAddress)
	if err != nil {
		return err
	}
	login, err := g.count(ctx, db, "login", p.login, freePerLogin)
	if err != nil { // an office behind one address is not locked by one member who keeps trying
		return errors.Join(err, address.giveBack(ctx, db))
	}
	known, step, err := g.check(ctx, db, p)
	if err == nil {
		err = ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
			if err := known.use(ctx, tx, step); err != nil {
				return err
			}
			if err := errors.Join(login.forgive(ctx, tx), address.giveBack(ctx, tx)); err != nil {
				return err
			}
			return then(tx, known.ID.UUID)
		})
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrWrongPassword), errors.Is(err, ErrTOTPWrong):
		return errors.Join(err, recordFailure(ctx, db, p, known.ID, err))
	default: // nothing was guessed, so nothing is counted; the caller may be gone already
		ctx = context.WithoutCancel(ctx)
		return errors.Join(err, login.giveBack(ctx, db), address.giveBack(ctx, db))
	}
}

// check compares the proof with the user's credentials, which it returns also with an error, and finds the
// step of the code to be used up (0 for none).
func (g *Gate) check(ctx context.Context, db *sqlx.DB, p proof) (known credentials, step int64, err error) {
	err = db.GetContext(ctx, &known, `
		SELECT id, password_hash, disabled_at IS NOT NULL AS disabled,
		       CASE WHEN totp_confirmed_at IS NULL THEN '' ELSE totp_secret END AS secret
		  FROM auth.user WHERE login = $1`, p.login)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return known, 0, fmt.Errorf("auth: credentials: %w", err)
	}
	right, err := g.matches(ctx, p.password, known.Hash)
	switch {
	case err != nil:
		return known, 0, err
	case !right || known.Disabled:
		return known, 0, ErrWrongPassword
	case !p.wantCode || known.Secret == "":
		return known, 0, nil
	case p.code == "":
		return known, 0, ErrTOTPNeeded
	}
	step, ok := codeStep(known.Secret, p.code, g.now())
	if !ok {
		return known, 0, ErrTOTPWrong
	}
	return known, step, nil
}

// use uses up the code of the step (0: there was none), so that it or an earlier one is never taken again,
// and makes sure that nobody changed the password or disabled the user since check.
func (known credentials) use(ctx context.Context, tx *sqlx.Tx, step int64) error {
	done, err := tx.ExecContext(ctx, `
		UPDATE auth.user SET totp_last_step = greatest(totp_last_step, $2)
		 WHERE id = $1 AND password_hash = $3 AND disabled_at IS NULL AND ($2 = 0 OR totp_last_step < $2)`,
		known.ID, step, known.Hash)
	if err != nil {
		return fmt.Errorf("auth: use credentials: %w", err)
	}
	n, err := done.RowsAffected()
	switch {
	case err != nil:
		return fmt.Errorf("auth: use credentials: %w", err)
	case n == 1:
		return nil
	case step > 0:
		return ErrTOTPWrong
	default:
		return ErrWrongPassword
	}
}

func recordFailure(ctx context.Context, db *sqlx.DB, p proof, user uuid.NullUUID, why error) error {
	what := "password"
	if errors.Is(why, ErrTOTPWrong) {
		what = "code"
	}
	event := Event{User: user.UUID, Verb: "session.refuse", From: p.from, Detail: map[string]any{"wrong": what}}
	if user.Valid {
		event.Subject = UserSubject(user.UUID)
	}
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error { return Record(ctx, tx, event) })
}
