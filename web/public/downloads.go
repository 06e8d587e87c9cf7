package public

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger/export"
	"fund/web/i18n"
	"fund/web/page"
)

const (
	downloadMax    = 5 * time.Minute  // of one download
	downloadBreath = 10 * time.Second // how long a reader may take to accept one piece of it
)

// What holds a database connection for long takes its turn before, so that readers who draw many reports, or take many
// books slowly, leave connections for everybody else.
var (
	drawing     = make(chan struct{}, 2)
	downloading = make(chan struct{}, 8)
	searching   = make(chan struct{}, 4) // for words, through all memos
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

// download streams what write writes, of one instant of the books. The request's own deadline is for pages; a download
// has its own, and the server's for a whole answer counts anew for each piece. One that fails is cut off, so that nobody
// takes a part for the whole.
func (p *Pages) download(c *fiber.Ctx, name, contentType string, write func(b books, w io.Writer) error) error {
	reader := *page.Of(c)
	if lang, ok := i18n.ParseLang(c.Query("lang")); ok {
		reader.Lang = lang
	}
	c.Attachment(fmt.Sprintf("%s-%s", reader.Community.Slug, name))
	c.Set(fiber.HeaderContentType, contentType)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Method() == fiber.MethodHead {
		return nil
	}
	done, err := turn(c.UserContext(), downloading)
	if err != nil {
		return err
	}
	conn := c.Context().Conn()
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer done()
		ctx, cancel := context.WithTimeout(context.Background(), downloadMax)
		defer cancel()
		breathe := writerFunc(func(b []byte) (int, error) {
			if err := conn.SetWriteDeadline(time.Now().Add(downloadBreath)); err != nil {
				return 0, err
			}
			return w.Write(b)
		})
		if err := p.snapshotIn(ctx, &reader, func(b books) error { return write(b, breathe) }); err != nil {
			slog.Warn("a download was cut off", "id", reader.RequestID, "name", name, "err", err)
			_ = conn.Close()
		}
	})
	return nil
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
