package web

import (
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// What the refusals of web/auth mean to a reader. Each room of handlers does the same for the verbs it calls. That a number was
// taken at the same moment comes after all of theirs: where a verb says more, that counts.
func init() {
	page.Elsewhere(auth.ErrNotLoggedIn, auth.LogInURL)
	page.Meaning(auth.ErrNotLoggedIn, fiber.StatusUnauthorized, "error.signin")
	page.Meaning(auth.ErrForbidden, fiber.StatusForbidden, "error.refused")
	page.Meaning(ledger.ErrAtOnce, fiber.StatusConflict, "error.at_once")
}
