package reconcile

import (
	"slices"
	"strings"

	"fund/ledger/money"
)

// paidBy are the words by which a bank line names who paid out.
var paidBy = map[string][]string{
	"wechat":  {"财付通", "微信", "TENPAY", "WECHAT", "WEIXIN"},
	"alipay":  {"支付宝", "ALIPAY"},
	"sandbox": {"沙盒", "SANDBOX"},
}

// byPayout matches a provider's payout with the gifts in it: those of one or
// several days that end before it, which are worth the line and a fee of at
// most FeeMax. The fewest days win, and among them the smallest fee.
func (t *table) byPayout() {
	waiting := map[string][]int{}
	for i, it := range t.items {
		if !it.taken && it.clearing != "" {
			waiting[it.clearing] = append(waiting[it.clearing], i)
		}
	}
	for provider, items := range waiting {
		slices.SortStableFunc(items, func(a, b int) int { return t.items[a].day - t.items[b].day })
		for i, l := range t.lines {
			if !l.taken && l.fen > 0 && names(l.text, paidBy[provider]) {
				t.payout(i, items)
			}
		}
	}
}

func names(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// payout tries the runs of whole days that end within PayoutDays before the line.
func (t *table) payout(line int, items []int) {
	l := t.lines[line]
	first, _ := slices.BinarySearchFunc(items, l.day-2*t.PayoutDays, func(i, day int) int { return t.items[i].day - day })
	items = items[first:]
	type found struct {
		items []int
		days  int
		fee   int64
	}
	var best *found
	for start := range items {
		if start > 0 && t.items[items[start]].day == t.items[items[start-1]].day {
			continue
		}
		var total int64
		var in []int
		for n, i := range items[start:] {
			it := t.items[i]
			if it.day > l.day || it.day-t.items[items[start]].day >= t.PayoutDays {
				break
			}
			if !it.taken {
				total, in = total+it.fen, append(in, i)
			}
			whole := start+n+1 == len(items) || t.items[items[start+n+1]].day != it.day
			fee := total - l.fen
			if !whole || len(in) == 0 || l.day-it.day > t.PayoutDays || fee < 0 || fee*10000 > total*int64(t.FeeMax) {
				continue
			}
			this := found{slices.Clone(in), it.day - t.items[items[start]].day, fee}
			if best == nil || this.days < best.days || this.days == best.days && this.fee < best.fee {
				best = &this
			}
		}
	}
	if best == nil {
		return
	}
	fee := money.FromFen(best.fee)
	t.add(Suggestion{
		Lines: []int{line}, Items: best.items, Entry: &Draft{Kind: Payout, Amount: money.FromFen(l.fen), Fee: fee},
		Because: []Because{
			{Code: "payout", N: len(best.items), Amount: money.FromFen(l.fen + best.fee)},
			{Code: "fee", Amount: fee, Rate: best.fee * 10000 / (l.fen + best.fee)},
			{Code: "days", N: l.day - t.items[best.items[len(best.items)-1]].day},
		},
	})
}
