package web

import (
	"fund/web/auth"
	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// What the refusals of web/auth mean to a reader. Each room of handlers does the same for the verbs it calls.
func init() {
	page.Elsewhere(auth.ErrNotLoggedIn, auth.LogInURL)
	page.Meaning(auth.ErrNotLoggedIn, fiber.StatusUnauthorized, "error.signin")
	page.Meaning(auth.ErrForbidden, fiber.StatusForbidden, "error.refused")
}
