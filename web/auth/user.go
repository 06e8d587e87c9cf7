package auth

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/text/unicode/norm"

	"fund/ledger"
)

// User is somebody who may log in. Users belong to the installation; Roles says to which communities.
type User struct {
	ID                uuid.UUID        `db:"id"`
	Login             string           `db:"login"` // an email address or a name, in lower case
	Name              string           `db:"name"`
	PasswordTemporary bool             `db:"password_temporary"` // somebody else chose it; see ChangePassword
	HasTOTP           bool             `db:"has_totp"`
	DisabledAt        *time.Time       `db:"disabled_at"`
	Roles             RolesByCommunity `db:"roles"`
	MustEnrol         bool             `db:"-"` // a role asks for a code device and there is none; see EnrolTOTP
}

// RolesByCommunity holds a user's roles under the community's id; a former member's are absent.
type RolesByCommunity map[int][]Role

// Scan reads the JSON object that the queries of this package build.
func (r *RolesByCommunity) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("auth: roles from %T", src)
	}
	return json.Unmarshal(text, r)
}

// UserSubject is how the audit log names a user as the subject of a verb.
func UserSubject(id uuid.UUID) string { return "user:" + id.String() }

const userColumns = `
	u.id, u.login, u.name, u.password_temporary, u.totp_confirmed_at IS NOT NULL AS has_totp, u.disabled_at,
	(SELECT coalesce(jsonb_object_agg(m.community_id, m.roles), '{}')
	   FROM auth.membership m WHERE m.user_id = u.id AND m.roles <> '{}') AS roles`

var loginPattern = regexp.MustCompile(`^[\p{L}\p{N}._%+@-]{2,254}$`)

// normalLogin folds width and case, so that Ｗang and wang are one login.
func normalLogin(login string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(login)))
}

// NewUser is what AddUser needs. The password is temporary: its owner must replace it at the first log-in,
// unless the operator at the command line says it is their own.
type NewUser struct {
	Login, Name, Password string
	OwnPassword           bool
}

// AddUser adds somebody without any role. Errors: ErrLoginUnusable, ErrLoginTaken, ErrNameMissing,
// ErrPasswordWeak, ErrForbidden.
func (g *Gate) AddUser(ctx context.Context, db *sqlx.DB, by By, n NewUser) (User, error) {
	u := User{ID: uuid.Must(uuid.NewV7()), Login: normalLogin(n.Login), Name: strings.TrimSpace(n.Name)}
	u.PasswordTemporary = !(n.OwnPassword && by.Operator)
	if !loginPattern.MatchString(u.Login) {
		return User{}, ErrLoginUnusable
	}
	if u.Name == "" {
		return User{}, ErrNameMissing
	}
	if err := CheckPassword(u.Login, n.Password); err != nil {
		return User{}, err
	}
	hash, err := hashPassword(ctx, n.Password)
	if err != nil {
		return User{}, err
	}
	err = ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		if err := g.mayManage(ctx, tx, by); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO auth.user (id, login, name, password_hash, password_temporary) VALUES ($1, $2, $3, $4, $5)`,
			u.ID, u.Login, u.Name, hash, u.PasswordTemporary)
		if hasCode(err, "23505") { // the id is fresh, so it is the login
			return ErrLoginTaken
		}
		if err != nil {
			return fmt.Errorf("auth: add user: %w", err)
		}
		return Record(ctx, tx, by.event("user.add", u.ID))
	})
	return u, err
}

// SetPassword gives somebody else a temporary password and ends their sessions. Errors: ErrUserUnknown,
// ErrPasswordWeak, ErrOneself, ErrForbidden. One's own is changed with ChangePassword.
func (g *Gate) SetPassword(ctx context.Context, db *sqlx.DB, by By, id uuid.UUID, password string) error {
	u, err := g.FindUser(ctx, db, id)
	if err != nil {
		return err
	}
	if err := CheckPassword(u.Login, password); err != nil {
		return err
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		return g.change(ctx, tx, by, id, "user.set_password", `
			UPDATE auth.user SET password_hash = $2, password_temporary = true, `+dropPendingTOTP+` WHERE id = $1`, id, hash)
	})
}

// Disable keeps somebody out from now on and ends their sessions. Errors: ErrUserUnknown, ErrOneself,
// ErrForbidden.
func (g *Gate) Disable(ctx context.Context, tx *sqlx.Tx, by By, id uuid.UUID) error {
	return g.change(ctx, tx, by, id, "user.disable", `
		UPDATE auth.user SET disabled_at = coalesce(disabled_at, $2) WHERE id = $1`, id, g.now())
}

// Enable lets somebody in again. Errors as for Disable.
func (g *Gate) Enable(ctx context.Context, tx *sqlx.Tx, by By, id uuid.UUID) error {
	return g.change(ctx, tx, by, id, "user.enable", `
		UPDATE auth.user SET disabled_at = NULL WHERE id = $1`, id)
}

// ResetTOTP forgets somebody's lost code device and ends their sessions; the next log-in leads to
// enrolment. Errors as for Disable.
func (g *Gate) ResetTOTP(ctx context.Context, tx *sqlx.Tx, by By, id uuid.UUID) error {
	return g.change(ctx, tx, by, id, "user.reset_totp", `
		UPDATE auth.user SET totp_secret = NULL, totp_confirmed_at = NULL WHERE id = $1`, id)
}

// change is the shape of what an administrator does to somebody: check, write, end sessions, record.
func (g *Gate) change(ctx context.Context, tx *sqlx.Tx, by By, id uuid.UUID, verb, update string, args ...any) error {
	u, err := g.FindUser(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := g.mayManage(ctx, tx, by, u); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, update, args...); err != nil {
		return fmt.Errorf("auth: %s: %w", verb, err)
	}
	if err := endSessions(ctx, tx, id, uuid.Nil); err != nil {
		return err
	}
	return Record(ctx, tx, by.event(verb, id))
}

// FindUser returns the user with the id, or ErrUserUnknown.
func (g *Gate) FindUser(ctx context.Context, q sqlx.QueryerContext, id uuid.UUID) (User, error) {
	return g.oneUser(ctx, q, `SELECT `+userColumns+` FROM auth.user u WHERE u.id = $1`, id)
}

// FindLogin returns the user with the login, in whatever case, or ErrUserUnknown.
func (g *Gate) FindLogin(ctx context.Context, q sqlx.QueryerContext, login string) (User, error) {
	return g.oneUser(ctx, q, `SELECT `+userColumns+` FROM auth.user u WHERE u.login = $1`, normalLogin(login))
}

func (g *Gate) oneUser(ctx context.Context, q sqlx.QueryerContext, query string, arg any) (User, error) {
	var u User
	err := sqlx.GetContext(ctx, q, &u, query, arg)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, ErrUserUnknown
	}
	if err != nil {
		return User{}, fmt.Errorf("auth: find user: %w", err)
	}
	u.MustEnrol = g.mustEnrol(u)
	return u, nil
}

// Users lists the community's members by name, former ones last.
func (g *Gate) Users(ctx context.Context, q sqlx.QueryerContext, community int) ([]User, error) {
	var users []User
	err := sqlx.SelectContext(ctx, q, &users, `
		SELECT `+userColumns+`
		  FROM auth.membership here JOIN auth.user u ON u.id = here.user_id
		 WHERE here.community_id = $1
		 ORDER BY here.roles = '{}', u.name, u.id`, community)
	if err != nil {
		return nil, fmt.Errorf("auth: users: %w", err)
	}
	for i, u := range users {
		users[i].MustEnrol = g.mustEnrol(u)
	}
	return users, nil
}

// Names are what the people of a community are called, by UserSubject.
func Names(ctx context.Context, q sqlx.QueryerContext, community int) (map[string]string, error) {
	var users []User
	err := sqlx.SelectContext(ctx, q, &users, `
		SELECT u.id, u.name FROM auth.membership here JOIN auth.user u ON u.id = here.user_id WHERE here.community_id = $1`, community)
	names := make(map[string]string, len(users))
	for _, u := range users {
		names[UserSubject(u.ID)] = u.Name
	}
	return names, err
}

// hasCode tells whether err is the database's refusal with this SQLSTATE.
func hasCode(err error, code string) bool {
	var refusal *pq.Error
	return errors.As(err, &refusal) && string(refusal.Code) == code
}
