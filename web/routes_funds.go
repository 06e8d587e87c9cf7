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
	}
}
