package desk_test

import (
	"bytes"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/web/auth"
)

const (
	cashPath      = "/c/angong/desk/cash"
	donationsPath = "/c/angong/desk/donations"
	publicPath    = "/c/angong/campaigns/dinner"
)

// publish shows a campaign for members that takes gifts today.
func (h *house) publish(t testing.TB, slug string) (c campaigns.Campaign) {
	t.Helper()
	now := time.Now()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = campaigns.DraftCampaign(t.Context(), tx, h.ID, campaigns.Campaign{
			Slug: slug, TitleZH: "除夕暖心饭", TitleEN: "New Year’s Eve dinner", PurposeZH: "只用于这顿年夜饭", Scene: "dinner", Goal: yuan("1000"), Minimum: yuan("5"),
			StartsOn: h.Day(now.AddDate(0, 0, -1)), EndsOn: h.Day(now.AddDate(0, 0, 30)), Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, c.ID, now)
	})
	return c
}

// take takes cash at the desk and returns the donation's id.
func (v *visitor) take(pairs ...string) string {
	v.Helper()
	a := v.post(cashPath, v.form(cashPath, append([]string{"campaign", "dinner"}, pairs...)...))
	id, found := strings.CutPrefix(a.Path, cashPath+"/")
	if a.Status != http.StatusOK || !found {
		v.Fatalf("%d at %s: %s", a.Status, a.Path, mains(a.Body))
	}
	return id
}

func TestCashIsBookedOnceWithItsReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	cashier, stranger := h.as(t, auth.Cashier), h.visitor(t)
	wantIn(t, "public before", stranger.get(publicPath).Body, "¥0")

	form := cashier.form(cashPath, "campaign", "dinner", "amount", "66.50", "name", "周婆婆", "email", "zhou@example.cn")
	wantIn(t, "form", cashier.get(cashPath).Body, `name="amount" autocomplete="off" aria-describedby="f-amount-hint" autofocus`)
	first := cashier.post(cashPath, form)
	serial := time.Now().In(time.FixedZone("", 8*60*60)).Format("2006") + "-000001"
	wantIn(t, "done", first.Body, "收下了，收据 "+serial+" 已经开好", "¥66.50", "/receipt.pdf", "扫码打开收据", "cash?campaign=dinner", "收据也会寄到")
	again := cashier.post(cashPath, form)
	if again.Path != first.Path {
		t.Errorf("a second press leads to %s, the first led to %s", again.Path, first.Path)
	}
	wantIn(t, "second press", again.Body, "没有再记一次")

	token := regexp.MustCompile(`href="(/r/[^"/]+)"`).FindStringSubmatch(first.Body)
	if token == nil {
		t.Fatal("no link to the receipt")
	}
	wantIn(t, "receipt", stranger.get(token[1]).Body, serial, "66.50")
	if pdf := stranger.get(token[1] + "/receipt.pdf"); !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Errorf("%d: no PDF", pdf.Status)
	}
	wantIn(t, "public after", stranger.get(publicPath).Body, "¥66.50")
	if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry`); n != 1 {
		t.Errorf("%d entries", n)
	}
	if by := get[string](t, h, `SELECT entered_by FROM campaigns.donation`); !strings.HasPrefix(by, "user:") {
		t.Errorf("entered by %q", by)
	}
	if raised := get[string](t, h, `SELECT raised FROM campaigns.tally`); raised != "66.50" {
		t.Errorf("raised %s", raised)
	}
	other := cashier.take("amount", "20")
	if strings.HasSuffix(first.Path, other) {
		t.Error("the next gift is the one before")
	}
	if got := strings.Count(h.audited(t), "donation.enter_cash"); got < 2 {
		t.Errorf("%d lines in the audit log", got)
	}
}

func TestCashRefusesWhatCannotBeBooked(t *testing.T) {
	t.Parallel()
	h := open(t)
	cashier := h.as(t, auth.Cashier)
	wantIn(t, "no campaign", cashier.get(cashPath).Body, "现在没有在收捐款的募捐")
	h.publish(t, "dinner")
	for amount, want := range map[string]string{
		"": "金额（元）：这里要填", "六十": "金额（元）：写成数字", "4.99": "比这次募捐的最少金额还少", "200001": "一次最多 ¥200,000",
	} {
		a := cashier.post(cashPath, cashier.form(cashPath, "campaign", "dinner", "amount", amount, "name", "周婆婆"))
		if a.Status != 422 {
			t.Errorf("%q: %d", amount, a.Status)
		}
		wantIn(t, amount, a.Body, want, `value="周婆婆"`)
	}
	a := cashier.post(cashPath, cashier.form(cashPath, "campaign", "elsewhere", "amount", "20"))
	wantIn(t, "no such campaign", a.Body, "捐给：从列出的里面选一个")
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.donation`); n != 0 {
		t.Errorf("%d donations", n)
	}
}

func TestRefundsPartThenRestWithTheFigures(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer, cashier, stranger := h.as(t, auth.Treasurer), h.as(t, auth.Cashier), h.visitor(t)
	id := treasurer.take("amount", "100", "name", "周婆婆")
	treasurer.take("amount", "30")
	at := donationsPath + "/" + id
	refund := func(pairs ...string) answer { return treasurer.post(at, treasurer.form(at, pairs...)) }

	if a := cashier.get(at); a.Status != 403 {
		t.Errorf("the cashier reads donors: %d", a.Status)
	}
	if a := cashier.post(at, cashier.form(cashPath, "share", "all", "reason", "x", "confirmed", "yes")); a.Status != 403 {
		t.Errorf("the cashier refunds: %d", a.Status)
	}
	wantIn(t, "gift", treasurer.get(at).Body, "¥100.00", "周婆婆", "王treasurer 经手", "已到账", "退款")

	a := refund("share", "part", "refund", "100.01", "reason", "多付了", "confirmed", "yes")
	if a.Status != 422 {
		t.Errorf("too large: %d", a.Status)
	}
	wantIn(t, "too large", a.Body, "捐了 ¥100.00，已经退了 ¥0.00，最多还能退 ¥100.00", `value="多付了"`)
	wantIn(t, "no reason", refund("share", "all").Body, "为什么退？：这里要填")

	ask := refund("share", "part", "refund", "40", "reason", "多付了")
	wantIn(t, "ask", ask.Body, "退 ¥40.00？", "退完以后还剩 ¥60.00", "仍然有效", "当面把 ¥40.00 交给捐赠人", "确认退 ¥40.00")
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.refund`); n != 0 {
		t.Fatal("refunded before the second press")
	}
	confirm := fields(ask.Body)
	done := treasurer.post(at, confirm)
	wantAt(t, done, at)
	wantIn(t, "part", done.Body, "退了 ¥40.00", "−40.00", "¥60.00", "退了一部分", "多付了")
	wantAt(t, treasurer.post(at, confirm), at)
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.refund`); n != 1 {
		t.Errorf("%d refunds after a doubled click", n)
	}
	wantIn(t, "public after a part", stranger.get(publicPath).Body, "¥90")

	ask = refund("share", "all", "reason", "搬走了")
	wantIn(t, "ask all", ask.Body, "退 ¥60.00？", "一分不剩", "作废")
	confirm = fields(ask.Body)
	wantIn(t, "all", treasurer.post(at, confirm).Body, "全退了", "作废：搬走了")
	wantAt(t, treasurer.post(at, confirm), at)
	wantIn(t, "public after all", stranger.get(publicPath).Body, "¥30")
	wantIn(t, "nothing left", refund("share", "all", "reason", "再退", "form", uuid.NewString(), "confirmed", "yes").Body, "已经全部退过了")
	if got := strings.Count(h.audited(t), "donation.refund donation:"+id); got != 2 {
		t.Errorf("%d refunds in the audit log", got)
	}
}

func TestARefundOfSpentMoneyIsRefusedWithFigures(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	at := donationsPath + "/" + treasurer.take("amount", "100")
	accounts, err := ledger.ListAccounts(t.Context(), h.Database.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	food, _ := accounts.By(ledger.ProgrammeExpense)
	cash, _ := accounts.By(ledger.Cash)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: h.Day(time.Now()), Kind: "expense", Source: "test:food", Memo: "买菜", PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(food.ID, c.FundID, yuan("70")), ledger.Credit(cash.ID, c.FundID, yuan("70"))},
		})
		return err
	})
	ask := treasurer.post(at, treasurer.form(at, "share", "all", "reason", "搬走了"))
	a := treasurer.post(at, fields(ask.Body))
	if a.Status != 422 {
		t.Errorf("spent money went back: %d", a.Status)
	}
	wantIn(t, "spent", html.UnescapeString(a.Body), "“除夕暖心饭”现在只剩 ¥30.00", `value="搬走了"`)
	if strings.Contains(h.audited(t), "donation.refund") {
		t.Error("the audit log tells of a refund that did not happen")
	}
}

func TestDonationsAreFilteredAndPaged(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	h.publish(t, "yard")
	treasurer := h.as(t, auth.Treasurer)
	wantIn(t, "none", treasurer.get(donationsPath).Body, "还没有捐赠")
	var last uuid.UUID
	h.Do(t, func(tx *sqlx.Tx) error {
		for i := range 51 {
			last = uuid.Must(uuid.NewV7())
			_, err := campaigns.EnterCash(t.Context(), tx, h.Community, campaigns.Start{
				ID: last, Campaign: "dinner", Amount: yuan("10").Add(yuan("1")), Name: "第" + strings.Repeat("一", i+1), At: time.Now(), EnteredBy: "user:1",
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	first := html.UnescapeString(treasurer.get(donationsPath).Body)
	older := regexp.MustCompile(`href="(\?before=[^"]+)"`).FindStringSubmatch(first)
	if n := strings.Count(first, "<tr>") - 1; n != 50 || older == nil {
		t.Fatalf("%d rows, older: %v", n, older)
	}
	wantNot(t, "the first page", first, ">第一<")
	second := treasurer.get(donationsPath + older[1]).Body
	if n := strings.Count(second, "<tr>") - 1; n != 1 {
		t.Errorf("%d rows on the second page", n)
	}
	for query, want := range map[string]string{
		"?campaign=yard": "没有找到", "?campaign=dinner&way=cash&state=paid": "第一一", "?state=failed": "没有找到",
		"?from=" + day(-1) + "&to=" + day(1): "第一一", "?to=" + day(-2): "没有找到", "?from=gestern": "第一一",
	} {
		wantIn(t, query, treasurer.get(donationsPath+query).Body, want)
	}
	if a := treasurer.get(donationsPath + "/" + uuid.NewString()); a.Status != 404 {
		t.Errorf("no such donation: %d", a.Status)
	}
}

func TestQuarantinedPaymentsAreShownAndResolved(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.publish(t, "dinner")
	treasurer, auditor := h.as(t, auth.Treasurer), h.as(t, auth.Auditor)
	const at = "/c/angong/desk/quarantine"
	wantIn(t, "none", treasurer.get(at).Body, "没有待查的款项")
	id := uuid.Must(uuid.NewV7())
	if _, err := h.Owner.Exec(`INSERT INTO campaigns.donation (community_id, id, campaign_id, amount, currency, method, payee, created_at)
		VALUES ($1, $2, $3, 60, 'CNY', 'sandbox', 'm1', now())`, h.ID, id, c.ID); err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		outcomes, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, []campaigns.Payment{{
			Donation: id, Provider: "sandbox", Reference: "p-1", Amount: yuan("61"), Currency: "CNY", Payee: "m1", PaidAt: time.Now(),
		}})
		if err == nil && outcomes[0].Err == nil {
			t.Error("the payment was booked")
		}
		return err
	})
	wantIn(t, "gift", treasurer.get(donationsPath+"/"+id.String()).Body, "对不上")
	auditors := auditor.get(at).Body
	wantIn(t, "auditor", auditors, "金额不一样", "由司库处理")
	list := treasurer.get(at).Body
	wantIn(t, "list", list, "金额不一样", "¥61.00", "¥60.00", "p-1")
	link := regexp.MustCompile(`\?payment=([0-9a-f-]+)#`).FindStringSubmatch(list)
	if link == nil {
		t.Fatal("no way to resolve it")
	}
	open := treasurer.form(at + "?payment=" + link[1])
	if a := auditor.post(at, open); a.Status != 403 {
		t.Errorf("the auditor resolves: %d", a.Status)
	}
	a := treasurer.post(at, open)
	wantIn(t, "no note", a.Body, "查到了什么？：这里要填", "怎么办？：")
	open.Set("note", "打过电话，是多给了一块")
	open.Set("action", "booked")
	open.Set("campaign", "1")
	wantIn(t, "resolved", treasurer.post(at, open).Body, "记成捐赠了", "没有待查的款项", "已处理", "打过电话，是多给了一块", "王treasurer")
	if a := treasurer.post(at, open); a.Status != 409 {
		t.Errorf("resolved twice: %d", a.Status)
	}
	if got := h.audited(t); got != "quarantine.resolve payment:"+link[1] {
		t.Errorf("audit log: %s", got)
	}
}

func TestDeadMessagesAreTriedAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer := h.as(t, auth.Treasurer)
	const at = "/c/angong/desk/outbox"
	wantIn(t, "none", treasurer.get(at).Body, "都做完了")
	h.Do(t, func(tx *sqlx.Tx) error {
		dead, err := outbox.New("refund_payment", campaigns.RefundPayment{})
		if err != nil {
			return err
		}
		waiting, err := outbox.New("donation_received", campaigns.DonationReceived{})
		if err != nil {
			return err
		}
		return outbox.Enqueue(t.Context(), tx, h.ID, dead, waiting)
	})
	if _, err := h.Owner.Exec(`UPDATE outbox.message SET dead_at = now(), attempts = 12, last_error = 'no answer' WHERE kind = 'refund_payment'`); err != nil {
		t.Fatal(err)
	}
	a := treasurer.get(at)
	wantIn(t, "dead", a.Body, "把退款交给付款公司", "试过 12 次", "no answer", "捐赠到账后的信")
	form := fields(a.Body)
	wantIn(t, "retried", treasurer.post(at, form).Body, "重新开始试了", "没有停下来的")
	if a := treasurer.post(at, form); a.Status != 409 {
		t.Errorf("retried twice: %d", a.Status)
	}
	if got := h.audited(t); got != "outbox.retry message:"+form.Get("message") {
		t.Errorf("audit log: %s", got)
	}
}

func TestAPhotographIsDrawnAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.publish(t, "dinner")
	lead, stranger := h.as(t, auth.ProjectLead), h.visitor(t)
	at := campaignsPath + "/1"
	wantIn(t, "drawing", stranger.get(publicPath).Body, `class="pic"`)
	photo := image.NewRGBA(image.Rect(0, 0, 3000, 1000))
	for x := range 3000 {
		photo.Set(x, 500, color.RGBA{R: 200, A: 255})
	}
	var file bytes.Buffer
	if err := png.Encode(&file, photo); err != nil {
		t.Fatal(err)
	}
	a := lead.upload(at+"/picture", "picture", append(file.Bytes(), "GPS 30.6N 104.0E"...), lead.form(at, "alt", "六位老人围着圆桌包饺子", "press", "send"))
	wantAt(t, a, at)
	wantIn(t, "kept", a.Body, "照片换上了", `alt="六位老人围着圆桌包饺子"`)
	shown := regexp.MustCompile(`src="(/c/angong/pictures/[^"]+)" alt="六位`).FindStringSubmatch(stranger.get(publicPath).Body)
	if shown == nil {
		t.Fatal("the public does not see it")
	}
	served := stranger.get(shown[1])
	drawn, err := jpeg.Decode(strings.NewReader(served.Body))
	if err != nil || drawn.Bounds().Dx() != 1600 || strings.Contains(served.Body, "GPS") {
		t.Errorf("not drawn again: %v %v", drawn.Bounds(), err)
	}

	for what, refused := range map[string]struct {
		file []byte
		want string
	}{
		"a drawing": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "打不开这个文件"},
		"a PDF":     {[]byte("%PDF-1.4"), "打不开这个文件"}, "nothing": {nil, "选照片：这里要填"},
	} {
		a := lead.upload(at+"/picture", "picture", refused.file, lead.form(at, "alt", "一张照片", "press", "send"))
		if a.Status != 422 {
			t.Errorf("%s: %d", what, a.Status)
		}
		wantIn(t, what, a.Body, refused.want, `value="一张照片"`)
	}
	if a := lead.upload(at+"/picture", "picture", make([]byte, 9<<20), lead.form(at, "press", "send")); a.Status != 413 {
		t.Errorf("9 MB: %d", a.Status)
	}
	a = lead.upload(at+"/picture", "picture", nil, lead.form(at, "press", "remove"))
	wantIn(t, "removed", a.Body, "换回插图了")
	if n := strings.Count(h.audited(t), "campaign.picture campaign:"+c.Slug); n != 2 {
		t.Errorf("%d pictures in the audit log", n)
	}
}

func TestEveryPageOfRaisingMoneySpeaksEnglish(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	treasurer.lang = "en"
	id := treasurer.take("amount", "50")
	for path, want := range map[string]string{
		campaignsPath: "Campaigns", campaignsPath + "/1": "End the campaign", campaignsPath + "/new": "What the money buys", campaignsPath + "/1/edit": "Once published, these stay",
		"/c/angong/desk/hosts": "Hosts", cashPath: "Take it and issue the receipt", cashPath + "/" + id: "Print the receipt", donationsPath: "Anonymous",
		donationsPath + "/" + id: "How much?", "/c/angong/desk/quarantine": "Every payment fits", "/c/angong/desk/outbox": "Letters and refunds to send",
	} {
		if a := treasurer.get(path); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d without %q", path, a.Status, want)
		}
	}
	if a := treasurer.get(campaignsPath + "/1/picture"); a.Path != campaignsPath+"/1" {
		t.Errorf("the address of a form leads to %s", a.Path)
	}
}
