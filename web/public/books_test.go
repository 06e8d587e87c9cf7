package public_test

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger"
)

// book is a house whose books have two years: 2016 brought in 1,000.00; in 2017 came 500.00 and 66.00 for the dinner,
// 120.50 went out, 68.00 came by mistake and was reversed, and 200.00 was voted to a project that spent 80.25.
type book struct {
	*house
	accounts ledger.Accounts
	project  project.Project
}

func openBook(t testing.TB) *book {
	t.Helper()
	b := &book{house: open(t)}
	var err error
	if b.accounts, err = ledger.ListAccounts(t.Context(), b.Database.App, b.ID); err != nil {
		t.Fatal(err)
	}
	dinner := b.Campaign.FundID
	b.post(t, "2016-12-31", "opening", "上年结余", "", ledger.GeneralFundID, ledger.Bank, ledger.UnrestrictedNetAssets, "1000")
	b.post(t, "2017-01-05", "donation", "捐赠", "网上", ledger.GeneralFundID, ledger.Bank, ledger.OnlineDonations, "500")
	b.post(t, "2017-02-01", "expense", `=HYPERLINK("http://evil.example")`, "@SUM(A1)", ledger.GeneralFundID, ledger.ProgrammeExpense, ledger.Bank, "120.50")
	wrong := b.post(t, "2017-03-01", "income", "茶坊营业款", "", ledger.GeneralFundID, ledger.Bank, ledger.ServiceIncome, "68")
	b.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(t.Context(), tx, b.ID, wrong.Seq, ledger.Day(2017, 3, 2), "金额录错", "user:7")
		return err
	})
	b.post(t, "2017-12-31", "donation", "捐赠; 茶会", "柜台", dinner, ledger.Cash, ledger.OfflineDonations, "66")
	b.Do(t, func(tx *sqlx.Tx) (err error) {
		day := ledger.Day(2017, 4, 1)
		b.project, err = project.AddProject(t.Context(), tx, b.ID, project.Project{
			Slug: "tea", Theme: project.Elders, TitleZH: "重阳茶会", TitleEN: "Tea for elders", Year: 2017, State: project.Running,
			CouncilZH: "社区议事会", CouncilEN: "Community council", AgreedOn: &day, VotesFor: 21, VotesAgainst: 2, StartedOn: &day, Budget: yuan("200"),
			Lines: []project.BudgetLine{{NameZH: "茶点", NameEN: "Cakes", Planned: yuan("200")}},
		})
		if err != nil {
			return err
		}
		if _, err = project.Allot(t.Context(), tx, b.ID, b.project, yuan("200"), day, uuid.New(), "user:7"); err != nil {
			return err
		}
		return project.RecordOutcome(t.Context(), tx, b.ID, b.project.ID, project.Outcome{HeldOn: day, ActivityZH: "茶会", ActivityEN: "Tea party", PersonTimes: 46})
	})
	b.post(t, "2017-04-02", "expense", "茶点", "发票 1 张", b.project.FundID, ledger.ProgrammeExpense, ledger.Bank, "80.25")
	return b
}

// post posts amount from one account to another in a fund, on a day.
func (b *book) post(t testing.TB, day, kind, memo, detail string, fund int, debit, credit ledger.Purpose, amount string) (posted ledger.Posted) {
	t.Helper()
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	to, ok1 := b.accounts.By(debit)
	from, ok2 := b.accounts.By(credit)
	if !ok1 || !ok2 {
		t.Fatalf("no account for %s or %s", debit, credit)
	}
	b.Do(t, func(tx *sqlx.Tx) error {
		all, err := ledger.Post(t.Context(), tx, b.ID, ledger.Entry{
			Date: on, Kind: kind, Source: fmt.Sprintf("test:%s-%s-%s", day, amount, kind), Memo: memo, Detail: detail, PostedBy: "user:7",
			Postings: []ledger.Posting{ledger.Debit(to.ID, fund, yuan(amount)), ledger.Credit(from.ID, fund, yuan(amount))},
		})
		if err == nil {
			posted = all[0]
		}
		return err
	})
	return posted
}

func TestHomeAddsUpAndLeadsToWhatItIsMadeOf(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.seal(t)
	v := b.visitor(t)
	home := html.UnescapeString(v.get("/c/angong?year=2017").Body)
	wantIn(t, "home", home,
		"2017 年 12 月 31 日，公账里有", ">1,000.00<", ">566.00<", ">200.75<", ">1,365.25<", "¥66.00", "¥1,299.25",
		`href="/c/angong/ledger?kind=in&month=2017"`, `href="/c/angong/projects?year=2017#elders"`, "46 人次", "没有用政府拨款",
		`href="/c/angong/campaigns/dinner"`, "红字冲销 2017-3", "账目快照 第 1 号", "共 8 笔", `href="/c/angong/ledger?account=1002&month=2017"`,
		`<a href="/c/angong?year=2016">`, `class="leaf chart"`, "本年结余", "feed.atom")
	wantNot(t, "home", home, "ledger.xlsx")

	sum := func(path string, want ...string) {
		t.Helper()
		wantIn(t, path, html.UnescapeString(v.get(path).Body), want...)
	}
	sum("/c/angong/ledger?kind=in&month=2017", "收 <b>¥566.00</b>")
	sum("/c/angong/ledger?kind=out&month=2017", "支 <b>¥200.75</b>")
	sum("/c/angong/ledger?account=1002&month=2017", "1002 银行存款", "<b class=\"num\">1,299.25</b>")
	sum("/c/angong/ledger?month=2017-03", "共 2 笔", "收 <b>¥0.00</b>")
	sum("/c/angong/ledger?fund=dinner&month=2017", "收 <b>¥66.00</b>", "支 <b>¥0.00</b>")
	sum("/c/angong/funds/general?year=2017", "1,000.00", "500.00", "120.50", "200.00", "1,179.50")
	sum("/c/angong/funds/tea?year=2017", ">80.25<", "+¥200.00", "−¥80.25", ">119.75<", "它付的项目：重阳茶会")
	sum("/c/angong/projects?year=2017", "重阳茶会", "46", "80.25", "200.00")
	sum("/c/angong/projects/tea", "社区议事会", "21 票同意，2 票反对", "¥80.25", "40.1%", ">119.75<", "茶会", "46 人次", `href="/c/angong/ledger?fund=tea"`)
	sum("/c/angong/reports", "2017 年全年", `from=2017-03&to=2017-03`, "还没关账")
	sum("/c/angong/reports/statements?from=2017-04&to=2017-06", "month=2017-04_2017-06") // of its own months, whatever they are
	sum("/c/angong/reports/statements?from=2017-01&to=2017-12", "业务活动表", ">566.00<", "200.75", ">1,365.25<", "重阳茶会",
		`href="/c/angong/ledger?account=410101+410102&month=2017"`, `href="/c/angong/ledger?fund=dinner&kind=in&month=2017"`)
}

func TestBooksInEnglish(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.seal(t)
	v := b.visitor(t)
	v.lang = "en"
	for path, want := range map[string]string{
		"/c/angong?year=2017":     "The ledger of Angong",
		"/c/angong/ledger":        "Find an entry",
		"/c/angong/ledger/2017-1": "Not changed since it was written",
		"/c/angong/verify":        "Check on your own computer",
		"/c/angong/reports":       "All of 2017",
		"/c/angong/reports/statements?from=2017-01&to=2017-12":   "Total income",
		"/c/angong/projects?year=2017":                           "Tea for elders",
		"/c/angong/projects/tea":                                 "Community council",
		"/c/angong/funds/tea":                                    "Pays for: Tea for elders",
		"/c/angong/ledger?q=nothing+like+this":                   "Nothing found",
		"/c/angong/ledger/2017-3":                                "Reversed by",
		"/c/angong/ledger.csv":                                   "Net assets after",
		"/c/angong/ledger?month=2017-12&open=2017-5&fund=dinner": "Voucher 2017-5",
	} {
		if a := v.get(path); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d without %q", path, a.Status, want)
		}
	}
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	v := openBook(t).visitor(t)
	for _, path := range []string{
		"/c/nowhere", "/c/nowhere/ledger", "/c/angong?year=1999", "/c/angong?year=abc", "/c/angong/ledger/2017-99", "/c/angong/ledger/xyz",
		"/c/angong/ledger/2017-99999999999999999999", "/c/angong/ledger?fund=none", "/c/angong/ledger?account=none", "/c/angong/ledger.csv?fund=none",
		"/c/angong/funds/none", "/c/angong/projects/none", "/c/angong/log/checkpoint", "/c/angong/log/checkpoint/1", "/c/angong/log/between/1/2",
		"/c/angong/log/checkpoint/x", "/c/angong/reports/statements?from=2017-12&to=2017-01", "/c/angong/ledger?open=2017-99",
	} {
		if a := v.get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	// What a stranger makes up is no error of ours.
	for _, path := range []string{
		"/c/angong/ledger?month=abc&before=-5&kind=x", "/c/angong/ledger?before=99999999999999999999999", "/c/angong/ledger?q=%25%27%5C%E2%80%AE",
		"/c/angong/reports/statements?from=x&to=y", "/c/angong/ledger?month=99999-99",
	} {
		if a := v.get(path); a.Status != 200 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/c/angong/ledger?q=%00", "/c/angong/ledger?fund=%ff"} { // no text at all
		if a := v.get(path); a.Status != 400 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := v.get("/c/angong/ledger/2017-1/proof.txt"); a.Status != 409 || !strings.Contains(a.Body, "刚记下") {
		t.Errorf("an unsealed entry's proof: %d", a.Status)
	}
}

func TestTheReportAsPDF(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	if a := v.get("/c/angong/reports/latest.pdf"); a.Status != 409 {
		t.Errorf("before a checkpoint covers it: %d", a.Status)
	}
	b.seal(t)
	latest := v.get("/c/angong/reports/latest.pdf")
	if latest.Status != 200 || latest.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(latest.Body, "%PDF-") {
		t.Fatalf("%d %v", latest.Status, latest.Header)
	}
	if a := v.get("/c/angong/reports/donors.pdf?year=2017"); a.Status != 200 || !strings.HasPrefix(a.Body, "%PDF-") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the list of who wants to be named: %d %s", a.Status, a.Header.Get("Cache-Control"))
	} else if en := v.get("/c/angong/reports/donors.pdf?year=2017&lang=en"); en.Status != 200 || en.Body == a.Body {
		t.Errorf("asked for in English: %d, the Chinese one", en.Status)
	}
	year := "/c/angong/reports/transparency.pdf?from=2017-01&to=2017-12"
	if same := v.get(year + "&lang=zh"); same.Body != latest.Body {
		t.Error("the year's report is not the latest")
	}
	if en := v.get(year + "&lang=en"); en.Body == latest.Body || !strings.HasPrefix(en.Body, "%PDF-") {
		t.Error("the English report is not another one")
	}
	b.post(t, "2017-12-31", "income", "再来一笔", "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, "1")
	b.seal(t)
	if newer := v.get(year + "&lang=zh"); newer.Status != 200 || newer.Body == latest.Body {
		t.Error("the report is older than the books")
	}
	for _, query := range []string{"", "?from=2017-01", "?from=2017-12&to=2017-01", "?from=x&to=y"} {
		if a := v.get("/c/angong/reports/transparency.pdf" + query); a.Status != 404 {
			t.Errorf("%q: %d", query, a.Status)
		}
	}
}

func TestChooseACommunity(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	if a := v.get("/"); a.Path != "/c/angong" {
		t.Errorf("the only community is at %s", a.Path)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "yulin", NameZH: "玉林社区", NameEN: "Yulin", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		return err
	})
	wantIn(t, "index", v.get("/").Body, `href="/c/angong"`, `href="/c/yulin"`, "玉林社区")
	wantIn(t, "an empty book", v.get("/c/yulin").Body, "还没有账", "0.00")
	for _, path := range []string{"/ledger", "/reports", "/reports/statements", "/projects", "/verify", "/funds/general", "/ledger.csv", "/ledger.journal"} {
		if a := v.get("/c/yulin" + path); a.Status != 200 {
			t.Errorf("%s of an empty book: %d", path, a.Status)
		}
	}
}
