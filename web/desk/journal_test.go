package desk_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
)

const (
	journalPath = "/c/angong/desk/journal"
	entryPath   = journalPath + "/new"
	periodsPath = "/c/angong/desk/periods"
)

// post posts an entry between two accounts in a fund, past the desk.
func (h *house) enter(t testing.TB, day time.Time, debit, credit string, fund int, amount string) (p ledger.Posted) {
	t.Helper()
	chart, err := ledger.ListAccounts(t.Context(), h.Database.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	in, _ := chart.Code(debit)
	out, _ := chart.Code(credit)
	h.Do(t, func(tx *sqlx.Tx) error {
		posted, err := ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: day, Kind: "manual", Source: "test:" + uuid.NewString(), Memo: "测试用的账", PostedBy: "system",
			Postings: []ledger.Posting{ledger.Debit(in.ID, fund, yuan(amount)), ledger.Credit(out.ID, fund, yuan(amount))},
		})
		if err == nil {
			p = posted[0]
		}
		return err
	})
	return p
}

// fund adds a restricted fund.
func (h *house) restricted(t testing.TB, code string) (f ledger.Fund) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		f, err = ledger.AddFund(t.Context(), tx, h.ID, ledger.Fund{Code: code, NameZH: "绿豆汤", NameEN: "Soup", Kind: ledger.ProjectFund, Restricted: true})
		return err
	})
	return f
}

// written is the form of an entry: head, then lines of account, fund, debit and credit.
func (v *visitor) written(date, memo string, lines ...[4]string) url.Values {
	v.Helper()
	form := v.form(entryPath, "date", date, "memo", memo)
	for i, l := range lines {
		for j, field := range []string{"account", "fund", "debit", "credit"} {
			form.Set(fmt.Sprintf("%s-%d", field, i+1), l[j])
		}
	}
	return form
}

func (h *house) today() string { return h.Day(time.Now()).Format(time.DateOnly) }

func TestAnEntryByHandIsPostedOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	form := v.written(h.today(), "买电风扇", [4]string{"5301 管理费用", "general", "188.00", ""}, [4]string{"现金", "general", "", "188"})
	a := v.post(journalPath, form)
	voucher := fmt.Sprintf("%d-1", time.Now().Year())
	wantAt(t, a, journalPath+"/"+voucher)
	wantIn(t, "entry", a.Body, "已过账，凭证号 "+voucher, "买电风扇", "188.00", "5301", "王treasurer", "合计（借贷相等）")

	wantAt(t, v.post(journalPath, form), journalPath+"/"+voucher)
	if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry`); n != 1 {
		t.Errorf("pressed twice, posted %d", n)
	}
	source := get[string](t, h, `SELECT source FROM ledger.journal_entry`)
	if _, err := uuid.Parse(strings.TrimPrefix(source, "manual:")); err != nil {
		t.Errorf("source %q", source)
	}
	if got := h.audited(t); got != "entry.post "+source {
		t.Errorf("audit log:\n%s", got)
	}

	wantIn(t, "journal", v.get(journalPath).Body, "买电风扇", "王treasurer", "手工凭证")
	wantIn(t, "no such kind", v.get(journalPath+"?kind=donation").Body, "没有这样的账")
	for _, query := range []string{"kind=manual", "account=5301", "fund=general", "direction=out", "q=电风扇", "q=188", "month=" + h.today()[:7], "month=" + h.today()[:4]} {
		wantIn(t, query, v.get(journalPath+"?"+query).Body, voucher)
	}
	for _, query := range []string{"account=1002", "direction=in", "q=空调", "q=189", "month=2001-01"} {
		wantNot(t, query, v.get(journalPath+"?"+query).Body, ">"+voucher+"<")
	}
	v.lang = "en"
	wantIn(t, "english entry", v.get(journalPath+"/"+voucher).Body, "Administration", "Debit", "A mistake? Reverse it")
}

func TestWhatIsOffIsSaidBesideTheField(t *testing.T) {
	t.Parallel()
	h := open(t)
	soup := h.restricted(t, "soup")
	today := h.Day(time.Now())
	h.enter(t, today, "1001", "410102", soup.ID, "100.00")
	h.Do(t, func(tx *sqlx.Tx) error {
		if err := ledger.ClosePeriod(t.Context(), tx, h.ID, ledger.Day(2020, 3, 1), "user:x"); err != nil {
			return err
		}
		chart, err := ledger.ListAccounts(t.Context(), tx, h.ID)
		if err != nil {
			return err
		}
		closed, _ := chart.Code("5901")
		return ledger.CloseAccount(t.Context(), tx, h.ID, closed.ID)
	})
	old := h.restricted(t, "old")
	h.Do(t, func(tx *sqlx.Tx) error { return ledger.CloseFund(t.Context(), tx, h.ID, old.ID) })

	v := h.as(t, auth.Treasurer)
	general := func(account, debit, credit string) [4]string { return [4]string{account, "general", debit, credit} }
	for _, c := range []struct {
		date, memo string
		lines      [][4]string
		says       string
		marked     string
	}{
		{h.today(), "", [][4]string{general("5301", "1", ""), general("1001", "", "1")}, "摘要：这里要填", "f-memo"},
		{"昨天", "x", [][4]string{general("5301", "1", ""), general("1001", "", "1")}, "记账日期：写成年-月-日", "f-date"},
		{h.today(), "x", nil, "科目：至少要两行：一行借，一行贷", "f-account-1"},
		{h.today(), "x", [][4]string{general("5301", "1", "")}, "至少要两行", "f-account-1"},
		{h.today(), "x", [][4]string{general("9999", "1", ""), general("1001", "", "1")}, "第 1 行：没有“9999”这个科目", "f-account-1"},
		{h.today(), "x", [][4]string{general("", "1", ""), general("1001", "", "1")}, "第 1 行写了金额，没写科目", "f-account-1"},
		{h.today(), "x", [][4]string{general("5301", "1", "1"), general("1001", "", "1")}, "第 1 行：借方和贷方只填一边", "f-credit-1"},
		{h.today(), "x", [][4]string{general("5301", "", ""), general("1001", "", "1")}, "第 1 行：借方或贷方填一个金额", "f-debit-1"},
		{h.today(), "x", [][4]string{general("5301", "一百", ""), general("1001", "", "100")}, "第 1 行：“一百”不是金额。写成数字，例如 66 或 18.80", "f-debit-1"},
		{h.today(), "x", [][4]string{general("5301", "0", ""), general("1001", "", "100")}, "借方：要大于 0", "f-debit-1"},
		{h.today(), "x", [][4]string{{"5301", "nowhere", "1", ""}, general("1001", "", "1")}, "第 1 行：选一个资金用途", "f-fund-1"},
		{h.today(), "x", [][4]string{general("5301", "88.80", ""), general("1001", "", "88.08")}, "“通用款”这一项，借方比贷方多 ¥0.72", "f-credit-2"},
		{h.today(), "x", [][4]string{general("5301", "1", ""), {"1001", "soup", "", "1"}}, "“绿豆汤”这一项，贷方比借方多 ¥1.00", "f-credit-2"},
		{"2020-03-15", "x", [][4]string{general("5301", "1", ""), general("1001", "", "1")}, "记账日期：2020 年 3 月已关账", "f-date"},
		{h.today(), "x", [][4]string{general("1001", "", "1"), general("5901", "1", "")}, "科目 5901 其他费用 已关闭", "f-account-2"},
		{h.today(), "x", [][4]string{{"5301", "soup", "100.01", ""}, {"1001", "soup", "", "100.01"}}, "专款“绿豆汤”只有 ¥100.00", "f-fund-1"},
		{h.today(), "x", [][4]string{general("1001", "1", ""), general("1002", "", "1"), {"5301", "old", "1", ""}, {"1001", "old", "", "1"}}, "“绿豆汤”已关闭", "f-fund-3"},
	} {
		a := v.post(journalPath, v.written(c.date, c.memo, c.lines...))
		if a.Status != 422 {
			t.Errorf("%s: %d at %s", c.says, a.Status, a.Path)
		}
		wantIn(t, c.says, a.Body, c.says, `href="#`+c.marked+`"`, `id="`+c.marked+`"`)
		for _, l := range c.lines {
			if l[0] != "" {
				wantIn(t, c.says+": what was typed", a.Body, `value="`+l[0]+`"`)
			}
		}
	}
	if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry`); n != 1 {
		t.Errorf("%d entries", n)
	}
	if rows := h.audited(t); rows != "" {
		t.Errorf("what was refused wrote %q", rows)
	}
}

func TestMoreLinesWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	form := v.written(h.today(), "买电风扇", [4]string{"5301", "general", "9.00", ""})
	form.Set("more", "yes")
	a := v.post(journalPath, form)
	if n := strings.Count(a.Body, "<fieldset"); a.Status != 200 || n != 8 {
		t.Fatalf("%d with %d lines", a.Status, n)
	}
	wantIn(t, "form", a.Body, `value="买电风扇"`, `value="9.00"`, `name="lines" value="8"`)
	form = fields(a.Body, "date", h.today(), "memo", "买电风扇")
	for i := 1; i <= 8; i++ {
		form.Set(fmt.Sprintf("account-%d", i), "5301")
		form.Set(fmt.Sprintf("fund-%d", i), "general")
		form.Set(fmt.Sprintf("debit-%d", i), "1")
	}
	form.Set("account-8", "1001")
	form.Set("debit-8", "")
	form.Set("credit-8", "7")
	wantIn(t, "entry", v.post(journalPath, form).Body, "已过账", "7.00")
	if n := get[int](t, h, `SELECT count(*) FROM ledger.posting`); n != 8 {
		t.Errorf("%d postings", n)
	}
}

func TestAnEntryIsReversedOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	at := journalPath + "/" + h.enter(t, h.Day(time.Now()), "5301", "1001", ledger.GeneralFundID, "30.00").Voucher()
	reverse := func(pairs ...string) answer { return v.post(at+"/reversal", v.form(at, pairs...)) }
	h.Do(t, func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, h.ID, ledger.Day(2020, 3, 1), "user:x")
	})
	if a := reverse("date", h.today()); a.Status != 422 || !strings.Contains(a.Body, "为什么冲销：这里要填") {
		t.Errorf("without a reason: %d", a.Status)
	}
	if a := reverse("date", "2020-03-31", "why", "多写了"); a.Status != 422 || !strings.Contains(a.Body, "2020 年 3 月已关账") || !strings.Contains(a.Body, "多写了") {
		t.Errorf("in a closed month: %d", a.Status)
	}
	a := reverse("date", h.today(), "why", "多写了一个 0")
	wantAt(t, a, at)
	wantIn(t, "entry", a.Body, "已冲销", "已被红字冲销", "多写了一个 0")
	wantNot(t, "entry", a.Body, "记错了？红字冲销")
	if a := reverse("date", h.today(), "why", "再来一次"); a.Status != 409 {
		t.Errorf("reversed twice: %d", a.Status)
	}
	if n := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry`); n != 2 {
		t.Errorf("%d entries", n)
	}
	second := fmt.Sprintf("%s/%d-2", journalPath, time.Now().Year())
	wantIn(t, "reversal", v.get(second).Body, "这一笔红字冲销", "30.00")
	if got := h.audited(t); !strings.HasPrefix(got, "entry.reverse entry:") || strings.Contains(got, "\n") {
		t.Errorf("audit log:\n%s", got)
	}
	wantAt(t, v.get(at+"/reversal"), at)
	for _, nowhere := range []string{"/2001-1", "/x-y", "/7", "/0-0"} {
		if a := v.get(journalPath + nowhere); a.Status != 404 {
			t.Errorf("%s: %d", nowhere, a.Status)
		}
	}
}
