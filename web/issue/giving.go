package issue

import (
	"fund/campaigns/giver"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/pdf"
)

// Giving is what somebody gave in a year as web/pdf draws it; host is who received
// it, if not the community itself, verifyURL where readers try a receipt's number.
func Giving(c ledger.Community, host i18n.Text, lang i18n.Lang, year int, gifts []giver.Gift, verifyURL string) pdf.GivingDoc {
	doc := pdf.GivingDoc{Lang: string(lang), Community: c.Name(string(lang)), Host: host.In(lang), Year: year, VerifyURL: verifyURL}
	for _, g := range gifts {
		method := g.Method
		if key := "pay." + method; i18n.Has(key) {
			method = lang.T(key)
		}
		if g.Name != "" {
			doc.Donor = g.Name
		}
		doc.Rows = append(doc.Rows, pdf.GivingRow{
			Number: g.Serial(), Check: g.CheckCode, Date: g.IssuedOn, Purpose: g.Title(string(lang)), Method: method, Amount: g.Amount, Refunded: g.Refunded,
		})
	}
	return doc
}
