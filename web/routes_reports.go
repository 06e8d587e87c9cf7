package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// reportRoutes are the shelf of issued reports, their feed, and their letters.
func reportRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/reports", Handle: p.Reports},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/feed.atom", Handle: p.ReportsFeed, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/subscription", Handle: p.ToReports},
		{Method: fiber.MethodPost, Path: "/c/:community/reports/subscription", Handle: p.Subscribe, Limit: "ask"},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/letters/:token", Handle: p.ReportLetters, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/reports/letters/:token", Handle: p.SetReportLetters, Limit: "token", Machine: true},
		{Method: fiber.MethodGet, Path: "/c/:community/documents/:number/:version/value.json", Handle: p.DocumentValue, Limit: "download"},
	}
}

// reportDeskRoutes are where reports are looked at, issued, corrected and scheduled.
func reportDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reports", Handle: p.Reports, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reports", Handle: p.ChooseReport, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reports/schedule", Handle: p.ToReports, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reports/schedule", Handle: p.ScheduleReports, Right: right(auth.PublishCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reports/:kind/:period", Handle: p.ReportDraft, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reports/:kind/:period", Handle: p.IssueReport, Right: right(auth.PublishCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reports/:kind/:period/draft.pdf", Handle: p.ReportDraftPDF, Right: right(auth.ReadBooks)},
	}
}
