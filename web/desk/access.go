package desk

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/page"
)

// Where somebody is sent who must first do something about their own account.
const (
	accountPath  = "/account"
	passwordPath = "/account/password"
	devicePath   = "/account/device"
	confirmPath  = "/account/confirmation"
)

// What the refusals of web/auth mean at the desk; the plain ones stand in web/meanings.go.
func init() {
	page.Elsewhere(auth.ErrPasswordTemporary, func(*fiber.Ctx) string { return passwordPath })
	page.Elsewhere(auth.ErrTOTPMissing, func(*fiber.Ctx) string { return devicePath })
	page.Elsewhere(auth.ErrStepUpNeeded, confirmURL)
	page.Meaning(auth.ErrPasswordTemporary, fiber.StatusForbidden, "error.password_temporary")
	page.Meaning(auth.ErrTOTPMissing, fiber.StatusForbidden, "error.device_missing")
	page.Meaning(auth.ErrStepUpNeeded, fiber.StatusForbidden, "error.confirm_first")
	page.Meaning(auth.ErrOneself, fiber.StatusForbidden, "error.oneself")
	page.Meaning(auth.ErrUserUnknown, fiber.StatusNotFound, "error.missing")
	page.Meaning(auth.ErrRoleUnknown, fiber.StatusBadRequest, "error.unreadable")
	page.Meaning(auth.ErrBusy, fiber.StatusServiceUnavailable, "error.slow")
}

// SignedIn is the hook by which the site learns who reads a page; nil is nobody.
func (p *Pages) SignedIn(c *fiber.Ctx) (*page.User, error) {
	p.Door.Attach(c)
	s, err := auth.Current(c)
	if errors.Is(err, auth.ErrNotLoggedIn) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	u := &page.User{ID: s.UserID.String(), Name: s.User.Name}
	if here := page.Of(c).Community; here != nil {
		u.Role, u.Books = rolesIn(page.Of(c), s.User.Roles[here.ID]), s.User.Can(auth.ReadBooks, here.ID)
	}
	return u, nil
}

// rolesIn names roles in the reader's language.
func rolesIn(r *page.Reader, roles []auth.Role) string {
	var names []string
	for _, role := range auth.Roles {
		for _, has := range roles {
			if has == role {
				names = append(names, r.T("role."+string(role)))
			}
		}
	}
	return strings.Join(names, r.T("desk.and"))
}

// Allow is the hook that decides about a route's right before its handler runs. A page of the desk gets its menu here,
// so that one shown again with a form to mend has it too.
func (p *Pages) Allow(c *fiber.Ctx, right string) error {
	if err := p.Door.May(c, auth.Permission(right)); err != nil {
		return err
	}
	if page.Of(c).Community == nil || !strings.Contains(c.Route().Path, "/desk") {
		return nil // the till, and what it sends, show no menu
	}
	return p.hangMenu(c)
}

// Fresh is the hook for routes that ask for a confirmation of a moment ago.
func (p *Pages) Fresh(c *fiber.Ctx) error { return p.Door.Fresh(c) }

// confirmURL leads to the page that asks once more who somebody is, and back: from a form, to the page it stands on.
func confirmURL(c *fiber.Ctx) string {
	next := c.OriginalURL()
	if method := c.Method(); method != fiber.MethodGet && method != fiber.MethodHead {
		next = "/"
		if from, err := url.Parse(c.Get(fiber.HeaderReferer)); err == nil && from.Host == string(c.Request().Host()) {
			next = from.RequestURI()
		}
	}
	return confirmPath + "?next=" + url.QueryEscape(auth.SafeNext(next))
}
