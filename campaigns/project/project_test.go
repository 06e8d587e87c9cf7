package project_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

func day(month time.Month, d int) time.Time { return ledger.Day(2017, month, d) }

// desk is a community with a thousand yuan at the bank.
type desk struct {
	*testing.T
	db *sqlx.DB
	c  ledger.Community
	as ledger.Accounts
}

func open(t *testing.T) *desk {
	t.Helper()
	return openOn(t, pgtest.DB(t).App)
}

func openOn(t *testing.T, db *sqlx.DB) *desk {
	t.Helper()
	d := &desk{T: t, db: db}
	d.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if d.c, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: "gongzhang", NameZH: "弓长社区", NameEN: "Gongzhang", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		}); err != nil {
			return err
		}
		if d.as, err = ledger.ListAccounts(ctx, tx, d.c.ID); err != nil {
			return err
		}
		_, err = ledger.Post(ctx, tx, d.c.ID, d.entry("opening:1", day(1, 1), ledger.Bank, ledger.UnrestrictedNetAssets, ledger.GeneralFundID, "1000"))
		return err
	})
	return d
}

func (d *desk) entry(source string, at time.Time, debit, credit ledger.Purpose, fund int, amount string) ledger.Entry {
	to, _ := d.as.By(debit)
	from, _ := d.as.By(credit)
	sum := money.MustParse(amount)
	return ledger.Entry{
		Date: at, Kind: "manual", Source: source, Memo: "记一笔", PostedBy: "treasurer",
		Postings: []ledger.Posting{ledger.Debit(to.ID, fund, sum), ledger.Credit(from.ID, fund, sum)},
	}
}

// try runs a verb in a transaction of its own.
func (d *desk) try(verb func(ctx context.Context, tx *sqlx.Tx) error) error {
	tx, err := d.db.BeginTxx(d.Context(), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := verb(d.Context(), tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (d *desk) write(verb func(ctx context.Context, tx *sqlx.Tx) error) {
	d.Helper()
	if err := d.try(verb); err != nil {
		d.Fatal(err)
	}
}

func tea() project.Project {
	agreed, from := day(2, 1), day(2, 10)
	return project.Project{
		Slug: "tea", Theme: project.Elders, Year: 2017, State: project.Agreed, TitleZH: "敬老茶会", TitleEN: "Tea party",
		CouncilZH: "社区议事会", AgreedOn: &agreed, VotesFor: 21, StartedOn: &from, Budget: money.MustParse("300"),
		Lines: []project.BudgetLine{{NameZH: "茶", NameEN: "Tea", Planned: money.MustParse("200")}, {NameZH: "点心", Planned: money.MustParse("100")}},
	}
}

func TestLifeOfAProject(t *testing.T) {
	t.Parallel()
	d := open(t)
	var p project.Project
	d.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if p, err = project.AddProject(ctx, tx, d.c.ID, tea()); err != nil {
			return err
		}
		if _, err = project.Allot(ctx, tx, d.c.ID, p, money.MustParse("300"), day(2, 9), uuid.New(), "treasurer"); err != nil {
			return err
		}
		if err = project.Begin(ctx, tx, d.c.ID, p.ID, day(2, 10), "user:1", day(2, 10)); err != nil {
			return err
		}
		if _, err = ledger.Post(ctx, tx, d.c.ID,
			d.entry("expense:1", day(2, 12), ledger.ProgrammeExpense, ledger.Bank, p.FundID, "180.50"),
			d.entry("expense:2", day(3, 5), ledger.ProgrammeExpense, ledger.Bank, p.FundID, "90")); err != nil {
			return err
		}
		if err = project.RecordOutcome(ctx, tx, d.c.ID, p.ID,
			project.Outcome{HeldOn: day(2, 12), ActivityZH: "茶会", PersonTimes: 46}, project.Outcome{HeldOn: day(3, 5), ActivityZH: "茶会", PersonTimes: 30}); err != nil {
			return err
		}
		if _, err = project.Allot(ctx, tx, d.c.ID, p, money.MustParse("29.50").Neg(), day(3, 31), uuid.New(), "treasurer"); err != nil {
			return err
		}
		return project.Finish(ctx, tx, d.c.ID, p.ID, day(3, 31), "user:1", day(3, 31))
	})

	got, err := project.FindProject(t.Context(), d.db, d.c.ID, "tea")
	if err != nil {
		t.Fatal(err)
	}
	if got.Spent.String() != "270.50" || got.PersonTimes != 76 || got.Sessions != 2 || got.State != project.Done || len(got.Lines) != 2 {
		t.Errorf("the whole project: %+v", got)
	}
	for _, c := range []struct {
		from, to time.Time
		projects int
		spent    string
		came     int
	}{
		{day(1, 1), day(1, 31), 0, "", 0},
		{day(2, 15), day(2, 15), 1, "180.50", 46},
		{day(3, 1), day(12, 1), 1, "90.00", 30},
		{day(4, 1), day(12, 1), 0, "", 0},
	} {
		list, err := project.ListProjects(t.Context(), d.db, d.c.ID, project.Filter{From: c.from, To: c.to})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != c.projects || (c.projects == 1 && (list[0].Spent.String() != c.spent || list[0].PersonTimes != c.came)) {
			t.Errorf("%s to %s: %+v", c.from.Format("01"), c.to.Format("01"), list)
		}
	}
	fund, err := ledger.FindFund(t.Context(), d.db, d.c.ID, "tea")
	if err != nil || !fund.NetAssets.IsZero() || fund.Restricted {
		t.Errorf("the project's fund has %v left, restricted %v, %v", fund.NetAssets, fund.Restricted, err)
	}
	general, err := ledger.FindFund(t.Context(), d.db, d.c.ID, "general")
	if err != nil || general.NetAssets.String() != "729.50" {
		t.Errorf("the general fund has %v, %v", general.NetAssets, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	d := open(t)
	var restricted ledger.Fund
	var kept, given project.Project
	d.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if restricted, err = ledger.AddFund(ctx, tx, d.c.ID, ledger.Fund{Code: "soup", NameZH: "绿豆汤", NameEN: "Soup", Kind: ledger.CampaignFund, Restricted: true}); err != nil {
			return err
		}
		if kept, err = project.AddProject(ctx, tx, d.c.ID, tea()); err != nil {
			return err
		}
		p := tea()
		p.Slug, p.FundID = "soup", restricted.ID
		given, err = project.AddProject(ctx, tx, d.c.ID, p)
		return err
	})
	if !given.Restricted || kept.Restricted {
		t.Errorf("restricted: %v and %v", given.Restricted, kept.Restricted)
	}
	add := func(change func(p *project.Project)) func(context.Context, *sqlx.Tx) error {
		return func(ctx context.Context, tx *sqlx.Tx) error {
			p := tea()
			p.Slug = "new"
			change(&p)
			_, err := project.AddProject(ctx, tx, d.c.ID, p)
			return err
		}
	}
	allot := func(p project.Project, sum string) func(context.Context, *sqlx.Tx) error {
		return func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := project.Allot(ctx, tx, d.c.ID, p, money.MustParse(sum), day(2, 9), uuid.New(), "treasurer")
			return err
		}
	}
	for name, c := range map[string]struct {
		verb func(context.Context, *sqlx.Tx) error
		want error
	}{
		"the slug is taken":             {add(func(p *project.Project) { p.Slug = "tea" }), project.ErrExists},
		"the fund is another project's": {add(func(p *project.Project) { p.FundID = restricted.ID }), project.ErrExists},
		"the general fund is nobody's":  {add(func(p *project.Project) { p.FundID = ledger.GeneralFundID }), project.ErrExists},
		"agreed, and by nobody":         {add(func(p *project.Project) { p.CouncilZH = "" }), project.ErrNoConsent},
		"agreed, and on no day":         {add(func(p *project.Project) { p.AgreedOn = nil }), project.ErrNoConsent},
		"given money taken back":        {allot(given, "-10"), project.ErrRestricted},
		"an allotment of nothing":       {allot(kept, "0"), project.ErrNothing},
		"finished before it runs": {func(ctx context.Context, tx *sqlx.Tx) error {
			return project.Finish(ctx, tx, d.c.ID, kept.ID, day(3, 1), "user:1", day(3, 1))
		}, project.ErrState},
		"an outcome of no project": {func(ctx context.Context, tx *sqlx.Tx) error {
			return project.RecordOutcome(ctx, tx, d.c.ID, 99, project.Outcome{HeldOn: day(3, 1), ActivityZH: "茶会"})
		}, project.ErrNotFound},
	} {
		if err := d.try(c.verb); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, expected %v", name, err, c.want)
		}
	}
	if _, err := project.FindProject(t.Context(), d.db, d.c.ID, "nothing"); !errors.Is(err, project.ErrNotFound) {
		t.Errorf("a project that is not there: %v", err)
	}
}

func TestAllotOnce(t *testing.T) {
	t.Parallel()
	d := open(t)
	id := uuid.New()
	var p project.Project
	again := func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := project.Allot(ctx, tx, d.c.ID, p, money.MustParse("50"), day(2, 9), id, "treasurer")
		return err
	}
	d.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if p, err = project.AddProject(ctx, tx, d.c.ID, tea()); err != nil {
			return err
		}
		return again(ctx, tx)
	})
	if err := d.try(again); !errors.Is(err, ledger.ErrDuplicateSource) {
		t.Errorf("the same form twice: %v", err)
	}
}

// A seat sold at a gala stands on the account of services, but is no paid service: the year's page counts it as earned too.
func TestWhatWasSoldIsNoPaidService(t *testing.T) {
	t.Parallel()
	d := open(t)
	var p project.Project
	d.write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if p, err = project.AddProject(ctx, tx, d.c.ID, tea()); err != nil {
			return err
		}
		seat := d.entry("sale:1", day(2, 12), ledger.Bank, ledger.ServiceIncome, p.FundID, "500")
		seat.Kind = "sale"
		all, err := ledger.Post(ctx, tx, d.c.ID, seat, d.entry("fee:1", day(2, 13), ledger.Bank, ledger.ServiceIncome, p.FundID, "80"))
		if err == nil {
			_, err = ledger.Reverse(ctx, tx, d.c.ID, all[0].Seq, day(2, 14), "写错了", "treasurer")
		}
		return err
	})
	sources, err := project.Sources(t.Context(), d.db, d.c.ID, p, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	net := map[project.SourceKind]string{}
	for _, s := range sources {
		net[s.Kind] = s.Net().String()
	}
	if len(net) != 2 || net[project.Sales] != "0.00" || net[project.Services] != "80.00" {
		t.Errorf("what came: %v, want 80.00 of services and a sale that was taken back", net)
	}
}
