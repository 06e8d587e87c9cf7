package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/api"
	"fund/web/public"
)

// logRoutes are what programs read of a community's log (C2SP tlog-tiles).
func logRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/log/key", Handle: p.LogKey},
		{Method: fiber.MethodGet, Path: "/c/:community/log/between/:old/:new", Handle: p.LogBetween},
		{Method: fiber.MethodGet, Path: "/c/:community/log/checkpoint", Handle: p.LogCheckpoint},
		{Method: fiber.MethodGet, Path: "/c/:community/log/checkpoint/:number", Handle: p.LogCheckpointNumbered},
		{Method: fiber.MethodGet, Path: "/c/:community/log/checkpoints.txt", Handle: p.LogCheckpoints, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/log/tile/*", Handle: p.LogTile},
		{Method: fiber.MethodGet, Path: "/c/:community/log/papers/tile/*", Handle: p.LogPapersTile},
		{Method: fiber.MethodGet, Path: "/c/:community/log/forks/:name.json", Handle: p.Fork},
	}
}

// witnessRoutes let others countersign the log, and us theirs (C2SP tlog-witness).
func witnessRoutes(e *api.Endpoints) []Route {
	if e == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/witness/key", Handle: e.WitnessKey},
		{Method: fiber.MethodPost, Path: "/c/:community/witness/add-checkpoint", Handle: e.AddCheckpoint, Machine: true, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/log/cosignatures", Handle: e.AddCosignatures, Machine: true, Limit: "verify"},
	}
}
