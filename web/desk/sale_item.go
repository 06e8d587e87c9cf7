package desk

import (
	"context"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/web/page"
	"fund/web/photo"
)

type saleItemView struct {
	Item sale.Item
	Form *page.Form
}

// SaleItem is an item's picture.
func (p *Pages) SaleItem(c *fiber.Ctx) error {
	v, err := p.saleItemView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/sale_item", v)
}

func (p *Pages) saleItemView(c *fiber.Ctx, f *page.Form) (v saleItemView, err error) {
	v.Form = f.Label("picture", "sale.items.picture")
	v.Item, err = p.saleItemHere(c)
	return v, err
}

// SetItemPicture gives an item a picture, or takes it away.
func (p *Pages) SetItemPicture(c *fiber.Ctx) error {
	v, err := p.saleItemView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	file := v.Form.File(c, "picture", page.Optional)
	if file == nil && v.Form.Typed("press") != "remove" {
		v.Form.Wrong("picture", "form.wrong.blank")
		return page.Again(c, "desk/sale_item", v)
	}
	err = p.act(c, "sale.picture", "item:"+v.Item.ID.String(), nil, func(tx *sqlx.Tx, _ string) error {
		return keepItemPicture(c.UserContext(), tx, page.Of(c).Community.ID, v.Item, file)
	})
	if photo.Refused(v.Form, err) {
		return page.Again(c, "desk/sale_item", v)
	}
	if err != nil {
		return err
	}
	return page.Done(c, salePath(v.Item.PlaceID)+"/items", "sale.items.saved")
}

// keepItemPicture stores an item with the picture of a file, or without one.
func keepItemPicture(ctx context.Context, tx *sqlx.Tx, community int, i sale.Item, file *multipart.FileHeader) error {
	i.PictureID = nil
	if file != nil {
		read, err := file.Open()
		if err != nil {
			return err
		}
		defer read.Close()
		id, err := campaigns.AddPicture(ctx, tx, community, read, i.NameZH)
		if err != nil {
			return err
		}
		i.PictureID = &id
	}
	return sale.EditItem(ctx, tx, community, i)
}
