package desk_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/campaigns/sale"
	"fund/web/auth"
	"fund/web/webtest"
)

const salesPath = "/c/angong/desk/sales"

// addFair makes a sale event through its form, and opens it.
func (v *visitor) addFair() {
	v.Helper()
	a := v.post(salesPath+"/new", v.form(salesPath+"/new", "name_zh", "旧物义卖", "name_en", "Jumble sale", "slug", "old-things", "starts_on", day(0), "ends_on", day(1), "basis", "sale", "fund", "1"))
	wantAt(v, a, salesPath+"/1/items")
	wantAt(v, v.post(salesPath+"/1/state", v.form(salesPath+"/1", "step", "open")), salesPath+"/1")
}

const goodsList = "编号,名称,单价,库存,分类,类型,条码\n01,旧书任选,5,120,旧物,,\n02,盖碗茶,8,,吃喝,服务,\n31,青花瓶,,1,老物件,,6901234567892\n"

func TestAnEventFromItsFormToItsItems(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	a := v.post(salesPath+"/new", v.form(salesPath+"/new", "name_zh", "晚会", "slug", "G!", "starts_on", day(1), "ends_on", day(0), "basis", "public", "fund", "1"))
	wantIn(t, "a wrong form", a.Body, "用小写字母、数字和 -", "结束的日子在开始之后")
	a = v.post(salesPath+"/new", v.form(salesPath+"/new", "name_zh", "晚会", "slug", "gala", "starts_on", day(0), "ends_on", day(0), "basis", "public", "fund", "1"))
	wantAt(t, a, salesPath+"/1/items") // a draft may still be without its campaign
	a = v.post(salesPath+"/1/state", v.form(salesPath+"/1", "step", "open"))
	if a.Status != 409 || !strings.Contains(a.Body, "要先有一个已发布的公开募捐") {
		t.Errorf("%d %s", a.Status, mains(a.Body))
	}
	a = v.post(salesPath+"/1/edit", v.form(salesPath+"/1/edit", "name_zh", "晚会", "starts_on", day(0), "ends_on", day(0), "basis", "sale", "fund", "1"))
	wantAt(t, a, salesPath+"/1")
	a = v.post(salesPath+"/new", v.form(salesPath+"/new", "name_zh", "又一场", "slug", "gala", "starts_on", day(0), "ends_on", day(0), "basis", "sale", "fund", "1"))
	wantIn(t, "the same address", a.Body, "这个名字有人用了")
	wantAt(t, v.post(salesPath+"/1/state", v.form(salesPath+"/1", "step", "open")), salesPath+"/1")
	wantIn(t, "audit", h.audited(t), "sale.draft sale:gala", "sale.edit sale:gala", "sale.open sale:gala")
}

func TestItemsAreASheetThatAFileFills(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	v.addFair()
	items := salesPath + "/1/items"
	a := v.upload(items+"/file", "file", []byte(goodsList), v.form(items))
	wantIn(t, "the sheet, filled in", a.Body, "表格里的 3 行填进来了", `value="旧书任选"`, `value="6901234567892"`)
	if n := get[int](t, h, `SELECT count(*) FROM sale.item`); n != 0 {
		t.Errorf("%d items stored by looking", n)
	}
	rows := fields(a.Body)
	for name, value := range map[string]string{"code": "01", "name_zh": "旧书任选", "price": "5", "stock": "120", "section": "旧物", "kind": "goods"} {
		rows.Set("i1_"+name, value)
	}
	for name, value := range map[string]string{"code": "02", "name_zh": "盖碗茶", "price": "8", "kind": "service"} {
		rows.Set("i2_"+name, value)
	}
	for name, value := range map[string]string{"code": "31", "name_zh": "青花瓶", "stock": "1", "kind": "goods", "barcode": "6901234567892", "donor": "周婆婆"} {
		rows.Set("i3_"+name, value)
	}
	rows.Set("i4_code", "0 5")
	rows.Set("i4_name_zh", "帽子")
	rows.Set("i4_kind", "goods")
	rows.Set("i4_price", "九元")
	a = v.post(items, rows)
	wantIn(t, "a wrong row", a.Body, "用 1 到 20 个字母、数字或 -", "写成数字，例如 66 或 18.80", `value="九元"`)
	rows.Set("i4_code", "31")
	rows.Set("i4_price", "9")
	wantIn(t, "a code twice", v.post(items, rows).Body, "另一样商品用了这个编号")
	rows.Set("i4_code", "32")
	wantAt(t, v.post(items, rows), items)
	stored, err := sale.ListItems(t.Context(), h.App, h.ID, 1)
	if err != nil || len(stored) != 4 || stored[0].Kind != sale.Service && stored[1].Kind != sale.Service {
		t.Fatalf("%+v, %v", stored, err)
	}
	if donor := get[string](t, h, `SELECT d.name FROM sale.item i JOIN campaigns.donor d ON d.id = i.donor_id WHERE i.code = '31'`); donor != "周婆婆" {
		t.Errorf("given by %q", donor)
	}
	a = v.upload(items+"/file", "file", []byte("编号,名称,单价\n01,旧书任选,6\n01,又一本,6\n,没有编号,x\n"), v.form(items))
	wantIn(t, "a wrong file", a.Body, "第 3 行", "第 2 行用过了", "第 4 行", "编号用 1 到 20 个字母")
	a = v.upload(items+"/file", "file", []byte("编号,名称,单价\n01,旧书,6\n"), v.form(items))
	wantIn(t, "an item anew", a.Body, `value="旧书"`, `value="6"`, "表格里的 1 行")
	if a = v.get(salesPath + "/1/labels.pdf"); a.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("the tags: %d", a.Status)
	}
	wantIn(t, "the sale", v.get(salesPath+"/1").Body, "商品（4 样）", "没有人开过收银台")
}

func TestSalesFromPaperAndACost(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	v.addFair()
	paper := salesPath + "/1/paper"
	wrong := v.upload(paper, "file", []byte("日期,商品,数量,单价\n昨天,旧书,1,5\n"+day(0)+",旧书,0,5\n"+day(0)+",旧书,1,\n"), v.form(paper))
	wantIn(t, "a wrong list", wrong.Body, "第 2 行", "日期写成 2026-11-23 这样", "第 3 行", "数量写成 1 到 999", "第 4 行", "这样东西没有定价")
	list := []byte("日期,单号,商品,数量,单价,付款方式\n" + day(0) + ",1,旧书,2,5,现金\n" + day(0) + ",1,围巾,1,35,微信\n" + day(0) + ",2,旧书,1,5,\n")
	for i, said := range []string{"记了 2 张单子，¥50.00", "以前记过了，没有再记"} {
		a := v.upload(paper, "file", list, v.form(paper))
		wantIn(t, "what was read", a.Body, "看懂了 2 张单子，一共 ¥50.00", "旧书 × 2", "现金 + 微信")
		form := fields(a.Body)
		form.Set("read", strings.NewReplacer("&#34;", `"`, "&#43;", "+").Replace(form.Get("read")))
		a = v.post(paper, form)
		wantAt(t, a, salesPath+"/1")
		wantIn(t, "what was booked", a.Body, said)
		if n := get[int](t, h, `SELECT count(*) FROM sale.sale`); n != 2 {
			t.Errorf("round %d: %d sales", i, n)
		}
	}
	if a := v.post(paper, url.Values{"csrf": {v.token()}, "read": {`[{"ID":"` + strings.Repeat("0", 8) + `"}]`}}); a.Status != 400 {
		t.Errorf("what nobody read: %d", a.Status)
	}
	a := v.post(salesPath+"/1/costs", v.form(salesPath+"/1", "what", "桌子租金", "amount", "10", "spent_on", day(0), "kind", "cost", "way", "cash"))
	wantAt(t, a, salesPath+"/1")
	wantIn(t, "the result", v.get(salesPath+"/1").Body, "销售（2 笔）", "−10.00", "¥40.00")
	public := h.visitor(t).get("/c/angong/sales/old-things")
	wantIn(t, "the public page", public.Body, "旧物义卖", "50.00", "桌子租金", "¥40.00", "围巾")
	if a := h.visitor(t).get("/c/angong/sales/old-things/result.pdf"); !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("the result on paper: %d", a.Status)
	}
	found, err := sale.Check(t.Context(), h.App, h.ID)
	if err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}

// A phone shows every page of a sale without moving it sideways, and axe finds nothing; the sheet of items moves in its own frame.
func TestSalesOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	v.addFair()
	axe, tab := webtest.Axe(t), webtest.Open(t)
	webtest.Enter(t, tab, h.Base, v.client.Jar)
	for _, path := range []string{"", "/new", "/1", "/1/edit", "/1/items", "/1/paper"} {
		webtest.Run(t, tab, chromedp.Navigate(h.Base+salesPath+path), chromedp.WaitVisible(chromedp.CSS("main h1")))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s is %d px too wide", path, over)
		}
		webtest.Judge(t, tab, axe, "desk/sales"+path, webtest.EveryRule)
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+salesPath+"/1/items"), chromedp.WaitVisible(chromedp.CSS("#f-i1_code")),
		chromedp.SendKeys(chromedp.CSS("#f-i1_code"), "01"), chromedp.SendKeys(chromedp.CSS("#f-i1_name_zh"), "旧书任选"), chromedp.SendKeys(chromedp.CSS("#f-i1_price"), "5"),
		chromedp.Click(chromedp.CSS("main form button.main")), chromedp.WaitVisible(chromedp.CSS(".flash, [role=status]")))
	if n := get[int](t, h, `SELECT count(*) FROM sale.item WHERE code = '01' AND price = 5`); n != 1 {
		t.Errorf("%d items typed on a phone", n)
	}
}
