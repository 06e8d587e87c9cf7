package till_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/webtest"
)

// What a buyer takes along: a page, papers of three sizes, bytes for a printer; and what it says when some of it comes back.
func TestABuyersReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Cashier)
	h.as(t, auth.ShiftLead)
	c := h.stand(t, webtest.Open(t), v, "A")
	c.does(`
		const item = (name) => [...document.querySelectorAll(".item")].find((i) => i.innerText.startsWith(name)).click();
		for (let n = 0; n < 3; n++) item("手织围巾");
		$("#tips button").click(); $("[data-note='10000']").click(); $("#done").click();
		await until(() => $("#slip").open && !$("#slip-scan").hidden, "the number");`)
	at := c.does(`return new URL($("#slip-open").href).pathname`)
	status, _, page := v.get(at)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", at, status)
	}
	wantIn(t, "the receipt", page, "购物小票", "-S000001", "手织围巾", "×3", "75.00", "另捐", "元旦旧物义卖", "不是捐赠收据", "校验", "/s/", "收 100.00")
	c.run(chromedp.Navigate(h.Base+at), chromedp.WaitVisible(chromedp.CSS(".sold")))
	webtest.Judge(t, c.Context, webtest.Axe(t), "the receipt", webtest.EveryRule)
	c.shot("receipt")
	for paper, kind := range map[string]string{"receipt.pdf": "application/pdf", "receipt.pdf?paper=58": "application/pdf", "receipt.pdf?paper=80&lang=en": "application/pdf", "receipt.escpos?paper=80": "application/octet-stream", "qr.png": "image/png"} {
		status, header, body := v.get(at + "/" + paper)
		if status != http.StatusOK || header.Get("Content-Type") != kind || len(body) < 500 {
			t.Errorf("%s: %d %s of %d bytes", paper, status, header.Get("Content-Type"), len(body))
		}
		if header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s may be kept: %s", paper, header.Get("Cache-Control"))
		}
	}
	for _, wrong := range []string{strings.Replace(at, "/s/", "/r/", 1), at[:len(at)-1] + "~"} {
		if status, _, _ := v.get(wrong); status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", wrong, status)
		}
	}
	c.run(chromedp.Navigate(h.Base+tillPath), chromedp.WaitVisible(chromedp.CSS(".item")))
	c.does(`
		await sent();
		$("#list").click(); [...document.querySelectorAll("#day-rows .acts button")].find((b) => b.innerText === "退货").click();
		$("#refund-lines select").value = "2"; $("#refund-lines select").dispatchEvent(new Event("change"));
		$("#refund-do").click();
		await until(() => $("#refund-wrong").innerText.includes("为什么退"), "the reason to be asked for");
		$("#refund-reason").value = "有个洞";
		$("#refund-do").click();
		await until(() => $("#ask").open || $("#refund-wrong").innerText.includes("第二个人") || !$("#refund-second").hidden, "an answer");`)
	if second := c.does(`return String(!$("#refund-second").hidden)`); second == "true" {
		c.does(`
			$("#refund-login").value = "shift_lead@example.cn"; $("#refund-password").value = "` + password + `";
			$("#refund-do").click();
			await until(() => $("#ask").open, "the refund");`)
	}
	wantIn(t, "the refund", c.does(`return $("#ask").innerText`), "把 ¥50.00 还给顾客")
	if left := get[string](t, h, `SELECT total || ' less ' || refunded FROM sale.sale`); left != "75.00 less 50.00" {
		t.Errorf("%s", left)
	}
	_, _, page = v.get(at)
	wantIn(t, "the receipt after it", page, "退过 ¥50.00")
}

// A sale that is refused stays on the device, says why and what to do, and can be sent again or carried to the treasurer.
func TestARefusedSaleIsKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.stand(t, webtest.Open(t), h.as(t, auth.Cashier), "A")
	c.offline(true)
	c.does(`await sell(1); await sell(2)`)
	for _, counter := range []string{"user:8", "user:9"} { // meanwhile two people count the drawer elsewhere
		h.Do(t, func(tx *sqlx.Tx) error {
			_, err := sale.Count(t.Context(), tx, h.Community, get[uuid.UUID](t, h, `SELECT id FROM sale.session`), sale.Tally{Counter: counter, Lead: true, Pieces: money.Pieces{2}, At: time.Now()})
			return err
		})
	}
	c.offline(false)
	c.does(`await until(() => $("#state").dataset.kind === "refused", "the refusal")`)
	c.shot("refused")
	wantIn(t, "the bar", c.does(`return $("#state").innerText`), "2 单没有记进公账")
	c.does(`$("#state button").click(); await until(() => $("#day").open, "the list")`)
	c.shot("refused-day")
	wantIn(t, "the list", c.does(`return $("#day").innerText`), "A-0001", "A-0002", "没有记进公账：", "存成文件交给司库", "再传一次")
	wantIn(t, "the way out", c.does(`$("#day").close(); $("#more").click(); await until(() => $("#aids").open, "more"); $("#leave").click(); await until(() => $("#leave-wrong").innerText, "words"); const said = $("#leave-wrong").innerText; $("#aids").close(); return said`), "还有 2 单")
	c.run(chromedp.Navigate(h.Base + "/c/angong/desk"))
	c.does(`$("form[data-leave]").requestSubmit(); for (let n = 0; !$("form[data-leave] [role=alert]").innerText && n < 100; n++) await new Promise((next) => setTimeout(next, 50))`)
	wantIn(t, "the desk's way out", c.does(`return $("form[data-leave] [role=alert]").innerText`), "还有 2 单只在这台机器上")
	c.run(chromedp.Navigate(h.Base+tillPath), chromedp.WaitVisible(chromedp.CSS("#state[data-kind=refused] button")))
	c.does(`$("#state button").click(); $("#day-file").click();
		await until(() => $("#day-rows").innerText.includes("已交给司库"), "the file to be written");
		[...document.querySelectorAll("#day-rows .acts button")].find((b) => b.innerText === "已交给司库").click();
		await until(() => $("#ask").open, "the question"); $("#ask-do").click();
		await until(() => $("#state").innerText.includes("1 单没有"), "one to be handed over");
		$("#day").close()`)
	c.run(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#open")))
	c.run(chromedp.SetValue(chromedp.CSS("#open-till"), "B"), chromedp.SendKeys(chromedp.CSS("#open-float"), "0\r"), chromedp.WaitVisible(chromedp.CSS(".item")))
	c.does(`$("#state button").click(); [...document.querySelectorAll("#day-rows .acts button")].find((b) => b.innerText === "记到现在这一班").click(); await until(() => $("#state").dataset.kind === "sent" || $("#state").dataset.kind === "online", "the sale to be taken")`)
	if n := get[string](t, h, `SELECT count(*) || ' in ' || min(till) FROM sale.sale s JOIN sale.session USING (community_id) WHERE sale.session.id = s.session_id`); n != "1 in B" {
		t.Errorf("sales: %s", n)
	}
}
