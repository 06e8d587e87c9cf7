package public

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger/transparency"
	"fund/web/page"
)

// CheckBodyMax is the largest file that is checked: a long report, or a photograph.
const CheckBodyMax = 16 << 20

// verifyView is the page where anybody checks a receipt, an entry, or the whole book.
type verifyView struct {
	Form    *page.Form
	Sealed  *transparency.Checkpoint
	Key     string // the public key, as published
	KeyName string
	Entries int64
	Seen    []seenBy
	Forks   []transparency.FoundFork
	Address string // of the community, for programs
}

// seenBy is a witness, and the last checkpoint that it countersigned.
type seenBy struct {
	transparency.Witness
	Last *transparency.Countersigned
}

// Verify explains how to check, and takes a receipt's number and check code, a photograph of its code, or a file.
func (p *Pages) Verify(c *fiber.Ctx) error {
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(self), geolocation=(), microphone=()") // reads the code of a receipt
	address := page.SiteOf(c).URL(page.Of(c).URL(""))
	return p.kept(c, "public/verify", func(b books) (any, error) { return b.verify(p.Key, page.BlankForm(c), address) })
}

func (b books) verify(key transparency.Key, form *page.Form, address string) (v verifyView, err error) {
	var proof homeView
	if err = b.homeProof(&proof); err != nil {
		return v, err
	}
	v = verifyView{Form: form, Sealed: proof.Sealed, Entries: proof.Entries, Key: key.Public(), KeyName: key.Verifier().Name(), Address: address}
	if v.Sealed != nil {
		if v.Sealed.Note, _, err = transparency.Cosigned(b, b.q, b.ID, *v.Sealed); err != nil {
			return v, err
		}
	}
	if v.Seen, err = b.seen(); err != nil {
		return v, err
	}
	v.Forks, err = transparency.Forks(b, b.q, b.ID)
	return v, err
}

// seen are the witnesses of today, each with what it countersigned last.
func (b books) seen() (list []seenBy, err error) {
	all, err := transparency.Witnesses(b, b.q, b.ID)
	if err != nil {
		return nil, err
	}
	last, err := transparency.LastCountersigned(b, b.q, b.ID)
	for _, w := range all {
		if one, signed := last[w.ID]; w.EndedAt == nil {
			s := seenBy{Witness: w}
			if signed {
				s.Last = &one
			}
			list = append(list, s)
		}
	}
	return list, err
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
	return p.verifyAgain(c, form)
}

func (p *Pages) verifyAgain(c *fiber.Ctx, form *page.Form) error {
	address := page.SiteOf(c).URL(page.Of(c).URL(""))
	return p.snapshot(c, func(b books) error {
		view, err := b.verify(p.Key, form, address)
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

// VerifyFile checks a file, which is not kept: a photograph leads to what its code says.
func (p *Pages) VerifyFile(c *fiber.Ctx) error {
	form := page.ReadForm(c)
	data, err := uploaded(c, form)
	if err != nil {
		return err
	}
	if !form.AnyWrong() && strings.HasPrefix(http.DetectContentType(data), "image/") {
		said, err := campaigns.ReadCode(bytes.NewReader(data))
		if path, ours := scanned(said); err == nil && ours {
			return c.Redirect(path, fiber.StatusSeeOther)
		}
		form.Wrong("proof_file", "verify.no_code")
	}
	if form.AnyWrong() {
		return p.verifyAgain(c, form)
	}
	return p.snapshot(c, func(b books) error {
		v := checkView{Own: ownCheck{Key: p.Key.Public()}}
		k := check{b, p.Key, page.SiteOf(c).URL(""), &v}
		if err := k.file(data); err != nil {
			return err
		}
		if v.Own.Witnesses, err = transparency.Witnesses(b, b.q, b.ID); err != nil {
			return err
		}
		return keepOut(c, page.Render(c, "public/checked", v))
	})
}

func uploaded(c *fiber.Ctx, form *page.Form) ([]byte, error) {
	file := form.File(c, "proof_file")
	if file == nil {
		return nil, nil
	}
	read, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	return io.ReadAll(io.LimitReader(read, CheckBodyMax))
}

func (k check) file(data []byte) error {
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return k.pdf(data)
	}
	return k.text(string(data))
}

// ToVerify leads back who opens the address of a form.
func (p *Pages) ToVerify(c *fiber.Ctx) error { return c.Redirect(page.Of(c).URL("/verify")) }

// Fork is the proof that a log which the community witnesses has rewritten its history.
func (p *Pages) Fork(c *fiber.Ctx) error {
	forks, err := transparency.Forks(c.UserContext(), p.Read, here(c))
	if err != nil {
		return err
	}
	for _, f := range forks {
		if f.Name() == c.Params("name") {
			c.Attachment(f.Name()[:16] + ".fork.json")
			return plainText(c, f.Proof)
		}
	}
	return page.ErrNotFound
}
