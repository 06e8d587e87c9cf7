package desk_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/webtest"
)

// addEvening is an event that is open, with a ticket to two tables of two and a lot; a till of the role's own is open.
func (v *visitor) addEvening(role auth.Role) (ticket, lot sale.Item) {
	v.Helper()
	v.addFair()
	price := yuan("60")
	v.Do(v, func(tx *sqlx.Tx) (err error) {
		if ticket, err = sale.AddItem(v.Context(), tx, v.ID, sale.Item{PlaceID: 1, Code: "T1", NameZH: "坝坝宴座位", Kind: sale.Ticket, Price: &price}); err != nil {
			return err
		}
		if lot, err = sale.AddItem(v.Context(), tx, v.ID, sale.Item{PlaceID: 1, Code: "L1", NameZH: "老茶壶", Kind: sale.Lot}); err != nil {
			return err
		}
		who := get[string](v, v.house, `SELECT 'user:' || id FROM auth.user WHERE login = $1`, string(role)+"@example.cn")
		_, err = sale.Open(v.Context(), tx, v.ID, sale.Session{PlaceID: 1, Till: "A", Float: money.Zero, OpenedBy: who, OpenedAt: time.Now().Add(-time.Hour)})
		return err
	})
	return ticket, lot
}

const pageLoaded = `main h1`

// press clicks and waits for the page that comes.
func press(t testing.TB, tab context.Context, button string) {
	t.Helper()
	webtest.Tell[string](t, tab, `document.documentElement.dataset.old = "yes"`)
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS(button)), chromedp.WaitVisible(chromedp.CSS(`html:not([data-old]) main h1`)), chromedp.WaitReady(chromedp.CSS(`footer, #main`)))
}

// until waits until a page says yes.
func until(t testing.TB, tab context.Context, expression string) {
	t.Helper()
	if _, err := chromedp.Run(tab, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(time.Minute))); err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
}

func says(t testing.TB, tab context.Context, what string, texts ...string) {
	t.Helper()
	wantIn(t, what, webtest.Tell[string](t, tab, `document.body.innerText`), texts...)
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("%s is %d px too wide", what, over)
	}
}

func visit(t testing.TB, tab context.Context, url string) {
	t.Helper()
	webtest.Run(t, tab, chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS(pageLoaded)))
}

// A resident reserves a seat on the phone, pays it at the desk, is let in, and not a second time.
func TestASeatFromThePhoneToTheDoor(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	ticket, _ := v.addEvening(auth.Treasurer)
	plan := salesPath + "/1/plan/" + ticket.ID.String()
	wantAt(t, v.post(plan, v.form(plan, "shape", "tables", "blocks", "2", "places", "2", "starts", "18:30")), salesPath+"/1/tickets")
	tab := webtest.Open(t)
	visit(t, tab, h.Base+"/c/angong/sales/old-things")
	press(t, tab, `a[href$="/seats/T1"]`)
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS(`input[value="2-1"]`)), chromedp.SendKeys(chromedp.CSS("#f-name"), "周素芬"))
	press(t, tab, "main form button.main")
	says(t, tab, "the reservation", "留了 1 个座位", "前付 ¥60.00", "2 号桌 1 座", "未付")
	mine := webtest.Tell[string](t, tab, `location.href`)
	webtest.Enter(t, tab, h.Base, v.client.Jar)
	visit(t, tab, h.Base+salesPath+"/1/tickets")
	press(t, tab, `main ul.lines a[href*="/tickets/"]`)
	press(t, tab, `form[action$="/payment"] button.main`)
	says(t, tab, "what was paid", "收了 ¥60.00，收据", "已付")
	code := webtest.Tell[string](t, tab, `document.querySelector("ul.lines .num").textContent`)
	door := h.Base + salesPath + "/1/door"
	for _, said := range []string{"请进", "已经入场"} {
		visit(t, tab, door)
		webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-code"), code))
		press(t, tab, "#door button.main")
		says(t, tab, "the door", said, "2 号桌 1 座", "周素芬")
	}
	visit(t, tab, mine)
	says(t, tab, "the ticket", "已入场", code)
	axe := webtest.Axe(t)
	for _, path := range []string{door, mine, h.Base + salesPath + "/1/tickets", door + "/list", h.Base + "/c/angong/sales/old-things/seats/T1"} {
		visit(t, tab, path)
		webtest.Judge(t, tab, axe, path, webtest.EveryRule)
	}
	if n := get[int](t, h, `SELECT count(*) FROM sale.sale s JOIN sale.session t ON t.id = s.session_id`); n != 1 {
		t.Errorf("%d sales in the drawer", n)
	}
	order := get[string](t, h, `SELECT sale_id::text FROM sale.ticket`)
	if a := v.get(salesPath + "/1/tickets/" + order + "/tickets.pdf"); !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("the tickets on paper: %d", a.Status)
	}
}

// Two phones and somebody in the room bid on a lot; the hammer falls, and the winner pays.
func TestALotFromTwoPhonesAndPaper(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	_, lot := v.addEvening(auth.Treasurer)
	desk := salesPath + "/1/lots/" + lot.ID.String()
	wantAt(t, v.post(desk, v.form(desk, "start", "100", "step", "20", "giver", "3 号院李爷爷", "fair_value", "150")), desk)
	first, second := webtest.Open(t), webtest.Open(t)
	for i, tab := range []context.Context{first, second} {
		visit(t, tab, h.Base+"/c/angong/sales/old-things/lots/L1")
		says(t, tab, "the lot", "老茶壶", "3 号院李爷爷 捐的", "不算作捐赠")
		webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-name"), "客人"+strconv.Itoa(i)), chromedp.SendKeys(chromedp.CSS("#f-phone"), "1380000000"+strconv.Itoa(i)), chromedp.Click(chromedp.CSS("#f-consent")))
		press(t, tab, "main form button.main")
		says(t, tab, "a bid", "收到了", strconv.Itoa(i+1)+" 号牌", "现在是您最高")
	}
	wantAt(t, v.post(salesPath+"/1/lots", v.form(salesPath+"/1/lots", "name", "陈老师", "phone", "028-0000 0000")), salesPath+"/1/lots")
	a := v.post(desk+"/bids", v.form(desk, "paddle", "3", "amount", "130"))
	wantIn(t, "a bid that is too low", a.Body, "至少出 ¥140.00")
	wantAt(t, v.post(desk+"/bids", v.form(desk, "paddle", "3", "amount", "140")), desk)
	until(t, first, `document.querySelector(".lot-now b").textContent === "¥140.00"`) // by itself
	press(t, first, "main form button.main")
	says(t, first, "what was typed before somebody bid more", "有人出得更高了")
	visit(t, first, webtest.Tell[string](t, first, `location.href.replace(/\/bids$/, "")`))
	press(t, first, "main form button.main")
	says(t, first, "the highest bid", "¥160.00", "现在是您最高")
	if body := h.visitor(t).get("/c/angong/sales/old-things/lots/L1").Body; strings.Contains(body, "客人") || strings.Contains(body, "陈老师") {
		t.Error("the public page names bidders")
	}
	tab := first
	webtest.Enter(t, tab, h.Base, v.client.Jar)
	visit(t, tab, h.Base+desk)
	press(t, tab, `button[value="hammer"]`)
	says(t, tab, "after the hammer", "落槌了", "1 号牌", "客人0")
	press(t, tab, `form[action$="/payment"] button.main`)
	says(t, tab, "paid", "收了 ¥160.00，收据", "款已付清")
	axe := webtest.Axe(t)
	for _, path := range []string{desk, salesPath + "/1/lots", "/c/angong/sales/old-things", "/c/angong/sales/old-things/lots/L1"} {
		visit(t, tab, h.Base+path)
		webtest.Judge(t, tab, axe, path, webtest.EveryRule)
	}
	found, err := sale.Check(t.Context(), h.App, h.ID)
	if err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}
