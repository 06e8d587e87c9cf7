package till_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/auth"
	"fund/web/page"
	"fund/web/webtest"
)

// The parts that only compute, each against what must hold of it. Every line is a claim; the page names those that do not hold.
const claims = `
	const [money, cart, find, store] = await Promise.all(["money", "cart", "find", "store"].map((name) => import("` + "%s" + `till-" + name + ".js")));
	const wrong = [];
	const same = (what, got, want) => { if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push(what + ": " + JSON.stringify(got) + ", want " + JSON.stringify(want)); };

	for (const [text, fen] of [["12", 1200], ["12.5", 1250], [" 12.05 ", 1205], ["¥3", 300], ["0.01", 1], ["0", 0], ["1.005", undefined], ["-1", undefined], ["1e3", undefined], ["", undefined], [".5", undefined], ["12,000", undefined]]) same("parse " + text, money.parse(text), fen);
	for (const [fen, text] of [[0, "¥0.00"], [5, "¥0.05"], [123456789, "¥1,234,567.89"], [100000, "¥1,000.00"]]) same("yuan " + fen, money.yuan(fen), text);
	for (let fen = 0; fen < 100000; fen += 7) if (money.parse(money.plain(fen)) !== fen) wrong.push("plain " + fen);

	let dice = 42;
	const roll = (n) => (dice = (dice * 1103515245 + 12345) % 2147483648) % n;
	for (let round = 0; round < 300; round++) {
		let c = cart.blank("id");
		for (let n = 0; n < 1 + roll(5); n++) c = cart.add(c, { item: "i" + roll(3), name: "x", price: 1 + roll(5000), quantity: 1 + roll(4) });
		if (roll(2)) c = cart.tip(c, roll(2000));
		if (roll(2)) c = cart.part(c, "wechat", 1 + roll(cart.total(c) + 500));
		const due = cart.due(c);
		if (due < 0) wrong.push("paid more by telephone than is due");
		c = cart.give(c, due > 0 ? due + roll(10000) : 0);
		const before = cart.change(c), tipped = cart.keep(c);
		same("giving the change takes nothing more", cart.byPhone(tipped) + tipped.given, cart.byPhone(c) + c.given);
		same("and leaves none", cart.change(tipped), 0);
		same("it is in the donation", tipped.tip, c.tip + before);
		for (const kind of [c, tipped]) {
			if (!cart.ready(kind) && cart.carried(kind)) wrong.push("not ready: " + JSON.stringify(kind));
			if (!cart.ready(kind)) continue;
			const sale = cart.sale(kind, "A-0001", "now");
			const sum = (list) => list.reduce((n, one) => n + money.parse(one.amount ?? one), 0);
			if (money.parse(sale.tip) > Math.max(...sale.payments.map((p) => money.parse(p.amount)))) wrong.push("no payment carries the donation");
			same("payments are goods and donation", sum(sale.payments), sale.lines.reduce((n, l) => n + l.quantity * money.parse(l.price), 0) + money.parse(sale.tip));
			for (const p of sale.payments) if (p.given !== undefined && money.parse(p.given) < money.parse(p.amount)) wrong.push("given less than taken");
		}
		for (const fen of cart.rounded(c)) if ((cart.total(c) + fen) % 100 !== 0) wrong.push("rounds to " + (cart.total(c) + fen));
		same("nothing short is ready", cart.ready(cart.give(c, Math.max(0, due - 1))), due <= 0 || due === 0);
	}
	same("the same again counts up", cart.add(cart.add(cart.blank(1), { item: "a", name: "x", price: 5 }), { item: "a", name: "x", price: 5 }).lines, [{ quantity: 2, item: "a", name: "x", price: 5 }]);
	same("another price is another line", cart.add(cart.add(cart.blank(1), { item: "a", name: "x", price: 5 }), { item: "a", name: "x", price: 6 }).lines.length, 2);
	same("a change of the cart counts the cash again", cart.quantity(cart.give(cart.add(cart.blank(1), { item: "a", name: "x", price: 5 }), 5), 0, 2).given, 0);
	same("none is no line", cart.quantity(cart.add(cart.blank(1), { item: "a", name: "x", price: 5 }), 0, 0).lines, []);

	for (const [text, letters] of [["旧书任选", "jsrx"], ["盖碗茶", "gwc"], ["糖画", "th"], ["青花瓶A", "qhpa"], ["安全帽", "aqm"], ["最好", "zh"]]) same("initials of " + text, find.initials(text), letters);
	const items = find.index([{ id: 1, name_zh: "旧书", name_en: "Old book", code: "01", barcode: "6900", group: "a" }, { id: 2, name_zh: "新书", code: "02", barcode: "", group: "b" }]);
	for (const [word, ids] of [["", [1, 2]], ["书", [1, 2]], ["js", [1]], ["BOOK", [1]], ["02", [2]], ["zz", []]]) same("find " + word, find.find(items, word).map((i) => i.id), ids);
	same("find in a group", find.find(items, "书", "b").map((i) => i.id), [2]);
	same("a label", find.scanned(items, " 6900 ")?.id, 1);
	same("half a label", find.scanned(items, "690"), undefined);
	const ids = new Set(Array.from({ length: 1000 }, store.newId));
	same("ids differ", ids.size, 1000);
	for (const id of ids) if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) wrong.push("id " + id);
	return wrong.slice(0, 10).join("\n");
`

func TestThePureParts(t *testing.T) {
	t.Parallel()
	h := open(t)
	tab := webtest.Open(t)
	c := counter{h, t, tab}
	webtest.Enter(t, tab, h.Base, h.as(t, auth.Cashier).Jar)
	c.run(chromedp.Navigate(h.Base+tillPath), chromedp.WaitVisible(chromedp.CSS("#open")))
	dir := page.Asset("")
	if wrong := c.does(strings.Replace(claims, "%s", dir, 1)); wrong != "" {
		t.Error(wrong)
	}
}

// What makes the till installable is open to everybody, and says nothing of anybody.
func TestTheTillCanBeInstalled(t *testing.T) {
	t.Parallel()
	h := open(t)
	stranger := &visitor{TB: t, house: h, Client: http.DefaultClient}
	status, header, body := stranger.get(tillPath + "/manifest.webmanifest")
	var m struct {
		StartURL string `json:"start_url"`
		Scope    string
		Display  string
		Icons    []struct{ Src, Sizes, Type string }
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	if m.StartURL != tillPath || m.Scope != tillPath || m.Display != "standalone" || header.Get("Content-Type") != "application/manifest+json" || len(m.Icons) != 2 {
		t.Errorf("%+v, %s", m, header.Get("Content-Type"))
	}
	for _, icon := range m.Icons {
		if status, header, body := stranger.get(icon.Src); status != http.StatusOK || header.Get("Content-Type") != "image/png" || len(body) < 500 {
			t.Errorf("%s: %d, %s, %d bytes", icon.Src, status, header.Get("Content-Type"), len(body))
		}
	}
	if status, _, _ := stranger.get(tillPath + "/icon-100.png"); status != http.StatusNotFound {
		t.Errorf("an icon of no size: %d", status)
	}
	status, header, body = stranger.get(tillPath + "/worker.js")
	if status != http.StatusOK || header.Get("Service-Worker-Allowed") != tillPath || header.Get("Cache-Control") != "no-cache" {
		t.Errorf("the worker: %d, %v", status, header)
	}
	wantIn(t, "the worker", body, `"shell":"/c/angong/till"`, page.Asset("till.js"))
	_, header, body = h.as(t, auth.Cashier).get(tillPath)
	for _, name := range []string{"陈cashier", "csrf"} {
		if strings.Contains(body, name) {
			t.Errorf("the shell, which stays in the browser, says %q", name)
		}
	}
	wantIn(t, "the shell's rights", header.Get("Permissions-Policy"), "camera=(self)")
	wantIn(t, "the shell's policy", header.Get("Content-Security-Policy"), "script-src 'self';", "worker-src 'self'")
}

// Whoever may not sell sees nothing of the till, whatever they ask.
func TestOnlyWhoSellsComesIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	auditor := h.as(t, auth.Auditor)
	stranger := &visitor{TB: t, house: h, Client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	for _, path := range []string{"", "/state.json", "/sessions/0198b0c0-0000-7000-8000-000000000001/count", "/sessions/0198b0c0-0000-7000-8000-000000000001/count/second"} {
		if status, _, _ := auditor.get(tillPath + path); status != http.StatusForbidden {
			t.Errorf("%s: %d for an auditor", path, status)
		}
		if status, header, _ := stranger.get(tillPath + path); status != http.StatusSeeOther || !strings.HasPrefix(header.Get("Location"), "/login") {
			t.Errorf("%s: %d to %s for a stranger", path, status, header.Get("Location"))
		}
	}
}
