package desk_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/reconcile"
	"fund/web/auth"
)

const (
	reconcilePath = "/c/angong/desk/reconcile"
	bankPath      = reconcilePath + "/1002"
)

// bookOn posts an entry with words of its own.
func (h *house) bookOn(t testing.TB, day time.Time, debit, credit ledger.Purpose, amount, memo string) {
	t.Helper()
	chart, err := ledger.ListAccounts(t.Context(), h.Database.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	in, _ := chart.By(debit)
	out, _ := chart.By(credit)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: day, Kind: "manual", Source: "test:" + uuid.NewString(), Memo: memo, PostedBy: "system",
			Postings: []ledger.Posting{ledger.Debit(in.ID, ledger.GeneralFundID, yuan(amount)), ledger.Credit(out.ID, ledger.GeneralFundID, yuan(amount))},
		})
		return err
	})
}

// bankLine is a line of the Bank of China's file.
type bankLine struct {
	day                    time.Time
	amount, who, memo, way string
}

// bankFile writes a file as that bank does, the newest line first, every line with its balance.
func bankFile(opening string, lines ...bankLine) []byte {
	rows, balance := []string{}, yuan(opening)
	for _, l := range lines {
		amount, err := money.ParseSigned(l.amount)
		if err != nil {
			panic(err)
		}
		balance = balance.Add(amount)
		rows = append(rows, fmt.Sprintf(`%s,10:00:00,人民币,%s,%s,%s,柜台,-------------------,%s,%s,8000******0000,-------------------,6618`,
			l.day.Format(time.DateOnly), l.amount, balance, l.way, l.memo, l.who))
	}
	slices.Reverse(rows)
	return []byte("中国银行交易流水明细单\n记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行,借记卡号\n" + strings.Join(rows, "\n") + "\n")
}

// lastMonth are the days of the month before this one.
func (h *house) lastMonth() func(day int) time.Time {
	first := ledger.MonthOf(h.Day(time.Now())).AddDate(0, -1, 0)
	return func(day int) time.Time { return first.AddDate(0, 0, day-1) }
}

// november is a month of the books, and what the bank says of it.
func (h *house) november(t testing.TB) []byte {
	t.Helper()
	on := h.lastMonth()
	h.bookOn(t, on(1).AddDate(0, -1, 4), ledger.Bank, ledger.OtherIncome, "1000.00", "期初结余")
	h.bookOn(t, on(24), ledger.Bank, ledger.OfflineDonations, "200.00", "认捐 AG7K-204 冬至饺子宴")
	h.bookOn(t, on(25), ledger.ProgrammeExpense, ledger.Bank, "386.40", "付 红旗连锁超市 重阳聚餐")
	h.bookOn(t, on(27), ledger.ProgrammeExpense, ledger.Bank, "60.00", "志愿者保险 转账已发出")
	for _, gift := range []string{"50.00", "100.00", "25.00"} {
		h.bookOn(t, on(24), ledger.Clearing("wechat"), ledger.OnlineDonations, gift, "捐赠")
	}
	return bankFile("1000.00",
		bankLine{on(25), "200.00", "王**", "AG7K-204 冬至", "汇入"},
		bankLine{on(25), "173.95", "财付通支付科技有限公司", "商户结算", "汇入"},
		bankLine{on(27), "-386.40", "红旗连锁超市", "货款", "转账"},
		bankLine{on(28), "-3.00", "-------------------", "短信服务费", "收费"},
		bankLine{on(28), "300.00", "李**", "----------", "汇入"})
}

// import uploads a file and imports it.
func (v *visitor) importFile(file []byte) answer {
	v.Helper()
	preview := v.upload(reconcilePath+"/statements", "file", file, v.form(reconcilePath, "account", "1002"))
	if preview.Status != http.StatusOK || !strings.HasPrefix(preview.Path, reconcilePath+"/statements/") {
		v.Fatalf("%d at %s: %s", preview.Status, preview.Path, mains(preview.Body))
	}
	return v.post(preview.Path, fields(preview.Body))
}

var rowForm = regexp.MustCompile(`(?s)<div class="pair[^"]*" id="l(\d+)".*?name="as" value="([0-9a-f]+)"`)

// accept presses the button of a line.
func (v *visitor) accept(line string) answer {
	v.Helper()
	page := v.get(bankPath).Body
	for _, m := range rowForm.FindAllStringSubmatch(page, -1) {
		if m[1] == line {
			return v.post(bankPath+"/matches", fields(page, "line", line, "as", m[2]))
		}
	}
	v.Fatalf("line %s has no button: %s", line, mains(page))
	return answer{}
}

func TestAMonthIsReconciledByButtons(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	file := h.november(t)
	wantAt(t, v.importFile(file), bankPath)
	sheet := v.get(bankPath).Body
	wantIn(t, "the sheet", sheet, "对账", "1,284.55", "参考号相同 AG7K204", "金额、收款方相同", "日期差 2 天", "1 对 3 ", "3 笔共 175.00 − 1.05（0.60%）",
		"没有相符的", "看附言是银行手续费", "先放待查", "一次接受有把握的 2 行", "3 行要入账")
	wantIn(t, "the menu", sheet, `对账<span class="count">5</span>`)

	wantIn(t, "the sure ones", v.post(bankPath+"/matches", fields(sheet, "press", "sure")).Body, "一次勾对了 2 对")
	again := v.upload(reconcilePath+"/statements", "file", file, v.form(reconcilePath, "account", "1002"))
	wantIn(t, "the same file again", again.Body, "没有新的行", "已有")
	wantIn(t, "the paper lacks", v.get(bankPath+"/paper").Body, "还差", "行银行流水没有对上")

	for _, line := range []string{"2", "4", "5"} {
		wantAt(t, v.accept(line), bankPath)
	}
	if fee := get[string](t, h, `SELECT string_agg(a.code || ' ' || p.amount, ', ' ORDER BY p.line) FROM ledger.posting p
		JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		JOIN reconcile.match m ON m.community_id = p.community_id AND m.entry_seq = p.seq
		JOIN reconcile.match_line l ON l.community_id = m.community_id AND l.match_id = m.id WHERE l.line_id = 2`); fee != "1002 175.00, 100901 -175.00, 5401 1.05, 1002 -1.05" {
		t.Errorf("the payout is booked as %s", fee)
	}
	wantIn(t, "one entry left", v.get(bankPath).Body, "账上有、对账单上没有（1 笔）", "银行流水都对上了")
	note := v.form(bankPath, "note", "2 日银行才会扣")
	wantIn(t, "noted", v.post(bankPath+"/transit", note).Body, "说明写好了", "2 日银行才会扣")

	done := v.post(bankPath+"/paper", v.form(bankPath+"/paper"))
	wantIn(t, "completed", done.Body, "的对账完成了", "已完成", "1,284.55", "1,224.55", "2 日银行才会扣")
	wantAt(t, done, bankPath+"/completed/1")
	if last := get[string](t, h, `SELECT verb || ' ' || subject FROM auth.audit_log ORDER BY id DESC LIMIT 1`); last != "reconcile.complete account:1002" {
		t.Errorf("the audit log ends with %s", last)
	}
	blocked := v.form(bankPath + "/matches")
	match := get[string](t, h, `SELECT id FROM reconcile.match LIMIT 1`)
	if a := v.post(bankPath+"/matches/"+match, blocked); a.Status != http.StatusConflict {
		t.Errorf("a match below a completed reconciliation was taken back: %d", a.Status)
	}
	wantIn(t, "without a reason", v.post(bankPath+"/completed/1", v.form(bankPath+"/completed/1")).Body, "为什么重开")
	wantIn(t, "reopened", v.post(bankPath+"/completed/1", v.form(bankPath+"/completed/1", "why", "漏了一行")).Body, "重开了")
	wantAt(t, v.post(bankPath+"/matches/"+match, blocked), bankPath)
	wantIn(t, "the trace", v.get(bankPath+"/matches").Body, "<s>", "撤销", "王treasurer")
	wantIn(t, "the old paper", v.get(bankPath+"/completed/1").Body, "已重开", "漏了一行")
	if found, err := reconcile.Check(t.Context(), h.Database.App, h.ID); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}

func TestALineIsMatchedByHand(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	v.importFile(h.november(t))
	at := bankPath + "/lines/4"
	wantIn(t, "nothing ticked", v.post(at, v.form(at, "account", "")).Body, "还剩 ¥3.00 没有着落")
	wantIn(t, "an account that is not there", v.post(at, v.form(at, "account", "9999", "memo", "短信费")).Body, "没有“9999”这个科目")
	wantAt(t, v.post(at, v.form(at, "account", "5301", "memo", "银行短信费", "learn", "yes", "fund", "general")), bankPath)
	rules := v.get(bankPath + "/rules").Body
	wantIn(t, "the rules", rules, "短信服务费", "5301", "银行短信费", "用过 1 次")
	edit := v.form(bankPath+"/rules?rule=1", "words", "短信 服务费", "way", "out", "account", "5301", "memo", "短信费", "fund", "general")
	wantIn(t, "the rule changed", v.post(bankPath+"/rules", edit).Body, "规则存好了", "短信 服务费")
	edit.Set("press", "stop")
	wantIn(t, "the rule stopped", v.post(bankPath+"/rules", edit).Body, "还没有规则")

	// Two entries and a fee are one line: 386.40 paid as 326.40 is 60.00 too much.
	at = bankPath + "/lines/3"
	spots := func(memo string) string {
		return get[string](t, h, `SELECT p.seq || '.' || p.line FROM ledger.posting p JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
			JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id WHERE a.purpose = 'bank' AND e.memo LIKE $1`, memo)
	}
	form := v.form(at, "account", "410102", "memo", "多付的退回", "fund", "general")
	form["item"] = []string{spots("付 红旗%"), spots("志愿者保险%")}
	wantAt(t, v.post(at, form), bankPath)
	if rest := get[string](t, h, `SELECT sum(p.amount)::text FROM reconcile.match m JOIN ledger.posting p ON p.community_id = m.community_id AND p.seq = m.entry_seq AND p.amount > 0
		JOIN reconcile.match_line l ON l.community_id = m.community_id AND l.match_id = m.id WHERE l.line_id = 3`); rest != "60.00" {
		t.Errorf("the rest is %s", rest)
	}
}

func TestAnAwaitedTransferArrivesByItsReference(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	id, reference := h.promise(t, payment.NewPretendTransfer(), "500")
	_, other := h.promise(t, payment.NewPretendTransfer(), "80")
	on := h.lastMonth()
	v := h.as(t, auth.Treasurer)
	v.importFile(bankFile("0.00",
		bankLine{on(20), "500.00", "周**", strings.ReplaceAll(reference, "-", ""), "汇入"}, bankLine{on(21), "88.00", "何**", other, "汇入"}))
	wantIn(t, "the sheet", v.get(bankPath).Body, "等到账的捐赠，参考号相同 "+reference, "收下这笔捐赠", "除夕暖心饭", "是等到账的捐赠，可是说好的是 80.00")
	wantAt(t, v.accept("1"), bankPath)
	d, err := campaigns.FindDonation(t.Context(), h.Database.App, h.ID, id)
	if err != nil || d.State != campaigns.Paid {
		t.Errorf("%+v, %v", d, err)
	}
	if live := get[int](t, h, `SELECT count(*) FROM reconcile.match_line WHERE live`); live != 1 {
		t.Errorf("%d lines are matched", live)
	}
	if n := get[int](t, h, `SELECT count(*) FROM receipt.receipt`); n != 1 {
		t.Errorf("%d receipts", n)
	}
}

// Two treasurers have the same page open; the slower of them is told, and sees how it stands.
func TestTwoPeopleReconcileAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	first, second := h.as(t, auth.Treasurer), h.visitor(t)
	wu := h.member(t, "wu", true, auth.Treasurer)
	second.logIn(wu.Login, password, "", "")
	first.importFile(h.november(t))
	page := second.get(bankPath).Body
	wantAt(t, first.accept("4"), bankPath)
	as := rowForm.FindAllStringSubmatch(page, -1)
	late := second.post(bankPath+"/matches", fields(page, "line", as[3][1], "as", as[3][2]))
	if late.Status != http.StatusConflict {
		t.Errorf("%d", late.Status)
	}
	wantIn(t, "the second is told", late.Body, "什么也没改", "王treasurer也在对这个账户")
	wantIn(t, "by hand", second.post(bankPath+"/lines/4", fields(page, "account", "5301", "memo", "x")).Body, "别人刚刚勾对了这一行")
}

func TestABrokenFileImportsNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	up := func(file string) answer {
		return v.upload(reconcilePath+"/statements", "file", []byte(file), v.form(reconcilePath, "account", "1002"))
	}
	broken := strings.Replace(string(h.november(t)), "-386.40", "-3x6.40", 1)
	a := up(broken)
	wantIn(t, "a broken file", a.Body, "这个文件没有导入", "第 5 行“金额”", "读不懂金额", "-3x6.40")
	a = v.post(a.Path, v.form(a.Path))
	if n := get[int](t, h, `SELECT count(*) FROM statement.line`); n != 0 || a.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d lines, %d", n, a.Status)
	}
	wantIn(t, "no file", v.post(reconcilePath+"/statements", v.form(reconcilePath, "account", "1002")).Body, "有 1 处要改")

	// A table that nobody knows: its columns are told, tried, and remembered for the account.
	on := h.lastMonth()
	table := fmt.Sprintf("哪天,多少,说啥\n%s,12.50,利息\n%s,-3.00,费\n", on(3).Format("2006-01-02"), on(4).Format("2006-01-02"))
	a = up(table)
	wantIn(t, "an unknown table", a.Body, "认不出这是哪种对账单", "告诉我们哪一列是什么")
	columns := a.Path + "/columns"
	form := v.form(columns, "head", "1", "col-1", "date", "press", "try")
	wantIn(t, "no amount yet", v.post(columns, form).Body, "还没有选哪一列是金额")
	form.Set("col-2", "date")
	form.Set("col-1", "amount")
	wantIn(t, "mistaken", v.post(columns, form).Body, "第 2 行")
	form.Set("col-1", "date")
	form.Set("col-2", "amount")
	form.Set("col-3", "memo")
	wantIn(t, "tried", v.post(columns, form).Body, "读得了，共 2 行", "+12.50")
	form.Set("press", "save")
	saved := v.post(columns, form)
	wantAt(t, saved, a.Path)
	wantIn(t, "saved", saved.Body, "导入 2 行新的")
	wantAt(t, v.post(a.Path, fields(saved.Body)), bankPath)
	wantIn(t, "the next file", up(strings.ReplaceAll(table, "12.50", "13.50")).Body, "导入 1 行新的")
	foreign := up("<OFX><STMTRS><CURDEF>USD<BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261004<TRNAMT>-2.00<FITID>1<NAME>Tea</STMTTRN></BANKTRANLIST></STMTRS></OFX>")
	wantIn(t, "dollars", foreign.Body, "OFX", "USD", "文件里的币种和账上不一样")
	if a := v.post(foreign.Path, fields(foreign.Body)); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("dollars were imported: %d", a.Status)
	}
	h.ahead.Store(1)
	if a := v.get(saved.Path); a.Status != http.StatusNotFound {
		t.Errorf("a file is kept for a day: %d", a.Status)
	}
}

// The boxes' cash that was handed in arrives with the line that brings it.
func TestCashOnItsWayArrivesByItsSlip(t *testing.T) {
	t.Parallel()
	h := open(t)
	on, v := h.lastMonth(), h.as(t, auth.Treasurer)
	h.bookOn(t, on(18), ledger.Cash, ledger.OtherIncome, "216.00", "募捐箱")
	h.bookOn(t, on(19), "cash_in_transit", ledger.Cash, "216.00", "募捐箱现金送存银行")
	if _, err := h.Owner.Exec(`INSERT INTO ledger.cash_deposit (community_id, id, slip, amount, expected, reason, deposited_on, entered_by, entered_at, entry_seq)
		SELECT $1, $2, '0047', 216, 216, '', $3, 'user:1', now(), max(seq) FROM ledger.journal_entry`, h.ID, uuid.New(), on(19)); err != nil {
		t.Fatal(err)
	}
	v.importFile(bankFile("0.00", bankLine{on(20), "216.00", "-------------------", "凭条 0047", "现金存入"}))
	wantIn(t, "the sheet", v.get(bankPath).Body, "送存的现金，凭条号相同 0047", "到账了", "100904")
	wantAt(t, v.accept("1"), bankPath)
	if left := get[string](t, h, `SELECT (SELECT arrived_seq IS NOT NULL FROM ledger.cash_deposit) || ' ' || (SELECT count(*) FROM reconcile.match_line WHERE live)`); left != "true 1" {
		t.Errorf("arrived and matched: %s", left)
	}
	wantIn(t, "complete", v.post(bankPath+"/paper", v.form(bankPath+"/paper")).Body, "的对账完成了")
}

// What a bank says of people stays at the desk: an entry made for its line goes into the public book without a name.
func TestNobodysNameGetsIntoTheBooks(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	v.importFile(h.november(t))
	wantAt(t, v.accept("5"), bankPath)
	if named := get[int](t, h, `SELECT count(*) FROM ledger.journal_entry WHERE memo || detail LIKE '%李%'`); named != 0 {
		t.Errorf("%d entries name the payer", named)
	}
}

// A payment company's own number stands in its statement and in the gift: that is enough to be sure.
func TestAGiftIsFoundByTheCompanysNumber(t *testing.T) {
	t.Parallel()
	h := open(t)
	c, id, number := h.publish(t, "dinner"), uuid.Must(uuid.NewV7()), "4200000000201712051234567890"
	if _, err := h.Owner.Exec(`INSERT INTO campaigns.donation (community_id, id, campaign_id, amount, currency, method, payee, created_at)
		VALUES ($1, $2, $3, 60, 'CNY', 'sandbox', 'm1', now())`, h.ID, id, c.ID); err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, []campaigns.Payment{{
			Donation: id, Provider: "sandbox", Reference: number, Amount: yuan("60"), Currency: "CNY", Payee: "m1", PaidAt: time.Now(),
		}})
		return err
	})
	v := h.as(t, auth.Treasurer)
	preview := v.upload(reconcilePath+"/statements", "file", bankFile("0.00", bankLine{h.Day(time.Now()), "60.00", "某人", number, "收款"}), v.form(reconcilePath, "account", "100903"))
	wantIn(t, "the sheet", v.post(preview.Path, fields(preview.Body)).Body, "参考号相同 "+number, "一次接受有把握的 1 行")
}
