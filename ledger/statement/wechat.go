package statement

import (
	"strings"

	"github.com/shopspring/decimal"

	"fund/ledger/money"
)

// A trade bill states gross trades: a payment is 应结订单金额 (the old layout
// calls it 总金额), a refund is a row of its own with −退款金额 and is known by
// its 微信退款单号. The fee stays in Line.Fee: WeChat deducts it at settlement
// and lists it with five decimals, so that single fees are no sums of cents.
// https://pay.weixin.qq.com/doc/v3/merchant/4013071229
func isWeChatTrade(h *header) bool {
	return h.has("微信订单号", "商户订单号", "交易时间") && h.col("应结订单金额", "总金额", "订单金额") >= 0
}

type weChatTrade struct {
	Statement
	time, refundTime, refundAsked, trade, order, refundID, refundOrder int
	amount, refund, status, refundStatus, currency, fee, goods, user   int
	merchant, sub                                                      int

	totalNames *header // the row of names over the totals
	sums       map[string]money.Amount
	fees       decimal.Decimal
}

func openWeChatTrade(h *header, t *table) reader {
	return &weChatTrade{
		Statement: Statement{Format: WeChatMerchant, Layout: "trade", Currency: "CNY", expected: t.rows(h)},
		time:      h.col("交易时间"), refundTime: h.col("退款成功时间"), refundAsked: h.col("退款申请时间"),
		trade: h.col("微信订单号"), order: h.col("商户订单号"),
		refundID: h.col("微信退款单号"), refundOrder: h.col("商户退款单号"), amount: h.col("应结订单金额", "总金额", "订单金额"),
		refund: h.col("退款金额"), status: h.col("交易状态"), refundStatus: h.col("退款状态"), currency: h.col("货币种类"),
		fee: h.col("手续费"), goods: h.col("商品名称"), user: h.col("用户标识"), merchant: h.col("商户号"), sub: h.col("特约商户号", "子商户号"),
		sums: map[string]money.Amount{},
	}
}

func (w *weChatTrade) row(r record) error {
	switch {
	case strings.HasPrefix(fold(r.first()), "总交易"):
		w.totalNames = newHeader(r.row)
		return nil
	case w.totalNames != nil:
		return w.totals(record{h: w.totalNames, t: r.t, row: r.row})
	}
	if err := r.whole(); err != nil {
		return err
	}
	ids, err := r.ids(w.trade, w.order, w.refundID, w.refundOrder)
	if err != nil {
		return err
	}
	l := Line{Row: r.n, ID: ids[0], Reference: ids[1], Counterparty: r.word(w.user), Memo: r.word(w.goods), Currency: currencyOf(r.word(w.currency))}
	paid, err := r.amount(w.amount, pointDot)
	if err != nil {
		return err
	}
	refund := money.Zero
	if w.refund >= 0 {
		if refund, err = r.amount(w.refund, pointDot); err != nil {
			return err
		}
	}
	if w.fee >= 0 {
		if l.Fee, err = r.fee(w.fee); err != nil {
			return err
		}
	}
	dates := []int{w.time}
	l.Amount = paid
	refundID := strings.Trim(ids[2], "0")
	if status := r.word(w.status); status == "REFUND" || status == "REVOKED" || refundID != "" || !refund.IsZero() {
		l.Amount = refund.Abs().Neg()
		dates = []int{w.refundTime, w.refundAsked, w.time}
		if refundID != "" {
			l.ID, refundID = ids[2], ids[2]
		}
		if s := r.word(w.refundStatus); s == "FAIL" || s == "CLOSED" {
			gross := refund.Abs()
			l.Amount, l.Gross = money.Zero, &gross
		}
	}
	if l.Date, l.Clock, err = r.date(dayFirst, dates...); err != nil {
		return err
	}
	if w.Account == "" {
		w.Account = r.word(w.merchant)
		if sub := strings.Trim(r.word(w.sub), "0"); sub != "" {
			w.Account = r.word(w.sub)
		}
	}
	w.sums["应结订单总金额"] = w.sums["应结订单总金额"].Add(paid)
	w.sums["退款总金额"] = w.sums["退款总金额"].Add(refund)
	w.fees = w.fees.Add(l.Fee)
	w.add(l, ids[0], refundID)
	return nil
}

// fee reads a fee with all its decimals.
func (r record) fee(col int) (decimal.Decimal, error) {
	s := strings.ReplaceAll(r.word(col), ",", "")
	if s == "" {
		return decimal.Zero, nil
	}
	if !floatNumber.MatchString(s) || len(s) > 40 {
		return decimal.Zero, r.fail(col, "读不懂手续费", "cannot read the fee")
	}
	return decimal.NewFromString(s)
}

// totals checks the last row. A column that the sums do not know is skipped.
func (w *weChatTrade) totals(r record) error {
	for col, name := range r.h.folded {
		switch name {
		case "总交易单数":
			w.claimCount(r.n, name, r.text(col), w.Count)
		case "应结订单总金额", "总交易额", "退款总金额", "总退款金额":
			claimed, err := r.amount(col, pointDot)
			if err != nil {
				return err
			}
			key := "应结订单总金额"
			if strings.Contains(name, "退款") {
				key = "退款总金额"
			}
			w.claim(r.n, name, claimed, w.sums[key])
		case "手续费总金额":
			claimed, err := r.fee(col)
			if err != nil {
				return err
			}
			if !claimed.Round(2).Equal(w.fees.Round(2)) {
				w.warn(r.n, name, "文件写着 %s，各行合计是 %s", "the file says %s, its lines add up to %s", claimed, w.fees)
			}
		}
	}
	w.sums = nil
	return nil
}

func (w *weChatTrade) close() ([]Statement, error) {
	if w.sums != nil {
		w.warn(0, "", "文件末尾没有汇总行，可能不完整", "the totals at the end are missing, the file may be cut off")
	}
	return []Statement{w.Statement}, nil
}

// A fund-flow bill states every movement of the merchant's account with the
// balance after it; fees and withdrawals are rows of their own.
func isWeChatFlow(h *header) bool {
	return h.has("资金流水单号", "收支类型", "收支金额")
}

type weChatFlow struct {
	Statement
	totalNames *header
	counts     [2]int
	sums       [2]money.Amount
}

func openWeChatFlow(h *header, t *table) reader {
	return &weChatFlow{Statement: Statement{Format: WeChatMerchant, Layout: "fund-flow", Currency: "CNY", expected: t.rows(h)}}
}

func (w *weChatFlow) row(r record) error {
	h := r.h
	switch {
	case strings.HasPrefix(fold(r.first()), "资金流水总笔数"):
		w.totalNames = newHeader(r.row)
		return nil
	case w.totalNames != nil:
		return w.totals(record{h: w.totalNames, t: r.t, row: r.row})
	}
	if err := r.whole(); err != nil {
		return err
	}
	ids, err := r.ids(h.col("资金流水单号"), h.col("微信支付业务单号"), h.col("业务凭证号"))
	if err != nil {
		return err
	}
	l := Line{Row: r.n, ID: ids[0], Reference: ids[1], Memo: join(r.word(h.col("业务名称")), r.word(h.col("备注")))}
	if l.Amount, err = r.amount(h.col("收支金额"), pointDot); err != nil {
		return err
	}
	in := 0
	switch r.text(h.col("收支类型")) {
	case "收入":
		l.Amount = l.Amount.Abs()
	case "支出":
		l.Amount, in = l.Amount.Abs().Neg(), 1
	default:
		return r.fail(h.col("收支类型"), "这里应是收入或支出", "this is neither 收入 nor 支出")
	}
	if l.Date, l.Clock, err = r.date(dayFirst, h.col("记账时间")); err != nil {
		return err
	}
	if l.Balance, err = r.balance(h.col("账户结余"), pointDot, &w.Statement); err != nil {
		return err
	}
	w.counts[in]++
	w.sums[in] = w.sums[in].Add(l.Amount.Abs())
	w.add(l, ids[0], ids[1], r.word(h.col("业务类型")))
	return nil
}

func (w *weChatFlow) totals(r record) error {
	for col, name := range r.h.folded {
		in := boolInt(strings.HasPrefix(name, "支出"))
		switch {
		case name == "资金流水总笔数":
			w.claimCount(r.n, name, r.text(col), w.Count)
		case strings.HasSuffix(name, "笔数"):
			w.claimCount(r.n, name, r.text(col), w.counts[in])
		case strings.HasSuffix(name, "金额"):
			claimed, err := r.amount(col, pointDot)
			if err != nil {
				return err
			}
			w.claim(r.n, name, claimed, w.sums[in])
		}
	}
	return nil
}

func (w *weChatFlow) close() ([]Statement, error) {
	if w.totalNames == nil {
		w.warn(0, "", "文件末尾没有汇总行，可能不完整", "the totals at the end are missing, the file may be cut off")
	}
	return []Statement{w.Statement}, nil
}

// balance reads a running balance: nil when the cell is empty, or when somebody
// blackened it, which is worth one warning.
func (r record) balance(col int, p point, s *Statement) (*money.Amount, error) {
	text := r.text(col)
	switch {
	case blankAmount(text):
		return nil, nil
	case masked.MatchString(text):
		for _, w := range s.Warnings {
			if w.Text == maskedText {
				return nil, nil
			}
		}
		s.Warnings = append(s.Warnings, Warning{r.n, r.h.name(col), maskedText})
		return nil, nil
	}
	a, err := r.amount(col, p)
	return &a, err
}

var maskedText = say("余额被涂掉了，无法核对", "the balances are blackened and cannot be checked")

// join puts the parts of a memo together, each once.
func join(parts ...string) string {
	var kept []string
	for _, p := range parts {
		p = strings.Join(strings.Fields(p), " ")
		known := false
		for _, k := range kept {
			known = known || k == p
		}
		if p != "" && !known {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}
