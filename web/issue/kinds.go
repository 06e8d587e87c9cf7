package issue

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/pdf"
)

// kinds says of every kind of report how it is filled in, drawn, and read as a page: a new kind is a line here.
var kinds = map[disclosure.Kind]kind{
	publication.Fund: kindOf(ofMonths(Transparency), pdf.TransparencyReport, readFund, func(d *pdf.ReportDoc) parts {
		return parts{&d.Stamp, d.Head, nil, nil}
	}),
	publication.Annual: kindOf(ofMonths(Annual), pdf.AnnualReport, readAnnual, func(d *pdf.AnnualDoc) parts {
		return parts{&d.Stamp, d.Head, d.Pictures, &d.Photos}
	}),
	publication.Sheet: kindOf(ofMonths(NoticeSheet), func(w io.Writer, d pdf.SheetDoc) error { return pdf.NoticeSheet(w, d, pdf.A4) }, readSheet, func(d *pdf.SheetDoc) parts {
		return parts{&d.Stamp, d.Head, nil, nil}
	}),
	publication.Project: kindOf(ofSubject(ProjectReport), pdf.ProjectReport, readProject, func(d *pdf.ProjectDoc) parts {
		return parts{&d.Stamp, d.Head, d.Pictures, &d.Photos}
	}),
	publication.Venture: kindOf(ofSubject(VentureReport), pdf.VentureReport, readVenture, func(d *pdf.VentureDoc) parts {
		return parts{&d.Stamp, d.Head, d.Pictures, &d.Photos}
	}),
}

// parts are what every kind's value has: its stamp, its head, and of some the pictures, with the place of their files, which are
// found again whenever it is drawn.
type parts struct {
	stamp    *pdf.Stamp
	head     pdf.Head
	pictures []pdf.Picture
	photos   *map[string][]byte
}

// ofMonths fills in a report of a community's months, ofSubject one of a project or venture.
func ofMonths[T any](fill func(context.Context, sqlx.QueryerContext, ledger.Community, time.Time, time.Time, i18n.Lang, string, time.Time) (T, error)) func(source) (T, error) {
	return func(s source) (T, error) { return fill(s, s.q, s.c, s.r.From, s.r.To, s.lang, s.base, s.at) }
}

func ofSubject[T any](fill func(context.Context, sqlx.QueryerContext, ledger.Community, int, time.Time, time.Time, i18n.Lang, string, time.Time) (T, error)) func(source) (T, error) {
	return func(s source) (T, error) {
		return fill(s, s.q, s.c, s.r.Subject.ID, s.r.From, s.r.To, s.lang, s.base, s.at)
	}
}

// disclosed is how a report that staff wrote is drawn, whatever its kind: its value is a page and a paper at once.
var disclosed = kind{
	pictures: func([]byte) ([]pdf.Picture, error) { return nil, nil },
	draw: func(w io.Writer, value []byte, _ map[string][]byte) error {
		doc, err := back[pdf.DisclosureDoc](value)
		if err != nil {
			return err
		}
		return pdf.Disclosure(w, doc)
	},
}

// kindOfDocument is how a published document is drawn.
func kindOfDocument(d disclosure.Document) (k kind, ok bool) {
	if !d.Content.Issued {
		return disclosed, true
	}
	k, ok = kinds[d.Content.Kind]
	return k, ok
}

// DrawDisclosure draws a report that staff wrote in each language, as it is kept when it is published.
func DrawDisclosure(d disclosure.Document, c ledger.Community, baseURL string) (drawings []disclosure.Drawing, err error) {
	for _, lang := range Languages {
		value, err := json.Marshal(Disclosure(d, c, lang, baseURL))
		if err != nil {
			return nil, err
		}
		one, err := drawing(disclosed, lang, value, nil)
		if err != nil {
			return nil, err
		}
		drawings = append(drawings, one)
	}
	return drawings, nil
}

// Issuable tells whether reports of a kind can be drawn here.
func Issuable(kind disclosure.Kind) bool {
	_, ok := kinds[kind]
	return ok
}

// source is what a report is filled in from.
type source struct {
	context.Context
	q    sqlx.QueryerContext
	c    ledger.Community
	r    publication.Report
	lang i18n.Lang
	base string
	at   time.Time
}

// kind is one kind of report, whatever its value is.
type kind struct {
	fill     func(s source) (filled, error)
	pictures func(value []byte) ([]pdf.Picture, error)
	draw     func(w io.Writer, value []byte, photos map[string][]byte) error
	read     func(value []byte) (Reading, error)
}

// filled is a report's value before it is issued.
type filled struct {
	head   pdf.Head
	photos map[string][]byte
	value  func(pdf.Stamp) ([]byte, error) // as JSON, with a stamp
}

// kindOf makes a kind of a value's functions. What is drawn is always the value as it comes back from JSON, so that it is the
// same value whenever it is drawn again.
func kindOf[T any](fill func(source) (T, error), draw func(io.Writer, T) error, read func(T) Reading, of func(*T) parts) kind {
	return kind{
		fill: func(s source) (f filled, err error) {
			doc, err := fill(s)
			if err != nil {
				return f, err
			}
			p := of(&doc)
			f.head, f.value = p.head, func(with pdf.Stamp) ([]byte, error) {
				*p.stamp = with
				return json.Marshal(doc)
			}
			f.photos, err = Photos(s, s.q, s.c, p.pictures)
			return f, err
		},
		pictures: func(value []byte) ([]pdf.Picture, error) {
			doc, err := back[T](value)
			return of(&doc).pictures, err
		},
		draw: func(w io.Writer, value []byte, photos map[string][]byte) error {
			doc, err := back[T](value)
			if err != nil {
				return err
			}
			if p := of(&doc); p.photos != nil {
				*p.photos = photos
			}
			return draw(w, doc)
		},
		read: func(value []byte) (Reading, error) {
			doc, err := back[T](value)
			if err != nil {
				return Reading{}, err
			}
			r, p := read(doc), of(&doc)
			r.Stamp, r.Checkpoint = *p.stamp, p.head.Checkpoint
			return r, nil
		},
	}
}

func back[T any](value []byte) (doc T, err error) {
	if err = json.Unmarshal(value, &doc); err != nil {
		err = fmt.Errorf("issue: a report's value: %w", err)
	}
	return doc, err
}

// Languages are those a report is issued in.
var Languages = []i18n.Lang{i18n.Chinese, i18n.English}

// Fill fills in a report from the books in each language. baseURL is where readers reach the site, at the moment of issue.
// Hand it one REPEATABLE READ transaction; transparency.ErrNotSealed as Transparency. publication.ErrNotFound for a kind that is
// not drawn here.
func Fill(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, r publication.Report, baseURL string, at time.Time) (d publication.Draft, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("issue.Fill(%s, %s): %w", c.Slug, r.Key(), err)
		}
	}()
	k, ok := kinds[r.Kind]
	if !ok {
		return d, publication.ErrNotFound
	}
	d = publication.Draft{Report: r}
	stand, err := ledger.Stand(ctx, q, c.ID)
	if err != nil {
		return d, err
	}
	d.AsOf = stand.LastSeq
	if !publication.NeedsSubject(r.Kind) {
		if d.Figures, err = disclosure.FiguresAsOf(ctx, q, c, disclosure.Duty{Kind: r.Kind, Subject: r.Subject, From: r.From, Until: r.To}, d.AsOf); err != nil {
			return d, err
		}
	}
	put, err := disclosure.CorrectedSince(ctx, q, c.ID, r.Kind, r.Key(), at)
	if err != nil {
		return d, err
	}
	inAll := map[i18n.Lang]filled{}
	for _, lang := range Languages {
		if inAll[lang], err = k.fill(source{ctx, q, c, r, lang, baseURL, at}); err != nil {
			return d, err
		}
	}
	head := inAll[i18n.Chinese].head
	d.Checkpoint, d.Signed = int(head.Checkpoint.Number), head.Checkpoint.Text
	told := publication.Of(r.Kind, head.From, head.To).About(r.Subject) // a project's is of other months than were asked for
	d.TitleZH, d.TitleEN = reportTitle(i18n.Chinese, c, told), reportTitle(i18n.English, c, told)
	d.Draw = func(issued disclosure.Document) (drawings []disclosure.Drawing, err error) {
		for _, lang := range Languages {
			value, err := inAll[lang].value(stampOf(issued, put, c, lang, baseURL))
			if err != nil {
				return nil, err
			}
			one, err := drawing(k, lang, value, inAll[lang].photos)
			if err != nil {
				return nil, err
			}
			drawings = append(drawings, one)
		}
		return drawings, nil
	}
	return d, nil
}

// drawing draws a value.
func drawing(k kind, lang i18n.Lang, value []byte, photos map[string][]byte) (d disclosure.Drawing, err error) {
	var w bytes.Buffer
	if err = k.draw(&w, value, photos); err != nil {
		return d, err
	}
	return disclosure.Drawing{Lang: string(lang), Value: value, PDF: w.Bytes(), Pages: pagesOf(w.Bytes())}, nil
}

// pagesOf counts the pages of a PDF that web/pdf wrote.
func pagesOf(file []byte) int { return bytes.Count(file, []byte("/Type /Page\n")) }

// stampOf is what a document's paper carries in a language; of a draft, which has no number, what was put right alone.
func stampOf(d disclosure.Document, put []disclosure.Document, c ledger.Community, lang i18n.Lang, baseURL string) (s pdf.Stamp) {
	for _, x := range put {
		s.Corrections = append(s.Corrections, pdf.Correction{
			Serial: x.Serial(), Version: x.Version, Title: DocumentTitle(lang, x), Note: x.Corrects(string(lang)), On: x.PublishedOn,
		})
	}
	if d.Number == 0 {
		return s
	}
	s.Serial, s.Version, s.Note, s.On = d.Serial(), d.Version, d.Corrects(string(lang)), d.PublishedOn
	s.URL = DocumentURL(baseURL, c, d)
	return s
}

// DocumentURL is where one version of a document stands.
func DocumentURL(baseURL string, c ledger.Community, d disclosure.Document) string {
	return fmt.Sprintf("%s/c/%s/documents/%s/%d", strings.TrimSuffix(baseURL, "/"), c.Slug, d.Serial(), d.Version)
}

// DocumentTitle is a document's kind and what it is about.
func DocumentTitle(lang i18n.Lang, d disclosure.Document) string {
	return DisclosureTitle(lang, d.Content.Kind) + " · " + d.Title(string(lang))
}

// Preview draws what issuing a draft would issue, in one language, and reads it as a page.
func Preview(d publication.Draft, lang i18n.Lang) (file []byte, r Reading, err error) {
	drawings, err := d.Draw(disclosure.Document{})
	for _, one := range drawings {
		if one.Lang == string(lang) {
			r, err = kinds[d.Kind].read(one.Value)
			return one.PDF, r, err
		}
	}
	return nil, r, err
}

// Redraw draws a document's kept value with this program, and with its pictures as far as they are still there.
func Redraw(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, d disclosure.Document, value []byte) ([]byte, error) {
	k, ok := kindOfDocument(d)
	if !ok {
		return nil, publication.ErrNotFound
	}
	pictures, err := k.pictures(value)
	if err != nil {
		return nil, err
	}
	photos, err := Photos(ctx, q, c, pictures)
	if err != nil {
		return nil, err
	}
	var w bytes.Buffer
	err = k.draw(&w, value, photos)
	return w.Bytes(), err
}

// Read reads a kept value as a page.
func Read(kind disclosure.Kind, value []byte) (Reading, error) {
	k, ok := kinds[kind]
	if !ok {
		return Reading{}, publication.ErrNotFound
	}
	return k.read(value)
}

// reportTitle is what a report is about: the community and its months, or its subject and the months.
func reportTitle(lang i18n.Lang, c ledger.Community, r publication.Report) string {
	of := c.Name(string(lang))
	if publication.NeedsSubject(r.Kind) {
		of = r.Subject.Title(string(lang))
	}
	if lang == i18n.English {
		return of + ", " + PeriodWords(lang, r)
	}
	return of + " " + PeriodWords(lang, r)
}

// PeriodWords are a report's months in words.
func PeriodWords(lang i18n.Lang, r publication.Report) string {
	switch r.Span() {
	case publication.Year:
		return lang.T("issue.year", "year", r.From.Format("2006"))
	case publication.Quarter:
		return lang.T("shelf.quarter", "year", r.From.Format("2006"), "n", (int(r.From.Month())+2)/3)
	case publication.Month:
		return lang.Month(r.From)
	}
	return lang.T("issue.months", "from", lang.Month(r.From), "to", lang.Month(r.To))
}
