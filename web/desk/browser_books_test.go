package desk_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

// TestNoPageOfTheBooksIsWiderThanAPhone opens the pages of log-in, books and people in every way of reading.
func TestNoPageOfTheBooksIsWiderThanAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer, administrator := h.as(t, auth.Treasurer), h.as(t, auth.Administrator)
	soup := h.restricted(t, "soup")
	h.enter(t, h.Day(time.Now()), "1002", "410102", soup.ID, "1234567.00")
	voucher := h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "30.00").Voucher()
	treasurer.post(periodsPath+"/2020-03/closure", treasurer.form(periodsPath))
	chen := h.member(t, "chen", true, auth.Cashier)
	tab := webtest.Open(t)
	for _, reader := range []struct {
		v     *visitor
		pages []string
	}{
		{treasurer, []string{
			"/login", "/account", "/account/password", "/account/device", "/account/confirmation", "/account/sessions", "/c/angong/desk",
			journalPath, entryPath, journalPath + "/" + voucher, accountsPath, accountsPath + "/1001", fundsPath, fundsPath + "/soup", trialPath, periodsPath,
			"/c/angong/desk/audit", packPath, statementsPath + "/donor-income", statementsPath + "/ageing",
		}},
		{administrator, []string{peoplePath, peoplePath + "/new", peoplePath + "/" + chen.ID.String()}},
	} {
		enter(t, tab, reader.v)
		for _, at := range reader.pages {
			for _, query := range []string{"lang=zh&text=normal", "lang=zh&text=large", "lang=en&text=normal", "lang=en&text=large"} {
				webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(h.Base+at+"?"+query))
				if there := webtest.Tell[string](t, tab, `location.pathname`); there != at {
					t.Errorf("%s leads to %s", at, there)
				}
				if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s?%s: %d px wider than a phone", at, query, over)
				}
			}
		}
	}
}
