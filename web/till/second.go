package till

import (
	"errors"
	"math"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/sale"
	"fund/web/auth"
	"fund/web/page"
)

// secondPath stands behind the address of a count.
const secondPath = "/second"

// CountSecond is the sheet for the second person, who counts on the device of the first and signs with their own password.
func (p *Pages) CountSecond(c *fiber.Ctx) error {
	v, err := p.secondView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "till/count", v)
}

func (p *Pages) secondView(c *fiber.Ctx, f *page.Form) (countView, error) {
	v, err := p.countView(c, f)
	v.Second, v.MayMore = true, true
	return v, err
}

// EnterSecond takes the second person's count. Nobody is logged in or out by it.
func (p *Pages) EnterSecond(c *fiber.Ctx) error {
	v, err := p.secondView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	return p.takeCount(c, v, func() (auth.User, error) { return p.second(c, v.Form) })
}

// second proves who the second person is; somebody else than the one who is logged in.
func (p *Pages) second(c *fiber.Ctx, f *page.Form) (u auth.User, err error) {
	login, password := f.Text("login", 254), ""
	if all := f.All("password"); len(all) > 0 { // as it was typed: it may begin with a space
		password = all[0]
	}
	me, err := auth.Current(c)
	switch {
	case err != nil:
		return u, err
	case f.AnyWrong():
		return u, nil
	case strings.EqualFold(login, me.User.Login):
		f.Wrong("login", "till.second.wrong.same")
		return u, nil
	}
	return p.Door.Gate.Vouch(c.UserContext(), p.DB, page.Of(c).Community.ID, auth.SellAtTill, login, password, strings.TrimSpace(f.Typed("code")), auth.FromRequest(c))
}

// unproven says in the form why a second person's count was not taken; false where that is not the reason.
func unproven(f *page.Form, now time.Time, err error) bool {
	var locked *auth.LockedError
	switch {
	case errors.As(err, &locked):
		f.Wrong("password", "login.wrong.locked", "count", max(1, int(math.Ceil(locked.Until.Sub(now).Minutes()))))
	case errors.Is(err, auth.ErrWrongPassword):
		f.Wrong("password", "login.wrong.password")
	case errors.Is(err, auth.ErrTOTPNeeded):
		f.Wrong("code", "login.wrong.code_needed")
	case errors.Is(err, auth.ErrTOTPWrong):
		f.Wrong("code", "login.wrong.code")
	case errors.Is(err, auth.ErrForbidden):
		f.Wrong("login", "till.second.wrong.right")
	case errors.Is(err, sale.ErrSameCounter):
		f.Wrong("login", "till.second.wrong.third")
	case errors.Is(err, sale.ErrNeedsLead):
		f.Wrong("login", "till.second.wrong.lead")
	}
	return f.AnyWrong()
}
