package public_test

import (
	"fmt"
	"regexp"
	"testing"
)

func TestSearchingTheBooks(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	rows := regexp.MustCompile(`<li><a href="/c/angong/ledger/(\d+-\d+)">`)
	for query, want := range map[string]string{
		"q=茶":                           "[2017-7 2017-6 2017-5 2017-3]", // a fund's name too
		"q=茶&to=2017-03-31":             "[2017-3]",
		"q=茶会&least=60&most=70":         "[2017-5]",
		"q=tea+elders":                  "[2017-7 2017-6]", // the project's English name
		"q=80.25":                       "[2017-7]",
		"q=¥80.25":                      "[2017-7]",
		"least=100&most=¥1,000":         "[2017-6 2017-2 2017-1 2016-1]",
		"least=500":                     "[2017-1 2016-1]",
		"most=70":                       "[2017-5 2017-4 2017-3]",
		"fund=tea":                      "[2017-7 2017-6]",
		"kind=out&from=2017-03-01":      "[2017-7]",
		"q=7":                           "[2017-7 2017-4]",
		"q=2017":                        "[2017-4]",
		"q=%EF%BC%B3%EF%BC%B5%EF%BC%AD": "[2017-2]", // ＳＵＭ
		"q=2017-04-02":                  "[2017-7]",
		"q=2017+年+4+月+2+日":              "[2017-7]",
		"q=2017年1月":                     "[2017-1]",
		"q=2017/12/31+茶":                "[2017-5]",
		"q=没有这样的字":                      "[]",
	} {
		var got []string
		for _, m := range rows.FindAllStringSubmatch(v.get("/c/angong/search?"+query).Body, -1) {
			got = append(got, m[1])
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	wantIn(t, "what was found", v.get("/c/angong/search?q=茶坊").Body, `<mark class="hit">茶坊</mark>营业款`)
	for query, want := range map[string]string{
		"least=abc": "写成数字", "least=70&most=60": "比“金额从”大一点", "from=2017-02-30": "日期", "from=2017-05-01&to=2017-04-01": "比“日期从”晚",
	} {
		wantIn(t, query, v.get("/c/angong/search?"+query).Body, want)
	}
	if a := v.get("/c/angong/search?q=2017-3"); a.Path != "/c/angong/ledger/2017-3" {
		t.Errorf("a voucher number leads to %s", a.Path)
	}
}
