package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// ventureRoutes are the public pages of ventures.
func ventureRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/ventures", Handle: p.Ventures},
		{Method: fiber.MethodGet, Path: "/c/:community/ventures/:venture", Handle: p.Venture},
	}
}

// ventureDeskRoutes are the staff's pages about ventures.
func ventureDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	read, take, post, found := right(auth.ReadDesk), right(auth.SellAtTill), right(auth.PostEntry), right(auth.ManageSale)
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/ventures", Handle: p.Ventures, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/ventures/new", Handle: p.NewVenture, Right: found},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/ventures/new", Handle: p.FoundVenture, Right: found},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/ventures/:venture", Handle: p.Venture, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/ventures/:venture/takings", Handle: p.Venture, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/ventures/:venture/takings", Handle: p.TakeVenture, Right: take},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/ventures/:venture/surplus", Handle: p.Venture, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/ventures/:venture/surplus", Handle: p.PassVentureOn, Right: post},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/ventures/:venture/shifts", Handle: p.Venture, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/ventures/:venture/shifts", Handle: p.PlanVentureShift, Right: take},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/ventures/:venture/shifts/:shift", Handle: p.EndVentureShift, Right: take},
	}
}
