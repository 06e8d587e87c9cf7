package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"fund/campaigns/giver"
	"fund/web/auth"
	"fund/web/webtest"
)

// inByReceipt lets a visitor in as the holder of a gift's receipt, and gives the gift's page.
func (v *visitor) inByReceipt(donation string) answer {
	v.Helper()
	token := get[string](v, v.house, `SELECT token FROM receipt.receipt WHERE subject_id = $1`, donation)
	return v.post("/c/angong/mine/receipt", v.form("/c/angong/mine", "token", token))
}

const requestsPath = "/c/angong/desk/refund-requests"

func TestARefundIsAskedForAndApproved(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer, holder := h.as(t, auth.Treasurer), h.visitor(t)
	wantIn(t, "nothing yet", treasurer.get(requestsPath).Body, "没有退款申请")
	first, second := treasurer.take("amount", "66.50"), treasurer.take("amount", "30.00")
	at := holder.inByReceipt(first)
	wantIn(t, "gift", holder.post(at.Path+"/refund", holder.form(at.Path, "reason", "多按了一个六")).Body, "会计还没答复")
	list := treasurer.get(requestsPath)
	wantIn(t, "list", list.Body, "¥66.50", "捐赠人说：多按了一个六", "等您答复")
	form := fields(list.Body, "press", "approve")
	request := requestsPath + "/" + get[string](t, h, `SELECT id FROM giver.refund_request`)
	wantAt(t, treasurer.post(request, form), requestsPath)
	if got := treasurer.post(request, form); got.Status != http.StatusConflict {
		t.Errorf("approved twice: %d", got.Status)
	}
	wantIn(t, "gift", holder.get(at.Path).Body, "已经同意退回 ¥66.50", "已经全部退回给您了")
	if sum := get[string](t, h, `SELECT sum(amount) || ' ' || min(reason) FROM campaigns.refund`); sum != "66.50 "+giver.RefundReason {
		t.Errorf("refunds: %s", sum)
	}

	at = holder.inByReceipt(second)
	holder.post(at.Path+"/refund", holder.form(at.Path))
	request = requestsPath + "/" + get[string](t, h, `SELECT id FROM giver.refund_request WHERE state = 'asked'`)
	wantIn(t, "without a reason", treasurer.post(request, treasurer.form(requestsPath)).Body, "不同意的原因")
	wantAt(t, treasurer.post(request, treasurer.form(requestsPath, "answer", "菜已经买了")), requestsPath)
	wantIn(t, "gift", holder.get(at.Path).Body, "没有同意退回 ¥30.00", "原因：菜已经买了")
	wantIn(t, "answered", treasurer.get(requestsPath).Body, "答复过的", "菜已经买了")
	if log := h.audited(t); !strings.Contains(log, "donation.refund refund_request:") || !strings.Contains(log, "donation.decline_refund refund_request:") {
		t.Errorf("audited:\n%s", log)
	}
	if got := h.as(t, auth.Cashier).post(request, treasurer.form(requestsPath)); got.Status != http.StatusForbidden {
		t.Errorf("a cashier answers: %d", got.Status)
	}
}

// What the fund has spent already cannot go back: the treasurer is told, and the request waits on.
func TestARefundTheFundCannotPay(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.publish(t, "dinner")
	treasurer, holder := h.as(t, auth.Treasurer), h.visitor(t)
	gift := treasurer.take("amount", "50.00")
	h.enter(t, h.Day(h.now()), "5101", "1001", c.FundID, "40.00")
	at := holder.inByReceipt(gift)
	holder.post(at.Path+"/refund", holder.form(at.Path))
	request := requestsPath + "/" + get[string](t, h, `SELECT id FROM giver.refund_request`)
	got := treasurer.post(request, treasurer.form(requestsPath, "press", "approve"))
	wantIn(t, "refused", got.Body, "只剩 ¥10.00，退不了这么多")
	if state := get[string](t, h, `SELECT state FROM giver.refund_request`); state != "asked" || got.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d, the request is %s", got.Status, state)
	}
	if got := treasurer.get(requestsPath + "/" + uuid.NewString()); got.Path != requestsPath {
		t.Errorf("the address of a form leads to %s", got.Path)
	}
}

// A campaign's rule is chosen in its form, and stays once givers were promised it.
func TestTheRuleForRefunds(t *testing.T) {
	t.Parallel()
	h := open(t)
	lead := h.as(t, auth.ProjectLead)
	const path = "/c/angong/desk/campaigns/new"
	wantIn(t, "form", lead.get(path).Body, "什么时候可以申请退款", `value="7"`)
	form := lead.form(path, "title_zh", "雨棚", "slug", "roof", "fund", "new", "kind", "flexible", "goal", "100", "minimum", "1",
		"starts_on", "2026-01-01", "ends_on", "2030-12-31", "basis", "targeted", "refund_rule", "days")
	wantIn(t, "without days", lead.post(path, form).Body, "几天之内")
	form.Set("refund_days", "30")
	at := lead.post(path, form)
	if rule := get[string](t, h, `SELECT kind || ' ' || days FROM giver.refund_rule`); rule != "days 30" {
		t.Fatalf("%d at %s: the rule is %s", at.Status, at.Path, rule)
	}
	edit := at.Path + "/edit"
	form.Set("refund_rule", "unspent")
	lead.post(edit, form)
	if rule := get[string](t, h, `SELECT kind || ' ' || days FROM giver.refund_rule`); rule != "unspent 0" {
		t.Errorf("the draft's rule is %s", rule)
	}
	h.Owner.MustExec(`UPDATE campaigns.campaign SET state = 'published'`)
	form.Set("refund_rule", "none")
	lead.post(edit, form)
	if rule := get[string](t, h, `SELECT kind FROM giver.refund_rule`); rule != "unspent" {
		t.Errorf("the published campaign's rule became %s", rule)
	}
}

// A refund from the phone of who asks to the phone of the treasurer, and back.
func TestARefundOnTwoPhones(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	token := get[string](t, h, `SELECT token FROM receipt.receipt WHERE subject_id = $1`, treasurer.take("amount", "66.50", "name", "周婆婆"))
	tab := webtest.Open(t)
	webtest.Run(t, tab,
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(h.Base+"/r/"+token),
		chromedp.Click(`//button[text()="打开我的捐赠"]`), chromedp.Click(`//summary[text()="申请退款"]`),
		chromedp.SendKeys(chromedp.CSS("#f-reason"), "多按了一个六"), chromedp.Click(`//button[text()="申请退回 ¥66.50"]`), chromedp.WaitVisible(chromedp.CSS(".flash")))
	gift := webtest.Tell[string](t, tab, `location.pathname`)
	enter(t, tab, treasurer)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+requestsPath), chromedp.WaitVisible(chromedp.CSS("[value=approve]")))
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("%d px wider than the phone", over)
	}
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS("[value=approve]")), chromedp.WaitVisible(chromedp.CSS(".flash")),
		chromedp.Navigate(h.Base+gift), chromedp.WaitVisible(chromedp.CSS("#refund .note.good")))
	wantIn(t, "gift", webtest.Tell[string](t, tab, `document.querySelector("main").innerText`), "已经同意退回 ¥66.50")
}
