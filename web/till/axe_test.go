package till_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/auth"
	"fund/web/webtest"
)

// Everything the till shows, in both languages, on a phone and on a tablet, in large letters and in high contrast, has no
// fault that axe calls serious, and is no wider than the screen. With FUND_SHOTS=dir it is drawn for somebody to look at.
func TestTheTillIsForEverybody(t *testing.T) {
	t.Parallel()
	axe, h := webtest.Axe(t), open(t)
	browser := webtest.Open(t)
	c := h.stand(t, browser, h.as(t, auth.Cashier), "A")
	views := []struct{ name, show string }{
		{"shelf", ``},
		{"counter", `for (const n of [0, 0, 1, 4]) [...document.querySelectorAll(".item")][n].click(); $("#given").value = "20"; $("#ways button").click(); $("#way-do").click(); $("[data-note='10000']").click(); $("#cart").scrollIntoView();`},
		{"slip", `$("#keep").click(); $("#done").click(); await until(() => $("#slip").open && !$("#slip-scan").hidden, "the number");`},
		{"day", `$("#slip-next").click(); await sent(); $("#list").click();`},
		{"refund", `[...document.querySelectorAll("#day-rows .acts button")][1].click(); $("#refund-lines select").value; await until(() => $("#refund").open, "the refund");`},
		{"pad", `$("#refund").close(); $("#day").close(); $(".item:last-child").click();`},
		{"wrong", `$("#pad-do").click();`},
		{"more", `$("#pad").close(); $("#more").click(); await until(() => $("#aids").open, "more");`},
	}
	for _, size := range []struct{ w, h int64 }{{360, 740}, {768, 1024}} {
		for how, query := range map[string]string{"zh": "lang=zh&text=normal&contrast=normal", "en": "lang=en", "large": "lang=zh&text=large", "high": "lang=zh&text=normal&contrast=high"} {
			c.run(chromedp.EmulateViewport(size.w, size.h), chromedp.Navigate(h.Base+tillPath+"?"+query), chromedp.WaitVisible(chromedp.CSS(".item")))
			for _, v := range views {
				c.does(v.show)
				name := fmt.Sprintf("%s-%s-%d", v.name, how, size.w)
				webtest.Judge(t, c.Context, axe, name, webtest.EveryRule)
				if over := webtest.Tell[int](t, c.Context, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s: %d px too wide", name, over)
				}
				c.shot(name)
			}
			c.does(`$("#aids").close()`)
		}
	}
}

// shot draws the page for somebody to look at, where FUND_SHOTS names a folder.
func (c counter) shot(name string) {
	dir := os.Getenv("FUND_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(c.Context, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		c.Fatal(err)
	}
}
