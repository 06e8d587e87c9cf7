package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/web/auth"
	"fund/web/page"
)

func init() { page.Meaning(auth.ErrResetOver, fiber.StatusGone, "error.reset_over") }

// ResetPurpose is what the links of AskReset are signed for, and ResetPath where they lead.
const (
	ResetPurpose = "password reset"
	ResetPath    = "/login/reset/"
)

type forgotView struct {
	Form *page.Form
	Sent string // the login to which a letter went, if it is one
}

// AskResetForm asks for the login whose password is forgotten.
func (p *Pages) AskResetForm(c *fiber.Ctx) error {
	if !page.Of(c).Mail {
		return page.ErrNotFound
	}
	return page.Render(c, "account/forgot", forgotView{Form: labelled(page.BlankForm(c), "reset.field", "login")})
}

// AskReset has a link sent. The answer is the same whether or not there is such a login.
func (p *Pages) AskReset(c *fiber.Ctx) error {
	if !page.Of(c).Mail {
		return page.ErrNotFound
	}
	f := page.ReadForm(c)
	v := forgotView{Form: labelled(f, "reset.field", "login")}
	login := f.Email("login")
	if f.AnyWrong() {
		return page.Again(c, "account/forgot", v)
	}
	if err := p.Door.Gate.AskReset(c.UserContext(), p.DB, login, string(page.Of(c).Lang), auth.FromRequest(c)); err != nil {
		return err
	}
	v.Sent = login
	return page.Render(c, "account/forgot", v)
}

type resetView struct {
	Form        *page.Form
	Name, Token string
}

// resetHere is the wish that the address names, and its view.
func (p *Pages) resetHere(c *fiber.Ctx, f *page.Form) (r auth.Reset, v resetView, err error) {
	v = resetView{Form: labelled(f, "reset.field", "chosen", "again"), Token: c.Params("token")}
	c.Set(fiber.HeaderCacheControl, "no-store")
	value, ours := page.SiteOf(c).Signed(ResetPurpose, v.Token)
	id, err := uuid.Parse(value)
	if !ours || err != nil {
		return r, v, auth.ErrResetOver
	}
	r, err = p.Door.Gate.FindReset(c.UserContext(), p.DB, id)
	v.Name = r.User.Name
	return r, v, err
}

// ResetForm asks for the new password. Opening it changes nothing: mail readers open links before people do.
func (p *Pages) ResetForm(c *fiber.Ctx) error {
	_, v, err := p.resetHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "account/reset", v)
}

// ResetPassword sets the new password and leads to the log-in.
func (p *Pages) ResetPassword(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	r, v, err := p.resetHere(c, f)
	if err != nil {
		return err
	}
	chosen := secret(f, "chosen")
	if again := secret(f, "again"); again != chosen {
		f.Wrong("again", "login.wrong.again")
	}
	if !f.AnyWrong() {
		err = p.Door.Gate.ResetPassword(c.UserContext(), p.DB, r.ID, chosen, auth.FromRequest(c))
	}
	if !unprovenPassword(c, f, p, err) && err != nil {
		return err
	}
	if f.AnyWrong() {
		return page.Again(c, "account/reset", v)
	}
	return page.Done(c, auth.LogInPath, "reset.done")
}
