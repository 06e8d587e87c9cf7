package issue

import (
	"context"
	"errors"
	"strings"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/receipt"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/pdf"
)

// SaleFacts is a sale's receipt with everything it is about.
type SaleFacts struct {
	Community ledger.Community
	Receipt   receipt.Receipt
	Entry     ledger.JournalEntry
	Place     sale.Place
	Sale      sale.Sale
	Lines     []sale.Line
	Payments  []sale.Payment
	Tip       *receipt.Receipt // of the donation beside it; nil without one
}

// FindSale reads a sale by the token in its receipt's address; receipt.ErrNotFound, also for a donation's.
func FindSale(ctx context.Context, q sqlx.QueryerContext, token string) (f SaleFacts, err error) {
	id, issued, err := receipt.ByToken(ctx, q, token)
	if err != nil {
		return f, err
	}
	if f.Receipt = issued; issued.Series != receipt.Sale {
		return f, receipt.ErrNotFound
	}
	if f.Community, err = ledger.CommunityAt(ctx, q, id); err != nil {
		return f, err
	}
	if f.Entry, err = ledger.EntryAt(ctx, q, id, issued.Entry); err != nil {
		return f, err
	}
	if f.Sale, err = sale.FindSale(ctx, q, id, issued.Subject); err != nil {
		return f, err
	}
	if f.Place, err = sale.PlaceAt(ctx, q, id, f.Sale.PlaceID); err != nil {
		return f, err
	}
	if f.Lines, err = sale.Lines(ctx, q, id, f.Sale.ID); err != nil {
		return f, err
	}
	if f.Payments, err = sale.Payments(ctx, q, id, f.Sale.ID); err != nil || f.Sale.TipID == nil {
		return f, err
	}
	tip, err := receipt.Of(ctx, q, id, *f.Sale.TipID)
	if errors.Is(err, receipt.ErrNotFound) { // put aside for the treasurer to see to
		return f, nil
	}
	f.Tip = &tip
	return f, err
}

// Booked tells that the receipt's entry is of this sale, and of as much.
func (f SaleFacts) Booked() bool {
	return f.Entry.Source == sale.Source(f.Sale.ID) && f.Sale.Total.Equal(f.Receipt.Amount)
}

// Doc is the receipt as web/pdf draws it; baseURL is where readers reach us.
func (f SaleFacts) Doc(lang i18n.Lang, baseURL string) pdf.SaleDoc {
	doc := pdf.SaleDoc{
		Lang: string(lang), Number: f.Receipt.Serial(), Slip: f.Sale.Slip, Community: f.Community.Name(string(lang)), Place: f.Place.Name(string(lang)),
		Use: f.Entry.FundName(string(lang)), Phone: f.Community.Phone, At: f.Community.Local(f.Sale.RungAt), Total: f.Sale.Total, Tip: f.Sale.Tip,
		Refunded: f.Sale.Refunded, Entry: f.Entry.Voucher(), Check: f.Receipt.CheckCode, VerifyURL: strings.TrimSuffix(baseURL, "/") + "/s/" + f.Receipt.Token,
		Issued: f.Receipt.IssuedAt,
	}
	if f.Tip != nil {
		doc.TipReceipt = f.Tip.Serial()
	}
	for _, l := range f.Lines {
		doc.Lines = append(doc.Lines, pdf.SaleLine{Name: l.Name, Quantity: l.Quantity, Price: l.Price, Sum: l.Sum()})
	}
	for _, p := range f.Payments {
		doc.Payments = append(doc.Payments, pdf.SalePayment{Way: lang.T("till.say.way." + string(p.Way)), Amount: p.Amount, Given: p.Given})
	}
	return doc
}
