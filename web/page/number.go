package page

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Number reads a part of the address that is a number of ours: positive, as the
// database counts. Anything else is no address: ErrNotFound.
func Number(c *fiber.Ctx, part string) (int, error) {
	n, err := strconv.ParseInt(c.Params(part), 10, 32)
	if err != nil || n < 1 {
		return 0, ErrNotFound
	}
	return int(n), nil
}

// Upward leads a reload of what was sent to an address back to the page above it.
func Upward(c *fiber.Ctx) error {
	return c.Redirect(c.Path()[:strings.LastIndexByte(c.Path(), '/')], fiber.StatusSeeOther)
}
