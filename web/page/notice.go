package page

import (
	"encoding/base64"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Done answers a form that worked: the reader goes to another page, which says once what was done.
//
//	return page.Done(c, "/desk/entries", "entry.posted", "number", entry.Voucher())
//
// to is below the reader's community.
func Done(c *fiber.Ctx, to, key string, pairs ...any) error {
	s, r := SiteOf(c), Of(c)
	said := base64.RawURLEncoding.EncodeToString([]byte(r.T(key, pairs...)))
	s.setCookie(c, s.cookieName("notice"), s.sign("notice", said), 60)
	return c.Redirect(r.URL(to), fiber.StatusSeeOther)
}

// takeNotice reads what Done left, and takes it away so that it is said once.
func (s *Site) takeNotice(c *fiber.Ctx) string {
	held := c.Cookies(s.cookieName("notice"))
	if held == "" || c.Method() != fiber.MethodGet {
		return ""
	}
	s.setCookie(c, s.cookieName("notice"), "", -1)
	if !s.signed("notice", held) {
		return ""
	}
	said, err := base64.RawURLEncoding.DecodeString(held[:strings.LastIndexByte(held, '.')])
	if err != nil {
		return ""
	}
	return string(said)
}
