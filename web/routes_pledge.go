package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// promiseRoutes are where people promise, and keep, change or end what they promised: the token is the key to each.
func promiseRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/pledge", Handle: p.PledgeForm},
		{Method: fiber.MethodPost, Path: "/c/:community/campaigns/:slug/pledge", Handle: p.MakePledge, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/pledges/:token", Handle: p.Pledge},
		{Method: fiber.MethodPost, Path: "/c/:community/pledges/:token", Handle: p.PayPledge, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/pledges/:token/cancellation", Handle: p.ToPledge},
		{Method: fiber.MethodPost, Path: "/c/:community/pledges/:token/cancellation", Handle: p.CancelPledge, Limit: "donate"},

		{Method: fiber.MethodGet, Path: "/c/:community/monthly/:token", Handle: p.Monthly},
		{Method: fiber.MethodPost, Path: "/c/:community/monthly/:token", Handle: p.GiveMonth, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/monthly/:token/pause", Handle: p.ToMonthly},
		{Method: fiber.MethodPost, Path: "/c/:community/monthly/:token/pause", Handle: p.PauseMonthly, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/monthly/:token/resumption", Handle: p.ToMonthly},
		{Method: fiber.MethodPost, Path: "/c/:community/monthly/:token/resumption", Handle: p.ResumeMonthly, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/monthly/:token/change", Handle: p.ToMonthly},
		{Method: fiber.MethodPost, Path: "/c/:community/monthly/:token/change", Handle: p.ChangeMonthly, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/monthly/:token/stop", Handle: p.ToMonthly},
		{Method: fiber.MethodPost, Path: "/c/:community/monthly/:token/stop", Handle: p.StopMonthly, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/monthly/:token/unsubscription", Handle: p.ToMonthly},
		{Method: fiber.MethodPost, Path: "/c/:community/monthly/:token/unsubscription", Handle: p.Unsubscribe, Machine: true, Limit: "donate"},

		{Method: fiber.MethodGet, Path: "/r/:token/monthly", Handle: p.MonthlyForm},
		{Method: fiber.MethodPost, Path: "/r/:token/monthly", Handle: p.BeginMonthly, Limit: "donate"},
	}
}

// promiseDeskRoutes are the staff's pages about promises.
func promiseDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pledges", Handle: p.Pledges, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pledges/new", Handle: p.NewPledge, Right: right(auth.EnterCash)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/pledges/new", Handle: p.EnterPledge, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pledges/:pledge", Handle: p.Pledge, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/pledges/:pledge", Handle: p.TakePledge, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/pledges/:pledge/cancellation", Handle: p.ToPledge, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/pledges/:pledge/cancellation", Handle: p.CancelPledge, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/monthly", Handle: p.Monthly, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/monthly", Handle: p.StopMonthly, Right: right(auth.EnterCash)},
	}
}
