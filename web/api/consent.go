package api

import (
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"fund/campaigns/council"
	"fund/campaigns/disclosure"
	"fund/campaigns/project"
	"fund/campaigns/round"
	"fund/ledger/report"
)

// councilSlugs are the councils' slugs by their ids.
func (r *request) councilSlugs() (list []council.Council, slugs map[int]string, err error) {
	list, err = council.ListCouncils(r, r.q, r.ID)
	slugs = make(map[int]string, len(list))
	for _, k := range list {
		slugs[k.ID] = k.Slug
	}
	return list, slugs, err
}

func councils(r *request) (answer, error) {
	list, slugs, err := r.councilSlugs()
	items := make([]Council, len(list))
	for i, k := range list {
		items[i] = Council{Slug: k.Slug, Level: string(k.Level), Name: Text{k.NameZH, k.NameEN}, FoundedOn: dated(k.FoundedOn), Page: r.link("/councils/" + url.PathEscape(k.Slug))}
		if k.ParentID != nil {
			items[i].Above = orNull(slugs[*k.ParentID])
		}
	}
	return pageOf(r, items, func(k Council) string { return k.Slug }), err
}

func motions(r *request) (answer, error) {
	_, slugs, err := r.councilSlugs()
	if err != nil {
		return answer{}, err
	}
	all, err := council.ListMotions(r, r.q, r.ID, 0)
	if err != nil {
		return answer{}, err
	}
	results, err := council.Results(r, r.q, r.ID, 0)
	if err != nil {
		return answer{}, err
	}
	projects, err := r.projectSlugs()
	if err != nil {
		return answer{}, err
	}
	items := make([]Motion, 0, len(all))
	for _, m := range all {
		of := r.word("council")
		if m.OpenedOn == nil || of != "" && of != slugs[m.CouncilID] { // before it is opened, it is its council's draft alone
			continue
		}
		item := r.motionOf(m, slugs[m.CouncilID], results)
		if item.FromFund, err = r.maybeFund(m.FromFund); err != nil {
			return answer{}, err
		}
		if item.ToFund, err = r.maybeFund(m.ToFund); err != nil {
			return answer{}, err
		}
		if m.ProjectID != nil {
			item.Project = orNull(projects[*m.ProjectID])
		}
		items = append(items, item)
	}
	return pageOf(r, items, func(m Motion) string { return m.ID.String() }), nil
}

func (r *request) maybeFund(id *int) (*string, error) {
	if id == nil {
		return nil, nil
	}
	code, err := r.fundCode(*id)
	return orNull(code), err
}

func (r *request) projectSlugs() (map[int]string, error) {
	all, err := project.ListProjects(r, r.q, r.ID, project.Filter{})
	slugs := make(map[int]string, len(all))
	for _, p := range all {
		slugs[p.ID] = p.Slug
	}
	return slugs, err
}

func (r *request) motionOf(m council.Motion, of string, results map[uuid.UUID]council.Result) Motion {
	out := Motion{
		ID: m.ID, Council: of, Serial: m.Serial(), Kind: string(m.Kind), Title: Text{m.TitleZH, m.TitleEN}, Text: Text{m.TextZH, m.TextEN}, Amount: m.Amount,
		State: string(m.State), OpenedOn: dated(*m.OpenedOn), Until: maybeDated(m.Until), Page: r.link("/councils/" + url.PathEscape(of) + "/motions/" + m.Serial()),
	}
	if v, ok := results[m.ID]; ok {
		out.Result = &MotionResult{
			Members: v.Members, Conflicted: v.Conflicted, Needed: v.Needed, Present: v.Present, InFavour: v.For, Against: v.Against, Abstained: v.Abstained,
			Spoilt: v.Spoilt, ToPass: v.ToPass, Outcome: string(v.Outcome), ClosedAt: v.ClosedAt.UTC(),
		}
	}
	return out
}

func rounds(r *request) (answer, error) {
	all, err := round.List(r, r.q, r.ID)
	if err != nil {
		return answer{}, err
	}
	projects, err := r.projectSlugs()
	if err != nil {
		return answer{}, err
	}
	items := make([]Round, len(all))
	for i, one := range all {
		items[i] = Round{
			Slug: one.Slug, Year: one.Year, Title: Text{one.TitleZH, one.TitleEN}, Text: Text{one.TextZH, one.TextEN}, Pot: one.Pot, Method: string(one.Method),
			Phase: string(one.Phase(r.Day(r.now))), ProposeFrom: dated(one.ProposeFrom), ProposeUntil: dated(one.ProposeUntil), VoteFrom: dated(one.VoteFrom),
			VoteUntil: dated(one.VoteUntil), Codes: one.Codes, Voted: one.Voted, Page: r.link("/rounds/" + url.PathEscape(one.Slug)),
		}
		if one.Counted {
			if items[i].Result, err = r.roundResult(one, projects); err != nil {
				return answer{}, err
			}
		}
	}
	return pageOf(r, items, func(one Round) string { return one.Slug }), nil
}

func (r *request) roundResult(of round.Round, projects map[int]string) (*RoundResult, error) {
	t, err := round.TallyOf(r, r.q, r.ID, of.ID)
	out := RoundResult{Ballots: t.Ballots, CountedAt: t.CountedAt.UTC(), Spent: t.Spent(), Ideas: make([]IdeaResult, len(t.Lines))}
	for i, l := range t.Lines {
		out.Ideas[i] = IdeaResult{l.Rank, l.Number, l.Title, l.Place, string(l.Category), l.Cost, l.Votes, l.Selected, orNull(projects[l.ProjectID])}
	}
	return &out, err
}

func reports(r *request) (answer, error) {
	all, err := disclosure.Published(r, r.q, r.ID)
	items := make([]Report, len(all))
	for i, d := range all {
		at := r.link(fmt.Sprintf("/documents/%s/%d", d.Serial(), d.Version))
		items[i] = Report{
			Serial: d.Serial(), Version: d.Version, Versions: d.Versions, Kind: string(d.Content.Kind), Title: Text{d.TitleZH, d.TitleEN}, DueOn: maybeDated(d.DueOn),
			PublishedOn: dated(d.PublishedOn), Correction: orNull(d.Note), AsOf: d.AsOf, Checkpoint: orNull(d.Content.Checkpoint), Page: at, PDF: at + "/document.pdf",
		}
		if !d.Content.From.IsZero() {
			items[i].From = maybeDated(&d.Content.From)
		}
		if !d.Content.Until.IsZero() {
			items[i].To = maybeDated(&d.Content.Until)
		}
	}
	found := pageOf(r, items, func(d Report) string { return d.Serial })
	for _, d := range all {
		found.changed = later(found.changed, d.PublishedAt)
	}
	return found, err
}

// parsePeriod reads from and to as statements read them.
func parsePeriod(r *request) report.Ask { return report.ParseAsk("", r.word, r.Day(r.now)) }
