package sample_test

import (
	"strings"

	"fund/ledger/money"
	"fund/web/pdf"
)

// The rows of the statements by the accounts that they add up (民间非营利组织会计制度 2026), written down once more: the report's
// own layout is not asked.
var (
	activityRows = map[string][]string{
		"捐赠收入": {"4101"}, "会费收入": {"4201"}, "提供服务收入": {"4301"}, "政府补助收入": {"4401"}, "商品销售收入": {"4501"}, "总部拨款收入": {"4701"}, "投资收益": {"4601"}, "其他收入": {"4901"}, "收入合计": {"4"},
		"业务活动成本": {"5101", "5201"}, "其中：税金及附加": {"5201"}, "管理费用": {"5301"}, "筹资费用": {"5401"}, "资产减值损失": {"5501"}, "所得税费用": {"5601"}, "其他费用": {"5901"}, "费用合计": {"5"},
	}
	balanceRows = map[string][]string{
		"货币资金": {"10"}, "短期投资": {"1101", "1102"}, "应收款项": {"1111", "1121", "1122", "1131"}, "预付账款": {"1141"}, "存货": {"1201", "1202"}, "固定资产原价": {"1501"}, "减：累计折旧": {"1502"},
		"受托代理资产": {"1801"}, "资产总计": {"1"},
	}
	debtRows = map[string][]string{
		"应付款项": {"2201", "2202", "2209"}, "应付职工薪酬": {"2204"}, "应交税金": {"2206"}, "预收账款": {"2203"}, "受托代理负债（不成则退代收款）": {"2601"}, "负债合计": {"2"},
	}
	cashIn = map[string][]string{
		"接受捐赠收到的现金": {"4101"}, "收取会费收到的现金": {"4201"}, "提供服务收到的现金": {"4301"}, "销售商品收到的现金": {"4501"}, "政府补助收到的现金": {"4401"},
	}
)

func (x *exported) activity(doc pdf.AnnualDoc) {
	released := x.year("held", "5").Neg() // what restricted funds spent
	for _, r := range doc.Activities {
		accounts, known := activityRows[r.Name]
		if known && strings.HasPrefix(accounts[0], "5") { // all expense stands as unrestricted
			x.same(r.Name, r.Free, x.year("", accounts...).Neg())
			x.same(r.Name+", restricted", r.Held, money.Zero)
			x.same(r.Name+", both", r.Total, x.year("", accounts...).Neg())
			continue
		}
		switch {
		case known:
			x.same(r.Name, r.Free, x.year("free", accounts...))
			x.same(r.Name+", restricted", r.Held, x.year("held", accounts...))
			x.same(r.Name+", both", r.Total, x.year("", accounts...))
		case strings.Contains(r.Name, "净资产变动额"):
			x.same(r.Name, r.Free, x.year("free", "3", "4", "5").Add(released).Sub(released))
			x.same(r.Name+", restricted", r.Held, x.year("held", "3", "4", "5"))
			x.same(r.Name+", both", r.Total, x.year("", "3", "4", "5"))
		case strings.Contains(r.Name, "限定性净资产转为非限定性"):
			moved := x.year("held", "3") // negative: it went to unrestricted funds
			x.same(r.Name, r.Free, released.Sub(money.Min(money.Zero, moved)))
			x.same(r.Name+", both", r.Total, money.Zero)
		case r.Head, r.Free.IsZero() && r.Held.IsZero() && r.Total.IsZero():
		default:
			x.t.Errorf("nobody knows how to add up the row %s again", r.Name)
		}
	}
	for _, k := range doc.Costs {
		x.same("cost "+k.Name, k.Amount, x.year("", activityRows[k.Name]...).Neg())
	}
}

func (x *exported) balance(doc pdf.AnnualDoc) {
	for _, r := range doc.Balance {
		both := func(opening, closing money.Amount) {
			x.same(r.Name+" at first", r.Opening, opening)
			x.same(r.Name+" at the end", r.Closing, closing)
		}
		if accounts, known := balanceRows[r.Name]; known {
			both(x.stand(lastDay16, "", accounts...), x.stand(lastDay17, "", accounts...))
			continue
		}
		if accounts, known := debtRows[r.Name]; known {
			both(x.stand(lastDay16, "", accounts...).Neg(), x.stand(lastDay17, "", accounts...).Neg())
			continue
		}
		net := func(nature string) (opening, closing money.Amount) {
			return x.stand(lastDay16, nature, "1", "2"), x.stand(lastDay17, nature, "1", "2")
		}
		switch r.Name {
		case "非限定性净资产":
			both(net("free"))
		case "限定性净资产":
			both(net("held"))
		case "净资产合计":
			both(net(""))
		case "负债和净资产总计":
			both(x.stand(lastDay16, "", "1"), x.stand(lastDay17, "", "1"))
		case "其中：本期变动":
			opening, closing := net("free")
			freed := closing.Sub(opening)
			if !r.Closing.Equal(freed) {
				opening, closing = net("held")
			}
			x.same(r.Name, r.Closing, closing.Sub(opening))
		default:
			if !r.Head && !(r.Opening.IsZero() && r.Closing.IsZero()) {
				x.t.Errorf("nobody knows how to add up the row %s again", r.Name)
			}
		}
	}
}

// cash adds up, entry by entry and fund by fund, what stood beside the money that moved.
func (x *exported) cash(doc pdf.AnnualDoc) {
	moved := map[[2]string]bool{} // entry and fund with money in them
	for _, l := range x.lines {
		if l.in17() && l.is("10") {
			moved[[2]string{l.entry, l.fund}] = true
		}
	}
	beside := func(prefixes ...string) money.Amount {
		return x.credit(func(l exportLine) bool { return moved[[2]string{l.entry, l.fund}] && !l.is("10") && l.is(prefixes...) })
	}
	in, out := beside("4"), beside("5").Neg()
	other := beside("1", "2", "3")
	for _, r := range doc.CashFlow {
		if accounts, known := cashIn[r.Name]; known {
			x.same(r.Name, r.Amount, beside(accounts...))
			continue
		}
		switch r.Name {
		case "购买商品、接受服务支付的现金":
			x.same(r.Name, r.Amount, beside("5101", "1141", "12", "2201", "2202").Neg())
		case "支付的其他与业务活动有关的现金":
			x.same(r.Name, r.Amount, beside("5201", "5301", "5401", "5501", "5601", "5901").Neg())
		case "现金流入小计":
			x.same(r.Name, r.Amount, in)
		case "现金流出小计":
			x.same(r.Name, r.Amount, out)
		case "业务活动产生的现金流量净额", "五、现金净增加额", "现金净增加额":
			x.same(r.Name, r.Amount, in.Sub(out).Add(other))
		default:
			if !r.Head && !r.Amount.IsZero() {
				x.same(r.Name, r.Amount, x.stand(lastDay17, "", "10").Sub(x.stand(lastDay16, "", "10")))
			}
		}
	}
}

// journal compares every entry and every correction.
func (x *exported) journal(doc pdf.AnnualDoc) {
	type sums struct {
		in, out money.Amount
		date    string
	}
	of, undone := map[string]sums{}, 0
	last := ""
	for _, l := range x.lines {
		if !strings.HasPrefix(l.date, "2017-") {
			continue
		}
		s := of[l.voucher]
		s.date = l.date
		if l.is("4") {
			s.in = s.in.Sub(l.amount)
		}
		if l.is("5") {
			s.out = s.out.Add(l.amount)
		}
		if l.reverses && l.entry != last {
			undone++
		}
		of[l.voucher], last = s, l.entry
	}
	if len(doc.Entries) != len(of) || len(doc.Reversals) != undone {
		x.t.Errorf("%d entries and %d corrections in the report, %d and %d in the export", len(doc.Entries), len(doc.Reversals), len(of), undone)
	}
	for _, e := range doc.Entries {
		s, known := of[e.Number]
		if !known || s.date != e.Date.Format("2006-01-02") {
			x.t.Errorf("entry %s of %s is not in the export", e.Number, e.Date.Format("2006-01-02"))
		}
		x.same("entry "+e.Number+" in", e.In, s.in)
		x.same("entry "+e.Number+" out", e.Out, s.out)
	}
	for _, r := range doc.Reversals {
		s := of[r.Number]
		x.same("correction "+r.Number, r.Amount, money.Sum(s.in, s.out))
	}
}
