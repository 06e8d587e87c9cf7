package till_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

// counter is a tab in which somebody sells.
type counter struct {
	*house
	testing.TB
	context.Context
}

// stand logs a cashier in, opens the till on a phone and a session at it.
func (h *house) stand(t testing.TB, tab context.Context, v *visitor, till string) counter {
	t.Helper()
	c := counter{h, t, tab}
	webtest.Enter(t, tab, h.Base, v.Jar)
	c.run(chromedp.EmulateViewport(360, 740), chromedp.Navigate(h.Base+tillPath+"?lang=zh"), chromedp.WaitVisible(chromedp.CSS("#open")))
	c.run(chromedp.SetValue(chromedp.CSS("#open-till"), till), chromedp.SendKeys(chromedp.CSS("#open-float"), "200\r"), chromedp.WaitVisible(chromedp.CSS(".item")))
	c.ready()
	return c
}

// ready waits until the worker has everything.
func (c counter) ready() { c.does(`await navigator.serviceWorker.ready; return "ready"`) }

func (c counter) run(steps ...chromedp.Action[chromedp.Void]) {
	c.Helper()
	webtest.Run(c.TB, c.Context, steps...)
}

// does runs a script in the page until its promise is kept.
func (c counter) does(script string) string {
	c.Helper()
	return webtest.Tell[string](c.TB, c.Context, `(async () => {
		const $ = (s) => document.querySelector(s);
		const until = async (what, say) => { for (let n = 0; !what(); n++) { if (n > 600) throw new Error("waited for " + say + ": " + $("#state").innerText); await new Promise((next) => setTimeout(next, 50)); } };
		const sell = async (n, pay = "#exact") => {
			const goods = [...document.querySelectorAll(".item:not(.free-price)")];
			goods[n % goods.length].click();
			if (n % 3 === 0) goods[(n + 1) % goods.length].click();
			$(pay).click();
			$("#done").click();
			await until(() => $("#slip").open, "the slip");
			$("#slip-next").click();
		};
		const waiting = () => new Promise((told) => {
			const db = indexedDB.open("fund-till-angong");
			db.onsuccess = () => {
				const all = db.result.transaction("sales").objectStore("sales").getAll();
				all.onsuccess = () => { db.result.close(); told(all.result.filter((s) => s.state === "waiting").length); };
			};
		});
		const sent = async () => {
			for (let n = 0; await waiting() > 0; n++) { if (n > 600) throw new Error("still waiting: " + $("#state").innerText); await new Promise((next) => setTimeout(next, 50)); }
			await until(() => ["sent", "online"].includes($("#state").dataset.kind), "the bar to say so");
		};
		`+script+`})().then((said) => said ?? "")`)
}

// offline takes the network away, or gives it back, as far as the page and its worker can see.
func (c counter) offline(off bool) {
	c.Helper()
	rules := []*network.Conditions{}
	if off {
		rules = append(rules, &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if _, err := chromedp.Call(c.Context, network.Enable, network.EnableParams{}); err != nil {
		c.Fatal(err)
	}
	if _, err := chromedp.Call(c.Context, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{EmulateOfflineServiceWorker: &off, MatchedNetworkConditions: rules}); err != nil {
		c.Fatal(err)
	}
	if _, err := chromedp.Call(c.Context, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}); err != nil {
		c.Fatal(err)
	}
}

// agrees checks that so many sales are in the books, once each, without a gap, and that everything agrees.
func (h *house) agrees(t testing.TB, sales int) {
	t.Helper()
	if n := get[int](t, h, `SELECT count(*) FROM sale.sale`); n != sales {
		t.Errorf("%d sales in the books, want %d", n, sales)
	}
	want := fmt.Sprintf("%d receipts, 1 to %d", sales, sales)
	if got := get[string](t, h, `SELECT count(DISTINCT number) || ' receipts, ' || min(number) || ' to ' || max(number) FROM receipt.receipt WHERE series = 'sale'`); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if off := get[string](t, h, `SELECT coalesce(sum(amount), 0)::text FROM ledger.posting`); off != "0.00" {
		t.Errorf("the journal is off by %s", off)
	}
	if sum := get[bool](t, h, `
		SELECT (SELECT sum(total) FROM sale.sale) = (SELECT -sum(p.amount) FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id WHERE a.purpose = 'sales_income')`); !sum {
		t.Error("the sales are not the income")
	}
	found, err := sale.Check(t.Context(), h.Database.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Code != sale.CashNowhere { // the fair's float came out of nobody's safe
			t.Error(f)
		}
	}
}

func TestFiftySalesWithoutNetwork(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.stand(t, webtest.Open(t), h.as(t, auth.Cashier), "A")
	c.offline(true)
	c.does(`for (let n = 0; n < 50; n++) await sell(n)`)
	wantIn(t, "without network", c.does(`await until(() => $("#state").innerText.includes("50 单"), "the sales"); return $("#state").innerText`), "没有网络，照常收银", "一单不少")
	if n := get[int](t, h, `SELECT count(*) FROM sale.sale`); n != 0 {
		t.Fatalf("%d sales came through no network", n)
	}
	c.run(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(".item")))
	wantIn(t, "after a reload without network", c.does(`await until(() => $("#state").dataset.kind === "offline", "the network to be missed"); return $("#state").innerText + $("#shift").innerText`), "没有网络", "50 单", "第 51 单")
	c.offline(false)
	c.does(`await sent()`)
	h.agrees(t, 50)
	if slips := get[string](t, h, `SELECT min(slip) || ' ' || max(slip) || ' ' || count(DISTINCT slip) FROM sale.sale`); slips != "A-0001 A-0050 50" {
		t.Errorf("slips %s", slips)
	}
	list := c.does(`$("#list").click(); return $("#day").innerText`)
	wantIn(t, "the day", list, "这一班 50 单", "-S000050", "-S000001", "A-0050", "已记进公账")
}

func TestTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.stand(t, webtest.Open(t), h.as(t, auth.Cashier), "A")
	pattern := &fetch.RequestPattern{URLPattern: "*/till/sync", RequestStage: fetch.RequestStageResponse}
	if _, err := chromedp.Call(c.Context, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{pattern}}); err != nil {
		t.Fatal(err)
	}
	lost := make(chan struct{})
	go func() {
		n := 0
		for event, err := range chromedp.Events(c.Context, fetch.RequestPaused) {
			if err != nil {
				return
			}
			if n++; n <= 2 { // the server has done it, and nobody hears of it
				_, _ = chromedp.Call(c.Context, fetch.FailRequest, fetch.FailRequestParams{RequestID: event.RequestID, ErrorReason: network.ErrorReasonConnectionReset})
				if n == 2 {
					close(lost)
				}
				continue
			}
			_, _ = chromedp.Call(c.Context, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: event.RequestID})
		}
	}()
	c.does(`for (let n = 0; n < 3; n++) await sell(n)`)
	<-lost
	c.run(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(".item")))
	c.does(`await sent()`)
	h.agrees(t, 3)
	wantIn(t, "the day", c.does(`$("#list").click(); return $("#day").innerText`), "-S000001", "-S000002", "-S000003")
}

func TestTwoTillsAndTwoTabs(t *testing.T) {
	t.Parallel()
	h := open(t)
	browser := webtest.Open(t)
	cashier := h.as(t, auth.Cashier)
	a := h.stand(t, browser, cashier, "A")
	other, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	webtest.Run(t, other)
	b := h.stand(t, other, h.as(t, auth.ShiftLead), "B")
	second, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	webtest.Run(t, second)
	a2 := counter{h, t, second}
	a2.run(chromedp.Navigate(h.Base+tillPath), chromedp.WaitVisible(chromedp.CSS(".item")))
	third, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	webtest.Run(t, third)
	webtest.Enter(t, third, h.Base, cashier.Jar)
	a3 := counter{h, t, third} // another device in the session that the first opened
	a3.run(chromedp.Navigate(h.Base+tillPath), chromedp.WaitVisible(chromedp.CSS(".item")))
	a3.ready()
	tills := []counter{a, b, a2, a3}
	for _, c := range tills {
		c.offline(true)
		c.does(`for (let n = 0; n < 6; n++) await sell(n)`)
	}
	done := make(chan struct{})
	for _, c := range tills { // all at once
		go func() { defer func() { done <- struct{}{} }(); c.offline(false) }()
	}
	for range tills {
		<-done
	}
	for _, c := range tills {
		c.does(`await sent()`)
	}
	h.agrees(t, 24)
	if slips := get[string](t, h, `SELECT string_agg(till || ' ' || n, ', ' ORDER BY till) FROM (SELECT left(slip, 1) AS till, count(DISTINCT slip) AS n FROM sale.sale GROUP BY 1) x`); slips != "A 18, B 6" {
		t.Errorf("slips: %s", slips)
	}
}

// A drawer of one session is paid in many ways, and what is voided, held or given beside is as it should be.
func TestASaleOfManyKinds(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.stand(t, webtest.Open(t), h.as(t, auth.Cashier), "A")
	c.does(`
		const item = (name) => [...document.querySelectorAll(".item")].find((i) => i.innerText.startsWith(name)).click();
		item("旧书任选"); item("旧书任选"); item("旧书任选"); item("手织围巾");
		$("#lines li:last-child .less").click();
		await until(() => $("#total").innerText === "¥15.00", "the scarf to be voided");
		$("#hold").click();
		await until(() => $("#held").innerText === "挂单（1）", "the sale to be held");
		$("#word").value = "xbao"; $("#word").dispatchEvent(new Event("input"));
		$("#word").value = "sgxb"; $("#word").dispatchEvent(new Event("input"));
		if (document.querySelectorAll(".item").length !== 1) throw new Error("sgxb finds " + $("#items").innerText);
		$("#find").requestSubmit();
		const scan = (code) => { for (const key of [...code, "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); };
		$("#word").dispatchEvent(new Event("input")); scan("6900000000007"); scan("9999999999999");
		if ($("#total").innerText !== "¥16.00") throw new Error($("#total").innerText);
		$("#void").click();
		await until(() => $("#ask").open, "the question");
		$("#ask-do").click();
		await until(() => !$("#empty").hidden, "the cart to be empty");
		$("#held").click(); $("#carts-rows .acts button").click();
		await until(() => $("#total").innerText === "¥15.00", "the sale to be resumed");
		item("随心价");
		$("#pad-name").value = "铜锁"; for (const key of "265") $("[data-key='" + (key === "5" ? "." : key) + "']").click(); $("[data-key='5']").click();
		$("#pad-do").click();
		await until(() => $("#total").innerText === "¥41.50", "the lock");
		$("#given").value = "20"; $("#ways button").click(); $("#way-do").click();
		await until(() => $("#rest").innerText === "¥21.50", "the rest");
		$("[data-note='5000']").click();
		if ($("#change").innerText !== "¥28.50") throw new Error($("#change").innerText);
		$("#keep").click();
		await until(() => $("#total").innerText === "¥70.00", "the change to be given");
		$("#done").click();
		await until(() => $("#slip").open && !$("#slip-scan").hidden, "the number");
		$("#slip-next").click();
		await sent();`)
	if got := get[string](t, h, `SELECT s.total || ' tip ' || s.tip || ' slip ' || s.slip || ' · ' || string_agg(p.way || ' ' || p.amount || '/' || p.given, ', ' ORDER BY p.nth) FROM sale.sale s JOIN sale.payment p ON p.sale_id = s.id GROUP BY s.total, s.tip, s.slip`); got != "41.50 tip 28.50 slip A-0001 · wechat 20.00/20.00, cash 50.00/50.00" {
		t.Error(got)
	}
	if got := get[string](t, h, `SELECT string_agg(amount::text, ', ' ORDER BY amount) FROM sale.void`); got != "16.00, 25.00" {
		t.Errorf("voids: %s", got)
	}
	if got := get[string](t, h, `SELECT raised || ' in ' || gifts FROM campaigns.tally`); got != "28.50 in 1" {
		t.Errorf("given beside: %s", got)
	}
	found, err := ledger.Check(t.Context(), h.Database.App, h.Community, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// What was sold outlives the session of whoever sold it, and nobody leaves the device while it holds sales.
func TestNothingIsLostWithTheLogIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Cashier)
	c := h.stand(t, webtest.Open(t), v, "A")
	if _, err := h.Owner.Exec(`DELETE FROM auth.session`); err != nil {
		t.Fatal(err)
	}
	c.does(`await sell(1); await until(() => $("#state").dataset.kind === "login", "the log-in to be asked for"); await sell(2)`)
	wantIn(t, "the bar", c.does(`await until(() => $("#state").innerText.includes("2 单"), "both sales"); return $("#state").innerText`), "登录过期了，照常收银", "2 单", "重新登录")
	wantIn(t, "the way out", c.does(`$("#more").click(); await until(() => $("#aids").open, "more"); $("#leave").click(); await until(() => $("#leave-wrong").innerText, "words"); return $("#leave-wrong").innerText`), "还有 2 单只在这台机器上")
	c.run(chromedp.Navigate(h.Base+"/login?next="+tillPath), chromedp.SendKeys(chromedp.CSS("#f-login"), "cashier@example.cn"), chromedp.SendKeys(chromedp.CSS("#f-password"), password+"\r"), chromedp.WaitVisible(chromedp.CSS(".item")))
	c.does(`await sent()`)
	h.agrees(t, 2)
	c.does(`$("#more").click(); await until(() => $("#aids").open, "more"); setTimeout(() => $("#leave").click()); return ""`)
	c.run(chromedp.WaitVisible(chromedp.CSS("#f-login")))
	if left := webtest.Tell[string](t, c.Context, `(async () => [...(await indexedDB.databases()).map((d) => d.name), ...await caches.keys(), ...(await navigator.serviceWorker.getRegistrations()).map((r) => r.scope)].join())()`); left != "" {
		t.Errorf("after the log-out the browser keeps %s", left)
	}
	c.run(chromedp.Navigate(h.Base+"/login?next="+tillPath), chromedp.SendKeys(chromedp.CSS("#f-login"), "cashier@example.cn"), chromedp.SendKeys(chromedp.CSS("#f-password"), password+"\r"), chromedp.WaitVisible(chromedp.CSS(".item")))
	c.does(`await sell(1); await sent()`) // in the same session, on a device that remembers nothing
	if slips := get[string](t, h, `SELECT string_agg(regexp_replace(slip, '-[0-9A-F]{3}-', '-its own-'), ' ' ORDER BY rung_at, slip) FROM sale.sale`); slips != "A-0001 A-0002 A-its own-0003" {
		t.Errorf("slips %s", slips)
	}
}

// A device that cannot keep a sale says so before anybody believes it sold, and the counter stays as it was.
func TestAFullDeviceSaysSo(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.stand(t, webtest.Open(t), h.as(t, auth.Cashier), "A")
	c.does(`
		const add = IDBObjectStore.prototype.add;
		IDBObjectStore.prototype.add = function () { throw new DOMException("no room", "QuotaExceededError"); };
		document.querySelector(".item").click(); $("#exact").click(); $("#done").click();
		await until(() => $("#ask").open, "the alarm");
		IDBObjectStore.prototype.add = add;`)
	wantIn(t, "the alarm", c.does(`return $("#ask").innerText + $("#state").innerText + $("#total").innerText + $("#slip").open`), "这台机器存满了", "钱先别收", "存不住了", "¥8.00", "false")
	c.does(`$("#ask-do").click(); $("#done").click(); await until(() => $("#slip").open, "the slip, once there is room"); $("#slip-next").click(); await sent()`)
	h.agrees(t, 1)
}
