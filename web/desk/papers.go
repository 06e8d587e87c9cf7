package desk

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

// PaperBodyMax is the largest body of a form with a paper: the file and what goes around it.
const PaperBodyMax = campaigns.PaperBytesMax + 64<<10

// entryPapers are the papers of an entry that the staff keep, and what it pays.
type entryPapers struct {
	Originals []campaigns.Original
	Keep      *page.Form // that keeps another; nil for who may not
	Request   *spending.PaymentRequest
}

func (p *Pages) papersOf(c *fiber.Ctx, e ledger.JournalEntry) (v entryPapers, err error) {
	here, ctx := page.Of(c).Community.ID, c.UserContext()
	if v.Originals, err = campaigns.OriginalsOf(ctx, p.DB, here, e.Seq); err != nil {
		return v, err
	}
	if can(c, auth.PostEntry) {
		v.Keep = evidenceForm(page.BlankForm(c))
	}
	source, pays := strings.CutPrefix(e.Source, "payment_request:")
	id, wrong := uuid.Parse(source[:min(36, len(source))])
	if !pays || wrong != nil {
		return v, nil
	}
	r, err := spending.Find(ctx, p.DB, here, id)
	if err == nil {
		v.Request = &r
	}
	return v, err
}

// sendPaper answers with a file that strangers sent and the staff alone may see: nothing in it runs, and that it was
// looked at is written down.
func (p *Pages) sendPaper(c *fiber.Ctx, o campaigns.Original, scan string) (err error) {
	name, file, media := page.Of(c).Community.Slug+"-"+o.ID.String()[24:]+".pdf", o.Bytes, o.Media
	if scan != "" || media == campaigns.MediaJPEG {
		n, _ := strconv.Atoi(scan)
		if file, err = o.Scan(n); err != nil {
			return err
		}
		media = campaigns.MediaJPEG
	}
	err = p.act(c, "paper.view", "paper:"+o.ID.String(), nil, func(*sqlx.Tx, string) error { return nil })
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, media)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set("X-Robots-Tag", "noindex")
	if media == campaigns.MediaPDF {
		c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	} else {
		c.Set(fiber.HeaderContentDisposition, "inline")
	}
	return c.Send(file)
}

// RequestPaper serves a paper of a request to who asked, approves, pays or audits.
func (p *Pages) RequestPaper(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if !v.MayRead {
		return auth.ErrForbidden
	}
	return p.paperAmong(c, v.Papers)
}

// EntryPaper serves a paper of an entry.
func (p *Pages) EntryPaper(c *fiber.Ctx) error {
	entry, err := p.entryAt(c, c.Params("voucher"))
	if err != nil {
		return err
	}
	papers, err := campaigns.OriginalsOf(c.UserContext(), p.DB, page.Of(c).Community.ID, entry.Seq)
	if err != nil {
		return err
	}
	return p.paperAmong(c, papers)
}

// paperAmong serves the paper that the address names, if it is one of these.
func (p *Pages) paperAmong(c *fiber.Ctx, papers []campaigns.Original) error {
	id, err := uuid.Parse(c.Params("paper"))
	if err != nil || !slices.ContainsFunc(papers, func(o campaigns.Original) bool { return o.ID == id }) {
		return page.ErrNotFound
	}
	o, err := campaigns.FindOriginal(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
	if err != nil {
		return err
	}
	return p.sendPaper(c, o, c.Query("scan"))
}

// KeepPaper keeps a paper of an entry as it came.
func (p *Pages) KeepPaper(c *fiber.Ctx) error {
	v, err := p.entryView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	f := evidenceForm(page.ReadForm(c))
	v.Keep = f
	file, caption := f.File(c, "picture"), line(f.Text("caption", 120))
	if f.AnyWrong() {
		return page.Again(c, "desk/entry", v)
	}
	read, err := file.Open()
	if err != nil {
		return err
	}
	defer read.Close()
	err = p.act(c, "paper.keep", "entry:"+v.Voucher(), nil, func(tx *sqlx.Tx, who string) error {
		o, err := campaigns.KeepOriginal(c.UserContext(), tx, page.Of(c).Community.ID, read, caption, who)
		if err == nil {
			_, err = campaigns.AttachOriginal(c.UserContext(), tx, page.Of(c).Community.ID, v.Seq, o, who)
		}
		return err
	})
	if paperRefused(f, err) {
		return page.Again(c, "desk/entry", v)
	}
	return done(c, err, evidencePath(v), "original.kept")
}

// RemovePaper deletes a paper that must not be kept.
func (p *Pages) RemovePaper(c *fiber.Ctx) error {
	v, err := p.entryView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("paper"))
	if err != nil || !slices.ContainsFunc(v.Originals, func(o campaigns.Original) bool { return o.ID == id }) {
		return page.ErrNotFound
	}
	err = p.act(c, "paper.remove", "entry:"+v.Voucher(), nil, func(tx *sqlx.Tx, who string) error {
		return campaigns.WithdrawOriginal(c.UserContext(), tx, page.Of(c).Community.ID, id, who)
	})
	return done(c, err, evidencePath(v), "original.removed")
}

// coverView is a paper on its way to the public.
type coverView struct {
	campaigns.Original
	Voucher string
	Form    *page.Form
	From    string // where the picture that is covered comes from; empty: a PDF file without scanned pages
	Scan    int
	Scans   []int
}

// CoverPaper shows a paper to have its names covered before everybody sees it.
func (p *Pages) CoverPaper(c *fiber.Ctx) error {
	v, err := p.coverView(c, c.Params("paper"), c.QueryInt("scan"), evidenceForm(page.BlankForm(c)))
	if err != nil {
		return err
	}
	v.Form.Set("caption", v.Caption)
	return page.Render(c, "desk/cover", v)
}

func (p *Pages) coverView(c *fiber.Ctx, paper string, scan int, f *page.Form) (v coverView, err error) {
	entry, err := p.entryAt(c, c.Params("voucher"))
	if err != nil {
		return v, err
	}
	id, err := uuid.Parse(paper)
	papers, found := campaigns.OriginalsOf(c.UserContext(), p.DB, page.Of(c).Community.ID, entry.Seq)
	if err != nil || found != nil || !slices.ContainsFunc(papers, func(o campaigns.Original) bool { return o.ID == id }) {
		return v, errors.Join(page.ErrNotFound, found)
	}
	v = coverView{Form: f, Voucher: entry.Voucher(), Scan: scan}
	if v.Original, err = campaigns.FindOriginal(c.UserContext(), p.DB, page.Of(c).Community.ID, id); err != nil {
		return v, err
	}
	for n := range v.Original.Scans() {
		v.Scans = append(v.Scans, n)
	}
	if v.Scan >= 0 && v.Scan < len(v.Scans) {
		v.From = fmt.Sprintf("%s/papers/%s?scan=%d", page.Of(c).URL("/desk/journal/"+v.Voucher), id, v.Scan)
	}
	return v, nil
}
