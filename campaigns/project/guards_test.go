package project_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// street is a community with a council of three, and a project that a resident proposed and the staff let through.
type street struct {
	*desk
	dbs     *pgtest.Database
	council council.Council
	p       project.Project
	token   string
}

func at(d int) time.Time { return time.Date(2017, 2, d, 9, 0, 0, 0, time.UTC) }

func openStreet(t *testing.T) *street {
	t.Helper()
	s := &street{dbs: pgtest.DB(t)}
	s.desk = openOn(t, s.dbs.App)
	s.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		s.council, err = council.AddCouncil(ctx, tx, s.c.ID, council.Council{Slug: "yard", Level: council.Community, NameZH: "社区议事会", FoundedOn: day(1, 1)},
			council.Rule{QuorumNum: 1, QuorumDen: 2, MajorityNum: 1, MajorityDen: 2, MajorityOver: true, SetAt: at(1)}, "admin")
		if err != nil {
			return err
		}
		for i, who := range []string{"user:1", "user:2", "user:3"} {
			m := council.Member{CouncilID: s.council.ID, Name: "何代表", UserSubject: who, FromOn: day(1, 1), UntilOn: day(12, 31)}
			if i == 0 {
				m.Office = council.Chair
			}
			if _, err = council.Seat(ctx, tx, s.c.ID, m); err != nil {
				return err
			}
		}
		begun, err := project.Start(ctx, tx, s.c, project.Project{
			Theme: project.Yard, TitleZH: "楼道灯", NeedZH: "夜里摸黑", PlaceZH: "1 号院", PeopleZH: "32 户",
			Lines: []project.BudgetLine{{NameZH: "灯", Planned: money.MustParse("200")}, {NameZH: "人工", Planned: money.MustParse("100")}},
		}, "zh-CN", at(1))
		if err != nil {
			return err
		}
		s.token = begun.Token
		if err = project.SaveContact(ctx, tx, s.c.ID, begun.ID, project.Contact{Name: "王阿姨", Phone: "13800000000"}); err != nil {
			return err
		}
		if err = project.Submit(ctx, tx, s.c.ID, begun.Token, at(1)); err != nil {
			return err
		}
		s.p, err = project.Check(ctx, tx, s.c.ID, begun.ID, project.Opening{Slug: "lights"}, "", "user:9", at(2))
		return err
	})
	return s
}

// vote puts the project to the council, which says yes or no.
func (s *street) vote(choice council.Choice) (m council.Motion) {
	s.Helper()
	from, amount := ledger.GeneralFundID, money.MustParse("300")
	s.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		m, err = council.Propose(ctx, tx, s.c, council.Motion{
			CouncilID: s.council.ID, Kind: council.BudgetLine, TitleZH: "给楼道灯拨款", Amount: &amount, FromFund: &from, ToFund: &s.p.FundID, ProjectID: &s.p.ID,
		}, "user:1", at(3))
		if err != nil {
			return err
		}
		if m, err = council.Open(ctx, tx, s.c, m.ID, day(2, 3), "user:1", at(3)); err != nil {
			return err
		}
		for n := range 3 {
			if _, err = council.Vote(ctx, tx, s.c, m.ID, n+1, choice, "", at(3)); err != nil {
				return err
			}
		}
		_, err = council.Close(ctx, tx, s.c, m.ID, "user:1", at(3))
		return err
	})
	return m
}

// spend posts an expense of the project and returns its number.
func (s *street) spend(source, amount string) (seq int64) {
	s.Helper()
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		posted, err := ledger.Post(ctx, tx, s.c.ID, s.entry(source, day(2, 12), ledger.ProgrammeExpense, ledger.Bank, s.p.FundID, amount))
		if err == nil {
			seq = posted[0].Seq
		}
		return err
	})
	return seq
}

// toTheEnd takes the project through its whole life but the end report, with the money moved and 270.50 of 300.00 spent.
func (s *street) toTheEnd() (m council.Motion, spent int64) {
	s.Helper()
	m = s.vote(council.For)
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		if err := project.Agree(ctx, tx, s.c.ID, s.p.ID, m.ID, "user:1", at(3)); err != nil {
			return err
		}
		_, err := council.Use(ctx, tx, s.c.ID, m.ID, func() (ledger.Posted, error) {
			return project.Allot(ctx, tx, s.c.ID, s.p, money.MustParse("300"), day(2, 9), uuid.New(), "user:8")
		})
		if err != nil {
			return err
		}
		return project.Begin(ctx, tx, s.c.ID, s.p.ID, day(2, 10), "user:9", at(10))
	})
	spent = s.spend("expense:1", "270.50")
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		if err := project.SpendOn(ctx, tx, s.c.ID, s.p.ID, "user:8", project.Put{EntrySeq: spent, Line: 1, Amount: money.MustParse("180.50")}); err != nil {
			return err
		}
		signed := 40
		if err := project.RecordOutcome(ctx, tx, s.c.ID, s.p.ID, project.Outcome{HeldOn: day(2, 12), ActivityZH: "装灯", PersonTimes: 46, SignedIn: &signed, Minutes: 90}); err != nil {
			return err
		}
		return project.Finish(ctx, tx, s.c.ID, s.p.ID, day(2, 20), "user:9", at(20))
	})
	return m, spent
}

func TestFromAnIdeaToTheEndReport(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	m, _ := s.toTheEnd()
	settle := func(ctx context.Context, tx *sqlx.Tx) error {
		return project.Settle(ctx, tx, s.c.ID, s.p.ID, "", "user:9", at(25))
	}
	if err := s.try(settle); !errors.Is(err, project.ErrMoneyLeft) {
		t.Errorf("settled with 29.50 left: %v", err)
	}
	var adopted project.EndReport
	s.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if err = project.WriteReport(ctx, tx, s.c.ID, s.p.ID, project.Words{DoneZH: "灯都亮了。"}, "user:9", at(21)); err != nil {
			return err
		}
		adopted, err = project.AdoptReport(ctx, tx, s.c.ID, s.p.ID, "user:9", at(22))
		return err
	})
	if adopted.Received.String() != "300.00" || adopted.Spent.String() != "270.50" || adopted.Left.String() != "29.50" || adopted.Served.PersonTimes != 46 || adopted.Served.SignedIn != 40 ||
		adopted.Motion != m.Serial() || len(adopted.Lines) != 3 || adopted.Lines[0].Spent.String() != "180.50" || adopted.Lines[2].Line != 0 || adopted.Lines[2].Spent.String() != "90.00" {
		t.Errorf("the end report: %+v", adopted)
	}
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := council.Use(ctx, tx, s.c.ID, m.ID, func() (ledger.Posted, error) {
			return project.Allot(ctx, tx, s.c.ID, s.p, money.MustParse("-29.50"), day(2, 24), uuid.New(), "user:8")
		})
		if err != nil {
			return err
		}
		return settle(ctx, tx)
	})
	again, err := project.ReportOf(t.Context(), s.db, s.c.ID, s.p.ID)
	if err != nil || again.Left.String() != "29.50" || again.AsOf != adopted.AsOf || !again.AdoptedAt.Equal(*adopted.AdoptedAt) {
		t.Errorf("the report after the leftover went back: %+v, %v", again, err)
	}
	p, err := project.FindProject(t.Context(), s.db, s.c.ID, "lights")
	if err != nil {
		t.Fatal(err)
	}
	w, err := project.Read(t.Context(), s.db, s.c, p)
	if err != nil {
		t.Fatal(err)
	}
	var story []string
	for _, e := range w.Events {
		switch {
		case e.Step != nil:
			story = append(story, string(e.Step.State))
		case e.Vote != nil:
			story = append(story, "vote")
		case e.Money != nil:
			story = append(story, "money "+e.Money.Net().String())
		case e.Spendings != nil:
			story = append(story, "spent "+e.Spent.String())
		case e.Activities != nil:
			story = append(story, "activities")
		case e.Report != nil:
			story = append(story, "report")
		}
	}
	want := "proposed checked vote agreed money 300.00 running activities spent 270.50 done report money -29.50 settled"
	if got := strings.Join(story, " "); got != want {
		t.Errorf("the story: %s, expected %s", got, want)
	}
	if p.State != project.Settled || w.Left.Sign() != 0 || w.Lines.Total().Spent.String() != p.Spent.String() || p.VotesFor != 3 || p.Budget.String() != "300.00" {
		t.Errorf("at the end: %+v, %s left", p, w.Left)
	}
	if found, err := project.CheckBooks(t.Context(), s.db, s.c.ID); err != nil || len(found) > 0 {
		t.Errorf("the check finds %v, %v", found, err)
	}
}

func TestConsentIsAMotionThatPassed(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	agree := func(m uuid.UUID) error {
		return s.try(func(ctx context.Context, tx *sqlx.Tx) error {
			return project.Agree(ctx, tx, s.c.ID, s.p.ID, m, "user:1", at(4))
		})
	}
	no := s.vote(council.Against)
	if err := agree(no.ID); !errors.Is(err, project.ErrNoConsent) {
		t.Errorf("by a motion that failed: %v", err)
	}
	if err := s.try(func(ctx context.Context, tx *sqlx.Tx) error {
		return project.AgreeBy(ctx, tx, s.c.ID, s.p.ID, project.Consent{CouncilZH: "别的议事会", On: day(2, 3)}, "user:1", at(4))
	}); !errors.Is(err, project.ErrNoConsent) {
		t.Errorf("by somebody's word: %v", err)
	}
	if err := s.try(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := project.AddProject(ctx, tx, s.c.ID, tea())
		return err
	}); !errors.Is(err, project.ErrNoConsent) {
		t.Errorf("as history, by a council that is kept here: %v", err)
	}
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		return project.Decline(ctx, tx, s.c.ID, s.p.ID, &no.ID, "议事会没通过", "user:9", at(5))
	})
}

// refused tries raw SQL and expects the database to say no, by a constraint or an SQLSTATE.
func (s *street) refused(db *sqlx.DB, query, by string, args ...any) {
	s.Helper()
	_, err := db.ExecContext(s.Context(), query, args...)
	var refusal *pq.Error
	if !errors.As(err, &refusal) || refusal.Constraint != by && string(refusal.Code) != by {
		s.Errorf("%s: %v, expected %s", query, err, by)
	}
}

func TestGuardsWhoeverAsks(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	_, spent := s.toTheEnd()
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		if err := project.WriteReport(ctx, tx, s.c.ID, s.p.ID, project.Words{DoneZH: "灯都亮了。"}, "user:9", at(21)); err != nil {
			return err
		}
		_, err := project.AdoptReport(ctx, tx, s.c.ID, s.p.ID, "user:9", at(22))
		return err
	})
	later := s.spend("expense:2", "10")
	var draft project.Proposal
	s.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		draft, err = project.Start(ctx, tx, s.c, project.Project{Theme: project.Elders, TitleZH: "茶会"}, "zh-CN", at(1))
		return err
	})
	step := `INSERT INTO project.step (community_id, project_id, n, was, state, by_whom, at) VALUES ($1, $2, 0, '', $3, $4, now())`
	for name, db := range map[string]*sqlx.DB{"the server": s.dbs.App, "the owner": s.dbs.Owner} {
		owner := name == "the owner"
		pick := func(forApp, forOwner string) string {
			if owner {
				return forOwner
			}
			return forApp
		}
		s.refused(db, `UPDATE project.project SET state = 'settled' WHERE id = $1`, pick("42501", "project_moves_by_steps"), s.p.ID)
		s.refused(db, `UPDATE project.project SET budget = 9999 WHERE id = $1`, pick("42501", "FU002"), s.p.ID)
		s.refused(db, `UPDATE project.project SET fund_id = NULL WHERE id = $1`, pick("FU002", "FU002"), s.p.ID)
		s.refused(db, `DELETE FROM project.project WHERE id = $1`, pick("42501", "FU002"), s.p.ID)
		s.refused(db, `INSERT INTO project.project (community_id, id, slug, fund_id, theme, year, state, title_zh, budget, council_zh, agreed_on)
			VALUES ($1, 77, 'x', 1, 'yard', 2017, 'agreed', 'x', 1, 'x', now())`, "project_moves_by_steps", s.c.ID)
		s.refused(db, step, "settled_with_nothing_left", s.c.ID, s.p.ID, "settled", "user:9")
		s.refused(db, step, "project_state", s.c.ID, s.p.ID, "running", "user:9")
		s.refused(db, step, "step_by_somebody", s.c.ID, draft.ID, "withdrawn", "")
		s.refused(db, step, "proposal_is_whole", s.c.ID, draft.ID, "proposed", "resident")
		s.refused(db, step, "project_state", s.c.ID, draft.ID, "agreed", "user:9")
		s.refused(db, `DELETE FROM project.step`, pick("42501", "FU002"))
		s.refused(db, `UPDATE project.step SET why = 'x'`, "FU002")
		s.refused(db, `UPDATE project.step SET by_whom = 'user:1'`, pick("42501", "FU002"))
		s.refused(db, `TRUNCATE project.step`, pick("42501", "FU002"))
		s.refused(db, `DELETE FROM project.budget_line`, "FU002")
		s.refused(db, `INSERT INTO project.spent_on (community_id, entry_seq, project_id, line, amount, put_by) VALUES ($1, $2, $3, 2, 10.01, 'user:8')`, "spent_on_as_posted", s.c.ID, later, s.p.ID)
		s.refused(db, `INSERT INTO project.spent_on (community_id, entry_seq, project_id, line, amount, put_by) VALUES ($1, $2, $3, 2, -1, 'user:8')`, "spent_on_as_posted", s.c.ID, later, s.p.ID)
		s.refused(db, `INSERT INTO project.spent_on (community_id, entry_seq, project_id, line, amount, put_by) VALUES ($1, 1, $2, 2, 1, 'user:8')`, "FU002", s.c.ID, s.p.ID)
		s.refused(db, `DELETE FROM project.spent_on WHERE entry_seq = $1`, "FU002", spent)
		s.refused(db, `UPDATE project.report SET done_zh = 'x'`, "FU002")
		s.refused(db, `UPDATE project.report SET body = '{}'`, "FU002")
		s.refused(db, `DELETE FROM project.report`, pick("42501", "FU002"))
		s.refused(db, `INSERT INTO spending.request (community_id, id, number, fund_id, account_id, year, amount, purpose, method, asked_by, asked_at, approvals_needed, project_id, line)
			VALUES ($1, gen_random_uuid(), 1, 1, 1, 2017, 5, '灯', 'cash', 'user:1', now(), 1, $2, 1)`, "request_line_fund", s.c.ID, s.p.ID)
	}
}

func TestAReversalCountsBack(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	_, spent := s.toTheEnd()
	s.write(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, s.c.ID, spent, day(2, 21), "写错了", "user:8")
		return err
	})
	p, err := project.FindProject(t.Context(), s.db, s.c.ID, "lights")
	if err != nil {
		t.Fatal(err)
	}
	l, err := project.LinesOf(t.Context(), s.db, s.c.ID, p)
	if err != nil || !l.Lines[0].Spent.IsZero() || !l.Off.Spent.IsZero() || !l.Total().Spent.Equal(p.Spent) {
		t.Errorf("after the reversal: %+v, %v", l, err)
	}
	list, err := project.Spendings(t.Context(), s.db, s.c.ID, p)
	if err != nil || len(list) != 0 {
		t.Errorf("what it spent: %+v, %v", list, err)
	}
}
