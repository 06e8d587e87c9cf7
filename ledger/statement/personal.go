package statement

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"fund/ledger/money"
)

// The bills of a person's wallet give unsigned amounts and a column 收/支. What
// the wallet calls neutral (`/`, 中性交易, 不计收支) is no income and no spending:
// withdrawals, savings, closed trades. Such a row stays in the statement with
// amount 0.00 and its printed sum in Gross, so that rows can be counted and the
// treasurer can still see it.

// direction of one row of a wallet bill.
type direction int

const (
	neutral direction = iota
	moneyIn
	moneyOut
)

// direction reads 收/支. An empty cell is neutral in one old layout only.
func (r record) direction(col int, mayBeEmpty bool) (direction, error) {
	switch s := strings.Trim(r.text(col), "/-— "); {
	case s == "收入" || s == "已收入":
		return moneyIn, nil
	case s == "支出" || s == "已支出":
		return moneyOut, nil
	case s == "" && (mayBeEmpty || r.text(col) != "") || strings.HasPrefix(s, "不计") || strings.HasPrefix(s, "中性") || s == "其他" || s == "资金转移":
		return neutral, nil
	}
	return neutral, r.fail(col, "这里应是收入、支出或不计收支", "this is neither 收入 nor 支出 nor 不计收支")
}

// signed gives the row's amount by its direction, and what it prints when that
// is something else.
func (d direction) signed(printed money.Amount) (amount money.Amount, gross *money.Amount) {
	switch d {
	case moneyIn:
		return printed, nil
	case moneyOut:
		return printed.Neg(), nil
	}
	return money.Zero, &printed
}

// unmove takes the money out of a line that turns out to have moved none.
func (l *Line) unmove() {
	if l.Gross == nil {
		gross := l.Amount.Abs()
		l.Gross = &gross
	}
	l.Amount = money.Zero
}

// Wallets print counts and sums above the rows, for what they call income and
// spending.
var (
	walletCount = regexp.MustCompile(`共[:：]?\s*(\d+)\s*笔记录`)
	walletSum   = regexp.MustCompile(`(收入|支出)[:：]\s*(\d+)笔[，,]?\s*([\d.]+)元`)
)

// claims compares what stands above the header with the lines. The wallets
// themselves say that it need not tie: deleted rows are missing.
func (s *Statement) claims(h *header) {
	var count [3]int
	var sum [3]money.Amount
	for i := range s.facts {
		a := money.FromFen(s.facts[i].amount)
		count[1+a.Sign()]++
		sum[1+a.Sign()] = sum[1+a.Sign()].Add(a.Abs())
	}
	for _, r := range h.above {
		text := strings.Join(r.cells, ",")
		if m := walletCount.FindStringSubmatch(text); m != nil {
			s.claimCount(r.n, "", m[1], s.Count)
		}
		for _, m := range walletSum.FindAllStringSubmatch(text, -1) {
			d := 2
			if m[1] == "支出" {
				d = 0
			}
			s.claimCount(r.n, m[1], m[2], count[d])
			if claimed, ok := parseAmount(m[3], pointDot); ok {
				s.claim(r.n, m[1], claimed, sum[d])
			}
		}
	}
}

// isNote tells the remarks under and between the rows of a table from rows
// that hold money: a rule, a remark sign, or a word that starts a summary.
func isNote(first string) bool {
	if strings.Trim(first, "#") == "" {
		return false // a cell too narrow for its day
	}
	first = strings.TrimLeft(first, "*—=")
	return first == "" || strings.HasPrefix(first, "#") || strings.HasPrefix(first, "--") || noteStart.MatchString(first)
}

var noteStart = regexp.MustCompile(`^(合\s*计|总\s*计|小\s*计|本页|共\s*[:：]?\s*\d+\s*[笔条]|说明|注[:：]|注意|备注[:：]|特别提示|温馨提示|以上|导出时间|打印时间|下载时间|已收入|待收入|已支出|待支出|收入合计|支出合计|(人民币|美元|港币|欧元)合计|期末余额|收入[:：]|支出[:：]|第\s*\d+\s*页)`)

func isWeChatPersonal(h *header) bool {
	return h.has("交易时间", "交易类型", "收/支", "金额", "交易单号") && h.col("当前状态", "支付方式") >= 0
}

// refundedLine is a line by its index, and what a refund of it would say.
type refundedLine struct {
	line int
	pair string
}

type weChatPersonal struct {
	Statement
	h *header
	// refunded are lines 已全额退款; back are the refunds.
	refunded []refundedLine
	back     map[string]int
}

func openWeChatPersonal(h *header, t *table) reader {
	return &weChatPersonal{
		Statement: Statement{Format: WeChatPersonal, Layout: "bill", Currency: "CNY", Account: accountIn(h.aboveText()), expected: t.rows(h)},
		h:         h, back: map[string]int{},
	}
}

var serviceFee = regexp.MustCompile(`服务费\s*[¥￥]?\s*(\d[\d,]*(?:\.\d+)?)`)

func (w *weChatPersonal) row(r record) error {
	h := w.h
	if isNote(r.first()) {
		return nil
	}
	if err := r.whole(); err != nil {
		return err
	}
	ids, err := r.ids(h.col("交易单号"), h.col("商户单号"))
	if err != nil {
		return err
	}
	status, kind := r.word(h.col("当前状态")), r.word(h.col("交易类型"))
	remark := r.word(h.col("备注"))
	l := Line{
		Row: r.n, ID: ids[0], Reference: ids[1], Counterparty: r.word(h.col("交易对方")),
		Memo: join(kind, r.word(h.col("商品")), remark),
	}
	if l.Date, l.Clock, err = r.date(dayFirst, h.col("交易时间")); err != nil {
		return err
	}
	printed, err := r.amount(h.col("金额"), pointDot)
	if err != nil {
		return err
	}
	d, err := r.direction(h.col("收/支"), false)
	if err != nil {
		return err
	}
	l.Amount, l.Gross = d.signed(printed)
	if m := serviceFee.FindStringSubmatch(remark); m != nil {
		l.Fee, _ = decimal.NewFromString(strings.ReplaceAll(m[1], ",", ""))
	}
	w.add(l, ids[0], l.Clock)
	switch pair := l.Counterparty + "\x1f" + printed.String(); {
	case d == moneyOut && strings.Contains(status, "已全额退款"):
		w.refunded = append(w.refunded, refundedLine{w.Count - 1, pair})
	case d == moneyIn && (strings.Contains(kind, "退款") || strings.Contains(status, "退款")):
		w.back[pair]++
	}
	return nil
}

// close nets payments 已全额退款 to nothing: with their refund where the file
// holds it as a row of its own, else by taking the money out of the payment.
func (w *weChatPersonal) close() ([]Statement, error) {
	w.claims(w.h)
	for _, r := range w.refunded {
		if w.back[r.pair] > 0 {
			w.back[r.pair]--
			continue
		}
		f := &w.facts[r.line]
		f.unmove()
		w.warn(int(f.row), "当前状态", "这笔 %s 已全额退款，而退款不在本文件里，按 0.00 记", "%s was refunded in full, the refund is not in this file: counted as 0.00", money.FromFen(f.gross))
	}
	return []Statement{w.Statement}, nil
}

// Alipay's bills for persons changed twice: 16 columns with 资金状态, 11 that
// start with 收/支, 12 since 2022. One reader takes them by name.
func isAlipayPersonal(h *header) bool {
	return h.has("收/支", "金额", "交易对方", "交易状态") && h.col("交易订单号", "交易号", "订单号") >= 0 &&
		h.col("交易时间", "交易创建时间", "付款时间") >= 0
}

// closedTrade is a line by its index, and its trade's number.
type closedTrade struct {
	line int
	id   string
}

type alipayPersonal struct {
	Statement
	h *header
	// closed are trades that fell through; back are refunds by the
	// number of the trade they refund.
	closed []closedTrade
	back   map[string]int
}

func openAlipayPersonal(h *header, t *table) reader {
	return &alipayPersonal{
		Statement: Statement{Format: AlipayPersonal, Layout: "bill", Currency: "CNY", Account: accountIn(h.aboveText()), expected: t.rows(h)},
		h:         h, back: map[string]int{},
	}
}

var fellThrough = regexp.MustCompile(`关闭|等待付款|等待买家付款|待付款|待支付|未付款|未支付|失败|已取消`)

func (a *alipayPersonal) row(r record) error {
	h := a.h
	if isNote(r.first()) {
		return nil
	}
	if err := r.whole(); err != nil {
		return err
	}
	ids, err := r.ids(h.col("交易订单号", "交易号", "订单号"), h.col("商家订单号", "商户订单号"))
	if err != nil {
		return err
	}
	status := r.word(h.col("交易状态"))
	l := Line{
		Row: r.n, ID: ids[0], Reference: ids[1], Counterparty: r.word(h.col("交易对方")),
		Memo: join(r.word(h.col("交易分类", "类型")), r.word(h.col("商品说明", "商品名称")), r.word(h.col("备注"))),
	}
	if l.Date, l.Clock, err = r.date(dayFirst, h.cols("付款时间", "交易时间", "交易创建时间")...); err != nil {
		return err
	}
	printed, err := r.amount(h.col("金额"), pointDot)
	if err != nil {
		return err
	}
	d, err := r.direction(h.col("收/支"), h.has("资金状态"))
	if err != nil {
		return err
	}
	if fee := h.col("服务费"); fee >= 0 {
		if l.Fee, err = r.fee(fee); err != nil {
			return err
		}
	}
	l.Amount, l.Gross = d.signed(printed)
	a.add(l, ids[0], l.Clock)
	moved := r.word(h.col("资金状态"))
	switch {
	case d != neutral && fellThrough.MatchString(status) && moved != "已支出" && moved != "已收入":
		a.closed = append(a.closed, closedTrade{a.Count - 1, ids[0]})
	case d == neutral && strings.Contains(status, "退款"):
		trade, _, _ := strings.Cut(ids[0], "_")
		a.back[trade] = a.Count
	}
	return nil
}

// close takes the money out of trades that fell through. A trade that was paid
// and then refunded reads 交易关闭 too: its refund is in the file, and Alipay
// counts the payment among the spending and the refund as 不计收支. The sums
// stay Alipay's own, and a warning says where the two rows stand.
func (a *alipayPersonal) close() ([]Statement, error) {
	for _, c := range a.closed {
		f, back := &a.facts[c.line], a.back[c.id]
		if c.id == "" || back == 0 {
			f.unmove()
			continue
		}
		refund := &a.facts[back-1]
		a.warn(int(f.row), "交易状态", "这笔 %s 已由第 %d 行退款 %s，支付宝把退款记为不计收支：入账时请把两行一起看",
			"%s was refunded in row %d by %s, which Alipay counts as neutral: look at both rows together", money.FromFen(f.amount).Abs(), refund.row, money.FromFen(refund.gross))
	}
	a.claims(a.h)
	return []Statement{a.Statement}, nil
}

// accountIn finds the account in the text above a table.
func accountIn(above string) string {
	m := accountLabel.FindStringSubmatch(above)
	if m == nil {
		return ""
	}
	return strings.Join(strings.Fields(m[1]), " ")
}

var accountLabel = regexp.MustCompile(`(?:支付宝账户|账户账号|商户账号|京东账号名|微信昵称|账户号码|[账帐]\s*号|卡\s*号|Account(?: [Nn]umber)?|Numéro de compte|IBAN)\s*[:：]?\s*\t?\s*\[?[ ]*([^\]\t\n",，]+)`)
