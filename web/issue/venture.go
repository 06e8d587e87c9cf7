package issue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/report"
	"fund/web/i18n"
	"fund/web/pdf"
)

// VentureReport fills in the report on one venture, a place of campaigns/sale. Hand it one REPEATABLE READ transaction;
// baseURL, issued and errors as Transparency; sale.ErrSharedFund where its fund is not its own.
func VentureReport(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, id int, from, to time.Time, lang i18n.Lang, baseURL string, issued time.Time) (doc pdf.VentureDoc, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("issue.VentureReport(%s, %d): %w", c.Slug, id, err)
		}
	}()
	b, err := newBooks(ctx, q, c, from, to, lang, baseURL, issued)
	if err != nil {
		return doc, err
	}
	place, err := sale.PlaceAt(ctx, q, c.ID, id)
	if err != nil {
		return doc, err
	}
	v := &ventureFill{books: b, place: place}
	for _, read := range []func() error{v.months, v.fund, v.byAccount, v.pictures} {
		if err := read(); err != nil {
			return doc, err
		}
	}
	err = b.newest()
	v.doc.Head = b.doc.Head
	return v.doc, err
}

// ventureFill is a venture's report being filled in.
type ventureFill struct {
	*books
	place sale.Place
	doc   pdf.VentureDoc
}

func (v *ventureFill) months() error {
	months, err := sale.MonthsOf(v, v.q, v.c.ID, v.place, v.from, v.to)
	for _, m := range months {
		v.doc.Months = append(v.doc.Months, pdf.VentureMonth{Month: m.Month, In: m.Income, Out: m.Expense})
		v.doc.Income, v.doc.Expense = v.doc.Income.Add(m.Income), v.doc.Expense.Add(m.Expense)
	}
	return err
}

// fund is what its fund had and has, and what went from it to other funds, entry by entry.
func (v *ventureFill) fund() error {
	lang := string(v.lang)
	funds, err := report.FundReport(v, v.q, v.c, v.from, v.to)
	if err != nil {
		return err
	}
	v.doc.Name = v.place.Name(lang)
	for _, f := range funds.Lines {
		if f.FundID == v.place.FundID {
			v.doc.Had, v.doc.Has, v.doc.PassedOn = f.Opening, f.Closing, f.Transfers.Neg()
			v.doc.Facts = append(v.doc.Facts, pdf.Fact{Name: v.lang.T("issue.fact.fund"), Text: f.Name(lang)})
		}
	}
	for _, fact := range []struct{ key, text string }{{"where", v.place.Where(lang)}, {"what_for", v.place.Note(lang)}} {
		if fact.text != "" {
			v.doc.Facts = append(v.doc.Facts, pdf.Fact{Name: v.lang.T("issue.fact." + fact.key), Text: fact.text})
		}
	}
	return v.handed()
}

// handed lists the entries that moved net assets of its fund to another, and counts them into their month.
func (v *ventureFill) handed() error {
	entries, err := ledger.Journal(v, v.q, v.c.ID, ledger.JournalFilter{From: v.from, To: v.to, Fund: v.place.FundID}, entriesMax)
	if err != nil {
		return err
	}
	seqs := make([]int64, len(entries))
	for i, e := range entries {
		seqs[i] = e.Seq
	}
	lines, err := ledger.LinesOf(v, v.q, v.c.ID, seqs...)
	slices.Reverse(entries)
	for _, e := range entries {
		if e.Kind == "year_end" {
			continue
		}
		row := pdf.EntryRow{Date: e.Date, Number: e.Voucher(), Memo: e.Memo}
		for _, l := range lines[e.Seq] {
			if l.FundID == v.place.FundID && l.AccountType == ledger.NetAssets {
				row.Out = row.Out.Add(l.Amount)
			}
		}
		if row.Out.IsZero() {
			continue
		}
		v.doc.Handed = append(v.doc.Handed, row)
		for i := range v.doc.Months {
			if m := &v.doc.Months[i]; m.Month.Equal(ledger.MonthOf(e.Date)) {
				m.Gave = m.Gave.Add(row.Out)
			}
		}
	}
	return err
}

func (v *ventureFill) byAccount() error {
	accounts, err := sale.AccountsOf(v, v.q, v.c.ID, v.place, v.from, v.to)
	for _, a := range accounts {
		part := pdf.CostPart{Name: a.Account.Name(string(v.lang)), Amount: a.Amount}
		if a.Account.Type == ledger.Income {
			v.doc.Earned = append(v.doc.Earned, part)
		} else {
			v.doc.Cost = append(v.doc.Cost, part)
		}
	}
	return err
}

// pictures are of what it sells.
func (v *ventureFill) pictures() error {
	items, err := sale.ListItems(v, v.q, v.c.ID, v.place.ID)
	for _, i := range items {
		if i.PictureID == nil || len(v.doc.Pictures) == picturesMax {
			continue
		}
		p, err := picture(v, v.q, v.c.ID, *i.PictureID, i.Name(string(v.lang)))
		if err != nil {
			return err
		}
		v.doc.Pictures = append(v.doc.Pictures, p)
	}
	return err
}

// ventures are all ventures' years.
func (a *annual) ventures() error {
	places, err := sale.ListPlaces(a, a.q, a.c.ID)
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.Kind != sale.Venture {
			continue
		}
		months, err := sale.MonthsOf(a, a.q, a.c.ID, p, a.from, a.to)
		if errors.Is(err, sale.ErrSharedFund) {
			continue
		}
		if err != nil {
			return err
		}
		part := pdf.VenturePart{Name: p.Name(string(a.lang)), PassedOn: a.handed[p.FundID], Ref: "/ventures/" + p.Slug}
		for _, m := range months {
			part.Income, part.Expense = part.Income.Add(m.Income), part.Expense.Add(m.Expense)
		}
		if !part.Income.IsZero() || !part.Expense.IsZero() {
			a.doc.Ventures = append(a.doc.Ventures, part)
		}
	}
	return nil
}
