package public

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/page"
)

const (
	feedEntries   = 50
	feedCampaigns = 30 // whose news a community's feed tells
)

// feed is being written for a community, in one language.
type feed struct {
	books
	lang    i18n.Lang
	site    *page.Site
	now     time.Time
	entries []atomEntry
}

// Feed is the community's feed: campaigns that begin and end, what their people tell, the
// reports that the law asks for, and each month that is closed.
func (p *Pages) Feed(c *fiber.Ctx) error {
	return p.feed(c, func(f *feed) (atomFeed, error) {
		head := f.head("", f.lang.T("feed.of", "name", f.r.Community.Name.In(f.lang)))
		list, err := campaigns.ListCampaigns(f, f.q, f.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published, campaigns.Closed}})
		if err != nil {
			return head, err
		}
		slices.SortFunc(list, func(a, b campaigns.Campaign) int { return b.EndsOn.Compare(a.EndsOn) })
		for _, one := range list[:min(len(list), feedCampaigns)] {
			if err := f.campaign(one); err != nil {
				return head, err
			}
		}
		if err := f.documents(func(disclosedRow) bool { return true }); err != nil {
			return head, err
		}
		if err := f.checkpoints(); err != nil {
			return head, err
		}
		return head, f.months()
	})
}

// CampaignFeed is one campaign's feed: its beginning and end, what its people tell, and what its money paid for.
func (p *Pages) CampaignFeed(c *fiber.Ctx) error {
	found, err := p.shown(c)
	if err != nil {
		return err
	}
	return p.feed(c, func(f *feed) (atomFeed, error) {
		head := f.head("/campaigns/"+url.PathEscape(found.Slug), f.lang.T("feed.of_campaign", "title", found.Title(string(f.lang))))
		if err := f.campaign(found); err != nil {
			return head, err
		}
		if err := f.documents(func(d disclosedRow) bool { return d.SubjectKind == disclosure.OfCampaign && d.SubjectID == found.ID }); err != nil {
			return head, err
		}
		if found.FundID == ledger.GeneralFundID {
			return head, nil // whose payments are everybody's
		}
		return head, f.payments(found)
	})
}

func (p *Pages) feed(c *fiber.Ctx, write func(*feed) (atomFeed, error)) error {
	reader := *page.Of(c)
	reader.Lang = docLang(c)
	var made atomFeed
	err := p.snapshotIn(c.UserContext(), &reader, func(b books) (err error) {
		f := feed{books: b, lang: reader.Lang, site: page.SiteOf(c), now: p.Now()}
		if made, err = write(&f); err != nil {
			return err
		}
		slices.SortStableFunc(f.entries, func(a, b atomEntry) int { return b.Updated.Compare(a.Updated.Time) })
		made.Entries = f.entries[:min(len(f.entries), feedEntries)]
		if made.Updated = (atomTime{time.Unix(0, 0)}); len(made.Entries) > 0 {
			made.Updated = made.Entries[0].Updated
		}
		return nil
	})
	if err != nil {
		return err
	}
	return sendFeed(c, made)
}

func (f *feed) address(path string) string { return f.site.URL(f.r.URL(path)) }

// id is a tag URI (RFC 4151): the same in every language and at every address of a page. The year is that of this scheme.
func (f *feed) id(parts ...any) string {
	host, _ := url.Parse(f.site.URL("")) // the base address was parsed at start
	id := fmt.Sprintf("tag:%s,2026:%s", host.Hostname(), f.Slug)
	for _, part := range parts {
		id += fmt.Sprint("/", part)
	}
	return id
}

func (f *feed) head(path, title string) atomFeed {
	self := f.address(path+"/feed.atom") + "?lang=" + string(f.lang)
	return atomFeed{
		Lang: string(f.lang), ID: f.id("feed"+path, f.lang), Title: title, Subtitle: f.lang.T("feed.line"),
		Author: f.r.Community.Name.In(f.lang), Icon: f.site.URL(page.Asset("favicon.svg")),
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", f.address(path)}},
	}
}

// tell adds an entry; what has not happened yet is not told.
func (f *feed) tell(id string, at time.Time, path, title, text string) {
	if at.IsZero() || at.After(f.now) {
		return
	}
	f.entries = append(f.entries, atomEntry{
		ID: id, Title: title, Published: atomTime{at}, Updated: atomTime{at}, Link: atomLink{"alternate", "text/html", f.address(path)}, Summary: text,
	})
}

// campaign tells a campaign's beginning, what its people wrote, and its end.
func (f *feed) campaign(c campaigns.Campaign) error {
	path, title, goal := "/campaigns/"+url.PathEscape(c.Slug), c.Title(string(f.lang)), c.Goal.YuanShort()
	say := func(what string, at time.Time, pairs ...any) {
		f.tell(f.id("campaign", c.ID, what), at, path, f.lang.T("feed."+what, "title", title), f.lang.T("feed."+what+"_text", pairs...))
	}
	if c.PublishedAt != nil {
		say("opened", *c.PublishedAt, "goal", goal, "day", f.lang.Date(c.EndsOn))
	}
	switch over := c.EndsOn.AddDate(0, 0, 1); {
	case c.Result != "":
		ended, err := campaigns.FindConclusion(f, f.q, f.ID, c.ID)
		if err != nil {
			return err
		}
		what := "met"
		if c.Result != campaigns.GoalMet {
			what = "unmet"
		}
		say(what, ended.ConcludedAt, "goal", goal)
	case c.ClosedAt != nil && c.ClosedAt.Before(f.midnight(over)):
		say("ended", *c.ClosedAt, "raised", c.Raised.Yuan())
	case c.PublishedAt != nil && c.Kind != campaigns.AllOrNothing:
		say("ended", f.midnight(over), "raised", c.Raised.Yuan())
	}
	return f.posts(c, path)
}

// midnight is the moment at which a day of the books begins.
func (f *feed) midnight(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, f.r.Local(f.now).Location())
}

func (f *feed) posts(c campaigns.Campaign, path string) error {
	posts, err := voice.Posts(f, f.q, f.ID, c.ID, voice.PostPublished)
	for _, p := range posts[:min(len(posts), feedEntries)] {
		if p.DecidedAt != nil {
			f.tell(f.id("post", p.ID), *p.DecidedAt, fmt.Sprint(path, "/updates/", p.ID), p.Title(string(f.lang)), plain(p.Body(string(f.lang)), 300))
		}
	}
	return err
}

// ReportsFeed tells the reports that are issued, each with its correction.
func (p *Pages) ReportsFeed(c *fiber.Ctx) error {
	return p.feed(c, func(f *feed) (atomFeed, error) {
		head := f.head("/reports", f.lang.T("feed.of_reports", "name", f.r.Community.Name.In(f.lang)))
		return head, f.documents(func(d disclosedRow) bool { return d.Content.Issued })
	})
}

// documents tells the published reports that are wanted. A corrected one is told anew.
func (f *feed) documents(wanted func(disclosedRow) bool) error {
	list, err := disclosed(f.books)
	for _, d := range list {
		if wanted(d) {
			f.tell(f.id("document", d.Serial()), d.PublishedAt, "/documents/"+d.Serial(), d.Title+" · "+d.Subject,
				f.lang.T("feed.document_text", "day", f.lang.Date(d.PublishedOn), "serial", d.Serial()))
		}
	}
	return err
}

// months tells each month that was closed: its report is final.
func (f *feed) months() error {
	periods, err := ledger.ListPeriods(f, f.q, f.ID)
	for _, m := range periods[:min(len(periods), feedEntries)] {
		if m.ClosedAt == nil || m.Entries == 0 {
			continue
		}
		month := m.Month.Format("2006-01")
		f.tell(f.id("month", month), *m.ClosedAt, "/reports/statements?from="+month+"&to="+month, f.lang.T("feed.month", "month", f.lang.Month(m.Month)),
			f.lang.T("feed.month_text", "income", m.Income.Yuan(), "expense", m.Expense.Yuan(), "entries", i18n.Count(m.Entries)))
	}
	return err
}

// payments tells what the campaign's own money paid for.
func (f *feed) payments(c campaigns.Campaign) error {
	paid, err := ledger.Journal(f, f.q, f.ID, ledger.JournalFilter{Fund: c.FundID, Direction: "out"}, feedEntries)
	for _, e := range paid {
		f.tell(f.id("entry", e.Voucher()), e.PostedAt, "/ledger/"+e.Voucher(), f.lang.T("feed.paid", "amount", e.Expense.Yuan(), "memo", e.Memo),
			f.lang.T("feed.paid_text", "day", f.lang.Date(e.Date), "voucher", e.Voucher()))
	}
	return err
}

// plain is the beginning of a text without its Markdown.
func plain(markdown string, most int) string {
	text := []rune(strings.Join(strings.Fields(strings.NewReplacer("*", "", "#", "", "`", "", ">", "").Replace(markdown)), " "))
	if len(text) > most {
		return string(text[:most-1]) + "…"
	}
	return string(text)
}
