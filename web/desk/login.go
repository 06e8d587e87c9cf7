package desk

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

// proofView is a page that asks who somebody is: at log-in, or once more.
type proofView struct {
	Form *page.Form
	Next string // where to go on to, a page of this site
	Code bool   // ask for the six digits
}

func newProofView(c *fiber.Ctx, f *page.Form, next string) proofView {
	return proofView{Form: labelled(f, "login.field", "login", "password", "code"), Next: auth.SafeNext(next), Code: true}
}

// LogInForm asks for login, password and, of whoever has a code device, its six digits.
func (p *Pages) LogInForm(c *fiber.Ctx) error {
	return page.Render(c, "account/login", newProofView(c, page.BlankForm(c), c.Query("next")))
}

// LogIn opens a session. A login nobody has and a wrong password are the same answer.
func (p *Pages) LogIn(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v := newProofView(c, f, f.Typed("next"))
	login, password := f.Text("login", 254), secret(f, "password")
	if f.AnyWrong() {
		return page.Again(c, "account/login", v)
	}
	s, err := p.Door.LogIn(c, login, password, f.Typed("code"))
	if unproven(c, f, p.Now(), err) {
		return page.Again(c, "account/login", v)
	}
	if err != nil {
		return err
	}
	return p.goOn(c, s, v.Next)
}

// LogOut ends the session.
func (p *Pages) LogOut(c *fiber.Ctx) error {
	if err := p.Door.LogOut(c); err != nil {
		return err
	}
	return page.Done(c, auth.LogInPath, "login.out")
}

// secret reads a field as it was typed: a password may begin with a space.
func secret(f *page.Form, name string) string {
	all := f.All(name)
	if len(all) == 0 || all[0] == "" {
		f.Wrong(name, "form.wrong.blank")
		return ""
	}
	return all[0]
}

// unproven says in the form why a proof did not hold; false for any other error, and for none.
func unproven(c *fiber.Ctx, f *page.Form, now time.Time, err error) bool {
	var locked *auth.LockedError
	switch {
	case errors.As(err, &locked):
		minutes := max(1, int(math.Ceil(locked.Until.Sub(now).Minutes())))
		f.Wrong("password", "login.wrong.locked", "count", minutes)
	case errors.Is(err, auth.ErrWrongPassword):
		f.Wrong("password", "login.wrong.password")
	case errors.Is(err, auth.ErrTOTPNeeded):
		f.Wrong("code", "login.wrong.code_needed")
	case errors.Is(err, auth.ErrTOTPWrong):
		f.Wrong("code", "login.wrong.code")
	default:
		return false
	}
	return true
}

// goOn sends somebody who proved who they are to the page they wanted, or to their desk.
func (p *Pages) goOn(c *fiber.Ctx, s auth.Session, next string) error {
	switch {
	case s.User.PasswordTemporary:
		return c.Redirect(passwordPath, fiber.StatusSeeOther)
	case s.User.MustEnrol:
		return c.Redirect(devicePath, fiber.StatusSeeOther)
	case next != "/":
		return c.Redirect(next, fiber.StatusSeeOther)
	}
	own, err := p.ownCommunities(c, s)
	if err != nil {
		return err
	}
	return c.Redirect(homeOf(own), fiber.StatusSeeOther)
}

// homeOf is the desk of somebody's only community, else the list of them.
func homeOf(own []ownCommunity) string {
	if len(own) == 1 {
		return fmt.Sprintf("/c/%s/desk", own[0].Slug)
	}
	return accountPath
}

// ownCommunity is one in which somebody has a role.
type ownCommunity struct {
	ledger.Community
	Roles string
}

func (p *Pages) ownCommunities(c *fiber.Ctx, s auth.Session) (own []ownCommunity, err error) {
	all, err := ledger.ListCommunities(c.UserContext(), p.DB)
	for _, one := range all {
		if roles := s.User.Roles[one.ID]; len(roles) > 0 {
			own = append(own, ownCommunity{one, rolesIn(page.Of(c), roles)})
		}
	}
	return own, err
}

type ownView struct {
	Own  []ownCommunity
	User auth.User
}

// Own is where somebody with several communities chooses one, and sees to their own account.
func (p *Pages) Own(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	own, err := p.ownCommunities(c, s)
	if err != nil {
		return err
	}
	return page.Render(c, "account/own", ownView{own, s.User})
}

// ConfirmForm asks once more who somebody is, before something that matters.
func (p *Pages) ConfirmForm(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	v := newProofView(c, page.BlankForm(c), c.Query("next"))
	v.Code = s.User.HasTOTP
	return page.Render(c, "account/confirmation", v)
}

// Confirm renews the session for somebody who proved once more who they are.
func (p *Pages) Confirm(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	v := newProofView(c, f, f.Typed("next"))
	v.Code = s.User.HasTOTP
	if password := secret(f, "password"); !f.AnyWrong() {
		s, err = p.Door.Gate.StepUp(c.UserContext(), p.DB, s, password, strings.TrimSpace(f.Typed("code")), auth.FromRequest(c))
	}
	if f.AnyWrong() || unproven(c, f, p.Now(), err) {
		return page.Again(c, "account/confirmation", v)
	}
	if err != nil {
		return err
	}
	p.Door.Keep(c, s)
	return p.goOn(c, s, v.Next)
}
