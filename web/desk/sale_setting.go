package desk

import (
	"errors"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/web/auth"
	"fund/web/page"
)

// collectionWays are paid by a code that lies on the table.
var collectionWays = []sale.Way{sale.WeChat, sale.Alipay}

type saleSettingView struct {
	*page.Form
	Setting sale.Setting
	Papers  []page.Option
	May     bool
}

// SaleSetting shows what the community decided about its tills.
func (p *Pages) SaleSetting(c *fiber.Ctx) error {
	v, err := p.saleSettingView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Set("refund_max", v.Setting.RefundMax.String()).Set("paper", v.Setting.Paper)
	return page.Render(c, "desk/sale_setting", v)
}

func (p *Pages) saleSettingView(c *fiber.Ctx, f *page.Form) (v saleSettingView, err error) {
	v = saleSettingView{Form: labelled(f, "sale.setting.field", "refund_max", "paper", "wechat", "alipay"), May: can(c, auth.ManageSale)}
	v.Papers = choices(c, "sale.setting.papers", "58", "80", "a4")
	v.Setting, err = sale.SettingOf(c.UserContext(), p.DB, page.Of(c).Community.ID)
	return v, err
}

// SaveSaleSetting decides anew. A code is read out of a photograph of it, and the photograph is not kept.
func (p *Pages) SaveSaleSetting(c *fiber.Ctx) error {
	v, err := p.saleSettingView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	s := v.Setting
	s.RefundMax, s.Paper = v.Amount("refund_max", page.Zero), v.Choice("paper", page.Values(v.Papers))
	for _, way := range collectionWays {
		code := &s.WeChatCode
		if way == sale.Alipay {
			code = &s.AlipayCode
		}
		if err := readCollection(c, v.Form, way, code); err != nil {
			return err
		}
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/sale_setting", v)
	}
	err = p.act(c, "sale.set", "sale", nil, func(tx *sqlx.Tx, _ string) error {
		return sale.Set(c.UserContext(), tx, page.Of(c).Community.ID, s)
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/sales/setting", "sale.setting.saved")
}

// readCollection reads the code of a way out of the photograph that came with the form, or takes it away.
func readCollection(c *fiber.Ctx, f *page.Form, way sale.Way, code *string) error {
	name := string(way)
	if f.Bool(name + "_off") {
		*code = ""
	}
	file := f.File(c, name, page.Optional)
	if file == nil {
		return nil
	}
	said, err := codeIn(file)
	switch {
	case errors.Is(err, campaigns.ErrPictureTooLarge):
		f.Wrong(name, "raise.wrong.picture_large")
	case errors.Is(err, campaigns.ErrPictureUnreadable):
		f.Wrong(name, "raise.wrong.picture_kind")
	case errors.Is(err, campaigns.ErrNoCode):
		f.Wrong(name, "sale.setting.wrong.no_code")
	case err != nil:
		return err
	case !sale.Collects(way, said):
		f.Wrong(name, "sale.setting.wrong."+name)
	default:
		*code = said
	}
	return nil
}

func codeIn(file *multipart.FileHeader) (string, error) {
	read, err := file.Open()
	if err != nil {
		return "", err
	}
	defer read.Close()
	return campaigns.ReadCode(read)
}
