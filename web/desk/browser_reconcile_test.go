package desk_test

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/reconcile"
	"fund/web/auth"
	"fund/web/webtest"
)

// A month from the file to the printed statement and its closing, and open again by two, on a phone and at a desk.
func TestAMonthFromFileToPaper(t *testing.T) {
	t.Parallel()
	for name, width := range map[string]int64{"phone": 360, "desktop": 1280} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			monthFromFileToPaper(t, width)
		})
	}
}

func monthFromFileToPaper(t *testing.T, width int64) {
	h := open(t)
	h.Staff.Asks = realAsks
	v := h.as(t, auth.Treasurer)
	name := filepath.Join(t.TempDir(), "boc.csv")
	if err := os.WriteFile(name, h.november(t), 0o644); err != nil {
		t.Fatal(err)
	}
	chart, err := ledger.ListAccounts(t.Context(), h.Database.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	bank, _ := chart.By(ledger.Bank)
	admin, _ := chart.By(ledger.AdminExpense)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := reconcile.SaveRule(t.Context(), tx, h.ID, bank.ID, reconcile.Rule{Words: "短信服务费", Account: admin.ID, Fund: ledger.GeneralFundID, Memo: "银行短信费"}, "user:1")
		return err
	})
	tab := webtest.Open(t)
	enter(t, tab, v)
	press := func(selector, see string) {
		t.Helper()
		webtest.Tell[int](t, tab, loaded) // what is pressed before may be gone when it is pressed
		webtest.Run(t, tab, chromedp.Click(chromedp.CSS(selector)), chromedp.WaitVisible(chromedp.CSS(see)))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than %d", webtest.Tell[string](t, tab, `location.pathname`), over, width)
		}
	}
	webtest.Run(t, tab, chromedp.EmulateViewport(width, 740), chromedp.Navigate(h.Base+reconcilePath+"?lang=zh"), chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{name}))
	press("#upload .main", "table.sum")
	wantIn(t, "the preview", webtest.Tell[string](t, tab, `document.body.innerText`), "银行明细 · 中国银行", "期末余额", "共 5 行")
	press("form .main", "#pairs")
	press("[data-sure]", "main:not(:has([data-sure])) .flash") // the notice of the import was a flash too
	for range 3 {                                              // by the key A, as soon as the module listens
		webtest.Run(t, tab, chromedp.WaitVisible(chromedp.CSS(`.pair[aria-current="true"] [data-accept]`)))
		row := webtest.Tell[string](t, tab, `document.querySelector(".pair.now").id`)
		webtest.Run(t, tab, chromedp.KeyEvent("a"), chromedp.WaitNotPresent(chromedp.CSS("#"+row)))
	}
	webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#note-0"), "2 日银行才会扣"))
	press("#transit form button", `#note-0[value^="2 日"]`)
	press(".btn.dense.main", ".both-sides")
	wantIn(t, "the statement", webtest.Tell[string](t, tab, `document.body.innerText`), "银行存款余额调节表", "已完成", "两边调节后余额相等", "2 日银行才会扣")
	paper := v.get(webtest.Tell[string](t, tab, `document.querySelector("a[href$='paper.pdf']").pathname`))
	text := pdfText(t, []byte(paper.Body))
	wantIn(t, "the paper", text, "银行存款余额调节表", "1002 银行存款", "账面余额", "银行对账单余额", "1,284.55", "1,224.55", "账上已付、银行未付", "2 日银行才会扣", "编制：王treasurer", "复核人（签字）")
	if at, err := url.Parse(webtest.Tell[string](t, tab, `location.href`)); err != nil || !strings.HasSuffix(at.Path, "/completed/1") {
		t.Errorf("at %v, %v", at, err)
	}
	closeAndReopen(t, h, tab, press)
}

// loaded waits until a page is there whole.
const loaded = `new Promise(is => document.readyState === "complete" ? is(1) : addEventListener("load", () => is(1)))`

// closeAndReopen goes on where the bank's statement is printed: through the checklist, and back by two people.
func closeAndReopen(t *testing.T, h *house, tab context.Context, press func(selector, see string)) {
	t.Helper()
	says := func() string { return webtest.Tell[string](t, tab, `document.querySelector("main").innerText`) }
	month := h.lastMonth()(1)
	at := h.Base + periodsPath + "/" + month.Format("2006-01")
	webtest.Run(t, tab, chromedp.Navigate(at), chromedp.WaitVisible(chromedp.CSS(".checks")))
	wantIn(t, "the checklist", says(), "银行存款：流水都对上了", "银行存款：对账完成", "待查的款还有 300.00 元", "1 笔支出没有票据", "写明 2 条理由，关账")
	press("form .btn.main", ".wrong-sum") // no reason, no closing
	webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-why-suspense"), "还在等李**回电话"), chromedp.SendKeys(chromedp.CSS("#f-why-evidence"), "发票在邮寄路上"))
	press("form .row .btn.main", ".badge.good")
	wantIn(t, "the closed month", says(), "已关账", "还在等李**回电话", "发票在邮寄路上")

	webtest.Run(t, tab, chromedp.Navigate(h.Base+periodsPath), chromedp.Click(chromedp.CSS(".months summary")), chromedp.SendKeys(chromedp.CSS(".months details[open] .input"), "补记 28 日的电费"))
	press(".months details[open] .btn", ".note.wait")
	wantNot(t, "who asked", says(), "同意重开")
	enter(t, tab, h.as(t, auth.CouncilMember))
	webtest.Run(t, tab, chromedp.Navigate(h.Base+periodsPath), chromedp.WaitVisible(chromedp.CSS(".note.wait .btn")))
	press(".note.wait .btn", ".flash")
	wantIn(t, "the months", says(), "司库申请，议事会成员同意", "补记 28 日的电费", "还没关账")
}

// pdfText is what a document says.
func pdfText(t testing.TB, file []byte) string {
	t.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext on this machine")
	}
	name := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(name, file, 0o644); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("FUND_SHOTS"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, "paper.pdf"), file, 0o644)
	}
	out, err := exec.Command(path, "-layout", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
