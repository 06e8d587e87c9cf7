package desk

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/web/page"
)

const projectWhyMax = 600

// projectActs are the verbs of a project's page, by the value of their button.
func (p *Pages) projectActs(c *fiber.Ctx) map[string]projectAct {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	number := func(v projectView) int { return v.Form.Number("number") }
	return map[string]projectAct{
		"return": func(v projectView) func(*sqlx.Tx, string) error {
			why := v.Form.Text("why", projectWhyMax)
			return func(tx *sqlx.Tx, who string) error { return project.Return(ctx, tx, here, v.ID, why, who, p.Now()) }
		},
		"decline": func(v projectView) func(*sqlx.Tx, string) error {
			why := v.Form.Text("why", projectWhyMax)
			return func(tx *sqlx.Tx, who string) error {
				if v.Said != nil {
					return project.Decline(ctx, tx, here, v.ID, &v.Said.ID, why, who, p.Now())
				}
				return project.Decline(ctx, tx, here, v.ID, nil, why, who, p.Now())
			}
		},
		"check": func(v projectView) func(*sqlx.Tx, string) error {
			o, why := v.opening(), v.Form.Text("why", projectWhyMax, page.Optional)
			return func(tx *sqlx.Tx, who string) error {
				_, err := project.Check(ctx, tx, here, v.ID, o, why, who, p.Now())
				return err
			}
		},
		"begin": func(v projectView) func(*sqlx.Tx, string) error {
			day := v.Form.Date("day")
			return func(tx *sqlx.Tx, who string) error { return project.Begin(ctx, tx, here, v.ID, day, who, p.Now()) }
		},
		"finish": func(v projectView) func(*sqlx.Tx, string) error {
			day := v.Form.Date("day")
			if v.StartedOn != nil && !day.IsZero() && day.Before(*v.StartedOn) {
				v.Form.Wrong("day", "life.wrong.ends_first")
			}
			return func(tx *sqlx.Tx, who string) error { return project.Finish(ctx, tx, here, v.ID, day, who, p.Now()) }
		},
		"settle": func(v projectView) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, who string) error { return project.Settle(ctx, tx, here, v.ID, "", who, p.Now()) }
		},
		"erase": func(v projectView) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, _ string) error { return project.EraseContact(ctx, tx, here, v.ID) }
		},
		"milestone": func(v projectView) func(*sqlx.Tx, string) error {
			m := project.Milestone{TitleZH: v.Form.Text("title_zh", 80), TitleEN: v.Form.Text("title_en", 120, page.Optional), DueOn: v.Form.Date("due")}
			return func(tx *sqlx.Tx, _ string) error {
				_, err := project.AddMilestone(ctx, tx, here, v.ID, m)
				return err
			}
		},
		"reach": func(v projectView) func(*sqlx.Tx, string) error {
			day, note := v.Form.Date("day"), v.Form.Text("note", 300, page.Optional)
			entries := v.entriesOf(v.Form.All("entries"))
			return func(tx *sqlx.Tx, who string) error {
				return project.Reach(ctx, tx, here, v.ID, number(v), day, note, who, entries...)
			}
		},
		"drop": func(v projectView) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, _ string) error { return project.DropMilestone(ctx, tx, here, v.ID, number(v)) }
		},
		"unpicture": func(v projectView) func(*sqlx.Tx, string) error {
			id, _ := uuid.Parse(v.Form.Typed("picture")) // of none: there is no such picture
			return func(tx *sqlx.Tx, _ string) error { return project.RemovePicture(ctx, tx, here, v.ID, id) }
		},
		"tell": func(v projectView) func(*sqlx.Tx, string) error {
			t := project.Told{
				TextZH: v.Form.Text("text_zh", 600), TextEN: v.Form.Text("text_en", 900, page.Optional), Name: v.Form.Text("name", 40, page.Optional),
				Consent: v.Form.Choice("consent", project.Consents), ConsentedOn: v.Form.Date("consented_on"),
			}
			return func(tx *sqlx.Tx, who string) error {
				t.ToldTo = who
				return project.Tell(ctx, tx, here, v.ID, t)
			}
		},
		"unname": func(v projectView) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, _ string) error { return project.Unname(ctx, tx, here, v.ID, number(v)) }
		},
		"takeback": func(v projectView) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, _ string) error { return project.TakeBack(ctx, tx, here, v.ID, number(v)) }
		},
		"english": func(v projectView) func(*sqlx.Tx, string) error {
			words := v.Project
			words.TitleEN, words.NeedEN, words.PeopleEN = v.Form.Text("title_en", 120, page.Optional), v.Form.Text("need_en", 3000, page.Optional), v.Form.Text("people_en", 200, page.Optional)
			words.PlaceEN, words.OwnEN = v.Form.Text("place_en", 80, page.Optional), v.Form.Text("own_en", 500, page.Optional)
			return func(tx *sqlx.Tx, _ string) error { return project.Describe(ctx, tx, here, words) }
		},
	}
}

// opening reads what a proposal is given when it is let through.
func (v projectView) opening() (o project.Opening) {
	f := v.Form
	o = project.Opening{Slug: f.Text("slug", 60), OrganisationZH: f.Text("organisation_zh", 40, page.Optional), OrganisationEN: f.Text("organisation_en", 80, page.Optional)}
	if o.Slug != "" && (!slugForm.MatchString(o.Slug) || o.Slug == "propose") {
		f.Wrong("slug", "raise.wrong.slug")
	}
	switch fund := f.Choice("fund", page.Values(v.Funds)); fund {
	case "free":
	case "held":
		o.Restricted = true
	default:
		o.FundID, _ = strconv.Atoi(fund)
	}
	return o
}

// entriesOf are the numbers of entries that spent of the project, out of what was ticked.
func (v projectView) entriesOf(ticked []string) (entries []int64) {
	for _, s := range v.Spendings {
		for _, voucher := range ticked {
			if s.Voucher == voucher && (len(entries) == 0 || entries[len(entries)-1] != s.EntrySeq) {
				entries = append(entries, s.EntrySeq)
			}
		}
	}
	return entries
}

// RenewProposed gives a resident another address for their proposal, and says it to the staff, who may read it out.
func (p *Pages) RenewProposed(c *fiber.Ctx) error {
	id, err := page.Number(c, "project")
	if err != nil {
		return err
	}
	token := ""
	err = p.act(c, "project.renew", projectSubject(id), nil, func(tx *sqlx.Tx, _ string) (err error) {
		token, err = project.RenewToken(c.UserContext(), tx, page.Of(c).Community.ID, id)
		return err
	})
	return done(c, err, projectPath(id), "proposal.renewed", "address", page.SiteOf(c).URL(page.Of(c).URL("/projects/propose/"+token)))
}

// councilOptions are the councils that a project can be put to.
func (p *Pages) councilOptions(c *fiber.Ctx) (options []page.Option, err error) {
	list, err := council.ListCouncils(c.UserContext(), p.DB, page.Of(c).Community.ID)
	for _, k := range list {
		options = append(options, page.Option{Value: k.Slug, Label: k.Name(string(page.Of(c).Lang))})
	}
	return options, err
}

// rowField names a field of a row of a form: l1_day.
func rowField(n int, field string) string { return "l" + strconv.Itoa(n) + "_" + field }

// trimmed is a typed field without the spaces around it.
func trimmed(f *page.Form, name string) string { return strings.TrimSpace(f.Typed(name)) }
