package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
)

const (
	templatesPath = journalPath + "/templates"
	importPath    = journalPath + "/import"
)

func TestATemplateIsKeptAndUsed(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	lines := [][4]string{{"glfy", "general", "88.80", ""}, {"1002", "general", "", "88.80"}}
	form := v.written(h.today(), "电费", lines...)
	form.Set("name", "每月电费")
	a := v.post(templatesPath, form)
	if a.Status != 200 {
		t.Fatalf("%d: %s", a.Status, mains(a.Body))
	}
	wantIn(t, "form", a.Body, "模板“每月电费”存好了", `value="88.80"`, `value="电费"`)
	a = v.post(templatesPath, form)
	wantIn(t, "the name again", a.Body, "已经有一个模板叫“每月电费”", `href="#f-name"`)
	form.Set("name", "每月电费，同一个数")
	form.Set("amounts", "yes")
	v.post(templatesPath, form)
	if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry`); n != 0 {
		t.Errorf("templates posted %d entries", n)
	}
	begun := v.get(entryPath + "?template=1").Body
	wantIn(t, "begun", begun, "用模板“每月电费”开的头", `value="5301 管理费用"`, `value="1002 银行存款"`, `placeholder="填金额" autofocus`, `name="side-2" value="credit"`)
	wantNot(t, "begun", begun, "88.80")
	wantIn(t, "begun with amounts", v.get(entryPath+"?template=2").Body, `value="88.80"`)
	wantIn(t, "new", v.get(entryPath).Body, "从模板开始", "?template=1")

	wantIn(t, "list", v.get(templatesPath).Body, "每月电费", "每次填", "88.80", "借方", "5301 管理费用")
	if a := v.post(templatesPath+"/2", v.form(templatesPath, "name", "每月电费")); a.Status != 422 || !strings.Contains(a.Body, "已经有一个模板叫") {
		t.Errorf("renamed to a name that is taken: %d", a.Status)
	}
	a = v.post(templatesPath+"/2", v.form(templatesPath, "name", "水费"))
	wantAt(t, a, templatesPath)
	wantIn(t, "list", a.Body, "模板改名为“水费”")
	a = v.post(templatesPath+"/2/removal", v.form(templatesPath))
	wantIn(t, "list", a.Body, "模板“水费”删了")
	if a := v.get(entryPath + "?template=2"); a.Status != 404 {
		t.Errorf("a template that is gone: %d", a.Status)
	}
	want := "template.keep template:每月电费\ntemplate.keep template:每月电费，同一个数\ntemplate.rename template:2\ntemplate.drop template:2"
	if got := h.audited(t); got != want {
		t.Errorf("audit log:\n%s", got)
	}
}

func TestATemplateNeedsANameAndALine(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	a := v.post(templatesPath, v.written(h.today(), "电费"))
	if a.Status != 422 {
		t.Errorf("%d", a.Status)
	}
	wantIn(t, "form", a.Body, "模板名称：这里要填", "至少写一行科目，才能存成模板", `value="电费"`)
}

func TestAnEntryIsCopied(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	voucher := h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "30.00").Voucher()
	wantIn(t, "entry", v.get(journalPath+"/"+voucher).Body, "/desk/journal/new?copy="+voucher)
	a := v.get(entryPath + "?copy=" + voucher)
	wantIn(t, "form", a.Body, "照 "+voucher+" 抄来的", `value="测试用的账"`, `value="5301 管理费用"`, `value="30.00"`, `value="`+h.today()+`"`)
	wantNot(t, "form", a.Body, "2020-03-05")
	if a := v.get(entryPath + "?copy=2001-9"); a.Status != 404 {
		t.Errorf("an entry that is none: %d", a.Status)
	}
}

func TestAnAccountIsFoundByItsSound(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	a := v.post(journalPath, v.written(h.today(), "买电风扇", [4]string{"guanlify", "general", "30", ""}, [4]string{"YHCK", "general", "", "30"}))
	wantIn(t, "entry", a.Body, "已过账", "5301", "1002")
	a = v.post(journalPath, v.written(h.today(), "买电风扇", [4]string{"5301", "general", "30", ""}, [4]string{"yhc", "general", "", "30"}))
	wantIn(t, "half a sound", a.Body, "第 2 行：没有“yhc”这个科目", `id="f-account-2-wrong"`)
}

func TestTheJournalIsSearchedAndTaken(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	h.enter(t, ledger.Day(2020, 3, 5), "1001", "1002", ledger.GeneralFundID, "30.00")
	h.enter(t, ledger.Day(2020, 3, 9), "5301", "1001", ledger.GeneralFundID, "41.00")
	v.post(journalPath, v.written(h.today(), "买电风扇", [4]string{"5301", "general", "30", ""}, [4]string{"1001", "general", "", "30"}))
	who := get[string](t, h, `SELECT posted_by FROM ledger.journal_entry WHERE seq = 3`)
	for query, want := range map[string]string{
		"?q=30": "3 1", "?q=41.00": "2", "?who=system": "2 1", "?who=" + who: "3", "?from=2020-03-06&to=2020-03-31": "2", "?month=2020-03": "2 1",
		"?account=1002": "1", "?kind=import": "", "?q=电风扇": "3",
	} {
		var got []string
		for i, row := range strings.Split(strings.TrimSpace(v.get(journalPath+".csv"+query).Body), "\n") {
			if seq, _, _ := strings.Cut(row, ","); i > 0 {
				got = append(got, seq)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s finds %v, want %s", query, got, want)
		}
	}
	wantIn(t, "list", v.get(journalPath+"?who="+who).Body, `<details class="fold span" open>`, "journal.xlsx?who=")
	a := v.get(journalPath + ".xlsx?q=30")
	if !strings.HasPrefix(a.Body, "PK") || !strings.Contains(a.Header.Get("Content-Disposition"), "angong-journal.xlsx") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

func TestVouchersArePrinted(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	one := h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "30.00").Voucher()
	h.enter(t, ledger.Day(2020, 3, 6), "5301", "1001", ledger.GeneralFundID, "31.00")
	for _, at := range []string{"/" + one + "/voucher.pdf", "/" + one + "/voucher.pdf?paper=a5", "/vouchers.pdf?month=2020-03&part=1"} {
		if a := v.get(journalPath + at); a.Status != 200 || a.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Body, "%PDF-") {
			t.Errorf("%s: %d", at, a.Status)
		}
	}
	for _, at := range []string{"/2001-1/voucher.pdf", "/vouchers.pdf?month=2019-03", "/vouchers.pdf?month=march", "/vouchers.pdf?month=2020-03&part=2"} {
		if a := v.get(journalPath + at); a.Status != 404 {
			t.Errorf("%s: %d", at, a.Status)
		}
	}
	wantIn(t, "list", v.get(journalPath+"?month=2020-03").Body, "打印2020 年 3 月的全部凭证", "vouchers.pdf?month=2020-03&amp;part=1")
	form := v.written(h.today(), "买电风扇", [4]string{"5301", "general", "9", ""}, [4]string{"1001", "general", "", "9"})
	form.Set("then", "print")
	a := v.post(journalPath, form)
	wantIn(t, "entry", a.Body, `voucher.pdf" target="_blank" autofocus`)
}

const november = `凭证号,日期,科目,资金用途,借方,贷方,摘要
记-1,2020-11-03,5301 管理费用,,188.50,,买电风扇
记-1,,银行存款,general,,188.50,
记-2,2020-11-05,1001,,300,,取备用金
记-2,,1002,,,300,
`

func TestATableIsImportedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	h.enter(t, ledger.Day(2020, 3, 5), "1002", "5301", ledger.GeneralFundID, "5000.00")
	give := func(table string) answer { return v.upload(importPath, "file", []byte(table), v.form(importPath)) }
	entries := func(want int) {
		t.Helper()
		if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry WHERE kind = 'import'`); n != want {
			t.Errorf("%d entries were imported, want %d", n, want)
		}
	}
	broken := strings.NewReplacer("188.50,,买", "188.5o,,买", ",1002,", ",1099 茶坊零钱,").Replace(november)
	a := give(broken)
	wantIn(t, "broken", a.Body, "有 2 处要改", "188.5o", "读不懂这个金额", "1099 茶坊零钱", "没有这个科目", "账上没有的科目，导入时一起新建")
	wantNot(t, "broken", a.Body, "记入这")
	if posted := v.post(a.Path, fields(a.Body)); posted.Status != 409 {
		t.Errorf("a broken table was taken: %d", posted.Status)
	}
	entries(0)

	a = give(strings.ReplaceAll(broken, "188.5o", "188.50"))
	a = v.get(a.Path + "?create=yes")
	wantIn(t, "with a new account", a.Body, "这些科目账上没有，会一起新建", "1099", "茶坊零钱", "记入这 2 张凭证", "488.50")
	done := v.post(a.Path, fields(a.Body))
	wantAt(t, done, journalPath)
	year := "2020"
	wantIn(t, "journal", done.Body, "记入 2 张凭证："+year+"-2 到 "+year+"-3", "买电风扇", "导入")
	entries(2)
	if again := v.get(a.Path); again.Status != 404 {
		t.Errorf("the file waits still: %d", again.Status)
	}

	a = give(strings.ReplaceAll(broken, "188.5o", "188.50"))
	wantIn(t, "again", a.Body, "这个文件里的凭证都导入过")
	wantNot(t, "again", a.Body, "记入这")
	entries(2)
	// The same numbers, another set of books.
	a = v.get(give(november).Path + "?series=茶坊")
	wantIn(t, "another set", a.Body, "记入这 2 张凭证")
	v.post(a.Path, fields(a.Body, "series", "茶坊"))
	entries(4)
	if got := h.audited(t); strings.Count(got, "journal.import file:upload") != 2 {
		t.Errorf("audit log:\n%s", got)
	}
}

// What only the books know is said on the page too, and nothing of the table is posted.
func TestATableThatOverspendsIsRefusedWhole(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	h.restricted(t, "soup")
	a := v.upload(importPath, "file", []byte(november+"记-3,2020-11-08,5301,soup,10,,绿豆\n记-3,,1002,soup,,10,\n"), v.form(importPath))
	wantIn(t, "preview", a.Body, "记入这 3 张凭证", "绿豆汤")
	a = v.post(a.Path, fields(a.Body))
	if a.Status != 409 {
		t.Errorf("%d", a.Status)
	}
	wantIn(t, "refused", a.Body, "没有记进来，一张也没有", "专款“绿豆汤”只有 ¥0.00")
	if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry`); n != 0 {
		t.Errorf("%d entries", n)
	}
}

func TestALargeTableIsShownInPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	table := strings.Builder{}
	table.WriteString("entry,date,account,debit,credit,memo\n")
	for n := 1; n <= 205; n++ {
		fmt.Fprintf(&table, "%d,2020-11-03,1001,1.00,,gift no %d.\n%d,2020-11-03,1002,,1.00,\n", n, n, n)
	}
	first := v.upload(importPath, "file", []byte(table.String()), v.form(importPath))
	wantIn(t, "first", first.Body, "gift no 1.", "gift no 100.", "第 1 页，共 3 页", "205 张", "410")
	wantNot(t, "first", first.Body, "gift no 101.")
	last := v.get(first.Path + "?page=9")
	wantIn(t, "last", last.Body, "gift no 205.", "第 3 页，共 3 页")
}

func TestAnEmptyTableIsHandedOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	wantIn(t, "csv", v.get(importPath+"/empty/journal.csv").Body, "凭证号,日期,科目,资金用途,借方,贷方,摘要")
	xlsx := v.get(importPath + "/empty/journal.xlsx")
	a := v.upload(importPath, "file", []byte(xlsx.Body), v.form(importPath))
	wantIn(t, "empty", a.Body, "表里一行凭证也没有")
	if a := v.get(importPath + "/empty/nothing"); a.Status != 404 {
		t.Errorf("%d", a.Status)
	}
}

// A file waits for an hour, in its own community.
func TestATableWaitsForAnHour(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	a := v.upload(importPath, "file", []byte(november), v.form(importPath))
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := h.Owner.Exec(`UPDATE upload.file SET uploaded_at = $1`, time.Now().Add(-61*time.Minute))
		return err
	})
	if again := v.get(a.Path); again.Status != 404 {
		t.Errorf("%d", again.Status)
	}
}
