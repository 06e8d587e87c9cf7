package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/transparency"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
)

// packView is where the whole book is handed over: a year to an auditor, all of it to other programs.
type packView struct {
	Years     []ledger.BookYear
	Formats   []export.Format
	Originals bool // the reader may have them
	Key       string
	Sealed    *transparency.Checkpoint
}

// Packs lists the years that an auditor can be given, and the formats of the whole book.
func (p *Pages) Packs(c *fiber.Ctx) error {
	id := page.Of(c).Community.ID
	v := packView{Formats: export.Formats, Originals: can(c, auth.ReadDonors), Key: p.Key.Public()}
	var err error
	if v.Years, err = ledger.Years(c.UserContext(), p.Read, id); err != nil {
		return err
	}
	newest, err := transparency.Latest(c.UserContext(), p.Read, id)
	if err == nil {
		v.Sealed = &newest
	} else if !errors.Is(err, transparency.ErrNoneSealed) {
		return err
	}
	return page.Render(c, "desk/packs", v)
}

// handing are the whole books on their way to somebody: each holds a connection for long.
var handing = make(chan struct{}, 2)

// Pack streams the auditor's pack of a year.
func (p *Pages) Pack(c *fiber.Ctx) error { return p.pack(c, false) }

// PackOriginals streams it with the papers as they came.
func (p *Pages) PackOriginals(c *fiber.Ctx) error { return p.pack(c, true) }

func (p *Pages) pack(c *fiber.Ctx, originals bool) error {
	r := page.Of(c)
	year, err := strconv.Atoi(c.Params("year"))
	if err != nil || year < 1900 || year > 9998 {
		return page.ErrNotFound
	}
	if err := p.sealed(c.UserContext(), r.Community.ID); err != nil {
		return err
	}
	people, err := auth.Names(c.UserContext(), p.Read, r.Community.ID)
	if err != nil {
		return err
	}
	pack := issue.AuditPack{Year: year, Originals: originals, PublicKey: p.Key.Public(), People: people}
	return p.hand(c, "books.pack", map[string]any{"year": year, "originals": originals}, fmt.Sprintf("%s-%d.zip", r.Community.Slug, year), "application/zip",
		func(ctx context.Context, w io.Writer, q sqlx.QueryerContext, community ledger.Community) error {
			return pack.Write(ctx, w, q, community)
		})
}

// sealed refuses with transparency.ErrNotSealed while the last entries wait for a checkpoint: later, half of a file would be sent.
func (p *Pages) sealed(ctx context.Context, community int) error {
	stand, err := ledger.Stand(ctx, p.Read, community)
	if err != nil {
		return err
	}
	newest, err := transparency.Latest(ctx, p.Read, community)
	if errors.Is(err, transparency.ErrNoneSealed) || err == nil && newest.Size < stand.LastSeq {
		return transparency.ErrNotSealed
	}
	return err
}

// WholeBook streams the whole book in a format of other programs.
func (p *Pages) WholeBook(c *fiber.Ctx) error {
	format, ok := export.FormatNamed(c.Params("format"))
	if !ok {
		return page.ErrNotFound
	}
	lang := string(page.Of(c).Lang)
	return p.hand(c, "books.export", map[string]any{"format": format.Name}, page.Of(c).Community.Slug+"-ledger."+format.Ending, format.Media,
		func(ctx context.Context, w io.Writer, q sqlx.QueryerContext, community ledger.Community) error {
			return format.Write(ctx, w, q, community, lang)
		})
}

// hand writes down who takes the books away, and streams them as they are at one instant.
func (p *Pages) hand(c *fiber.Ctx, verb string, detail map[string]any, name, media string, write func(context.Context, io.Writer, sqlx.QueryerContext, ledger.Community) error) error {
	if err := p.act(c, verb, "", detail, func(*sqlx.Tx, string) error { return nil }); err != nil {
		return err
	}
	select {
	case handing <- struct{}{}:
	case <-c.UserContext().Done():
		return c.UserContext().Err()
	}
	slug := page.Of(c).Community.Slug
	return page.Download(c, name, media, func() { <-handing }, func(ctx context.Context, w io.Writer) error {
		return p.instant(ctx, slug, func(q sqlx.QueryerContext, community ledger.Community) error { return write(ctx, w, q, community) })
	})
}
