package statement

import (
	"regexp"
	"strconv"
	"strings"

	"fund/ledger/money"
)

// The merchant's 业务明细 states trades with what the merchant receives,
// 商家实收, before the service fee, which stays in Line.Fee. The sign of a
// refund differs between layouts, so 业务类型 decides. A refund repeats the
// number of its trade; (交易号, 退款批次号) tells rows apart.
// https://opendocs.alipay.com/open/204/106262
func isAlipayTrade(h *header) bool {
	return h.has("业务类型") && h.col("支付宝交易号") >= 0 && h.col("商家实收", "订单金额") >= 0
}

// isAlipayFlow knows the 账务明细: every movement with the balance after it.
func isAlipayFlow(h *header) bool {
	return h.has("账务流水号") && h.col("收入金额", "收入") >= 0 && h.col("支出金额", "支出") >= 0
}

type alipayMerchant struct {
	Statement
	h      *header
	flow   bool
	counts map[string]int
	sums   map[string]money.Amount
}

func openAlipayTrade(h *header, t *table) reader { return openAlipay(h, t, false) }
func openAlipayFlow(h *header, t *table) reader  { return openAlipay(h, t, true) }

func openAlipay(h *header, t *table, flow bool) reader {
	a := &alipayMerchant{
		Statement: Statement{Format: AlipayMerchant, Layout: "trade", Currency: "CNY", Account: accountIn(h.aboveText()), expected: t.rows(h)},
		h:         h, flow: flow, counts: map[string]int{}, sums: map[string]money.Amount{},
	}
	if flow {
		a.Layout = "fund-flow"
	}
	return a
}

func (a *alipayMerchant) row(r record) error {
	if isNote(r.first()) {
		return a.totals(r)
	}
	if err := r.whole(); err != nil {
		return err
	}
	if a.flow {
		return a.movement(r)
	}
	return a.trade(r)
}

func (a *alipayMerchant) trade(r record) error {
	h := a.h
	batch := h.col("退款批次号/请求号", "退款批次号", "退款请求号")
	ids, err := r.ids(h.col("支付宝交易号"), h.col("商户订单号"), batch)
	if err != nil {
		return err
	}
	l := Line{
		Row: r.n, ID: ids[0], Reference: ids[1], Counterparty: r.word(h.col("对方账户", "对方账号")),
		Memo: join(r.word(h.col("商品名称")), r.word(h.col("备注"))),
	}
	if l.Amount, err = r.amount(h.col("商家实收", "订单金额"), pointDot); err != nil {
		return err
	}
	kind := "交易"
	if strings.Contains(r.text(h.col("业务类型")), "退款") {
		kind = "退款"
		l.Amount = l.Amount.Abs().Neg()
		if ids[2] != "" {
			l.ID = ids[0] + "/" + ids[2]
		}
	} else if strings.Contains(r.text(h.col("业务类型")), "交易") {
		l.Amount = l.Amount.Abs()
	}
	if l.Fee, err = r.fee(h.col("服务费")); err != nil {
		return err
	}
	if l.Date, l.Clock, err = r.date(dayFirst, h.cols("完成时间", "创建时间", "交易创建时间")...); err != nil {
		return err
	}
	a.count(kind, l.Amount)
	a.add(l, ids[0], ids[2], kind)
	return nil
}

func (a *alipayMerchant) movement(r record) error {
	h := a.h
	ids, err := r.ids(h.col("账务流水号"), h.col("业务流水号"), h.col("商户订单号"))
	if err != nil {
		return err
	}
	l := Line{
		Row: r.n, ID: ids[0], Reference: ids[2], Counterparty: r.word(h.col("对方账号", "对方账户")),
		Memo: join(r.word(h.col("业务类型")), r.word(h.col("商品名称")), r.word(h.col("业务描述")), r.word(h.col("备注"))),
	}
	in, out, err := r.inOut(h.col("收入金额", "收入"), h.col("支出金额", "支出"), pointDot)
	if err != nil {
		return err
	}
	l.Amount = in.Sub(out.Abs())
	if l.Date, l.Clock, err = r.date(dayFirst, h.cols("发生时间", "入账时间")...); err != nil {
		return err
	}
	if l.Balance, err = r.balance(h.col("账户余额", "余额"), pointDot, &a.Statement); err != nil {
		return err
	}
	if !in.IsZero() {
		a.count("收入", in)
	}
	if !out.IsZero() {
		a.count("支出", out.Abs())
	}
	a.add(l, ids...)
	return nil
}

func (a *alipayMerchant) count(kind string, amount money.Amount) {
	a.counts[kind]++
	a.sums[kind] = a.sums[kind].Add(amount)
}

var alipayTotal = regexp.MustCompile(`(交易|退款|收入|支出)合计[:：]\s*(\d+)\s*笔[，,]\s*(?:商家实收(?:退款)?)?共\s*(-?[\d.,]*\d)\s*元`)

// totals checks a line of the footer.
func (a *alipayMerchant) totals(r record) error {
	m := alipayTotal.FindStringSubmatch(strings.Join(r.cells, ","))
	if m == nil {
		return nil
	}
	claimed, ok := parseAmount(m[3], pointDot)
	if !ok {
		return &Error{Row: r.n, Read: m[3], Text: say("读不懂金额", "cannot read the amount")}
	}
	a.claimCount(r.n, m[1]+"合计", m[2], a.counts[m[1]])
	a.claim(r.n, m[1]+"合计", claimed.Abs(), a.sums[m[1]].Abs())
	return nil
}

func (a *alipayMerchant) close() ([]Statement, error) { return []Statement{a.Statement}, nil }

// inOut reads a pair of columns of which one is filled; zero stands for an
// empty one, but both empty is an error.
func (r record) inOut(inCol, outCol int, p point) (in, out money.Amount, err error) {
	noIn, noOut := blankAmount(r.text(inCol)), blankAmount(r.text(outCol))
	if noIn && noOut {
		column := strconv.Itoa(inCol + 1)
		if inCol >= 0 {
			column = r.h.name(inCol)
		}
		return in, out, &Error{Row: r.n, Column: column, Text: say("这一行没有金额", "the row has no amount")}
	}
	if !noIn {
		if in, err = r.amount(inCol, p); err != nil {
			return in, out, err
		}
	}
	if !noOut {
		out, err = r.amount(outCol, p)
	}
	return in, out, err
}
