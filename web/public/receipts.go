package public

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
	"fund/web/picture"
)

type receiptView struct {
	pdf.ReceiptDoc
	Token   string
	Donated bool   // a gift, not a purchase
	Words   string // the amount in English words; the Chinese capitals stand beside them
	Void    bool   // all of it was undone
	Reason  string
	Checked checked
	Trail   *trail
	Thanks  *postView // of the campaign
	Teeth   template.HTML
	Monthly everyMonth
	Own     ownCheck
}

// facts finds the receipt that the address names and puts its community into
// the frame. Every token that is not one gets the same 404.
func (p *Pages) facts(c *fiber.Ctx) (issue.ReceiptFacts, error) {
	f, err := issue.FindReceipt(c.UserContext(), p.DB, c.Params("token")) // the primary: a standby may not have heard of it yet
	if err != nil {
		return f, err
	}
	framed, err := Frame(c.UserContext(), p.DB, f.Community)
	page.Of(c).Community = &framed
	return f, err
}

// Receipt shows a receipt, whether it stands in the books unchanged, and where the money went.
func (p *Pages) Receipt(c *fiber.Ctx) error {
	f, err := p.facts(c)
	if err != nil {
		return err
	}
	v := receiptView{
		ReceiptDoc: f.Doc(page.Of(c).Lang, page.SiteOf(c).URL("")), Token: f.Receipt.Token, Donated: f.Receipt.Series == receipt.Donation,
		Void: f.Receipt.VoidEntry != 0, Reason: f.Receipt.VoidReason, Teeth: picture.Teeth().SVG(),
	}
	if page.Of(c).Lang == i18n.English {
		v.Words = pdf.InWords(f.Receipt.Amount)
	}
	if v.Checked, v.Own, err = p.checkReceipt(c, f); err != nil {
		return err
	}
	if v.Donated && !v.Void {
		if v.Monthly, err = p.everyMonth(c, f); err != nil {
			return err
		}
		if v.Trail, err = p.trail(c, f.Donation.ID); err != nil {
			return err
		}
	}
	if v.Donated {
		if v.Thanks, err = p.thanks(c, f.Donation.CampaignID); err != nil {
			return err
		}
	}
	return keepOut(c, page.Render(c, "public/receipt", v))
}

// ReceiptPDF draws the receipt; ?lang= is the document's language.
func (p *Pages) ReceiptPDF(c *fiber.Ctx) error {
	f, err := p.facts(c)
	if err != nil {
		return err
	}
	return keepOut(c, page.DrawPDF(c, "receipt-"+f.Receipt.Serial(), func(w io.Writer) error { return pdf.Receipt(w, f.Doc(docLang(c), page.SiteOf(c).URL(""))) }))
}

// state of a check
type checked struct {
	True    bool
	Waiting bool // not sealed yet
	At      time.Time
	Size    int64 // entries under the checkpoint
	By      []transparency.Countersigned
}

// checkReceipt checks a gift's receipt, and gives the reader's device what it needs to do the same.
func (p *Pages) checkReceipt(c *fiber.Ctx, f issue.ReceiptFacts) (at checked, own ownCheck, err error) {
	own = ownCheck{Key: p.Key.Public(), Proof: "/r/" + f.Receipt.Token + "/proof.txt"}
	if at, err = p.checkEntry(c, f.Community, f.Receipt.Entry, bookedAs(f)); err == nil {
		own.Witnesses, err = transparency.Witnesses(c.UserContext(), p.DB, f.Community.ID)
	}
	return at, own, err
}

// checkEntry does what a stranger with the proof file would: it recomputes the entry's leaf from the entry, and follows the
// proof to a signed checkpoint. booked tells that the entry is about what the receipt says.
func (p *Pages) checkEntry(c *fiber.Ctx, community ledger.Community, seq int64, booked bool) (checked, error) {
	at := checked{At: p.Now()}
	evidence, err := ledger.Prove(c.UserContext(), p.DB, community, seq)
	switch {
	case errors.Is(err, transparency.ErrNotSealed):
		at.Waiting = true
		return at, nil
	case err != nil:
		return at, err
	}
	checkpoint, err := evidence.Proof.Verify(evidence.Record, p.Key.Verifier())
	at.Size, at.By = checkpoint.Size, evidence.By
	at.True = err == nil && checkpoint.Origin == p.Key.Origin(community.Slug) && booked
	return at, nil
}

// bookedAs tells that the receipt's entry is about what the receipt says.
func bookedAs(f issue.ReceiptFacts) bool {
	if f.Receipt.Series == receipt.InKind {
		return f.Entry.Source == "in_kind:"+f.Receipt.Subject.String() && f.InKind.Value.Equal(f.Receipt.Amount)
	}
	return f.Entry.Source == "donation:"+f.Receipt.Subject.String() && f.Donation.Amount.Equal(f.Receipt.Amount)
}

// proof is the file with which anybody checks the receipt offline: fund verify receipt reads Record and Proof, one after
// the other.
type proof struct {
	Receipt string `json:"receipt"`
	Amount  string `json:"amount"`
	Record  string `json:"record"`
	Proof   string `json:"proof"`
}

func (p *Pages) proof(c *fiber.Ctx) (proof, error) {
	f, err := p.facts(c)
	if err != nil {
		return proof{}, err
	}
	evidence, err := ledger.Prove(c.UserContext(), p.DB, f.Community, f.Receipt.Entry)
	return proof{f.Receipt.Serial(), f.Receipt.Amount.String(), string(evidence.Record), evidence.Proof.Text()}, err
}

// ProofText gives the evidence as `fund verify receipt` reads it.
func (p *Pages) ProofText(c *fiber.Ctx) error {
	found, err := p.proof(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="proof-%s.txt"`, found.Receipt))
	return keepOut(c, c.SendString(found.Record+found.Proof))
}

// ProofJSON gives the evidence to programs.
func (p *Pages) ProofJSON(c *fiber.Ctx) error {
	found, err := p.proof(c)
	if err != nil {
		return err
	}
	return keepOut(c, c.JSON(found))
}
