package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
	"fund/web/webtest"
)

// hit presses keys as hands do: what a page does with a key keeps its character out. chromedp.KeyEvent sends both, one after the
// other.
func hit(keys string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, r := range keys {
			events := kb.Encode(r)
			if len(events) == 3 {
				events[0].Text, events[0].UnmodifiedText = events[1].Text, events[1].UnmodifiedText
				events = []*input.DispatchKeyEventParams{events[0], events[2]}
			}
			for _, event := range events {
				if _, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// TestAnEntryOfThreeLinesIsPostedByKeysAlone writes one as somebody does who is used to a spreadsheet, on a small screen.
func TestAnEntryOfThreeLinesIsPostedByKeysAlone(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	tab := webtest.Open(t)
	enter(t, tab, v)
	press := func(keys string, at string) {
		t.Helper()
		webtest.Run(t, tab, hit(keys))
		if got := webtest.Tell[string](t, tab, `document.activeElement.id || document.activeElement.textContent`); got != at {
			t.Fatalf("the cursor is in %q, want %q", got, at)
		}
	}
	says := func(want string) {
		t.Helper()
		if got := webtest.Tell[string](t, tab, `document.querySelector("[data-balance]").innerText`); got != want {
			t.Errorf("the form says %q, want %q", got, want)
		}
	}
	const listed = `[...document.querySelectorAll(".accounts-list:not([hidden]) [role=option]")].map((o) => o.firstChild.textContent + (o.ariaSelected === "true" ? "*" : "")).join(" ")`
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(h.Base+entryPath+"?lang=zh"))
	press("买电风扇"+kb.Enter+kb.Enter, "f-account-1")
	press("glfy", "f-account-1") // 管理费用, by its initials
	if got := webtest.Tell[string](t, tab, listed); got != "5301 管理费用*" {
		t.Errorf("glfy finds %q", got)
	}
	press(kb.Escape, "f-account-1")
	if got := webtest.Tell[string](t, tab, listed+` + document.activeElement.value + document.activeElement.ariaExpanded`); got != "glfyfalse" {
		t.Errorf("after Esc: %q", got)
	}
	press(kb.Backspace+"y"+kb.Enter, "f-fund-1")
	press(kb.Enter+"88.80"+kb.Enter, "f-account-2") // beside a debit there is no credit
	says("“通用款”借方多 88.80")
	press("10"+kb.ArrowDown+kb.ArrowUp, "f-account-2")
	if got := webtest.Tell[string](t, tab, listed); !strings.HasPrefix(got, "1001 现金* 1002 银行存款") {
		t.Errorf("10 finds %q", got)
	}
	press(kb.Enter+kb.Enter+kb.Enter+"60"+kb.ArrowUp, "f-credit-1")
	press(kb.ArrowDown+kb.Enter, "f-account-3")
	press("yinhangck"+kb.Tab+kb.Enter+"=", "f-credit-3") // the rest, on the side where it is missing
	says("✓ 借贷相等")
	if got := webtest.Tell[string](t, tab, `document.activeElement.value + " " + document.querySelector("#f-account-3").value`); got != "28.80 1002 银行存款" {
		t.Errorf("line 3 has %q", got)
	}
	press(kb.Enter+kb.Enter, "过账") // a blank line of a balanced entry leads to the button
	webtest.Run(t, tab, chromedp.Reload())
	says("✓ 借贷相等")
	if got := webtest.Tell[string](t, tab, `document.querySelector("[data-draft-note]:not([hidden])").innerText`); !strings.Contains(got, "接着上次没过账的写") {
		t.Errorf("after a reload the page says %q", got)
	}
	webtest.Run(t, tab, chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if at := webtest.Tell[string](t, tab, `location.pathname`); at != fmt.Sprintf("%s/%d-1", journalPath, time.Now().Year()) {
		t.Errorf("posted at %s", at)
	}
	if n := webtest.Tell[int](t, tab, `localStorage.length`); n != 0 {
		t.Errorf("%d drafts are left of what is posted", n)
	}
	if got := get[string](t, h, `SELECT string_agg(amount::text, ' ' ORDER BY line) FROM ledger.posting`); got != "88.80 -60.00 -28.80" {
		t.Errorf("posted %s", got)
	}
	// A line more by Enter on the last; cells of a spreadsheet by one paste.
	webtest.Run(t, tab, chromedp.Navigate(h.Base+entryPath), chromedp.Focus(chromedp.CSS("#f-credit-4")), hit("1"+kb.Enter))
	paste := `(() => { const data = new DataTransfer(); data.setData("text", "5301\tgeneral\t1,234.50\t\n1001\t通用款\t\t1234.50\n");
		document.querySelector("#f-account-1").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); return document.activeElement.id; })()`
	if at := webtest.Tell[string](t, tab, paste); at != "f-account-5" {
		t.Errorf("Enter on the last line leads to %q", at)
	}
	if got := webtest.Tell[string](t, tab, `["debit-1", "credit-2", "fund-2"].map((n) => document.querySelector("#f-" + n).value).join(" ")`); got != "1234.50 1234.50 general" {
		t.Errorf("pasted %q", got)
	}
}

// TestAnImportWithAnErrorIsMended uploads a table that is wrong in a cell, then the mended one.
func TestAnImportWithAnErrorIsMended(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	file := filepath.Join(t.TempDir(), "十一月.csv")
	write := func(table string) string {
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	tab := webtest.Open(t)
	enter(t, tab, v)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740), chromedp.Navigate(h.Base+importPath+"?lang=zh"),
		chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{write(strings.ReplaceAll(november, "188.50,,买", "188,5,买"))}),
		chromedp.Click(chromedp.CSS("form[enctype] .btn")), chromedp.WaitVisible(chromedp.CSS(".note.bad")))
	if got := webtest.Tell[string](t, tab, `document.querySelector("main").innerText`); !strings.Contains(got, "第 2 行") || !strings.Contains(got, "一张也没有记进来") {
		t.Errorf("the page says %s", got)
	}
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("%d px wider than a phone", over)
	}
	webtest.Run(t, tab, chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{write(november)}), chromedp.Click(chromedp.CSS("form[enctype] .btn")),
		chromedp.WaitVisible(chromedp.CSS(".btn.big")))
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("%d px wider than a phone", over)
	}
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS(".btn.big")), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if got := get[string](t, h, `SELECT string_agg(memo, ' ' ORDER BY seq) FROM ledger.journal_entry`); got != "买电风扇 取备用金" {
		t.Errorf("posted %q", got)
	}
}

// What the page calls balanced, the books take; and what they take, it calls balanced.
func TestThePageAndTheBooksJudgeAlike(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.AddFund(t.Context(), tx, h.ID, ledger.Fund{Code: "tea", NameZH: "茶坊", NameEN: "Tea", Kind: ledger.VentureFund})
		return err
	})
	v := h.as(t, auth.Treasurer)
	tab := webtest.Open(t)
	enter(t, tab, v)
	type line struct{ Account, Fund, Debit, Credit string }
	random := rand.New(rand.NewPCG(5, 10))
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	drafts := make([][]line, 120)
	for i := range drafts {
		for range 1 + random.IntN(2) {
			fund, amount := one("general", "tea"), one("1", "1.5", "0.10", "999999999999.99", "12")
			drafts[i] = append(drafts[i], line{"1001", fund, amount, ""}, line{"5301", fund, "", amount})
		}
		for range random.IntN(3) { // something else in a cell
			l := &drafts[i][random.IntN(len(drafts[i]))]
			cell := []*string{&l.Account, &l.Fund, &l.Debit, &l.Credit}[random.IntN(4)]
			switch cell {
			case &l.Account:
				*cell = one("", "1002", "yhck")
			case &l.Fund:
				*cell = one("general", "tea")
			default:
				*cell = one("", "0", "0.00", "1.50", " 1 ", "1.005", "1,000", "-1", "一", "0.1")
			}
		}
	}
	given, err := json.Marshal(drafts)
	if err != nil {
		t.Fatal(err)
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+entryPath))
	verdicts := webtest.Tell[[]bool](t, tab, fmt.Sprintf(`import(%q).then(({ judge }) => %s.map((lines) => judge(lines.map((l) => ({ account: l.Account, fund: l.Fund, debit: l.Debit, credit: l.Credit }))).balanced))`, page.Asset("journal.js"), given))
	balanced := 0
	for i, draft := range drafts {
		var lines [][4]string
		for _, l := range draft {
			lines = append(lines, [4]string{l.Account, l.Fund, l.Debit, l.Credit})
		}
		a := v.post(journalPath, v.written(h.today(), fmt.Sprintf("第 %d 张", i), lines...))
		if taken := a.Status == 200; taken != verdicts[i] {
			t.Errorf("%+v: the page says %v, the books %d: %s", draft, verdicts[i], a.Status, mains(a.Body))
		}
		if verdicts[i] {
			balanced++
		}
	}
	if balanced < 20 || balanced > 100 {
		t.Errorf("%d of %d are balanced: that tries too little", balanced, len(drafts))
	}
}
