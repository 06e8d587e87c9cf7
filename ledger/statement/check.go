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

// add appends a line. The identity is what the format itself tells lines apart
// by; with none, all that the line says does.
func (s *Statement) add(l Line, identity ...string) {
	if l.Currency == "" {
		l.Currency = s.Currency
	}
	gross := l.Amount
	if l.Gross != nil {
		gross = l.Gross.Abs()
	}
	parts := identity
	if strings.Join(identity, "") == "" {
		balance := ""
		if l.Balance != nil {
			balance = l.Balance.String()
		}
		parts = []string{"", l.Clock, l.Currency, balance, l.Counterparty, l.Memo}
	}
	l.Key = keyOf(append(parts, l.Date.Format("20060102"), gross.Abs().String())...)
	if s.Lines == nil {
		s.Lines = make([]Line, 0, s.expected)
	}
	s.Lines = append(s.Lines, l)
}

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

// moved sums the lines in one currency.
func (s *Statement) moved() money.Amount {
	total := money.Zero
	for i := range s.Lines {
		total = total.Add(s.Lines[i].Amount)
	}
	return total
}

// finish numbers equal lines, follows the running balances, and derives
// opening and closing from them where the file does not state them.
func (s *Statement) finish() {
	s.numberEqual()
	currencies := map[string]bool{}
	for i := range s.Lines {
		if s.Lines[i].Balance != nil {
			currencies[s.Lines[i].Currency] = true
		}
	}
	for currency := range currencies {
		s.follow(currency, currency == s.Currency || len(currencies) == 1)
	}
}

// numberEqual gives the second and every further one among equal lines a key of
// its own: two identical gifts on one day are both real.
func (s *Statement) numberEqual() {
	order := make([]int32, len(s.Lines))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(bytes.Compare(s.Lines[a].Key[:], s.Lines[b].Key[:]), cmp.Compare(a, b))
	})
	for from := 0; from < len(order); {
		to, key := from+1, s.Lines[order[from]].Key
		for ; to < len(order) && s.Lines[order[to]].Key == key; to++ {
			s.Lines[order[to]].Key = keyOf(key.String(), strconv.Itoa(to-from+1))
		}
		from = to
	}
}

// follow walks along the running balances of one currency.
func (s *Statement) follow(currency string, own bool) {
	var at []int
	for i := range s.Lines {
		if s.Lines[i].Currency == currency {
			at = append(at, i)
		}
	}
	if s.newestFirst(at) {
		for i, j := 0, len(at)-1; i < j; i, j = i+1, j-1 {
			at[i], at[j] = at[j], at[i]
		}
	}
	var balance *money.Amount
	since := money.Zero
	for _, i := range at {
		l := &s.Lines[i]
		since = since.Add(l.Amount)
		if l.Balance == nil {
			continue
		}
		switch {
		case balance == nil && own && s.Opening == nil:
			opening := l.Balance.Sub(since)
			s.Opening = &opening
		case balance != nil && !balance.Add(since).Equal(*l.Balance):
			s.warn(l.Row, "", "余额 %s 与前一笔的余额 %s 加本笔 %s 不符，中间可能缺了明细", "balance %s is not the balance before it, %s, and the movement %s: lines may be missing",
				l.Balance, balance, since)
		}
		balance, since = l.Balance, money.Zero
	}
	if balance != nil && own && s.Closing == nil {
		closing := balance.Add(since)
		s.Closing = &closing
	}
}

// newestFirst tells the order of the lines by which way the balances chain,
// then by their dates.
func (s *Statement) newestFirst(at []int) bool {
	down, up := 0, 0
	for k := 1; k < len(at); k++ {
		a, b := &s.Lines[at[k-1]], &s.Lines[at[k]]
		if a.Balance == nil || b.Balance == nil {
			continue
		}
		if a.Balance.Add(b.Amount).Equal(*b.Balance) {
			down++
		}
		if b.Balance.Add(a.Amount).Equal(*a.Balance) {
			up++
		}
	}
	if down != up || len(at) == 0 {
		return up > down
	}
	first, last := &s.Lines[at[0]], &s.Lines[at[len(at)-1]]
	if first.Date.Equal(last.Date) {
		return first.Clock > last.Clock
	}
	return first.Date.After(last.Date)
}
