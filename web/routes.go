package web

import (
	"slices"
	"strings"

	"fund/web/api"
	"fund/web/desk"
	"fund/web/page"
	"fund/web/public"

	"github.com/gofiber/fiber/v2"
)

// Route is one line of the table: everything that is decided about an address before its handler runs.
type Route struct {
	Method string
	Path   string // :community in it is looked up, and 404 if there is none
	Handle fiber.Handler

	Right   string // what a user must be allowed to do; "" is for everybody
	Machine bool   // called by programs that sign their requests: no cookie, so no form token
	Limit   string // the name of a rate limit; "" has none
	BodyMax int    // bytes; 0 is BodyMax
}

// routes are ALL routes of the site, in the order in which they are tried.
func (a *App) routes() []Route {
	return append([]Route{
		{Method: fiber.MethodGet, Path: "/healthz", Handle: a.healthz},
		{Method: fiber.MethodGet, Path: "/readyz", Handle: a.readyz},
		{Method: fiber.MethodGet, Path: "/metrics", Handle: a.metrics()},
		{Method: fiber.MethodGet, Path: "/static/:hash/:name", Handle: page.ServeAsset},
		{Method: fiber.MethodGet, Path: "/favicon.ico", Handle: favicon},
	}, slices.Concat(publicRoutes(a.config.Public), machineRoutes(a.config.API), deskRoutes(a.config.Desk), a.config.Routes)...)
}

// publicRoutes are the pages of donors and residents.
func publicRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/", Handle: p.Index},

		{Method: fiber.MethodGet, Path: "/c/:community", Handle: p.Home},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger", Handle: p.Ledger},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger.csv", Handle: p.LedgerCSV},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger.journal", Handle: p.LedgerJournal},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger/:voucher", Handle: p.Entry},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger/:voucher/proof.txt", Handle: p.EntryProof},
		{Method: fiber.MethodGet, Path: "/c/:community/funds/:code", Handle: p.Fund},
		{Method: fiber.MethodGet, Path: "/c/:community/projects", Handle: p.Projects},
		{Method: fiber.MethodGet, Path: "/c/:community/projects/:slug", Handle: p.Project},
		{Method: fiber.MethodGet, Path: "/c/:community/reports", Handle: p.Reports},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/statements", Handle: p.Statements},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/transparency.pdf", Handle: p.TransparencyPDF},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/latest.pdf", Handle: p.LatestPDF},
		{Method: fiber.MethodGet, Path: "/c/:community/verify", Handle: p.Verify},
		{Method: fiber.MethodPost, Path: "/c/:community/verify", Handle: p.VerifyReceipt, Limit: "verify"},
		{Method: fiber.MethodGet, Path: "/c/:community/log/key", Handle: p.LogKey},
		{Method: fiber.MethodGet, Path: "/c/:community/log/between/:old/:new", Handle: p.LogBetween},
		{Method: fiber.MethodGet, Path: "/c/:community/log/checkpoint", Handle: p.LogCheckpoint},
		{Method: fiber.MethodGet, Path: "/c/:community/log/checkpoint/:number", Handle: p.LogCheckpointNumbered},

		{Method: fiber.MethodGet, Path: "/c/:community/campaigns", Handle: p.Campaigns},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug", Handle: p.Campaign},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/live", Handle: p.Live},
		{Method: fiber.MethodGet, Path: "/c/:community/pictures/:id", Handle: p.Picture},

		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/donations", Handle: p.ToForm},
		{Method: fiber.MethodPost, Path: "/c/:community/campaigns/:slug/donations", Handle: p.Donate, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/donations/:id", Handle: p.Donation},
		{Method: fiber.MethodGet, Path: "/c/:community/sandbox/pay/:order", Handle: p.SandboxOrder},
		{Method: fiber.MethodPost, Path: "/c/:community/sandbox/pay/:order", Handle: p.SandboxPay, Limit: "donate"},

		{Method: fiber.MethodGet, Path: "/r/:token", Handle: p.Receipt},
		{Method: fiber.MethodGet, Path: "/r/:token/receipt.pdf", Handle: p.ReceiptPDF},
		{Method: fiber.MethodGet, Path: "/r/:token/proof.txt", Handle: p.ProofText},
		{Method: fiber.MethodGet, Path: "/r/:token/proof.json", Handle: p.ProofJSON},
	}
}

// machineRoutes are called by programs.
func machineRoutes(e *api.Endpoints) []Route {
	if e == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodPost, Path: "/c/:community/pay/:provider/notify", Handle: e.Notify, Machine: true},
	}
}

// deskRoutes are the pages of the staff.
func deskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{}
}

// Table is every route, for the test that walks all of them with every role.
func (a *App) Table() []Route { return a.routes() }

// missing is the end of the table: within a community the page keeps its name.
func (a *App) missing(c *fiber.Ctx) error {
	if slug, within := strings.CutPrefix(c.Path(), "/c/"); within {
		slug, _, _ = strings.Cut(slug, "/")
		if found, err := a.communities.get(c.UserContext(), slug); err == nil {
			page.Of(c).Community = &found
		}
	}
	return page.ErrNotFound
}

// hang puts a route into the app, behind the checks its line asks for, from the cheapest to the dearest.
func (a *App) hang(r Route) {
	var chain []fiber.Handler
	if strings.Contains(r.Path, ":community") {
		chain = append(chain, a.community)
	}
	if r.Limit != "" && a.config.Limit != nil {
		chain = append(chain, func(c *fiber.Ctx) error { return next(c, a.config.Limit(c, r.Limit)) })
	}
	if r.Method != fiber.MethodGet {
		chain = append(chain, takeBody(r.BodyMax))
		if !r.Machine {
			chain = append(chain, a.Pages.Guard)
		}
	}
	if !r.Machine {
		chain = append(chain, a.signedIn)
	}
	if r.Right != "" {
		chain = append(chain, func(c *fiber.Ctx) error { return next(c, a.allow(c, r.Right)) })
	}
	a.Fiber.Add(r.Method, r.Path, append(chain, r.Handle)...)
	if r.Method == fiber.MethodGet {
		a.Fiber.Head(r.Path, append(chain, r.Handle)...)
	}
}

func next(c *fiber.Ctx, err error) error {
	if err != nil {
		return err
	}
	return c.Next()
}

func favicon(c *fiber.Ctx) error {
	return c.Redirect(page.Asset("favicon.svg"), fiber.StatusMovedPermanently)
}
