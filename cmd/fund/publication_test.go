package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/webtest"
)

// A resident asks for new reports; the treasurer lets a month's report issue itself and closes the month; the letter comes, its
// link opens the report, and the PDF is the one whose fingerprint the page tells. All of it on a phone.
func TestAClosedMonthsReportReachesWhoAskedForIt(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	var north estate
	w.do(func(tx *sqlx.Tx) (err error) {
		if north.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "north", NameZH: "北苑社区", NameEN: "North", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		}); err != nil {
			return err
		}
		if north.chart, err = ledger.ListAccounts(t.Context(), tx, north.ID); err != nil {
			return err
		}
		cash, _ := north.chart.By(ledger.Cash)
		sales, _ := north.chart.By(ledger.SalesIncome)
		sum := money.MustParse("218.40")
		_, err = ledger.Post(t.Context(), tx, north.ID, ledger.Entry{
			Date: ledger.Day(2017, 3, 9), Kind: "manual", Source: "manual:boxes", Memo: "卖纸箱", PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(cash.ID, ledger.GeneralFundID, sum), ledger.Credit(sales.ID, ledger.GeneralFundID, sum)},
		})
		return err
	})
	resident, tab := w.browser(), webtest.Open(t)
	open := func(address, see string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.EmulateViewport(360, 740), chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(see)))
	}
	press := func(button, see string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.Click(chromedp.CSS(button)), chromedp.WaitVisible(chromedp.CSS(see)))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("after %s: %d px wider than a phone", button, over)
		}
	}
	shelf := w.base + north.at("/reports")
	open(shelf+"?lang=zh", "#f-email")
	webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-email"), "zhou@example.org"))
	press("#mail .btn.main", ".flash")
	asked := w.letter("report_confirm")
	open(w.linkIn(asked, "/reports/letters/"), "button[value=confirm]")
	press("button[value=confirm]", "form .main:not([value])")
	if said := webtest.Tell[string](t, tab, `document.querySelector("h1").textContent`); said != "新报告会寄给您" {
		t.Errorf("after confirming: %s", said)
	}

	webtest.Enter(t, tab, w.base, w.staff(auth.Treasurer, north).client.Jar)
	open(w.base+north.at("/desk/reports"), "#f-days-fund-month")
	webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-days-fund-month"), "0"))
	press("form[action$='/schedule'] .btn", ".flash")
	open(w.base+north.at("/desk/periods/2017-03"), "form[action$='/closure']")
	press("form[action$='/closure'] .btn.main", ".flash")
	w.must(planReports(t.Context(), &env{app: w.App}))

	told := w.letter("report_issued")
	if !strings.Contains(told.Subject, "2017 年 3 月") || !strings.Contains(told.Text, "218.40") {
		t.Errorf("the letter: %s\n%s", told.Subject, told.Text)
	}
	open(w.linkIn(told, "/documents/")+"?lang=zh", "#check")
	number := regexp.MustCompile(`\d{4}-\d{3}`).FindString(webtest.Tell[string](t, tab, `document.querySelector(".serial").textContent`))
	if number == "" || !strings.Contains(told.Text, "№ "+number) {
		t.Errorf("the page is № %s, the letter says\n%s", number, told.Text)
	}
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("the report is %d px wider than a phone", over)
	}
	if said := webtest.Tell[string](t, tab, `document.querySelector("#check .note").className`); said != "note good" {
		t.Errorf("drawn again: %s", said)
	}
	file := resident.file(webtest.Tell[string](t, tab, `document.querySelector("a.btn.main").getAttribute("href")`))
	sum := sha256.Sum256(file)
	if told := webtest.Tell[string](t, tab, `document.querySelector("#check .hash").textContent`); told != hex.EncodeToString(sum[:]) || !strings.HasPrefix(string(file), "%PDF-") {
		t.Errorf("the file's fingerprint is %x, the page tells %s", sum, told)
	}
	press(".sum a[href*='kind=in']", "#ki") // the income opens what it is made of
	if said := webtest.Tell[string](t, tab, `document.querySelector("main").textContent`); !strings.Contains(said, "卖纸箱") {
		t.Error("the income does not open its entry")
	}

	open(w.linkIn(told, "/reports/letters/"), "form .btn.main")
	press("form .btn.main", ".note.good")
	if n := w.count(`SELECT count(*) FROM publication.subscriber`); n != 0 {
		t.Errorf("%d addresses are left", n)
	}
}

// kept is a letter of the demo.
type kept struct{ Subject, Text string }

// letter waits for a kind of letter.
func (w *town) letter(kind string) (k kept) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 30*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		var found []kept
		w.must(w.Owner.Select(&found, `SELECT k.subject, k.plain AS text FROM mail.kept k JOIN mail.delivery d USING (community_id, id) WHERE d.kind = $1`, kind))
		if len(found) > 0 {
			return found[0]
		}
	}
	w.Fatalf("no letter %s came: %s", kind, get1(w.T, w, `SELECT coalesce(string_agg(kind || ' ' || last_error, ', '), '') FROM outbox.message WHERE done_at IS NULL`))
	return k
}

// linkIn is the first address in a letter that holds some text.
func (w *town) linkIn(k kept, holds string) string {
	w.Helper()
	for _, link := range regexp.MustCompile(`https?://\S+`).FindAllString(k.Text, -1) {
		if strings.Contains(link, holds) {
			return link
		}
	}
	w.Fatalf("no link with %s in\n%s", holds, k.Text)
	return ""
}

// file downloads something of the site.
func (b *browser) file(path string) []byte {
	b.Helper()
	answer, err := b.client.Get(b.base + path)
	b.must(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		b.Fatal(fmt.Sprint(path, ": ", answer.Status))
	}
	content, err := io.ReadAll(answer.Body)
	b.must(err)
	return content
}
