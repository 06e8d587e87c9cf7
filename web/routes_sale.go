package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// saleEventRoutes are the public pages of charity sales.
func saleEventRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/sales", Handle: p.SaleEvents},
		{Method: fiber.MethodGet, Path: "/c/:community/sales/:sale", Handle: p.SaleEvent},
		{Method: fiber.MethodGet, Path: "/c/:community/sales/:sale/result.pdf", Handle: p.SaleEventPDF, Limit: "download"},
	}
}

// saleRoutes are the staff's pages about sale events, ventures and what they sell.
func saleRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales", Handle: p.Sales, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/new", Handle: p.NewSale, Right: right(auth.ManageSale)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/new", Handle: p.AddSale, Right: right(auth.ManageSale)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/setting", Handle: p.SaleSetting, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/setting", Handle: p.SaveSaleSetting, Right: right(auth.ManageSale), Limit: "upload", BodyMax: 2 * desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place", Handle: p.Sale, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/edit", Handle: p.EditSale, Right: right(auth.ManageSale)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/:place/edit", Handle: p.SaveSale, Right: right(auth.ManageSale)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/state", Handle: p.ToSale, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/:place/state", Handle: p.MoveSale, Right: right(auth.ManageSale)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/costs", Handle: p.ToSale, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/:place/costs", Handle: p.SpendForSale, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/items", Handle: p.SaleItems, Right: right(auth.ManageSale)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/:place/items", Handle: p.SaveItems, Right: right(auth.ManageSale), BodyMax: desk.ItemsBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/items/file", Handle: p.ToItems, Right: right(auth.ManageSale)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/:place/items/file", Handle: p.FillItems, Right: right(auth.ManageSale), Limit: "upload", BodyMax: desk.ItemsBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/items/:item", Handle: p.SaleItem, Right: right(auth.ManageSale)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/:place/items/:item", Handle: p.SetItemPicture, Right: right(auth.ManageSale), Limit: "upload", BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/labels.pdf", Handle: p.SaleLabels, Right: right(auth.ManageSale)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/sales/:place/paper", Handle: p.PaperSales, Right: right(auth.PostEntry)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/sales/:place/paper", Handle: p.EnterPaperSales, Right: right(auth.PostEntry), Limit: "upload", BodyMax: desk.PaperSalesBodyMax},
	}
}
