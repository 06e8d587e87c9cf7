package desk

import (
	"errors"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/web/auth"
	"fund/web/page"
)

type sessionsView struct {
	This     uuid.UUID
	Sessions []auth.Session
}

// Sessions lists where somebody is logged in.
func (p *Pages) Sessions(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	all, err := p.Door.Gate.Sessions(c.UserContext(), p.DB, s.UserID)
	if err != nil {
		return err
	}
	return page.Render(c, "account/sessions", sessionsView{s.ID, all})
}

// EndSession logs somebody out in another browser.
func (p *Pages) EndSession(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("session"))
	if err != nil {
		return page.ErrNotFound
	}
	err = p.asOneself(c, func(tx *sqlx.Tx, s auth.Session) error {
		return p.Door.Gate.EndSession(c.UserContext(), tx, s, id, auth.FromRequest(c))
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/account/sessions", "sessions.ended")
}

// EndOtherSessions logs somebody out everywhere but here.
func (p *Pages) EndOtherSessions(c *fiber.Ctx) error {
	err := p.asOneself(c, func(tx *sqlx.Tx, s auth.Session) error {
		return p.Door.Gate.EndOtherSessions(c.UserContext(), tx, s, auth.FromRequest(c))
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/account/sessions", "sessions.others_ended")
}

// asOneself runs a verb on somebody's own account; such verbs write their line in the audit log themselves.
func (p *Pages) asOneself(c *fiber.Ctx, verb func(tx *sqlx.Tx, s auth.Session) error) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	return p.inTx(c.UserContext(), func(tx *sqlx.Tx) error { return verb(tx, s) })
}

// passwordView is the page on which somebody chooses a password of their own.
type passwordView struct {
	Form      *page.Form
	Temporary bool // somebody else chose the one they have
}

func newPasswordView(f *page.Form, s auth.Session) passwordView {
	return passwordView{labelled(f, "login.field", "old", "chosen", "again"), s.User.PasswordTemporary}
}

// PasswordForm asks for a new password.
func (p *Pages) PasswordForm(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	return page.Render(c, "account/password", newPasswordView(page.BlankForm(c), s))
}

// ChangePassword replaces somebody's own password and ends their other sessions.
func (p *Pages) ChangePassword(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	v := newPasswordView(f, s)
	old, chosen := secret(f, "old"), secret(f, "chosen")
	if again := secret(f, "again"); again != chosen {
		f.Wrong("again", "login.wrong.again")
	}
	if !f.AnyWrong() {
		s, err = p.Door.Gate.ChangePassword(c.UserContext(), p.DB, s, old, chosen, auth.FromRequest(c))
	}
	if !unprovenPassword(c, f, p, err) && !f.AnyWrong() && err != nil {
		return err
	}
	if f.AnyWrong() {
		return page.Again(c, "account/password", v)
	}
	p.Door.Keep(c, s)
	return p.doneHome(c, s, "login.password_changed")
}

// unprovenPassword says in the form why the password was not changed.
func unprovenPassword(c *fiber.Ctx, f *page.Form, p *Pages, err error) bool {
	switch {
	case errors.Is(err, auth.ErrPasswordWeak):
		f.Wrong("chosen", "login.wrong.weak", "min", auth.PasswordMin)
	case errors.Is(err, auth.ErrWrongPassword):
		f.Wrong("old", "login.wrong.old")
	default:
		f.Label("password", "login.field.old")
		return unproven(c, f, p.Now(), err)
	}
	return true
}

// deviceView is the page on which somebody enrols a code device.
type deviceView struct {
	Form *page.Form
	auth.Enrolment
	Enrolled bool
}

// fourByFour is how a code is read aloud and typed.
var fourByFour = regexp.MustCompile(`.{4}`)

// DeviceForm shows the code that a code device reads: the one started, if somebody comes back.
func (p *Pages) DeviceForm(c *fiber.Ctx) error { return p.showDevice(c, page.BlankForm(c)) }

func (p *Pages) showDevice(c *fiber.Ctx, f *page.Form) error {
	v := deviceView{Form: labelled(f, "login.field", "code")}
	err := p.asOneself(c, func(tx *sqlx.Tx, s auth.Session) (err error) {
		v.Enrolment, err = p.Door.Gate.EnrolTOTP(c.UserContext(), tx, s, page.Of(c).T("frame.name"))
		return err
	})
	v.Secret = strings.TrimSpace(fourByFour.ReplaceAllString(v.Secret, "$0 "))
	if v.Enrolled = errors.Is(err, auth.ErrTOTPEnrolled); err != nil && !v.Enrolled {
		return err
	}
	if f.AnyWrong() {
		return page.Again(c, "account/device", v)
	}
	return page.Render(c, "account/device", v)
}

// ConfirmDevice ends the enrolment with the device's first code.
func (p *Pages) ConfirmDevice(c *fiber.Ctx) error {
	f := labelled(page.ReadForm(c), "login.field", "code")
	code := f.Text("code", 20)
	if f.AnyWrong() {
		return p.showDevice(c, f)
	}
	var confirmed auth.Session
	err := p.asOneself(c, func(tx *sqlx.Tx, s auth.Session) (err error) {
		confirmed, err = p.Door.Gate.ConfirmTOTP(c.UserContext(), tx, s, code, auth.FromRequest(c))
		return err
	})
	switch {
	case errors.Is(err, auth.ErrTOTPWrong):
		f.Wrong("code", "login.wrong.code")
		return p.showDevice(c, f)
	case errors.Is(err, auth.ErrTOTPEnrolled), errors.Is(err, auth.ErrTOTPNotStarted):
		return c.Redirect(devicePath, fiber.StatusSeeOther)
	case err != nil:
		return err
	}
	p.Door.Keep(c, confirmed)
	return p.doneHome(c, confirmed, "login.device_ready")
}

// doneHome says what was done, on the page where somebody goes on.
func (p *Pages) doneHome(c *fiber.Ctx, s auth.Session, key string) error {
	if s.User.MustEnrol {
		return page.Done(c, devicePath, key)
	}
	own, err := p.ownCommunities(c, s)
	if err != nil {
		return err
	}
	return page.Done(c, homeOf(own), key)
}
