package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"fund/ledger"
	"fund/web/auth"
)

const (
	accountsPath = "/c/angong/desk/accounts"
	fundsPath    = "/c/angong/desk/funds"
	trialPath    = "/c/angong/desk/statements/trial-balance"
)

func TestAnAccountIsAddedRenamedClosedAndReopened(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	add := func(pairs ...string) answer { return v.post(accountsPath, v.form(accountsPath, pairs...)) }
	for _, c := range []struct {
		pairs []string
		says  string
	}{
		{[]string{"above", "5101", "code", "0 1", "name_zh", "电", "name_en", "Power"}, "只用数字和字母"},
		{[]string{"above", "4101", "code", "01", "name_zh", "电", "name_en", "Power"}, "410101 已经有了"},
		{[]string{"above", "9999", "code", "01", "name_zh", "电", "name_en", "Power"}, "从列出的里面选一个"},
		{[]string{"above", "5101", "code", "01", "name_zh", "", "name_en", "Power"}, "中文名称：这里要填"},
	} {
		if a := add(c.pairs...); a.Status != 422 || !strings.Contains(a.Body, c.says) {
			t.Errorf("%s: %d", c.says, a.Status)
		}
	}
	a := add("above", "5101", "code", "01", "name_zh", "电费", "name_en", "Electricity")
	wantAt(t, a, accountsPath+"/510101")
	wantIn(t, "card", a.Body, "科目 510101 加好了", "电费", "这个科目还没有账")
	if kind := get[string](t, h, `SELECT type FROM ledger.account WHERE code = '510101'`); kind != "expense" {
		t.Errorf("type %s", kind)
	}

	h.enter(t, h.Day(time.Now()), "510101", "1001", ledger.GeneralFundID, "12.00")
	wantIn(t, "card", v.get(accountsPath+"/510101").Body, "测试用的账", "12.00")
	wantIn(t, "chart", v.get(accountsPath).Body, "资产", "−12.00", "12.00", "电费")

	at := accountsPath + "/510101"
	wantIn(t, "card", v.post(at, v.form(at, "name_zh", "水电费", "name_en", "Water and power")).Body, "名称改好了", "水电费")
	wantIn(t, "card", v.post(at+"/closure", v.form(at)).Body, "510101 已关闭", "重新打开")
	late := v.written(h.today(), "电费", [4]string{"510101", "general", "9", ""}, [4]string{"1001", "general", "", "9"})
	wantIn(t, "entry", v.post(journalPath, late).Body, "科目 510101 水电费 已关闭")
	wantIn(t, "card", v.post(at+"/reopening", v.form(at)).Body, "510101 又能记账了")
	if got := h.audited(t); got != "account.add account:510101\naccount.rename account:510101\naccount.close account:510101\naccount.reopen account:510101" {
		t.Errorf("audit log:\n%s", got)
	}
	if a := v.get(accountsPath + "/nowhere"); a.Status != http.StatusNotFound {
		t.Errorf("no such account: %d", a.Status)
	}
}

func TestAnAccountCardGoesBackInPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	for range 51 {
		h.enter(t, h.Day(time.Now()), "5301", "1001", ledger.GeneralFundID, "1.00")
	}
	v := h.as(t, auth.Auditor)
	first := v.get(accountsPath + "/1001")
	if n := strings.Count(first.Body, "测试用的账"); n != 50 {
		t.Fatalf("%d entries on a page", n)
	}
	wantIn(t, "first page", first.Body, `href="?before=2"`, "51.00")
	wantNot(t, "an auditor's card", first.Body, "改名、关闭")
	if n := strings.Count(v.get(accountsPath+"/1001?before=2").Body, "测试用的账"); n != 1 {
		t.Errorf("%d entries on the last page", n)
	}
	if n := strings.Count(v.get(journalPath+"?before=2").Body, "测试用的账"); n != 2 { // once for a desk, once for a phone
		t.Errorf("%d entries on the journal's last page", n)
	}
}

func TestAFundIsAddedRenamedAndClosed(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	add := func(pairs ...string) answer { return v.post(fundsPath, v.form(fundsPath, pairs...)) }
	soup := []string{"name_zh", "绿豆汤", "name_en", "Soup", "kind", "project", "tie", "held"}
	if a := add(append(soup, "code", "绿豆")...); a.Status != 422 || !strings.Contains(a.Body, "用小写字母、数字和 -") {
		t.Errorf("a code nobody can write into an address: %d", a.Status)
	}
	wantIn(t, "funds", add(append(soup, "code", "soup")...).Body, "“绿豆汤”加好了", "今年没有动过、也没有钱的 2 项")
	if a := add(append(soup, "code", "soup")...); a.Status != 422 || !strings.Contains(a.Body, "soup 已经有了") {
		t.Errorf("a code that is taken: %d", a.Status)
	}
	id := get[int](t, h, `SELECT id FROM ledger.fund WHERE code = 'soup' AND restricted`)
	h.enter(t, h.Day(time.Now()), "1001", "410102", id, "70.00")
	wantIn(t, "funds", v.get(fundsPath).Body, "70.00", "专款")

	at := fundsPath + "/soup"
	wantIn(t, "fund", v.get(at).Body, "里面还有 ¥70.00")
	if a := v.post(at+"/closure", v.form(at)); a.Status != 409 || !strings.Contains(a.Body, "这个资金用途还不能关") {
		t.Errorf("a fund with money was closed: %d", a.Status)
	}
	h.enter(t, h.Day(time.Now()), "5101", "1001", id, "70.00")
	wantIn(t, "funds", v.post(at, v.form(at, "name_zh", "绿豆汤和电风扇", "name_en", "Soup and fans")).Body, "soup 的名称改好了", "绿豆汤和电风扇")
	wantIn(t, "funds", v.post(at+"/closure", v.form(at)).Body, "“绿豆汤和电风扇”已关闭")
	wantIn(t, "funds", v.post(at+"/reopening", v.form(at)).Body, "“绿豆汤和电风扇”又能记账了")
	if a := v.post(fundsPath+"/general/closure", v.form(at)); a.Status != 409 {
		t.Errorf("the general fund was closed: %d", a.Status)
	}
	if got := h.audited(t); got != "fund.add fund:soup\nfund.rename fund:soup\nfund.close fund:soup\nfund.reopen fund:soup" {
		t.Errorf("audit log:\n%s", got)
	}
}

func TestTheTrialBalanceOfAnySpan(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.enter(t, ledger.Day(2020, 3, 5), "1001", "410102", ledger.GeneralFundID, "100.00")
	h.enter(t, ledger.Day(2020, 4, 5), "5301", "1001", ledger.GeneralFundID, "30.00")
	v := h.as(t, auth.Auditor)
	a := v.get(trialPath + "?from=2020-04&to=2020-04")
	wantIn(t, "trial balance", a.Body, "平衡：", "2020 年 4 月 1 日", "2020 年 4 月 30 日", ">70.00<", ">30.00<", ">100.00<")
	wantIn(t, "turned round", v.get(trialPath+"?from=2020-04&to=2020-03").Body, "2020 年 3 月 1 日", "2020 年 4 月 30 日")
	wantIn(t, "this year", v.get(trialPath+"?from=nonsense").Body, "平衡：", "以前年度结余")

	csv := v.get(trialPath + ".csv?from=2020-03&to=2020-04")
	if kind := csv.Header.Get("Content-Type"); kind != "text/csv; charset=utf-8" {
		t.Errorf("content type %q", kind)
	}
	want := "\ufeff科目代码,科目,期初余额 借方,期初余额 贷方,本期发生额 借方,本期发生额 贷方,期末余额 借方,期末余额 贷方\n" +
		"1001,现金,,,100.00,30.00,70.00,\n410102,线下捐赠,,,,100.00,,100.00\n5301,管理费用,,,30.00,,30.00,\n" +
		",合计,0.00,0.00,130.00,130.00,100.00,100.00\n"
	if csv.Body != want {
		t.Errorf("csv:\n%s\nwant:\n%s", csv.Body, want)
	}
}
