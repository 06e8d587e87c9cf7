package desk

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"fund/ledger/reconcile"
	"fund/web/page"
)

// reasons puts into words why lines and items are a pair: the first in bold, the others behind it.
type reasons struct {
	Head string
	Rest []string
	Rule *reconcile.Rule
}

// reasonsOf reads the codes of a suggestion. Several that say one thing become one sentence.
func (w worksheet) reasonsOf(c *fiber.Ctx, f pairing) (r reasons) {
	has := map[string]reconcile.Because{}
	for _, b := range f.Because {
		has[b.Code] = b
	}
	say := func(key string, pairs ...any) {
		text := page.Of(c).T("why."+key, pairs...)
		if r.Head == "" {
			r.Head = text
		} else {
			r.Rest = append(r.Rest, text)
		}
	}
	for _, b := range f.Because {
		w.reason(b, f, has, say)
	}
	if f.Entry != nil {
		r.Rule = f.Entry.Rule
	}
	return r
}

// reason says one of them.
func (w worksheet) reason(b reconcile.Because, f pairing, has map[string]reconcile.Because, say func(key string, pairs ...any)) {
	_, named := has["name"]
	first := w.Sheet.Lines[f.Lines[0]]
	switch b.Code {
	case "amount":
		switch {
		case named && first.Amount.Sign() < 0:
			say("amount_payee")
		case named:
			say("amount_payer")
		default:
			say("amount")
		}
	case "name": // said with the amount
	case "days":
		w.days(b.N, say)
	case "sum":
		if len(f.Lines) > 1 {
			say("sum_lines", "count", len(f.Lines))
		} else {
			say("sum_items", "count", len(f.Items))
		}
	case "payout":
		say("payout", "count", b.N)
		say("payout_sum", "count", b.N, "sum", b.Amount.Format(), "fee", has["fee"].Amount.Format(), "rate", rate(has["fee"].Rate))
	case "fee": // said with the payout
	case "rule":
		say("rule", "words", b.Text)
		say("rule_used", "count", b.N)
	case "words":
		say("words_" + string(f.Entry.Kind))
	case "nothing":
		say("nothing")
		say("nothing_near", "amount", first.Amount.Abs().Format(), "days", reconcile.DefaultOptions.Days)
	case "choices":
		say("choices", "count", b.N)
	default: // reference, gift, gift_other, deposit, deposit_cash
		say(b.Code, "text", b.Text, "amount", b.Amount.Format())
	}
}

func (w worksheet) days(n int, say func(key string, pairs ...any)) {
	if n == 0 {
		say("same_day")
		return
	}
	say("days", "count", n)
}

// rate writes hundredths of a percent: 0.60%.
func rate(hundredths int64) string { return fmt.Sprintf("%d.%02d%%", hundredths/100, hundredths%100) }

// memoOf is what the books say of an entry that a line calls for. Books are kept in Chinese.
func memoOf(f pairing, provider string, in bool) string {
	switch {
	case f.Entry.Rule != nil:
		return f.Entry.Rule.Memo
	case f.Entry.Kind == reconcile.Payout:
		return payoutMemo(provider)
	case f.Entry.Kind == reconcile.BankFee:
		return "银行手续费"
	case f.Entry.Kind == reconcile.Interest:
		return "存款利息"
	case in:
		return "不知道谁汇来的款，先放待查"
	}
	return "不知道付给谁的款，先放待查"
}

func payoutMemo(provider string) string {
	switch provider {
	case "wechat":
		return "微信支付结算到账"
	case "alipay":
		return "支付宝结算到账"
	}
	return "支付平台结算到账"
}
