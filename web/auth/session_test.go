package auth_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/web/auth"
)

func TestSessionIdlesOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	s := h.in("known")
	h.pass(30*time.Minute - time.Second)
	h.ok(h.find(s))
	h.pass(time.Second)
	h.want(h.find(s), auth.ErrNotLoggedIn)
}

func TestADisabledUsersSessionIsDead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	s := h.in("known")
	_, err := h.Owner.Exec(`UPDATE auth.user SET disabled_at = now()`) // by hand, which ends no session
	h.ok(err)
	h.want(h.find(s), auth.ErrNotLoggedIn)
}

func TestTouchSlidesUntilTheAbsoluteEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	token := h.in("known").Token
	for range 12*60/20 - 1 {
		h.pass(20 * time.Minute)
		s, err := h.Find(context.Background(), h.App, token)
		h.ok(err)
		h.ok(h.Touch(context.Background(), h.App, s))
	}
	h.pass(20*time.Minute - time.Second)
	_, err := h.Find(context.Background(), h.App, token)
	h.ok(err)
	h.pass(time.Second)
	_, err = h.Find(context.Background(), h.App, token)
	h.want(err, auth.ErrNotLoggedIn)
}

func TestStepUpRotates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	old := h.in("known")
	h.pass(10 * time.Minute)
	if h.Fresh(old) {
		t.Error("a session is fresh after ten minutes")
	}
	_, err := h.StepUp(context.Background(), h.App, old, wrongPassword, "", from)
	h.want(err, auth.ErrWrongPassword)
	s, err := h.StepUp(context.Background(), h.App, old, rightPassword, "", from)
	h.ok(err)
	if s.ID != old.ID || !s.CreatedAt.Equal(old.CreatedAt) || !h.Fresh(s) {
		t.Errorf("stepped up to %+v from %+v", s, old)
	}
	h.ok(h.find(s))
	h.want(h.find(old), auth.ErrNotLoggedIn)
}

func TestConfirmingACodeDeviceRotates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	old := h.in("known")
	_, s := h.enrol(old)
	h.ok(h.find(s))
	h.want(h.find(old), auth.ErrNotLoggedIn)
}

func TestTokenIsNotStored(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	a, b := h.in("known"), h.in("known")
	if len(a.Token) != 43 || a.Token == b.Token {
		t.Errorf("tokens %q and %q", a.Token, b.Token)
	}
	if n := h.count(`SELECT count(*) FROM auth.session s WHERE s::text LIKE '%' || $1 || '%'`, a.Token); n != 0 {
		t.Error("the token stands in the table")
	}
}

func TestEndSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	h.add("known")
	h.add("other")
	one, two, three, theirs := h.in("known"), h.in("known"), h.in("known"), h.in("other")
	end := func(id uuid.UUID) {
		h.ok(h.tx(func(tx *sqlx.Tx) error { return h.EndSession(ctx, tx, one, id, from) }))
	}

	all, err := h.Sessions(ctx, h.App, one.UserID)
	h.ok(err)
	if len(all) != 3 {
		t.Errorf("%d sessions, want 3", len(all))
	}
	end(two.ID)
	end(two.ID)    // gone already
	end(theirs.ID) // not one's own
	h.want(h.find(two), auth.ErrNotLoggedIn)
	h.ok(h.find(theirs))
	h.ok(h.tx(func(tx *sqlx.Tx) error { return h.EndOtherSessions(ctx, tx, one, from) }))
	h.want(h.find(three), auth.ErrNotLoggedIn)
	h.ok(h.find(one))
	h.ok(h.tx(func(tx *sqlx.Tx) error { return h.LogOut(ctx, tx, one, from) }))
	h.want(h.find(one), auth.ErrNotLoggedIn)
	if n := h.count(`SELECT count(*) FROM auth.audit_log WHERE verb IN ('session.end', 'session.end_others', 'session.log_out')`); n != 3 {
		t.Errorf("%d endings recorded, want 3", n)
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	h.add("known")
	old, other := h.in("known"), h.in("known")
	_, err := h.ChangePassword(ctx, h.App, old, wrongPassword, "nine blue lanterns", from)
	h.want(err, auth.ErrWrongPassword)
	_, err = h.ChangePassword(ctx, h.App, old, rightPassword, rightPassword, from)
	h.want(err, auth.ErrPasswordWeak)
	s, err := h.ChangePassword(ctx, h.App, old, rightPassword, "nine blue lanterns", from)
	h.ok(err)
	h.ok(h.find(s))
	h.want(h.find(old), auth.ErrNotLoggedIn)
	h.want(h.find(other), auth.ErrNotLoggedIn)
	_, err = h.logIn("known", rightPassword, "")
	h.want(err, auth.ErrWrongPassword)
	_, err = h.logIn("known", "nine blue lanterns", "")
	h.ok(err)
}

func TestSweep(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	h.add("known")
	h.in("known")
	_, _, err := h.Allow(ctx, h.App, "key", 1, time.Hour)
	h.ok(err)
	rows := `SELECT (SELECT count(*) FROM auth.session) + (SELECT count(*) FROM auth.login_attempt)
	              + (SELECT count(*) FROM auth.rate_limit)`
	h.ok(h.Sweep(ctx, h.App))
	if n := h.count(rows); n != 4 { // a session, a login, an address, a limit
		t.Errorf("%d rows after an early sweep, want 4", n)
	}
	h.pass(25 * time.Hour)
	h.ok(h.Sweep(ctx, h.App))
	if n := h.count(rows); n != 0 {
		t.Errorf("%d rows after a late sweep, want 0", n)
	}
}
