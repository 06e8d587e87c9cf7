package till_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/auth"
	"fund/web/webtest"
)

// Two people count on one phone, blind; only then is it said what should have been there.
func TestTwoPeopleCloseATillOnOneDevice(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.as(t, auth.ShiftLead)
	v := h.as(t, auth.Cashier)
	c := h.stand(t, webtest.Open(t), v, "A")
	c.does(`await sell(1); await sell(4); await sent()`) // 31 yuan
	c.run(chromedp.Click(chromedp.CSS("#close")), chromedp.WaitVisible(chromedp.CSS("#f-p0")))
	before := c.does(`return $("main").innerText`)
	wantIn(t, "the first count", before, "清点钱箱", "第一个人来数", "第二个人来数")
	c.shot("count-first")
	c.run(chromedp.SendKeys(chromedp.CSS("#f-p0"), "2"), chromedp.SendKeys(chromedp.CSS("#f-p2"), "1"))
	if total := c.does(`return $("[data-total]").innerText`); total != "¥220.00" {
		t.Errorf("the page adds up %s", total)
	}
	c.run(chromedp.SendKeys(chromedp.CSS("#f-p3"), "1"), chromedp.Click(chromedp.CSS("[value=enter]")), chromedp.WaitVisible(chromedp.CSS("#f-login")))
	second := c.does(`return $("main").innerText + [...document.querySelectorAll("input")].map((i) => i.type === "hidden" ? "" : i.value).join("")`)
	wantIn(t, "the second count", second, "陈cashier数过了", "第二个人是谁")
	for _, secret := range []string{"230", "231", "应有"} {
		if strings.Contains(second, secret) {
			t.Errorf("the second person sees %q before counting", secret)
		}
	}
	c.shot("count-second")
	count := func(login, one string) {
		c.does(`for (const [id, text] of Object.entries({ login: "` + login + `", password: "` + password + `", p0: "2", p2: "1", p3: "1", p5: "` + one + `" })) $("#f-" + id).value = text;`)
		c.run(chromedp.Click(chromedp.CSS("[value=enter]")))
	}
	count("cashier@example.cn", "")
	c.run(chromedp.WaitVisible(chromedp.CSS("#f-login-wrong")))
	wantIn(t, "the same person twice", c.does(`return $("#f-login-wrong").innerText`), "要换另一个人")
	count("shift_lead@example.cn", "1")
	c.run(chromedp.WaitVisible(chromedp.CSS(".note.wait")))
	wantIn(t, "two counts that differ", c.does(`return $("main").innerText`), "两个人数的不一样")
	c.run(chromedp.Navigate(c.does(`return location.href.replace("/second", "") + "/second"`)), chromedp.WaitVisible(chromedp.CSS("#f-login")))
	count("shift_lead@example.cn", "")
	c.run(chromedp.WaitVisible(chromedp.CSS("a[href$='z.pdf']")))
	wantIn(t, "the result", c.does(`return $("main").innerText`), "Z 报告", "应有", "231.00", "实点", "230.00", "短款", "−¥1.00", "¥230.00 从现在起算在保险柜里")
	c.shot("count-result")
	if got := get[string](t, h, `SELECT counted || ' of ' || expected FROM sale.session`); got != "230.00 of 231.00" {
		t.Error(got)
	}
	if n := get[int](t, h, `SELECT count(*) FROM auth.audit_log WHERE verb = 'till.count' AND user_id = (SELECT id FROM auth.user WHERE login = 'shift_lead@example.cn')`); n != 2 {
		t.Errorf("%d counts of the shift lead in the audit log", n)
	}
	status, header, _ := v.get(c.does(`return $("a[href$='z.pdf']").pathname`))
	if status != 200 || header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the Z report: %d %s", status, header.Get("Content-Type"))
	}
	c.run(chromedp.Navigate(h.Base+tillPath), chromedp.WaitVisible(chromedp.CSS("#open")))
}
