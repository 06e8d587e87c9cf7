package desk

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/auth"
	"fund/web/page"
)

func init() { page.Meaning(campaigns.ErrRefile, fiber.StatusConflict, "error.refile") }

// gate is the publish gate as the campaign's page shows it: what the law asks for, each with whether it is there, and the
// line that every page, receipt and PDF prints.
type gate struct {
	Rows    []gateRow
	Missing int // rows
	Legal   string
}

// gateRow is one thing the law asks for: what it is, or what is wrong with it and where to mend that.
type gateRow struct {
	Text, How string
	To, Mend  string // the address and the words of the link; empty where only time helps
	OK        bool
}

// gateRows are the rows in the order in which somebody would mend them, each with what can be lacking of it.
var gateRows = []struct {
	name  string
	lacks []campaigns.LackCode
}{
	{"host", []campaigns.LackCode{campaigns.LacksHost}},
	{"certificate", []campaigns.LackCode{campaigns.LacksCertificate}},
	{"validity", []campaigns.LackCode{campaigns.LacksCertificateDates, campaigns.CertificateEnds}},
	{"filing", []campaigns.LackCode{campaigns.LacksFiling, campaigns.FilingForm}},
	{"clock", []campaigns.LackCode{campaigns.LacksFilingDate, campaigns.FiledAhead, campaigns.StartsTooSoon, campaigns.ClockRuns}},
	{"dates", []campaigns.LackCode{campaigns.LacksFiledDates, campaigns.OutsideFiled}},
}

// gateOf asks the gate about a draft, and about a published appeal that the law would no longer let through.
func gateOf(c *fiber.Ctx, of campaigns.Campaign, host campaigns.Host, today time.Time) (g gate) {
	g.Legal = campaigns.LegalLine(of, host, string(page.Of(c).Lang))
	lacks := of.Lacks(host, today)
	if of.Basis != campaigns.PublicBasis || of.State == campaigns.Closed || of.State == campaigns.Published && len(lacks) == 0 {
		return g
	}
	for _, row := range gateRows {
		if of.HostID == nil && (row.name == "certificate" || row.name == "validity") {
			continue // there is no host whose certificate it would be
		}
		i := slices.IndexFunc(lacks, func(l campaigns.Lack) bool { return slices.Contains(row.lacks, l.Code) })
		if i < 0 {
			g.Rows = append(g.Rows, gateRow{OK: true, Text: page.Of(c).T("law.there."+row.name, facts(c, of, host)...)})
			continue
		}
		g.Rows, g.Missing = append(g.Rows, lackRow(c, of, lacks[i], today)), g.Missing+1
	}
	return g
}

// lackRow says one lack in words, with its days, and leads to where it is mended.
func lackRow(c *fiber.Ctx, of campaigns.Campaign, l campaigns.Lack, today time.Time) gateRow {
	said := append(lackDays(c, of, l), "today", page.Of(c).Lang.Date(today), "left", int(l.Earliest.Sub(today).Hours()/24))
	row := gateRow{Text: page.Of(c).T("law.lack."+string(l.Code), said...), How: page.Of(c).T("law.mend."+string(l.Code), said...)}
	switch l.Where {
	case "wait":
	case "hosts":
		if can(c, auth.ManageCommunity) {
			row.To, row.Mend = page.Of(c).URL("/desk/hosts/"+strconv.Itoa(*of.HostID)), page.Of(c).T("law.to_host")
		}
	default:
		if can(c, auth.ManageCampaign) {
			row.To, row.Mend = page.Of(c).URL(campaignPath(of.ID)+"/edit")+"#f-"+l.Where, page.Of(c).T("raise.fix")
		}
	}
	return row
}

// lackDays are the days that a lack speaks of, as the catalogue's pairs.
func lackDays(c *fiber.Ctx, of campaigns.Campaign, l campaigns.Lack) []any {
	lang := page.Of(c).Lang
	pairs := []any{
		"earliest", lang.Date(l.Earliest), "from", lang.Date(l.From), "until", lang.Date(l.Until),
		"starts", lang.Date(of.StartsOn), "ends", lang.Date(of.EndsOn),
	}
	if of.FiledOn != nil {
		pairs = append(pairs, "filed", lang.Date(*of.FiledOn))
	}
	return pairs
}

// facts are what stands, for the rows that lack nothing.
func facts(c *fiber.Ctx, of campaigns.Campaign, host campaigns.Host) []any {
	pairs, lang := []any{"host", host.Name(string(page.Of(c).Lang)), "certificate", of.Certificate, "filing", of.FilingNumber}, page.Of(c).Lang
	earliest, _ := of.Earliest()
	for name, day := range map[string]*time.Time{
		"until": host.CertificateUntil, "filed": of.FiledOn, "filed_from": of.FiledFrom, "filed_until": of.FiledUntil, "earliest": &earliest,
	} {
		if day != nil {
			pairs = append(pairs, name, lang.Date(*day))
		}
	}
	return pairs
}

// lacking shows a campaign's form again with what it may not be without.
func (p *Pages) lacking(c *fiber.Ctx, v campaignForm, of campaigns.Campaign) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	host, err := campaigns.HostOf(c.UserContext(), p.DB, community.ID, of)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	for _, l := range of.Lacks(host, today) {
		field := l.Where
		if field == "hosts" || field == "wait" {
			field = "host"
		}
		v.Wrong(field, "law.lack."+string(l.Code), append(lackDays(c, of, l), "today", page.Of(c).Lang.Date(today), "left", 0)...)
	}
	return page.Again(c, "desk/campaign_form", v)
}

// refiled is what the audit log keeps of a campaign in public that was filed again: nil where it was not.
func refiled(was, is campaigns.Campaign) map[string]any {
	if was.State != campaigns.Published || was.FilingNumber == is.FilingNumber {
		return nil
	}
	return map[string]any{
		"filed": was.FilingNumber, "refiled": is.FilingNumber, "starts_on": day(was.StartsOn), "ends_on": day(was.EndsOn), "goal": was.Goal.String(),
		"purpose": was.PurposeZH,
	}
}

// dayIn reads a day that may stay blank; nil where it does.
func dayIn(f *page.Form, name string) *time.Time {
	if day := f.Date(name, page.Optional); !day.IsZero() {
		return &day
	}
	return nil
}

// readCertificate reads a host's certificate and the days on which it is valid.
func readCertificate(f *page.Form) (number string, from, until *time.Time) {
	number, from, until = f.Text("certificate", numberMax, page.Optional), dayIn(f, "certificate_from"), dayIn(f, "certificate_until")
	if from != nil && until != nil && until.Before(*from) {
		f.Wrong("certificate_until", "raise.wrong.ends_first")
	}
	return number, from, until
}

type hostView struct {
	campaigns.Host
	Form *page.Form
}

// hostHere is the host whose number the address names, with the form of its certificate.
func (p *Pages) hostHere(c *fiber.Ctx, f *page.Form) (v hostView, err error) {
	v.Form = labelled(f, "host.field", "certificate", "certificate_from", "certificate_until")
	id, err := page.Number(c, "host")
	if err != nil {
		return v, err
	}
	v.Host, err = campaigns.HostOf(c.UserContext(), p.DB, page.Of(c).Community.ID, campaigns.Campaign{HostID: &id})
	return v, err
}

// Host shows a host's certificate and the days on which it is valid.
func (p *Pages) Host(c *fiber.Ctx) error {
	v, err := p.hostHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Form.Set("certificate", v.Certificate)
	for name, at := range map[string]*time.Time{"certificate_from": v.CertificateFrom, "certificate_until": v.CertificateUntil} {
		if at != nil {
			v.Form.Set(name, day(*at))
		}
	}
	return page.Render(c, "desk/host", v)
}

// RenewCertificate writes a host's certificate down.
func (p *Pages) RenewCertificate(c *fiber.Ctx) error {
	v, err := p.hostHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	number, from, until := readCertificate(v.Form)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/host", v)
	}
	err = p.act(c, "host.certificate", "host:"+v.NameZH, nil, func(tx *sqlx.Tx, _ string) error {
		return campaigns.RenewCertificate(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, number, from, until)
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/hosts", "host.renewed", "name", v.Name(string(page.Of(c).Lang)))
}
