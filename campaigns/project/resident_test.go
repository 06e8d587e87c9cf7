package project_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger/money"
)

func TestAResidentTakesBackWhatTheySaid(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.toTheEnd()
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		told := project.Told{TextZH: "楼道亮了", Name: "周师傅", Consent: "signed", ConsentedOn: day(2, 20), ToldTo: "user:9"}
		if err := project.Tell(ctx, tx, s.c.ID, s.p.ID, told); err != nil {
			return err
		}
		if err := project.Unname(ctx, tx, s.c.ID, s.p.ID, 1); err != nil {
			return err
		}
		return project.EraseContact(ctx, tx, s.c.ID, s.p.ID)
	})
	list, err := project.ListTold(t.Context(), s.db, s.c.ID, s.p.ID)
	if err != nil || len(list) != 1 || list[0].Name != "" {
		t.Errorf("after the name was taken away: %+v, %v", list, err)
	}
	s.write(func(ctx context.Context, tx *sqlx.Tx) error { return project.TakeBack(ctx, tx, s.c.ID, s.p.ID, 1) })
	var left int
	err = s.dbs.Owner.Get(&left, `SELECT (SELECT count(*) FROM project.story) + (SELECT count(*) FROM project.contact)`)
	if err != nil || left != 0 {
		t.Errorf("%d rows of persons are left, %v", left, err)
	}
}

// Of a proposal that is forgotten nothing is left of what its resident wrote, the names of its lines among it.
func TestAForgottenProposalKeepsNoWord(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	propose := func() (p project.Proposal) {
		t.Helper()
		s.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
			p, err = project.Start(ctx, tx, s.c, project.Project{
				Theme: project.Yard, TitleZH: "李阿姨的花坛", NeedZH: "李阿姨说没有花", PlaceZH: "李阿姨楼下", PeopleZH: "李阿姨", OwnZH: "李阿姨的铲子",
				Lines: []project.BudgetLine{{NameZH: "李阿姨的花", Planned: money.MustParse("20")}},
			}, "zh-CN", at(1))
			if err == nil {
				err = project.SaveContact(ctx, tx, s.c.ID, p.ID, project.Contact{Name: "李阿姨", Phone: "13800000000"})
			}
			if err == nil {
				err = project.Submit(ctx, tx, s.c.ID, p.Token, at(2))
			}
			return err
		})
		return p
	}
	withdrawn, declined := propose(), propose()
	s.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if err = project.Withdraw(ctx, tx, s.c.ID, withdrawn.Token, at(3)); err != nil {
			return err
		}
		if err = project.Decline(ctx, tx, s.c.ID, declined.ID, nil, "院里已经有了", "user:9", at(3)); err != nil {
			return err
		}
		return project.EraseContact(ctx, tx, s.c.ID, declined.ID)
	})
	var left []string
	err := s.dbs.Owner.Select(&left, `
		SELECT x FROM (SELECT p::text AS x FROM project.project p UNION ALL SELECT l::text FROM project.budget_line l UNION ALL SELECT k::text FROM project.contact k
		               UNION ALL SELECT t::text FROM project.step t) all_rows
		 WHERE x LIKE '%李阿姨%'`)
	if err != nil || len(left) > 0 {
		t.Errorf("left of what was forgotten: %q, %v", left, err)
	}
	s.refused(s.dbs.App, `INSERT INTO project.budget_line (community_id, project_id, line, name_zh, planned) VALUES ($1, $2, 1, 'x', 1)`, "FU002", s.c.ID, withdrawn.ID)
}

func TestADraftIsItsResidents(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	if err := s.try(func(ctx context.Context, tx *sqlx.Tx) error { return project.Save(ctx, tx, s.c.ID, s.p) }); !errors.Is(err, project.ErrNotYours) {
		t.Errorf("changed after it was handed in: %v", err)
	}
	var empty project.Proposal
	s.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		empty, err = project.Start(ctx, tx, s.c, project.Project{Theme: project.Elders, TitleZH: "茶会"}, "zh-CN", at(1))
		return err
	})
	if err := s.try(func(ctx context.Context, tx *sqlx.Tx) error {
		return project.Submit(ctx, tx, s.c.ID, empty.Token, at(2))
	}); !errors.Is(err, project.ErrIncomplete) {
		t.Errorf("handed in half written: %v", err)
	}
	s.write(func(ctx context.Context, tx *sqlx.Tx) error { return project.Sweep(ctx, tx, s.c.ID, at(3), at(4)) })
	gone, err := project.FindProposal(t.Context(), s.db, s.c.ID, empty.Token)
	if err != nil || gone.State != project.Withdrawn || gone.TitleZH != "" {
		t.Errorf("an idle draft: %+v, %v", gone, err)
	}
	if err := s.try(func(ctx context.Context, tx *sqlx.Tx) error {
		return project.Return(ctx, tx, s.c.ID, s.p.ID, "改一改", "user:9", at(3))
	}); !errors.Is(err, project.ErrState) {
		t.Errorf("sent back after it was checked: %v", err)
	}
}
