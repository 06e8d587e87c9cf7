package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
)

// witnessDeskRoutes are where the administrator says who countersigns our log, and whose we countersign.
func witnessDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/witnesses", Handle: p.Witnesses, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/witnesses", Handle: p.AddWitness, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/witnesses/signatures", Handle: p.ToWitnesses, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/witnesses/signatures", Handle: p.AddSignature, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/witnesses/logs", Handle: p.ToWitnesses, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/witnesses/logs", Handle: p.AddWatched, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/witnesses/logs/:log/closure", Handle: p.EndWatched, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/witnesses/logs/:log/reopening", Handle: p.ResumeWatched, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/witnesses/:witness/closure", Handle: p.EndWitness, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/witnesses/:witness/reopening", Handle: p.ResumeWitness, Right: right(auth.ManageCommunity)},
	}
}
