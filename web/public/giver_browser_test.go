package public_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"fund/web/webtest"
)

// phone is a phone's browser on a page, in Chinese.
func (h *house) phone(t testing.TB) context.Context {
	t.Helper()
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
	return tab
}

// shoot keeps the page for somebody to look at, where FUND_SHOTS names a folder, and asks whether it is wider than the phone.
func shoot(t testing.TB, tab context.Context, name string) {
	t.Helper()
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("%s: %d px wider than the phone", name, over)
	}
	dir := os.Getenv("FUND_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestFollowFiftyYuanByTheReceipt(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	receipt := v.give("amount", "50.00", "name", "周婆婆", "message", "多放点醋")
	h.spend(t, "面粉、肉和菜", "31.20")
	h.spend(t, "租碗筷桌椅", "12.50")
	h.seal(t)
	serial := get[string](t, h, `SELECT year || '-' || lpad(number::text, 6, '0') FROM receipt.receipt`)
	code := get[string](t, h, `SELECT check_code FROM receipt.receipt`)
	tab := h.phone(t)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+mine), chromedp.WaitVisible(chromedp.CSS("#f-receipt_number")))
	shoot(t, tab, "mine-in")
	webtest.Run(t, tab,
		chromedp.SendKeys(chromedp.CSS("#f-receipt_number"), serial), chromedp.SendKeys(chromedp.CSS("#f-check_code"), code),
		chromedp.Click(`//button[text()="打开这笔捐赠"]`), chromedp.WaitVisible(chromedp.CSS(".trail")))
	shoot(t, tab, "mine-gift")
	said := webtest.Tell[string](t, tab, `document.querySelector("main").innerText`)
	wantIn(t, "the gift", said, "我的 ¥50 到哪里去了", "31.20", "12.50", "43.70", "服务了 96 人次", "还没有花 ¥6.30", "按先来后到")
	webtest.Run(t, tab, chromedp.Click(`//a[text()="面粉、肉和菜"]`), chromedp.WaitVisible(chromedp.CSS(".voucher")))
	webtest.Run(t, tab, chromedp.Navigate(h.Base+receipt.Path), chromedp.WaitVisible(chromedp.CSS(".receipt")))
	shoot(t, tab, "receipt")
	webtest.Run(t, tab, chromedp.Click(`//button[text()="打开我的捐赠"]`), chromedp.WaitVisible(chromedp.CSS("#refund")))
}

func TestAGiverComesAndGoes(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	for _, amount := range []string{"50.00", "20.00", "86.00"} {
		v.give("amount", amount, "email", "zhou@example.cn", "name", "欧阳婆婆", "show_name", "yes", "message", "新年快乐，多放点醋。", "show_message", "yes")
	}
	h.spend(t, "面粉、肉和菜", "61.20")
	tab, downloads, follow := h.phone(t), t.TempDir(), true
	webtest.Run(t, tab,
		chromedp.Navigate(h.Base+mine), chromedp.SendKeys(chromedp.CSS("#f-email"), "zhou@example.cn"),
		chromedp.Click(`//button[text()="给我寄链接"]`), chromedp.WaitVisible(`//h1[text()="看看您的邮箱"]`))
	shoot(t, tab, "mine-sent")
	webtest.Run(t, tab, chromedp.Navigate(h.Base+h.letters(t)[0].Path), chromedp.WaitVisible(chromedp.CSS("form .btn.main")))
	shoot(t, tab, "mine-link")
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS("form .btn.main")), chromedp.WaitVisible(chromedp.CSS(".mine-gifts")))
	shoot(t, tab, "mine")

	progress := chromedp.Events(tab, browser.DownloadProgress)
	webtest.Run(t, tab,
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
				Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: downloads, EventsEnabled: &follow,
				BrowserContextID: chromedp.FromContext(ctx).BrowserContextID,
			})
			return err
		}),
		chromedp.Click(`//a[contains(., "年的收据（PDF）")]`))
	for event, err := range progress {
		if err != nil {
			t.Fatal(err)
		}
		if event.State == browser.DownloadProgressStateCompleted {
			file, err := os.ReadFile(filepath.Join(downloads, event.GUID))
			if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) {
				t.Errorf("%.10q, %v", file, err)
			}
			break
		}
	}

	webtest.Run(t, tab, chromedp.Click(chromedp.CSS(".mine-gifts li:last-child h3 a")), chromedp.WaitVisible(chromedp.CSS(".trail")))
	shoot(t, tab, "mine-gift-mail")
	webtest.Run(t, tab,
		chromedp.Click(chromedp.CSS("[name=show_name]")), chromedp.Click(`//button[text()="就这样"]`), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if shown := get[int](t, h, `SELECT count(*) FROM campaigns.donation WHERE show_name`); shown != 2 {
		t.Errorf("%d gifts show their name", shown)
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+mine+"/data"), chromedp.WaitVisible(chromedp.CSS("#f-name")))
	shoot(t, tab, "mine-data")
	webtest.Run(t, tab, chromedp.Click(`//a[text()="先看看会抹掉什么"]`), chromedp.WaitVisible(chromedp.CSS("#f-sure")))
	shoot(t, tab, "mine-erasure")
	webtest.Run(t, tab,
		chromedp.Click(chromedp.CSS("#f-sure")), chromedp.Click(`//button[text()="抹掉我的资料"]`), chromedp.WaitVisible(`//h1[text()="我们已经忘了您"]`))
	shoot(t, tab, "mine-erased")
	if left := get[int](t, h, `SELECT count(*) FROM campaigns.donor WHERE name <> '' OR email <> '' OR length(salt) > 0`); left != 0 {
		t.Errorf("%d donors are not erased", left)
	}
}
