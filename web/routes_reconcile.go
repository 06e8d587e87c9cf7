package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
)

// reconcileRoutes are where the books are agreed with the bank.
func reconcileRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile", Handle: p.Reconcile, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/statements", Handle: p.ToReconcile, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/statements", Handle: p.UploadStatement, Right: right(auth.Reconcile), Limit: "upload", BodyMax: desk.StatementBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/statements/:upload", Handle: p.Statement, Right: right(auth.Reconcile)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/statements/:upload", Handle: p.ImportStatement, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/statements/:upload/columns", Handle: p.StatementColumns, Right: right(auth.Reconcile)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/statements/:upload/columns", Handle: p.SaveColumns, Right: right(auth.Reconcile)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account", Handle: p.ReconcileAccount, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/matches", Handle: p.Matches, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/:account/matches", Handle: p.AcceptMatch, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/matches/:match", Handle: p.ToMatches, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/:account/matches/:match", Handle: p.UndoMatch, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/lines/:line", Handle: p.ReconcileLine, Right: right(auth.Reconcile)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/:account/lines/:line", Handle: p.MatchLine, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/transit", Handle: p.ToReconcileAccount, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/:account/transit", Handle: p.NoteTransit, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/rules", Handle: p.Rules, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/:account/rules", Handle: p.SaveRule, Right: right(auth.Reconcile)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/paper", Handle: p.ReconcilePaper, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/paper.pdf", Handle: p.ReconcilePDF, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/:account/paper", Handle: p.CompleteReconciliation, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/completed/:completed", Handle: p.CompletedPaper, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/reconcile/:account/completed/:completed/paper.pdf", Handle: p.CompletedPDF, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/reconcile/:account/completed/:completed", Handle: p.ReopenReconciliation, Right: right(auth.Reconcile)},
	}
}
