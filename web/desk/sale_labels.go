package desk

import (
	"cmp"
	"io"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/sale"
	"fund/web/page"
	"fund/web/pdf"
)

// SaleLabels are the price tags of what a place sells, to cut out.
func (p *Pages) SaleLabels(c *fiber.Ctx) error {
	at, err := p.placeHere(c)
	if err != nil {
		return err
	}
	r := page.Of(c)
	items, err := sale.ListItems(c.UserContext(), p.DB, r.Community.ID, at.ID)
	if err != nil {
		return err
	}
	doc := pdf.TagsDoc{Lang: string(r.Lang), Community: r.Community.Name.In(r.Lang), Place: at.Name(string(r.Lang))}
	for _, i := range items {
		if i.ArchivedAt != nil {
			continue
		}
		tag := pdf.Tag{Name: i.Name(string(r.Lang)), Price: r.T("sale.items.free_price"), Code: i.Code, Scan: cmp.Or(i.Barcode, i.Code)}
		if i.Price != nil {
			tag.Price = i.Price.YuanShort()
		}
		doc.Tags = append(doc.Tags, tag)
	}
	return page.DrawPDF(c, "tags-"+at.Slug, func(w io.Writer) error { return pdf.PriceTags(w, doc) })
}
