package desk_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/pledge"
	"fund/web/auth"
	"fund/web/webtest"
)

const (
	pledgesPath = "/c/angong/desk/pledges"
	monthlyPath = "/c/angong/desk/monthly"
)

func TestAPledgeAtTheDesk(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.publish(t, "dinner")
	treasurer, cashier, auditor := h.as(t, auth.Treasurer), h.as(t, auth.Cashier), h.as(t, auth.Auditor)
	promise := []string{"campaign", "dinner", "amount", "500", "due_on", day(9), "name", "社区茶坊"}
	form := treasurer.form(pledgesPath+"/new", promise...)
	for field, want := range map[string]string{"amount": "2", "due_on": "2017-12-05", "name": ""} {
		wrong := treasurer.form(pledgesPath+"/new", append(promise, field, want)...)
		if at := treasurer.post(pledgesPath+"/new", wrong); at.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s %q: %d", field, want, at.Status)
		}
	}
	made := treasurer.post(pledgesPath+"/new", form)
	if again := treasurer.post(pledgesPath+"/new", form); again.Path != made.Path || !strings.HasPrefix(made.Path, pledgesPath+"/") {
		t.Fatalf("pressed twice: %s and %s", made.Path, again.Path)
	}
	wantIn(t, "pledge", made.Body, "记下了：¥500.00", "社区茶坊", "给捐赠人的链接", "/c/angong/pledges/", `value="500.00"`)
	wantIn(t, "public", h.visitor(t).get(publicPath).Body, "另有 1 份认捐，一共 ¥500.00")

	at := cashier.post(pledgesPath+"/new", cashier.form(pledgesPath+"/new", append(promise, "name", "李建国", "amount", "60")...))
	wantAt(t, at, pledgesPath+"/new") // who may not read donors stays at the form
	if refused := cashier.get(made.Path); refused.Status != http.StatusForbidden {
		t.Errorf("a cashier reads a donor's name: %d", refused.Status)
	}
	wantIn(t, "list", auditor.get(pledgesPath).Body, "社区茶坊", "李建国", "柜台记的", "560.00")
	if refused := auditor.post(made.Path+"/cancellation", auditor.form(pledgesPath)); refused.Status != http.StatusForbidden {
		t.Errorf("an auditor cancels: %d", refused.Status)
	}

	taken := treasurer.post(made.Path, treasurer.form(made.Path, "amount", "200"))
	wantIn(t, "cash towards it", taken.Body, "收下了，收据", "¥200.00")
	wantIn(t, "in part", treasurer.get(made.Path).Body, "300.00", `value="300.00"`)
	wantIn(t, "cancelled", treasurer.post(made.Path+"/cancellation", treasurer.form(made.Path)).Body, "已取消")
	wantIn(t, "cancelled ones", treasurer.get(pledgesPath+"?state=cancelled").Body, "社区茶坊")
	if raised := get[string](t, h, `SELECT raised || ' in ' || gifts FROM campaigns.tally WHERE campaign_id = $1`, c.ID); raised != "200.00 in 1" {
		t.Errorf("raised %s", raised)
	}
	if n := get[int](t, h, `SELECT count(*) FROM auth.audit_log WHERE verb IN ('pledge.enter', 'pledge.cancel')`); n != 4 { // the doubled click is on record too
		t.Errorf("%d lines in the audit log", n)
	}
}

func TestDuePledgesWaitInTheMenu(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := pledge.Make(t.Context(), tx, h.Community, pledge.Promise{
			Campaign: "dinner", Amount: yuan("50"), DueOn: h.Day(time.Now()), Name: "李建国", EnteredBy: "user:1", At: time.Now(),
		})
		return err
	})
	body := h.as(t, auth.Treasurer).get(pledgesPath).Body
	wantIn(t, "list", body, "李建国", `href="?state=due" aria-current="page"`, `认捐<span class="count">1</span>`)
}

// company is a payment company that nobody is sent to.
type company struct{ payment.Provider }

func (company) Name() string { return "sandbox" }

func (company) Checkout(context.Context, payment.Order) (payment.Checkout, error) {
	return payment.Checkout{}, nil
}

// monthly begins a plan of a donor, with its first gift paid.
func (h *house) monthly(t testing.TB, name, amount string) {
	t.Helper()
	d, _, err := campaigns.StartDonation(t.Context(), h.App, h.Community, company{}, campaigns.Start{
		ID: uuid.Must(uuid.NewV7()), Campaign: "dinner", Amount: yuan(amount), Name: name, Email: "zhou@example.cn", At: time.Now(), With: pledge.Monthly(h.Community, time.Now()),
	}, payment.Order{Payee: "m1"})
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		out, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, []campaigns.Payment{{
			Donation: d.ID, Provider: d.Method, Reference: d.ID.String(), Amount: d.Amount, Currency: d.Currency, Payee: d.Payee, PaidAt: time.Now(),
		}})
		if err == nil {
			err = out[0].Err
		}
		return err
	})
}

func TestMonthlyGiversAtTheDesk(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	wantIn(t, "nobody", treasurer.get(monthlyPath).Body, "还没有月捐")
	h.monthly(t, "周婆婆", "50")
	h.monthly(t, "陈老师", "20")
	body := treasurer.get(monthlyPath).Body
	wantIn(t, "two", body, "周婆婆", "陈老师", "2 人", "¥70.00")
	wantNot(t, "two", body, "zhou@example.cn")
	plan := get[string](t, h, `SELECT p.id FROM pledge.plan p JOIN campaigns.donor n ON n.id = p.donor_id WHERE n.name = '周婆婆'`)
	stopped := treasurer.post(monthlyPath, treasurer.form(monthlyPath, "plan", plan))
	wantIn(t, "stopped", stopped.Body, "停了，不会再写信", "1 人", "¥20.00")
}

func TestAPledgeOnAPhoneAtTheDesk(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	h.monthly(t, "周婆婆", "50")
	treasurer := h.as(t, auth.Treasurer)
	tab := webtest.Open(t)
	enter(t, tab, treasurer)
	narrow := func(what string) {
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s: %d px too wide", what, over)
		}
	}
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+pledgesPath), chromedp.Click(`//a[text()="记一份认捐"]`), chromedp.WaitVisible(`#f-amount`))
	narrow("the form")
	webtest.Run(t, tab, chromedp.SendKeys(`#f-amount`, "300"), chromedp.SetValue(`#f-due_on`, day(9)), chromedp.SendKeys(`#f-name`, "社区茶坊"),
		chromedp.Click(`//button[text()="记下来"]`), chromedp.WaitVisible(`//h2[text()="收现金"]`))
	narrow("the pledge")
	webtest.Run(t, tab, chromedp.Click(`//button[contains(., "收下")]`), chromedp.WaitVisible(`.amount-big`), chromedp.Navigate(h.Base+pledgesPath+"?state=fulfilled"),
		chromedp.WaitVisible(`//span[text()="社区茶坊"]`))
	narrow("the list")
	webtest.Run(t, tab, chromedp.Navigate(h.Base+monthlyPath), chromedp.WaitVisible(`//b[text()="周婆婆"]`))
	narrow("monthly giving")
}
