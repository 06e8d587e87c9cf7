package public

import (
	"fmt"
	"html/template"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/web/page"
	"fund/web/picture"
)

// widgetView is a campaign in a small window on somebody else's page.
type widgetView struct {
	card
	Dark bool
	Tall bool   // with the picture
	Page string // the campaign's page
}

// Widget is the only page that others may frame: ?theme=dark or contrast, ?size=tall, ?lang=en. It reads no cookie's
// wishes but its address's, for a frame elsewhere gets no cookies.
func (p *Pages) Widget(c *fiber.Ctx) error {
	r := page.Of(c)
	r.Lang = docLang(c)
	r.Large, r.HighContrast = false, c.Query("theme") == "contrast"
	err := page.Cached(c, "widget/campaign", func() (any, error) {
		found, err := p.shown(c)
		if err != nil {
			return nil, err
		}
		s, err := p.shelf(c)
		v := widgetView{card: s.card(found), Dark: c.Query("theme") == "dark", Tall: c.Query("size") == "tall"}
		v.Page = page.SiteOf(c).URL(r.URL("/campaigns/" + url.PathEscape(found.Slug)))
		return v, err
	})
	if err == nil {
		page.FramedByAnyone(c)
	}
	return err
}

// The widget's heights in pixels, for every title: a longer one is cut.
const (
	widgetWide, widgetHigh, widgetTall = 360, 296, 446
)

// shareView is what there is to take away of a campaign.
type shareView struct {
	campaigns.Campaign
	Title   string
	Address string
	Typed   string
	Code    template.HTML
	Widgets []widgetCode
	Feeds   []page.Feed
	Screen  string
}

// widgetCode is one look of the widget, and the lines that put it on a page.
type widgetCode struct{ Name, Look, Code string }

// Share shows how to pass a campaign on: link, code, posters, widget, feeds.
func (p *Pages) Share(c *fiber.Ctx) error {
	return page.Cached(c, "public/share", func() (any, error) {
		found, err := p.shown(c)
		if err != nil {
			return nil, err
		}
		r, site := page.Of(c), page.SiteOf(c)
		path := "/campaigns/" + url.PathEscape(found.Slug)
		v := shareView{Campaign: found, Title: found.Title(lang(c)), Address: site.URL(r.URL(path)), Typed: typed(c, found), Screen: site.URL(r.URL("/screen"))}
		code, err := picture.QR{Title: r.T("street.share.scan"), Text: v.Address}.Picture()
		if err != nil {
			return nil, err
		}
		v.Code = code.SVG()
		for _, look := range []struct {
			name, query string
			high        int
		}{{"plain", "", widgetHigh}, {"dark", "&theme=dark", widgetHigh}, {"contrast", "&theme=contrast", widgetHigh}, {"tall", "&size=tall", widgetTall}} {
			at := v.Address + "/widget.html?lang=" + string(r.Lang) + look.query
			v.Widgets = append(v.Widgets, widgetCode{r.T("street.share." + look.name), at, frameCode(at, v.Title, look.high)})
		}
		v.Feeds = []page.Feed{{Title: r.T("street.share.feed_this"), URL: feedAddress(c, path)}, {Title: r.T("street.share.feed_all"), URL: feedAddress(c, "")}}
		shown, err := p.cardOf(c, r, found)
		tell(c, path, v.Title, sentence(found, lang(c)), shown)
		return v, err
	})
}

// frameCode is what somebody pastes into a page: nothing in it runs, and the frame learns nothing of the page around it.
func frameCode(address, title string, high int) string {
	return fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" loading="lazy" referrerpolicy="no-referrer" style="border:0;max-width:100%%"></iframe>`,
		template.HTMLEscapeString(address), template.HTMLEscapeString(title), widgetWide, high)
}
