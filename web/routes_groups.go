package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// groupsDeskRoutes are the staff's pages about social organisations and residents' groups.
func groupsDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	read, edit, post, take := right(auth.ReadDesk), right(auth.ManageOrganisation), right(auth.PostEntry), right(auth.EnterCash)
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups", Handle: p.Groups, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/new", Handle: p.NewGroup, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/new", Handle: p.AddGroup, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/rule", Handle: p.GroupRule, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/rule", Handle: p.SetGroupRule, Right: post},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/:slug", Handle: p.Group, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/:slug/edit", Handle: p.ChangeGroupForm, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/edit", Handle: p.ChangeGroup, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/:slug/activities", Handle: p.Group, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/activities", Handle: p.RecordGroupActivities, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/activities/:n/withdrawal", Handle: p.WithdrawGroupActivity, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/:slug/members", Handle: p.Group, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/members", Handle: p.CountGroupMembers, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/:slug/contact", Handle: p.Group, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/contact", Handle: p.SetGroupContact, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/contact/erasure", Handle: p.EraseGroupContact, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/groups/:slug/grants", Handle: p.Group, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/grants", Handle: p.GiveGroupGrant, Right: post},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/groups/:slug/grants/:grant/reversal", Handle: p.UndoGroupGrant, Right: post},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/past", Handle: p.PastForm, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/past", Handle: p.UploadPast, Right: edit, BodyMax: desk.StatementBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/past/empty/:name", Handle: p.EmptyPast, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/past/:upload", Handle: p.PastPreview, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/past/:upload", Handle: p.ImportPast, Right: edit},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/agreements", Handle: p.Agreements, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/agreements/new", Handle: p.NewAgreement, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/agreements/new", Handle: p.AddAgreement, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/agreements/:agreement", Handle: p.Agreement, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/agreements/:agreement/sessions", Handle: p.Agreement, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/agreements/:agreement/sessions", Handle: p.RecordSession, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/agreements/:agreement/sessions/:session/withdrawal", Handle: p.VoidSession, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/agreements/:agreement/invoices", Handle: p.Agreement, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/agreements/:agreement/invoices", Handle: p.IssueInvoice, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/agreements/:agreement/releases", Handle: p.Agreement, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/agreements/:agreement/releases", Handle: p.ReleaseSubsidy, Right: post},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/agreements/:agreement/releases/:release/reversal", Handle: p.UndoRelease, Right: post},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/invoices", Handle: p.Invoices, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/invoices/:invoice", Handle: p.Invoice, Right: read},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/invoices/:invoice/invoice.pdf", Handle: p.InvoicePDF, Right: edit},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/invoices/:invoice/payments", Handle: p.Invoice, Right: read},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/invoices/:invoice/payments", Handle: p.ReceiveInvoice, Right: take},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/invoices/:invoice/payments/:payment/reversal", Handle: p.UndoReceived, Right: post},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/invoices/:invoice/void", Handle: p.VoidInvoice, Right: edit},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/invoices/:invoice/erasure", Handle: p.EraseBilled, Right: edit},
	}
}

// groupsRoutes are the public pages of social organisations and residents' groups.
func groupsRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/groups", Handle: p.Groups},
		{Method: fiber.MethodGet, Path: "/c/:community/groups/:slug", Handle: p.Group},
		{Method: fiber.MethodGet, Path: "/c/:community/organisations/:slug", Handle: p.Organisation},
	}
}
