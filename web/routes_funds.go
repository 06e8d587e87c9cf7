package web

import (
	"fund/web/auth"
	"fund/web/desk"

	"github.com/gofiber/fiber/v2"
)

// fundsRoutes are the staff's pages about what funds plan, own and owe each other: opening balances, loans and transfers between
// funds, budgets, registers, and what comes again each month.
func fundsRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/opening", Handle: p.Opening, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/opening", Handle: p.OpenBooks, Right: right(auth.PostEntry), BodyMax: desk.TableBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/opening/file", Handle: p.ToOpening, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/opening/file", Handle: p.ReadOpening, Right: right(auth.PostEntry), BodyMax: desk.TableBodyMax},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/between", Handle: p.Between, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/between/loans", Handle: p.ToBetween, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/between/loans", Handle: p.Lend, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/between/loans/new", Handle: p.NewLoan, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/between/loans/:loan", Handle: p.Loan, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/between/loans/:loan/repayments", Handle: p.ToBetween, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/between/loans/:loan/repayments", Handle: p.Repay, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/between/loans/:loan/undoing", Handle: p.ToBetween, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/between/loans/:loan/undoing", Handle: p.UndoLoan, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/between/transfers", Handle: p.ToBetween, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/between/transfers", Handle: p.Transfer, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/between/transfers/new", Handle: p.NewTransfer, Right: right(auth.PostEntry)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/budgets", Handle: p.Budgets, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/budgets/:year/:fund", Handle: p.Budget, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/budgets/:year/:fund/edit", Handle: p.EditBudget, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/budgets/:year/:fund/edit", Handle: p.SaveBudget, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/budgets/:year/:fund/file", Handle: p.ToBudget, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/budgets/:year/:fund/file", Handle: p.ReadBudget, Right: right(auth.ManageAccounts), BodyMax: desk.TableBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/budgets/:year/:fund/:version", Handle: p.Budget, Right: right(auth.ReadBooks)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule", Handle: p.Schedule, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/recurring", Handle: p.ToSchedule, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/recurring/new", Handle: p.NewRepeat, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/schedule/recurring/new", Handle: p.AddRepeat, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/recurring/:plan", Handle: p.Repeat, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/recurring/:plan/pause", Handle: p.ToRepeat, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/schedule/recurring/:plan/pause", Handle: p.PauseRepeat, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/recurring/:plan/resumption", Handle: p.ToRepeat, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/schedule/recurring/:plan/resumption", Handle: p.ResumeRepeat, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/recurring/:plan/end", Handle: p.ToRepeat, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/schedule/recurring/:plan/end", Handle: p.EndRepeat, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/:month/run", Handle: p.ToSchedule, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/schedule/:month/run", Handle: p.RunMonth, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/:month/:plan/posting", Handle: p.ToSchedule, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/schedule/:month/:plan/posting", Handle: p.PostTurn, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/schedule/:month/:plan/skipping", Handle: p.ToSchedule, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/schedule/:month/:plan/skipping", Handle: p.SkipTurn, Right: right(auth.PostEntry)},
	}
}

// registerRoutes are the registers of fixed assets and of prepaid items, which have the same pages.
func registerRoutes(p *desk.Pages) (routes []Route) {
	if p == nil {
		return nil
	}
	for _, register := range []string{"/c/:community/desk/assets", "/c/:community/desk/prepaid"} {
		routes = append(routes,
			Route{Method: fiber.MethodGet, Path: register, Handle: p.Register, Right: right(auth.ReadBooks)},
			Route{Method: fiber.MethodGet, Path: register + ".csv", Handle: p.RegisterCSV, Right: right(auth.ReadBooks)},
			Route{Method: fiber.MethodGet, Path: register + "/new", Handle: p.NewItem, Right: right(auth.PostEntry)},
			Route{Method: fiber.MethodPost, Path: register + "/new", Handle: p.AddItem, Right: right(auth.PostEntry)},
			Route{Method: fiber.MethodGet, Path: register + "/:item", Handle: p.Item, Right: right(auth.ReadBooks)},
			Route{Method: fiber.MethodPost, Path: register + "/:item", Handle: p.ChangeItem, Right: right(auth.PostEntry)},
			Route{Method: fiber.MethodGet, Path: register + "/:item/disposal", Handle: p.ToItem, Right: right(auth.ReadBooks)},
			Route{Method: fiber.MethodPost, Path: register + "/:item/disposal", Handle: p.Dispose, Right: right(auth.PostEntry)},
		)
	}
	return routes
}
