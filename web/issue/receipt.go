package issue

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/pdf"
)

// ReceiptFacts is a receipt with everything it is about.
type ReceiptFacts struct {
	Community ledger.Community
	Receipt   receipt.Receipt
	Entry     ledger.JournalEntry
	Undone    *ledger.JournalEntry // the reversal that voided it, or the last entry that gave a part back
	Donation  campaigns.Donation   // of a donation's receipt
	InKind    campaigns.InKind     // of a receipt for goods
	Campaign  campaigns.Campaign   // of a donation's receipt, and of the goods' if they were for one
	Host      campaigns.Host       // zero where the community receives in its own name
}

// FindReceipt reads the receipt of a gift by the token in its address; receipt.ErrNotFound, also for a sale's.
func FindReceipt(ctx context.Context, q sqlx.QueryerContext, token string) (f ReceiptFacts, err error) {
	id, issued, err := receipt.ByToken(ctx, q, token)
	if err != nil {
		return f, err
	}
	if f.Receipt = issued; issued.Series == receipt.Sale { // FindSale's
		return f, receipt.ErrNotFound
	}
	if f.Community, err = ledger.CommunityAt(ctx, q, id); err != nil {
		return f, err
	}
	if f.Entry, err = ledger.EntryAt(ctx, q, id, issued.Entry); err != nil {
		return f, err
	}
	undone := issued.VoidEntry
	if issued.Series == receipt.InKind {
		if err = f.findInKind(ctx, q); err != nil {
			return f, err
		}
	}
	if issued.Series == receipt.Donation {
		if err = f.findDonation(ctx, q); err != nil {
			return f, err
		}
		if undone == 0 && f.Donation.Refunded.Sign() > 0 {
			refunds, err := campaigns.ListRefunds(ctx, q, id, f.Donation.ID)
			if err != nil {
				return f, err
			}
			undone = refunds[len(refunds)-1].EntrySeq
		}
	}
	if undone != 0 {
		entry, err := ledger.EntryAt(ctx, q, id, undone)
		if err != nil {
			return f, err
		}
		f.Undone = &entry
	}
	return f, nil
}

func (f *ReceiptFacts) findDonation(ctx context.Context, q sqlx.QueryerContext) (err error) {
	if f.Donation, err = campaigns.FindDonation(ctx, q, f.Community.ID, f.Receipt.Subject); err != nil {
		return err
	}
	return f.findCampaign(ctx, q, f.Donation.CampaignID)
}

func (f *ReceiptFacts) findInKind(ctx context.Context, q sqlx.QueryerContext) (err error) {
	f.InKind, err = campaigns.FindInKind(ctx, q, f.Community.ID, f.Receipt.Subject)
	if err != nil || f.InKind.CampaignID == nil {
		return err
	}
	return f.findCampaign(ctx, q, *f.InKind.CampaignID)
}

func (f *ReceiptFacts) findCampaign(ctx context.Context, q sqlx.QueryerContext, id int) (err error) {
	if f.Campaign, err = campaigns.CampaignAt(ctx, q, f.Community.ID, id); err != nil {
		return err
	}
	hosts, err := campaigns.ListHosts(ctx, q, f.Community.ID)
	for _, host := range hosts {
		if f.Campaign.HostID != nil && host.ID == *f.Campaign.HostID {
			f.Host = host
		}
	}
	return err
}

// Purpose is what the money is for: the campaign, or else the fund.
func (f ReceiptFacts) Purpose(lang i18n.Lang) string {
	if title := f.Campaign.Title(string(lang)); title != "" {
		return title
	}
	return f.Entry.FundName(string(lang))
}

// Method is how the money came.
func (f ReceiptFacts) Method(lang i18n.Lang) string {
	if f.Receipt.Series == receipt.InKind {
		return lang.T("kind.method", "by", f.InKind.ValuedBy)
	}
	if key := "pay." + f.Donation.Method; i18n.Has(key) {
		return lang.T(key)
	}
	return f.Entry.Detail
}

// Doc is the receipt as web/pdf draws it; baseURL is where readers reach us.
func (f ReceiptFacts) Doc(lang i18n.Lang, baseURL string) pdf.ReceiptDoc {
	doc := pdf.ReceiptDoc{
		Lang: string(lang), Number: f.Receipt.Serial(), Community: f.Community.Name(string(lang)), Host: f.Host.Name(string(lang)),
		HostLines: f.hostLines(lang), Donor: f.Donation.DonorName.String, Purpose: f.Purpose(lang), Restricted: f.Entry.FundRestricted,
		Date: f.Receipt.IssuedOn, Method: f.Method(lang), Amount: f.Receipt.Amount, Entry: f.Entry.Voucher(), Check: f.Receipt.CheckCode,
		VerifyURL: strings.TrimSuffix(baseURL, "/") + "/r/" + f.Receipt.Token, Issued: f.Receipt.IssuedAt,
	}
	if f.Receipt.Series == receipt.InKind {
		doc.Goods, doc.Donor = f.InKind.What(string(lang)), f.InKind.DonorName.String
	}
	if doc.Host == "" {
		doc.Host = doc.Community
	}
	if f.Undone != nil {
		doc.Reversal = &pdf.Reversed{Entry: f.Undone.Voucher(), Date: f.Undone.Date, Refunded: f.Donation.Refunded}
	}
	return doc
}

func (f ReceiptFacts) hostLines(lang i18n.Lang) (lines []string) {
	if f.Campaign.ID != 0 {
		lines = append(lines, campaigns.LegalLine(f.Campaign, f.Host, string(lang)))
	}
	if f.Community.Phone != "" {
		lines = append(lines, lang.T("receipt.phone", "address", f.Community.Address(string(lang)), "phone", f.Community.Phone))
	}
	return lines
}
