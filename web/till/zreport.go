package till

import (
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/sale"
	"fund/web/page"
	"fund/web/pdf"
)

// ZReport is the report of a closed session on paper.
func (p *Pages) ZReport(c *fiber.Ctx) error {
	doc, err := p.zReport(c)
	if err != nil {
		return err
	}
	return page.DrawPDF(c, "z-"+doc.Z.Serial(), func(w io.Writer) error { return pdf.ZReport(w, doc) })
}

func (p *Pages) zReport(c *fiber.Ctx) (doc pdf.ZReportDoc, err error) {
	r := page.Of(c)
	doc = pdf.ZReportDoc{Lang: string(r.Lang), Community: r.Community.Name.In(r.Lang), Zone: r.Local(time.Unix(0, 0)).Location()}
	id, err := part(c, "session")
	if err != nil {
		return doc, err
	}
	if doc.Z, err = sale.ZOf(c.UserContext(), p.DB, r.Community.ID, id); err != nil {
		return doc, err
	}
	place, err := sale.PlaceAt(c.UserContext(), p.DB, r.Community.ID, doc.Z.Place)
	if err != nil {
		return doc, err
	}
	name, err := p.named(c)
	doc.Place, doc.Opener = place.Name(string(r.Lang)), name(doc.Z.OpenedBy)
	doc.Counters = []string{name(doc.Z.Counters[0]), name(doc.Z.Counters[1])}
	return doc, err
}
