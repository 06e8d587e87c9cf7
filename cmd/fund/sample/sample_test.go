package sample_test

import (
	"context"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/cmd/fund/sample"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
)

// now is a Monday afternoon in Chengdu.
var now = time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC)

func load(t *testing.T) (*pgtest.Database, ledger.Community, transparency.Key) {
	t.Helper()
	db := pgtest.DB(t)
	key, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	already, err := sample.Load(t.Context(), db.App, key, "https://fund.test", now)
	if err != nil || already {
		t.Fatalf("Load: already %v, %v", already, err)
	}
	t.Logf("loaded in %v", time.Since(started))
	c, err := ledger.FindCommunity(t.Context(), db.App, sample.Slug)
	if err != nil {
		t.Fatal(err)
	}
	return db, c, key
}

func TestLoad(t *testing.T) {
	t.Parallel()
	db, c, key := load(t)
	ctx := t.Context()
	t.Run("year", func(t *testing.T) { checkYear(t, ctx, db.App, c) })
	t.Run("year value", func(t *testing.T) { checkYearValue(t, ctx, db.App, c) })
	t.Run("projects", func(t *testing.T) { checkProjects(t, ctx, db.App, c) })
	t.Run("organisations", func(t *testing.T) { checkOrganisations(t, ctx, db.App, c) })
	t.Run("running", func(t *testing.T) { checkRunning(t, ctx, db.App, c) })
	t.Run("promises", func(t *testing.T) { checkPromises(t, ctx, db.App, c) })
	t.Run("receipts", func(t *testing.T) { checkReceipts(t, db.Owner, c) })
	t.Run("selling", func(t *testing.T) { checkSelling(t, ctx, db.App, c) })
	t.Run("books", func(t *testing.T) {
		findings, err := report.Check(ctx, db.App, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			t.Error(f)
		}
	})
	t.Run("report", func(t *testing.T) { checkReport(t, ctx, db.App, c) })
	t.Run("annual", func(t *testing.T) { checkAnnual(t, ctx, db.App, c) })
	t.Run("other programs", func(t *testing.T) { checkOtherPrograms(t, ctx, db.App, c) })
	t.Run("the same clock gives the same books", func(t *testing.T) {
		other, _, _ := load(t)
		if a, b := digest(t, db.App), digest(t, other.App); a != b {
			t.Errorf("two loads differ: %s and %s", a, b)
		}
	})
	t.Run("again", func(t *testing.T) {
		if already, err := sample.Load(ctx, db.App, key, "https://fund.test", now); !already || err != nil {
			t.Errorf("a second Load: already %v, %v", already, err)
		}
	})
}

var year = [2]time.Time{ledger.Day(2017, 1, 1), ledger.Day(2017, 12, 31)}

func checkYear(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	sum, err := report.Summary(ctx, db, c, year[0], year[1])
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "opening", sum.Opening.Total(), "41870.25")
	equal(t, "income", sum.In.Total(), "312486.50")
	equal(t, "expense", sum.Out.Total(), "289395.10")
	equal(t, "closing", sum.Closing.Total(), "64961.65")
	equal(t, "closing, restricted", sum.Closing.Held, "23705.00")
	equal(t, "income, restricted", sum.In.Held, "75612.00")
	equal(t, "government money", sum.Grants, "0.00")

	sources, err := report.Sources(ctx, db, c, year[0], year[1])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"公益茶坊": "96420.00", "义卖": "47832.00", "网上捐赠": "42918.00", "报刊亭": "38615.50",
		"公益晚会": "36500.00", "红廊线下捐赠": "28894.00", "书角": "21307.00",
	}
	for _, s := range sources {
		equal(t, s.NameZH, s.Total(), want[s.NameZH])
		delete(want, s.NameZH)
	}
	if len(want) > 0 {
		t.Errorf("no income of %v", want)
	}

	months, err := report.MonthSeries(ctx, db, c, year[0], year[1])
	if err != nil {
		t.Fatal(err)
	}
	in := []string{"21840.00", "17316.50", "22905.00", "23480.00", "26312.00", "25874.00", "19960.00", "20415.00", "31268.00", "29744.00", "28906.00", "44466.00"}
	out := []string{"16230.00", "14872.40", "19655.00", "22348.00", "24180.60", "27902.00", "21476.00", "18934.50", "25610.00", "27388.00", "29746.20", "41052.40"}
	for i, m := range months {
		equal(t, m.Month.Month().String()+" in", m.Income, in[i])
		equal(t, m.Month.Month().String()+" out", m.Expense, out[i])
	}

	places, err := report.Holdings(ctx, db, c, year[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range places.Money {
		equal(t, p.NameZH, p.Amount, map[string]string{"现金": "3080.00", "银行存款": "52318.45", "微信支付待结算": "9563.20"}[p.NameZH])
	}
	var vouchers int
	if err := db.Get(&vouchers, `SELECT max(number) FROM ledger.journal_entry WHERE year = 2017`); err != nil || vouchers != 2908 {
		t.Errorf("%d vouchers in 2017, %v", vouchers, err)
	}
	var disorder int
	if err := db.Get(&disorder, `SELECT count(*) FROM (SELECT entry_date < lag(entry_date) OVER (ORDER BY seq) AS back FROM ledger.journal_entry) e WHERE back`); err != nil || disorder > 0 {
		t.Errorf("%d entries are dated before the one before them, %v", disorder, err)
	}
}

func checkProjects(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	list, err := project.ListProjects(ctx, db, c.ID, project.Filter{From: year[0], To: year[1]})
	if err != nil {
		t.Fatal(err)
	}
	served, spent, count := map[project.Theme]int{}, map[project.Theme]money.Amount{}, map[project.Theme]int{}
	all := 0
	for _, p := range list {
		served[p.Theme] += p.PersonTimes
		spent[p.Theme] = spent[p.Theme].Add(p.Spent)
		count[p.Theme]++
		all += p.PersonTimes
	}
	for _, p := range list {
		agreed, err := project.MotionOf(ctx, db, c.ID, p)
		if err != nil || agreed == nil || p.State != project.Done && p.State != project.Settled {
			t.Errorf("%s is %s, agreed by %v, %v", p.Slug, p.State, agreed, err)
		}
		whole, err := project.ProjectAt(ctx, db, c.ID, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := project.LinesOf(ctx, db, c.ID, whole)
		if err != nil || !lines.Total().Spent.Equal(whole.Spent) {
			t.Errorf("%s: its lines add up to %s of %s, %v", p.Slug, lines.Total().Spent, whole.Spent, err)
		}
	}
	if len(list) != 38 || all != 2326 {
		t.Errorf("%d projects, %d person-times", len(list), all)
	}
	for theme, want := range map[project.Theme]struct {
		projects, served int
		spent            string
	}{
		project.Elders: {11, 812, "78460.00"}, project.Children: {8, 574, "52315.00"}, project.Neighbours: {9, 468, "46890.00"},
		project.Yard: {6, 231, "48225.00"}, project.MutualAid: {4, 241, "22840.00"},
	} {
		if count[theme] != want.projects || served[theme] != want.served {
			t.Errorf("%s: %d projects, %d person-times", theme, count[theme], served[theme])
		}
		equal(t, string(theme), spent[theme], want.spent)
	}
}

func checkRunning(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	list, err := campaigns.ListCampaigns(ctx, db, c.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		raised string
		gifts  int
	}{
		"new-year-dinner": {"11232.00", 217}, "book-corner-chairs": {"1800.00", 43}, "courtyard-3-shelter": {"19680.00", 164},
		"after-school-spring": {"840.00", 9}, "everyday": {"3494.80", 54}, // 7 tips of the fair among them
		"lantern-evening": {"3420.00", 71}, "company-calls": {"1380.00", 24}, "tea-house-stove": {"960.00", 17},
	}
	for _, camp := range list {
		if !camp.Open(c.Day(now)) {
			t.Errorf("%s is published and takes no gifts", camp.Slug)
		}
		w, ok := want[camp.Slug]
		if !ok || camp.Gifts != w.gifts || camp.Result != "" {
			t.Errorf("%s: %d gifts, concluded %q", camp.Slug, camp.Gifts, camp.Result)
		}
		equal(t, camp.Slug, camp.Raised, w.raised)
		full, err := campaigns.FindCampaign(ctx, db, c.ID, camp.Slug)
		if err != nil {
			t.Fatal(err)
		}
		budget := money.Zero
		for _, b := range full.Budget {
			budget = budget.Add(b.Amount)
		}
		equal(t, camp.Slug+"'s budget", budget, camp.Goal.String())
		if camp.StoryEN == "" || camp.TitleEN == "" || camp.Certificate == "" || camp.FilingNumber == "" {
			t.Errorf("%s is not complete", camp.Slug)
		}
		delete(want, camp.Slug)
	}
	if len(want) > 0 {
		t.Errorf("not running: %v", want)
	}
	later, err := report.Summary(ctx, db, c, now, now)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "held apart, with a pool's rest", later.Apart, "22860.00")
}

func checkReceipts(t *testing.T, db *sqlx.DB, c ledger.Community) {
	var gaps []struct{ Year, Receipts, Last, Gifts int }
	err := db.Select(&gaps, `
		SELECT r.year, count(*) AS receipts, max(r.number) AS last, count(d.id) AS gifts
		  FROM receipt.receipt r LEFT JOIN campaigns.donation d ON d.community_id = r.community_id AND d.id = r.subject_id AND d.state = 'paid'
		 WHERE r.community_id = $1 AND r.series = 'donation' GROUP BY 1 ORDER BY 1`, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gaps {
		if g.Receipts != g.Last || g.Receipts != g.Gifts {
			t.Errorf("%d: %d receipts up to number %d for %d gifts", g.Year, g.Receipts, g.Last, g.Gifts)
		}
	}
	if len(gaps) == 0 || gaps[0].Year != 2017 || gaps[0].Receipts != 854 {
		t.Errorf("receipts: %+v", gaps)
	}
}

// digest is all of the books but the moments of posting and what is drawn at random to be secret.
func digest(t *testing.T, db *sqlx.DB) (s string) {
	t.Helper()
	err := db.Get(&s, `
		SELECT md5(string_agg(concat_ws('|', e.seq, e.number, e.entry_date, e.kind, e.source, e.memo, e.detail, e.posted_by, e.reverses_seq,
		           p.line, p.account_id, p.fund_id, p.amount), E'\n' ORDER BY e.seq, p.line))
		  FROM ledger.journal_entry e JOIN ledger.posting p USING (community_id, seq)`)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func equal(t *testing.T, what string, got money.Amount, want string) {
	t.Helper()
	if got.String() != want {
		t.Errorf("%s: %v, expected %s", what, got, want)
	}
}
