package auth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/pquerna/otp/totp"

	"fund/migrations/pgtest"
	"fund/web/auth"
)

const (
	rightPassword = "seven green teapots"
	wrongPassword = "seven brown teapots"
	home          = 1 // two communities
	elsewhere     = 2
)

var (
	operator = auth.By{Operator: true, Community: home}
	from     = auth.From{Address: "203.0.113.7", UserAgent: "Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0"}
)

// house is a gate on a fresh database, at a time the test sets.
type house struct {
	*pgtest.Database
	*auth.Gate
	*testing.T

	mu  sync.Mutex
	now time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	d := pgtest.DB(t)
	h := &house{
		T: t, Gate: auth.NewGate(auth.DefaultPolicy), Database: d,
		now: time.Date(2026, 11, 20, 9, 0, 10, 0, time.UTC),
	}
	h.Clock = func() time.Time {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.now
	}
	_, err := d.Owner.Exec(`
		INSERT INTO ledger.community (id, slug, name_zh, name_en, standard)
		VALUES (1, 'cuihu', '翠湖', 'Cuihu', 'npo'), (2, 'wangjiang', '望江', 'Wangjiang', 'npo')`)
	h.ok(err)
	return h
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) want(err, sentinel error) {
	h.Helper()
	if !errors.Is(err, sentinel) {
		h.Fatalf("got error %v, want %v", err, sentinel)
	}
}

// tx runs f as a caller of the package would: in a transaction that an error rolls back.
func (h *house) tx(f func(tx *sqlx.Tx) error) error {
	h.Helper()
	tx, err := h.App.BeginTxx(context.Background(), nil)
	h.ok(err)
	if err := f(tx); err != nil {
		h.ok(tx.Rollback())
		return err
	}
	h.ok(tx.Commit())
	return nil
}

// add adds somebody with rightPassword, chosen by themselves, and roles at home.
func (h *house) add(login string, roles ...auth.Role) auth.User {
	h.Helper()
	u, err := h.AddUser(context.Background(), h.App, operator,
		auth.NewUser{Login: login, Name: login, Password: rightPassword, OwnPassword: true})
	h.ok(err)
	for _, r := range roles {
		h.ok(h.grant(operator, u.ID, r))
	}
	u, err = h.FindUser(context.Background(), h.App, u.ID)
	h.ok(err)
	return u
}

func (h *house) grant(by auth.By, id uuid.UUID, r auth.Role) error {
	h.Helper()
	return h.tx(func(tx *sqlx.Tx) error { return h.Grant(context.Background(), tx, by, id, r) })
}

func (h *house) logIn(login, password, code string) (auth.Session, error) {
	return h.LogIn(context.Background(), h.App, login, password, code, from)
}

func (h *house) in(login string) auth.Session {
	h.Helper()
	s, err := h.logIn(login, rightPassword, "")
	h.ok(err)
	return s
}

func (h *house) find(s auth.Session) error {
	_, err := h.Find(context.Background(), h.App, s.Token)
	return err
}

// enrol gives the session's user a code device and returns its secret and the rotated session.
func (h *house) enrol(s auth.Session) (secret string, rotated auth.Session) {
	h.Helper()
	h.ok(h.tx(func(tx *sqlx.Tx) error {
		e, err := h.EnrolTOTP(context.Background(), tx, s, "翠湖社区")
		if err != nil {
			return err
		}
		secret = e.Secret
		rotated, err = h.ConfirmTOTP(context.Background(), tx, s, h.code(secret), from)
		return err
	}))
	return secret, rotated
}

func (h *house) code(secret string) string {
	h.Helper()
	code, err := totp.GenerateCode(secret, h.Clock())
	h.ok(err)
	return code
}

// count reads one number as the owner.
func (h *house) count(query string, args ...any) (n int) {
	h.Helper()
	h.ok(h.Owner.Get(&n, query, args...))
	return n
}
