package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// roundRoutes are the public pages of participatory rounds.
func roundRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/rounds", Handle: p.Rounds},
		{Method: fiber.MethodGet, Path: "/c/:community/rounds/:slug", Handle: p.Round},
		{Method: fiber.MethodGet, Path: "/c/:community/rounds/:slug/ideas/new", Handle: p.IdeaForm},
		{Method: fiber.MethodPost, Path: "/c/:community/rounds/:slug/ideas/new", Handle: p.PutIdea, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/rounds/:slug/ballot", Handle: p.Ballot},
		{Method: fiber.MethodPost, Path: "/c/:community/rounds/:slug/ballot", Handle: p.Vote, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/rounds/:slug/ballots.pb", Handle: p.RoundFile, Limit: "download"},
	}
}

// roundDeskRoutes are the staff's pages about participatory rounds.
func roundDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	may := right(auth.ManageProject)
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds", Handle: p.Rounds, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/new", Handle: p.NewRound, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/new", Handle: p.OpenRound, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug", Handle: p.Round, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug/edit", Handle: p.EditRound, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/:slug/edit", Handle: p.ChangeRound, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug/ideas/:number", Handle: p.Idea, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/:slug/ideas/:number", Handle: p.JudgeIdea, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug/codes", Handle: p.ToRound, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/:slug/codes", Handle: p.MakeCodes, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug/codes/void", Handle: p.ToRound, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/:slug/codes/void", Handle: p.VoidCodes, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug/paper", Handle: p.PaperBallot, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/:slug/paper", Handle: p.CastPaper, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug/count", Handle: p.ToRound, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/:slug/count", Handle: p.CountRound, Right: may},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/rounds/:slug/projects", Handle: p.ToRound, Right: may},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/rounds/:slug/projects", Handle: p.FoundProjects, Right: may},
	}
}
