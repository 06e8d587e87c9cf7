package reconcile_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"fund/ledger/money"
	"fund/ledger/reconcile"
)

// year is a made-up year of a busy community: what the bank says, what the
// books say, and which is which. Nothing of the code under test made it.
type year struct {
	*rand.Rand
	lines []reconcile.Line
	items []reconcile.Item
	truth map[int64][]int64 // line's ID → Seq of its items; nil where the books lack it
}

var (
	surnames = strings.Fields("王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹")
	given    = strings.Fields("秀英 桂兰 建国 建军 玉兰 淑珍 志强 丽华 国庆 海燕 春梅 晓东 文博 雪梅 永福 德明 素芬 凤英 家豪 子涵")
	shops    = strings.Fields("红旗连锁超市 安公社区食堂 蜀光五金商行 锦江印务中心 百联文具批发 芙蓉桶装水站 川西物流 青羊电器维修 金牛花木园艺 天府保洁服务 玉林粮油店 新都家具厂")
	causes   = strings.Fields("除夕暖心饭 冬至饺子宴 重阳聚餐 图书角换新书 独居老人探访 社区花园 夏令营 助残坡道")
)

// newYear makes about n lines and about n items.
func newYear(seed uint64, n int) *year {
	y := &year{Rand: rand.New(rand.NewPCG(seed, 7)), truth: map[int64][]int64{}}
	first := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	days := 365
	for d := range days {
		day := first.AddDate(0, 0, d)
		for range n * 55 / 100 / days {
			y.transfer(day)
		}
		for range n * 30 / 100 / days {
			y.purchase(day)
		}
		y.payout(day, max(1, n*12/100/days))
		for range max(1, n/100/days) {
			y.deposit(day)
		}
		if d%3 == 0 {
			y.halves(day)
		}
		for range max(1, n*4/100/days) {
			y.unbooked(day)
		}
		if d%7 == 0 {
			y.weekly(day)
		}
		if d%20 == 0 {
			y.item(day, -int64(10000+y.IntN(90000)), "payment", "志愿者保险", "转账已发出") // still on its way
		}
	}
	y.Shuffle(len(y.items), func(i, j int) { y.items[i], y.items[j] = y.items[j], y.items[i] })
	slices.SortStableFunc(y.lines, func(a, b reconcile.Line) int { return a.Day.Compare(b.Day) })
	return y
}

func (y *year) line(day time.Time, fen int64, who, memo string, truth ...int64) {
	id := int64(len(y.lines) + 1)
	y.lines = append(y.lines, reconcile.Line{ID: id, Day: day, Amount: money.FromFen(fen), Number: fmt.Sprintf("BK%010d", y.Uint32()), Counterparty: who, Memo: memo})
	y.truth[id] = truth
}

func (y *year) item(day time.Time, fen int64, kind, memo, detail string, references ...string) int64 {
	seq := int64(len(y.items) + 1)
	y.items = append(y.items, reconcile.Item{
		Seq: seq, Posting: 1, Day: day, Amount: money.FromFen(fen), Kind: kind, Source: fmt.Sprintf("%s:%d", kind, seq), Memo: memo, Detail: detail, References: references,
	})
	return seq
}

func (y *year) who() string            { return surnames[y.IntN(len(surnames))] + given[y.IntN(len(given))] }
func (y *year) one(of []string) string { return of[y.IntN(len(of))] }

// transfer is a gift by bank transfer: most givers type the reference, some
// only say what for, and a few say nothing.
func (y *year) transfer(day time.Time) {
	fen := []int64{5000, 10000, 20000, 50000, 10000, 30000, 100000}[y.IntN(7)]
	if y.IntN(3) == 0 {
		fen = int64(1000 + y.IntN(99000))
	}
	who, ref := y.who(), fmt.Sprintf("AG%c%d-%03d", 'A'+rune(y.IntN(26)), 1000+y.IntN(9000), y.IntN(1000))
	arrived := day.AddDate(0, 0, y.IntN(3))
	cause := y.one(causes)
	seq := y.item(day, fen, "donation", "捐赠 · "+cause, who, ref)
	memo := ref + " " + cause
	switch k := y.IntN(20); {
	case k < 2:
		memo = cause
	case k < 3:
		memo, who = "", string([]rune(who)[0])+"**"
	}
	y.line(arrived, fen, who, memo, seq)
}

// purchase is a payment to a shop: no number, but a name and an amount.
func (y *year) purchase(day time.Time) {
	fen := -int64(500 + y.IntN(300000))
	shop := y.one(shops)
	seq := y.item(day, fen, "payment", "付 "+shop, y.one(causes))
	name := shop
	if y.IntN(8) == 0 {
		name = "成都市" + shop + "有限公司"
	}
	y.line(day.AddDate(0, 0, y.IntN(4)), fen, name, "货款", seq)
}

// payout is what a wallet pays the next day for a day's gifts, less 0.6 %.
func (y *year) payout(day time.Time, gifts int) {
	var total int64
	var seqs []int64
	for range gifts {
		fen := int64(100 + y.IntN(20000))
		seq := y.item(day, fen, "donation", "捐赠", "微信 · 匿名")
		y.items[len(y.items)-1].Clearing = "wechat"
		total, seqs = total+fen, append(seqs, seq)
	}
	y.line(day.AddDate(0, 0, 1+y.IntN(2)), total-(total*60+5000)/10000, "财付通支付科技有限公司", "商户结算", seqs...)
}

// deposit is the cash of several evenings, carried to the bank in one go.
func (y *year) deposit(day time.Time) {
	var total int64
	var seqs []int64
	for i := range 2 + y.IntN(3) {
		fen := int64(20000+y.IntN(80000)) / 10 * 10
		total += fen
		seqs = append(seqs, y.item(day.AddDate(0, 0, -i), fen, "cash_deposit", y.one([]string{"茶坊现金", "报刊亭现金", "图书角现金"}), fmt.Sprintf("存款单 %06d", day.YearDay()*100)))
	}
	memo := "现金存入"
	if y.IntN(2) == 0 {
		memo += fmt.Sprintf(" %06d", day.YearDay()*100)
	}
	y.line(day.AddDate(0, 0, y.IntN(2)), total, "", memo, seqs...)
}

// halves is one payment that went out in two.
func (y *year) halves(day time.Time) {
	whole := -int64(200000 + y.IntN(800000))
	shop := y.one(shops)
	seq := y.item(day, whole, "payment", "付 "+shop, "工程款")
	part := whole * int64(30+y.IntN(40)) / 100
	y.line(day, part, shop, "工程款 1/2", seq)
	y.line(day.AddDate(0, 0, 1), whole-part, shop, "工程款 2/2", seq)
}

// weekly is the water bill: the same amount to the same shop every week, which
// one side forgets now and then.
func (y *year) weekly(day time.Time) {
	const fen = -12000
	var seqs []int64
	if y.IntN(4) > 0 {
		seqs = append(seqs, y.item(day, fen, "payment", "付 芙蓉桶装水站", "送水"))
	}
	if y.IntN(4) > 0 {
		y.line(day.AddDate(0, 0, y.IntN(3)), fen, "芙蓉桶装水站", "送水", seqs...)
	}
	if y.IntN(4) == 0 && len(y.lines) > 9 { // somebody sends the same gift again
		again := y.lines[len(y.lines)-1-y.IntN(8)]
		y.line(again.Day.AddDate(0, 0, 1), again.Amount.Fen(), again.Counterparty, again.Memo)
	}
}

// unbooked is what the books do not have: charges, interest, strangers, and
// now and then a stranger's gift of an amount that somebody else's has.
func (y *year) unbooked(day time.Time) {
	switch y.IntN(4) {
	case 0:
		y.line(day, -int64(100+y.IntN(900)), "", "短信服务费")
	case 1:
		y.line(day, int64(1+y.IntN(9000)), "", "结息")
	case 2:
		y.line(day, []int64{5000, 10000, 20000}[y.IntN(3)], y.who(), "")
	default:
		y.line(day, int64(1000+y.IntN(99000)), y.who(), "捐款")
	}
}
