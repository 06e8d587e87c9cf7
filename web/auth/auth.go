package auth

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// What the verbs of this package refuse. Test with errors.Is.
var (
	ErrWrongPassword     = errors.New("auth: login or password is wrong") // an unknown or disabled user alike
	ErrLocked            = errors.New("auth: too many attempts")          // a *LockedError says until when
	ErrBusy              = errors.New("auth: too many log-ins at once")   // worth trying again in a moment
	ErrTOTPNeeded        = errors.New("auth: the password is right, the code is missing")
	ErrTOTPWrong         = errors.New("auth: the code is wrong or was used before")
	ErrTOTPEnrolled      = errors.New("auth: a code device is enrolled already")
	ErrTOTPNotStarted    = errors.New("auth: no enrolment was started")
	ErrPasswordWeak      = errors.New("auth: the password is too easy to guess")
	ErrLoginUnusable     = errors.New("auth: a login is 2 to 254 letters, digits or . _ % + - @")
	ErrLoginTaken        = errors.New("auth: the login belongs to somebody")
	ErrNameMissing       = errors.New("auth: the name is missing")
	ErrUserUnknown       = errors.New("auth: no such user")
	ErrRoleUnknown       = errors.New("auth: no such role")
	ErrDutiesApart       = errors.New("auth: these two roles cannot be one person's")
	ErrOneself           = errors.New("auth: somebody else must do this for you")
	ErrNotLoggedIn       = errors.New("auth: not logged in")
	ErrForbidden         = errors.New("auth: not allowed")
	ErrPasswordTemporary = errors.New("auth: choose a password of your own first")
	ErrTOTPMissing       = errors.New("auth: the role needs a code device first")
	ErrStepUpNeeded      = errors.New("auth: confirm who you are first")
)

// LockedError is ErrLocked with the time at which the next attempt is heard.
type LockedError struct{ Until time.Time }

func (e *LockedError) Error() string {
	return fmt.Sprintf("%v until %s", ErrLocked, e.Until.Format(time.RFC3339))
}

// Is makes errors.Is(err, ErrLocked) true.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// Policy is what an installation may decide.
type Policy struct {
	TOTPRoles []Role        // who must enrol a code device; empty only for a demo
	Idle      time.Duration // a session ends after so long without a request
	Absolute  time.Duration // and after so long in any case
	StepUp    time.Duration // how long a confirmation of one's identity is fresh
}

// DefaultPolicy asks treasurers and administrators for a code device; sessions idle out after half an
// hour and end after twelve.
var DefaultPolicy = Policy{
	TOTPRoles: []Role{Treasurer, Administrator},
	Idle:      30 * time.Minute,
	Absolute:  12 * time.Hour,
	StepUp:    10 * time.Minute,
}

// Gate lets people in. It holds no state of its own but the policy and the clock, so any number of
// processes can share a database.
type Gate struct {
	Policy Policy
	Clock  func() time.Time

	hashed atomic.Int64 // passwords compared; a test counts them
}

// NewGate returns a gate on the wall clock.
func NewGate(p Policy) *Gate { return &Gate{Policy: p, Clock: time.Now} }

// now is in UTC and in whole microseconds, as the database keeps time.
func (g *Gate) now() time.Time { return g.Clock().UTC().Truncate(time.Microsecond) }

// By is who acts, in which community and from where. The zero By may do nothing.
type By struct {
	User      uuid.UUID
	Community int
	From      From
	// Operator marks the command line, which needs no role: whoever runs it owns the database.
	Operator bool
}

// event starts the audit record of what by does to somebody.
func (by By) event(verb string, user uuid.UUID) Event {
	return Event{Community: by.Community, User: by.User, Verb: verb, Subject: UserSubject(user), From: by.From}
}

// mayManage refuses unless by manages people in its own community and in each that others belong to:
// people are shared, and the administrator of one community must not reach into another through them.
func (g *Gate) mayManage(ctx context.Context, q sqlx.QueryerContext, by By, others ...User) error {
	if by.Operator {
		return nil
	}
	actor, err := g.FindUser(ctx, q, by.User)
	if errors.Is(err, ErrUserUnknown) {
		return ErrForbidden
	}
	if err != nil {
		return err
	}
	if !actor.Can(ManagePeople, by.Community) {
		return ErrForbidden
	}
	for _, other := range others {
		if other.ID == by.User {
			return ErrOneself
		}
		for community := range other.Roles {
			if !actor.Can(ManagePeople, community) {
				return ErrForbidden
			}
		}
	}
	return nil
}
