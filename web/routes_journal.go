package web

import (
	"fund/web/auth"
	"fund/web/desk"

	"github.com/gofiber/fiber/v2"
)

// journalRoutes are the journal's pages around its list and its entries: templates, import, vouchers on paper. They are tried before
// booksRoutes, whose /desk/journal/:voucher would take their names for a number.
func journalRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal.csv", Handle: p.JournalCSV, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal.xlsx", Handle: p.JournalXLSX, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/vouchers.pdf", Handle: p.VoucherBook, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/:voucher/voucher.pdf", Handle: p.VoucherPDF, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/import", Handle: p.ImportForm, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/import", Handle: p.UploadJournal, Right: right(auth.PostEntry), BodyMax: desk.StatementBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/import/empty/:name", Handle: p.EmptyJournal, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/import/:upload", Handle: p.ImportPreview, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/import/:upload", Handle: p.ImportJournal, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/templates", Handle: p.Templates, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/templates", Handle: p.KeepTemplate, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/templates/:template", Handle: p.ToTemplates, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/templates/:template", Handle: p.RenameTemplate, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/templates/:template/removal", Handle: p.DropTemplate, Right: right(auth.PostEntry)},
	}
}
