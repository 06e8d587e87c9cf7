package desk_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

// The pages of closing have no fault that axe calls serious, in both languages, and fit a phone.
func TestClosingIsForEverybody(t *testing.T) {
	t.Parallel()
	axe, h := webtest.Axe(t), open(t)
	h.Staff.Asks = realAsks
	v := h.as(t, auth.Treasurer)
	h.enter(t, ledger.Day(2020, 2, 5), "1001", "410102", ledger.GeneralFundID, "900.00")
	h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "130.00")
	h.enter(t, ledger.Day(2020, 3, 6), "1002", "220901", ledger.GeneralFundID, "300.00")
	v.post(periodsPath+"/2020-02/closure", v.form(periodsPath))
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.AskReopening(t.Context(), tx, h.ID, ledger.Day(2020, 2, 1), "user:x", "council_member", "补记 2 月 28 日的电费")
		return err
	})
	tab := webtest.Open(t)
	enter(t, tab, v)
	for _, lang := range []string{"zh", "en"} {
		for _, at := range []string{periodsPath, periodsPath + "/2020-02", periodsPath + "/2020-03", "/c/angong/desk/suspense?entry=3", "/c/angong/reports"} {
			query := "?lang="
			if at == "/c/angong/desk/suspense?entry=3" {
				query = "&lang="
			}
			webtest.Run(t, tab, chromedp.EmulateViewport(360, 740), chromedp.Navigate(h.Base+at+query+lang), chromedp.WaitVisible(chromedp.CSS("main")))
			webtest.Judge(t, tab, axe, at+" "+lang, webtest.EveryRule)
			if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s in %s: %d px wider than a phone", at, lang, over)
			}
		}
	}
}
