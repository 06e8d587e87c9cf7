package public_test

import (
	"encoding/csv"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
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
	b.do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(t.Context(), tx, b.ID, wrong.Seq, ledger.Day(2017, 3, 2), "金额录错", "user:7")
		return err
	})
	b.post(t, "2017-12-31", "donation", "捐赠; 茶会", "柜台", dinner, ledger.Cash, ledger.OfflineDonations, "66")
	b.do(t, func(tx *sqlx.Tx) (err error) {
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
	b.do(t, func(tx *sqlx.Tx) error {
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
		`<a href="/c/angong?year=2016">`, `class="leaf chart"`, "年末结余")
	wantNot(t, "home", home, "feed.atom", "ledger.xlsx")

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
	sum("/c/angong/projects/tea", "社区议事会", "21 票同意，2 票反对", "¥80.25", "40.1%", "¥119.75", "茶会", "46 人次", `href="/c/angong/ledger?fund=tea"`)
	sum("/c/angong/reports", "2017 年全年", `from=2017-03&to=2017-03`, "还没关账")
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
		"/c/angong/ledger?q=nothing+like+this":                   "No such entry",
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
		"/c/angong/ledger?month=abc&before=-5&kind=x", "/c/angong/ledger?before=99999999999999999999999", "/c/angong/ledger?q=%25%27%5C%00%E2%80%AE",
		"/c/angong/reports/statements?from=x&to=y", "/c/angong/ledger?month=99999-99",
	} {
		if a := v.get(path); a.Status != 200 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := v.get("/c/angong/ledger/2017-1/proof.txt"); a.Status != 409 || !strings.Contains(a.Body, "刚记下") {
		t.Errorf("an unsealed entry's proof: %d", a.Status)
	}
}

func TestAnEntryAndItsProof(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	wantIn(t, "unsealed", v.get("/c/angong/ledger/2017-3").Body, "还没进账目快照")
	b.seal(t)
	wrong := v.get("/c/angong/ledger/2017-3").Body
	wantIn(t, "entry", wrong, "茶坊营业款", "1002", "银行存款", "合计（借贷相等）", "68.00", "工作人员 7 号记", "已被红字冲销", `href="/c/angong/ledger/2017-4"`,
		"写下后没有被改过", "第 1 号账目快照", "3 步", "fund.test", `href="/c/angong/ledger/2017-3/proof.txt"`)
	wantIn(t, "reversal", v.get("/c/angong/ledger/2017-4").Body, `<span class="mark red">红</span>`, "这一笔红字冲销", `href="/c/angong/ledger/2017-3"`, "−¥68.00")

	text := v.get("/c/angong/ledger/2017-3/proof.txt").Body
	record, rest, found := strings.Cut(text, "\nc2sp.org/tlog-proof@v1\n")
	proof, err := transparency.ParseProof("c2sp.org/tlog-proof@v1\n" + rest)
	if !found || err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	if _, err := proof.Verify([]byte(record+"\n"), b.Key.Verifier()); err != nil {
		t.Error(err)
	}
	if _, err := proof.Verify([]byte(strings.Replace(record, "68.00", "69.00", 1)+"\n"), b.Key.Verifier()); err == nil {
		t.Error("a changed record is proven too")
	}
	hash := regexp.MustCompile(`class="hash">([0-9a-f]{64})<`).FindStringSubmatch(wrong)
	if stored := get[string](t, b.house, `SELECT encode(hash, 'hex') FROM transparency.leaf WHERE leaf_index = 3`); hash == nil || hash[1] != stored {
		t.Errorf("fingerprint %v, stored %s", hash, stored)
	}

	// Somebody with the owner's rights changes the entry behind the guards' back: the page says so.
	b.Owner.MustExec(`ALTER TABLE ledger.journal_entry DISABLE TRIGGER ALL; UPDATE ledger.journal_entry SET memo = '别的' WHERE seq = 4; ALTER TABLE ledger.journal_entry ENABLE TRIGGER ALL`)
	changed := v.get("/c/angong/ledger/2017-3").Body
	wantIn(t, "changed entry", changed, "对不上：现在的内容算不到签过名的快照")
	wantNot(t, "changed entry", changed, "写下后没有被改过")
}

func TestLogIsPublished(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.seal(t)
	v := b.visitor(t)
	by, err := transparency.ParseVerifier(v.get("/c/angong/log/key").Body)
	if err != nil {
		t.Fatal(err)
	}
	older, err := transparency.OpenCheckpoint(v.get("/c/angong/log/checkpoint").Body, by)
	if err != nil || older.Size != 8 {
		t.Fatalf("%+v, %v", older, err)
	}
	b.post(t, "2017-12-31", "income", "再来一笔", "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, "1")
	b.seal(t)
	newer, err := transparency.OpenCheckpoint(v.get("/c/angong/log/checkpoint/2").Body, by)
	if err != nil || newer.Size != 9 {
		t.Fatalf("%+v, %v", newer, err)
	}
	proof := v.get("/c/angong/log/between/1/2").Body
	path, err := hashes(proof)
	if err != nil {
		t.Fatal(err)
	}
	if err := transparency.Extends(older, newer, path); err != nil {
		t.Error(err)
	}
	if err := transparency.Extends(older, newer, path[1:]); err == nil {
		t.Error("a proof with a hash less proves the same")
	}
	wantIn(t, "verify", html.UnescapeString(v.get("/c/angong/verify").Body), newer.Note[:40], v.get("/c/angong/log/key").Body[:20], "第 2 号", "9 笔账")
}

func TestPagesOfTheLedgerLoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for i := range 120 {
		b.post(t, "2017-05-01", fmt.Sprintf("kind_%c", 'a'+i%26), fmt.Sprintf("第 %d 笔", i), "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, fmt.Sprintf("%d.%02d", i+1, i%100))
	}
	v := b.visitor(t)
	number := regexp.MustCompile(`<td class="no"><a href="/c/angong/ledger/(\d+-\d+)">`)
	earlier := regexp.MustCompile(`<a class="btn" href="([^"]*)">更早的账</a>`)
	seen, pages := map[string]bool{}, 0
	for path := "/c/angong/ledger?month=2017&kind=in"; path != ""; pages++ {
		body := v.get(path).Body
		for _, m := range number.FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Errorf("%s stands on two pages", m[1])
			}
			seen[m[1]] = true
		}
		path = ""
		if m := earlier.FindStringSubmatch(body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
			// Meanwhile somebody posts: no page moves.
			b.post(t, "2017-06-01", "income", "插进来的", "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, fmt.Sprintf("9%d.99", pages))
		}
	}
	want := get[int](t, b.house, `SELECT count(*) FROM ledger.journal_entry WHERE year = 2017 AND income <> 0 AND memo <> '插进来的'`)
	if len(seen) != want || pages != 3 {
		t.Errorf("%d entries on %d pages, want %d on 3", len(seen), pages, want)
	}
}

func TestFindingAnEntry(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	rows := regexp.MustCompile(`<td class="no"><a href="/c/angong/ledger/(\d+-\d+)">`)
	for query, want := range map[string]string{
		"q=茶坊":                               "[2017-3]",
		"q=120.50":                           "[2017-2]",
		"q=¥120.50":                          "[2017-2]",
		"q=66":                               "[2017-5]",
		"q=%25":                              "[]",
		"fund=dinner":                        "[2017-5]",
		"fund=tea":                           "[2017-7 2017-6]",
		"account=1001":                       "[2017-5]",
		"account=1001+5101":                  "[2017-7 2017-5 2017-2]",
		"month=2016":                         "[2016-1]",
		"month=2017-02":                      "[2017-2]",
		"kind=out":                           "[2017-7 2017-2]",
		"month=2017-03&q=%E7%BA%A2%E5%AD%97": "[2017-4]",
	} {
		var got []string
		for _, m := range rows.FindAllStringSubmatch(v.get("/c/angong/ledger?"+query).Body, -1) {
			got = append(got, m[1])
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	if a := v.get("/c/angong/ledger?q=2017-3"); a.Path != "/c/angong/ledger/2017-3" {
		t.Errorf("a voucher number leads to %s", a.Path)
	}
}

func TestTheBookAsATable(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	a := v.get("/c/angong/ledger.csv?month=2017")
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") || !strings.Contains(a.Header.Get("Content-Disposition"), "angong-ledger.csv") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
	if err != nil || !strings.HasPrefix(a.Body, "\ufeff") {
		t.Fatal(err)
	}
	in, out := money.Zero, money.Zero
	for _, row := range rows[1:] {
		for _, cell := range []string{row[3], row[4], row[5]} {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") {
				t.Errorf("cell %q is a formula", cell)
			}
		}
		for i, sum := range map[int]*money.Amount{7: &in, 8: &out} {
			if row[i] != "" {
				amount, err := money.ParseSigned(row[i])
				if err != nil {
					t.Fatal(err)
				}
				*sum = sum.Add(amount)
			}
		}
	}
	if len(rows) != 8 || in.String() != "566.00" || out.String() != "200.75" {
		t.Errorf("%d rows, in %v, out %v", len(rows), in, out)
	}
	wantIn(t, "csv", a.Body, `"'=HYPERLINK(""http://evil.example"")"`, "'@SUM(A1)", "-68.00")
	if en := v.get("/c/angong/ledger.csv?lang=en&fund=dinner"); strings.Count(en.Body, "\n") != 2 || !strings.Contains(en.Body, "Date,Voucher") {
		t.Errorf("english, of one fund: %s", en.Body)
	}
}

func TestTheBookForHLedger(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	journal := b.visitor(t).get("/c/angong/ledger.journal").Body
	posting := regexp.MustCompile(`^    (\w+):(\S+) [^;]*?  CNY (-?\d+\.\d\d)  ; fund:(\S+)$`)
	sums, entries := map[string]money.Amount{}, 0
	var rest money.Amount
	for line := range strings.Lines(journal) {
		line = strings.TrimSuffix(line, "\n")
		if m := posting.FindStringSubmatch(line); m != nil {
			amount, err := money.ParseSigned(m[3])
			if err != nil {
				t.Fatal(err)
			}
			sums[m[2]+" "+m[4]], rest = sums[m[2]+" "+m[4]].Add(amount), rest.Add(amount)
		} else if strings.HasPrefix(line, "    ") {
			t.Errorf("unreadable posting %q", line)
		} else if strings.HasPrefix(line, "201") {
			entries++
			if !rest.IsZero() {
				t.Errorf("before %q the postings leave %v", line, rest)
			}
		}
	}
	var rows []struct {
		Code, Fund string
		Sum        money.Amount
	}
	if err := b.Owner.Select(&rows, `SELECT a.code, f.code AS fund, sum(p.amount) AS sum FROM ledger.posting p JOIN ledger.account a ON a.id = p.account_id AND a.community_id = p.community_id
		JOIN ledger.fund f ON f.id = p.fund_id AND f.community_id = p.community_id GROUP BY 1, 2`); err != nil {
		t.Fatal(err)
	}
	if entries != 8 || len(rows) != len(sums) {
		t.Errorf("%d entries, %d sums, want 8 and %d", entries, len(sums), len(rows))
	}
	for _, r := range rows {
		if got := sums[r.Code+" "+r.Fund]; !got.Equal(r.Sum) {
			t.Errorf("%s in %s: %v, want %v", r.Code, r.Fund, got, r.Sum)
		}
	}
	wantIn(t, "journal", journal, "2017-12-31 * (2017-5) 捐赠； 茶会 | 柜台", "account assets:1002 银行存款  ; Bank deposits", "reverses:4")
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

func TestVerifyingAReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	given := v.give("amount", "50.00")
	serial := get[string](t, h, `SELECT year || '-' || lpad(number::text, 6, '0') FROM receipt.receipt`)
	code := get[string](t, h, `SELECT check_code FROM receipt.receipt`)
	check := func(serial, code string) answer {
		return v.post("/c/angong/verify", v.form("/c/angong/verify", "receipt_number", serial, "check_code", code))
	}
	if a := check(serial, strings.ToLower(strings.ReplaceAll(code, "-", " "))); a.Path != given.Path {
		t.Errorf("the right number and code lead to %s (%d)", a.Path, a.Status)
	}
	wrongCode, wrongNumber := check(serial, "0000-0000"), check("2017-000001", code)
	for _, a := range []answer{wrongCode, wrongNumber, check("no number", "no code")} {
		if a.Status != 422 {
			t.Errorf("refused with %d", a.Status)
		}
		wantIn(t, "refusal", a.Body, "收据号和校验码对不上")
	}
	said := regexp.MustCompile(`(?s)role="alert".*?</div>`)
	if one, two := said.FindString(wrongCode.Body), said.FindString(wrongNumber.Body); one == "" || one != two {
		t.Errorf("a wrong code is told from a wrong number: %q, %q", one, two)
	}
	wantIn(t, "blank", check("", "").Body, "收据号：这里要填", "校验码：这里要填")
	wantIn(t, "typed", check("2017-7", "abc").Body, `value="2017-7"`, `value="abc"`)
	if a := v.post("/c/angong/verify", url.Values{"receipt_number": {serial}, "check_code": {code}}); a.Status != 403 {
		t.Errorf("a form of somebody else: %d", a.Status)
	}
	if h.tried["verify"] == 0 {
		t.Error("the tries are not counted")
	}
	h.refuse = "verify"
	if a := check(serial, code); a.Status != 429 {
		t.Errorf("too many tries: %d", a.Status)
	}
}

func TestChooseACommunity(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	if a := v.get("/"); a.Path != "/c/angong" {
		t.Errorf("the only community is at %s", a.Path)
	}
	h.do(t, func(tx *sqlx.Tx) error {
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

// hashes reads a consistency proof.
func hashes(text string) (path []tlog.Hash, err error) {
	for line := range strings.Lines(text) {
		hash, err := tlog.ParseHash(strings.TrimSpace(line))
		if err != nil {
			return nil, err
		}
		path = append(path, hash)
	}
	return path, nil
}
