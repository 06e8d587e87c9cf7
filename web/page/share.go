package page

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Share is what a chat, a search engine or a feed reader is told of a page. A handler puts it into its reader before the
// page is printed; a page without one tells nothing but its title. Every address is whole: https://…
type Share struct {
	Title, Text   string
	URL           string // the page's one address, without anything a reader chose
	Image, Square string // of the drawn cards, 1200 × 630 and 600 × 600
	Feeds         []Feed
}

// Feed is an Atom feed that a page announces.
type Feed struct{ Title, URL string }

// FramedByAnyone lets a page stand in a frame on anybody's page: a campaign's window, and no other page.
func FramedByAnyone(c *fiber.Ctx) {
	policy := string(c.Response().Header.Peek(fiber.HeaderContentSecurityPolicy))
	c.Set(fiber.HeaderContentSecurityPolicy, strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors *", 1))
	c.Response().Header.Del(fiber.HeaderXFrameOptions)
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
