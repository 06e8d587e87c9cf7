package desk_test

import (
	"html"
	"net/url"
	"testing"
	"time"

	"fund/ledger"
	"fund/web/auth"
)

const campaignsPath = "/c/angong/desk/campaigns"

// day is a date field's value, some days from today in the community.
func day(fromToday int) string {
	return ledger.Community{Timezone: "Asia/Shanghai"}.Day(time.Now()).AddDate(0, 0, fromToday).Format(time.DateOnly)
}

// dinner is a form filled in for a public appeal, with nothing of its legal basis.
func dinner(v *visitor, more ...string) url.Values {
	v.Helper()
	return v.form(campaignsPath+"/new", append([]string{
		"title_zh", "除夕暖心饭", "title_en", "New Year’s Eve Dinner!", "purpose_zh", "只用于这顿年夜饭", "theme", "elders", "fund", "new", "kind", "flexible",
		"goal", "15000", "minimum", "1", "suggested", "20，50 86.50", "starts_on", day(12), "ends_on", day(40), "story_zh", "一个人过年。\n\n**60 位**志愿者送。",
		"scene", "dinner", "basis", "public", "contact_name", "刘芳", "contact_phone", "028-0000 0000",
		"b1_name_zh", "食材", "b1_quantity", "120", "b1_unit_zh", "份", "b1_amount", "10320", "b1_name_en", "Food",
		"b3_name_zh", "保温箱", "b3_amount", "4680",
	}, more...)...)
}

func TestACampaignsLifeFromDraftToItsEnd(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin, treasurer, stranger := h.as(t, auth.Administrator), h.as(t, auth.Treasurer), h.visitor(t)

	a := admin.post("/c/angong/desk/hosts", admin.form("/c/angong/desk/hosts", "name_zh", "四川省慈善总会", "name_en", "Sichuan Charity", "certificate", "51000000500",
		"certificate_from", day(-400), "certificate_until", day(400)))
	wantAt(t, a, "/c/angong/desk/hosts")
	wantIn(t, "hosts", a.Body, "加上了“四川省慈善总会”。", "51000000500")

	wantIn(t, "no campaigns", treasurer.get(campaignsPath).Body, "还没有募捐")
	a = treasurer.post(campaignsPath+"/new", dinner(treasurer))
	wantAt(t, a, campaignsPath+"/1")
	wantIn(t, "draft", a.Body, "草稿记下了", "除夕暖心饭", "/campaigns/new-year-s-eve-dinner", "<strong>60 位</strong>", "食材", "10,320.00",
		"发布（还差 4 件）", "还没选托管机构", "还没填备案编号", "还没填备案日期", "还没填备案的起止日期")
	if public := stranger.get("/c/angong/campaigns/new-year-s-eve-dinner"); public.Status != 404 {
		t.Errorf("a draft in public: %d", public.Status)
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.budget_line WHERE quantity = 120 OR amount = 4680`); n != 2 {
		t.Errorf("%d budget lines", n)
	}

	a = treasurer.post(campaignsPath+"/1/publication", treasurer.form(campaignsPath+"/1"))
	if a.Status != 422 {
		t.Errorf("published without a legal basis: %d", a.Status)
	}
	wantIn(t, "refusal", a.Body, "还不能发布", "还没填备案编号")

	legal := []string{
		"host", "1", "certificate", "51000000500", "filing_number", "510107-2017-18", "filed_on", day(-5),
		"filed_from", day(-30), "filed_until", day(60), "starts_on", day(3),
	}
	wantAt(t, treasurer.post(campaignsPath+"/1/edit", edited(treasurer, legal...)), campaignsPath+"/1")
	a = treasurer.get(campaignsPath + "/1")
	wantIn(t, "almost", a.Body, "发布（还差 1 件）", "最早", "开始，现在写的是", "公开募捐资格证书 51000000500", "证书有效期到")
	wantAt(t, treasurer.post(campaignsPath+"/1/edit", edited(treasurer, append(legal, "filed_on", day(-20), "starts_on", day(-1))...)), campaignsPath+"/1")
	a = treasurer.post(campaignsPath+"/1/publication", treasurer.form(campaignsPath+"/1"))
	wantAt(t, a, campaignsPath+"/1")
	wantIn(t, "published", a.Body, "“除夕暖心饭”已经发布")

	wantIn(t, "public", stranger.get("/c/angong/campaigns").Body, "除夕暖心饭")
	wantIn(t, "public", stranger.get("/c/angong/campaigns/new-year-s-eve-dinner").Body, "除夕暖心饭", "只用于这顿年夜饭", "510107-2017-18", "四川省慈善总会", "刘**")
	wantIn(t, "list", treasurer.get(campaignsPath).Body, "已发布", "募捐中")

	a = treasurer.post(campaignsPath+"/1/edit", edited(treasurer, append(legal, "filing_number", "")...))
	if a.Status != 422 {
		t.Errorf("a published appeal lost its filing number: %d", a.Status)
	}
	wantIn(t, "edit refused", a.Body, "备案编号：还没填备案编号", "除夕暖心饭")

	a = treasurer.post(campaignsPath+"/1/closure", treasurer.form(campaignsPath+"/1"))
	wantIn(t, "closed", a.Body, "“除夕暖心饭”已经结束")
	wantIn(t, "public", stranger.get("/c/angong/campaigns/new-year-s-eve-dinner").Body, "这次募捐已经结束")
	if again := treasurer.post(campaignsPath+"/1/closure", treasurer.form(campaignsPath+"/1")); again.Status != 409 {
		t.Errorf("closed twice: %d", again.Status)
	}
	want := "host.add host:四川省慈善总会\ncampaign.draft campaign:new-year-s-eve-dinner\ncampaign.edit campaign:new-year-s-eve-dinner\n" +
		"campaign.edit campaign:new-year-s-eve-dinner\ncampaign.publish campaign:new-year-s-eve-dinner\ncampaign.close campaign:new-year-s-eve-dinner"
	if got := h.audited(t); got != want {
		t.Errorf("audit log:\n%s", got)
	}
}

// edited is the form of campaign 1 as it stands, with some fields changed.
func edited(v *visitor, pairs ...string) url.Values {
	v.Helper()
	form := dinner(v, pairs...)
	for name, value := range fields(v.get(campaignsPath + "/1/edit").Body) {
		form[name] = value
	}
	return form
}

func TestACampaignFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	lead := h.as(t, auth.ProjectLead)
	a := lead.post(campaignsPath+"/new", dinner(lead, "goal", "很多", "ends_on", day(1), "slug", "Wrong Slug", "suggested", "20 x", "b2_note_zh", "没写名字"))
	if a.Status != 422 {
		t.Fatalf("%d: %s", a.Status, mains(a.Body))
	}
	body := html.UnescapeString(a.Body)
	wantIn(t, "form", body, "有 6 处要改", `value="除夕暖心饭"`, `value="很多"`, "目标（元）：写成数字", "最后一天：最后一天不能在开始日期前面",
		"网址里的名字：只用小写字母", "建议金额（元）：写成数字，用空格隔开", "买什么：这里要填", `value="没写名字"`, "**60 位**", `value="10320"`)

	a = lead.post(campaignsPath+"/new", dinner(lead, "press", "preview"))
	wantIn(t, "preview", a.Body, "还没有保存", "<strong>60 位</strong>", `value="除夕暖心饭"`)
	a = lead.post(campaignsPath+"/new", dinner(lead, "press", "more"))
	wantIn(t, "more rows", a.Body, `name="b9_name_zh"`, `value="除夕暖心饭"`)
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.campaign`); n != 0 {
		t.Errorf("%d campaigns were written down", n)
	}

	wantAt(t, lead.post(campaignsPath+"/new", dinner(lead)), campaignsPath+"/1")
	a = lead.post(campaignsPath+"/new", dinner(lead))
	wantIn(t, "twice", a.Body, "new-year-s-eve-dinner 已经有人用了")
	if a := lead.post(campaignsPath+"/1/publication", lead.form(campaignsPath+"/1")); a.Status != 403 {
		t.Errorf("a project lead published: %d", a.Status)
	}
}

// An all-or-nothing campaign keeps its goal, and says what ending it early does.
func TestACampaignThatPromisedItsDonors(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer := h.as(t, auth.Treasurer)
	wantAt(t, treasurer.post(campaignsPath+"/new", dinner(treasurer, "kind", "all_or_nothing", "basis", "targeted")), campaignsPath+"/1")
	a := treasurer.post(campaignsPath+"/1/publication", treasurer.form(campaignsPath+"/1"))
	wantIn(t, "published", a.Body, "还没有筹满 ¥15,000。现在结束，每一笔都会原路退回")
	a = treasurer.post(campaignsPath+"/1/edit", edited(treasurer, "kind", "all_or_nothing", "basis", "targeted", "goal", "14000"))
	if a.Status != 409 {
		t.Errorf("another goal: %d", a.Status)
	}
	wantIn(t, "another goal", a.Body, "这几项公开以后不能改")
}

func TestACampaignForAnExistingFund(t *testing.T) {
	t.Parallel()
	h := open(t)
	lead := h.as(t, auth.ProjectLead)
	wantAt(t, lead.post(campaignsPath+"/new", dinner(lead, "fund", "1", "basis", "targeted", "slug", "members", "host", "1", "filing_number", "x")), campaignsPath+"/1")
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.campaign WHERE fund_id = 1 AND slug = 'members' AND filing_number = '' AND host_id IS NULL`); n != 1 {
		t.Error("the campaign is not of the general fund, or keeps a filing it does not need")
	}
}
