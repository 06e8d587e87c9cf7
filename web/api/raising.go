package api

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/campaigns/sale"
	"fund/ledger"
)

// public are the states of campaigns that everybody may see.
var public = campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published, campaigns.Closed}}

func (r *request) campaignOf(c campaigns.Campaign) (Campaign, error) {
	fund, err := r.fundCode(c.FundID)
	return Campaign{
		Slug: c.Slug, Title: Text{c.TitleZH, c.TitleEN}, For: Text{c.PurposeZH, c.PurposeEN}, State: string(c.State), Kind: string(c.Kind), Theme: orNull(c.Theme),
		Fund: fund, Goal: c.Goal, Raised: c.Raised, Matched: c.Matched, Gifts: c.Gifts, StartsOn: dated(c.StartsOn), EndsOn: dated(c.EndsOn), Basis: string(c.Basis),
		FilingNumber: orNull(c.FilingNumber), Result: orNull(string(c.Result)), PublishedAt: inUTC(c.PublishedAt), ClosedAt: inUTC(c.ClosedAt), Page: r.link("/campaigns/" + url.PathEscape(c.Slug)),
	}, err
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(t.UTC())
}

func listCampaigns(r *request) (answer, error) {
	all, err := campaigns.ListCampaigns(r, r.q, r.ID, public)
	if err != nil {
		return answer{}, err
	}
	items := make([]Campaign, 0, len(all))
	for _, c := range all {
		item, err := r.campaignOf(c)
		if err != nil {
			return answer{}, err
		}
		if of := r.word("fund"); of == "" || of == item.Fund {
			items = append(items, item)
		}
	}
	return pageOf(r, items, func(c Campaign) string { return c.Slug }), nil
}

// publicCampaign finds a campaign that everybody may see.
func (r *request) publicCampaign(slug string) (campaigns.Campaign, error) {
	c, err := campaigns.FindCampaign(r, r.q, r.ID, slug)
	if err == nil && c.State == campaigns.Draft {
		err = campaigns.ErrNotFound
	}
	return c, err
}

func oneCampaign(r *request) (answer, error) {
	c, err := r.publicCampaign(r.word("slug"))
	if err != nil {
		return answer{}, err
	}
	out := CampaignStory{Story: Text{c.StoryZH, c.StoryEN}, Stretch: []StretchGoal{}, Budget: make([]NeededLine, len(c.Budget))}
	if out.Campaign, err = r.campaignOf(c); err != nil {
		return answer{}, err
	}
	for _, g := range c.Stretch {
		out.Stretch = append(out.Stretch, StretchGoal{Text{g.TitleZH, g.TitleEN}, g.Amount})
	}
	for i, b := range c.Budget {
		out.Budget[i] = NeededLine{b.Line, Text{b.NameZH, b.NameEN}, Text{b.NoteZH, b.NoteEN}, Text{b.UnitZH, b.UnitEN}, b.Quantity, b.Amount, b.Raised}
	}
	return answer{body: out}, nil
}

func donations(r *request) (answer, error) {
	f := campaigns.GivenFilter{After: r.day("since")}
	slugs, err := r.campaignSlugs()
	if err != nil {
		return answer{}, err
	}
	if slug := r.word("campaign"); slug != "" {
		of, err := r.publicCampaign(slug)
		if err != nil {
			return answer{}, err
		}
		f.Campaign = of.ID
	}
	if from := r.day("from"); !from.IsZero() {
		f.After = later(f.After, r.Clock(from, 0).Add(-time.Microsecond))
	}
	if to := r.day("to"); !to.IsZero() {
		f.Until = r.Clock(to.AddDate(0, 0, 1), 0)
	}
	if f.LastAt, f.Last, err = r.afterGift(); err != nil {
		return answer{}, err
	}
	read, err := campaigns.ListGiven(r, r.q, r.ID, f, r.limit+1)
	items := make([]Donation, len(read))
	for i, d := range read {
		items[i] = Donation{
			ID: d.ID, Campaign: slugs[d.CampaignID], Amount: d.Amount, Refunded: d.Refunded, PaidAt: d.PaidAt.UTC(), EntrySeq: *d.EntrySeq,
			Name: orNull(d.PublicName()), Message: orNull(d.PublicMessage()),
		}
	}
	found := listed(r, items, func(d Donation) string { return d.PaidAt.Format(time.RFC3339Nano) + "_" + d.ID.String() })
	if len(items) > 0 {
		found.changed = items[0].PaidAt
	}
	return found, err
}

func (r *request) campaignSlugs() (map[int]string, error) {
	all, err := campaigns.ListCampaigns(r, r.q, r.ID, public)
	slugs := make(map[int]string, len(all))
	for _, c := range all {
		slugs[c.ID] = c.Slug
	}
	return slugs, err
}

// afterGift is the key of the last gift of the page before.
func (r *request) afterGift() (at time.Time, id uuid.UUID, err error) {
	after := r.word("after")
	if after == "" {
		return at, id, nil
	}
	instant, name, _ := strings.Cut(after, "_")
	if at, err = time.Parse(time.RFC3339Nano, instant); err == nil {
		id, err = uuid.Parse(name)
	}
	if err != nil {
		return at, id, fmt.Errorf("%w: a gift %q", ledger.ErrNotFound, after)
	}
	return at, id, nil
}

func (r *request) projectOf(p project.Project) (Project, error) {
	fund, err := r.fundCode(p.FundID)
	return Project{
		Slug: p.Slug, Title: Text{p.TitleZH, p.TitleEN}, Theme: string(p.Theme), Year: p.Year, State: string(p.State), Place: Text{p.PlaceZH, p.PlaceEN},
		Organisation: Text{p.OrganisationZH, p.OrganisationEN}, Council: Text{p.CouncilZH, p.CouncilEN}, AgreedOn: maybeDated(p.AgreedOn), VotesFor: p.VotesFor,
		VotesAgainst: p.VotesAgainst, Fund: fund, Restricted: p.Restricted, Budget: p.Budget, Spent: p.Spent, PersonTimes: p.PersonTimes, Sessions: p.Sessions,
		StartedOn: maybeDated(p.StartedOn), EndedOn: maybeDated(p.EndedOn), Page: r.link("/projects/" + url.PathEscape(p.Slug)),
	}, err
}

func projects(r *request) (answer, error) {
	all, err := project.ListProjects(r, r.q, r.ID, r.projectFilter())
	if err != nil {
		return answer{}, err
	}
	items := make([]Project, 0, len(all))
	for _, p := range all {
		item, err := r.projectOf(p)
		if err != nil {
			return answer{}, err
		}
		if of := r.word("fund"); of == "" || of == item.Fund {
			items = append(items, item)
		}
	}
	return pageOf(r, items, func(p Project) string { return p.Slug }), nil
}

// projectFilter is the period that the question names: both its ends, or the one it has until today or from ever.
func (r *request) projectFilter() (f project.Filter) {
	if r.word("from") == "" && r.word("to") == "" {
		return f
	}
	asked := parsePeriod(r)
	return project.Filter{From: asked.From, To: asked.To}
}

func oneProject(r *request) (answer, error) {
	p, err := project.FindProject(r, r.q, r.ID, r.word("slug"))
	if err != nil {
		return answer{}, err
	}
	came, err := project.ListOutcomes(r, r.q, r.ID, p.ID)
	if err != nil {
		return answer{}, err
	}
	out := ProjectStory{Lines: make([]PlannedLine, len(p.Lines)), Outcomes: make([]Outcome, len(came))}
	if out.Project, err = r.projectOf(p); err != nil {
		return answer{}, err
	}
	for i, l := range p.Lines {
		out.Lines[i] = PlannedLine{l.Line, Text{l.NameZH, l.NameEN}, l.Planned}
	}
	for i, o := range came {
		out.Outcomes[i] = Outcome{o.Number, dated(o.HeldOn), Text{o.ActivityZH, o.ActivityEN}, o.PersonTimes}
	}
	return answer{body: out}, nil
}

// places are the sales or the ventures that everybody may see.
func (r *request) places(kind sale.PlaceKind) (some []sale.Place, err error) {
	all, err := sale.ListPlaces(r, r.q, r.ID)
	for _, p := range all {
		if p.Kind == kind && p.State != sale.Draft {
			some = append(some, p)
		}
	}
	return some, err
}

func sales(r *request) (answer, error) {
	all, err := r.places(sale.SaleEvent)
	if err != nil {
		return answer{}, err
	}
	items := make([]Sale, len(all))
	for i, p := range all {
		result, err := sale.ResultOf(r, r.q, r.ID, p.ID)
		if err != nil {
			return answer{}, err
		}
		items[i] = Sale{
			Slug: p.Slug, Name: Text{p.NameZH, p.NameEN}, Where: Text{p.WhereZH, p.WhereEN}, For: Text{p.NoteZH, p.NoteEN}, State: string(p.State), StartsOn: maybeDated(p.StartsOn),
			EndsOn: maybeDated(p.EndsOn), Sold: Counted(result.Sales), Takings: Counted(result.Takings), Refunds: Counted(result.Refunds), Tips: Counted(result.Tips),
			Costs: result.Costs, OverShort: result.OverShort, Proceeds: result.Proceeds(), Surplus: result.Surplus(), Page: r.link("/sales/" + url.PathEscape(p.Slug)),
		}
		if items[i].Fund, err = r.fundCode(p.FundID); err != nil {
			return answer{}, err
		}
	}
	return pageOf(r, items, func(s Sale) string { return s.Slug }), nil
}

const ventureMonths = 12

func ventures(r *request) (answer, error) {
	all, err := r.places(sale.Venture)
	if err != nil {
		return answer{}, err
	}
	items := make([]Venture, len(all))
	for i, p := range all {
		if items[i], err = r.ventureOf(p); err != nil {
			return answer{}, err
		}
	}
	return pageOf(r, items, func(v Venture) string { return v.Slug }), nil
}

func (r *request) ventureOf(p sale.Place) (v Venture, err error) {
	today := r.Day(r.now)
	months, err := sale.MonthsOf(r, r.q, r.ID, p, ledger.MonthOf(today).AddDate(0, 1-ventureMonths, 0), today)
	if err != nil {
		return v, err
	}
	passed, err := sale.ListSurplus(r, r.q, r.ID, p.ID)
	if err != nil {
		return v, err
	}
	v = Venture{
		Slug: p.Slug, Name: Text{p.NameZH, p.NameEN}, Where: Text{p.WhereZH, p.WhereEN}, For: Text{p.NoteZH, p.NoteEN}, State: string(p.State),
		Months: make([]VentureMonth, len(months)), PassedOn: make([]PassedOn, len(passed)), Page: r.link("/ventures/" + url.PathEscape(p.Slug)),
	}
	for i, m := range months {
		v.Months[i] = VentureMonth{dated(m.Month), m.Income, m.Expense, m.Surplus()}
	}
	for i, s := range passed {
		v.PassedOn[i] = PassedOn{dated(s.Month), s.Amount, s.Entry}
	}
	v.Fund, err = r.fundCode(p.FundID)
	return v, err
}
