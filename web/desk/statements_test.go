package desk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"
	"github.com/xuri/excelize/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/auth"
	"fund/web/webtest"
)

const statementsPath = "/c/angong/desk/statements"

// spring enters some entries of spring 2020: a gift, a purchase, and small change that fills more than a page of a card.
func (h *house) spring(t testing.TB) {
	t.Helper()
	h.enter(t, ledger.Day(2020, 3, 5), "1002", "410102", ledger.GeneralFundID, "100.00")
	h.enter(t, ledger.Day(2020, 4, 5), "5301", "1001", ledger.GeneralFundID, "30.00")
	chart, err := ledger.ListAccounts(t.Context(), h.Database.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	cash, _ := chart.By(ledger.Cash)
	other, _ := chart.By(ledger.OtherIncome)
	var entries []ledger.Entry
	for n := range report.CardLines + 20 {
		one := money.FromFen(100)
		entries = append(entries, ledger.Entry{
			Date: ledger.Day(2020, 3, 1+n%30), Kind: "manual", Source: fmt.Sprintf("manual:spring-%d", n), Memo: "零钱", PostedBy: "system",
			Postings: []ledger.Posting{ledger.Debit(cash.ID, ledger.GeneralFundID, one), ledger.Credit(other.ID, ledger.GeneralFundID, one)},
		})
	}
	h.Do(t, func(tx *sqlx.Tx) error { _, err := ledger.Post(t.Context(), tx, h.ID, entries...); return err })
}

var statementLink = regexp.MustCompile(`href="(/c/angong/desk/(?:statements|journal)[^"]*)"`)

// Every statement is there in both languages and as every file, and every link on its page leads somewhere.
func TestEveryStatementOfAnyPeriod(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.spring(t)
	v := h.as(t, auth.Auditor)
	index := v.get(statementsPath + "?from=2020-03&to=2020-04").Body
	wantIn(t, "index", index, "2020 年 3 月 1 日 – 2020 年 4 月 30 日", "期末净资产", "会民非01表")
	wantIn(t, "checked", v.get(statementsPath+"?from=2020-03&to=2020-04&check=1").Body, "各表互相对得上")
	seen := map[string]bool{}
	for _, s := range report.Statements() {
		at := statementsPath + "/" + s.Key
		for lang, title := range map[string]string{"zh-CN": s.Title.ZH, "en": s.Title.EN} {
			v.lang = lang
			a := v.get(at + "?from=2020-03&to=2020-04")
			wantIn(t, at+" "+lang, html.UnescapeString(a.Body), "<h1>"+title)
			for _, link := range statementLink.FindAllStringSubmatch(a.Body, -1) {
				to := html.UnescapeString(link[1])
				if seen[to] {
					continue
				}
				seen[to] = true
				if got := v.get(to); got.Status != http.StatusOK {
					t.Errorf("%s has a link to %s: %d", at, to, got.Status)
				}
			}
		}
		v.lang = "zh-CN"
		for format, begins := range map[string]string{"pdf": "%PDF", "xlsx": "PK", "json": "{", "csv": "\ufeff"} {
			if a := v.get(at + "." + format + "?from=2020-03&to=2020-04"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, begins) {
				t.Errorf("%s.%s: %d %.20q", at, format, a.Status, a.Body)
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d links were found", len(seen))
	}
	for _, missing := range []string{"/nothing", "/balance-sheet.doc", "/balance-sheet?fund=nothing", "/ledger-card?account=nothing", "/nothing.pdf"} {
		if a := v.get(statementsPath + missing); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", missing, a.Status)
		}
	}
	wantAt(t, v.get("/c/angong/desk/trial-balance?from=2020-04&to=2020-04"), statementsPath+"/trial-balance")
	wantAt(t, v.get(statementsPath+"?name=funds&from=2020-03&to=2020-04&fund=general&account="), statementsPath+"/funds")
	if a := h.visitor(t).get(statementsPath + "/balance-sheet.json"); a.Path != "/login" {
		t.Errorf("a stranger got %d at %s", a.Status, a.Path)
	}
}

// A card goes on from page to page; its files have all of it, the same on each.
func TestALongCardHasPagesAndItsFilesAllOfIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.spring(t)
	v := h.as(t, auth.Treasurer)
	card := statementsPath + "/ledger-card"
	const query = "?account=1001&from=2020-03-01&to=2020-04-10"
	first := v.get(card + query)
	wantIn(t, "first page", first.Body, "期初余额", "过次页", "下一页", "其他收入")
	next := regexp.MustCompile(`<a class="btn" href="([^"]+after=[^"]+)"`).FindStringSubmatch(first.Body)
	if next == nil {
		t.Fatal("no next page")
	}
	last := v.get(html.UnescapeString(next[1]))
	wantIn(t, "last page", last.Body, "承前页", "本期合计", ">120.00<", ">30.00<", ">90.00<", "回到第一页")
	if n := strings.Count(first.Body, "零钱") + strings.Count(last.Body, "零钱"); n != report.CardLines+20 {
		t.Errorf("%d lines on both pages", n)
	}

	var told struct {
		Rows []struct{ Cells map[string]any }
	}
	if err := json.Unmarshal([]byte(v.get(card+".json"+query).Body), &told); err != nil {
		t.Fatal(err)
	}
	end := told.Rows[len(told.Rows)-1].Cells
	if len(told.Rows) != report.CardLines+20+3 || end["debit"] != "120.00" || end["balance"] != "90.00" {
		t.Errorf("%d rows, the last %v", len(told.Rows), end)
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(v.get(card + ".xlsx" + query).Body)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("明细账", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != len(told.Rows)+5 {
		t.Errorf("%d rows in the workbook, %v", len(rows), err)
	}
}

// On a phone somebody goes from the index to the balance sheet, to what its cash is made of, to the card, to the entry.
func TestAFigureIsFollowedToItsEntryOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.spring(t)
	tab := webtest.Open(t)
	enter(t, tab, h.as(t, auth.Treasurer))
	press := func(selector, see string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.Click(chromedp.CSS(selector)), chromedp.WaitVisible(chromedp.CSS(see)))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", webtest.Tell[string](t, tab, "document.title"), over)
		}
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+statementsPath+"?from=2020-03&to=2020-04"), chromedp.WaitVisible(chromedp.CSS(".card-sum")))
	press(`.lines a[href*="/balance-sheet?"]`, `.grid`)
	if said := webtest.Tell[string](t, tab, `document.querySelector(".note.good").innerText`); !strings.Contains(said, "资产等于负债加净资产") {
		t.Errorf("the balance sheet says %q", said)
	}
	press(`.grid a[href*="account=1001+1002"]`, `.grid small a`)
	stays := webtest.Tell[float64](t, tab, `(() => {
		const wrap = document.querySelector(".scroll"), label = wrap.querySelector("tbody th");
		wrap.scrollLeft = 200; return label.getBoundingClientRect().left - wrap.getBoundingClientRect().left })()`)
	if stays < -1 || stays > 3 {
		t.Errorf("scrolled, the labels stand %v px from the edge", stays)
	}
	webtest.Tell[int](t, tab, `document.querySelector(".scroll").scrollLeft = 0`)
	press(`.grid small a[href*="ledger-card?account=1002"]`, `.grid small a[href*="/desk/journal/2020-"]`)
	press(`.grid small a[href*="/desk/journal/2020-"]`, `h1`)
	if at := webtest.Tell[string](t, tab, `location.pathname`); !strings.HasPrefix(at, "/c/angong/desk/journal/2020-") {
		t.Errorf("it ends at %s", at)
	}
}
