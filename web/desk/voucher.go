package desk

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/ledger"
	"fund/web/page"
	"fund/web/pdf"
)

// vouchersMax is how many vouchers one file holds, and monthMax how many a month is looked through for.
const (
	vouchersMax = 300
	monthMax    = 100_000
)

// VoucherPDF is one entry to be printed, signed and bound; ?paper=a5 has it on a page of its size.
func (p *Pages) VoucherPDF(c *fiber.Ctx) error {
	e, err := p.entryAt(c, c.Params("voucher"))
	if err != nil {
		return err
	}
	return p.sendVouchers(c, "voucher-"+e.Voucher(), "", []ledger.JournalEntry{e})
}

// VoucherBook is the vouchers of a month to be printed and bound, in files of vouchersMax.
func (p *Pages) VoucherBook(c *fiber.Ctx) error {
	_, cancel := patient(c)
	defer cancel()
	month, err := time.Parse("2006-01", c.Query("month"))
	if err != nil {
		return page.ErrNotFound
	}
	entries, err := ledger.Journal(c.UserContext(), p.DB, page.Of(c).Community.ID, ledger.JournalFilter{Month: month}, monthMax)
	if err != nil {
		return err
	}
	slices.Reverse(entries)
	part := max(page.ParseNumber(c.Query("part")), 1)
	from := min((part-1)*vouchersMax, len(entries))
	if entries = entries[from:min(from+vouchersMax, len(entries))]; len(entries) == 0 {
		return page.ErrNotFound
	}
	return p.sendVouchers(c, fmt.Sprintf("vouchers-%s-%d", c.Query("month"), part), page.Of(c).Lang.Month(month), entries)
}

func (p *Pages) sendVouchers(c *fiber.Ctx, name, book string, entries []ledger.JournalEntry) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	lang := string(page.Of(c).Lang)
	doc := pdf.VoucherDoc{Lang: lang, Community: community.Name(lang), A5: c.Query("paper") == "a5", Book: book, Made: entries[len(entries)-1].PostedAt}
	if doc.Vouchers, err = p.vouchersOf(c, entries); err != nil {
		return err
	}
	return page.DrawPDF(c, name, func(w io.Writer) error { return pdf.Vouchers(w, doc) })
}

// vouchersOf makes entries ready to be drawn.
func (p *Pages) vouchersOf(c *fiber.Ctx, entries []ledger.JournalEntry) (all []pdf.Voucher, err error) {
	r, ctx := page.Of(c), c.UserContext()
	seqs := make([]int64, len(entries))
	for i, e := range entries {
		seqs[i] = e.Seq
	}
	lines, err := ledger.LinesOf(ctx, p.DB, r.Community.ID, seqs...)
	if err != nil {
		return nil, err
	}
	papers, err := campaigns.CountPapers(ctx, p.DB, r.Community.ID, seqs...)
	if err != nil {
		return nil, err
	}
	who, err := p.posters(c)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		v := pdf.Voucher{
			Number: e.Voucher(), Date: e.Date, Memo: e.Memo, Detail: e.Detail, Kind: kindName(r, e.Kind), Papers: papers[e.Seq], Maker: who(e.PostedBy),
			Posted: r.T("entry.posted_at", "at", r.Lang.Moment(r.Local(e.PostedAt))), URL: page.SiteOf(c).URL(r.URL("/ledger/" + e.Voucher())),
		}
		undone, err := p.other(c, e.Reverses)
		if err != nil {
			return nil, err
		}
		if undone != nil {
			v.Undoes = r.T("voucher.undoes", "number", undone.Voucher())
		}
		for _, l := range lines[e.Seq] {
			v.Rows = append(v.Rows, pdf.VoucherRow{Account: l.AccountCode + " " + l.AccountName(string(r.Lang)), Fund: l.FundName(string(r.Lang)), Amount: l.Amount})
		}
		all = append(all, v)
	}
	return all, nil
}
