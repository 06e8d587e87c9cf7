package public_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/web/webtest"
)

// called gives a tab another browser's name, and lets it take the companies' certificates.
func called(t testing.TB, tab context.Context, agent string) {
	t.Helper()
	webtest.Run(t, tab, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: "zh-CN"}); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true})
		return err
	}))
}

// narrow tells whether a page fits a phone. With FUND_SHOTS=dir it also draws it, for somebody to look at.
func narrow(t testing.TB, tab context.Context, where string) {
	t.Helper()
	if dir := os.Getenv("FUND_SHOTS"); dir != "" {
		png, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(where, " ", "-")+".png"), png, 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	}
	if wide := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("%s is %d px too wide", where, wide)
	}
}

// Every way to pay, as its donor goes it: WeChat Pay and Alipay on a phone, a code on a desktop, a transfer, and the desk.
func TestEveryWayToPayInABrowser(t *testing.T) {
	t.Parallel()
	wechat, alipay := openWeChat(t), openAlipay(t)
	bank := payment.NewTransfer(payment.TransferConfig{Holder: "安公社区居民委员会", Bank: "成都银行安公支行", Account: "6222020000001234"})
	h := open(t, wechat.provider, alipay.provider, bank)
	tab := webtest.Open(t)
	called(t, tab, android)
	give := func(way string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.Navigate(h.Base+campaignPath), chromedp.Click(`//label[contains(., "¥50")]`),
			chromedp.Click(`//label[contains(., "`+way+`")]`), chromedp.Click(`//button[text()="下一步：去付款"]`))
	}
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
	for way, c := range map[string]*company{"微信支付": wechat, "支付宝": alipay} {
		give(way)
		webtest.Run(t, tab, chromedp.WaitVisible(`#yes`))
		if c == wechat && c.referer != h.Base+"/" {
			t.Errorf("the company hears that the donor comes from %q", c.referer)
		}
		webtest.Run(t, tab, chromedp.Click(`#yes`), chromedp.WaitVisible(`.receipt`))
		if method := webtest.Tell[string](t, tab, `document.querySelector(".receipt").innerText`); !strings.Contains(method, way) {
			t.Errorf("the receipt does not say %s: %s", way, method)
		}
	}

	give("银行转账")
	webtest.Run(t, tab, chromedp.WaitVisible(`//a[text()="打印这张转账单"]`))
	narrow(t, tab, "the transfer's page")
	slip := webtest.Tell[string](t, tab, `document.querySelector(".pay-facts").innerText`)
	reference := get[string](t, h, `SELECT reference FROM payment.reference`)
	for _, fact := range []string{"安公社区居民委员会", "成都银行安公支行", "6222020000001234", "¥50.00", "伍拾元整", reference} {
		if !strings.Contains(slip, fact) {
			t.Errorf("the slip lacks %s: %s", fact, slip)
		}
	}
	paper := h.visitor(t).get(webtest.Tell[string](t, tab, `document.querySelector("a[href$='transfer.pdf']").getAttribute("href")`))
	if paper.Status != 200 || !strings.HasPrefix(paper.Body, "%PDF-") {
		t.Errorf("the slip on paper: %d", paper.Status)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		a, err := campaigns.FindAwaited(t.Context(), tx, h.ID, reference)
		if err == nil {
			_, _, err = campaigns.Arrive(t.Context(), tx, h.Community, campaigns.Arrival{Donation: a.ID, Amount: yuan("50"), At: time.Now(), Who: "user:1"})
		}
		return err
	})
	webtest.Run(t, tab, chromedp.Reload(), chromedp.WaitVisible(`.receipt`))

	give("柜台现金")
	webtest.Run(t, tab, chromedp.WaitVisible(`.red-serial`))
	narrow(t, tab, "the desk's number")

	called(t, tab, inWeChat)
	give("微信支付")
	webtest.Run(t, tab, chromedp.WaitVisible(`.pay-steps`))
	narrow(t, tab, "the page in WeChat's browser")

	called(t, tab, windows)
	webtest.Run(t, tab, chromedp.EmulateViewport(1280, 800))
	give("微信支付")
	webtest.Run(t, tab, chromedp.WaitVisible(`.pay-code svg`))
	narrow(t, tab, "the code")
	number, _ := wechat.order()
	wechat.pay(number)
	wechat.tellWeChat(number)
	webtest.Run(t, tab, chromedp.WaitVisible(`.receipt`)) // by itself
	if n := h.receipts(t); n != 4 {
		t.Errorf("%d receipts", n)
	}
}

// The button of a large gift waits a little, and says how long.
func TestALargeGiftInABrowser(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Donors.LargeGift, h.Donors.LargeWait = yuan("10000"), 2*time.Second
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(h.Base+campaignPath),
		chromedp.Click(`//label[contains(., "其他")]`), chromedp.SendKeys(`#f-own`, "12000"), chromedp.Click(`//button[text()="下一步：去付款"]`),
		chromedp.WaitVisible(`[data-pause][aria-disabled]`))
	narrow(t, tab, "the second look")
	webtest.Run(t, tab, chromedp.WaitVisible(`[data-pause]:not([aria-disabled])`), chromedp.Click(`[data-pause]`), chromedp.WaitVisible(chromedp.CSS("[name=scenario]")))
	if amount := get[string](t, h, `SELECT amount::text FROM campaigns.donation`); amount != "12000.00" {
		t.Errorf("a gift of %s", amount)
	}
}
