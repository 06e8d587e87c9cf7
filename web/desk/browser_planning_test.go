package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

// TestATreasurerPlansLendsAndRegistersOnAPhone goes through the pages of what funds plan, own and owe each other, at a phone's width.
func TestATreasurerPlansLendsAndRegistersOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	soup := h.restricted(t, "soup")
	today := h.Day(time.Now())
	h.enter(t, today, "1002", "410102", ledger.GeneralFundID, "9000.00")
	loan := uuid.New()
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.LendBetweenFunds(t.Context(), tx, h.Community, ledger.FundLoan{
			ID: loan, From: ledger.GeneralFundID, To: soup.ID, Account: 2, Amount: yuan("1234567.00").Sub(yuan("1233567")), LentOn: today, Why: "义诊的药先垫上", By: "user:1",
		})
		return err
	})
	v := h.as(t, auth.Treasurer)
	tab := webtest.Open(t)
	enter(t, tab, v)
	open := func(at string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(h.Base+at))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", at, over)
		}
	}
	field := func(name, text string) chromedp.Action[chromedp.Void] {
		return chromedp.SendKeys(chromedp.CSS("#f-"+name), text)
	}
	press := func(selector string) chromedp.Action[chromedp.Void] { return chromedp.Click(chromedp.CSS(selector)) }

	// Plan by keyboard, and paste what a spreadsheet has.
	budget := fmt.Sprintf("%s/%d/general", budgetsPath, today.Year())
	id := func(code string) int { return get[int](t, h, `SELECT id FROM ledger.account WHERE code = $1`, code) }
	open(budget + "/edit?months=yes")
	open(budget + "/edit")
	webtest.Run(t, tab, press(fmt.Sprintf("#f-plan-%d", id("5101"))), hit("1200"+kb.Enter))
	if at, want := webtest.Tell[string](t, tab, `document.activeElement.id`), fmt.Sprintf("f-plan-%d", id("5201")); at != want {
		t.Errorf("Enter leads to %s, want %s", at, want)
	}
	webtest.Tell[bool](t, tab, fmt.Sprintf(`(() => { const data = new DataTransfer(); data.setData("text", "5301\t管理费用\t1,300.50\n商品销售收入\t600\n");
		return document.querySelector("#f-plan-%d").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })) })()`, id("5201")))
	if sum := webtest.Tell[string](t, tab, `[...document.querySelectorAll("[data-sum]")].map((b) => b.textContent).join(" ")`); sum != "2,500.50 600.00" {
		t.Errorf("the table adds up to %q", sum)
	}
	webtest.Run(t, tab, field("why", "1 月议事会通过"), press("form[data-grid] button.main"), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if got := get[string](t, h, `SELECT string_agg(amount::text, ' ' ORDER BY amount) FROM budget.line`); got != "600.00 1200.00 1300.50" {
		t.Errorf("the budget has %s", got)
	}

	// Repay a loan.
	for _, at := range []string{betweenPath, betweenPath + "/loans/new", betweenPath + "/transfers/new", betweenPath + "/loans/" + loan.String()} {
		open(at)
	}
	webtest.Run(t, tab, press("form[action$=repayments] button"), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if rest := webtest.Tell[string](t, tab, `document.querySelector(".card-sum .total td").textContent`); rest != "0.00" {
		t.Errorf("%s is still owed", rest)
	}

	// Register an asset, and post the month's turn of what comes again.
	for _, at := range []string{prepaidPath + "/new", assetsPath, recurringPath + "/new", openingPath, accountsPath, assetsPath + "/new"} {
		open(at)
	}
	webtest.Run(t, tab, field("name", "投影仪"), field("cost", "3600"), press("form[action$=new] button.main"), chromedp.WaitVisible(chromedp.CSS(".flash")))
	open(webtest.Tell[string](t, tab, `location.pathname`))
	webtest.Run(t, tab, chromedp.Navigate(h.Base+recurringPath+"/new"), field("memo", "房租"), field("account-1", "5301"), field("debit-1", "200"), field("account-2", "1002"),
		field("credit-2", "200"), chromedp.SetValue(chromedp.CSS("#f-day"), "1"), press("form[data-journal] button.main"), chromedp.WaitVisible(chromedp.CSS(".flash")))
	open(schedulePath)
	webtest.Run(t, tab, press("form[action$=run] button"), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if kinds := get[string](t, h, `SELECT string_agg(kind, ' ' ORDER BY seq) FROM ledger.journal_entry`); kinds != "manual fund_loan fund_repayment asset recurring" {
		t.Errorf("the journal has %s", kinds)
	}
}
