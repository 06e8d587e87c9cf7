package auth_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"fund/web/auth"
)

func TestLogInTakesWhateverCaseAndWidth(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("Wang@Example.org", auth.Cashier)
	s, err := h.logIn(" ＷＡＮＧ@example.ORG ", rightPassword, "")
	h.ok(err)
	if s.User.Login != "wang@example.org" || !s.User.Can(auth.EnterCash, home) || s.User.Can(auth.EnterCash, elsewhere) {
		t.Errorf("logged in as %+v", s.User)
	}
	if s.Agent != "WeChat, Android" || s.Address != "203.0.113.0/24" {
		t.Errorf("session from %q, %q", s.Agent, s.Address)
	}
	h.ok(h.find(s))
}

// An answer that took no hash would tell who has an account.
func TestEveryRefusalCostsOneHash(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	gone := h.add("gone")
	_, err := h.Owner.Exec(`UPDATE auth.user SET disabled_at = now() WHERE id = $1`, gone.ID)
	h.ok(err)
	for i, try := range []struct{ login, password string }{
		{"known", wrongPassword},
		{"nobody", wrongPassword},
		{"gone", rightPassword},
		{"", ""},
	} {
		_, err := h.logIn(try.login, try.password, "")
		h.want(err, auth.ErrWrongPassword)
		if h.Hashed() != int64(i+1) {
			t.Errorf("log-in as %q: %d hashes in all, want %d", try.login, h.Hashed(), i+1)
		}
	}
	if n := h.count(`SELECT count(*) FROM auth.audit_log WHERE verb = 'session.refuse'`); n != 4 {
		t.Errorf("%d refusals recorded, want 4", n)
	}
}

func TestLockGrowsAndEnds(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"known", "nobody"} {
		t.Run(login, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.add("known")
			for range 5 {
				_, err := h.logIn(login, wrongPassword, "")
				h.want(err, auth.ErrWrongPassword)
			}
			for _, wait := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
				before := h.Hashed()
				_, err := h.logIn(login, rightPassword, "")
				var locked *auth.LockedError
				if !errors.As(err, &locked) || !errors.Is(err, auth.ErrLocked) {
					t.Fatalf("got %v, want locked", err)
				}
				if got := locked.Until.Sub(h.Clock()); got != wait {
					t.Errorf("locked for %v, want %v", got, wait)
				}
				if h.Hashed() != before {
					t.Error("a locked attempt was compared")
				}
				h.pass(wait)
				_, err = h.logIn(login, wrongPassword, "")
				h.want(err, auth.ErrWrongPassword)
			}
		})
	}
}

func TestSuccessForgives(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	for range 2 {
		for range 4 {
			_, err := h.logIn("known", wrongPassword, "")
			h.want(err, auth.ErrWrongPassword)
		}
		h.in("known")
	}
}

func TestAddressLocksAfterManyLogins(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	for range 40 { // somebody who logs in correctly is not counted
		h.in("known")
	}
	for i := range 30 {
		_, err := h.logIn(fmt.Sprintf("guess%d", i), wrongPassword, "")
		h.want(err, auth.ErrWrongPassword)
	}
	_, err := h.logIn("known", rightPassword, "")
	h.want(err, auth.ErrLocked)
	_, err = h.LogIn(context.Background(), h.App, "known", rightPassword, "", auth.From{Address: "203.0.113.8"})
	h.ok(err)
}

// Attempts are counted before they are compared, so sending them all at once gains nothing.
func TestGuessesAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _, _ = h.logIn("known", wrongPassword, "") })
	}
	wg.Wait()
	if h.Hashed() != 5 {
		t.Errorf("%d guesses were compared, want 5", h.Hashed())
	}
}

func TestTwoHashesAtATime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known")
	for range 2 {
		done, err := auth.TakeTurn(context.Background())
		h.ok(err)
		defer done()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := h.LogIn(ctx, h.App, "known", rightPassword, "", from); !errors.Is(err, auth.ErrBusy) {
				t.Errorf("got %v, want busy", err)
			}
		})
	}
	wg.Wait()
	if n := h.count(`SELECT sum(failures) FROM auth.login_attempt`); n != 0 {
		t.Errorf("being busy counts as %d failures", n)
	}
	if h.Hashed() != 0 {
		t.Error("a third hash ran")
	}
}

func TestCodeIsAskedForAndWorksOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known", auth.Treasurer)
	secret, _ := h.enrol(h.in("known"))

	for range 6 { // asking for the code is no failure
		_, err := h.logIn("known", rightPassword, "")
		h.want(err, auth.ErrTOTPNeeded)
	}
	_, err := h.logIn("known", rightPassword, h.code(secret)) // it confirmed the enrolment
	h.want(err, auth.ErrTOTPWrong)
	h.pass(30 * time.Second)
	code := h.code(secret)
	_, err = h.logIn("known", wrongPassword, code)
	h.want(err, auth.ErrWrongPassword)
	s, err := h.logIn("known", rightPassword, code[:3]+" "+code[3:])
	h.ok(err)
	_, err = h.logIn("known", rightPassword, code)
	h.want(err, auth.ErrTOTPWrong)
	_, err = h.StepUp(context.Background(), h.App, s, rightPassword, code, from)
	h.want(err, auth.ErrTOTPWrong)
	h.pass(time.Minute)
	_, err = h.logIn("known", rightPassword, code) // its time is over
	h.want(err, auth.ErrTOTPWrong)
}

func TestOneCodeSentTwiceAtOnceOpensOneSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known", auth.Treasurer)
	secret, first := h.enrol(h.in("known"))
	h.pass(30 * time.Second)
	code := h.code(secret)
	errs := make(chan error, 4)
	for range 4 {
		go func() {
			_, err := h.logIn("known", rightPassword, code)
			errs <- err
		}()
	}
	opened := 0
	for range 4 {
		if err := <-errs; err == nil {
			opened++
		} else {
			h.want(err, auth.ErrTOTPWrong)
		}
	}
	all, err := h.Sessions(context.Background(), h.App, first.UserID)
	h.ok(err)
	if opened != 1 || len(all) != 2 {
		t.Errorf("%d log-ins succeeded, %d sessions, want 1 and 2", opened, len(all))
	}
}

// Knowing the password must not give unlimited guesses at the code.
func TestCodeGuessesLock(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("known", auth.Treasurer)
	h.enrol(h.in("known"))
	for range 5 {
		_, err := h.logIn("known", rightPassword, "")
		h.want(err, auth.ErrTOTPNeeded)
		_, err = h.logIn("known", rightPassword, "no code")
		h.want(err, auth.ErrTOTPWrong)
	}
	_, err := h.logIn("known", rightPassword, "")
	h.want(err, auth.ErrLocked)
}

// Somebody's password is changed, or they are disabled, between the reading of the old one and the
// opening of the session.
func TestLogInDoesNotOvertakeAChange(t *testing.T) {
	t.Parallel()
	for _, change := range []string{"password_hash = password_hash || 'x'", "disabled_at = now()"} {
		h := newHouse(t)
		h.add("known")
		tx, err := h.Owner.Beginx()
		h.ok(err)
		_, err = tx.Exec(`UPDATE auth.user SET ` + change)
		h.ok(err)
		refused := make(chan error, 1)
		go func() {
			_, err := h.logIn("known", rightPassword, "")
			refused <- err
		}()
		for len(refused) == 0 && !h.Waiting(h.T) { // until the log-in waits for the change
		}
		h.ok(tx.Commit())
		h.want(<-refused, auth.ErrWrongPassword)
	}
}
