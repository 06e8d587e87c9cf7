package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
)

// closeRoutes are where months and years are closed, and opened again.
func closeRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/suspense", Handle: p.Suspense, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/suspense", Handle: p.Identify, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/periods", Handle: p.Periods, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/periods/:month", Handle: p.Period, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/periods/:month/closure", Handle: p.ToPeriod, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/periods/:month/closure", Handle: p.ClosePeriod, Right: right(auth.ClosePeriod)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/periods/:month/reopening", Handle: p.ToPeriods, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/periods/:month/reopening", Handle: p.AskReopening, Right: right(auth.ReopenPeriod), Fresh: true},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/periods/:month/reopening/:request", Handle: p.ToPeriods, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/periods/:month/reopening/:request", Handle: p.AgreeReopening, Right: right(auth.ReopenPeriod), Fresh: true},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/years/:year/closure", Handle: p.ToPeriods, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/years/:year/closure", Handle: p.CloseYear, Right: right(auth.ClosePeriod)},
	}
}
