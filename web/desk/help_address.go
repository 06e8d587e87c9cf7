package desk

import (
	"html/template"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/web/page"
	"fund/web/picture"
)

// HelpAddress shows the address of a resident's own page again, to be handed to them alone. That it was shown stands in the
// audit log; the address does not.
func (p *Pages) HelpAddress(c *fiber.Ctx) error {
	id, err := page.Number(c, "person")
	if err != nil {
		return err
	}
	var person mutualaid.Person
	err = p.act(c, "help.address", "help:"+strconv.Itoa(id), nil, func(tx *sqlx.Tx, _ string) (err error) {
		person, err = mutualaid.PersonAt(c.UserContext(), tx, page.Of(c).Community.ID, id)
		return err
	})
	if err == nil && person.ErasedAt != nil {
		err = page.ErrNotFound
	}
	if err != nil {
		return err
	}
	address := page.SiteOf(c).URL(page.Of(c).URL("/help/mine/" + person.Token))
	code, err := picture.QR{Title: page.Of(c).T("help.desk.address_of", "name", person.Name), Text: address}.Picture()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return page.Render(c, "desk/help_address", struct {
		Name, Address string
		QR            template.HTML
	}{person.Name, address, code.SVG()})
}
