package public

import (
	"fmt"
	"html/template"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/report"
	"fund/web/page"
	"fund/web/picture"
)

const (
	screenCampaigns = 6
	screenGifts     = 5 // in the line below
	screenThanks    = 8
	screenEntries   = 7
	screenHold      = 15 // seconds for a slide
)

// screenView is one slide of the corridor screen. Slides follow each other for ever: campaigns, this year's figures,
// thanks, the latest entries.
type screenView struct {
	Kind         string // campaign, figures, thanks, entries
	Slide, All   int    // from 1
	Next         string // address of the slide that follows
	Hold         int    // seconds
	Now          time.Time
	Weekday      string
	Zone         string
	N, Campaigns int // of the campaign, among those that run
	Card         card
	Code         template.HTML
	Buys         string // what an amount buys
	Legal        string // campaigns.LegalLine
	Year         year
	Totals       report.Totals
	Leaf         leafView
	Ran          int
	Gifts        []gift // the latest, for the line below
	Thanks       []gift // of those who let their name be shown
	Entries      []bookRow
}

// screenSlides are the slides that are there now, in their order.
func screenSlides(running, thanks int) (slides []string) {
	for range running {
		slides = append(slides, "campaign")
	}
	slides = append(slides, "figures")
	if thanks > 0 {
		slides = append(slides, "thanks")
	}
	return append(slides, "entries")
}

// Screen is a page for a large screen in a corridor: ?slide= is the slide, ?hold= the seconds it stays.
func (p *Pages) Screen(c *fiber.Ctx) error {
	r := page.Of(c)
	r.Large, r.HighContrast = false, false
	return p.kept(c, "screen/slide", func(b books) (any, error) {
		v := screenView{Now: p.Now(), Hold: min(max(c.QueryInt("hold", screenHold), 1), 600), Zone: b.Timezone}
		v.Weekday = b.r.T(fmt.Sprintf("screen.weekday%d", b.r.Local(v.Now).Weekday()))
		today := b.Day(v.Now)
		var err error
		if v.Year, err = b.pickYear("", v.Now); err != nil {
			return nil, err
		}
		running, err := b.running(today)
		if err != nil {
			return nil, err
		}
		if err := b.screenGifts(&v, today); err != nil {
			return nil, err
		}
		slides := screenSlides(len(running), len(v.Thanks))
		at := (max(c.QueryInt("slide", 1), 1) - 1) % len(slides)
		v.Kind, v.Slide, v.All, v.Campaigns = slides[at], at+1, len(slides), len(running)
		v.Next = b.below("/screen", "slide", fmt.Sprint((at+1)%len(slides)+1), "hold", c.Query("hold"))
		if v.Kind == "campaign" {
			v.N = at + 1
			err = b.screenCampaign(&v, running[at].ID, today, page.SiteOf(c))
		}
		if err == nil {
			err = b.screenBooks(&v, page.SiteOf(c))
		}
		return v, err
	})
}

// running are the campaigns that take gifts today, those that end soonest first.
func (b books) running(today time.Time) (running []campaigns.Campaign, err error) {
	list, err := campaigns.ListCampaigns(b, b.q, b.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published}})
	for _, c := range list {
		if c.Open(today) && len(running) < screenCampaigns {
			running = append(running, c)
		}
	}
	return running, err
}

func (b books) screenGifts(v *screenView, today time.Time) error {
	given, err := campaigns.ListDonations(b, b.q, b.ID, 0, 40)
	for _, d := range given {
		if d.Left().IsZero() {
			continue
		}
		g := gift{Name: d.PublicName(), Amount: d.Left(), Message: d.PublicMessage(), Day: b.Day(*d.PaidAt)}
		g.DaysAgo = int(today.Sub(g.Day).Hours() / 24)
		if len(v.Gifts) < screenGifts {
			v.Gifts = append(v.Gifts, g)
		}
		if g.Name != "" && len(v.Thanks) < screenThanks {
			v.Thanks = append(v.Thanks, g)
		}
	}
	return err
}

func (b books) screenCampaign(v *screenView, id int, today time.Time, site *page.Site) error {
	found, err := campaigns.CampaignAt(b, b.q, b.ID, id)
	if err != nil {
		return err
	}
	fund, err := ledger.FundAt(b, b.q, b.ID, found.FundID)
	if err != nil {
		return err
	}
	v.Card = shelf{lang: b.r.Lang, today: today, funds: []ledger.Fund{fund}}.card(found)
	v.Card.Bar = bar("bar tall", b.r.T("give.share", "share", v.Card.Share), found.Raised, v.Card.Aim, fund.Restricted)
	if all := buys(b.r.Lang, found); len(all) > 0 {
		last := all[len(all)-1]
		v.Buys = b.r.T("screen.buys", "amount", last.Amount.YuanShort(), "what", last.What)
	}
	hosts, err := campaigns.ListHosts(b, b.q, b.ID)
	if err != nil {
		return err
	}
	own := campaigns.Host{}
	for _, host := range hosts {
		if found.HostID != nil && host.ID == *found.HostID {
			own = host
		}
	}
	v.Legal = campaigns.LegalLine(found, own, string(b.r.Lang))
	v.Code, err = screenCode(site.URL(b.r.URL("/campaigns/"+url.PathEscape(found.Slug))), b.r.T("screen.scan"))
	return err
}

// screenBooks reads what the slide shows of the books.
func (b books) screenBooks(v *screenView, site *page.Site) (err error) {
	if v.Kind == "entries" {
		latest, err := ledger.Journal(b, b.q, b.ID, ledger.JournalFilter{}, screenEntries)
		if err != nil {
			return err
		}
		v.Entries = rowsOf(latest)
		v.Code, err = screenCode(site.URL(b.r.URL("/ledger")), b.r.T("screen.entries"))
		return err
	}
	if v.Kind == "thanks" {
		return nil
	}
	if v.Totals, err = report.Summary(b, b.q, b.Community, v.Year.From(), v.Year.To()); err != nil {
		return err
	}
	if v.Kind == "figures" {
		if v.Code, err = screenCode(site.URL(b.r.URL("")), b.r.T("screen.entries")); err != nil {
			return err
		}
	}
	home := homeView{Year: v.Year, Now: v.Now}
	if err = b.homeProjects(&home); err == nil {
		v.Leaf, v.Ran = home.Leaf, home.Ran
	}
	return err
}

func screenCode(address, title string) (template.HTML, error) {
	code, err := picture.QR{Title: title, Text: address, Sturdy: true}.Picture()
	return code.SVG(), err
}
