package statement

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"fund/ledger/money"
)

// warningsMax keeps a file that is wrong everywhere readable.
const warningsMax = 20

// Key identifies a line across files; it is comparable and short.
type Key [16]byte

func keyOf(parts ...string) (k Key) {
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	copy(k[:], hash[:])
	return k
}

// String writes the key in 22 characters that are safe in a URL and a database.
func (k Key) String() string { return base64.RawURLEncoding.EncodeToString(k[:]) }

// warn notes a contradiction.
func (s *Statement) warn(row int, column, zh, en string, values ...any) {
	switch {
	case len(s.Warnings) < warningsMax:
		s.Warnings = append(s.Warnings, Warning{row, column, say(zh, en, values...)})
	case len(s.Warnings) == warningsMax:
		s.Warnings = append(s.Warnings, Warning{0, "", say("还有更多不符之处，未一一列出", "there is more that does not tie")})
	}
}

// claim compares what the file says about itself with its lines.
func (s *Statement) claim(row int, column string, claimed, found money.Amount) {
	if !claimed.Equal(found) {
		s.warn(row, column, "文件写着 %s，各行合计是 %s", "the file says %s, its lines add up to %s", claimed, found)
	}
}

// claimCount does the same for a number of lines, which may read `20.0`.
func (s *Statement) claimCount(row int, column, claimed string, found int) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(claimed, ",", ""), 64)
	if err != nil || n != float64(found) {
		s.warn(row, column, "文件写着 %s 笔，实际有 %d 笔", "the file says %s lines, there are %d", claimed, found)
	}
}

// tie checks opening + movements = closing where the file states both ends.
func (s *Statement) tie(row int, column string, moved money.Amount) {
	if s.Opening == nil || s.Closing == nil {
		return
	}
	if sum := s.Opening.Add(moved); !sum.Equal(*s.Closing) {
		s.warn(row, column, "期初 %s 加本期发生 %s 应为 %s，文件的期末余额是 %s",
			"opening %s and movements %s make %s, the file closes with %s", s.Opening, moved, sum, s.Closing)
	}
}

// moved sums the lines.
func (s *Statement) moved() money.Amount {
	var total int64
	for i := range s.facts {
		total += s.facts[i].amount
	}
	return money.FromFen(total)
}

// finish numbers equal lines, follows the running balances, and derives
// opening and closing from them where the file does not state them.
func (s *Statement) finish() {
	s.numberEqual()
	currencies := map[uint16]bool{}
	for i := range s.facts {
		if s.facts[i].hasBalance {
			currencies[s.facts[i].currency] = true
		}
	}
	for currency := range currencies {
		s.follow(currency, s.currencies[currency] == s.Currency || len(currencies) == 1)
	}
}

// numberEqual gives the second and every further one among equal lines a key of
// its own: two identical gifts on one day are both real.
func (s *Statement) numberEqual() {
	order := make([]int32, len(s.facts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(bytes.Compare(s.facts[a].key[:], s.facts[b].key[:]), cmp.Compare(a, b))
	})
	for from := 0; from < len(order); {
		to, key := from+1, s.facts[order[from]].key
		for ; to < len(order) && s.facts[order[to]].key == key; to++ {
			s.facts[order[to]].key = keyOf(key.String(), strconv.Itoa(to-from+1))
		}
		from = to
	}
}

// follow walks along the running balances of one currency.
func (s *Statement) follow(currency uint16, own bool) {
	var at []int32
	for i := range s.facts {
		if s.facts[i].currency == currency {
			at = append(at, int32(i))
		}
	}
	if s.newestFirst(at) {
		slices.Reverse(at)
	}
	var before *fact
	var since int64
	for _, i := range at {
		f := &s.facts[i]
		since += f.amount
		if !f.hasBalance {
			continue
		}
		switch {
		case before == nil && own && s.Opening == nil:
			opening := money.FromFen(f.balance - since)
			s.Opening = &opening
		case before != nil && before.balance+since != f.balance:
			s.warn(int(f.row), "", "余额 %s 与前一笔的余额 %s 加本笔 %s 不符，中间可能缺了明细", "balance %s is not the balance before it, %s, and the movement %s: lines may be missing",
				money.FromFen(f.balance), money.FromFen(before.balance), money.FromFen(since))
		}
		before, since = f, 0
	}
	if before != nil && own && s.Closing == nil {
		closing := money.FromFen(before.balance + since)
		s.Closing = &closing
	}
}

// newestFirst tells the order of the lines by which way the balances chain,
// then by their dates.
func (s *Statement) newestFirst(at []int32) bool {
	down, up := 0, 0
	for k := 1; k < len(at); k++ {
		a, b := &s.facts[at[k-1]], &s.facts[at[k]]
		if !a.hasBalance || !b.hasBalance {
			continue
		}
		if a.balance+b.amount == b.balance {
			down++
		}
		if b.balance+a.amount == a.balance {
			up++
		}
	}
	if down != up || len(at) == 0 {
		return up > down
	}
	first, last := &s.facts[at[0]], &s.facts[at[len(at)-1]]
	if first.day == last.day {
		return first.clock > last.clock
	}
	return first.day > last.day
}
