package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/public"
)

// pagesRoutes are the residents' ways into the books beside the ledger itself.
func pagesRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/search", Handle: p.Search},
		{Method: fiber.MethodGet, Path: "/c/:community/flow", Handle: p.Flow},
		{Method: fiber.MethodGet, Path: "/c/:community/months", Handle: p.Series},
		{Method: fiber.MethodGet, Path: "/c/:community/questions", Handle: p.Questions},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger/:voucher/questions", Handle: p.ToEntryQuestions},
		{Method: fiber.MethodPost, Path: "/c/:community/ledger/:voucher/questions", Handle: p.AskAboutEntry, Limit: "ask"},
	}
}
