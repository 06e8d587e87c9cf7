package sample

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
)

// What was missing, in the words of who proposed it.
//
//go:embed needs.tsv
var needTable string

// proposed is a project on its way to its council: a resident proposes it, the staff looks at it, and who the resident was
// is forgotten. What the table says of its consent and its days is kept for the steps that follow.
func (w *world) proposed(ctx context.Context, tx *sqlx.Tx, p project.Project, row string) (project.Project, error) {
	for _, r := range rows(needTable) {
		if r[0] == row {
			p.NeedZH, p.NeedEN, p.PeopleZH, p.PeopleEN = r[1], r[2], r[3], r[4]
		}
	}
	at := w.c.Clock(p.AgreedOn.AddDate(0, 0, -21), 10)
	begun, err := w.ask(ctx, tx, p, at)
	if err != nil {
		return p, err
	}
	o := project.Opening{Slug: p.Slug, FundID: p.FundID, OrganisationZH: p.OrganisationZH, OrganisationEN: p.OrganisationEN}
	checked, err := project.Check(ctx, tx, w.c.ID, begun.ID, o, "", asker, at.AddDate(0, 0, 6))
	if err != nil {
		return p, err
	}
	p.ID, p.FundID, p.Restricted = checked.ID, checked.FundID, checked.Restricted
	return p, project.EraseContact(ctx, tx, w.c.ID, p.ID)
}

// ask is a resident's proposal, handed in.
func (w *world) ask(ctx context.Context, tx *sqlx.Tx, p project.Project, at time.Time) (project.Proposal, error) {
	p.AgreedOn, p.VotesFor, p.VotesAgainst, p.CouncilZH, p.CouncilEN, p.StartedOn = nil, 0, 0, "", "", nil
	begun, err := project.Start(ctx, tx, w.c, p, "zh-CN", at)
	if err != nil {
		return begun, err
	}
	if err = project.SaveContact(ctx, tx, w.c.ID, begun.ID, project.Contact{Name: "一位居民", Phone: w.c.Phone}); err != nil {
		return begun, err
	}
	return begun, project.Submit(ctx, tx, w.c.ID, begun.Token, at.Add(time.Hour))
}

// begin lets the projects run that were agreed, and says of those of the past that they are done.
func (w *world) begin(ctx context.Context, tx *sqlx.Tx) error {
	for _, p := range w.inOrder() {
		if err := project.Begin(ctx, tx, w.c.ID, p.ID, *p.StartedOn, asker, w.c.Clock(*p.StartedOn, 9)); err != nil {
			return fmt.Errorf("%s: %w", p.Slug, err)
		}
		if p.EndedOn == nil {
			continue
		}
		if err := project.Finish(ctx, tx, w.c.ID, p.ID, *p.EndedOn, asker, w.c.Clock(*p.EndedOn, 18)); err != nil {
			return fmt.Errorf("%s: %w", p.Slug, err)
		}
	}
	return nil
}

// inOrder are the projects as they were written down.
func (w *world) inOrder() (list []project.Project) {
	for _, p := range w.projects {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b project.Project) int { return a.ID - b.ID })
	return list
}

// endings are the end reports of the past projects, a week after each ended, while the books stand as they stood then.
func (w *world) endings(now time.Time) (events []event) {
	for _, p := range w.inOrder() {
		if p.EndedOn != nil {
			at := on(p.EndedOn.AddDate(0, 0, 9), 11*60)
			events = append(events, event{at: at, rank: rankEvening + 3, do: func(ctx context.Context, pl *player) error { return pl.end(ctx, p, at) }})
		}
	}
	return append(events, event{at: now, rank: rankEvening + 3, do: func(ctx context.Context, pl *player) error {
		for _, p := range pl.inOrder() {
			if p.EndedOn == nil {
				if err := pl.putOnLines(ctx, p); err != nil {
					return err
				}
			}
		}
		return nil
	}})
}

// end adopts a project's end report, and settles it where nothing is left over.
func (p *player) end(ctx context.Context, of project.Project, at time.Time) error {
	if err := p.putOnLines(ctx, of); err != nil {
		return err
	}
	w := project.Words{
		DoneZH: fmt.Sprintf("%s办完了。事先说好的都做了，每一笔开支都有票据。", of.TitleZH), DoneEN: of.TitleEN + " is done as it was agreed, with a paper for every expense.",
		LearnedZH: "人手要早约，通知贴到每个单元门口才有人看见。", LearnedEN: "Ask helpers early, and put the notice on every door.",
	}
	if err := project.WriteReport(ctx, p.tx, p.c.ID, of.ID, w, asker, at); err != nil {
		return err
	}
	if _, err := project.AdoptReport(ctx, p.tx, p.c.ID, of.ID, asker, at.Add(time.Hour)); err != nil {
		return err
	}
	left, err := project.LeftOver(ctx, p.tx, p.c.ID, of)
	if err != nil || !left.IsZero() {
		return err
	}
	return project.Settle(ctx, p.tx, p.c.ID, of.ID, "", asker, at.Add(2*time.Hour))
}

// putOnLines says of what a project bought which line of its budget it is, by its name; what has another stays on no line.
func (p *player) putOnLines(ctx context.Context, of project.Project) error {
	spent, err := project.Spendings(ctx, p.tx, p.c.ID, of)
	if err != nil {
		return err
	}
	var puts []project.Put
	for _, s := range spent {
		for i, l := range of.Lines {
			if l.NameZH == s.Memo && s.Line == 0 {
				puts = append(puts, project.Put{EntrySeq: s.EntrySeq, Line: i + 1, Amount: s.Amount})
			}
		}
	}
	return project.SpendOn(ctx, p.tx, p.c.ID, of.ID, "treasurer", puts...)
}
