package issue

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/project"
	"fund/campaigns/publication"
	"fund/campaigns/sale"
)

// Subjects are the projects, or the ventures, that reports of a kind can be about.
func Subjects(ctx context.Context, q sqlx.QueryerContext, community int, kind disclosure.Kind) (all []disclosure.Subject, err error) {
	if kind == publication.Venture {
		places, err := sale.ListPlaces(ctx, q, community)
		for _, p := range places {
			if p.Kind == sale.Venture && p.State != sale.Draft {
				all = append(all, disclosure.Subject{Kind: disclosure.OfVenture, ID: p.ID, Slug: p.Slug, TitleZH: p.NameZH, TitleEN: p.NameEN})
			}
		}
		return all, err
	}
	projects, err := project.ListProjects(ctx, q, community, project.Filter{})
	for _, p := range projects {
		all = append(all, disclosure.Subject{Kind: disclosure.OfProject, ID: p.ID, Slug: p.Slug, TitleZH: p.TitleZH, TitleEN: p.TitleEN})
	}
	return all, err
}

// SubjectOf is the one of a slug; publication.ErrNotFound.
func SubjectOf(ctx context.Context, q sqlx.QueryerContext, community int, kind disclosure.Kind, slug string) (s disclosure.Subject, err error) {
	all, err := Subjects(ctx, q, community, kind)
	if err != nil {
		return s, err
	}
	i := slices.IndexFunc(all, func(s disclosure.Subject) bool { return s.Slug == slug })
	if i < 0 {
		return s, publication.ErrNotFound
	}
	return all[i], nil
}
