package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
)

// statementsRoutes are the statements of account: an index, and each as a page and as a file at one scheme of addresses.
func statementsRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/statements", Handle: p.Statements, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/statements/donor-income.:format", Handle: p.DonorIncomeFile, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/statements/donor-income", Handle: p.DonorIncome, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/statements/:name.:format", Handle: p.StatementFile, Right: right(auth.ReadBooks), Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/statements/:name", Handle: p.StatementTable, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/trial-balance", Handle: p.ToTrialBalance, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/trial-balance.csv", Handle: p.ToTrialBalance, Right: right(auth.ReadBooks)},
	}
}
