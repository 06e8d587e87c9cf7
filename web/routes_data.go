package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/api"
)

// dataRoutes are open data: the interface for programs, its document, the files, and the pages that tell of them.
func dataRoutes(d *api.Data) []Route {
	if d == nil {
		return nil
	}
	ask := func(path, operation string) Route {
		return Route{Method: fiber.MethodGet, Path: path, Handle: d.Serve(operation), Machine: true}
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/data", Handle: d.Home},
		{Method: fiber.MethodGet, Path: "/c/:community/data/api", Handle: d.Reference},
		{Method: fiber.MethodGet, Path: "/c/:community/data/books.:format", Handle: d.BooksFile, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/data/grants.:format", Handle: d.GrantsFile, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/data/:list.:format", Handle: d.ListFile, Limit: "download"},

		{Method: fiber.MethodOptions, Path: "/api/v1/*", Handle: d.Preflight, Machine: true},
		{Method: fiber.MethodGet, Path: "/api/v1/openapi.json", Handle: d.OpenAPI, Machine: true},
		ask("/api/v1/communities", "listCommunities"),
		ask("/api/v1/c/:community", "getCommunity"),
		ask("/api/v1/c/:community/accounts", "listAccounts"),
		ask("/api/v1/c/:community/funds", "listFunds"),
		ask("/api/v1/c/:community/funds/:code", "getFund"),
		ask("/api/v1/c/:community/entries", "listEntries"),
		ask("/api/v1/c/:community/entries/:voucher", "getEntry"),
		ask("/api/v1/c/:community/statements/:name", "getStatement"),
		ask("/api/v1/c/:community/checkpoints", "listCheckpoints"),
		ask("/api/v1/c/:community/checkpoints/:number", "getCheckpoint"),
		ask("/api/v1/c/:community/campaigns", "listCampaigns"),
		ask("/api/v1/c/:community/campaigns/:slug", "getCampaign"),
		ask("/api/v1/c/:community/donations", "listDonations"),
		ask("/api/v1/c/:community/projects", "listProjects"),
		ask("/api/v1/c/:community/projects/:slug", "getProject"),
		ask("/api/v1/c/:community/organisations", "listOrganisations"),
		ask("/api/v1/c/:community/grants", "listGrants"),
		ask("/api/v1/c/:community/ventures", "listVentures"),
		ask("/api/v1/c/:community/sales", "listSales"),
		ask("/api/v1/c/:community/councils", "listCouncils"),
		ask("/api/v1/c/:community/motions", "listMotions"),
		ask("/api/v1/c/:community/rounds", "listRounds"),
		ask("/api/v1/c/:community/reports", "listReports"),
	}
}
