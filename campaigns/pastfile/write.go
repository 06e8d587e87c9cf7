package pastfile

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
)

// Done is what an import wrote.
type Done struct {
	Projects, Outcomes, Groups, Activities int
	Known                                  int // rows that were there already
}

// Written is how many rows were written.
func (d Done) Written() int { return d.Projects + d.Outcomes + d.Groups + d.Activities }

// Done is what Write would answer.
func (p Plan) Done() Done {
	return Done{len(p.Projects), len(p.Outcomes), len(p.Groups), len(p.Activities), p.Known}
}

// Write writes the whole of a plan, in the caller's database transaction. ErrProblems where the file has any.
func (p Plan) Write(ctx context.Context, tx *sqlx.Tx, who string, at time.Time) (_ Done, err error) {
	if p.problems {
		return Done{}, ErrProblems
	}
	for _, step := range []func(context.Context, *sqlx.Tx, string, time.Time) error{p.writeProjects, p.writeGroups, p.writeActivities} {
		if err = step(ctx, tx, who, at); err != nil {
			return Done{}, fmt.Errorf("pastfile.Write(%d): %w", p.community.ID, err)
		}
	}
	return p.Done(), nil
}

// writeProjects writes the projects, and the outcomes of new and old ones.
func (p Plan) writeProjects(ctx context.Context, tx *sqlx.Tx, who string, _ time.Time) error {
	for _, r := range p.Projects {
		made, err := project.AddProject(ctx, tx, p.community.ID, r.Project)
		if err != nil {
			return err
		}
		p.projects[projectKey{r.TitleZH, r.Year}] = made.ID
	}
	of := map[int][]project.Outcome{}
	var order []int
	for _, r := range p.Outcomes {
		id := p.projects[projectKey{r.Title, r.Year}]
		if of[id] == nil {
			order = append(order, id)
		}
		r.By = who
		of[id] = append(of[id], r.Outcome)
	}
	for _, id := range order {
		if err := project.RecordOutcome(ctx, tx, p.community.ID, id, of[id]...); err != nil {
			return err
		}
	}
	return nil
}

func (p Plan) writeGroups(ctx context.Context, tx *sqlx.Tx, who string, at time.Time) error {
	for _, r := range p.Groups {
		if id, there := p.groups[r.NameZH]; there {
			r.ID = id
		} else {
			o := r.Organisation
			o.EnteredBy, o.EnteredAt = who, at
			made, err := organisation.Add(ctx, tx, p.community, o)
			if err != nil {
				return err
			}
			r.ID, p.groups[r.NameZH] = made.ID, made.ID
		}
		if r.Members == nil {
			continue
		}
		m := organisation.MemberCount{CountedOn: r.CountedOn, Members: *r.Members, EnteredBy: who, EnteredAt: at}
		if err := organisation.CountMembers(ctx, tx, p.community.ID, r.ID, m); err != nil {
			return err
		}
	}
	return nil
}

func (p Plan) writeActivities(ctx context.Context, tx *sqlx.Tx, who string, at time.Time) error {
	if len(p.Activities) == 0 {
		return nil
	}
	all := make([]organisation.Activity, len(p.Activities))
	for i, r := range p.Activities {
		all[i] = r.Activity
		all[i].OrganisationID, all[i].EnteredBy, all[i].EnteredAt = p.groups[r.Name], who, at
	}
	_, err := organisation.RecordActivities(ctx, tx, p.community.ID, all...)
	return err
}
