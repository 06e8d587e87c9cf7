package public_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/campaigns/pledge"
	"fund/web/webtest"
)

// aMonthOn lets a month pass for every plan, as far as the books of promises know.
func (h *house) aMonthOn(t testing.TB) {
	t.Helper()
	for _, q := range []string{
		`UPDATE pledge.plan SET made_on = (date_trunc('month', made_on) - interval '1 day')::date`,
		`UPDATE pledge.gift SET month = (month - interval '1 month')::date WHERE month IS NOT NULL`,
		`UPDATE pledge.plan SET day = extract(day FROM now() AT TIME ZONE 'Asia/Shanghai')`,
	} {
		if _, err := h.Owner.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
}

// letter does what the hourly worker and the outbox do, and gives the address in the one letter they write.
func (h *house) letter(t testing.TB) (path string) {
	t.Helper()
	now := time.Now().Add(24 * time.Hour) // a morning has come
	if err := pledge.RunDue(t.Context(), h.Database.App, h.Community, time.Now()); err != nil {
		t.Fatal(err)
	}
	handlers := pledge.Handlers(pledge.Following{DB: h.Database.App, Now: time.Now, Send: func(_ context.Context, l pledge.Letter) error {
		if path != "" || l.To.Email != "zhou@example.cn" {
			t.Errorf("a letter to %q, after %q", l.To.Email, path)
		}
		if path = "/c/angong/monthly/"; l.Plan == nil {
			t.Fatal("a letter about no plan")
		}
		path += l.Plan.Token
		return nil
	}})
	waiting, err := outbox.Pending(t.Context(), h.Database.App, h.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range waiting {
		if handle := handlers[m.Kind]; handle != nil && !m.NotBefore.After(now) {
			if err := handle(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	return path
}

func TestAMonthlyGiftOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	paid := []chromedp.Action[chromedp.Void]{
		chromedp.WaitVisible(`//button[text()="付 ¥50.00"]`), chromedp.Click(`//button[text()="付 ¥50.00"]`), chromedp.WaitVisible(chromedp.CSS(".receipt")),
	}
	webtest.Run(t, tab, append([]chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base + campaignPath), chromedp.WaitVisible(chromedp.CSS("#give")),
		chromedp.Click(`//label[contains(., "¥50")]`), chromedp.Click(`//label[contains(., "每个月都捐这么多")]`),
		chromedp.Click(chromedp.CSS("#give summary")), chromedp.SendKeys(chromedp.CSS("#f-email"), "zhou@example.cn"),
		chromedp.Click(`//button[text()="下一步：去付款"]`),
	}, paid...)...)
	h.aMonthOn(t)
	link := h.letter(t)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+link), chromedp.WaitVisible(`//button[text()="捐 ¥50.00"]`))
	narrow(t, tab, "the month's page")
	if n := webtest.Tell[int](t, tab, `document.querySelectorAll(".btn.main").length`); n != 1 {
		t.Errorf("%d main buttons", n)
	}
	webtest.Run(t, tab, append([]chromedp.Action[chromedp.Void]{chromedp.Click(`//button[text()="捐 ¥50.00"]`)}, paid...)...)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+link), chromedp.WaitVisible(`//h1[text()="这个月不用付"]`),
		chromedp.Click(`//summary[text()="暂停一阵"]`), chromedp.Click(`//label[contains(., "停 1 个月")]`),
		chromedp.Click(`//button[text()="暂停"]`), chromedp.WaitVisible(`//h1[text()="月捐暂停了"]`))
	narrow(t, tab, "the paused page")
	webtest.Run(t, tab, chromedp.Click(`//summary[text()="不再每月捐了"]`), chromedp.Click(`//button[text()="停掉月捐"]`), chromedp.WaitVisible(`//h1[text()="月捐已经停了"]`))
	narrow(t, tab, "the stopped page")
	if n := get[int](t, h, `SELECT count(*) FROM pledge.gift g JOIN campaigns.donation d ON d.id = g.donation_id WHERE d.state = 'paid'`); n != 2 {
		t.Errorf("%d paid gifts of the plan", n)
	}
	if link := h.letter(t); link != "" {
		t.Errorf("a second letter: %s", link)
	}
}

func TestAPromiseIsPaidOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab,
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+campaignPath), chromedp.Click(`//a[contains(., "先认捐")]`), chromedp.WaitVisible(chromedp.CSS("#f-amount")),
	)
	narrow(t, tab, "the promise's form")
	webtest.Run(t, tab,
		chromedp.SendKeys(chromedp.CSS("#f-amount"), "86"), chromedp.Click(`//label[contains(., "一个月内")]`),
		chromedp.SendKeys(chromedp.CSS("#f-email"), "zhou@example.cn"), chromedp.Click(`//button[text()="记下来"]`),
		chromedp.WaitVisible(`//h1[text()="您的认捐"]`),
	)
	narrow(t, tab, "the promise's page")
	link := webtest.Tell[string](t, tab, `location.pathname`)
	if raised := get[string](t, h, `SELECT raised || ' in ' || gifts FROM campaigns.tally`); raised != "0.00 in 0" {
		t.Errorf("a promise raised %s", raised)
	}
	webtest.Run(t, tab, chromedp.Click(`//button[text()="下一步：去付款"]`), chromedp.WaitVisible(`//button[text()="付 ¥86.00"]`),
		chromedp.Click(`//button[text()="付 ¥86.00"]`), chromedp.WaitVisible(chromedp.CSS(".receipt")),
		chromedp.Navigate(h.Base+link), chromedp.WaitVisible(`//span[text()="已付清"]`))
	narrow(t, tab, "the kept promise")
}

func promiseForm(v *visitor, pairs ...string) url.Values {
	form := v.form(campaignPath+"/pledge", "amount", "86", "by", "own", "own", time.Now().AddDate(0, 0, 20).Format(time.DateOnly), "email", "zhou@example.cn")
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestAPromiseTakenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	for what, c := range map[string]struct{ field, typed, want string }{
		"no amount":         {"amount", "", "这里要填"},
		"below the minimum": {"amount", "0.50", "这次募捐最少捐 ¥1"},
		"above the maximum": {"amount", "200000.01", "一次最多 ¥200,000"},
		"no day":            {"by", "", "这里要填"},
		"a day that is past": {
			"own", "2017-12-05", "选今天到",
		},
		"after the end": {"own", time.Now().AddDate(1, 0, 0).Format(time.DateOnly), "选今天到"},
		"no address":    {"email", "", "这里要填"},
	} {
		if at := v.post(campaignPath+"/pledge", promiseForm(v, c.field, c.typed)); at.Status != 422 || !strings.Contains(at.Body, c.want) {
			t.Errorf("%s: %d without %q", what, at.Status, c.want)
		}
	}
	form := promiseForm(v)
	at := v.post(campaignPath+"/pledge", form)
	if again := v.post(campaignPath+"/pledge", form); again.Path != at.Path || !strings.HasPrefix(at.Path, "/c/angong/pledges/") {
		t.Errorf("pressed twice: %s and %s", at.Path, again.Path)
	}
	wantIn(t, "pledge", at.Body, "¥86.00", "早上写信提醒您", `value="86.00"`, "认捐不是欠款")
	wantNot(t, "the campaign", v.get(campaignPath).Body, "份认捐") // anybody may type this
	if got := at.Header.Get("Cache-Control"); !strings.Contains(got, "no-store") || at.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the giver's own page may be kept: %q", got)
	}
	if wrong := v.get("/c/angong/pledges/" + strings.Repeat("a", 26)); wrong.Status != 404 {
		t.Errorf("somebody else's address: %d", wrong.Status)
	}
	part := v.post(at.Path, fields(at.Body, "amount", "20"))
	v.pay(part, payment.Normal)
	wantIn(t, "pledge in part", v.get(at.Path).Body, "已经收到", "66.00", `value="66.00"`)
	wantIn(t, "too little", v.post(at.Path, v.form(at.Path, "amount", "0.20")).Body, "比这次募捐的最低金额少了")
	gone := v.post(at.Path+"/cancellation", v.form(at.Path))
	wantIn(t, "cancelled", gone.Body, "已取消", "已经取消，不会再写信提醒")
	wantNot(t, "cancelled", gone.Body, "下一步：去付款")
	if late := v.post(at.Path, fields(at.Body, "amount", "66")); late.Status != 409 {
		t.Errorf("a cancelled pledge is paid: %d", late.Status)
	}
	if n := get[int](t, h, `SELECT count(*) FROM pledge.pledge`); n != 1 {
		t.Errorf("%d pledges", n)
	}
}

func TestMonthlyWithoutAScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	at := v.order("amount", "20.00", "monthly", "yes")
	wantIn(t, "no address", at.Body, "每个月的提醒要寄到邮箱", `<details class="field fold" open>`, `name="monthly" value="yes" checked`)
	v.pay(v.order("amount", "20.00", "monthly", "yes", "email", "zhou@example.cn"), payment.Decline)
	h.aMonthOn(t)
	if link := h.letter(t); link != "" {
		t.Fatalf("a letter to an address whose gift was never paid: %s", link)
	}
	receipt := v.give("amount", "20.00", "monthly", "yes", "email", "zhou@example.cn")
	wantIn(t, "receipt", receipt.Body, "日写信提醒您一次")
	wantNot(t, "receipt", receipt.Body, get[string](t, h, `SELECT token FROM pledge.plan ORDER BY made_at DESC LIMIT 1`), "每个月都捐这么多？")
	h.aMonthOn(t)
	path := h.letter(t)
	wantIn(t, "plan", v.get(path).Body, "捐 ¥20.00", "不按就什么也不会扣", "一共 1 次")
	for range 2 { // looking is not paying: a mail program may look too
		v.get(path)
	}
	form := v.form(path)
	pay := v.post(path, form)
	if again := v.post(path, form); again.Path != pay.Path {
		t.Errorf("pressed twice: %s and %s", pay.Path, again.Path)
	}
	wantIn(t, "waiting", v.get(path).Body, "有一笔付款还没有消息", "捐 ¥20.00")
	v.pay(pay, payment.Normal)
	wantIn(t, "paid", v.get(path).Body, "这个月不用付", "一共 2 次", "¥40.00")
	if at := v.post(path, v.form(path)); at.Path != path {
		t.Errorf("paid twice for one month: %s", at.Path)
	}
	wantIn(t, "pause in the past", v.post(path+"/pause", v.form(path, "until", "own", "own", "2017-12-05")).Body, "选明天到一年之内的一天")
	wantIn(t, "paused", v.post(path+"/pause", v.form(path, "until", "own", "own", time.Now().AddDate(0, 2, 0).Format(time.DateOnly))).Body, "月捐暂停了")
	wantIn(t, "resumed", v.post(path+"/resumption", v.form(path)).Body, "这个月不用付")
	wantIn(t, "too much", v.post(path+"/change", v.form(path, "amount", "200001", "day", "31")).Body, "超过了一次最多的")
	wantIn(t, "changed", v.post(path+"/change", v.form(path, "amount", "66.60", "day", "31")).Body, "改好了", `value="66.60"`, `value="31" selected`)
	bare, err := http.Post(h.Base+path+"/unsubscription", "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil || bare.StatusCode != http.StatusNoContent {
		t.Fatalf("a mail program's one press: %v, %v", bare, err)
	}
	bare.Body.Close()
	wantIn(t, "stopped", v.get(path).Body, "月捐已经停了", "看正在募捐的")
	if at := v.get(path + "/stop"); at.Path != path || at.Status != 200 {
		t.Errorf("reloaded at %s, %d", at.Path, at.Status)
	}
}

func TestMonthlyFromAReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	at := v.give("amount", "50.00", "name", "周婆婆")
	wantIn(t, "receipt", at.Body, "每个月都捐这么多？", at.Path+"/monthly")
	wantIn(t, "no address", v.post(at.Path+"/monthly", v.form(at.Path+"/monthly")).Body, "这里要填")
	begun := v.post(at.Path+"/monthly", v.form(at.Path+"/monthly", "email", "zhou@example.cn"))
	if !strings.HasPrefix(begun.Path, "/c/angong/monthly/") || !strings.Contains(begun.Body, "¥50.00") {
		t.Fatalf("at %s: %d", begun.Path, begun.Status)
	}
	token := strings.TrimPrefix(begun.Path, "/c/angong/monthly/")
	wantNot(t, "receipt", v.get(at.Path).Body, "每个月都捐这么多？")
	other := h.visitor(t) // who was shown the receipt does not get the plan
	for _, body := range []string{
		other.get(at.Path + "/monthly").Body, other.post(at.Path+"/monthly", other.form(at.Path, "email", "other@example.cn")).Body, other.get(at.Path).Body,
	} {
		wantNot(t, "somebody else", body, token)
	}
	if n := get[int](t, h, `SELECT count(*) FROM pledge.plan`); n != 1 {
		t.Errorf("%d plans", n)
	}
	donor := get[string](t, h, `SELECT name || email FROM campaigns.donor n JOIN pledge.plan p ON p.donor_id = n.id`)
	if donor != "zhou@example.cn" {
		t.Errorf("the plan is of %q", donor)
	}
}

func TestACampaignShowsPromisesApart(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := pledge.Make(t.Context(), tx, h.Community, pledge.Promise{
			Campaign: h.Campaign.Slug, Amount: yuan("3000"), DueOn: time.Now().AddDate(0, 0, 20), Name: "社区茶坊", EnteredBy: "user:1", At: time.Now(),
		})
		return err
	})
	body := h.visitor(t).get(campaignPath).Body
	wantIn(t, "campaign", body, "另有 1 份认捐，一共 ¥3,000.00，说好以后付，还没有算进来", `data-live-text="raised">¥0<`)
	wantNot(t, "campaign", body, "社区茶坊")
	c, err := campaigns.CampaignAt(t.Context(), h.Database.App, h.ID, h.Campaign.ID)
	if err != nil || !c.Raised.IsZero() {
		t.Errorf("raised %s, %v", c.Raised, err)
	}
}
