package public

import (
	"bytes"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

func init() { page.Meaning(disclosure.ErrNotFound, fiber.StatusNotFound, "error.missing") }

// resultView is what the law says of a campaign on its page: who asks, and once it is over, when its result is due or where
// it stands.
type resultView struct {
	Legal   string // campaigns.LegalLine
	Said    string // when the result is due, or was published; empty while the campaign runs
	Late    bool
	Serial  string // of the result; empty while there is none
	Version int
	Reports []progressReport
}

// progressReport is a periodic report, as the campaign's page links to it.
type progressReport struct {
	Serial string
	Day    time.Time
}

// resultOf asks the law about one campaign.
func (p *Pages) resultOf(c *fiber.Ctx, of campaigns.Campaign, host campaigns.Host) (v resultView, err error) {
	v.Legal = campaigns.LegalLine(of, host, lang(c))
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	duties, err := disclosure.OfOneCampaign(c.UserContext(), p.Read, community, of, p.Now())
	today := community.Day(p.Now())
	for _, d := range duties {
		switch {
		case d.Kind == disclosure.Result && (today.After(d.Until) || of.State == campaigns.Closed):
			v.tell(page.Of(c).Lang, d, today)
		case d.Kind == disclosure.Periodic && d.Done != nil:
			v.Reports = append(v.Reports, progressReport{d.Done.Document(), d.Done.On})
		}
	}
	return v, err
}

// tell says how the result of a campaign that is over stands.
func (v *resultView) tell(lang i18n.Lang, d disclosure.Duty, today time.Time) {
	due, late := lang.Date(d.Due), d.DaysLate(today)
	v.Late = late > 0
	switch {
	case d.Done == nil && v.Late:
		v.Said = lang.T("law.page.ended_late", "day", due, "count", late)
	case d.Done == nil:
		v.Said = lang.T("law.page.ended_due", "day", due, "law", d.Rule.Law(string(lang)))
	case v.Late:
		v.Said = lang.T("law.page.out_late", "day", lang.Date(d.Done.On), "count", late)
	default:
		v.Said = lang.T("law.page.out", "day", lang.Date(d.Done.On))
	}
	if d.Done != nil {
		v.Serial, v.Version = d.Done.Document(), d.Done.Version
	}
}

// disclosedRow is a published report in a list.
type disclosedRow struct {
	disclosure.Document
	Title, Subject string
	Late           string // how late, in words; empty where it was in time
}

// disclosed lists every published report, the newest first.
func disclosed(b books) (rows []disclosedRow, err error) {
	list, err := disclosure.Published(b, b.q, b.ID)
	for _, d := range list {
		rows = append(rows, disclosedRowOf(b.r.Lang, d))
	}
	return rows, err
}

func disclosedRowOf(lang i18n.Lang, d disclosure.Document) disclosedRow {
	row := disclosedRow{Document: d, Title: issue.DisclosureTitle(lang, d.Content.Kind), Subject: d.Title(string(lang))}
	if days := d.DaysLate(); days > 0 {
		row.Late = lang.T("law.doc.late", "count", days)
	}
	return row
}

// documentView is one version of a published report.
type documentView struct {
	disclosure.Document
	Doc      pdf.DisclosureDoc
	Versions []disclosure.Document // the newest first; nil where there is only one
}

// documentHere reads the report that the address names: /documents/2026-003, or /documents/2026-003/1 for its first version.
func (p *Pages) documentHere(c *fiber.Ctx) (d disclosure.Document, community ledger.Community, err error) {
	year, number, ok := ledger.ParseSerial(c.Params("number"))
	if !ok {
		return d, community, page.ErrNotFound
	}
	version := 0
	if c.Params("version") != "" {
		if version, err = page.Number(c, "version"); err != nil {
			return d, community, err
		}
	}
	if community, err = p.community(c); err != nil {
		return d, community, err
	}
	d, err = disclosure.Find(c.UserContext(), p.Read, community.ID, year, number, version)
	return d, community, err
}

// Document shows a published report, the newest version or the one that the address names.
func (p *Pages) Document(c *fiber.Ctx) error {
	d, community, err := p.documentHere(c)
	if err != nil {
		return err
	}
	if d.Content.Issued {
		return page.Cached(c, "public/issued", func() (any, error) { return p.issued(c, d, community) })
	}
	return page.Cached(c, "public/document", func() (any, error) {
		v := documentView{Document: d, Doc: issue.Disclosure(d, community, page.Of(c).Lang, page.SiteOf(c).URL(""))}
		if d.Versions > 1 {
			v.Versions, err = disclosure.Versions(c.UserContext(), p.Read, community.ID, d.Year, d.Number)
		}
		return v, err
	})
}

// DocumentPDF is one version of a published report as PDF, in the language ?lang=: the bytes that were issued. One that was
// published before drawings were kept is drawn again, and an old version of it says that there is a newer one.
func (p *Pages) DocumentPDF(c *fiber.Ctx) error {
	d, community, err := p.documentHere(c)
	if err != nil {
		return err
	}
	lang := docLang(c)
	if done, err := p.sendIssued(c, d, community, lang); done || err != nil {
		return err
	}
	doc := issue.Disclosure(d, community, lang, page.SiteOf(c).URL(""))
	if !d.Newest() {
		doc.Old = lang.T("law.page.old")
	}
	var w bytes.Buffer
	if err := pdf.Disclosure(&w, doc); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return page.SendPDF(c, documentFile(community, d, lang), w.Bytes())
}
