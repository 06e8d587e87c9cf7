package public_test

import (
	"regexp"
	"strings"
	"testing"

	"fund/ledger/money"
)

// Every way of the money is a row that opens its entries, and what runs into the funds is what runs out of them.
func TestTheWayOfTheMoney(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	body := v.get("/c/angong/flow?period=2017").Body
	rows := regexp.MustCompile(`<tr><td>([^<]+)</td><td>([^<]+)</td><td class="r red-rule"><a href="([^"]+)">([\d,.]+)</a></td></tr>`).FindAllStringSubmatch(body, -1)
	sums, ways := map[string]money.Amount{}, map[string]string{}
	for _, r := range rows {
		amount := money.MustParse(strings.ReplaceAll(r[4], ",", ""))
		sums[r[2]], sums[r[1]] = sums[r[2]].Add(amount), sums[r[1]].Sub(amount)
		ways[r[1]+" → "+r[2]] = r[4]
		if a := v.get(strings.ReplaceAll(r[3], "&amp;", "&")); a.Status != 200 {
			t.Errorf("%s: %d", r[3], a.Status)
		}
	}
	for _, fund := range []string{"通用款"} {
		if !sums[fund].IsZero() || len(rows) < 4 {
			t.Errorf("%s keeps %v between its sides: %v", fund, sums[fund], ways)
		}
	}
	for way, want := range map[string]string{"通用款 → 重阳茶会": "200.00", "网上捐赠 → 通用款": "500.00"} {
		if ways[way] != want {
			t.Errorf("%s: %q, want %s of %v", way, ways[way], want, ways)
		}
	}
	wantIn(t, "the picture", body, `<svg class="chart channels"`, `<a href="/c/angong/projects/tea"><g><title>重阳茶会 200.00</title>`)
	if a := v.get("/c/angong/flow?period=2017-13"); a.Status != 404 {
		t.Errorf("a month that is none: %d", a.Status)
	}
	wantIn(t, "a quarter", v.get("/c/angong/flow?period=2017-04_2017-06").Body, "80.25", "2017 年第 2 季度")
	wantIn(t, "the months", v.get("/c/angong/months?fund=tea").Body, `>80.25</a>`, `>119.75</a>`, "划入")
}
