package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
)

// raisingRoutes are the staff's pages about matching pools and gifts in kind.
func raisingRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pools", Handle: p.Pools, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/pools", Handle: p.OpenPool, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pools/:pool", Handle: p.Pool, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pools/:pool/closure", Handle: p.ToPool, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pools/:pool/sponsor", Handle: p.ToPool, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/pools/:pool/sponsor", Handle: p.NamePool, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/pools/:pool/closure", Handle: p.ClosePool, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/in-kind", Handle: p.InKind, Right: right(auth.EnterCash)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/in-kind", Handle: p.TakeInKind, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/in-kind/:gift", Handle: p.InKindGift, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/in-kind/:gift/undoing", Handle: p.ToInKind, Right: right(auth.EnterCash)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/in-kind/:gift/undoing", Handle: p.UndoInKind, Right: right(auth.RefundDonation)},
	}
}
