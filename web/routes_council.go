package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// councilRoutes are what everybody reads of the councils, and of a year.
func councilRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/years", Handle: p.Year},
		{Method: fiber.MethodGet, Path: "/c/:community/years/:year", Handle: p.Year},
		{Method: fiber.MethodGet, Path: "/c/:community/councils", Handle: p.Councils},
		{Method: fiber.MethodGet, Path: "/c/:community/councils/:council", Handle: p.Council},
		{Method: fiber.MethodGet, Path: "/c/:community/councils/:council/motions/:motion", Handle: p.Motion},
		{Method: fiber.MethodGet, Path: "/c/:community/councils/:council/motions/:motion/papers/:paper", Handle: p.MotionPaper},
		{Method: fiber.MethodGet, Path: "/c/:community/councils/:council/minutes/:minutes", Handle: p.CouncilMinutes},
	}
}

// councilDeskRoutes are the pages of those who sit in the councils. A member's seat, and the office, the verbs ask for themselves.
func councilDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	read, vote, manage := right(auth.ReadDesk), right(auth.VoteMotion), right(auth.ManagePeople)
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils", Handle: p.Councils, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils", Handle: p.AddCouncil, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council", Handle: p.Council, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/members", Handle: p.Council, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/members", Handle: p.SeatMember, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/members/:member", Handle: p.CouncilSeat, Right: manage},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/members/:member", Handle: p.ChangeCouncilSeat, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/rule", Handle: p.Council, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/rule", Handle: p.SetCouncilRule, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/minutes", Handle: p.Council, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/minutes", Handle: p.WriteMinutes, Right: vote},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/minutes/:minutes/signature", Handle: p.SignMinutes, Right: vote},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/motions/new", Handle: p.NewMotion, Right: vote},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/motions/new", Handle: p.Propose, Right: vote},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/motions/:motion", Handle: p.Motion, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/motions/:motion", Handle: p.ActOnMotion, Right: vote},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/motions/:motion/edit", Handle: p.EditMotion, Right: vote},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/motions/:motion/edit", Handle: p.AmendMotion, Right: vote},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/motions/:motion/papers/:paper", Handle: p.DraftPaper, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/motions/:motion/ballots", Handle: p.BallotsPDF, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/councils/:council/motions/:motion/money", Handle: p.Motion, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/councils/:council/motions/:motion/money", Handle: p.UseMotion, Right: right(auth.PostEntry)},
	}
}
