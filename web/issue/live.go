package issue

import (
	"context"
	"io"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/pdf"
)

// Live draws reports of some months as the books are now, without issuing them: they say so on their cover.
type Live struct {
	Community ledger.Community
	From, To  time.Time
	Lang      i18n.Lang
	BaseURL   string
	At        time.Time
}

// Transparency draws the report on the whole community's money.
func (l Live) Transparency(ctx context.Context, q sqlx.QueryerContext, w io.Writer) error {
	doc, err := Transparency(ctx, q, l.Community, l.From, l.To, l.Lang, l.BaseURL, l.At)
	if err != nil {
		return err
	}
	return pdf.TransparencyReport(w, doc)
}

// Annual draws the annual report of the year of From, with its photographs.
func (l Live) Annual(ctx context.Context, q sqlx.QueryerContext, w io.Writer) error {
	doc, err := Annual(ctx, q, l.Community, l.From, l.To, l.Lang, l.BaseURL, l.At)
	if err != nil {
		return err
	}
	if doc.Photos, err = Photos(ctx, q, l.Community, doc.Pictures); err != nil {
		return err
	}
	return pdf.AnnualReport(w, doc)
}

// Sheet draws the sheet for the notice board.
func (l Live) Sheet(ctx context.Context, q sqlx.QueryerContext, paper pdf.Paper, w io.Writer) error {
	doc, err := NoticeSheet(ctx, q, l.Community, l.From, l.To, l.Lang, l.BaseURL, l.At)
	if err != nil {
		return err
	}
	return pdf.NoticeSheet(w, doc, paper)
}

// Donors draws the list of donors who want to be named.
func (l Live) Donors(ctx context.Context, q sqlx.QueryerContext, w io.Writer) error {
	doc, err := DonorList(ctx, q, l.Community, l.From, l.To, l.Lang, l.BaseURL, l.At)
	if err != nil {
		return err
	}
	return pdf.DonorList(w, doc)
}

// Project draws the report on a project, with its photographs and what people told. project.ErrNotFound.
func (l Live) Project(ctx context.Context, q sqlx.QueryerContext, slug string, w io.Writer) error {
	p, err := project.FindProject(ctx, q, l.Community.ID, slug)
	if err != nil {
		return err
	}
	doc, err := ProjectReport(ctx, q, l.Community, p.ID, l.From, l.To, l.Lang, l.BaseURL, l.At)
	if err != nil {
		return err
	}
	if doc.Photos, err = Photos(ctx, q, l.Community, doc.Pictures); err != nil {
		return err
	}
	return pdf.ProjectReport(w, doc)
}

// Venture draws the report on a venture. sale.ErrNotFound, sale.ErrSharedFund.
func (l Live) Venture(ctx context.Context, q sqlx.QueryerContext, slug string, w io.Writer) error {
	p, err := sale.FindPlace(ctx, q, l.Community.ID, slug)
	if err != nil {
		return err
	}
	doc, err := VentureReport(ctx, q, l.Community, p.ID, l.From, l.To, l.Lang, l.BaseURL, l.At)
	if err != nil {
		return err
	}
	if doc.Photos, err = Photos(ctx, q, l.Community, doc.Pictures); err != nil {
		return err
	}
	return pdf.VentureReport(w, doc)
}
