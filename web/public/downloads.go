package public

import (
	"context"
	"fmt"
	"io"

	"github.com/gofiber/fiber/v2"

	"fund/ledger/export"
	"fund/web/i18n"
	"fund/web/page"
)

// What holds a database connection for long takes its turn before, so that readers who draw many reports, or take many
// books slowly, leave connections for everybody else.
var (
	drawing     = make(chan struct{}, 2)
	downloading = make(chan struct{}, 8)
)

// turn waits for one for as long as the request may take. The caller calls done.
func turn(ctx context.Context, turns chan struct{}) (done func(), err error) {
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// docLang is the language of a document: what ?lang= asks for, or the reader's.
func docLang(c *fiber.Ctx) i18n.Lang {
	if asked, ok := i18n.ParseLang(c.Query("lang")); ok {
		return asked
	}
	return page.Of(c).Lang
}

// LedgerCSV is the ledger as a table, narrowed as the page is.
func (p *Pages) LedgerCSV(c *fiber.Ctx) error {
	a := asked(c)
	var filter narrowed
	err := p.snapshot(c, func(b books) (err error) {
		filter, err = b.narrow(a)
		return err
	})
	if err != nil {
		return err
	}
	return p.download(c, "ledger.csv", "text/csv; charset=utf-8", func(b books, w io.Writer) error {
		return export.CSV(b, w, b.q, b.Community, filter.JournalFilter, string(b.r.Lang))
	})
}

// LedgerJournal is the whole book for hledger.
func (p *Pages) LedgerJournal(c *fiber.Ctx) error {
	return p.download(c, "ledger.journal", fiber.MIMETextPlainCharsetUTF8, func(b books, w io.Writer) error {
		return export.HLedger(b, w, b.q, b.Community)
	})
}

// download streams what write writes, of one instant of the books.
func (p *Pages) download(c *fiber.Ctx, name, contentType string, write func(b books, w io.Writer) error) error {
	reader := *page.Of(c)
	if lang, ok := i18n.ParseLang(c.Query("lang")); ok {
		reader.Lang = lang
	}
	done, err := turn(c.UserContext(), downloading)
	if err != nil {
		return err
	}
	return page.Download(c, fmt.Sprintf("%s-%s", reader.Community.Slug, name), contentType, done, func(ctx context.Context, w io.Writer) error {
		return p.snapshotIn(ctx, &reader, func(b books) error { return write(b, w) })
	})
}
