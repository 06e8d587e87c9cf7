package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/public"
	"fund/web/till"
)

// soldRoutes are what a buyer takes along.
func soldRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/s/:token", Handle: p.SaleReceipt},
		{Method: fiber.MethodGet, Path: "/s/:token/receipt.pdf", Handle: p.SalePDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/s/:token/receipt.escpos", Handle: p.SaleESCPOS},
		{Method: fiber.MethodGet, Path: "/s/:token/qr.png", Handle: p.SaleCode},
	}
}

// tillRoutes are where a volunteer sells.
func tillRoutes(p *till.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/till", Handle: p.Till, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodGet, Path: "/c/:community/till/state.json", Handle: p.State, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodPost, Path: "/c/:community/till/sessions", Handle: p.OpenSession, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodPost, Path: "/c/:community/till/sync", Handle: p.Sync, Right: right(auth.SellAtTill), BodyMax: till.SyncBodyMax},
		{Method: fiber.MethodPost, Path: "/c/:community/till/sales/:sale/refund", Handle: p.Refund, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodGet, Path: "/c/:community/till/sessions/:session/count", Handle: p.CountDrawer, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodPost, Path: "/c/:community/till/sessions/:session/count", Handle: p.EnterCount, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodGet, Path: "/c/:community/till/sessions/:session/count/second", Handle: p.CountSecond, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodPost, Path: "/c/:community/till/sessions/:session/count/second", Handle: p.EnterSecond, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodGet, Path: "/c/:community/till/sessions/:session/z.pdf", Handle: p.ZReport, Right: right(auth.SellAtTill)},
		{Method: fiber.MethodGet, Path: "/c/:community/till/worker.js", Handle: p.Worker},
		{Method: fiber.MethodGet, Path: "/c/:community/till/manifest.webmanifest", Handle: p.Manifest},
		{Method: fiber.MethodGet, Path: "/c/:community/till/icon-:side.png", Handle: p.Icon},
	}
}
