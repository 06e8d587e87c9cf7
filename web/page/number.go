package page

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// ParseNumber reads a number of ours: positive, as the database counts. Anything else is 0, which nothing of ours has.
func ParseNumber(s string) int {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 1 {
		return 0
	}
	return int(n)
}

// Number reads a part of the address that is a number of ours. Anything else is no address: ErrNotFound.
func Number(c *fiber.Ctx, part string) (int, error) {
	if n := ParseNumber(c.Params(part)); n > 0 {
		return n, nil
	}
	return 0, ErrNotFound
}

// Number reads a field that the page filled in with a number of ours; 0 for anything else.
func (f *Form) Number(name string) int { return ParseNumber(f.Typed(name)) }

// Before reads ?before=, the Seq or the line before which a list goes on; 0 for its first page.
func Before(c *fiber.Ctx) int64 {
	n, err := strconv.ParseInt(c.Query("before"), 10, 64)
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// Upward leads a reload of what was sent to an address back to the page above it.
func Upward(c *fiber.Ctx) error {
	return c.Redirect(c.Path()[:strings.LastIndexByte(c.Path(), '/')], fiber.StatusSeeOther)
}
