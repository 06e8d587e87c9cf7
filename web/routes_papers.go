package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// proofRoutes prove papers to everybody.
func proofRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/ledger/:voucher/papers/:number/proof.txt", Handle: p.PaperProof, Limit: "download"},
	}
}

// papersRoutes are the staff's pages about payment requests, and about the papers of entries as they came.
func papersRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending", Handle: p.Spending, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/new", Handle: p.AskPayment, Right: right(auth.RequestPayment)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/new", Handle: p.SendRequest, Right: right(auth.RequestPayment), BodyMax: desk.PaperBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/rule", Handle: p.ToSpending, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/rule", Handle: p.SetSpendingRule, Right: right(auth.VoteMotion)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/batches", Handle: p.ToSpending, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/batches", Handle: p.MakeBatch, Right: right(auth.PayRequest)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/batches/:batch", Handle: p.BatchFile, Right: right(auth.PayRequest)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/:request", Handle: p.PaymentRequest, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/:request/decision", Handle: p.ToRequest, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/:request/decision", Handle: p.DecideRequest, Right: right(auth.ApprovePayment)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/:request/withdrawal", Handle: p.WithdrawRequest, Right: right(auth.RequestPayment)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/:request/papers", Handle: p.ToRequest, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/:request/papers", Handle: p.AddRequestPaper, Right: right(auth.RequestPayment), BodyMax: desk.PaperBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/:request/papers/:paper", Handle: p.RequestPaper, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/:request/payment", Handle: p.ToRequest, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/:request/payment", Handle: p.PayRequest, Right: right(auth.PayRequest)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/:request/confirmation", Handle: p.ConfirmTransfer, Right: right(auth.PayRequest)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/spending/:request/undoing", Handle: p.ToRequest, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/:request/undoing", Handle: p.UndoPayment, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/spending/:request/erasure", Handle: p.ErasePayee, Right: right(auth.PayRequest)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/:voucher/papers", Handle: p.ToEntry, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/:voucher/papers", Handle: p.KeepPaper, Right: right(auth.PostEntry), BodyMax: desk.PaperBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/:voucher/papers/:paper", Handle: p.EntryPaper, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/:voucher/papers/:paper/cover", Handle: p.CoverPaper, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/:voucher/papers/:paper/removal", Handle: p.RemovePaper, Right: right(auth.PostEntry)},
	}
}
