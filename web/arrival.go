package web

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// nearest keeps, of the addresses in X-Forwarded-For, the last that is no trusted proxy's: our own proxies wrote it down.
// What stands before it anybody can have written, to be counted as somebody else.
func (a *App) nearest(c *fiber.Ctx) error {
	if len(a.config.TrustedProxies) == 0 || !c.IsProxyTrusted() {
		return c.Next()
	}
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	for i := len(hops) - 1; i >= 0; i-- {
		if hop := strings.TrimSpace(hops[i]); i == 0 || !a.trusts(hop) {
			c.Request().Header.Set(fiber.HeaderXForwardedFor, hop)
			break
		}
	}
	return c.Next()
}

func (a *App) trusts(hop string) bool {
	address, err := netip.ParseAddr(hop)
	for _, proxy := range a.config.TrustedProxies {
		network, notOne := netip.ParsePrefix(proxy)
		if proxy == hop || err == nil && notOne == nil && network.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// legible turns away addresses that are no text, which no page of ours links to and the database would refuse.
func legible(c *fiber.Ctx) error {
	if !isText(c.Path()) {
		return page.ErrNotFound
	}
	for name, value := range c.Request().URI().QueryArgs().All() {
		if !isText(string(name)) || !isText(string(value)) {
			return page.ErrUnreadable
		}
	}
	return c.Next()
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
