package auth

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// LogInPath is where somebody who is not logged in is sent, with ?next= the page they wanted.
const LogInPath = "/login"

// Door is the gate as the Fiber app sees it: it keeps the session in a cookie and asks for permissions.
type Door struct {
	Gate   *Gate
	DB     *sqlx.DB
	Secure bool // the base URL is https
	// Community tells which community a request is about.
	Community func(*fiber.Ctx) (int, error)
}

// What a request remembers. The empty structs are keys nobody else can have.
type (
	doorKey    struct{}
	currentKey struct{}
	current    struct {
		session Session
		err     error
	}
)

// Middleware lets Current find the door. It reads nothing: a request without a cookie costs no query.
func (d *Door) Middleware(c *fiber.Ctx) error {
	d.Attach(c)
	return c.Next()
}

// Attach is Middleware for a caller that goes on by itself.
func (d *Door) Attach(c *fiber.Ctx) { c.Locals(doorKey{}, d) }

// Current returns the request's session, or ErrNotLoggedIn. It asks the database once a request, and only
// if there is a cookie.
func Current(c *fiber.Ctx) (Session, error) {
	if known, ok := c.Locals(currentKey{}).(current); ok {
		return known.session, known.err
	}
	d, ok := c.Locals(doorKey{}).(*Door)
	if !ok {
		return Session{}, ErrNotLoggedIn
	}
	var now current
	now.session, now.err = d.read(c)
	c.Locals(currentKey{}, now)
	return now.session, now.err
}

func (d *Door) read(c *fiber.Ctx) (Session, error) {
	token := c.Cookies(d.CookieName())
	if token == "" {
		return Session{}, ErrNotLoggedIn
	}
	s, err := d.Gate.Find(c.UserContext(), d.DB, token)
	if err != nil {
		return Session{}, err
	}
	return s, d.Gate.Touch(c.UserContext(), d.DB, s)
}

// Require lets a request through whose user may do p in the request's community. Errors as for May.
func (d *Door) Require(p Permission) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := d.May(c, p); err != nil {
			return err
		}
		return c.Next()
	}
}

// May is nil if the request's user may do p in the request's community. It returns ErrNotLoggedIn (see
// LogInURL), ErrPasswordTemporary, ErrTOTPMissing or ErrForbidden. For Oneself it is enough to be logged
// in, also for one who must first choose a password or enrol.
func (d *Door) May(c *fiber.Ctx, p Permission) error {
	s, err := Current(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	switch {
	case p == Oneself:
		return nil
	case s.User.PasswordTemporary:
		return ErrPasswordTemporary
	case s.User.MustEnrol:
		return ErrTOTPMissing
	}
	community, err := d.Community(c)
	if err != nil {
		return err
	}
	if !s.User.Can(p, community) {
		return ErrForbidden
	}
	return nil
}

// RequireLogIn lets any logged-in user through, also one who must first choose a password or enrol: it
// guards the pages where they do.
func (d *Door) RequireLogIn(c *fiber.Ctx) error { return d.Require(Oneself)(c) }

// RequireFresh returns ErrStepUpNeeded unless the user proved who they are a moment ago. It follows
// Require in a route.
func (d *Door) RequireFresh(c *fiber.Ctx) error {
	if err := d.Fresh(c); err != nil {
		return err
	}
	return c.Next()
}

// Fresh is RequireFresh for a caller that goes on by itself.
func (d *Door) Fresh(c *fiber.Ctx) error {
	s, err := Current(c)
	if err == nil && !d.Gate.Fresh(s) {
		err = ErrStepUpNeeded
	}
	return err
}

// LogIn logs in with Gate.LogIn, ends the session the browser had before, and sets the cookie.
func (d *Door) LogIn(c *fiber.Ctx, login, password, totp string) (Session, error) {
	s, err := d.Gate.LogIn(c.UserContext(), d.DB, login, password, totp, FromRequest(c))
	if err != nil {
		return Session{}, err
	}
	if err := d.end(c); err != nil {
		return Session{}, err
	}
	d.Keep(c, s)
	return s, nil
}

// LogOut ends the session and clears the cookie. It is no error to be logged out already.
func (d *Door) LogOut(c *fiber.Ctx) error {
	if err := d.end(c); err != nil {
		return err
	}
	d.Keep(c, Session{})
	return nil
}

// end ends the session the request came with, if any.
func (d *Door) end(c *fiber.Ctx) error {
	old, err := Current(c)
	if errors.Is(err, ErrNotLoggedIn) {
		return nil
	}
	if err != nil {
		return err
	}
	return ledger.InTx(c.UserContext(), d.DB, func(tx *sqlx.Tx) error {
		return d.Gate.LogOut(c.UserContext(), tx, old, FromRequest(c))
	})
}

// Keep sets the cookie to a session that has a new token (after StepUp, ChangePassword or ConfirmTOTP),
// and clears it for one that has none. The rest of the request sees that session.
func (d *Door) Keep(c *fiber.Ctx, s Session) {
	cookie := &fiber.Cookie{
		Name: d.CookieName(), Value: s.Token, Path: "/",
		Secure: d.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true,
	}
	now := current{session: s}
	if s.Token == "" {
		cookie.SessionOnly, cookie.MaxAge = false, -1
		now.err = ErrNotLoggedIn
	}
	c.Cookie(cookie)
	c.Locals(currentKey{}, now)
}

// CookieName is "__Host-fund_session", which browsers take over https only and from this very host, or
// "fund_session" where there is no https.
func (d *Door) CookieName() string {
	if d.Secure {
		return "__Host-fund_session"
	}
	return "fund_session"
}

// Acting is who makes the request, for the verbs that change people.
func Acting(c *fiber.Ctx, community int) (By, error) {
	s, err := Current(c)
	if err != nil {
		return By{}, err
	}
	return By{User: s.UserID, Community: community, From: FromRequest(c)}, nil
}

// FromRequest tells where the request comes from.
func FromRequest(c *fiber.Ctx) From {
	return From{Address: strings.Clone(c.IP()), UserAgent: strings.Clone(c.Get(fiber.HeaderUserAgent))}
}

// LogInURL is where to send somebody for ErrNotLoggedIn: the log-in page, leading back to the page they
// wanted. What a form sent is lost, so a POST has no way back.
func LogInURL(c *fiber.Ctx) string {
	if method := c.Method(); method != fiber.MethodGet && method != fiber.MethodHead {
		return LogInPath
	}
	return LogInPath + "?next=" + url.QueryEscape(SafeNext(c.OriginalURL()))
}

// SafeNext returns next if it is a page of this site, and "/" otherwise: a link to the log-in page must
// not be able to lead on to somebody else's.
func SafeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil ||
		!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return strings.Clone(next)
}
