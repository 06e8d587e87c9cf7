package desk_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/go-pdf/fpdf"

	"fund/web/auth"
	"fund/web/webtest"
)

// request asks for a payment and gives the address of its page.
func (v *visitor) request(amount string, pairs ...string) string {
	v.Helper()
	const at = "/c/angong/desk/spending/new"
	form := v.form(at, append([]string{
		"amount", amount, "purpose", "年夜饭的米面油", "fund", "dinner", "account", "5101", "payee", "shop", "name", "粮油店", "method", "cash",
	}, pairs...)...)
	a := v.upload(at, "picture", paper(v), form)
	wantIn(v, "handed in", a.Body, "等别人批")
	return a.Path
}

func TestFromTheAskingToThePublicPaperOnPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	lead, council, treasurer, stranger := h.as(t, auth.ProjectLead), h.as(t, auth.CouncilMember), h.as(t, auth.Treasurer), h.visitor(t)
	treasurer.take("amount", "500")
	a := lead.post("/c/angong/desk/spending/new", lead.form("/c/angong/desk/spending/new", "amount", "501", "method", "transfer", "payee", "shop", "number", "abc"))
	wantIn(t, "a form to mend", a.Body, "先拍一张票据", "收款人", "只写数字，6 到 34 位")
	at := lead.request("200")
	wantIn(t, "the asker's page", lead.get(at).Body, "要别人来批", "粮油店", "¥200.00")
	if a := lead.post(at+"/decision", lead.form(at, "press", "approve", "conflict", "no")); a.Status != 403 {
		t.Errorf("a project lead approves: %d", a.Status)
	}
	wantIn(t, "the council's home", council.get("/c/angong/desk").Body, "1 份付款申请等您")
	wantIn(t, "no answer about a conflict", council.post(at+"/decision", council.form(at, "press", "approve")).Body, "您和收款人有关系吗")
	wantIn(t, "approved", council.post(at+"/decision", council.form(at, "press", "approve", "conflict", "no")).Body, "可以付款")
	wantIn(t, "twice", council.post(at+"/decision", council.form("/login", "press", "approve", "conflict", "no")).Body, "已经往前走了")
	wantNot(t, "who only approves", council.get(at).Body, "已付 ¥200.00，记账")
	a = treasurer.post(at+"/payment", treasurer.form(at, "from", "1001", "date", treasurer.today()))
	wantIn(t, "paid", a.Body, "已经记账", "涂黑后公开")
	voucher := get[string](t, h, `SELECT year || '-' || number FROM ledger.journal_entry WHERE kind = 'payment'`)
	wantIn(t, "the entry at the desk", treasurer.get("/c/angong/desk/journal/"+voucher).Body, "第 1 号付款申请", "票据原件")
	public := stranger.get("/c/angong/ledger/" + voucher).Body
	wantIn(t, "the public entry", public, "年夜饭的米面油", "第 1 号付款申请", "1 个别的人批准", "票据还没公开")
	wantNot(t, "the public entry", public, "粮油店")
	original := regexp.MustCompile(`/c/angong/desk/spending/[^"]+/papers/[^"]+`).FindString(lead.get(at).Body)
	served := council.get(original)
	if served.Status != 200 || served.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(served.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the original: %d %v", served.Status, served.Header)
	}
	if a := stranger.get(original); a.Path != "/login" {
		t.Errorf("a stranger sees the original: %d at %s", a.Status, a.Path)
	}
	if a := h.as(t, auth.Cashier).get(original); a.Status != 403 {
		t.Errorf("a cashier sees the original: %d", a.Status)
	}
	wantIn(t, "the audit log", h.audited(t), "spending.ask", "spending.approve", "spending.pay", "paper.view")
	wantIn(t, "undone", treasurer.post(at+"/undoing", treasurer.form(at, "why", "付错了")).Body, "红字冲销")
	wantIn(t, "paid again", treasurer.post(at+"/payment", treasurer.form(at, "from", "1001", "date", treasurer.today())).Body, "已经记账")
	wantIn(t, "emptied", treasurer.post(at+"/erasure", treasurer.form(at)).Body, "已清掉")
}

func TestDeclinedWithdrawnAndShort(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	lead, council, treasurer := h.as(t, auth.ProjectLead), h.as(t, auth.CouncilMember), h.as(t, auth.Treasurer)
	treasurer.take("amount", "300")
	first, second, third := lead.request("300"), lead.request("200"), lead.request("100")
	wantIn(t, "a reason", council.post(first+"/decision", council.form(first, "press", "decline", "conflict", "no")).Body, "写一句为什么不同意")
	wantIn(t, "declined", council.post(first+"/decision", council.form(first, "press", "decline", "conflict", "no", "reason", "发票抬头不对")).Body, "发票抬头不对")
	wantIn(t, "approved", council.post(second+"/decision", council.form(second, "press", "approve", "conflict", "no")).Body, "可以付款")
	wantIn(t, "stepped aside", council.post(third+"/decision", council.form(third, "press", "approve", "conflict", "yes")).Body, "您回避了")
	a := lead.upload("/c/angong/desk/spending/new", "picture", paper(t), lead.form("/c/angong/desk/spending/new",
		"amount", "200", "purpose", "灯笼", "fund", "dinner", "account", "5101", "payee", "own", "method", "cash"))
	wantIn(t, "more than is left", a.Body, "现在能用 ¥100.00", "不用再拍")
	a = lead.post("/c/angong/desk/spending/new", fields(a.Body, "amount", "100", "purpose", "灯笼", "fund", "dinner", "account", "5101", "payee", "own", "method", "cash"))
	wantIn(t, "the paper was kept", a.Body, "等别人批", "<img")
	wantIn(t, "withdrawn", lead.post(second+"/withdrawal", lead.form(second)).Body, "已经撤回")
	wantIn(t, "the rule", council.post("/c/angong/desk/spending/rule", council.form("/c/angong/desk/spending", "above", "50")).Body, "超过 ¥50.00")
	big := lead.request("60")
	wantIn(t, "the first of two", council.post(big+"/decision", council.form(big, "press", "approve", "conflict", "no")).Body, "还要另一个人批")
	wantIn(t, "the second of two", treasurer.post(big+"/decision", treasurer.form(big, "press", "approve", "conflict", "no")).Body, "可以付款")
	wantIn(t, "more papers", lead.upload(big+"/papers", "picture", pdf(t), lead.form(big)).Body, "PDF，1 页")
}

func TestTransfersGoToTheBankInOneFile(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	lead, treasurer := h.as(t, auth.ProjectLead), h.as(t, auth.Treasurer)
	treasurer.take("amount", "300")
	const list = "/c/angong/desk/spending"
	for _, amount := range []string{"120.50", "80"} {
		at := lead.request(amount, "method", "transfer", "bank", "成都银行", "number", "6222 0000 1111 2222 333")
		treasurer.post(at+"/decision", treasurer.form(at, "press", "approve", "conflict", "no"))
	}
	wantIn(t, "nothing ticked", treasurer.post(list+"/batches?state=approved", treasurer.form(list, "from", "1002", "date", treasurer.today())).Body, "至少勾一笔")
	form := treasurer.form(list+"?state=approved", "from", "1002", "date", treasurer.today())
	for _, m := range regexp.MustCompile(`name="request" value="([^"]+)"`).FindAllStringSubmatch(treasurer.get(list+"?state=approved").Body, -1) {
		form.Add("request", m[1])
	}
	wantIn(t, "made", treasurer.post(list+"/batches?state=approved", form).Body, "第 1 号文件做好了：2 笔，共 ¥200.50", "交给银行了", "2 笔还没到账")
	file := treasurer.get(list + "/batches/1.csv")
	wantIn(t, "the file", file.Body, "收款人,账号,开户行,金额,用途", "粮油店,6222000011112222333,成都银行,120.50,付款申请1 年夜饭的米面油")
	at := list + "/" + get[string](t, h, `SELECT id FROM spending.request WHERE number = 1`)
	wantIn(t, "confirmed", treasurer.post(at+"/confirmation", treasurer.form(at)).Body, "银行已经付了", "还差一步")
}

// pdf is a PDF file of one scanned page.
func pdf(t testing.TB) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.AddPage()
	p.RegisterImageOptionsReader("scan", fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(scan(t)))
	p.Image("scan", 0, 0, 210, 0, false, "", 0, "")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPDFFileIsKeptAndItsScanCovered(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	treasurer.take("amount", "150")
	at := "/c/angong/desk/journal/" + get[string](t, h, `SELECT year || '-' || number FROM ledger.journal_entry ORDER BY seq DESC LIMIT 1`)
	refused := bytes.Replace(pdf(t), []byte("/Type /Catalog"), []byte("/Type /Catalog /OpenAction 1 0 R"), 1)
	wantIn(t, "a program", treasurer.upload(at+"/papers", "picture", refused, treasurer.form(at, "caption", "发票")).Body, "夹带了程序或别的文件")
	wantIn(t, "no file", treasurer.upload(at+"/papers", "picture", []byte("hello"), treasurer.form(at, "caption", "发票")).Body, "选一张照片")
	a := treasurer.upload(at+"/papers", "picture", pdf(t), treasurer.form(at, "caption", "发票"))
	wantIn(t, "kept", a.Body, "原件存好了", "PDF，1 页")
	original := regexp.MustCompile(`/c/angong/desk/journal/[^"]+/papers/[0-9a-f-]{36}`).FindString(a.Body)
	if served := treasurer.get(original); !strings.HasPrefix(served.Header.Get("Content-Disposition"), "attachment") || !bytes.HasPrefix([]byte(served.Body), []byte("%PDF-")) {
		t.Errorf("the PDF file: %v", served.Header)
	}
	if served := treasurer.get(original + "?scan=0"); served.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("its scan: %v", served.Header)
	}
	wantIn(t, "its cover page", treasurer.get(original+"/cover").Body, `data-cover="`+original+`?scan=0"`, `value="发票"`)
	wantIn(t, "not covered", treasurer.upload(at+"/evidence", "picture", paper(t), treasurer.form(original+"/cover", "caption", "发票")).Body, "先确认", "data-cover=")
	if a := h.as(t, auth.Auditor).get(original); a.Status != 200 {
		t.Errorf("the auditor: %d", a.Status)
	}
	wantIn(t, "removed", treasurer.post(original+"/removal", treasurer.form(at)).Body, "原件删掉了")
	if served := treasurer.get(original); served.Status != 404 {
		t.Errorf("removed, it is %d", served.Status)
	}
}

// One asks on a phone with a photograph, another approves, the treasurer pays and covers the name, and everybody sees it.
func TestAPaymentRequestOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	lead, council, treasurer := h.as(t, auth.ProjectLead), h.as(t, auth.CouncilMember), h.as(t, auth.Treasurer)
	treasurer.take("amount", "500")
	file := filepath.Join(t.TempDir(), "invoice.png")
	if err := os.WriteFile(file, paper(t), 0o644); err != nil {
		t.Fatal(err)
	}
	tab := webtest.Open(t)
	narrow := func(what string) {
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s is %d px too wide", what, over)
		}
	}
	webtest.Enter(t, tab, h.Base, lead.client.Jar)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+"/c/angong/desk/spending/new"), chromedp.SetUploadFiles(`#f-picture`, []string{file}),
		chromedp.SendKeys(`#f-amount`, "86.50"), chromedp.SendKeys(`#f-purpose`, "年夜饭的米面油"))
	webtest.Tell[bool](t, tab, `(() => { document.querySelector("#f-fund").value = "dinner"; return true })()`)
	narrow("the form")
	webtest.Run(t, tab, chromedp.Click(`//button[text()="交给别人批"]`), chromedp.WaitVisible(`//p[contains(., "要别人来批")]`))
	at := webtest.Tell[string](t, tab, `location.pathname`)
	narrow("the request")
	webtest.Enter(t, tab, h.Base, council.client.Jar)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+at), chromedp.Click(`//label[contains(., "没有亲属")]`),
		chromedp.Click(`//button[text()="同意"]`), chromedp.WaitVisible(`//*[contains(text(), "可以付款")]`))
	webtest.Enter(t, tab, h.Base, treasurer.client.Jar)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+at), chromedp.Click(`//button[contains(text(), "已付 ¥86.50")]`),
		chromedp.WaitVisible(`//a[text()="涂黑后公开"]`), chromedp.Click(`//a[text()="涂黑后公开"]`),
		chromedp.WaitVisible(`[data-cover] canvas`))
	narrow("the page where it is covered")
	drag(t, tab)
	webtest.Run(t, tab, chromedp.Click(`#f-covered`), chromedp.Click(`//button[text()="公开这张票据"]`), chromedp.WaitVisible(`img[alt="发票或小票"]`))
	picture := webtest.Tell[string](t, tab, `document.querySelector("img[alt=发票或小票]").getAttribute("src")`)
	covered(t, h.visitor(t).get(picture).Body)
	voucher := get[string](t, h, `SELECT year || '-' || number FROM ledger.journal_entry WHERE kind = 'payment'`)
	public := h.visitor(t).get("/c/angong/ledger/" + voucher).Body
	wantIn(t, "the public entry", public, picture, "年夜饭的米面油", "第 1 号付款申请", "下载这张票据的证明")
}

func TestPagesOfPaymentRequestsAreAccessible(t *testing.T) {
	t.Parallel()
	axe := webtest.Axe(t)
	h := open(t)
	h.publish(t, "dinner")
	lead, council, treasurer := h.as(t, auth.ProjectLead), h.as(t, auth.CouncilMember), h.as(t, auth.Treasurer)
	treasurer.take("amount", "500")
	asked := lead.request("100")
	approved := lead.request("80", "method", "transfer", "bank", "成都银行", "number", "6222000011112222333")
	paid := lead.request("60")
	for _, at := range []string{approved, paid} {
		council.post(at+"/decision", council.form(at, "press", "approve", "conflict", "no"))
	}
	treasurer.post(paid+"/payment", treasurer.form(paid, "from", "1001", "date", treasurer.today()))
	voucher := "/c/angong/desk/journal/" + get[string](t, h, `SELECT year || '-' || number FROM ledger.journal_entry WHERE kind = 'payment'`)
	original := voucher + "/papers/" + get[string](t, h, `SELECT file_id FROM campaigns.paper`)
	tab := webtest.Open(t)
	for _, p := range []struct {
		who  *visitor
		path string
	}{
		{treasurer, "/c/angong/desk/spending?state=approved"},
		{lead, "/c/angong/desk/spending/new"},
		{council, asked},
		{treasurer, approved},
		{treasurer, paid},
		{treasurer, voucher},
		{treasurer, original + "/cover"},
	} {
		webtest.Enter(t, tab, h.Base, p.who.client.Jar)
		webtest.Run(t, tab, chromedp.Navigate(h.Base+p.path))
		webtest.Tell[bool](t, tab, `document.querySelectorAll("details").forEach(d => d.open = true); true`)
		webtest.Judge(t, tab, axe, p.path, webtest.EveryRule)
	}
}
