package page

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// FramedBySelf lets a page stand in a frame on a page of our own, and nowhere else: a preview beside its remarks.
func FramedBySelf(c *fiber.Ctx) {
	policy := string(c.Response().Header.Peek(fiber.HeaderContentSecurityPolicy))
	c.Set(fiber.HeaderContentSecurityPolicy, strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
}

// FramesSelf lets a page hold a frame with a page of our own.
func FramesSelf(c *fiber.Ctx) {
	policy := string(c.Response().Header.Peek(fiber.HeaderContentSecurityPolicy))
	c.Set(fiber.HeaderContentSecurityPolicy, policy+"; frame-src 'self'")
}
