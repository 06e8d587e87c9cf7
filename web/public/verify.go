package public

import (
	"errors"
	"strings"

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

// LogCheckpoint is the newest signed checkpoint, as a program reads it.
func (p *Pages) LogCheckpoint(c *fiber.Ctx) error {
	newest, err := transparency.Latest(c.UserContext(), p.Read, here(c))
	if err != nil {
		return err
	}
	return plainText(c, newest.Note)
}

// LogCheckpointNumbered is one checkpoint by its number.
func (p *Pages) LogCheckpointNumbered(c *fiber.Ctx) error {
	number, err := c.ParamsInt("number")
	if err != nil || number <= 0 || number > 1<<30 {
		return page.ErrNotFound
	}
	found, err := transparency.Numbered(c.UserContext(), p.Read, here(c), number)
	if err != nil {
		return err
	}
	return plainText(c, found.Note)
}

// LogBetween is the proof, a hash a line, that a checkpoint's log begins with the whole of an older one's: the entries', an
// empty line, and the papers'.
func (p *Pages) LogBetween(c *fiber.Ctx) error {
	var both [2]transparency.Checkpoint
	for i, name := range []string{"old", "new"} {
		number, err := c.ParamsInt(name)
		if err != nil || number <= 0 || number > 1<<30 {
			return page.ErrNotFound
		}
		if both[i], err = transparency.Numbered(c.UserContext(), p.Read, here(c), number); err != nil {
			return err
		}
	}
	if both[0].Size > both[1].Size {
		return page.ErrNotFound
	}
	var text strings.Builder
	for _, tree := range []transparency.Tree{transparency.Entries, transparency.Papers} {
		path, err := tree.ProveExtends(c.UserContext(), p.Read, here(c), both[0], both[1])
		if err != nil {
			return err
		}
		if tree == transparency.Papers && len(path) > 0 {
			text.WriteString("\n")
		}
		for _, hash := range path {
			text.WriteString(hash.String() + "\n")
		}
	}
	return plainText(c, text.String())
}

// LogKey is the public key that checks the signatures.
func (p *Pages) LogKey(c *fiber.Ctx) error { return plainText(c, p.Key.Public()+"\n") }
