package public

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/giver"
	"fund/campaigns/receipt"
	"fund/web/page"
)

// waysIn names the fields of both ways to a giver's page.
func waysIn(f *page.Form) *page.Form {
	return f.Label("receipt_number", "field.receipt_number").Label("check_code", "field.check_code").Label("email", "mine.field.email")
}

// EnterByReceipt lets the holder of a receipt in, to that one gift: by its number
// and check code, or by its token where the form stands on the receipt's own
// page. Which of two things is wrong is never said.
func (p *Pages) EnterByReceipt(c *fiber.Ctx) error {
	f := waysIn(page.ReadForm(c))
	found, err := p.heldReceipt(c, f)
	if errors.Is(err, receipt.ErrNotFound) || errors.Is(err, giver.ErrNotFound) {
		f.Wrong("receipt_number", "verify.no_match")
	} else if err != nil {
		return err
	}
	if f.AnyWrong() {
		return keepOut(c, page.Again(c, "public/mine_in", f))
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		g, err := giver.ByReceipt(c.UserContext(), tx, here(c), found)
		if err != nil {
			return err
		}
		return p.letIn(c, tx, g)
	})
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(giftPath(found.Subject)), fiber.StatusSeeOther)
}

func (p *Pages) heldReceipt(c *fiber.Ctx, f *page.Form) (r receipt.Receipt, err error) {
	if token := f.Typed("token"); token != "" {
		community, r, err := receipt.ByToken(c.UserContext(), p.DB, token)
		if err == nil && (community != here(c) || r.Series != receipt.Donation) {
			err = receipt.ErrNotFound
		}
		return r, err
	}
	serial, code := f.Text("receipt_number", 20), f.Text("check_code", 20)
	if f.AnyWrong() {
		return r, nil
	}
	return receipt.ByNumber(c.UserContext(), p.DB, here(c), receipt.Donation, serial, code)
}

// AskLink sends a link to an address, if somebody gave with it. The answer is always the same.
func (p *Pages) AskLink(c *fiber.Ctx) error {
	f := waysIn(page.ReadForm(c))
	address := f.Email("email")
	if f.AnyWrong() {
		return keepOut(c, page.Again(c, "public/mine_in", f))
	}
	err := p.inTx(c, func(tx *sqlx.Tx) error { return p.Links.Ask(c.UserContext(), tx, here(c), address, p.Now()) })
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(minePath+"/link"), fiber.StatusSeeOther)
}

// AskDonor sends a link to the address that a receipt's donor left, whatever it is.
func (p *Pages) AskDonor(c *fiber.Ctx) error {
	g, err := p.in(c)
	if err != nil {
		return err
	}
	if err = p.inTx(c, func(tx *sqlx.Tx) error { return p.Links.AskDonor(c.UserContext(), tx, g, p.Now()) }); err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(minePath+"/link"), fiber.StatusSeeOther)
}

// LinkAsked says that a link is on its way, if we know the address.
func (p *Pages) LinkAsked(c *fiber.Ctx) error {
	return keepOut(c, page.Render(c, "public/mine_sent", int(giver.LinkLife.Minutes())))
}

// Link asks for one more press: mail programs open links by themselves, and this one opens once.
func (p *Pages) Link(c *fiber.Ctx) error {
	purpose, err := p.Links.Look(c.UserContext(), p.DB, here(c), c.Params("link"), p.Now())
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/mine_link", purpose))
}

// UseLink lets in whoever has the link.
func (p *Pages) UseLink(c *fiber.Ctx) error {
	var purpose giver.Purpose
	err := p.inTx(c, func(tx *sqlx.Tx) error {
		g, used, err := p.Links.Use(c.UserContext(), tx, here(c), c.Params("link"), p.Now())
		if err != nil {
			return err
		}
		purpose = used
		return p.letIn(c, tx, g)
	})
	if err != nil {
		return err
	}
	if purpose == giver.Address {
		return page.Done(c, minePath, "mine.address_changed")
	}
	return c.Redirect(page.Of(c).URL(minePath), fiber.StatusSeeOther)
}

// LeaveMine ends a giver's session.
func (p *Pages) LeaveMine(c *fiber.Ctx) error {
	if err := giver.Leave(c.UserContext(), p.DB, here(c), c.Cookies(giverCookie(c))); err != nil {
		return err
	}
	keepGiver(c, "")
	return page.Done(c, minePath, "mine.left")
}
