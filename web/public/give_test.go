package public_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/transparency"
)

func TestFromTheFormToTheReceiptAndItsDocuments(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	at := v.give("amount", "50.00", "name", "周婆婆")
	wantIn(t, "receipt", at.Body, "收据", "№ ", "-000001", "周婆婆", "伍拾元整", "除夕暖心饭", "专款", "已经记账，还没封存", "公账", `<svg class="qr"`, "我的 ¥50 到哪里去了")
	wantNot(t, "receipt", at.Body, "核验通过", "proof.txt")
	if got := at.Header.Get("Cache-Control"); !strings.Contains(got, "no-store") || at.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the receipt may be kept: %q, %q", got, at.Header.Get("X-Robots-Tag"))
	}
	h.seal(t)
	wantIn(t, "sealed receipt", v.get(at.Path).Body, "✓ 核验通过", "从写下到现在没有被改过", at.Path+"/proof.txt")

	pdf := v.get(at.Path + "/receipt.pdf")
	if pdf.Status != 200 || pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Errorf("pdf: %d %s %.20q", pdf.Status, pdf.Header.Get("Content-Type"), pdf.Body)
	}
	if en := v.get(at.Path + "/receipt.pdf?lang=en"); en.Status != 200 || en.Body == pdf.Body || !strings.HasPrefix(en.Body, "%PDF-") {
		t.Error("the English document is not another one")
	}
	checkProof(t, h, v.get(at.Path+"/proof.txt").Body)
	wantIn(t, "proof.json", v.get(at.Path+"/proof.json").Body, `"amount":"50.00"`, `"record":"fund entry v1`, "tlog-proof@v1")
	if n := get[int](t, h, `SELECT count(*) FROM receipt.receipt`); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

func TestMishapsAtTheCompany(t *testing.T) {
	t.Parallel()
	h := open(t)
	for scenario, want := range map[payment.Scenario]struct {
		path, text string
		receipts   int
	}{
		payment.Repeated:        {"/r/", "收据", 1},
		payment.WrongAmount:     {"/c/angong/donations/", "对不上", 0},
		payment.WrongPayee:      {"/c/angong/donations/", "对不上", 0},
		payment.WrongCurrency:   {"/c/angong/donations/", "对不上", 0},
		payment.Decline:         {"/c/angong/donations/", "没有付成", 0},
		payment.AlteredBody:     {"/c/angong/donations/", `http-equiv="refresh"`, 0},
		payment.ForgedSignature: {"/c/angong/donations/", "等付款的消息", 0},
		payment.UnknownSerial:   {"/c/angong/donations/", "等付款的消息", 0},
		payment.OldTimestamp:    {"/c/angong/donations/", "等付款的消息", 0},
	} {
		before := get[int](t, h, `SELECT count(*) FROM receipt.receipt`)
		v := h.visitor(t)
		at := v.pay(v.order("amount", "20.00"), scenario)
		if !strings.HasPrefix(at.Path, want.path) || !strings.Contains(at.Body, want.text) {
			t.Errorf("%s: at %s without %q", scenario, at.Path, want.text)
		}
		if got := get[int](t, h, `SELECT count(*) FROM receipt.receipt`) - before; got != want.receipts {
			t.Errorf("%s: %d receipts", scenario, got)
		}
	}
}

// checkProof does what `fund verify receipt` does with the file.
func checkProof(t *testing.T, h *house, text string) {
	t.Helper()
	const start = "c2sp.org/tlog-proof@v1\n"
	record, rest, found := strings.Cut(text, "\n"+start)
	if !found {
		t.Fatalf("no proof in %q", text)
	}
	record += "\n"
	proof, err := transparency.ParseProof(start + rest)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Verify([]byte(record), h.Key.Verifier()); err != nil {
		t.Error(err)
	}
	if _, err := proof.Verify([]byte(strings.Replace(record, "50.00", "51.00", 1)), h.Key.Verifier()); err == nil {
		t.Error("a changed record is proven too")
	}
	if slug, entry, lines, err := ledger.ParseRecord([]byte(record)); err != nil || slug != h.Slug || len(lines) != 2 || !strings.HasPrefix(entry.Source, "donation:") {
		t.Errorf("record of %s: %+v, %v", slug, entry, err)
	}
	wantNot(t, "proof", text, "周婆婆")
}

func TestAmountsThatAreNone(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	for typed, want := range map[string]string{
		"-1": "写成数字", "0": "要大于 0", "NaN": "写成数字", "1e9999": "写成数字", "0.001": "写成数字", "−": "写成数字", "1e5": "写成数字", "１２": "写成数字",
		"0.50": "这次募捐最少捐 ¥1", "200000.01": "一次最多 ¥200,000", "": "选一个金额，或者自己写一个", "9999999999999": "写成数字", "<b>": "写成数字",
	} {
		at := v.post(donatePath, v.form(campaignPath, "amount", "own", "own", typed, "name", "王大爷", "message", "新年好"))
		if at.Status != 422 || !strings.Contains(at.Body, want) {
			t.Errorf("%q: %d without %q", typed, at.Status, want)
		}
		wantIn(t, "form after "+typed, at.Body, `value="王大爷"`, "新年好</textarea>", `href="#f-own"`, `<details class="field fold" open>`)
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.donation`); n != 0 {
		t.Errorf("%d donations were started", n)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := open(t)
	draft := dinner()
	draft.Slug = "draft"
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.DraftCampaign(t.Context(), tx, h.ID, draft)
		return err
	})
	over := dinner()
	over.Slug, over.EndsOn = "over", over.StartsOn
	h.publish(t, over)
	v := h.visitor(t)
	form := func(pairs ...string) url.Values { return v.form(campaignPath, pairs...) }
	for what, c := range map[string]struct {
		path   string
		form   url.Values
		status int
		text   string
	}{
		"no token":            {donatePath, url.Values{"amount": {"20.00"}, "pay": {"sandbox"}}, 403, "开得太久"},
		"unknown campaign":    {"/c/angong/campaigns/nowhere/donations", form("amount", "20.00"), 404, "没有找到"},
		"unknown community":   {"/c/nowhere/campaigns/dinner/donations", form("amount", "20.00"), 404, "没有找到"},
		"draft":               {"/c/angong/campaigns/draft/donations", form("amount", "20.00"), 404, "没有找到"},
		"ended":               {"/c/angong/campaigns/over/donations", form("amount", "20.00"), 409, "现在不收捐款"},
		"body too large":      {donatePath, form("amount", "20.00", "message", strings.Repeat("长", 30000)), 413, ""},
		"message too long":    {donatePath, form("amount", "20.00", "message", strings.Repeat("长", 141)), 422, "最多 140 个字"},
		"no such way to pay":  {donatePath, form("amount", "20.00", "pay", "wechat"), 422, "从列出的里面选一个"},
		"no way at all":       {donatePath, form("amount", "20.00", "pay", "barter"), 422, "从列出的里面选一个"},
		"address of no shape": {donatePath, form("amount", "20.00", "email", "zhou@"), 422, "写完整的邮箱"},
	} {
		if at := v.post(c.path, c.form); at.Status != c.status || !strings.Contains(at.Body, c.text) {
			t.Errorf("%s: %d, want %d with %q", what, at.Status, c.status, c.text)
		}
	}
	r, _ := http.NewRequest("POST", h.Base+donatePath, strings.NewReader(form("amount", "20.00").Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://elsewhere.example")
	if at := v.send(r); at.Status != 403 {
		t.Errorf("a form of another site: %d", at.Status)
	}
	h.mu.Lock()
	h.refuse = "donate"
	h.mu.Unlock()
	if at := v.post(donatePath, form("amount", "20.00")); at.Status != 429 || at.Header.Get("Retry-After") != "60" {
		t.Errorf("over the limit: %d, again after %q", at.Status, at.Header.Get("Retry-After"))
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.donation`); n != 0 {
		t.Errorf("%d donations were started", n)
	}
}

func TestADoubledClickIsOneDonation(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	form := v.form(campaignPath, "amount", "86.00")
	paths := make([]string, 6)
	var all sync.WaitGroup
	for i := range paths {
		all.Go(func() { paths[i] = v.post(donatePath, form).Path })
	}
	all.Wait()
	for _, path := range paths {
		if path != paths[0] {
			t.Errorf("%s and %s", path, paths[0])
		}
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.donation`); n != 1 {
		t.Errorf("%d donations", n)
	}
	form.Set("amount", "20.00") // something else, though from the same page
	if other := v.post(donatePath, form).Path; other == paths[0] {
		t.Error("another amount is the same donation")
	}
	stranger := h.visitor(t) // the page may be kept and shown to many
	theirs := stranger.form(campaignPath, "amount", "86.00", "form", form.Get("form"))
	if other := stranger.post(donatePath, theirs).Path; other == paths[0] {
		t.Error("two people share one donation")
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.donation`); n != 3 {
		t.Errorf("%d donations", n)
	}
}

// The public ledger names donations by their ids: an id alone opens nothing.
func TestAnIDAloneOpensNoReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	order := v.order("amount", "50.00", "name", "周婆婆")
	receipt := v.pay(order, payment.Normal)
	id := get[uuid.UUID](t, h, `SELECT id FROM campaigns.donation`).String()
	at := h.visitor(t).get("/c/angong/donations/" + id)
	if at.Status != 200 || !strings.HasPrefix(at.Path, "/c/angong/donations/") {
		t.Errorf("%d at %s", at.Status, at.Path)
	}
	wantIn(t, "a stranger's page", at.Body, "已经到账")
	wantNot(t, "a stranger's page", at.Body, "周婆婆", "周**", strings.TrimPrefix(receipt.Path, "/r/"), "50.00")
	signed := strings.TrimPrefix(order.Path, "/c/angong/sandbox/pay/")
	if again := h.visitor(t).get("/c/angong/donations/" + signed); again.Path != receipt.Path {
		t.Errorf("the donor's own address leads to %s", again.Path)
	}
	flipped := signed[:len(signed)-2] + "AA"
	for _, path := range []string{"/c/angong/sandbox/pay/" + id, "/c/angong/donations/" + flipped, "/c/angong/donations/" + uuid.NewString(), "/c/angong/donations/x", "/c/angong/donations/~"} {
		if at := v.get(path); at.Status != 404 {
			t.Errorf("%s: %d", path, at.Status)
		}
	}
}

func TestReceiptAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	path := v.give("amount", "20.00").Path
	last := path[len(path)-1:]
	flip := "0"
	if last == "0" {
		flip = "1"
	}
	want := ""
	for _, token := range []string{
		path[3:len(path)-1] + flip, "1-" + strings.Repeat("0", 26), "2-" + path[5:], "zzzzzzzz-" + path[5:], "x", "1", strings.ToUpper(path[3:]), "%00", "'--", strings.Repeat("a", 500),
	} {
		for _, document := range []string{"", "/receipt.pdf", "/proof.txt", "/proof.json"} {
			at := v.get("/r/" + token + document)
			if at.Status != 404 {
				t.Errorf("%s%s: %d", token, document, at.Status)
			}
			if document == "" {
				if want == "" {
					want = at.Body
				}
				if at.Body != want {
					t.Errorf("%s: another 404 than the others", token)
				}
			}
		}
	}
}

func TestNamesAndMessagesByConsentOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i, form := range [][]string{
		{"name", "周婆婆", "show_name", "yes", "message", "新年快乐", "show_message", "yes"},
		{"name", "李雷", "message", "别写出来"},
		{"show_name", "yes"},
		{"name", `<script>alert(1)</script>`, "show_name", "yes", "message", `<img src=x onerror=alert(1)>`, "show_message", "yes"},
		{"name", "\u202e王\u200b五𠮷", "show_name", "yes"},
	} {
		at := h.visitor(t).give(append(form, "amount", "own", "own", fmt.Sprintf("%d.5", 30+i))...)
		wantNot(t, "receipt", at.Body, "<script>alert", "\u202e", "\u200b")
	}
	body := h.visitor(t).get(campaignPath).Body
	wantIn(t, "campaign", body, "周**", "新年快乐", "匿名", "s**", "王**", "&lt;img src=x onerror=alert(1)&gt;", "¥30.50", "¥34.50", "5 份捐赠", "今天")
	wantNot(t, "campaign", body, "周婆婆", "李", "别写出来", "<img src=x", "<script>alert", "王五")
}

// A page may be shown twice from what is kept of it: while a gift is not paid a
// second press is the same gift, after that it is another.
func TestTheSameFormTwice(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	form := v.form(campaignPath, "amount", "50.00")
	first, again := v.post(donatePath, form), v.post(donatePath, form)
	if first.Path != again.Path {
		t.Errorf("pressed twice: %s and %s", first.Path, again.Path)
	}
	receipt := v.pay(again, payment.Normal)
	another := v.pay(v.post(donatePath, form), payment.Normal)
	if !strings.HasPrefix(another.Path, "/r/") || another.Path == receipt.Path {
		t.Errorf("given again: %s after %s", another.Path, receipt.Path)
	}
	wantIn(t, "the campaign", v.get(campaignPath).Body, "2 份捐赠", "¥100")
}
