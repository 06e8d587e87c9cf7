package public_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"fund/web/public"
	"fund/web/webtest"
)

// A neighbour passes a campaign on from a phone: the link by a press, the code to hold up.
func TestPassingACampaignOnFromAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab,
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			for _, name := range []string{"clipboard-read", "clipboard-write"} {
				_, err := chromedp.Call(ctx, browser.SetPermission, browser.SetPermissionParams{
					Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted, Origin: h.Base,
					BrowserContextID: chromedp.FromContext(ctx).BrowserContextID,
				})
				if err != nil {
					return err
				}
			}
			return nil
		}),
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+campaignPath), chromedp.WaitVisible(chromedp.CSS(".share")),
		chromedp.Click(`//button[text()="复制链接"]`), chromedp.WaitVisible(`//button[text()="✓ 复制好了"]`),
	)
	copied, err := chromedp.Run(tab, chromedp.Evaluate[string](`navigator.clipboard.readText()`, chromedp.EvalAwaitPromise))
	if err != nil || copied != h.Base+campaignPath {
		t.Errorf("copied %q, %v", copied, err)
	}
	webtest.Run(t, tab, chromedp.Click(`//a[text()="二维码"]`), chromedp.WaitVisible(chromedp.CSS(".code-big svg")))
	if wide := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("%d px too wide", wide)
	}
	webtest.Run(t, tab, chromedp.ScrollIntoView(chromedp.CSS(".code-big")))
	png, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if read := tool(t, png, "zbarimg", "--quiet", "--raw", "FILE"); read != h.Base+campaignPath+"\n" {
		t.Errorf("the code on the phone leads to %q", read)
	}
	if shots := os.Getenv("FUND_SHOTS"); shots != "" {
		if err := os.WriteFile(filepath.Join(shots, "share-360.png"), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The widget stands in a page of another origin and moves when somebody gives; every other page refuses to.
func TestTheWidgetOnSomebodyElsesPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	f := h.front(t) // another origin by its port
	tab := webtest.Open(t)
	f.answer.Store(200) // with a page of its own, and none of our headers
	webtest.Run(t, tab, chromedp.EmulateViewport(800, 700), chromedp.Navigate("http://"+f.address))
	for _, path := range []string{campaignPath + "/widget.html?lang=zh", campaignPath} {
		webtest.Tell[int](t, tab, `(f => { f.width = 360; f.height = 296; f.src = "`+h.Base+path+`"; document.body.append(f); return 1 })(document.createElement("iframe"))`)
	}
	widget, refused := false, false
	for deadline := time.Now().Add(30 * time.Second); !(widget && refused) && time.Now().Before(deadline); {
		webtest.Run(t, tab, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			found, err := chromedp.Call(ctx, cdpage.GetFrameTree, cdp.Empty{})
			for _, frame := range found.FrameTree.ChildFrames {
				widget = widget || frame.Frame.URL == h.Base+campaignPath+"/widget.html?lang=zh"
				refused = refused || frame.Frame.UnreachableURL == h.Base+campaignPath
			}
			return err
		}))
	}
	if !widget || !refused {
		t.Fatalf("the widget stands in its frame: %v, the campaign's page is refused: %v", widget, refused)
	}
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 296), chromedp.Navigate(h.Base+campaignPath+"/widget.html"), chromedp.WaitVisible(chromedp.CSS(".btn.main")))
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollHeight - innerHeight`); over > 0 {
		t.Errorf("the widget is %d px higher than its frame", over)
	}
	for topic := public.LiveTopic(h.ID, h.Campaign.ID); h.App.Pages.Streams.Listening(topic) == 0; {
		webtest.Tell[bool](t, tab, `document.hidden`) // until the page listens
	}
	h.visitor(t).give("amount", "86.00")
	until(t, tab, `document.querySelector("[data-live-text=raised]").textContent === "¥86"`)
}
