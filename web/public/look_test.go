package public_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/webtest"
)

// TestNoPageIsWiderThanAPhone opens every page of giving in every way of reading. With FUND_SHOTS=dir it also draws them,
// on a phone and on a desktop, for somebody to look at.
func TestNoPageIsWiderThanAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	shots := os.Getenv("FUND_SHOTS")
	widths := []int64{360}
	if shots != "" {
		widths = append(widths, 1280)
	}
	for name, at := range h.pagesOfGiving(t) {
		for _, width := range widths {
			for how, query := range map[string]string{
				"plain": "lang=zh&text=normal&contrast=normal", "large": "lang=zh&text=large&contrast=normal", "contrast": "lang=zh&text=normal&contrast=high",
				"english": "lang=en&text=normal&contrast=normal", "english-large": "lang=en&text=large&contrast=normal",
			} {
				webtest.Run(t, tab, chromedp.EmulateViewport(width, 800), chromedp.Navigate(h.Base+at+"?"+query))
				if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s, %s: %d px wider than %d", name, how, over, width)
				}
				if shots == "" {
					continue
				}
				png, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
				if err == nil {
					err = os.WriteFile(filepath.Join(shots, fmt.Sprintf("%s-%s-%d.png", name, how, width)), png, 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// pagesOfGiving makes one of each page, with much on it, and gives their addresses.
func (h *house) pagesOfGiving(t testing.TB) map[string]string {
	v := h.visitor(t)
	v.give("amount", "own", "own", "4080", "name", "周婆婆", "show_name", "yes", "message", "新年快乐，多放点醋。", "show_message", "yes")
	v.give("amount", "own", "own", "2000")
	receipt := v.give("amount", "86.00", "name", "周婆婆").Path
	h.spend(t, "面粉、肉和菜", "3700.00")
	h.spend(t, "租碗筷桌椅", "333.33")
	h.seal(t)
	void := v.give("amount", "50.00").Path
	h.refund(t, "50.00")
	sandbox := v.order("amount", "50.00").Path
	chairs := dinner()
	chairs.Slug, chairs.TitleZH, chairs.TitleEN, chairs.Scene, chairs.Kind = "chairs", "书角添 38 把椅子", "38 chairs for the book corner", "chairs", "all_or_nothing"
	h.publish(t, chairs)
	over := dinner()
	over.Slug, over.TitleZH, over.TitleEN, over.Scene, over.EndsOn = "over", "冬至饺子宴", "Dumplings at midwinter", "tea", over.StartsOn
	h.publish(t, over)
	return map[string]string{
		"list": "/c/angong/campaigns", "campaign": campaignPath, "over": "/c/angong/campaigns/over", "receipt": receipt, "void": void,
		"sandbox": sandbox, "waiting": "/c/angong/donations/" + path.Base(sandbox),
		"quarantined": v.pay(v.order("amount", "20.00"), "wrong-amount").Path, "failed": v.pay(v.order("amount", "20.00"), "decline").Path,
	}
}
