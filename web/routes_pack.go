package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
)

// packRoutes are where a year is handed to an auditor, and the whole book to other programs.
func packRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pack", Handle: p.Packs, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pack/:year-originals.zip", Handle: p.PackOriginals, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pack/:year.zip", Handle: p.Pack, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/export/:format", Handle: p.WholeBook, Right: right(auth.ReadBooks)},
	}
}
