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
	id, err := part(c, "session")
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	z, err := sale.ZOf(c.UserContext(), p.Read, community.ID, id)
	if err != nil {
		return err
	}
	place, err := sale.PlaceAt(c.UserContext(), p.Read, community.ID, z.Place)
	if err != nil {
		return err
	}
	name, err := p.named(c)
	if err != nil {
		return err
	}
	r := page.Of(c)
	doc := pdf.ZReportDoc{
		Lang: string(r.Lang), Community: r.Community.Name.In(r.Lang), Place: place.Name(string(r.Lang)), Opener: name(z.OpenedBy),
		Counters: []string{name(z.Counters[0]), name(z.Counters[1])}, Zone: r.Local(time.Unix(0, 0)).Location(), Z: z,
	}
	var out bytes.Buffer
	if err := pdf.ZReport(&out, doc); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="z-`+z.Serial()+`.pdf"`)
	return c.Send(out.Bytes())
}
