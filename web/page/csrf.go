package page

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// ErrForged is a form that did not come from a page of ours, or from one whose cookie has gone.
var ErrForged = errors.New("page: form without a token of ours, or from another site")

// csrfName is the form's field; csrfHeader is what a module sends instead.
const (
	csrfName   = "csrf"
	csrfHeader = "X-Csrf-Token"
)

func (s *Site) csrfCookie() string { return s.cookieName("form") }

// cookieName has the prefix that keeps a cookie to this host, wherever readers come over https.
func (s *Site) cookieName(name string) string {
	if s.Secure() {
		return "__Host-" + name
	}
	return name
}

// csrfField is the hidden field with a hole in it; see packed.
func (s *Site) csrfField() template.HTML {
	return template.HTML(`<input type="hidden" name="` + csrfName + `" value="` + s.hole + `">`)
}

// token gives the reader's form token, and the cookie it has to agree with: only when a page with a form is sent.
// Signed double submit: nothing is stored, and a cookie planted by somebody else does not carry our signature.
func (s *Site) token(c *fiber.Ctx) func() string {
	return func() string {
		if held := c.Cookies(s.csrfCookie()); s.signed("form", held) {
			return held
		}
		nonce := make([]byte, 18)
		_, _ = rand.Read(nonce) // never fails since Go 1.24
		token := s.sign("form", base64.RawURLEncoding.EncodeToString(nonce))
		s.setCookie(c, s.csrfCookie(), token, 0)
		return token
	}
}

// FormToken is the token for a page that sends its forms from a module, in the header X-Csrf-Token.
func FormToken(c *fiber.Ctx) string { return SiteOf(c).token(c)() }

// setCookie sets one of our own cookies; maxAge 0 lasts until the browser closes, below 0 takes it away.
func (s *Site) setCookie(c *fiber.Ctx, name, value string, maxAge int) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge, SessionOnly: maxAge == 0,
		Secure: s.Secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// sign puts a signature behind a value; purpose keeps one kind of value from passing as another.
func (s *Site) sign(purpose, value string) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(purpose + "\x00" + value))
	return value + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (s *Site) signed(purpose, signed string) bool {
	dot := strings.LastIndexByte(signed, '.')
	return dot > 0 && hmac.Equal([]byte(s.sign(purpose, signed[:dot])), []byte(signed))
}

// Guard is the middleware that refuses a form which did not come from a page of ours: the browser must not name another
// site, and the field must agree with the cookie. Routes for machines, which carry no cookie, stand without it.
func (s *Site) Guard(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	if !s.ownOrigin(c) {
		return ErrForged
	}
	sent := c.Get(csrfHeader)
	if sent == "" {
		sent = c.FormValue(csrfName)
	}
	if held := c.Cookies(s.csrfCookie()); !s.signed("form", held) || !hmac.Equal([]byte(held), []byte(sent)) {
		return ErrForged
	}
	return c.Next()
}

// ownOrigin believes Sec-Fetch-Site, then Origin; a browser too old for both is left to the token.
func (s *Site) ownOrigin(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" || site == "none"
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && (u.Host == s.base.Host && u.Scheme == s.base.Scheme || u.Host == string(c.Request().Host()))
}
