package desk_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/auth"
	"fund/web/webtest"
)

const (
	poolsPath  = "/c/angong/desk/pools"
	inKindPath = "/c/angong/desk/in-kind"
)

func TestGoodsAreTakenOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	cashier := h.as(t, auth.Cashier)
	tab := webtest.Open(t)
	enter(t, tab, cashier)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740), chromedp.Navigate(h.Base+inKindPath+"?lang=zh"),
		chromedp.SendKeys(chromedp.CSS("#f-what_zh"), "大米 20 袋"), chromedp.SendKeys(chromedp.CSS("#f-value"), "760"),
		chromedp.SendKeys(chromedp.CSS("#f-valued_by"), "按超市标价"), chromedp.SendKeys(chromedp.CSS("#f-giver"), "李建国"))
	webtest.Tell[string](t, tab, `document.querySelector("#f-campaign").value = "1"`)
	if seen := webtest.Tell[bool](t, tab, `document.querySelector("#f-hours").offsetParent !== null`); seen {
		t.Error("goods are asked for hours")
	}
	webtest.Run(t, tab, chromedp.Click(`//button[text()="记下来"]`), chromedp.WaitVisible(chromedp.CSS(".scan svg")))
	text, wide := webtest.Tell[string](t, tab, `document.querySelector("main").innerText`), webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`)
	if !strings.Contains(text, "大米 20 袋") || !strings.Contains(text, "¥760.00") || wide > 0 {
		t.Errorf("%d px too wide, says %q", wide, text)
	}
	if got := get[string](t, h, `SELECT k.value || ' ' || r.series || ' ' || e.kind FROM campaigns.in_kind k JOIN receipt.receipt r ON r.subject_id = k.id JOIN ledger.journal_entry e ON e.seq = k.entry_seq`); got != "760.00 in_kind in_kind" {
		t.Error(got)
	}
	if raised := get[string](t, h, `SELECT raised::text FROM campaigns.tally`); raised != "0.00" {
		t.Errorf("goods count as %s of money", raised)
	}
}

func TestHoursAreCountedAndUndone(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer := h.as(t, auth.Treasurer)
	day := day(0)
	again := treasurer.post(inKindPath, treasurer.form(inKindPath, "sort", "hours", "what_zh", "扎灯架", "hours", "6.7", "received_on", day))
	if !strings.Contains(again.Body, "例如 6 或 6.5") || again.Status != 422 && again.Status != 200 {
		t.Errorf("6.7 hours: %d", again.Status)
	}
	taken := treasurer.post(inKindPath, treasurer.form(inKindPath, "sort", "hours", "what_zh", "扎灯架", "hours", "6.5", "received_on", day))
	if !strings.Contains(taken.Body, "6.5 小时") || get[int](t, h, `SELECT count(*) FROM ledger.journal_entry`) != 0 {
		t.Errorf("hours: %d at %s", taken.Status, taken.Path)
	}
	treasurer.post(taken.Path+"/undoing", treasurer.form(taken.Path, "reason", "记错了"))
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.in_kind WHERE undone_at IS NOT NULL`); n != 1 {
		t.Errorf("%d are undone", n)
	}
}

func TestAPoolIsOpenedAndClosed(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	from, to := day(0), day(20)
	form := treasurer.form(poolsPath, "laid", "500", "sponsor_zh", "王记面馆", "campaign", "1", "rate", "100", "donor_max", "100", "starts_on", from, "ends_on", to, "rest", "general")
	wantAt(t, treasurer.post(poolsPath, form), poolsPath+"/1")
	if twice := treasurer.post(poolsPath, form); !strings.Contains(twice.Body, "这一笔已经开过池了") {
		t.Errorf("pressed twice: %d at %s", twice.Status, twice.Path)
	}
	gift := treasurer.take("amount", "150")
	if page := treasurer.get(donationsPath + "/" + gift).Body; !strings.Contains(page, `href="/c/angong/desk/pools/1">¥100.00`) {
		t.Error("the gift's page does not show its match")
	}
	if page := treasurer.get(poolsPath + "/1").Body; !strings.Contains(page, "王记面馆") || !strings.Contains(page, "¥400.00") {
		t.Error("the pool's page does not show its rest of 400")
	}
	wantAt(t, treasurer.post(poolsPath+"/1/sponsor", treasurer.form(poolsPath+"/1", "sponsor_zh", "")), poolsPath+"/1")
	if page := treasurer.get(poolsPath + "/1").Body; strings.Contains(page, "王记面馆") {
		t.Error("the sponsor's name is not taken back")
	}
	wantAt(t, treasurer.post(poolsPath+"/1/closure", treasurer.form(poolsPath+"/1")), poolsPath+"/1")
	if got := get[string](t, h, `SELECT net_assets::text FROM ledger.fund_balance WHERE fund_id = 1`); got != "400.00" {
		t.Errorf("the general fund has %s", got)
	}
	rest := treasurer.post(poolsPath, treasurer.form(poolsPath, "laid", "1", "rate", "100", "starts_on", from, "ends_on", to, "rest", "campaign"))
	if !strings.Contains(rest.Body, "先选一次募捐") {
		t.Errorf("the rest to no campaign: %d", rest.Status)
	}
	if lookers := h.as(t, auth.Cashier).get(poolsPath); lookers.Status != 403 {
		t.Errorf("a cashier sees the pools: %d", lookers.Status)
	}
}

// somePool opens a pool that has matched a gift, and gives its page.
func (h *house) somePool(t testing.TB, treasurer *visitor) string {
	t.Helper()
	from, to := day(0), day(20)
	wantAt(t, treasurer.post(poolsPath, treasurer.form(poolsPath, "laid", "5000", "sponsor_zh", "王记面馆", "rate", "100", "donor_max", "300", "starts_on", from, "ends_on", to, "rest", "sponsor")), poolsPath+"/1")
	treasurer.take("amount", "66")
	return poolsPath + "/1"
}

// someGoods takes a gift of goods, and gives its page.
func (h *house) someGoods(t testing.TB, treasurer *visitor) string {
	t.Helper()
	return treasurer.post(inKindPath, treasurer.form(inKindPath, "sort", "goods", "what_zh", "大米 20 袋（每袋 5 公斤）", "what_en", "20 bags of rice", "campaign", "1",
		"value", "760", "valued_by", "陈出纳，按超市标价", "use", "kept", "giver", "李建国", "received_on", day(0))).Path
}

// Further goals and an event are written down in the form, and each goal lies above the one before.
func TestACampaignHasFurtherGoals(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer := h.as(t, auth.Treasurer)
	low := treasurer.post(campaignsPath+"/new", dinner(treasurer, "fund", "event", "s1_amount", "100", "s1_title_zh", "太少了"))
	if !strings.Contains(low.Body, "要比前一个目标") {
		t.Errorf("a lower goal: %d at %s", low.Status, low.Path)
	}
	wantAt(t, treasurer.post(campaignsPath+"/new", dinner(treasurer, "fund", "event", "s1_amount", "90000", "s1_title_zh", "再请一台戏")), campaignsPath+"/1")
	if got := get[string](t, h, `SELECT target || ' ' || (stretch->0->>'amount') || ' ' || (stretch->0->>'title_zh') FROM campaigns.campaign`); got != "event 90000.00 再请一台戏" {
		t.Error(got)
	}
	if form := treasurer.get(campaignsPath + "/1/edit").Body; !strings.Contains(form, "再请一台戏") {
		t.Error("the form has lost the goal")
	}
}
