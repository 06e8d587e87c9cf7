package desk_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/web/auth"
	"fund/web/webtest"
)

const (
	boxesPath    = "/c/angong/desk/boxes"
	depositsPath = "/c/angong/desk/deposits"
	awaitedPath  = "/c/angong/desk/awaited"
	refundsPath  = "/c/angong/desk/refunds"
)

// promise starts a gift that its donor will transfer or bring, and gives its reference.
func (h *house) promise(t testing.TB, by payment.Provider, amount string) (id uuid.UUID, reference string) {
	t.Helper()
	order := payment.Order{}
	if m, ok := by.(payment.Merchant); ok {
		order.Payee = m.Payee()
	}
	d, _, err := campaigns.StartDonation(t.Context(), h.App, h.Community, by, campaigns.Start{Campaign: "dinner", Amount: yuan(amount), At: time.Now()}, order)
	if err == nil {
		reference, err = payment.ReferenceOf(t.Context(), h.App, h.ID, d.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d.ID, reference
}

func TestMoneyAwaitedArrives(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer, cashier := h.as(t, auth.Treasurer), h.as(t, auth.Cashier)
	wantIn(t, "nothing", treasurer.get(awaitedPath).Body, "没有在等的钱")
	_, sent := h.promise(t, payment.NewPretendTransfer(), "500")
	_, brought := h.promise(t, payment.Cash{}, "80")
	wantIn(t, "the list", treasurer.get(awaitedPath).Body, sent, brought, "¥500.00", "银行转账", "柜台现金", "在等 2 笔")
	wantIn(t, "the cashier's list", cashier.get(awaitedPath).Body, "转账由司库对账单确认")
	take := func(v *visitor, reference, amount string) answer {
		return v.post(awaitedPath, v.form(awaitedPath, "reference", reference, "amount", amount, "bank", "流水 20260520-77"))
	}
	wrong := []byte(sent)
	wrong[4], wrong[5] = wrong[5], wrong[4]
	if wrong[4] != wrong[5] {
		wantIn(t, "two characters changed places", take(treasurer, string(wrong), "500").Body, "这个号码不对")
	}
	wantIn(t, "a typing error", take(treasurer, "JK-1111-1111", "500").Body, "这个号码不对")
	wantIn(t, "a reference nobody has", take(treasurer, payment.TransferReference(uuid.New()), "500").Body, "没有哪笔捐赠用它")
	wantIn(t, "a transfer by the cashier", take(cashier, sent, "500").Body, "由司库确认")
	wantIn(t, "nothing typed", treasurer.post(awaitedPath, treasurer.form(awaitedPath)).Body, "附言或号码：这里要填")
	wantIn(t, "found", treasurer.get(awaitedPath+"?reference="+strings.ToLower(sent)).Body, "找到了：银行转账，说好 ¥500.00", `value="500.00"`)
	wantIn(t, "it came", take(treasurer, strings.ReplaceAll(strings.ToLower(sent), "-", " "), "500").Body, "¥500.00 入账了，收据", "在等 1 笔")
	wantIn(t, "it came twice", take(treasurer, sent, "500").Body, "已经入账了")
	late, after := h.promise(t, payment.NewPretendTransfer(), "70")
	h.Do(t, func(tx *sqlx.Tx) error { return campaigns.FailDonation(t.Context(), tx, h.ID, late) })
	wantIn(t, "it came after a month", take(treasurer, after, "70").Body, "¥70.00 入账了")
	wantIn(t, "another amount", take(cashier, brought, "79").Body, "到的是 ¥79.00，说好的是 ¥80.00")
	if got := get[string](t, h, `SELECT string_agg(state || ' ' || provider_ref, ', ' ORDER BY created_at) FROM campaigns.donation`); got != "paid bank:20260520-77, quarantined , paid bank:20260520-77" {
		t.Errorf("donations: %s", got)
	}
	if got := h.audited(t); strings.Count(got, "donation.arrive") != 3 {
		t.Errorf("audit log: %s", got)
	}
}

func TestRefundsByHand(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer, auditor := h.as(t, auth.Treasurer), h.as(t, auth.Auditor)
	wantIn(t, "none", treasurer.get(refundsPath).Body, "没有要亲手退的")
	at := donationsPath + "/" + treasurer.take("amount", "100", "name", "李雷")
	ask := treasurer.post(at, treasurer.form(at, "share", "part", "refund", "40", "reason", "多给了"))
	wantAt(t, treasurer.post(at, fields(ask.Body)), at)
	wantIn(t, "the list", treasurer.get(refundsPath).Body, "¥40.00", "李雷", "多给了", "退好了")
	id := get[string](t, h, `SELECT id FROM campaigns.refund`)
	form := treasurer.form(refundsPath + "?refund=" + id)
	if a := auditor.post(refundsPath, form); a.Status != 403 {
		t.Errorf("the auditor: %d", a.Status)
	}
	wantIn(t, "no way", treasurer.post(refundsPath, form).Body, "怎么退的？")
	form.Set("how", "transfer")
	wantIn(t, "a transfer without its number", treasurer.post(refundsPath, form).Body, "写上转账的流水号")
	form.Set("how", "cash")
	wantIn(t, "done", treasurer.post(refundsPath, form).Body, "记下了", "没有要亲手退的", "当面退现金", "王treasurer")
	if a := treasurer.post(refundsPath, form); a.Status != 409 {
		t.Errorf("twice: %d", a.Status)
	}
}

// counted is a count sheet filled in.
func counted(v *visitor, path string, pieces ...int) url.Values {
	form := v.form(path)
	for i, n := range pieces {
		if n > 0 {
			form.Set("p"+strconv.Itoa(i), strconv.Itoa(n))
		}
	}
	return form
}

func TestABoxFromItsSealToTheBank(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer, cashier := h.as(t, auth.Treasurer), h.as(t, auth.Cashier)
	wantIn(t, "none", cashier.get(boxesPath).Body, "还没有募捐箱")
	place := func(pairs ...string) answer {
		return treasurer.post(boxesPath+"/new", treasurer.form(boxesPath+"/new", pairs...))
	}
	wantIn(t, "nothing written", place().Body, "箱号：这里要填", "封条号：这里要填")
	wantIn(t, "a number that is none", place("number", "三号", "place_zh", "茶坊", "campaign", "1", "seal", "0412").Body, "用数字、字母和短横")
	wantAt(t, place("number", "3", "place_zh", "公益茶坊", "place_en", "Tea house", "campaign", "1", "seal", "0412"), boxesPath+"/1")
	wantIn(t, "the same number", place("number", "3", "place_zh", "茶坊", "campaign", "1", "seal", "0413").Body, "已经有一只箱子了")
	wantIn(t, "the same seal", place("number", "4", "place_zh", "茶坊", "campaign", "1", "seal", "0412").Body, "封条号用过了")

	at, sheet := boxesPath+"/1", boxesPath+"/1/count"
	if a := cashier.get(sheet); a.Status != 409 {
		t.Errorf("counted before it is here: %d", a.Status)
	}
	wantIn(t, "a broken seal", cashier.post(at, cashier.form(at, "step", "collect", "intact", "no")).Body, "写下看到了什么")
	wantIn(t, "brought in", cashier.post(at, cashier.form(at, "step", "collect", "intact", "yes")).Body, "开始点钱", "取回来了，可以点钱")
	wantIn(t, "letters", cashier.post(sheet, counted(cashier, sheet, 1)).Body, "等第二个人数")
	form := counted(cashier, sheet, 0, 2, 5)
	form.Set("p6", "三")
	wantIn(t, "a number in letters", cashier.post(sheet, form).Body, "5 角")
	form = counted(cashier, sheet, 0, 2, 5)
	form.Set("do", "sum")
	wantIn(t, "added up without JavaScript", cashier.post(sheet, form).Body, "¥200.00", "100.00")
	wantIn(t, "the first", cashier.post(sheet, counted(cashier, sheet, 0, 2, 5)).Body, "请第二个人用自己的账号也数一遍")
	blind := treasurer.get(sheet).Body
	wantIn(t, "the second counts blind", blind, "王cashier数过了", "我和他一起数的")
	wantNot(t, "the second counts blind", blind, `value="5"`)
	wantIn(t, "they differ", treasurer.post(sheet, counted(treasurer, sheet, 0, 2, 4)).Body, "两遍数的不一样", "¥20", "¥200.00", "¥180.00")
	done := treasurer.post(sheet, counted(treasurer, sheet, 0, 2, 5))
	wantAt(t, done, at+"/rounds/1")
	wantIn(t, "the record", done.Body, "¥200.00", "王cashier", "王treasurer", "数了 2 遍", "0412", "№ ")
	if pdf := treasurer.get(at + "/rounds/1/record.pdf"); pdf.Status != 200 || !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Errorf("the record on paper: %d", pdf.Status)
	}
	wantIn(t, "the public page", h.visitor(t).get("/c/angong/boxes").Body, "3 号箱", "公益茶坊", "¥200.00", "封条 0412", "开过 1 次")
	wantNot(t, "the public page", h.visitor(t).get("/c/angong/boxes").Body, "王cashier")

	wantIn(t, "the safe", cashier.get(depositsPath).Body, "在保险柜里", "¥200.00", `value="200.00"`)
	bank := func(pairs ...string) answer {
		return cashier.post(depositsPath, cashier.form(depositsPath, append([]string{"boxes", "yes", "slip", "A-1", "amount", "200", "day", day(0)}, pairs...)...))
	}
	wantIn(t, "another amount", bank("amount", "199").Body, "写一句为什么")
	wantIn(t, "banked", bank().Body, "¥200.00 存进去了", "在路上，由司库")
	id := get[string](t, h, `SELECT id FROM ledger.cash_deposit`)
	wantIn(t, "arrived", treasurer.post(depositsPath+"/"+id, treasurer.form(depositsPath)).Body, "已到账")
	wantIn(t, "a new seal", cashier.post(at, cashier.form(at, "step", "seal", "seal", "0414")).Body, "换了新封条", "封条 0414")
	if got := h.audited(t); !strings.Contains(got, "box.place box:3") || strings.Count(got, "box.count") != 4 {
		t.Errorf("audit log: %s", got)
	}
}

// Two people open a box at a table, each on a phone; the figures add up while they are typed.
func TestTwoPeopleOpenABoxOnTheirPhones(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer, cashier := h.as(t, auth.Treasurer), h.as(t, auth.Cashier)
	wantAt(t, treasurer.post(boxesPath+"/new", treasurer.form(boxesPath+"/new", "number", "3", "place_zh", "公益茶坊", "campaign", "1", "seal", "0412")), boxesPath+"/1")
	tab := webtest.Open(t)
	enter(t, tab, cashier)
	wide := func(where string) {
		t.Helper()
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s is %d px too wide", where, over)
		}
	}
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(h.Base+boxesPath))
	wide("the list")
	webtest.Run(t, tab, chromedp.Click(`//a[contains(., "3 号箱")]`), chromedp.WaitVisible(`//button[text()="取回来了"]`))
	wide("the box")
	webtest.Run(t, tab, chromedp.Click(`//button[text()="取回来了"]`), chromedp.WaitVisible(`//a[text()="开始点钱"]`), chromedp.Click(`//a[text()="开始点钱"]`), chromedp.WaitVisible(`#f-p0`))
	wide("the sheet")
	count := func() {
		webtest.Run(t, tab, chromedp.WaitReady(`[data-sum][hidden]`), chromedp.SendKeys(`#f-p1`, "2"), chromedp.SendKeys(`#f-p2`, "5"), chromedp.SendKeys(`#f-p7`, "3"))
		if total := webtest.Tell[string](t, tab, `document.querySelector("[data-total]").textContent`); total != "¥200.30" {
			t.Fatalf("%s add up to %s", webtest.Tell[string](t, tab, `[...document.querySelectorAll("[data-fen]")].map(e => e.value + "×" + e.dataset.fen).join()`), total)
		}
	}
	count()
	webtest.Run(t, tab, chromedp.Click(`//button[text()="数完了，交"]`), chromedp.WaitVisible(`//h2[text()="等第二个人数"]`))
	enter(t, tab, treasurer)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+boxesPath+"/1"), chromedp.Click(`//a[text()="我也数一遍"]`), chromedp.WaitVisible(`#f-p0`))
	count()
	webtest.Run(t, tab, chromedp.Click(`//button[text()="数完了，交"]`), chromedp.WaitVisible(`//a[text()="打印记录"]`))
	wide("the record")
	if raised := get[string](t, h, `SELECT raised || ' in ' || gifts FROM campaigns.tally`); raised != "200.30 in 1" {
		t.Errorf("raised %s", raised)
	}
}

// The treasurer books a transfer that came, and decides about money that fits nothing, on a phone.
func TestTheTreasurerTakesATransferAndDecides(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	_, reference := h.promise(t, payment.NewPretendTransfer(), "500")
	wrong, _ := h.promise(t, payment.NewPretendTransfer(), "60")
	h.Do(t, func(tx *sqlx.Tx) error {
		_, aside, err := campaigns.Arrive(t.Context(), tx, h.Community, campaigns.Arrival{Donation: wrong, Amount: yuan("61"), At: time.Now(), Who: "user:1"})
		if err == nil && !aside {
			t.Error("another amount was booked")
		}
		return err
	})
	treasurer := h.as(t, auth.Treasurer)
	tab := webtest.Open(t)
	enter(t, tab, treasurer)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(h.Base+awaitedPath),
		chromedp.Click(`//a[text()="到了"]`), chromedp.WaitVisible(`.note.good`), chromedp.Click(`//button[text()="钱到了，入账"]`), chromedp.WaitVisible(`.flash`))
	if said := webtest.Tell[string](t, tab, `document.querySelector(".flash").innerText`); !strings.Contains(said, "¥500.00 入账了") {
		t.Errorf("%s: %s", reference, said)
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/desk/quarantine"), chromedp.Click(`//a[text()="处理"]`), chromedp.WaitVisible(`#f-note`),
		chromedp.Click(`//label[contains(., "记成捐赠")]`), chromedp.WaitVisible(`#f-campaign`), chromedp.SendKeys(`#f-note`, "打过电话，按到账的记"),
		chromedp.Click(`//button[text()="就这样办"]`), chromedp.WaitVisible(`.flash`))
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("%d px too wide", over)
	}
	if raised := get[string](t, h, `SELECT raised || ' in ' || gifts FROM campaigns.tally`); raised != "561.00 in 2" {
		t.Errorf("raised %s", raised)
	}
}
