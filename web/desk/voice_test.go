package desk_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

// propose fills a proposal in and submits it.
func (h *house) propose(t testing.TB, title, story string) (p voice.Proposal) {
	t.Helper()
	from, to := time.Now().AddDate(0, 0, 14), time.Now().AddDate(0, 1, 14)
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if p, err = voice.StartProposal(t.Context(), tx, h.ID, "zh-CN", time.Now()); err != nil {
			return err
		}
		p.Title, p.Story, p.StartsOn, p.EndsOn = title, story, &from, &to
		p.Budget = voice.Budget{{Name: "扶手", Amount: yuan("1200")}}
		if err = voice.SaveProposal(t.Context(), tx, h.ID, p); err != nil {
			return err
		}
		if err = voice.SaveContact(t.Context(), tx, h.ID, p.ID, voice.Contact{Name: "周婆婆", Phone: "13800000000"}); err != nil {
			return err
		}
		return voice.Submit(t.Context(), tx, h.ID, p.Token, time.Now())
	})
	return p
}

func TestAResidentsCampaignOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	lead, tab := h.as(t, auth.Treasurer), webtest.Open(t)
	type step = chromedp.Action[chromedp.Void]
	write := func(field, value string) step { return chromedp.SetValue(chromedp.CSS("#f-"+field), value) }
	press := func(text string) step {
		return chromedp.Click(`//button[normalize-space()="` + text + `"][not(@tabindex)]`)
	}
	see := func(text string) step { return chromedp.WaitVisible(`//main//*[contains(text(), "` + text + `")]`) }
	picture := filepath.Join(t.TempDir(), "stairs.png")
	if err := os.WriteFile(picture, photograph(t), 0o600); err != nil {
		t.Fatal(err)
	}
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+"/c/angong/campaigns"), chromedp.Click(`//aside//a[text()="发起一个募捐"]`),
		chromedp.WaitVisible(chromedp.CSS("#f-title")), write("title", "给 3 号院装一排扶手"), write("story", "楼梯陡，**下雨**滑。"), press("记下来，下一步"),
		see("第 2 步，共 5 步"), write("l1_name", "扶手"), write("l1_amount", "1200"), press("下一步"),
		see("第 3 步，共 5 步"), chromedp.SetUploadFiles(chromedp.CSS("#f-picture"), []string{picture}), write("alt", "没有扶手的楼梯"), press("加上这张照片"),
		see("照片加上了"), chromedp.Click(`//a[text()="下一步"]`),
		see("第 4 步，共 5 步"), write("starts_on", day(14)), write("ends_on", day(44)), press("下一步"),
		see("第 5 步，共 5 步"), write("name", "周婆婆"), write("phone", "13800000000"), chromedp.Click(chromedp.CSS("#f-consent")), press("看一遍，再交"),
		see("看一遍。哪里要改"), press("交给社区"), see("交上去了"))
	own := webtest.Tell[string](t, tab, `location.href`)
	if wide := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("the resident's page is %d px too wide", wide)
	}

	enter(t, tab, lead)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/desk"), see("1 个居民提议要看"), chromedp.Navigate(h.Base+"/c/angong/desk/proposals"),
		chromedp.Click(`//a[contains(., "给 3 号院装一排扶手")]`), chromedp.WaitVisible(`iframe.preview`))
	review := webtest.Tell[string](t, tab, `location.href`)
	drawn, err := chromedp.Run(tab, chromedp.Poll[bool](`(d => d.querySelector(".story strong")?.innerText === "下雨" && d.querySelector("img.photo")?.naturalWidth > 0)(document.querySelector("iframe.preview").contentDocument)`,
		chromedp.WithPollingTimeout(20*time.Second)))
	if err != nil || !drawn {
		t.Errorf("the preview beside the remarks: %v, %v", drawn, err)
	}
	webtest.Run(t, tab, write("why", "写上安装的人工"), press("请居民改"), see("还给居民了"))

	webtest.Run(t, tab, chromedp.Navigate(own), see("写上安装的人工"), chromedp.Click(`//dt[contains(., "要多少钱")]/a`),
		chromedp.WaitVisible(chromedp.CSS("#f-l2_name")), write("l2_name", "安装"), write("l2_amount", "300"), press("保存，看全部"),
		see("1,500.00"), press("改好了，再交一次"), see("交上去了"))

	webtest.Run(t, tab, chromedp.Navigate(review), chromedp.WaitVisible(chromedp.CSS("#f-slug")), write("slug", "handrail-3"), press("同意，做成募捐草稿"), see("做成草稿了"))
	edit := webtest.Tell[string](t, tab, `location.pathname`)
	lead.completes(edit)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+edit), press("发布"), see("已经发布"),
		chromedp.Navigate(h.Base+"/c/angong/campaigns/handrail-3"), see("给 3 号院装一排扶手"), see("¥1,500"),
		chromedp.Navigate(own), see("已经公开"), see("写进展"))
	if shown := webtest.Tell[int](t, tab, `document.querySelectorAll(".moves li").length`); shown < 5 {
		t.Errorf("%d moves are shown", shown)
	}
}

// completes fills in what the staff owe a resident's campaign before it is published.
func (v *visitor) completes(path string) {
	v.Helper()
	form := fields(v.get(path + "/edit").Body)
	for name, value := range map[string]string{
		"title_zh": "给 3 号院装一排扶手", "theme": "", "kind": "flexible", "goal": "1500", "minimum": "1", "suggested": "20 50", "starts_on": day(-1), "ends_on": day(44),
		"story_zh": "楼梯陡，**下雨**滑。", "scene": "tree", "basis": "targeted", "contact_name": "刘芳", "contact_phone": "028-0000 0000", "press": "save",
		"b1_name_zh": "扶手", "b1_amount": "1200", "b2_name_zh": "安装", "b2_amount": "300",
	} {
		form.Set(name, value)
	}
	wantAt(v, v.post(path+"/edit", form), path)
}

func TestAQuestionOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	lead, tab := h.as(t, auth.ProjectLead), webtest.Open(t)
	const campaign = "/c/angong/campaigns/dinner"
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(h.Base+campaign),
		chromedp.Click(`//summary[text()="问一句"]`), chromedp.SetValue(chromedp.CSS("#f-question"), "吃素的老人怎么办？"),
		chromedp.SetValue(chromedp.CSS("#f-asker"), "周婆婆"), chromedp.Click(`//button[text()="问"]`), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if webtest.Tell[bool](t, tab, `document.querySelector("main").innerText.includes("吃素的老人")`) {
		t.Error("a question is public before its answer")
	}
	enter(t, tab, lead)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/desk/questions"), chromedp.Click(`//a[contains(., "吃素的老人")]`), chromedp.WaitVisible(chromedp.CSS("#f-answer")),
		chromedp.SetValue(chromedp.CSS("#f-answer"), "另做**两桌**素菜。"), chromedp.Click(`//button[text()="公开回答"]`), chromedp.WaitVisible(chromedp.CSS(".flash")),
		chromedp.Navigate(h.Base+campaign), chromedp.WaitVisible(chromedp.CSS(".answer strong")))
	if asked := webtest.Tell[string](t, tab, `document.querySelector(".asked").innerText`); !strings.Contains(asked, "吃素的老人") || !strings.Contains(asked, "周**") || strings.Contains(asked, "周婆婆") {
		t.Errorf("the public reads %q", asked)
	}
}

// A resident asks about an entry on its page, the treasurer answers, and everybody reads both there.
func TestAskingAboutAnEntryOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	entry := h.enter(t, ledger.Day(2026, time.November, 2), "1001", "4301", ledger.GeneralFundID, "66")
	treasurer, tab := h.as(t, auth.Treasurer), webtest.Open(t)
	at := h.Base + "/c/angong/ledger/" + entry.Voucher()
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(at),
		chromedp.Click(`//summary[text()="问问这一笔"]`), chromedp.Click(`//button[text()="问"]`), chromedp.WaitVisible(chromedp.CSS(".wrong-sum")),
		chromedp.SetValue(chromedp.CSS("#f-question"), "谁经手的？"), chromedp.SetValue(chromedp.CSS("#f-asker"), "周婆婆"),
		chromedp.Click(`//button[text()="问"]`), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if page := webtest.Tell[string](t, tab, `document.querySelector("main").innerText`); strings.Contains(page, "谁经手的") || !strings.Contains(page, "等回答") {
		t.Errorf("before the answer the public reads %q", page)
	}
	enter(t, tab, treasurer)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/desk/questions"), chromedp.Click(`//a[contains(., "谁经手的")]`), chromedp.WaitVisible(chromedp.CSS("#f-answer")),
		chromedp.SetValue(chromedp.CSS("#f-answer"), "李会计，**当天**入账。"), chromedp.Click(`//button[text()="公开回答"]`), chromedp.WaitVisible(chromedp.CSS(".flash")),
		chromedp.Navigate(h.Base+"/c/angong/questions"), chromedp.WaitVisible(chromedp.CSS(".answer strong")), chromedp.Navigate(at), chromedp.WaitVisible(chromedp.CSS(".answer strong")))
	if asked := webtest.Tell[string](t, tab, `document.querySelector(".asked").innerText`); !strings.Contains(asked, "谁经手的") || !strings.Contains(asked, "周**") || strings.Contains(asked, "周婆婆") {
		t.Errorf("the public reads %q", asked)
	}
}

// What a stranger writes runs nowhere, and shows to nobody but the staff before it is decided.
func TestWhatAResidentWritesIsHarmless(t *testing.T) {
	t.Parallel()
	h := open(t)
	lead, stranger := h.as(t, auth.ProjectLead), h.visitor(t)
	p := h.propose(t, `<script>alert(1)</script>`, "好<script>alert(2)</script>\n\n[点我](javascript:alert(3)) ![x](https://evil.example/x.png) <img src=x onerror=alert(4)>")
	at := "/c/angong/desk/proposals/" + p.ID.String()
	for _, path := range []string{at, at + "/preview"} {
		body := lead.get(path).Body
		wantIn(t, path, body, "&lt;script&gt;alert(1)&lt;/script&gt;")
		wantNot(t, path, body, "<script>alert", "javascript:alert", "onerror", "evil.example")
		if a := stranger.get(path); a.Path != "/login" {
			t.Errorf("%s is open to strangers: %d at %s", path, a.Status, a.Path)
		}
	}
	preview := lead.get(at + "/preview").Header
	if policy := preview.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'self'") || preview.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Errorf("the preview: %s, %s", policy, preview.Get("X-Frame-Options"))
	}
	if policy := lead.get("/c/angong/desk/proposals").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "frame-src") {
		t.Errorf("another page: %s", policy)
	}
	wantIn(t, "another address", lead.post(at+"/address", lead.form(at)).Body, "旧网址打不开了", h.Base+"/c/angong/start/")
	if a := stranger.get("/c/angong/start/" + p.Token); a.Status != http.StatusNotFound {
		t.Errorf("the old address still opens: %d", a.Status)
	}
	if a := lead.post(at, lead.form(at, "press", "decline", "why", "")); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("declined without a reason: %d", a.Status)
	}
	wantAt(t, lead.post(at, lead.form(at, "press", "decline", "why", "物业在装")), at)
	wantAt(t, lead.post(at+"/erasure", lead.form(at)), at)
	if n := get[int](t, h, `SELECT count(*) FROM voice.contact`); n != 0 {
		t.Error("the contact is still there")
	}
	want := "proposal.renew proposal:" + p.ID.String() + "\nproposal.decline proposal:" + p.ID.String() + "\nproposal.erase proposal:" + p.ID.String()
	if got := h.audited(t); got != want {
		t.Errorf("audit log:\n%s", got)
	}
}

// An update by the staff: a draft with a picture nobody else sees, then public, then taken back.
func TestAnUpdateByTheStaff(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	lead, cashier, stranger := h.as(t, auth.ProjectLead), h.as(t, auth.Cashier), h.visitor(t)
	base := campaignsPath + "/1/updates"
	if a := cashier.get(base + "/new"); a.Status != http.StatusForbidden {
		t.Errorf("a cashier writes updates: %d", a.Status)
	}
	a := lead.post(base+"/new", lead.form(base+"/new", "title_zh", "灶台搭好了", "body_zh", "三口**大锅**", "title_en", "The stove stands", "body_en", "Three pots"))
	wantAt(t, a, "/c/angong/desk/updates/1")
	wantAt(t, lead.upload(a.Path+"/photos", "picture", photograph(t), lead.form(a.Path, "alt", "三口大锅", "caption", "第一锅")), a.Path)
	photo := get[uuid.UUID](t, h, `SELECT picture_id FROM voice.photo`)
	public := []string{"/c/angong/campaigns/dinner/updates/1", "/c/angong/pictures/" + photo.String()}
	for _, path := range public {
		if b := stranger.get(path); b.Status != http.StatusNotFound {
			t.Errorf("%s of a draft: %d", path, b.Status)
		}
	}
	if b := lead.get(a.Path + "/photos/" + photo.String()); b.Status != http.StatusOK || b.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the staff's picture: %d", b.Status)
	}
	wantAt(t, lead.post(a.Path, lead.form(a.Path, "title_zh", "灶台搭好了", "body_zh", "三口**大锅**", "title_en", "The stove stands", "body_en", "Three pots", "press", "publish")), a.Path)
	for _, path := range public {
		if b := stranger.get(path); b.Status != http.StatusOK {
			t.Errorf("%s when published: %d", path, b.Status)
		}
	}
	body := stranger.get("/c/angong/campaigns/dinner").Body
	wantIn(t, "campaign", body, "灶台搭好了", "<strong>大锅</strong>", `alt="三口大锅"`, `loading="lazy"`, "第一锅", `width="40" height="30"`)
	stranger.lang = "en"
	wantIn(t, "in English", stranger.get(public[0]).Body, "The stove stands", "Three pots")
	wantAt(t, lead.post(a.Path, lead.form(a.Path, "press", "decline", "why", "写错了")), a.Path)
	if b := stranger.get(public[0]); b.Status != http.StatusNotFound {
		t.Errorf("taken back, and still %d", b.Status)
	}
}

// photograph is a small PNG file.
func photograph(t testing.TB) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
