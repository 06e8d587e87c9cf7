package auth_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"fund/web/auth"
)

const newPassword = "eleven paper lanterns"

// ask asks for a letter and returns the ids of the wishes that the outbox holds letters for.
func (h *house) ask(login string) (ids []uuid.UUID) {
	h.Helper()
	h.ok(h.AskReset(context.Background(), h.App, login, "zh-CN", from))
	h.ok(h.Owner.Select(&ids, `SELECT (payload ->> 'reset')::uuid FROM outbox.message WHERE kind = 'password_reset' ORDER BY created_at`))
	return ids
}

func (h *house) reset(id uuid.UUID, chosen string) error {
	return h.ResetPassword(context.Background(), h.App, id, chosen, from)
}

func TestAMailedLinkSetsThePasswordOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	u := h.add("wang@example.org", auth.Cashier)
	s, err := h.logIn(u.Login, rightPassword, "")
	h.ok(err)
	h.ask("ＷＡＮＧ@example.org")
	ids := h.ask("wang@example.org")
	if len(ids) != 2 {
		t.Fatalf("%d letters", len(ids))
	}
	r, err := h.FindReset(context.Background(), h.App, ids[1])
	h.ok(err)
	if r.User.ID != u.ID || r.Lang != "zh-CN" {
		t.Errorf("found %+v", r)
	}
	h.want(h.reset(ids[1], "short"), auth.ErrPasswordWeak)
	h.ok(h.reset(ids[1], newPassword))
	h.want(h.reset(ids[1], newPassword+"!"), auth.ErrResetOver)
	h.want(h.reset(ids[0], newPassword+"!"), auth.ErrResetOver) // the other letter's link went with it
	h.want(h.find(s), auth.ErrNotLoggedIn)
	_, err = h.logIn(u.Login, rightPassword, "")
	h.want(err, auth.ErrWrongPassword)
	_, err = h.logIn(u.Login, newPassword, "")
	h.ok(err)
	if n := h.count(`SELECT count(*) FROM auth.audit_log WHERE verb IN ('user.ask_reset', 'user.reset_password')`); n != 3 {
		t.Errorf("%d lines in the audit log", n)
	}
}

func TestALinkRunsOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("wang@example.org", auth.Cashier)
	id := h.ask("wang@example.org")[0]
	h.pass(auth.ResetLife - time.Second)
	_, err := h.FindReset(context.Background(), h.App, id)
	h.ok(err)
	h.pass(time.Second)
	h.want(h.reset(id, newPassword), auth.ErrResetOver)
	h.ok(h.Sweep(context.Background(), h.App))
	if n := h.count(`SELECT count(*) FROM auth.reset`); n != 0 {
		t.Errorf("%d wishes are kept", n)
	}
}

func TestACodeDeviceStaysNeeded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	u := h.add("li@example.org", auth.Treasurer)
	h.ok(h.reset(h.ask(u.Login)[0], newPassword))
	s, err := h.logIn(u.Login, newPassword, "")
	h.ok(err)
	if !s.User.MustEnrol {
		t.Error("a mailed link made the code device unnecessary")
	}
}

func TestWhoGetsNoLetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("noaddress", auth.Cashier)
	h.add("nowhere@example.org")
	gone := h.add("gone@example.org", auth.Cashier)
	leaves := h.add("leaves@example.org", auth.Cashier)
	id := h.ask("leaves@example.org")[0]
	for _, user := range []uuid.UUID{gone.ID, leaves.ID} {
		_, err := h.Owner.Exec(`UPDATE auth.user SET disabled_at = now() WHERE id = $1`, user)
		h.ok(err)
	}
	h.want(h.reset(id, newPassword), auth.ErrResetOver)
	for _, login := range []string{"noaddress", "nowhere@example.org", "gone@example.org", "nobody@example.org", ""} {
		if n := len(h.ask(login)); n != 1 {
			t.Errorf("%q: %d letters, want the one of before", login, n)
		}
	}
	h.want(h.reset(uuid.New(), newPassword), auth.ErrResetOver)
}

func TestNobodyIsFloodedWithLetters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("wang@example.org", auth.Cashier)
	for range 6 {
		h.ask("wang@example.org")
	}
	if n := len(h.ask("wang@example.org")); n != 3 {
		t.Errorf("%d letters within the hour, want 3", n)
	}
	h.pass(time.Hour)
	if n := len(h.ask("wang@example.org")); n != 4 {
		t.Errorf("%d letters after it, want 4", n)
	}
}
