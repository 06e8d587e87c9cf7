package desk_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/auth"
	"fund/web/webtest"
)

// enter lets a tab in with a visitor's session.
func enter(t testing.TB, tab context.Context, v *visitor) {
	t.Helper()
	webtest.Enter(t, tab, v.Base, v.client.Jar)
}

// TestNoPageOfRaisingMoneyIsWiderThanAPhone opens every page. With FUND_SHOTS=dir it also draws them, on a phone and on a
// desktop, for somebody to look at.
func TestNoPageOfRaisingMoneyIsWiderThanAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer := h.as(t, auth.Treasurer)
	pages := h.pagesOfRaising(t, treasurer)
	tab := webtest.Open(t)
	enter(t, tab, treasurer)
	shots, widths := os.Getenv("FUND_SHOTS"), []int64{360}
	if shots != "" {
		widths = append(widths, 1280)
	}
	for name, at := range pages {
		for _, width := range widths {
			for how, query := range map[string]string{"plain": "lang=zh&text=normal", "large": "lang=zh&text=large", "english": "lang=en&text=normal"} {
				webtest.Run(t, tab, chromedp.EmulateViewport(width, 800), chromedp.Navigate(h.Base+at+"?"+query))
				if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s, %s: %d px wider than %d", name, how, over, width)
				}
				if shots == "" {
					continue
				}
				png, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
				if err == nil {
					err = os.WriteFile(filepath.Join(shots, fmt.Sprintf("%s-%s-%d.png", name, how, width)), png, 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// pagesOfRaising makes one of each page, with something on it, and gives their addresses.
func (h *house) pagesOfRaising(t testing.TB, treasurer *visitor) map[string]string {
	t.Helper()
	c := h.publish(t, "dinner")
	h.publish(t, "chairs")
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.AddHost(t.Context(), tx, h.ID, campaigns.Host{NameZH: "四川省慈善总会", NameEN: "Sichuan Charity Federation", Certificate: "51000000500"})
		return err
	})
	wantAt(t, treasurer.post(campaignsPath+"/new", dinner(treasurer, "host", "1", "filed_on", day(5))), campaignsPath+"/3")
	given := treasurer.take("amount", "420", "name", "周婆婆", "email", "zhou@example.cn")
	at := donationsPath + "/" + treasurer.take("amount", "100", "name", "李**")
	ask := treasurer.post(at, treasurer.form(at, "share", "part", "refund", "40", "reason", "多付了"))
	wantAt(t, treasurer.post(at, fields(ask.Body)), at)
	id := uuid.Must(uuid.NewV7())
	if _, err := h.Owner.Exec(`INSERT INTO campaigns.donation (community_id, id, campaign_id, amount, currency, method, payee, created_at)
		VALUES ($1, $2, $3, 60, 'CNY', 'sandbox', 'm1', now())`, h.ID, id, c.ID); err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, []campaigns.Payment{{
			Donation: id, Provider: "sandbox", Reference: "4200000000201712051234567890", Amount: yuan("61"), Currency: "CNY", Payee: "m1", PaidAt: time.Now(),
		}})
		return err
	})
	if _, err := h.Owner.Exec(`UPDATE outbox.message SET dead_at = now(), attempts = 12, last_error = 'payment: the provider does not answer' WHERE kind = 'refund_payment'`); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"campaigns": campaignsPath, "campaign": campaignsPath + "/1", "draft": campaignsPath + "/3", "form": campaignsPath + "/3/edit",
		"hosts": "/c/angong/desk/hosts", "cash": cashPath, "cash-done": cashPath + "/" + given, "donations": donationsPath, "donation": at,
		"pools": poolsPath, "pool": h.somePool(t, treasurer), "in-kind": inKindPath, "in-kind-gift": h.someGoods(t, treasurer),
		"quarantine": "/c/angong/desk/quarantine", "outbox": "/c/angong/desk/outbox",
	}
}

func TestACashierNeedsNoMouse(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	cashier := h.as(t, auth.Cashier)
	tab := webtest.Open(t)
	enter(t, tab, cashier)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+cashPath))
	if focus := webtest.Tell[string](t, tab, `document.activeElement.name || ''`); focus != "amount" {
		t.Fatalf("the cursor is in %q and not in the amount", focus)
	}
	for _, amount := range []string{"66", "20"} {
		webtest.Run(t, tab, chromedp.KeyEvent(amount+"\r"), chromedp.WaitVisible(`.scan svg`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(`#f-amount`))
	}
	if raised := get[string](t, h, `SELECT raised || ' in ' || gifts FROM campaigns.tally`); raised != "86.00 in 2" {
		t.Errorf("raised %s", raised)
	}
}
