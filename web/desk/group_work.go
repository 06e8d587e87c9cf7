package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/ledger"
	"fund/web/page"
)

// RecordGroupActivities writes a week's list down in one go.
func (p *Pages) RecordGroupActivities(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	all := p.readWeek(v)
	if v.AnyWrong() {
		return page.Again(c, "desk/group", v)
	}
	points := 0
	err = p.act(c, "organisation.record", "organisation:"+v.Slug, map[string]any{"activities": len(all)}, func(tx *sqlx.Tx, who string) (err error) {
		for i := range all {
			all[i].EnteredBy = who
		}
		points, err = organisation.RecordActivities(c.UserContext(), tx, page.Of(c).Community.ID, all...)
		return err
	})
	switch {
	case errors.Is(err, organisation.ErrTwice):
		v.Wrong(numbered("what", 1), "organisation.wrong.twice")
		return page.Again(c, "desk/group", v)
	case err != nil:
		return err
	}
	p.moved(c, 0)
	to := v.Path() + "?month=" + all[0].HeldOn.Format("2006-01")
	if points > 0 {
		return page.Done(c, to, "organisation.recorded_points", "count", len(all), "points", points)
	}
	return page.Done(c, to, "organisation.recorded", "count", len(all))
}

// readWeek reads the lines of the weekly list that say something.
func (p *Pages) readWeek(v groupView) (all []organisation.Activity) {
	stands, first := map[string]bool{}, 0
	for _, n := range v.Weekly {
		day, what, people := numbered("day", n), numbered("what", n), numbered("people", n)
		if v.Typed(day) == "" && v.Typed(what) == "" && v.Typed(people) == "" {
			continue
		}
		if first == 0 {
			first = n
		}
		a := organisation.Activity{OrganisationID: v.ID, HeldOn: v.Date(day), WhatZH: line(v.Text(what, 60)), People: v.Int(people, 0, 9999), EnteredAt: p.Now()}
		if a.HeldOn.After(p.Now().AddDate(0, 0, 1)) {
			v.Wrong(day, "organisation.wrong.future")
		}
		key := a.HeldOn.String() + a.WhatZH
		if stands[key] {
			v.Wrong(what, "organisation.wrong.twice")
		}
		stands[key] = true
		all = append(all, a)
	}
	if first == 0 {
		v.Wrong(numbered("what", 1), "organisation.wrong.nothing")
	}
	return all
}

// WithdrawGroupActivity takes one back that was entered wrongly.
func (p *Pages) WithdrawGroupActivity(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	n, err := page.Number(c, "n")
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.withdraw", "organisation:"+v.Slug, map[string]any{"activity": n}, func(tx *sqlx.Tx, who string) error {
		return organisation.WithdrawActivity(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, n, whyTyped(v.Form), who, p.Now())
	})
	return p.posted(c, err, v.Path(), "organisation.withdrawn")
}

// CountGroupMembers writes down how many members there are.
func (p *Pages) CountGroupMembers(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	m := organisation.MemberCount{CountedOn: v.Date("counted_on"), Members: v.Int("members", 0, 99_999), EnteredAt: p.Now()}
	if m.CountedOn.After(p.Now().AddDate(0, 0, 1)) {
		v.Wrong("counted_on", "organisation.wrong.future")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/group", v)
	}
	err = p.act(c, "organisation.count", "organisation:"+v.Slug, map[string]any{"members": m.Members}, func(tx *sqlx.Tx, who string) error {
		m.EnteredBy = who
		return organisation.CountMembers(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, m)
	})
	return p.posted(c, err, v.Path(), "organisation.counted", "count", m.Members)
}

// GiveGroupGrant spends points and posts the money.
func (p *Pages) GiveGroupGrant(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	g := organisation.SmallGrant{
		ID: v.Once("small_grant:"+v.Slug, "tier", "for", "fund", "way", "given_on"), OrganisationID: v.ID, What: line(v.Text("for", 80)), GivenOn: v.Date("given_on"), GivenAt: p.Now(),
	}
	g.Points, _ = strconv.Atoi(v.Choice("tier", page.Values(v.Tiers)))
	g.FundID, _ = strconv.Atoi(v.Choice("fund", page.Values(v.Funds)))
	way := organisation.Way(v.Choice("way", page.Values(v.Ways)))
	if v.AnyWrong() {
		return page.Again(c, "desk/group", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.grant", "organisation:"+v.Slug, map[string]any{"points": g.Points}, func(tx *sqlx.Tx, who string) (err error) {
		g.GivenBy = who
		g, err = organisation.GiveGrant(c.UserContext(), tx, community, g, way)
		return err
	})
	if refusedDay(v.Form, "given_on", err) {
		return page.Again(c, "desk/group", v)
	}
	return p.posted(c, err, v.Path()+"#points", "organisation.granted", "amount", g.Amount.Yuan())
}

// refusedDay tells a closed month at the field of the day.
func refusedDay(f *page.Form, field string, err error) bool {
	if !errors.Is(err, ledger.ErrPeriodClosed) {
		return false
	}
	f.Wrong(field, "organisation.wrong.closed")
	return true
}

// UndoGroupGrant reverses a grant; its points come back.
func (p *Pages) UndoGroupGrant(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("grant"))
	if err != nil {
		return page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.undo_grant", "organisation:"+v.Slug, nil, func(tx *sqlx.Tx, who string) error {
		return organisation.UndoGrant(c.UserContext(), tx, community, id, whyTyped(v.Form), who, p.Now())
	})
	return p.posted(c, err, v.Path()+"#points", "organisation.grant_undone")
}
