package public

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/receipt"
	"fund/ledger/transparency"
	"fund/web/page"
)

// verifyView is the page where anybody checks a receipt, an entry, or the whole book.
type verifyView struct {
	Form    *page.Form
	Sealed  *transparency.Checkpoint
	Key     string // the public key, as published
	KeyName string
	Entries int64
}

// Verify explains how to check, and takes a receipt's number and check code.
func (p *Pages) Verify(c *fiber.Ctx) error {
	return p.kept(c, "public/verify", func(b books) (any, error) { return b.verify(p.Key, page.BlankForm(c)) })
}

func (b books) verify(key transparency.Key, form *page.Form) (any, error) {
	var proof homeView
	err := b.homeProof(&proof)
	return verifyView{Form: form, Sealed: proof.Sealed, Entries: proof.Entries, Key: key.Public(), KeyName: key.Verifier().Name()}, err
}

// VerifyReceipt opens the receipt that a number and a check code belong to. Which of the two is wrong is never said.
func (p *Pages) VerifyReceipt(c *fiber.Ctx) error {
	form := page.ReadForm(c)
	serial, code := form.Text("receipt_number", 20), form.Text("check_code", 20)
	if !form.AnyWrong() {
		found, err := p.findReceipt(c, serial, code)
		if err == nil {
			return c.Redirect(receiptPath(found), fiber.StatusSeeOther)
		}
		if !errors.Is(err, receipt.ErrNotFound) {
			return err
		}
		form.Wrong("receipt_number", "verify.no_match")
	}
	return p.snapshot(c, func(b books) error {
		view, err := b.verify(p.Key, form)
		if err != nil {
			return err
		}
		return page.Again(c, "public/verify", view)
	})
}

// findReceipt looks into every series: a reader does not know that there are several.
func (p *Pages) findReceipt(c *fiber.Ctx, serial, code string) (r receipt.Receipt, err error) {
	for _, series := range []receipt.Series{receipt.Donation, receipt.InKind, receipt.Sale} {
		r, err = receipt.ByNumber(c.UserContext(), p.Read, here(c), series, serial, code)
		if !errors.Is(err, receipt.ErrNotFound) {
			return r, err
		}
	}
	return r, err
}
