package desk_test

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/auth"
	"fund/web/webtest"
)

const calendarPath = "/c/angong/desk/disclosure"

// qualified adds a host whose certificate is valid, and one whose is not any more.
func (h *house) qualified(t testing.TB) {
	t.Helper()
	from, until, over := h.Day(time.Now().AddDate(-3, 0, 0)), h.Day(time.Now().AddDate(2, 0, 0)), h.Day(time.Now().AddDate(0, 0, 20))
	h.Do(t, func(tx *sqlx.Tx) error {
		for _, host := range []campaigns.Host{
			{NameZH: "四川省慈善总会", NameEN: "Sichuan Charity Federation", Certificate: "51000000500", CertificateFrom: &from, CertificateUntil: &until},
			{NameZH: "过期基金会", NameEN: "Expired", Certificate: "51000000999", CertificateFrom: &from, CertificateUntil: &over},
		} {
			if _, err := campaigns.AddHost(t.Context(), tx, h.ID, host); err != nil {
				return err
			}
		}
		return nil
	})
}

// The gate says each thing in words, in both languages, with where to mend it.
func TestTheGateTellsWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.qualified(t)
	treasurer, admin := h.as(t, auth.Treasurer), h.as(t, auth.Administrator)
	legal := func(pairs ...string) []string {
		return append([]string{
			"host", "1", "certificate", "51000000500", "filing_number", "510107-2026-18", "filed_on", day(-20), "filed_from", day(-20), "filed_until", day(60), "starts_on", day(1),
		}, pairs...)
	}
	wantAt(t, treasurer.post(campaignsPath+"/new", dinner(treasurer, legal()...)), campaignsPath+"/1")
	for name, c := range map[string]struct {
		change []string
		zh, en string
		link   string // where it is mended
	}{
		"certificate":    {[]string{"certificate", "51000000501"}, "资格证书号和托管机构的不一样", "The certificate number is missing, or not the host’s", "/edit#f-certificate"},
		"expired":        {[]string{"host", "2", "certificate", "51000000999"}, "盖不住募捐的", "the campaign runs from", ""},
		"filing number":  {[]string{"filing_number", "已经报了"}, "备案编号看起来不对", "The filing number looks wrong", "/edit#f-filing_number"},
		"filed tomorrow": {[]string{"filed_on", day(1)}, "还没到，今天", "has not come", "/edit#f-filed_on"},
		"too soon":       {[]string{"filed_on", day(-8)}, "早了", "at the earliest, and says", "/edit#f-starts_on"},
		"the clock":      {[]string{"filed_on", day(-7), "starts_on", day(5)}, "再等 3 天", "3 more days", ""},
		"outside":        {[]string{"filed_until", day(39)}, "超出了", "but was filed for", "/edit#f-filed_from"},
	} {
		wantAt(t, treasurer.post(campaignsPath+"/1/edit", edited(treasurer, legal(c.change...)...)), campaignsPath+"/1")
		treasurer.lang = "zh-CN"
		a := treasurer.post(campaignsPath+"/1/publication", treasurer.form(campaignsPath+"/1"))
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: published, %d", name, a.Status)
		}
		said := html.UnescapeString(a.Body)
		wantIn(t, name, said, "还不能发布", "发布（还差 1 件）", c.zh)
		if c.link != "" {
			wantIn(t, name, said, campaignsPath+"/1"+c.link)
		}
		treasurer.lang = "en"
		wantIn(t, name+" in English", html.UnescapeString(treasurer.get(campaignsPath+"/1?lang=en").Body), c.en)
		treasurer.get(campaignsPath + "/1?lang=zh")
	}
	wantIn(t, "hosts", admin.get("/c/angong/desk/hosts").Body, "有效期")
	renewed := admin.post("/c/angong/desk/hosts/2", admin.form("/c/angong/desk/hosts/2", "certificate", "51000000999", "certificate_from", day(-1), "certificate_until", day(-2)))
	wantIn(t, "days turned round", renewed.Body, "最后一天不能在开始日期前面")
	renewed = admin.post("/c/angong/desk/hosts/2", admin.form("/c/angong/desk/hosts/2", "certificate", "51000000999", "certificate_from", day(-1000), "certificate_until", day(1000)))
	wantAt(t, renewed, "/c/angong/desk/hosts")
	wantAt(t, treasurer.post(campaignsPath+"/1/edit", edited(treasurer, legal("host", "2", "certificate", "51000000999")...)), campaignsPath+"/1")
	wantAt(t, treasurer.post(campaignsPath+"/1/publication", treasurer.form(campaignsPath+"/1")), campaignsPath+"/1")

	// What was filed changes only with a new filing number.
	longer := legal("host", "2", "certificate", "51000000999", "ends_on", day(45))
	a := treasurer.post(campaignsPath+"/1/edit", edited(treasurer, longer...))
	if a.Status != http.StatusUnprocessableEntity {
		t.Errorf("the end of a published appeal moved: %d", a.Status)
	}
	wantIn(t, "refiled", a.Body, "要先重新备案，填上新的备案编号")
	wantAt(t, treasurer.post(campaignsPath+"/1/edit", edited(treasurer, append(longer, "filing_number", "510107-2026-77")...)), campaignsPath+"/1")
	if filed := get[string](t, h, `SELECT detail->>'filed' || ' ' || (detail->>'refiled') FROM auth.audit_log WHERE detail ? 'refiled'`); filed != "510107-2026-18 510107-2026-77" {
		t.Errorf("the audit log keeps %q of the filing before", filed)
	}
}

// From a refused appeal to the correction of its end report, on a phone.
func TestAnAppealFromItsGateToItsReport(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.qualified(t)
	treasurer, resident := h.as(t, auth.Treasurer), h.visitor(t)
	wantAt(t, treasurer.post(campaignsPath+"/new", dinner(treasurer, "slug", "dinner", "starts_on", day(5))), campaignsPath+"/1")
	tab := webtest.Open(t)
	enter(t, tab, treasurer)
	text := func() string { return webtest.Tell[string](t, tab, `document.querySelector("main").innerText`) }
	narrow := func(what string) {
		t.Helper()
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than the phone", what, over)
		}
	}
	set := func(id, value string) chromedp.Action[chromedp.Void] {
		return chromedp.SetValue(chromedp.CSS("#f-"+id), value)
	}

	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740), chromedp.Navigate(h.Base+campaignsPath+"/1?lang=zh"), chromedp.Click(`//button[contains(., "发布（还差 4 件）")]`),
		chromedp.WaitVisible(chromedp.CSS(".wrong-sum")))
	wantIn(t, "refused", text(), "还不能发布", "还没选托管机构", "还没填备案编号", "还没填备案日期", "还没填备案的起止日期")
	narrow("the gate")
	webtest.Run(t, tab, chromedp.Click(`//div[@id="main"]//ul[contains(@class, "checks")]//a | //main//ul[contains(@class, "checks")]//a`), chromedp.WaitVisible(chromedp.CSS("#f-host")),
		set("host", "1"), set("certificate", "51000000500"), set("filing_number", "53510000MJQ1234567A26001"), set("filed_on", day(-7)),
		set("filed_from", day(-7)), set("filed_until", day(60)), chromedp.Click(`//button[@value="save" and not(@tabindex)]`),
		chromedp.WaitVisible(`//b[contains(., "再等 3 天")]`))
	wantIn(t, "the clock", text(), "最早", "还差 1 件", "公开募捐资格证书 51000000500")
	narrow("the clock")
	h.ahead.Store(3)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+campaignsPath+"/1"), chromedp.Click(`//button[text()="发布"]`), chromedp.WaitVisible(chromedp.CSS(".flash")))
	wantIn(t, "published", text(), "已经发布", "备案编号 53510000MJQ1234567A26001")

	h.ahead.Store(6)
	treasurer.take("amount", "420")
	h.ahead.Store(60)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+calendarPath))
	wantIn(t, "the calendar", text(), "募捐结果报告 · 除夕暖心饭", "民政部令第81号", "还剩")
	narrow("the calendar")
	h.Site.Pages.Cache.Bump(h.ID)
	wantIn(t, "the campaign that is over", resident.get("/c/angong/campaigns/dinner").Body, "募捐已经结束。结果报告最迟")
	webtest.Run(t, tab, chromedp.Click(`//a[contains(@aria-label, "起草 募捐结果报告")]`), chromedp.WaitVisible(chromedp.CSS("#f-done_zh")),
		chromedp.Click(`//button[text()="公布"]`), chromedp.WaitVisible(chromedp.CSS(".wrong-sum")))
	wantIn(t, "nothing written", text(), "写一写做了什么", "账上还剩钱，写清楚去哪里", "收到捐赠（1 笔）", "420.00")
	narrow("the draft")
	webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-done_zh"), "六张桌子，九十六位老人。"), chromedp.SendKeys(chromedp.CSS("#f-served"), "96"),
		chromedp.SendKeys(chromedp.CSS("#f-leftover_zh"), "转入明年的年夜饭。"), chromedp.Click(`//button[text()="存草稿" and not(@tabindex)]`), chromedp.WaitVisible(chromedp.CSS(".flash")),
		chromedp.Click(`//button[text()="公布"]`), chromedp.WaitVisible(chromedp.CSS(".disclosed h1")))
	serial := webtest.Tell[string](t, tab, `location.pathname.split("/").pop()`)
	wantIn(t, "the report", text(), "№ "+serial, "在法定期限内公布", "服务 96 人次。", "转入明年的年夜饭。", "420.00")
	narrow("the report")

	seen := resident.get("/c/angong/campaigns/dinner")
	wantIn(t, "seen by a resident", seen.Body, "在法定期限内", "/c/angong/documents/"+serial)
	wantIn(t, "among the reports", resident.get("/c/angong/reports").Body, "法定公开的报告", "№ "+serial)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+calendarPath), chromedp.Click(chromedp.CSS("main details summary")), chromedp.Click(`//a[contains(@aria-label, "更正 募捐结果报告")]`),
		chromedp.WaitVisible(chromedp.CSS("#f-note")), chromedp.Click(`//button[text()="公布更正"]`), chromedp.WaitVisible(chromedp.CSS(".wrong-sum")))
	wantIn(t, "a correction without a note", text(), "写清楚更正了什么")
	webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-note"), "是九十七位，漏数一位。"), set("served", "97"), chromedp.Click(`//button[text()="公布更正"]`),
		chromedp.WaitVisible(`//b[contains(., "第 2 版")]`))
	wantIn(t, "the correction", text(), "更正（", "是九十七位，漏数一位。", "服务 97 人次。", "版本")
	old := resident.get("/c/angong/documents/" + serial + "/1")
	wantIn(t, "the old version", old.Body, "这是旧版，公布后作过更正", "服务 96 人次。")
	wantIn(t, "after the correction", resident.get("/c/angong/campaigns/dinner").Body, "有更正")
	for _, lang := range []string{"zh", "en"} {
		one := resident.get("/c/angong/documents/" + serial + "/1/document.pdf?lang=" + lang)
		two := resident.get("/c/angong/documents/" + serial + "/1/document.pdf?lang=" + lang)
		if !strings.HasPrefix(one.Body, "%PDF-") || one.Body != two.Body {
			t.Errorf("the PDF in %s is drawn differently the second time", lang)
		}
	}
}

// The calendar as a program reads it: with the address alone, for as long as its owner belongs here.
func TestTheCalendarsFeed(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	lead, stranger := h.as(t, auth.ProjectLead), h.visitor(t)
	a := lead.post(calendarPath+"/feed", lead.form(calendarPath))
	wantAt(t, a, calendarPath)
	_, rest, _ := strings.Cut(a.Body, h.Base+"/c/angong/calendar/")
	token, _, _ := strings.Cut(rest, "?")
	feed := stranger.get("/c/angong/calendar/" + token + "?lang=zh")
	if feed.Status != http.StatusOK || !strings.HasPrefix(feed.Header.Get("Content-Type"), "text/calendar") {
		t.Fatalf("%d %s", feed.Status, feed.Header.Get("Content-Type"))
	}
	wantIn(t, "feed", strings.ReplaceAll(feed.Body, "\r\n ", ""), "BEGIN:VEVENT", "募捐结果报告 · 除夕暖心饭", "UID:result.1@angong.")
	for _, wrong := range []string{strings.Repeat("a", 26), "x", token[:25] + "!"} {
		if got := stranger.get("/c/angong/calendar/" + wrong); got.Status != http.StatusNotFound {
			t.Errorf("%s opens: %d", wrong, got.Status)
		}
	}
	if _, err := h.Owner.Exec(`UPDATE auth.membership SET roles = '{}'`); err != nil {
		t.Fatal(err)
	}
	if got := stranger.get("/c/angong/calendar/" + token); got.Status != http.StatusNotFound {
		t.Errorf("a former member's address opens: %d", got.Status)
	}
}

// A major event counts thirty days from its day; a report that is not ripe is not published.
func TestAMajorEventIsNoted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	a := treasurer.post(calendarPath, treasurer.form(calendarPath, "title_zh", "", "happened_on", day(-3)))
	wantIn(t, "an event without a name", a.Body, "什么事：这里要填")
	wantAt(t, treasurer.post(calendarPath, treasurer.form(calendarPath, "title_zh", "换了负责人", "happened_on", day(-3))), calendarPath)
	wantIn(t, "the calendar", treasurer.get(calendarPath).Body, "重大事项公告 · 换了负责人", "还剩 27 天")
	at := calendarPath + "/event.1"
	a = treasurer.post(at+"/publication", treasurer.form(at, "done_zh", "刘芳接任负责人。"))
	if a.Status != http.StatusOK || !strings.Contains(a.Path, "/documents/") {
		t.Errorf("%d at %s: %s", a.Status, a.Path, mains(a.Body))
	}
	if again := treasurer.post(at+"/publication", treasurer.form(at, "done_zh", "又一次")); again.Status != http.StatusUnprocessableEntity {
		t.Errorf("published twice without a note: %d", again.Status)
	}
	early := calendarPath + "/result.1"
	wantIn(t, "a campaign that runs", treasurer.get(early).Body, "现在可以先写，不能公布")
	a = treasurer.post(early+"/publication", treasurer.form(early, "done_zh", "早了", "leftover_zh", "留着"))
	if a.Status != http.StatusConflict {
		t.Errorf("a running campaign's result: %d", a.Status)
	}
	wantIn(t, "refusal", a.Body, "还不能公布")
	if missing := treasurer.get(calendarPath + "/result.99"); missing.Status != http.StatusNotFound {
		t.Errorf("a duty of nothing: %d", missing.Status)
	}
	pdf := treasurer.get(early + "/draft.pdf")
	if !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Errorf("the draft's PDF: %d %.60q", pdf.Status, pdf.Body)
	}
	wantIn(t, "the month", treasurer.get(calendarPath+"?month="+h.Day(time.Now().AddDate(0, 0, 27)).Format("2006-01")).Body, "1 件")
}
