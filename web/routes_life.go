package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// lifeRoutes are where residents propose projects, and their own pages. They stand before /projects/:slug.
func lifeRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/projects/propose", Handle: p.ProposeForm},
		{Method: fiber.MethodPost, Path: "/c/:community/projects/propose", Handle: p.Propose, Limit: "start"},
		{Method: fiber.MethodGet, Path: "/c/:community/projects/propose/:token", Handle: p.Proposed, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/projects/propose/:token/submission", Handle: p.SubmitProposed, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/projects/propose/:token/withdrawal", Handle: p.WithdrawProposed, Limit: "token"},
		{Method: fiber.MethodGet, Path: "/c/:community/projects/propose/:token/:part", Handle: p.ProposedPart, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/projects/propose/:token/:part", Handle: p.SaveProposedPart, Limit: "token"},
	}
}

// lifeDeskRoutes are where the staff follows projects from a proposal to the end report.
func lifeDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	read, manage, post := right(auth.ReadDesk), right(auth.ManageProject), right(auth.PostEntry)
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/projects", Handle: p.Projects, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/projects/:project", Handle: p.Project, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/projects/:project", Handle: p.ActOnProject, Right: manage},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/projects/:project/address", Handle: p.RenewProposed, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/projects/:project/pictures", Handle: p.Project, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/projects/:project/pictures", Handle: p.AddMilestonePicture, Right: manage, BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/projects/:project/outcomes", Handle: p.Outcomes, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/projects/:project/outcomes", Handle: p.RecordOutcomes, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/projects/:project/lines", Handle: p.ProjectLines, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/projects/:project/lines", Handle: p.PutOnLines, Right: post},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/projects/:project/report", Handle: p.EndReport, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/projects/:project/report", Handle: p.WriteEndReport, Right: manage},
	}
}
