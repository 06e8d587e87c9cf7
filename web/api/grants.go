package api

import (
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
)

// Grants is the file of the 360Giving Data Standard 1.2: what the community granted to projects, and who runs them.
// https://standard.threesixtygiving.org
type Grants struct {
	Version string  `json:"version"`
	Grants  []Grant `json:"grants"`
}

// Grant is one grant. Amounts are JSON numbers here, because the standard wants them so.
type Grant struct {
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	About     string        `json:"description"`
	Currency  string        `json:"currency"`
	Awarded   json.Number   `json:"amountAwarded"`
	Disbursed json.Number   `json:"amountDisbursed"`
	AwardDate string        `json:"awardDate"`
	Dates     []GrantDates  `json:"plannedDates,omitempty"`
	Recipient []GrantParty  `json:"recipientOrganization"`
	Funder    []GrantParty  `json:"fundingOrganization"`
	Programme []GrantTheme  `json:"grantProgramme"`
	Places    []GrantPlaced `json:"beneficiaryLocation,omitempty"`
	Modified  string        `json:"dateModified"`
	Source    string        `json:"dataSource"`
}

// GrantDates are the days between which the money is to be used.
type GrantDates struct {
	Start string `json:"startDate,omitempty"`
	End   string `json:"endDate,omitempty"`
}

// GrantParty is who gives or gets.
type GrantParty struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// GrantTheme is what kind of work it is.
type GrantTheme struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

// GrantPlaced is where it happens.
type GrantPlaced struct {
	Name string `json:"name"`
}

// GrantsFile is the same as .json or .csv.
func (d *Data) GrantsFile(c *fiber.Ctx) error {
	lang := fileLang(c)
	switch c.Params("format") {
	case "json":
	case "csv":
		return d.download(c, "grants.csv", spreadsheets["csv"], func(r *request, w io.Writer) error { return writeGrants(r, w, lang) })
	default:
		return page.ErrNotFound
	}
	return d.download(c, "grants.json", fiber.MIMEApplicationJSONCharsetUTF8, func(r *request, w io.Writer) error {
		all, err := grantsOf(r, lang)
		if err != nil {
			return err
		}
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		out.SetIndent("", " ")
		return out.Encode(all)
	})
}

// grantsOf are the projects that were agreed, each with its money.
func grantsOf(r *request, lang i18n.Lang) (Grants, error) {
	out := Grants{Version: "1.2", Grants: []Grant{}}
	of, err := r.organisationNames()
	if err != nil {
		return out, err
	}
	runs := map[string]string{} // a project names its organisation: the same name is the same organisation
	for _, o := range of {
		runs[o.NameZH] = o.Slug
	}
	all, err := project.ListProjects(r, r.q, r.ID, project.Filter{})
	for _, p := range all {
		if p.AgreedOn != nil && p.State != project.Proposed {
			out.Grants = append(out.Grants, r.grant(p, cmp.Or(runs[p.OrganisationZH], p.Slug), lang))
		}
	}
	if err == nil {
		err = r.addSmallGrants(&out, of, lang)
	}
	return out, err
}

// addSmallGrants adds what groups were given.
func (r *request) addSmallGrants(out *Grants, of map[int]organisation.Organisation, lang i18n.Lang) error {
	all, err := organisation.ListGrants(r, r.q, r.ID, 0)
	for _, g := range all {
		if g.At != nil { // it was taken back
			continue
		}
		o, day := of[g.OrganisationID], g.GivenOn.Format(time.DateOnly)
		theme := lang.T("theme." + string(o.Theme))
		out.Grants = append(out.Grants, Grant{
			ID: r.grantID(g.ID.String()), Title: g.What, About: lang.T("api.grant.small", "theme", theme, "points", g.Points), Currency: r.currency(), Awarded: number2(g.Amount),
			Disbursed: number2(g.Amount), AwardDate: day, Recipient: []GrantParty{{r.partyID(o.Slug), o.Name(string(lang))}}, Funder: r.funder(lang),
			Programme: []GrantTheme{{string(o.Theme), theme}}, Modified: day, Source: r.link("/groups/" + url.PathEscape(o.Slug)),
		})
	}
	return err
}

// grantID and partyID are identifiers as the standard has them. They never change.
func (r *request) grantID(key string) string { return "360G-fund-" + r.Slug + "-" + key }

func (r *request) partyID(slug string) string { return "360G-fund-" + r.Slug + "-ORG:" + slug }

func (r *request) funder(lang i18n.Lang) []GrantParty {
	return []GrantParty{{r.partyID(r.Slug), r.Name(string(lang))}}
}

// grant is a project with its money; party is the slug of who runs it.
func (r *request) grant(p project.Project, party string, lang i18n.Lang) Grant {
	in, theme := string(lang), lang.T("theme."+string(p.Theme))
	g := Grant{
		ID: r.grantID(p.Slug), Title: p.Title(in), Currency: r.currency(), Awarded: number2(p.Budget), Disbursed: number2(p.Spent), AwardDate: p.AgreedOn.Format(time.DateOnly),
		About:     lang.T("api.grant.about", "theme", theme, "times", p.PersonTimes, "sessions", p.Sessions),
		Funder:    r.funder(lang),
		Programme: []GrantTheme{{string(p.Theme), theme}}, Modified: p.AgreedOn.Format(time.DateOnly), Source: r.link("/projects/" + url.PathEscape(p.Slug)),
	}
	if p.EndedOn != nil {
		g.Modified = p.EndedOn.Format(time.DateOnly)
	} else if p.StartedOn != nil {
		g.Modified = p.StartedOn.Format(time.DateOnly)
	}
	runs := p.Organisation(in)
	if runs == "" { // the community runs it itself
		runs = r.Name(in)
	}
	g.Recipient = []GrantParty{{r.partyID(party), runs}}
	if p.StartedOn != nil {
		g.Dates = []GrantDates{{Start: p.StartedOn.Format(time.DateOnly)}}
		if p.EndedOn != nil {
			g.Dates[0].End = p.EndedOn.Format(time.DateOnly)
		}
	}
	if place := p.Place(in); place != "" {
		g.Places = []GrantPlaced{{place}}
	}
	return g
}

// number2 is an amount as a JSON number with its two decimals.
func number2(a money.Amount) json.Number { return json.Number(a.String()) }

// grantHeadings are the standard's own titles of columns.
var grantHeadings = []string{
	"Identifier", "Title", "Description", "Currency", "Amount Awarded", "Amount Disbursed", "Award Date", "Planned Dates:Start Date", "Planned Dates:End Date",
	"Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name", "Grant Programme:Code", "Grant Programme:Title",
	"Beneficiary Location:Name", "Last modified", "Data source",
}

func writeGrants(r *request, w io.Writer, lang i18n.Lang) error {
	all, err := grantsOf(r, lang)
	if err != nil {
		return err
	}
	rows, err := export.NewRows(w, "csv", "grants", grantHeadings)
	if err != nil {
		return err
	}
	for _, g := range all.Grants {
		var dates GrantDates
		var place string
		if len(g.Dates) > 0 {
			dates = g.Dates[0]
		}
		if len(g.Places) > 0 {
			place = g.Places[0].Name
		}
		err := rows.Add(g.ID, g.Title, g.About, g.Currency, string(g.Awarded), string(g.Disbursed), g.AwardDate, dates.Start, dates.End, g.Recipient[0].ID, g.Recipient[0].Name,
			g.Funder[0].ID, g.Funder[0].Name, g.Programme[0].Code, g.Programme[0].Title, place, g.Modified, g.Source)
		if err != nil {
			return err
		}
	}
	return rows.Close()
}
