package council_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// house is a community with a council of five, ten thousand yuan, and a project that waits for money.
type house struct {
	*pgtest.Database
	ledger.Community
	Of      council.Council
	Up      council.Council
	Project project.Project
	Bank    int
}

var monday = ledger.Day(2026, 11, 23)

func (h *house) noon(days int) time.Time { return h.Clock(monday.AddDate(0, 0, days), 12) }

var usual = council.Rule{QuorumNum: 1, QuorumDen: 2, MajorityNum: 1, MajorityDen: 2, MajorityOver: true, Secret: true, SetAt: time.Unix(0, 0)}

func open(t testing.TB, rule council.Rule) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	ctx := t.Context()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		if err != nil {
			return err
		}
		if err = h.begin(ctx, tx); err != nil {
			return err
		}
		if h.Up, err = council.AddCouncil(ctx, tx, h.ID, council.Council{Slug: "community", Level: council.Community, NameZH: "社区议事会", FoundedOn: monday}, rule, "user:9"); err != nil {
			return err
		}
		h.Of, err = council.AddCouncil(ctx, tx, h.ID, council.Council{Slug: "court-3", Level: council.Compound, ParentID: &h.Up.ID, NameZH: "3 号院议事会", FoundedOn: monday}, rule, "user:9")
		for i := 1; i <= 5 && err == nil; i++ {
			m := council.Member{CouncilID: h.Of.ID, Name: fmt.Sprint("成员", i), UserSubject: fmt.Sprint("user:", i), FromOn: monday, UntilOn: monday.AddDate(3, 0, 0)}
			if i < 3 {
				m.Office = []council.Office{council.Chair, council.Secretary}[i-1]
			}
			_, err = council.Seat(ctx, tx, h.ID, m)
		}
		return err
	})
	return h
}

// begin gives the books their first money and their first project.
func (h *house) begin(ctx context.Context, tx *sqlx.Tx) (err error) {
	accounts, err := ledger.ListAccounts(ctx, tx, h.ID)
	if err != nil {
		return err
	}
	bank, _ := accounts.By(ledger.Bank)
	net, _ := accounts.By(ledger.UnrestrictedNetAssets)
	h.Bank = bank.ID
	all := money.MustParse("10000")
	if _, err = ledger.Post(ctx, tx, h.ID, ledger.Entry{
		Date: monday, Kind: "opening", Source: "opening:1", Memo: "期初", PostedBy: "user:9",
		Postings: []ledger.Posting{ledger.Debit(bank.ID, ledger.GeneralFundID, all), ledger.Credit(net.ID, ledger.GeneralFundID, all)},
	}); err != nil {
		return err
	}
	agreed := monday
	h.Project, err = project.AddProject(ctx, tx, h.ID, project.Project{
		Slug: "roof", Theme: project.Yard, TitleZH: "雨棚", Year: 2026, State: project.Agreed, CouncilZH: "3 号院议事会", AgreedOn: &agreed, Budget: money.MustParse("1000"),
	})
	return err
}

func yuan(s string) *money.Amount { a := money.MustParse(s); return &a }

// draft is a motion of a budget line of so much, by the first member.
func (h *house) draft(t require, amount string) (m council.Motion) {
	from := ledger.GeneralFundID
	h.do(t, func(tx *sqlx.Tx) (err error) {
		m, err = council.Propose(context.Background(), tx, h.Community, council.Motion{
			CouncilID: h.Of.ID, Kind: council.BudgetLine, TitleZH: "给雨棚拨款", Amount: yuan(amount), FromFund: &from, ToFund: &h.Project.FundID, ProjectID: &h.Project.ID,
		}, "user:1", h.noon(0))
		return err
	})
	return m
}

// opened is a draft opened for three days.
func (h *house) opened(t require, amount string) council.Motion {
	m := h.draft(t, amount)
	h.do(t, func(tx *sqlx.Tx) (err error) {
		m, err = council.Open(context.Background(), tx, h.Community, m.ID, monday.AddDate(0, 0, 3), "user:2", h.noon(0))
		return err
	})
	return m
}

// passed is a motion that three of five voted for, closed on its last day.
func (h *house) passed(t require, amount string) council.Motion {
	m := h.opened(t, amount)
	h.do(t, func(tx *sqlx.Tx) error {
		for n := range 3 {
			if _, err := council.Vote(context.Background(), tx, h.Community, m.ID, n+1, council.For, "", h.noon(0)); err != nil {
				return err
			}
		}
		_, err := council.Close(context.Background(), tx, h.Community, m.ID, "user:1", h.noon(3))
		return err
	})
	return m
}

func (h *house) vote(m council.Motion, member int, choice council.Choice, code string) (got string, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		got, err = council.Vote(context.Background(), tx, h.Community, m.ID, member, choice, code, h.noon(0))
		return err
	})
	return got, err
}

func (h *house) close(m council.Motion, days int) (r council.Result, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		r, err = council.Close(context.Background(), tx, h.Community, m.ID, "user:1", h.noon(days))
		return err
	})
	return r, err
}

// allot uses a motion to move money into the project, or back where it is negative.
func (h *house) allot(m council.Motion, amount money.Amount) (posted ledger.Posted, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		posted, err = council.Use(context.Background(), tx, h.ID, m.ID, func() (ledger.Posted, error) {
			return project.Allot(context.Background(), tx, h.ID, h.Project, amount, monday, uuid.New(), "user:9")
		})
		return err
	})
	return posted, council.Explain(err)
}

func (h *house) left(t require, m council.Motion) money.Amount {
	left, err := council.Unlocked(context.Background(), h.App, h.ID, m.ID)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return left
}

// require is what a test and a property have in common.
type require interface {
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func (h *house) do(t require, verb func(tx *sqlx.Tx) error) {
	if err := h.Try(verb); err != nil {
		t.Fatalf("%v", err)
	}
}

func (h *house) sound(t require) {
	found, err := council.Check(context.Background(), h.App, h.ID)
	if err != nil || len(found) > 0 {
		t.Errorf("found %v, %v", found, err)
	}
}
