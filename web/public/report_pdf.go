package public

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/page"
)

const (
	reportEntriesMax = 20_000 // of one report; a community with more takes a report a month
	reportsKept      = 8      // of a megabyte or so each
)

var errReportLong = errors.New("public: too many entries for one report")

func init() { page.Meaning(errReportLong, fiber.StatusUnprocessableEntity, "error.report_long") }

// reportKey is what a drawn report depends on.
type reportKey struct {
	community int
	from, to  time.Time
	lang      i18n.Lang
	last      int64 // of the book when it was drawn
	day       time.Time
}

// TransparencyPDF is the transparency report of the months ?from= to ?to=, in the language ?lang=.
func (p *Pages) TransparencyPDF(c *fiber.Ctx) error {
	from, ok1 := monthIn(c.Query("from"))
	to, ok2 := monthIn(c.Query("to"))
	if !ok1 || !ok2 || to.Before(from) {
		return page.ErrNotFound
	}
	done, err := turn(c.UserContext(), drawing)
	if err != nil {
		return err
	}
	defer done()
	return p.snapshot(c, func(b books) error { return p.sendReport(c, b, from, to) })
}

// LatestPDF is the transparency report of the newest year.
func (p *Pages) LatestPDF(c *fiber.Ctx) error {
	done, err := turn(c.UserContext(), drawing)
	if err != nil {
		return err
	}
	defer done()
	return p.snapshot(c, func(b books) error {
		y, err := b.pickYear("", p.Now())
		if err != nil {
			return err
		}
		return p.sendReport(c, b, y.From(), y.To())
	})
}

// DonorsPDF is the list of the donors of the year ?year= who want to be named. It is drawn anew each time and kept nowhere, for
// they may change their minds.
func (p *Pages) DonorsPDF(c *fiber.Ctx) error {
	done, err := turn(c.UserContext(), drawing)
	if err != nil {
		return err
	}
	defer done()
	return p.snapshot(c, func(b books) error {
		y, err := b.pickYear(c.Query("year"), p.Now())
		if err != nil {
			return err
		}
		var drawn bytes.Buffer
		if err := p.live(c, b, y.From(), y.To(), docLang(c)).Donors(b, b.q, &drawn); err != nil {
			return err
		}
		c.Set(fiber.HeaderCacheControl, "no-store")
		return page.SendPDF(c, fmt.Sprintf("%s-%d-donors", b.Slug, y.Year), drawn.Bytes())
	})
}

func (p *Pages) sendReport(c *fiber.Ctx, b books, from, to time.Time) error {
	from, to = ledger.MonthOf(from), ledger.MonthOf(to) // any day of a month asks for the same report
	lang := docLang(c)
	if err := b.notTooLong(from, to); err != nil {
		return err
	}
	stand, err := ledger.Stand(b, b.q, b.ID)
	if err != nil {
		return err
	}
	key := reportKey{b.ID, from, to, lang, stand.LastSeq, b.Day(p.Now())}
	drawn, err := p.reports.get(key, reportsKept, func() ([]byte, error) {
		var w bytes.Buffer
		err := p.live(c, b, from, to, lang).Transparency(b, b.q, &w)
		return w.Bytes(), err
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return page.SendPDF(c, fmt.Sprintf("%s-%s-%s.%s", b.Slug, from.Format("2006-01"), to.Format("2006-01"), lang), drawn)
}

// live draws reports of some months as the books are at this moment.
func (p *Pages) live(c *fiber.Ctx, b books, from, to time.Time, lang i18n.Lang) issue.Live {
	return issue.Live{Community: b.Community, From: from, To: to, Lang: lang, BaseURL: page.SiteOf(c).URL(""), At: p.Now()}
}

func (b books) notTooLong(from, to time.Time) error {
	periods, err := ledger.ListPeriods(b, b.q, b.ID)
	entries := 0
	for _, period := range periods {
		if !period.Month.Before(ledger.MonthOf(from)) && !period.Month.After(to) {
			entries += period.Entries
		}
	}
	if err == nil && entries > reportEntriesMax {
		err = errReportLong
	}
	return err
}
