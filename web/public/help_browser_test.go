package public_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/web/webtest"
)

// A resident asks for a hand on a phone; the centre finds a neighbour; both say yes and how long it took; the board shows
// the hour, and nowhere a name or a number.
func TestANeighbourIsHelped(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab,
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+"/c/angong/help"),
		chromedp.Click(`//a[text()="我想请人帮忙"]`), chromedp.WaitVisible(chromedp.CSS("#f-what")),
		chromedp.Click(`//button[text()="写好了，交给服务中心"]`), chromedp.WaitVisible(chromedp.CSS(".wrong-sum")),
		chromedp.Click(`//label[contains(., "修修补补")]`),
		chromedp.SendKeys(chromedp.CSS("#f-what"), "灯泡坏了"), chromedp.SendKeys(chromedp.CSS("#f-place"), "3 号院"),
		chromedp.SendKeys(chromedp.CSS("#f-name"), "钱婆婆"), chromedp.SendKeys(chromedp.CSS("#f-phone"), "138-0000-7777"),
		chromedp.Click(chromedp.CSS("#f-consent")), chromedp.Click(`//button[text()="写好了，交给服务中心"]`),
		chromedp.WaitVisible(`//h1[contains(., "钱婆婆")]`),
	)
	mine := webtest.Tell[string](t, tab, "location.href")
	board := func() string {
		webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/help"))
		return webtest.Tell[string](t, tab, "document.body.innerText")
	}
	if text := board(); !strings.Contains(text, "现在没有人等着帮忙") { // the centre has not looked yet
		t.Errorf("no %s in: %.300s", "现在没有人等着帮忙", text)
	}
	e := h.arrangeHelp(t)
	text := board()
	if text := text; !strings.Contains(text, "灯泡坏了") {
		t.Errorf("no %s in: %.300s", "灯泡坏了", text)
	}
	if text := text; strings.Contains(text, "钱婆婆") {
		t.Errorf("%s is in: %.300s", "钱婆婆", text)
	}
	if text := text; strings.Contains(text, "7777") {
		t.Errorf("%s is in: %.300s", "7777", text)
	}
	webtest.Run(t, tab, chromedp.Navigate(mine))
	if text := webtest.Tell[string](t, tab, "document.body.innerText"); !strings.Contains(text, "来帮您的：赵师傅") {
		t.Errorf("no %s in: %.300s", "来帮您的：赵师傅", text)
	}
	if text := webtest.Tell[string](t, tab, "document.body.innerText"); strings.Contains(text, "13800008888") { // not before both said yes
		t.Errorf("%s is in: %.300s", "13800008888", text)
	}
	webtest.Run(t, tab, chromedp.Click(`//button[text()="好，可以"]`), chromedp.WaitVisible(`//a[text()="13800008888"]`))
	h.tellTime(t, e)
	webtest.Run(t, tab, chromedp.Click(`//button[text()="就是这么久"]`), chromedp.WaitVisible(`//*[contains(text(), "邻居帮过您，您能帮别人一点什么吗")]`))
	if text := board(); !strings.Contains(text, "互相帮了 1 次，1 小时，2 位邻居") {
		t.Errorf("no %s in: %.300s", "互相帮了 1 次，1 小时，2 位邻居", text)
	}
}

// arrangeHelp is the centre's part: it shows the one waiting card, and arranges the joiner, who says yes on the telephone.
func (h *house) arrangeHelp(t testing.TB) (e mutualaid.Engagement) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		ctx, now := t.Context(), time.Now()
		cards, err := mutualaid.WaitingCards(ctx, tx, h.ID)
		if err != nil || len(cards) != 1 {
			t.Fatalf("%d cards wait, %v", len(cards), err)
		}
		if err := mutualaid.Show(ctx, tx, h.ID, cards[0].ID, "user:1", now); err != nil {
			return err
		}
		offer, _, err := mutualaid.Put(ctx, tx, h.Community, mutualaid.Card{
			Kind: mutualaid.Offer, Category: mutualaid.Repairs, What: "换灯泡", Place: "7 号院", Weekdays: mutualaid.EveryDay, Parts: mutualaid.AllDay,
			Until: h.Day(now).AddDate(0, 1, 0), MadeAt: now,
		}, mutualaid.Person{Name: "赵师傅", Phone: "13800008888", EnteredBy: "user:1"})
		if err != nil {
			return err
		}
		e, err = mutualaid.Arrange(ctx, tx, h.Community, mutualaid.Plan{Need: cards[0].ID, Offer: offer.ID, Day: h.Day(now), Part: mutualaid.Morning, Minutes: 60}, "user:1", now)
		if err == nil {
			_, err = mutualaid.Say(ctx, tx, h.Community, e.ID, mutualaid.Word{Side: mutualaid.Helper, Said: mutualaid.Yes, Through: "user:1", At: now})
		}
		return err
	})
	return e
}

// tellTime is the helper's word on how long it took.
func (h *house) tellTime(t testing.TB, e mutualaid.Engagement) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := mutualaid.Say(t.Context(), tx, h.Community, e.ID, mutualaid.Word{Side: mutualaid.Helper, Said: mutualaid.Time, Minutes: 60, At: time.Now()})
		return err
	})
}
