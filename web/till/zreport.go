package till

import (
	"bytes"
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
	var out bytes.Buffer
	if err := pdf.ZReport(&out, doc); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="z-`+doc.Z.Serial()+`.pdf"`)
	return c.Send(out.Bytes())
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
