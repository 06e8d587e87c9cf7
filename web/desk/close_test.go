package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/box"
	"fund/campaigns/sale"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/reconcile"
	"fund/ledger/schedule"
	"fund/web/auth"
)

// realAsks are what cmd/fund asks before a month is closed.
var realAsks = []ledger.CloseAsk{reconcile.CloseItems, campaigns.CloseItems, box.CloseItems, sale.CloseItems, spending.CloseItems, schedule.CloseItems, budget.CloseItems, ledger.CloseItems}

func TestAClosedMonthTakesNothingUntilTwoReopenIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, council := h.as(t, auth.Treasurer), h.as(t, auth.CouncilMember)
	h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "30.00")
	wantIn(t, "dashboard", v.get("/c/angong/desk").Body, "1 个月还没关账", "先关 2020 年 3 月")
	page := v.get(periodsPath)
	wantIn(t, "months", page.Body, "3 月", "还没关账", "支 30.00", "关 3 月 的账")
	a := v.post(periodsPath+"/2020-03/closure", fields(page.Body))
	wantAt(t, a, periodsPath+"/2020-03")
	wantIn(t, "month", a.Body, "2020 年 3 月已关账", "王treasurer 在")
	wantNot(t, "dashboard", v.get("/c/angong/desk").Body, "个月还没关账")

	late := v.written("2020-03-28", "补记电费", [4]string{"5301", "general", "9", ""}, [4]string{"1001", "general", "", "9"})
	if a := v.post(journalPath, late); a.Status != 422 || !strings.Contains(a.Body, "2020 年 3 月已关账") {
		t.Errorf("posted into a closed month: %d", a.Status)
	}
	if a := v.post(periodsPath+"/2020-03/reopening", fields(page.Body)); a.Status != 422 || !strings.Contains(a.Body, "为什么重开：这里要填") {
		t.Errorf("asked without a reason: %d", a.Status)
	}
	a = v.post(periodsPath+"/2020-03/reopening", fields(page.Body, "why", "补记 3 月 28 日的电费"))
	wantIn(t, "months", a.Body, "要另外一个人同意", "王treasurer申请重开 3 月", "补记 3 月 28 日的电费", "以前要有另外一个人同意")
	wantNot(t, "months of who asked", a.Body, "同意重开 3 月")
	if a := v.post(periodsPath+"/2020-03/reopening", fields(page.Body, "why", "再写一次")); a.Status != 409 || !strings.Contains(a.Body, "已经有人申请了") {
		t.Errorf("asked twice: %d", a.Status)
	}
	if a := v.post(periodsPath+"/2020-03/reopening/1", fields(page.Body)); a.Status != 409 || !strings.Contains(a.Body, "申请的人自己不能同意") {
		t.Errorf("one person alone: %d", a.Status)
	}
	if a := v.post(journalPath, late); a.Status != 422 {
		t.Errorf("posted while it is closed: %d", a.Status)
	}
	page = council.get(periodsPath)
	wantIn(t, "months of another", page.Body, "同意重开 3 月")
	if a := council.post(periodsPath+"/2020-04/reopening/1", fields(page.Body)); a.Status != 404 {
		t.Errorf("the request of another month: %d", a.Status)
	}
	a = council.post(periodsPath+"/2020-03/reopening/1", fields(page.Body))
	wantIn(t, "months", a.Body, "2020 年 3 月重开了", "司库申请，议事会成员同意", "补记 3 月 28 日的电费")
	wantIn(t, "public", h.visitor(t).get("/c/angong/reports").Body, "司库申请，议事会成员同意", "补记 3 月 28 日的电费")
	wantIn(t, "entry", v.post(journalPath, late).Body, "已过账")
	if got := h.audited(t); !strings.HasPrefix(got, "period.close period:2020-03\nperiod.ask period:2020-03\nperiod.reopen period:2020-03\nentry.post manual:") {
		t.Errorf("audit log:\n%s", got)
	}

	page = v.get(periodsPath)
	this := h.today()[:7]
	if a := v.post(periodsPath+"/"+this+"/closure", fields(page.Body)); a.Status != 409 || !strings.Contains(a.Body, "这个月还没过完") {
		t.Errorf("the month that runs was closed: %d", a.Status)
	}
	if a := v.post(periodsPath+"/march/closure", fields(page.Body)); a.Status != 404 {
		t.Errorf("a month that is none: %d", a.Status)
	}
}

func TestAMonthSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Staff.Asks = realAsks
	v := h.as(t, auth.Treasurer)
	h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "130.00")
	const month = periodsPath + "/2020-03"
	page := v.get(month)
	wantIn(t, "the list", page.Body, "3 月结账", "件事做完", "月底是负的 130.00 元", "1 笔支出没有票据", "关账（还差 1 件）", "试算平衡", "为什么不等它做完")
	if a := v.post(month+"/closure", fields(page.Body, "why-evidence", "发票在邮寄路上")); a.Status != 422 || !strings.Contains(a.Body, "先处理好") || !strings.Contains(a.Body, `value="发票在邮寄路上"`) {
		t.Errorf("closed with negative cash: %d\n%s", a.Status, mains(a.Body))
	}
	h.enter(t, ledger.Day(2020, 3, 6), "1001", "410102", ledger.GeneralFundID, "200.00")
	page = v.get(month)
	wantIn(t, "the list", page.Body, "写明 1 条理由，关账")
	if a := v.post(month+"/closure", fields(page.Body)); a.Status != 422 || !strings.Contains(a.Body, "或写明理由") {
		t.Errorf("closed without a reason: %d", a.Status)
	}
	a := v.post(month+"/closure", fields(page.Body, "why-evidence", "发票在邮寄路上"))
	wantIn(t, "the month", a.Body, "2020 年 3 月已关账", "没做完也关账的理由：", "发票在邮寄路上", "试算平衡")
	wantIn(t, "public", h.visitor(t).get("/c/angong/reports").Body, "1 笔支出没有票据", "发票在邮寄路上")
	h.enter(t, ledger.Day(2020, 4, 6), "1001", "410102", ledger.GeneralFundID, "1.00")
	wantIn(t, "the month as it was closed", v.get(month).Body, "发票在邮寄路上")
}

func TestAYearIsClosedOnThePage(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, council := h.as(t, auth.Treasurer), h.as(t, auth.CouncilMember)
	h.enter(t, ledger.Day(2020, 3, 5), "1001", "410102", ledger.GeneralFundID, "30.00")
	page := v.get(periodsPath)
	wantNot(t, "months", page.Body, "结转 2020 年")
	if a := v.post("/c/angong/desk/years/2020/closure", fields(page.Body)); a.Status != 409 || !strings.Contains(a.Body, "有的月份还没关账") {
		t.Errorf("closed with an open month: %d", a.Status)
	}
	v.post(periodsPath+"/2020-03/closure", fields(page.Body))
	wantIn(t, "months", v.get(periodsPath).Body, "结转 2020 年", "报表一个数也不变")
	a := v.post("/c/angong/desk/years/2020/closure", fields(page.Body))
	wantIn(t, "months", a.Body, "2020 年已结转", "年末已结转", "收 30.00")
	wantIn(t, "journal", v.get(journalPath).Body, "2020 年末结转：收入和费用转入净资产")
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.AskReopening(t.Context(), tx, h.ID, ledger.Day(2020, time.March, 1), "user:x", "treasurer", "补记")
		return err
	})
	page = council.get(periodsPath)
	wantNot(t, "months", council.post(periodsPath+"/2020-03/reopening/1", fields(page.Body)).Body, "年末已结转")
	if a := v.post("/c/angong/desk/years/"+h.today()[:4]+"/closure", v.form(periodsPath)); a.Status != 409 {
		t.Errorf("the year that runs was closed: %d", a.Status)
	}
}

func TestMoneyIsIdentifiedLater(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	soup := h.restricted(t, "soup")
	h.enter(t, ledger.Day(2020, 3, 5), "1002", "220901", ledger.GeneralFundID, "300.00")
	page := v.get("/c/angong/desk/suspense")
	wantIn(t, "the list", page.Body, "待查的款", "300.00", "认出来了")
	page = v.get("/c/angong/desk/suspense?entry=1")
	if a := v.post("/c/angong/desk/suspense", fields(page.Body, "account", "220901", "fund", "soup", "memo", "李** 的捐款")); a.Status != 422 || !strings.Contains(a.Body, "不能是待查款项自己") {
		t.Errorf("moved to itself: %d", a.Status)
	}
	a := v.post("/c/angong/desk/suspense", fields(page.Body, "account", "410102", "fund", "soup", "memo", "李** 的捐款"))
	wantIn(t, "the list", a.Body, "已经转过去：李** 的捐款", "没有待查的款")
	if got := get[string](t, h, `SELECT net_assets::text FROM ledger.fund_balance WHERE fund_id = $1`, soup.ID); got != "300.00" {
		t.Errorf("the fund has %s", got)
	}
}
