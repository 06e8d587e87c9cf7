package desk_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
)

const (
	openingPath   = "/c/angong/desk/opening"
	betweenPath   = "/c/angong/desk/between"
	budgetsPath   = "/c/angong/desk/budgets"
	assetsPath    = "/c/angong/desk/assets"
	prepaidPath   = "/c/angong/desk/prepaid"
	schedulePath  = "/c/angong/desk/schedule"
	recurringPath = schedulePath + "/recurring"
)

// rows puts lines of account, fund, debit and credit into a form.
func rows(form url.Values, lines ...[4]string) url.Values {
	for n, l := range lines {
		for i, field := range []string{"account", "fund", "debit", "credit"} {
			form.Set(fmt.Sprintf("%s-%d", field, n+1), l[i])
		}
	}
	return form
}

// found is what a page has in the parentheses of an expression.
func found(t testing.TB, body, expression string) string {
	t.Helper()
	m := regexp.MustCompile(expression).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("%s is not in %s", expression, mains(body))
	}
	return m[1]
}

func TestAccountsAreFoundAndAddedBelow(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	for typed, code := range map[string]string{"yhck": "1002", "银行": "1002", "bank dep": "1002", "5301": "5301", "guanli": "5301"} {
		body := v.get(accountsPath + "?q=" + url.QueryEscape(typed)).Body
		if codes := regexp.MustCompile(`desk/accounts/(\d+)"`).FindAllStringSubmatch(body, -1); len(codes) == 0 || codes[0][1] != code {
			t.Errorf("%s finds %v, want %s first", typed, codes, code)
		}
	}
	wantIn(t, "search", v.get(accountsPath+"?q=xxyyzz").Body, "没有叫“xxyyzz”的科目")
	for _, want := range []string{"530101", "530102"} { // the next free code, where none is typed
		wantIn(t, "card", v.get(accountsPath+"/5301").Body, "在它下面加 "+want)
		wantAt(t, v.post(accountsPath, v.form(accountsPath+"?above=5301", "above", "5301", "name_zh", "细目"+want, "name_en", want)), accountsPath+"/"+want)
	}
	h.enter(t, h.Day(time.Now()), "530102", "1001", ledger.GeneralFundID, "7.00")
	wantIn(t, "a parent has what stands below it", v.get(accountsPath).Body, "<b>管理费用</b>", "<b>7.00</b>")
}

func TestBooksAreOpenedOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.restricted(t, "soup")
	h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "30.00")
	v := h.as(t, auth.Treasurer)
	lines := [][4]string{{"1002", "general", "500", ""}, {"1502", "general", "", "20"}, {"yhck", "soup", "80", ""}}
	form := func(pairs ...string) url.Values { return rows(v.form(openingPath, pairs...), lines...) }

	a := v.post(openingPath, form("date", "2020-02-29"))
	if a.Status != 422 {
		t.Fatalf("one-sided: %d", a.Status)
	}
	wantIn(t, "one-sided", a.Body, "¥480.00", "¥80.00")

	a = v.post(openingPath, form("date", "2020-02-29", "net", "yes"))
	wantIn(t, "balanced", a.Body, `value="3101 非限定性净资产"`, `value="480.00"`, `value="3102 限定性净资产"`, `value="80.00"`)
	lines = append(lines, [4]string{"3101", "general", "", "480"}, [4]string{"3102", "soup", "", "80"})
	a = v.post(openingPath, form("date", "2020-03-05"))
	wantIn(t, "too late", a.Body, "第一笔账是2020 年 3 月 5 日的")
	lines[3] = [4]string{"4101", "general", "", "480"}
	wantIn(t, "against income", v.post(openingPath, form("date", "2020-02-29")).Body, "期初余额里没有收入和费用")
	lines[3] = [4]string{"3101", "general", "", "480"}
	a = v.post(openingPath, form("date", "2020-02-29", "note", "旧账本"))
	wantAt(t, a, journalPath+"/2020-2")
	wantIn(t, "entry", a.Body, "期初余额", "旧账本", "480.00")
	wantIn(t, "once", v.get(openingPath).Body, "期初余额已经记好", "2020-2")
}

func TestOpeningBalancesAreReadFromATable(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	a := v.upload(openingPath+"/file", "file", []byte("科目,资金用途,借方余额,贷方余额\n1002 银行存款,,\"1,200.50\",\n2209,,,200\n"), v.form(openingPath))
	wantIn(t, "read", a.Body, "读到 2 行", `value="1002 银行存款"`, `value="1200.50"`, `value="200.00"`)
	a = v.upload(openingPath+"/file", "file", []byte("科目,资金用途,借方余额,贷方余额\n1002,别的,12,\n"), v.form(openingPath))
	if a.Status != 422 {
		t.Errorf("an unknown fund: %d", a.Status)
	}
	wantIn(t, "to be mended", a.Body, "表格里有 1 处要改", "第 2 行", "没有这种资金")
}

func TestFundsLendEachOther(t *testing.T) {
	t.Parallel()
	h := open(t)
	soup := h.restricted(t, "soup")
	h.enter(t, h.Day(time.Now()), "1002", "410102", ledger.GeneralFundID, "1000.00")
	v := h.as(t, auth.Treasurer)
	lend := func(pairs ...string) answer {
		return v.post(betweenPath+"/loans", v.form(betweenPath+"/loans/new", append([]string{"from", "general", "to", "soup", "account", "1002", "date", h.today(), "why", "先垫上"}, pairs...)...))
	}
	for says, pairs := range map[string][]string{
		"没有这么多钱在那里": {"amount", "1000.01"}, "两边是同一种资金": {"amount", "1", "to", "general"}, "还的日子要在借的后面": {"amount", "1", "due", "2020-01-01"},
	} {
		if a := lend(pairs...); a.Status != 422 || !strings.Contains(a.Body, says) {
			t.Errorf("%s: %d", says, a.Status)
		}
	}
	a := lend("amount", "300")
	wantAt(t, a, betweenPath)
	wantIn(t, "list", a.Body, "¥300.00 的借款记好了", "通用款 → 绿豆汤", "借了 0 天")
	loan := found(t, a.Body, `(/c/angong/desk/between/loans/[0-9a-f-]{36})`)
	wantIn(t, "repaid too much", v.post(loan+"/repayments", v.form(loan, "amount", "301", "date", h.today())).Body, "比欠的还多")
	a = v.post(loan+"/repayments", v.form(loan, "amount", "100", "date", h.today()))
	wantAt(t, a, loan)
	wantIn(t, "loan", a.Body, "还了 ¥100.00", "200.00")
	wantNot(t, "a loan of which a part is repaid", a.Body, "记错了？")
	if held, err := ledger.FundHolds(t.Context(), h.Database.App, h.ID, soup.ID, 2); err != nil || held.String() != "200.00" {
		t.Errorf("soup has %v (%v)", held, err)
	}

	a = lend("amount", "50")
	second := found(t, strings.Replace(a.Body, loan, "", 1), `(/c/angong/desk/between/loans/[0-9a-f-]{36})`)
	a = v.post(second+"/undoing", v.form(second, "why", "记错了人", "undo_date", h.today()))
	wantIn(t, "undone", a.Body, "这笔借款红冲了", "已红冲")

	move := func(pairs ...string) answer {
		return v.post(betweenPath+"/transfers", v.form(betweenPath+"/transfers/new", append([]string{"from", "general", "to", "soup", "account", "1002", "amount", "40", "date", h.today(), "why", "议定"}, pairs...)...))
	}
	wantAt(t, move(), betweenPath)
	if a := move("from", "soup", "to", "general"); a.Status != 422 || !strings.Contains(a.Body, "专款转出要有决议") {
		t.Errorf("restricted money without a vote: %d", a.Status)
	}
	wantAt(t, move("from", "soup", "to", "general", "motion", "11 月议事会第 3 号"), betweenPath)
	wantIn(t, "journal", v.get(journalPath+"?kind=transfer").Body, "11 月议事会第 3 号")
}

func TestABudgetIsPlannedChangedAndCompared(t *testing.T) {
	t.Parallel()
	h := open(t)
	year := h.Day(time.Now()).Year()
	h.enter(t, h.Day(time.Now()), "5301", "1001", ledger.GeneralFundID, "30.00")
	h.enter(t, ledger.Day(year-1, 5, 1), "5301", "1001", ledger.GeneralFundID, "77.00")
	v := h.as(t, auth.Treasurer)
	at := fmt.Sprintf("%s/%d/general", budgetsPath, year)
	admin := get[int](t, h, `SELECT id FROM ledger.account WHERE code = '5301'`)
	sales := get[int](t, h, `SELECT id FROM ledger.account WHERE code = '4501'`)
	plan := fmt.Sprintf("plan-%d", admin)
	wantIn(t, "last year", v.get(at+"/edit").Body, "77.00")
	wantIn(t, "last year filled in", v.get(at+"/edit?from=last").Body, `name="`+plan+`" value="77.00"`)

	save := func(pairs ...string) answer { return v.post(at+"/edit", v.form(at+"/edit", pairs...)) }
	for says, pairs := range map[string][]string{
		"5301 管理费用：写成数字": {plan, "很多", "why", "x"}, "为什么这样定：这里要填": {plan, "100"},
		"十二个月加起来是 ¥90.00": {plan, "100", "by_month", "yes", fmt.Sprintf("month-%d-3", admin), "90", "why", "x"},
	} {
		if a := save(pairs...); a.Status != 422 || !strings.Contains(a.Body, says) {
			t.Errorf("%s: %d %s", says, a.Status, mains(a.Body))
		}
	}
	a := save(plan, "1,200.00", fmt.Sprintf("plan-%d", sales), "600", "why", "1 月议事会通过")
	wantAt(t, a, at)
	wantIn(t, "budget", a.Body, "第 1 版", "1 月议事会通过", "1,200.00", "30.00", "1,170.00")
	stale := v.form(at+"/edit", plan, "1300", "why", "同时改的")
	wantIn(t, "changed", save(plan, "25", "why", "减半").Body, "第 2 版", "−5.00")
	if a := v.post(at+"/edit", stale); a.Status != 422 || !strings.Contains(a.Body, "别人刚存了新的一版") {
		t.Errorf("made from an old version: %d", a.Status)
	}
	wantIn(t, "the first version", v.get(at+"/1").Body, "您在看第 1 版", "1,200.00")
	wantIn(t, "year", v.get(budgetsPath).Body, "通用款", "25.00", "−5.00")
	a = v.upload(at+"/file", "file", []byte("科目,1月,2月\n5301,10,20\n"), v.form(at+"/edit"))
	wantIn(t, "read", a.Body, "从表格读到 1 行", `value="30.00"`, fmt.Sprintf(`name="month-%d-2" value="20.00"`, admin))
	wantIn(t, "an auditor reads", h.as(t, auth.Auditor).get(at).Body, "第 2 版")
	wantIn(t, "once more", save(plan, "25", fmt.Sprintf("plan-%d", sales), "600", "why", "义卖照旧").Body, "第 3 版")
	h.Do(t, func(tx *sqlx.Tx) error { return ledger.CloseAccount(t.Context(), tx, h.ID, sales) })
	wantIn(t, "what was planned of an account closed since", v.get(at+"/edit").Body, fmt.Sprintf(`name="plan-%d" value="600.00"`, sales))
}

func TestAnAssetIsRegisteredPostedAndSold(t *testing.T) {
	t.Parallel()
	h := open(t)
	today := h.Day(time.Now())
	bought := ledger.MonthOf(today).AddDate(0, -2, 0)
	h.enter(t, bought, "1002", "410102", ledger.GeneralFundID, "5000.00")
	v := h.as(t, auth.Treasurer)
	add := func(path string, pairs ...string) answer {
		return v.post(path+"/new", v.form(path+"/new", append([]string{
			"name", "投影仪", "cost", "3600", "fund", "general", "bought_on", bought.Format(time.DateOnly), "came", "bought", "paid_from", "1002",
			"months", "36", "place", "活动室", "account", "1501", "contra", "1502", "expense", "5301",
		}, pairs...)...))
	}
	for says, pairs := range map[string][]string{
		"残值要比原价小": {"residual", "3600"}, "两个资产科目": {"contra", "1501"}, "没有这张凭证": {"came", "entry", "voucher", "2001-1"}, "写成 2026-01 这样": {"came", "before", "since", "一月"},
	} {
		if a := add(assetsPath, pairs...); a.Status != 422 || !strings.Contains(a.Body, says) {
			t.Errorf("%s: %d %s", says, a.Status, mains(a.Body))
		}
	}
	a := add(assetsPath)
	wantIn(t, "item", a.Body, "“投影仪”登记好了", "G-0001", "3,600.00", "100.00", "该记了")
	item := a.Path
	a = add(prepaidPath, "name", "房租", "cost", "1000", "months", "12", "account", "1141", "first", bought.Format("2006-01"))
	wantIn(t, "prepaid", a.Body, "T-0001", "83.33", "83.37")

	a = v.get(schedulePath)
	wantIn(t, "due", a.Body, "折旧", "摊销", "记这 2 张（¥183.33）", "记这 1 张（¥83.33）")
	for n := range 3 {
		month := bought.AddDate(0, n, 0).Format("2006-01")
		wantAt(t, v.post(schedulePath+"/"+month+"/run", v.form(schedulePath)), schedulePath)
	}
	wantIn(t, "done", v.get(schedulePath).Body, "该记的都记了")
	wantIn(t, "register", v.get(assetsPath).Body, "3,400.00", "和账上的余额一致")
	wantIn(t, "register as a table", v.get(assetsPath+".csv").Body, "G-0001,投影仪,活动室", "3600.00")

	wantIn(t, "changed", v.post(item, v.form(item, "name", "投影仪", "place", "库房")).Body, "改好了", "库房")
	a = v.post(item+"/disposal", v.form(item, "how", "sold", "gone_on", h.today(), "proceeds", "3000", "into", "1002", "leave_why", "换新的"))
	wantIn(t, "sold", a.Body, "已经出账", "卖了")
	wantIn(t, "register", v.get(assetsPath).Body, "还没有登记固定资产", "已经不在的 1 件")
	wantIn(t, "journal", v.get(journalPath+"?kind=disposal").Body, "固定资产出售：投影仪")
}

func TestAnEntryComesAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	today := h.Day(time.Now())
	h.enter(t, today.AddDate(0, -2, 0), "1002", "410102", ledger.GeneralFundID, "5000.00")
	v := h.as(t, auth.Treasurer)
	first := ledger.MonthOf(today).AddDate(0, -1, 0).Format("2006-01")
	form := func(pairs ...string) url.Values {
		return rows(v.form(recurringPath+"/new", append([]string{"memo", "房租", "day", "1", "every", "1", "first", first, "how", "ask"}, pairs...)...),
			[4]string{"5301", "general", "200", ""}, [4]string{"1002", "general", "", "200"})
	}
	if a := v.post(recurringPath+"/new", form("last", "2001-01")); a.Status != 422 || !strings.Contains(a.Body, "最后一个月在第一个月前面了") {
		t.Errorf("ends before it begins: %d", a.Status)
	}
	a := v.post(recurringPath+"/new", form())
	wantAt(t, a, schedulePath)
	wantIn(t, "due", a.Body, "“房租”存好了", "每个月 1 日", "记这 1 张（¥200.00）")
	plan := found(t, a.Body, `/recurring/([0-9a-f-]{36})`)
	this := today.Format("2006-01")
	wantIn(t, "left out", v.post(schedulePath+"/"+first+"/"+plan+"/skipping", v.form(schedulePath)).Body, "不记了")
	wantIn(t, "posted", v.post(schedulePath+"/"+this+"/"+plan+"/posting", v.form(schedulePath)).Body, "记好了", "该记的都记了")
	if a := v.post(schedulePath+"/"+this+"/"+plan+"/posting", v.form(schedulePath)); a.Status != 409 || !strings.Contains(a.Body, "已经记过，或者还没到日子") {
		t.Errorf("posted twice: %d", a.Status)
	}
	at := recurringPath + "/" + plan
	wantIn(t, "paused", v.post(at+"/pause", v.form(at)).Body, "停着")
	wantIn(t, "resumed", v.post(at+"/resumption", v.form(at)).Body, "先停一停")
	wantIn(t, "ended", v.post(at+"/end", v.form(at, "last", first)).Body, "已经结束")
	if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry WHERE kind = 'recurring'`); n != 1 {
		t.Errorf("%d entries", n)
	}
}
