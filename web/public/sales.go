package public

import (
	"bytes"
	"fmt"
	"io"

	"github.com/gofiber/fiber/v2"
	qrcode "github.com/skip2/go-qrcode"

	"fund/campaigns/receipt"
	"fund/campaigns/sale"
	"fund/web/escpos"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

// receiptPath is where a receipt is shown: what was bought apart from what was given.
func receiptPath(r receipt.Receipt) string {
	if r.Series == receipt.Sale {
		return "/s/" + r.Token
	}
	return "/r/" + r.Token
}

// sold finds the sale that the address names and puts its community into the frame.
func (p *Pages) sold(c *fiber.Ctx) (issue.SaleFacts, error) {
	f, err := issue.FindSale(c.UserContext(), p.DB, c.Params("token"))
	if err != nil {
		return f, err
	}
	framed, err := Frame(c.UserContext(), p.DB, f.Community)
	page.Of(c).Community = &framed
	return f, err
}

func soldDoc(c *fiber.Ctx, f issue.SaleFacts) pdf.SaleDoc {
	return f.Doc(docLang(c), page.SiteOf(c).URL(""))
}

type saleView struct {
	pdf.SaleDoc
	Token   string
	TipPath string // the receipt of the donation beside it
	Void    bool
	Tickets int // that came with it
	Checked checked
}

// SaleReceipt shows a buyer what was bought, and whether it stands in the books unchanged.
func (p *Pages) SaleReceipt(c *fiber.Ctx) error {
	f, err := p.sold(c)
	if err != nil {
		return err
	}
	v := saleView{SaleDoc: f.Doc(page.Of(c).Lang, page.SiteOf(c).URL("")), Token: f.Receipt.Token, Void: f.Receipt.VoidEntry != 0}
	if f.Tip != nil {
		v.TipPath = receiptPath(*f.Tip)
	}
	tickets, err := sale.TicketsOfSale(c.UserContext(), p.DB, f.Community.ID, f.Sale.ID)
	if v.Tickets = len(tickets); err != nil {
		return err
	}
	if v.Checked, err = p.checkEntry(c, f.Community, f.Receipt.Entry, f.Booked()); err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/sale", v))
}

// SalePDF draws the receipt on ?paper= a4, or on a till roll of 80 or 58 mm.
func (p *Pages) SalePDF(c *fiber.Ctx) error {
	f, err := p.sold(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	draw, doc := pdf.SaleReceipt, soldDoc(c, f)
	switch c.Query("paper") {
	case "58":
		draw = func(w io.Writer, d pdf.SaleDoc) error { return pdf.SaleRoll(w, d, 58) }
	case "80":
		draw = func(w io.Writer, d pdf.SaleDoc) error { return pdf.SaleRoll(w, d, 80) }
	}
	if err := draw(&b, doc); err != nil {
		return err
	}
	return keepOut(c, page.SendPDF(c, "receipt-"+doc.Number, b.Bytes()))
}

// SaleESCPOS gives the bytes that a thermal printer takes, for ?paper= 58 or 80 mm.
func (p *Pages) SaleESCPOS(c *fiber.Ctx) error {
	f, err := p.sold(c)
	if err != nil {
		return err
	}
	paper, doc := escpos.Narrow, soldDoc(c, f)
	if c.Query("paper") == "80" {
		paper = escpos.Wide
	}
	roll, err := escpos.Print(doc.Roll(), paper)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="receipt-%s.escpos"`, doc.Number))
	return keepOut(c, c.Send(roll))
}

// codeSide is the side of the code on the till's screen, in pixels.
const codeSide = 320

// SaleCode is the QR code of the receipt's address, for the screen of the till.
func (p *Pages) SaleCode(c *fiber.Ctx) error {
	f, err := p.sold(c)
	if err != nil {
		return err
	}
	code, err := qrcode.Encode(page.SiteOf(c).URL(receiptPath(f.Receipt)), qrcode.Medium, codeSide)
	if err != nil {
		return fmt.Errorf("public: code of a sale: %w", err)
	}
	c.Set(fiber.HeaderContentType, "image/png")
	return keepOut(c, c.Send(code))
}
