package auth

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/pquerna/otp/totp"
	"golang.org/x/text/unicode/norm"
)

const stepSeconds = 30 // RFC 6238, and what every authenticator app expects

// dropPendingTOTP stands in an UPDATE that changes a password: an enrolment begun under the old one may
// have been seen by whoever knew it.
const dropPendingTOTP = `totp_secret = CASE WHEN totp_confirmed_at IS NULL THEN NULL ELSE totp_secret END`

// mustEnrol tells whether one of the user's roles asks for a code device and there is none.
func (g *Gate) mustEnrol(u User) bool {
	if u.HasTOTP {
		return false
	}
	for _, roles := range u.Roles {
		if slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(g.Policy.TOTPRoles, r) }) {
			return true
		}
	}
	return false
}

// Enrolment is what a code device needs to know.
type Enrolment struct {
	Secret string // base32, to be typed where no camera is at hand
	URL    string // otpauth://…, to be shown as a QR code
}

// EnrolTOTP starts the enrolment of a code device, or shows the one started and not yet confirmed. The
// issuer is the name that the device will show. Errors: ErrTOTPEnrolled (ask for ResetTOTP),
// ErrPasswordTemporary.
func (g *Gate) EnrolTOTP(ctx context.Context, tx *sqlx.Tx, s Session, issuer string) (Enrolment, error) {
	u, err := lockTOTP(ctx, tx, s.UserID)
	switch {
	case err != nil:
		return Enrolment{}, err
	case u.Confirmed:
		return Enrolment{}, ErrTOTPEnrolled
	case u.PasswordTemporary:
		return Enrolment{}, ErrPasswordTemporary
	}
	opts := totp.GenerateOpts{Issuer: issuer, AccountName: s.User.Login}
	if u.Secret.Valid {
		if opts.Secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.Secret.String); err != nil {
			return Enrolment{}, fmt.Errorf("auth: enrol: %w", err)
		}
	}
	key, err := totp.Generate(opts)
	if err != nil {
		return Enrolment{}, fmt.Errorf("auth: enrol: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE auth.user SET totp_secret = $2 WHERE id = $1`, s.UserID, key.Secret())
	if err != nil {
		return Enrolment{}, fmt.Errorf("auth: enrol: %w", err)
	}
	return Enrolment{Secret: key.Secret(), URL: key.URL()}, nil
}

// ConfirmTOTP ends the enrolment with the device's first code and returns the session under a new token.
// Errors: ErrTOTPNotStarted, ErrTOTPEnrolled, ErrTOTPWrong.
func (g *Gate) ConfirmTOTP(ctx context.Context, tx *sqlx.Tx, s Session, code string, from From) (Session, error) {
	u, err := lockTOTP(ctx, tx, s.UserID)
	switch {
	case err != nil:
		return Session{}, err
	case u.Confirmed:
		return Session{}, ErrTOTPEnrolled
	case !u.Secret.Valid:
		return Session{}, ErrTOTPNotStarted
	}
	step, ok := codeStep(u.Secret.String, code, g.now())
	if !ok {
		return Session{}, ErrTOTPWrong
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE auth.user SET totp_confirmed_at = $2, totp_last_step = $3 WHERE id = $1`, s.UserID, g.now(), step)
	if err != nil {
		return Session{}, fmt.Errorf("auth: confirm code device: %w", err)
	}
	if s, err = g.rotate(ctx, tx, s); err != nil {
		return Session{}, err
	}
	return s, Record(ctx, tx, Event{User: s.UserID, Verb: "user.enrol_totp", Subject: UserSubject(s.UserID), From: from})
}

type totpState struct {
	Secret            sql.NullString `db:"totp_secret"`
	Confirmed         bool           `db:"confirmed"`
	PasswordTemporary bool           `db:"password_temporary"`
}

func lockTOTP(ctx context.Context, tx *sqlx.Tx, user uuid.UUID) (u totpState, err error) {
	err = tx.GetContext(ctx, &u, `
		SELECT totp_secret, totp_confirmed_at IS NOT NULL AS confirmed, password_temporary
		  FROM auth.user WHERE id = $1 FOR UPDATE`, user)
	if errors.Is(err, sql.ErrNoRows) {
		return u, ErrUserUnknown
	}
	if err != nil {
		return u, fmt.Errorf("auth: code device: %w", err)
	}
	return u, nil
}

// codeStep finds the step the code belongs to: the current one, or a neighbour for a clock that is off.
func codeStep(secret, code string, now time.Time) (step int64, ok bool) {
	code = strings.ReplaceAll(norm.NFKC.String(code), " ", "")
	current := now.Unix() / stepSeconds
	for _, s := range []int64{current, current - 1, current + 1} {
		want, err := totp.GenerateCode(secret, time.Unix(s*stepSeconds, 0))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}
