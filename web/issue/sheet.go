package issue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/pdf"
)

// NoticeSheet fills in the sheet for the notice board, with the figures of the transparency report of the same months. Hand it
// one REPEATABLE READ transaction; baseURL, issued and errors as Transparency.
func NoticeSheet(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time, lang i18n.Lang, baseURL string, issued time.Time) (doc pdf.SheetDoc, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("issue.NoticeSheet(%s): %w", c.Slug, err)
		}
	}()
	b, err := newBooks(ctx, q, c, from, to, lang, baseURL, issued)
	if err != nil {
		return doc, err
	}
	for _, read := range []func() error{b.chart, b.sums, b.projects, b.sources, b.uses, b.lastEntry, b.checkpoint} {
		if err := read(); err != nil {
			return doc, err
		}
	}
	r := b.doc
	doc = pdf.SheetDoc{
		Head: r.Head, Opening: r.Opening, Income: r.Income, Expense: r.Expense, Closing: r.Closing, Held: r.ClosingHeld, Other: r.Other,
		Sources: r.Sources, Uses: r.Uses,
	}
	slices.SortStableFunc(doc.Uses, func(x, y pdf.Use) int { return y.Sum().Cmp(x.Sum()) })
	doc.Projects = len(r.Projects)
	for _, p := range r.Projects {
		doc.Served += p.Served
	}
	return doc, nil
}

// lastEntry finds the newest entry of the period, which the checkpoint has to cover.
func (b *books) lastEntry() error {
	newest, err := ledger.Journal(b, b.q, b.c.ID, ledger.JournalFilter{From: b.from, To: b.to}, 1)
	for _, e := range newest {
		b.last = e.Seq
	}
	return err
}

// giftsMax is more than a campaign has.
const giftsMax = 1_000_000

// DonorList fills in the list of donors who want to be named, of the gifts of the months from..to: names as the public sees them.
// It is never kept, because consent may be taken back.
func DonorList(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time, lang i18n.Lang, baseURL string, issued time.Time) (doc pdf.DonorsDoc, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("issue.DonorList(%s): %w", c.Slug, err)
		}
	}()
	b, err := newBooks(ctx, q, c, from, to, lang, baseURL, issued)
	if err != nil {
		return doc, err
	}
	doc.Head = b.doc.Head
	list, err := b.ran()
	if err != nil {
		return doc, err
	}
	for _, campaign := range list {
		gifts, err := campaigns.ListDonations(ctx, q, c.ID, campaign.ID, giftsMax)
		if err != nil {
			return doc, err
		}
		part := pdf.DonorPart{Title: campaign.Title(string(lang))}
		slices.Reverse(gifts)
		for _, g := range gifts {
			kept := g.Amount.Sub(g.Refunded)
			if day := c.Day(*g.PaidAt); day.Before(b.from) || day.After(b.to) || kept.Sign() <= 0 {
				continue
			}
			if name := g.PublicName(); name != "" {
				part.Rows = append(part.Rows, pdf.DonorRow{Name: name, Date: c.Day(*g.PaidAt), Amount: kept, Words: g.PublicMessage()})
				continue
			}
			part.Unnamed, part.Rest = part.Unnamed+1, part.Rest.Add(kept)
		}
		if len(part.Rows)+part.Unnamed > 0 {
			doc.Parts = append(doc.Parts, part)
		}
	}
	return doc, nil
}
