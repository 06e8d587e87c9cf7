package public

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
	"fund/web/pdf"
)

// inWords is an amount in capital figures, or in English words.
func inWords(lang string, a money.Amount) string {
	if lang == string(i18n.English) {
		return pdf.InWords(a)
	}
	return a.Capital()
}

// Words is the gift's amount in words, as a bank form asks for it.
func (v donationView) Words() string { return v.Amount.Capital() }

// TransferPDF is what a donor copies into a bank's form, to print.
func (p *Pages) TransferPDF(c *fiber.Ctx) error {
	d, err := p.ownGift(c)
	if err != nil {
		return err
	}
	provider, err := p.Providers.Named(d.Method)
	transfer, ok := provider.(*payment.Transfer)
	if err != nil || !ok {
		return page.ErrNotFound
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, here(c), d.CampaignID)
	if err != nil {
		return err
	}
	reference, err := payment.ReferenceOf(c.UserContext(), p.DB, here(c), d.ID)
	if err != nil {
		return err
	}
	slip, r := transfer.Slip(d.Amount, reference), page.Of(c)
	var doc bytes.Buffer
	err = pdf.Transfer(&doc, pdf.TransferDoc{
		Lang: lang(c), Community: r.Community.Name.In(r.Lang), Phone: r.Community.Phone, Campaign: of.Title(lang(c)), Holder: slip.Holder, Bank: slip.Bank,
		Account: slip.Account, Amount: slip.Amount, Reference: slip.Reference, Made: d.CreatedAt, StatusURL: page.SiteOf(c).URL(p.giftURL(c, d.ID)),
	})
	if err != nil {
		return err
	}
	return keepOut(c, page.SendPDF(c, "transfer-"+slip.Reference, doc.Bytes()))
}
