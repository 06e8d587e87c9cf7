package public

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
	"fund/web/pdf"
)

// Short leads from the address that is short enough to type, /g/angong/3, to the campaign with that number.
func (p *Pages) Short(c *fiber.Ctx) error {
	number, err := c.ParamsInt("number")
	if err != nil {
		return page.ErrNotFound
	}
	found, err := campaigns.CampaignAt(c.UserContext(), p.Read, here(c), number)
	if err != nil || found.State == campaigns.Draft {
		return page.ErrNotFound
	}
	return c.Redirect(page.Of(c).URL("/campaigns/" + url.PathEscape(found.Slug)))
}

// typed is a campaign's short address without its scheme.
func typed(c *fiber.Ctx, campaign campaigns.Campaign) string {
	full := page.SiteOf(c).URL(fmt.Sprintf("/g/%s/%d", url.PathEscape(page.Of(c).Community.Slug), campaign.ID))
	_, address, _ := strings.Cut(full, "://")
	return address
}

// Poster is a campaign's poster as PDF: ?size=a3, ?slips=yes, ?lang=en.
func (p *Pages) Poster(c *fiber.Ctx) error {
	found, err := p.shown(c)
	if err != nil {
		return err
	}
	lang, paper, size := docLang(c), pdf.A4, "A4"
	if c.Query("size") == "a3" {
		paper, size = pdf.A3, "A3"
	}
	doc, err := p.poster(c, found, lang)
	if err != nil {
		return err
	}
	done, err := turn(c.UserContext(), drawing)
	if err != nil {
		return err
	}
	defer done()
	var w bytes.Buffer
	if err := pdf.Poster(&w, doc, paper, c.Query("slips") != ""); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return page.SendPDF(c, fmt.Sprintf("%s-%s.%s", found.Slug, size, lang), w.Bytes())
}

func (p *Pages) poster(c *fiber.Ctx, of campaigns.Campaign, lang i18n.Lang) (d pdf.PosterDoc, err error) {
	r, l := page.Of(c), string(lang)
	aim, further := of.Aim()
	d = pdf.PosterDoc{
		Lang: l, Community: r.Community.Name.In(lang), Title: of.Title(l), Line: sentence(of, l), Scene: of.Scene,
		Raised: of.Raised, Goal: aim, Further: further > 0, Gifts: of.Gifts, AsOf: r.Local(p.Now()), EndsOn: of.EndsOn, Buys: buys(lang, of),
		Address: page.SiteOf(c).URL(r.URL("/campaigns/" + url.PathEscape(of.Slug))), Typed: typed(c, of), Desk: r.Community.Address.In(lang),
	}
	fund, err := ledger.FundAt(c.UserContext(), p.Read, here(c), of.FundID)
	if err != nil {
		return d, err
	}
	d.Restricted = fund.Restricted
	host, err := p.host(c, of)
	if err != nil {
		return d, err
	}
	d.Legal = campaigns.LegalLine(of, host, l)
	if of.PictureID != nil {
		photo, err := campaigns.FindPicture(c.UserContext(), p.Read, here(c), *of.PictureID)
		if err != nil {
			return d, err
		}
		d.Photo = &pdf.Photo{JPEG: photo.JPEG, W: photo.Width, H: photo.Height}
	}
	return d, nil
}

// sentence is the one that says most: the first of the story, or the purpose where that is long or missing.
func sentence(of campaigns.Campaign, lang string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(strings.NewReplacer("*", "", "#", "", "`", "").Replace(of.Story(lang))), "\n")
	for _, stop := range []string{"。", "！", "？", ". ", "! ", "? "} {
		if head, _, ok := strings.Cut(first, stop); ok {
			first = head + strings.TrimSpace(stop)
		}
	}
	if n := len([]rune(first)); n == 0 || n > 70 && lang != string(i18n.English) || n > 160 {
		return of.Purpose(lang)
	}
	return first
}

const dearest = 500_00 // fen; what more than 25 gifts of ¥20 must join for is no promise for a poster

// buys says what three usual gifts buy of the first thing that the budget counts: how many of it, or how many such gifts
// make one. Of a budget that counts nothing it says the first lines.
func buys(lang i18n.Lang, of campaigns.Campaign) (all []pdf.Bought) {
	for _, line := range of.Budget {
		if line.Quantity == nil || line.UnitPrice().Sign() <= 0 || line.UnitPrice().Fen() > dearest {
			continue
		}
		thing := line.UnitZH + line.Name(string(lang)) // 份年夜饭食材
		if lang == i18n.English {
			thing = fmt.Sprintf("of %s %s", i18n.Count(*line.Quantity), line.Unit(string(lang)))
		}
		for _, fen := range []int64{20_00, 50_00, 100_00} {
			what, price := "street.buys", line.UnitPrice().Fen()
			n := fen / price
			if n == 0 {
				what, n = "street.buys_together", (price+fen-1)/fen
			}
			all = append(all, pdf.Bought{Amount: money.FromFen(fen), What: lang.T(what, "n", n, "thing", thing)})
		}
		return all
	}
	for _, line := range of.Budget[:min(len(of.Budget), 3)] {
		all = append(all, pdf.Bought{Amount: line.Amount, What: line.Name(string(lang))})
	}
	return all
}
