package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// helpRoutes are the board of mutual help: the token is the key to a neighbour's own page.
func helpRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/help", Handle: p.Help},
		{Method: fiber.MethodGet, Path: "/c/:community/help/needs/new", Handle: p.NeedForm},
		{Method: fiber.MethodPost, Path: "/c/:community/help/needs/new", Handle: p.PutNeed, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/help/offers/new", Handle: p.OfferForm},
		{Method: fiber.MethodPost, Path: "/c/:community/help/offers/new", Handle: p.PutOffer, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/help/mine/:token", Handle: p.Neighbour},
		{Method: fiber.MethodPost, Path: "/c/:community/help/mine/:token", Handle: p.SayHelp, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/help/mine/:token/withdrawal", Handle: p.ToNeighbour},
		{Method: fiber.MethodPost, Path: "/c/:community/help/mine/:token/withdrawal", Handle: p.WithdrawCard, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/help/mine/:token/erasure", Handle: p.ToNeighbour},
		{Method: fiber.MethodPost, Path: "/c/:community/help/mine/:token/erasure", Handle: p.LeaveHelp, Limit: "donate"},
	}
}

// helpDeskRoutes are the centre's pages about mutual help.
func helpDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	may := right(auth.ArrangeHelp)
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help", Handle: p.Help, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help/people", Handle: p.HelpPeople, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/people", Handle: p.InviteHelp, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/people/:person/address", Handle: p.HelpAddress, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help/shifts", Handle: p.HelpPeople, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/shifts", Handle: p.PostShift, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help/shifts/:shift", Handle: p.HelpPeople, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/shifts/:shift", Handle: p.UndoShift, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help/cards/:card", Handle: p.HelpCard, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/cards/:card", Handle: p.JudgeHelpCard, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help/cards/:card/engagement", Handle: p.HelpCard, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/cards/:card/engagement", Handle: p.ArrangeHelp, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help/engagements/:engagement", Handle: p.Engagement, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/engagements/:engagement", Handle: p.HearHelp, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/help/:kind/new", Handle: p.WriteCard, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/help/:kind/new", Handle: p.PutCard, Right: may},
	}
}
