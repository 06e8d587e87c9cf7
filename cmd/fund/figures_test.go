package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/webtest"
)

// unopened lists the amounts of a page that open nothing. An amount opens what it is made of if it
//
//   - stands in a link, or in a row, an item, a paragraph, a fact or a card with one: the row's name opens it;
//   - is a sum of what stands with it: in a total or a foot of a table whose rows open, or marked data-of="sum";
//   - is of the entry the page is about: data-of="entry"; or
//   - is no figure of the books: a price, a plan, a promise, an example, marked data-of="said", or code.
const unopened = `(() => {
  const amount = /(?:^|[^\d.,])[¥−+-]?\s?\d{1,3}(?:,\d{3})*\.\d{2}(?![\d%.]|\s*(?:小时|hours?\b))/, found = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    const e = n.parentElement;
    if (!amount.test(n.data) || e.closest("a, svg, option, input, textarea, script, code, pre, [data-of]")) continue;
    if (e.closest("tr, li, p, dl > div, article, figure")?.querySelector("a[href]")) continue;
    if (e.closest("article, li, .card")?.querySelector("a[href]")) continue;
    const sum = e.closest("tr.total, tr.sum, tr.result, tr.of, tfoot tr");
    if (sum && sum.closest("table").querySelector("a[href]")) continue;
    found.push((e.closest("tr, li, p, div") || e).innerText.replace(/\s+/g, " ").slice(0, 80));
  }
  return found;
})()`

// Every figure of the public pages opens what it is made of. A corridor's screen is left out: nobody can press it.
func TestEveryPublicFigureOpens(t *testing.T) {
	t.Parallel()
	tab := webtest.Open(t)
	base, _ := serveSample(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(base+"/?lang=zh"))
	pages := []string{"/c/angong/ledger/2017-2186", "/c/angong/ledger/2017-2122"}
	for _, p := range publicPages {
		if p.path != "" && p.do == "" && !strings.Contains(p.path, "/screen") && strings.HasPrefix(p.path, "/c/angong") {
			pages = append(pages, p.path)
		}
	}
	opened := 0
	for _, path := range pages {
		webtest.Run(t, tab, chromedp.Navigate(base+path))
		if webtest.Tell[bool](t, tab, `!document.querySelector("main")`) {
			continue // a window for other sites
		}
		for _, figure := range webtest.Tell[[]string](t, tab, unopened) {
			t.Errorf("%s: nothing opens %q", path, figure)
		}
		opened += webtest.Tell[int](t, tab, `[...document.querySelectorAll("main a")].filter(a => /\d\.\d{2}/.test(a.innerText)).length`)
	}
	if opened < 300 {
		t.Errorf("only %d amounts in links: the walk misses the pages", opened)
	}
	webtest.Run(t, tab, chromedp.Navigate(base+"/c/angong"))
	webtest.Tell[bool](t, tab, `document.querySelector("main").insertAdjacentHTML("beforeend", "<div>¥1,234.50</div>"); true`)
	if left := webtest.Tell[[]string](t, tab, unopened); len(left) != 1 {
		t.Errorf("an amount that opens nothing goes unseen: %q", left)
	}
}
