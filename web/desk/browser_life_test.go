package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

// TestFromAnIdeaToTheEndReportOnAPhone goes the whole way: a resident proposes, the staff lets it through, the council votes,
// the treasurer moves the money and pays, a milestone and activities are written down, the report is adopted, what is left over
// goes back under the motion, and everybody reads the story.
func TestFromAnIdeaToTheEndReportOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	today := h.Day(time.Now())
	h.bookOn(t, today, ledger.Bank, ledger.OfflineDonations, "2000", "捐款")
	lead, chair, treasurer := h.as(t, auth.ProjectLead), h.as(t, auth.CouncilMember), h.as(t, auth.Treasurer)
	second, other := h.member(t, "second", true, auth.CouncilMember), h.visitor(t)
	other.logIn("second", password, "", "")
	h.sits(t, auth.UserSubject(get[uuid.UUID](t, h, `SELECT id FROM auth."user" WHERE login LIKE 'council_member%'`)), auth.UserSubject(second.ID))
	axe, tab := webtest.Axe(t), webtest.Open(t)
	type step = chromedp.Action[chromedp.Void]
	css := func(s string) chromedp.CSS { return chromedp.CSS(s) }
	look := func() {
		t.Helper()
		at := webtest.Tell[string](t, tab, `location.pathname`)
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", at, over)
		}
		webtest.Judge(t, tab, axe, at, webtest.EveryRule)
	}
	open := func(path string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(h.Base+path))
		look()
	}
	said := func(words string) step {
		return chromedp.WaitVisible(`//*[contains(@class, "flash")][contains(., "` + words + `")]`)
	}
	press := func(words string) step {
		return chromedp.Click(`//button[text()="` + words + `"][not(contains(@class, "hide"))]`)
	}
	unfold := func(words string) step { return chromedp.Click(`//summary[contains(., "` + words + `")]`) }
	write := func(field, words string) step { return chromedp.SendKeys(css("#f-"+field), words) }
	day := func(field string, on time.Time) step {
		return chromedp.SetValue(css("#f-"+field), on.Format(time.DateOnly))
	}
	pick := func(value string) step { return chromedp.Click(`//label[.//input[@value="` + value + `"]]`) }
	heading := func(words string) step { return chromedp.WaitVisible(`//h1[contains(., "` + words + `")]`) }

	// A resident, without an account.
	open("/c/angong/projects/propose")
	webtest.Run(t, tab, write("title", "给 3 号院楼道装灯"), pick("yard"), write("need", "灯坏了两年，晚上摸黑上楼。"), write("place", "3 号院 2 单元"), press("记下来，下一步"), heading("为谁"))
	look()
	webtest.Run(t, tab, write("people", "32 户"), write("own", "自己刷墙"), press("下一步"), heading("花多少"))
	webtest.Run(t, tab, write("l1_name", "声控灯"), write("l1_amount", "600"), write("l2_name", "人工"), write("l2_amount", "200"), press("下一步"), heading("您是谁"))
	webtest.Run(t, tab, write("name", "王阿姨"), write("phone", "13800000000"), pick("yes"), press("看一遍，再交"), heading("给 3 号院楼道装灯"))
	look()
	webtest.Run(t, tab, press("交给社区"), said("交上去了"))
	own := webtest.Tell[string](t, tab, `location.pathname`)

	// The staff, and the council.
	enter(t, tab, lead)
	open("/c/angong/desk/projects")
	webtest.Run(t, tab, chromedp.Click(`//a[contains(., "给 3 号院楼道装灯")]`), write("slug", "stair-lights"), pick("free"), press("同意，交议事会"), said("交给议事会了"))
	look()
	at := webtest.Tell[string](t, tab, `location.pathname`)
	enter(t, tab, chair)
	open(at)
	webtest.Run(t, tab, chromedp.Click(`//section//a[text()="社区议事会"]`), heading("提"), press("写好了，存成草稿"), said("存成草稿"), day("until", today), press("开始表决"), said("开始表决了"),
		chromedp.Click(`//b[text()="同意"]`), press("投票"), said("您的票投好了"))
	motion := webtest.Tell[string](t, tab, `location.pathname`)
	enter(t, tab, other)
	open(motion)
	webtest.Run(t, tab, chromedp.Click(`//b[text()="同意"]`), press("投票"), said("您的票投好了"))
	enter(t, tab, chair)
	open(motion)
	webtest.Run(t, tab, press("结束表决"), said("表决结束"))

	// The treasurer moves what was voted; the project begins, and spends on a line of its budget.
	treasurer.post(motion+"/money", treasurer.form(motion, "amount", "800", "date", today.Format(time.DateOnly), "way", "give"))
	enter(t, tab, lead)
	open(at)
	webtest.Run(t, tab, press("开始"), said("开始了"))
	look()
	asked := lead.request("580", "fund", "stair-lights/1", "purpose", "声控灯 6 盏")
	wantIn(t, "approved", chair.post(asked+"/decision", chair.form(asked, "press", "approve", "conflict", "no")).Body, "可以付款")
	wantIn(t, "what is promised", lead.get(at).Body, "已批未付", "580.00")
	wantIn(t, "paid", treasurer.post(asked+"/payment", treasurer.form(asked, "from", "1002", "date", treasurer.today())).Body, "已经记账")
	voucher := get[string](t, h, `SELECT year || '-' || number FROM ledger.journal_entry WHERE kind = 'payment'`)

	// What is done.
	open(at)
	webtest.Run(t, tab, unfold("加一个节点"), write("title_zh", "六个单元都亮了"), day("due", today), press("加上节点"), said("节点加上了"),
		unfold("做到了？记下来"), write("note-1", "换成声控灯"), pick(voucher), press("做到了"), said("记下了：做到了"))
	look()
	webtest.Run(t, tab, chromedp.Click(`//a[text()="记活动"]`), heading("记活动"), day("l1_day", today), write("l1_activity", "装灯验收"), write("l1_came", "32"), write("l1_signed", "30"), write("l1_hours", "1.5"),
		day("l2_day", today), write("l2_came", "8"), press("记下这些活动"), said("记下了 2 次活动"))
	look()
	open(at)
	webtest.Run(t, tab, unfold("记下居民说的话"), write("text_zh", "我敢下楼了。"), write("name", "周师傅"), pick("signed"), press("记下来"), said("记下来了"),
		press("办完了"), said("办完了"))

	// The end report, and what is left over.
	open(at + "/report")
	webtest.Run(t, tab, write("done_zh", "六个单元的灯都换了。"), press("定稿"), said("定稿了"))
	look()
	enter(t, tab, treasurer)
	open(at)
	webtest.Run(t, tab, chromedp.Click(`//a[contains(., "退回通用款")]`), heading("拨款"), chromedp.SetValue(css("#f-amount"), "220"), press("退回没用完的"), said("¥220.00 退回了"))
	enter(t, tab, lead)
	open(at)
	webtest.Run(t, tab, press("结清"), said("结清了"))
	look()

	open("/c/angong/projects/stair-lights")
	story := webtest.Tell[string](t, tab, `document.querySelector("main").innerText`)
	told := story[strings.Index(story, "前前后后"):]
	for _, words := range []string{"提出来", "社区看过，交议事会", "2 票同意，0 票反对，0 票弃权", "议事会同意", "¥800.00", "开始", "装灯验收", "花了 ¥580.00", "六个单元都亮了", "办完", "结项报告定稿", "¥220.00", "结清"} {
		_, rest, found := strings.Cut(told, words)
		if !found {
			t.Fatalf("the story goes on without %q: %s", words, told)
		}
		told = rest
	}
	wantIn(t, "everybody reads", story, "40 人次", "签到 30 人次", "周师傅", "声控灯", "− 580.00", "− 220.00", "为谁")
	wantNot(t, "everybody reads", story, "王阿姨")
	wantIn(t, "the resident reads", h.visitor(t).get(own).Body, "办完了，账也结清了")
}
