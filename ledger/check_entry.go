package ledger

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/money"
)

// changed is an entry that is not the one its leaf was made of.
type changed struct {
	entry JournalEntry
	lines []Line
	leaf  tlog.Hash
}

// changedMax bounds how many changed entries are looked into closer.
const changedMax = 64

// entry checks one entry with its postings and its leaf.
func (k *check) entry(e JournalEntry, checked []checkedLine, leaf []byte) {
	jumped := e.Seq > k.seq+1
	if jumped {
		k.missing = append(k.missing, gap{k.seq + 1, e.Seq - 1})
	}
	k.seq = e.Seq
	k.numberJump(e.Year, e.Number)
	k.number[e.Year] = max(k.number[e.Year], e.Number)
	k.count[e.Year]++
	k.months[monthText(e.Date)]++

	faults := len(k.found.bySeq)
	lines := k.postings(e, checked)
	k.totals(e, lines, jumped)
	at := func(code FindingCode, zh, en string) { k.found.at(e.Seq, e.Voucher(), code, zh, en) }
	if year := e.Date.Year(); year != e.Year {
		at(EntryDates, fmt.Sprintf("凭证号属于 %d 年，记账日期在 %d 年", e.Year, year), fmt.Sprintf("its number is of %d and its date in %d", e.Year, year))
	}
	if closed, ok := k.closed[monthText(e.Date)]; ok && e.PostedAt.After(closed) && e.Kind != yearEnd {
		at(EntryClosedMonth, "在 "+monthText(e.Date)+" 结账之后才记入该月", "it was posted into "+monthText(e.Date)+" after that month was closed")
	}
	switch {
	case leaf == nil:
		at(EntryUnlogged, "账目日志中没有它的记录", "the log has no leaf for it")
	case tlog.Hash(leaf) != leafHash(k.community.Slug, e, lines):
		if len(k.changed) < changedMax {
			k.changed = append(k.changed, changed{e, lines, tlog.Hash(leaf)})
		} else {
			at(EntryChanged, changedZH, changedEN)
		}
		k.touched(e, lines)
	}
	if len(k.found.bySeq) > faults {
		k.touched(e, lines)
	}
}

const (
	changedZH = "与账目日志中的记录不一致，过账之后被改动过"
	changedEN = "it is not the entry that was logged: it was changed after posting"
)

// postings checks that they are complete, of the entry's date, and sum to zero.
func (k *check) postings(e JournalEntry, checked []checkedLine) []Line {
	at := func(code FindingCode, zh, en string) { k.found.at(e.Seq, e.Voucher(), code, zh, en) }
	complete, dated := len(checked) == e.Count && e.Count >= 2, true
	rest := map[int]money.Amount{}
	lines := make([]Line, len(checked))
	for i, l := range checked {
		lines[i] = l.Line
		complete = complete && l.Line.Line == i+1 && l.Count == e.Count
		dated = dated && l.Date.Equal(e.Date)
		rest[l.FundID] = rest[l.FundID].Add(l.Amount)
		if l.AccountCode == "" || l.FundCode == "" {
			at(EntryChanged, "有分录记在不存在的科目或资金上", "a posting names an account or fund that does not exist")
		}
	}
	if !complete {
		at(EntryIncomplete, fmt.Sprintf("应有 %d 条分录，实有 %d 条", e.Count, len(checked)), fmt.Sprintf("it has %d postings of %d", len(checked), e.Count))
	}
	if !dated {
		at(EntryDates, "分录的日期不是凭证的日期", "its postings carry another date")
	}
	for _, l := range lines { // in the order of lines, so that the finding is always the same
		if r := rest[l.FundID]; !r.IsZero() {
			fund := k.fund(l.FundID)
			at(EntryUnbalanced, fmt.Sprintf("在「%s」中借贷不平，差 %s", fund.NameZH, r.Format()),
				fmt.Sprintf("it does not balance in fund %s, by %s", fund.Name("en"), r.Format()))
			rest[l.FundID] = money.Zero
		}
	}
	return lines
}

// totals checks the entry's income, expense and running net assets. After a
// wrong one it goes on from what is stored, so one change is told once; after
// missing entries it goes on from what is stored, too.
func (k *check) totals(e JournalEntry, lines []Line, jumped bool) {
	var income, expense, other money.Amount
	for _, l := range lines {
		switch l.AccountType {
		case Income:
			income = income.Sub(l.Amount)
		case Expense:
			expense = expense.Add(l.Amount)
		case NetAssets:
			other = other.Sub(l.Amount)
		}
	}
	net := income.Sub(expense).Add(other)
	if e.Kind == yearEnd {
		income, expense = money.Zero, money.Zero // what a year had is earned once
	}
	k.summed = k.summed.Add(net)
	at := func(zh, en string, stored, summed money.Amount) {
		if !stored.Equal(summed) {
			isZH, isEN := differs(stored, summed)
			k.found.at(e.Seq, e.Voucher(), EntryTotals, zh+isZH, en+" "+isEN)
		}
	}
	at("收入", "income", e.Income, income)
	at("支出", "expense", e.Expense, expense)
	if !jumped && !e.NetAfter.Equal(k.summed) {
		at("记账后净资产", "net assets after it", e.NetAfter, k.net.Add(net))
	}
	k.net = e.NetAfter
}

// touched remembers the rollups of a faulty entry.
func (k *check) touched(e JournalEntry, lines []Line) {
	for _, l := range lines {
		k.found.touch(e.Seq, rollupKey{rollup: AccountBalance, account: l.AccountID, fund: l.FundID, month: monthText(e.Date)},
			rollupKey{rollup: FundBalance, fund: l.FundID})
	}
	k.found.touch(e.Seq, rollupKey{rollup: MonthTally, month: monthText(e.Date)})
}

// numberJump is called with each number of a year in order: numbers that are
// passed over name the entries that are missing, or are a gap of their own.
func (k *check) numberJump(year, number int) {
	passed := number - k.number[year] - 1
	if passed <= 0 {
		return
	}
	name := fmt.Sprintf("%d-%d", year, k.number[year]+1)
	if passed > 1 {
		name += fmt.Sprintf("–%d-%d", year, number-1)
	}
	for i, g := range k.missing {
		if g.last-g.first+1 == int64(passed) {
			k.gone(g, name)
			k.missing = append(k.missing[:i:i], k.missing[i+1:]...)
			k.number[year] = number - 1
			return
		}
	}
	k.passed = append(k.passed, numberGap{year, passed, name})
	k.number[year] = number - 1
}

// gone tells a run of missing entries.
func (k *check) gone(g gap, voucher string) {
	if voucher == "" {
		voucher = fmt.Sprintf("#%d", g.first)
		if g.last > g.first {
			voucher += fmt.Sprintf("–#%d", g.last)
		}
	}
	k.vouchers[g.first] = voucher
	k.found.at(g.first, voucher, EntryMissing, "这些凭证不见了，被删除过", "deleted")
}

// explain looks closer at the changed entries: two that changed places, one
// that got another date, else a change that cannot be told from the hash.
func (k *check) explain() {
	for i, c := range k.changed {
		e := c.entry
		if other, ok := k.swapped(i); ok {
			k.found.at(e.Seq, e.Voucher(), EntryMoved, "与凭证 "+other+" 调换过位置", "it changed places with "+other)
		} else if day, ok := k.dated(c); ok {
			k.found.at(e.Seq, e.Voucher(), EntryBackdated, fmt.Sprintf("记账日期被改为 %s，原为 %s", e.Date.Format(time.DateOnly), day.Format(time.DateOnly)),
				fmt.Sprintf("its date was changed from %s to %s", day.Format(time.DateOnly), e.Date.Format(time.DateOnly)))
		} else {
			k.found.at(e.Seq, e.Voucher(), EntryChanged, changedZH, changedEN)
		}
	}
}

// swapped finds the changed entry whose leaf this one's contents make in its place.
func (k *check) swapped(i int) (voucher string, ok bool) {
	mine := k.changed[i]
	for j, other := range k.changed {
		if i == j {
			continue
		}
		for _, number := range []Posted{mine.entry.Posted, other.entry.Posted} {
			for _, at := range []time.Time{mine.entry.PostedAt, other.entry.PostedAt} {
				moved := mine.entry
				moved.Posted = Posted{Seq: other.entry.Seq, Year: number.Year, Number: number.Number, PostedAt: at}
				if leafHash(k.community.Slug, moved, mine.lines) == other.leaf {
					return other.entry.Voucher(), true
				}
			}
		}
	}
	return "", false
}

// dated finds the day within a year on which the entry would be the logged one.
func (k *check) dated(c changed) (time.Time, bool) {
	was := c.entry
	for days := 1; days <= 366; days++ {
		for _, sign := range []int{1, -1} {
			was.Date = c.entry.Date.AddDate(0, 0, sign*days)
			if leafHash(k.community.Slug, was, c.lines) == c.leaf {
				return was.Date, true
			}
		}
	}
	return time.Time{}, false
}
