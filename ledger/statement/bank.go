package statement

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"fund/ledger/money"
)

// bankReader reads any table whose columns are known: by their names, or from
// a profile.
type bankReader struct {
	Statement
	h     *header
	c     columns
	year  int // of days written without one: 02/28
	month int
	// endRow states the closing balance.
	endRow int
	// signedOut says that every sum in the column of money out carries a minus;
	// where only some do, those are corrections and come back in.
	signedOut bool
	// doubtful are lines whose flag and sign say opposite things.
	doubtful []int
}

func openBank(h *header, t *table) reader {
	b := &bankReader{h: h, c: h.guess()}
	above := h.aboveText()
	b.Format, b.Layout = BankCN, h.bank()
	b.Account = accountIn(above)
	if m := currencyLabel.FindStringSubmatch(above); m != nil {
		b.Currency = currencyOf(m[1])
	}
	if !h.chinese() {
		b.Format, b.Layout = TableIntl, "table"
	} else if b.Currency == "" {
		b.Currency = "CNY"
	}
	b.c.spending = !b.c.described && h.isCard(b.c)
	b.learn(t)
	return b
}

var titleMonth = regexp.MustCompile(`(20\d\d)\s*年\s*(\d{1,2})\s*月|(20\d\d)-(\d\d)-\d\d`)

// learnRows are enough to learn from, unless every day so far can be read in
// two ways.
const learnRows = 5000

// learn reads the table once to see how it writes decimals and days, so that
// `1,234` and `03/04/2026` mean the same in every row.
func (b *bankReader) learn(t *table) {
	if m := titleMonth.FindStringSubmatch(b.h.aboveText()); m != nil {
		b.year, _ = strconv.Atoi(m[1] + m[3])
		b.month, _ = strconv.Atoi(m[2] + m[4])
	}
	if b.h.chinese() && !b.c.pointKnown {
		b.c.point, b.c.pointKnown = pointDot, true
	}
	b.expected = t.rows(b.h)
	defer func() {
		for _, r := range b.h.above {
			b.ends(r)
		}
	}()
	seen := seenForms{}
	_ = t.each(func(x row) error {
		if x.n > b.h.row+learnRows && !seen.doubtful() {
			return errStop
		}
		if x.n > b.h.row {
			r := record{b.h, t, x}
			for _, col := range []int{b.c.in, b.c.out, b.c.amount, b.c.balance} {
				seen.amount(r.text(col))
			}
			for _, col := range b.c.date {
				seen.date(x.n, r.text(col))
			}
			seen.debit(r.text(b.c.out))
		}
		return nil
	})
	b.signedOut = seen.minus > 0 && seen.plain == 0
	if !b.c.pointKnown {
		b.c.point = pointDot
		if seen.commas > seen.dots || seen.commas == seen.dots && t.comma {
			b.c.point = pointComma
		}
	}
	if !b.c.orderKnown {
		b.c.order = dayFirst
		if seen.second > 12 && seen.first <= 12 {
			b.c.order = monthFirst
		}
		if seen.doubtful() && b.c.point == pointDot {
			b.warn(seen.row, b.h.name(b.c.date[0]), "日期也可能是月在前，按日在前读的：先核对再导入",
				"the days could also be written month first, they were read day first: check before you import")
		}
	}
}

// seenForms counts how a table writes numbers and days.
type seenForms struct{ commas, dots, first, second, row, minus, plain int }

// doubtful says that every day seen can be read day first or month first.
func (s *seenForms) doubtful() bool { return s.first > 0 && s.first <= 12 && s.second <= 12 }

// debit counts whether sums in the column of money out carry a minus.
func (s *seenForms) debit(text string) {
	switch {
	case blankAmount(text):
	case strings.HasPrefix(text, "-"):
		s.minus++
	default:
		s.plain++
	}
}

var (
	endsComma = regexp.MustCompile(`^[^,]*,\d{1,2}\D*$`)
	endsDot   = regexp.MustCompile(`^[^.]*\.\d{1,2}\D*$`)
)

func (s *seenForms) amount(text string) {
	switch {
	case endsComma.MatchString(text):
		s.commas++
	case endsDot.MatchString(text):
		s.dots++
	}
}

func (s *seenForms) date(row int, text string) {
	m := yearLast.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || strings.Contains(text, ".") {
		return
	}
	first, _ := strconv.Atoi(m[1])
	second, _ := strconv.Atoi(m[2])
	s.first, s.second = max(s.first, first), max(s.second, second)
	if s.row == 0 {
		s.row = row
	}
}

func (b *bankReader) row(r record) error {
	if b.foot(r) {
		b.ends(r.row)
		return b.totals(r)
	}
	l := Line{Row: r.n, Currency: currencyOf(r.word(b.c.currency))}
	var err error
	if l.ID, err = r.id(b.c.id); err != nil {
		return err
	}
	for _, col := range b.c.counterparty {
		if l.Counterparty = r.word(col); l.Counterparty != "" {
			break
		}
	}
	var memo []string
	for _, col := range b.c.memo {
		memo = append(memo, r.word(col))
	}
	l.Memo = join(memo...)
	if l.Date, l.Clock, err = b.date(r); err != nil {
		return err
	}
	if b.openingRow(r, l.Memo) {
		b.Opening, err = r.balance(b.c.balance, b.c.point, &b.Statement)
		return err
	}
	if err = b.amount(r, &l); err != nil {
		return err
	}
	if l.Balance, err = r.balance(b.c.balance, b.c.point, &b.Statement); err != nil {
		return err
	}
	if b.Account == "" {
		b.Account = r.word(b.c.account)
	}
	if b.Currency == "" && l.Currency != "" {
		b.Currency = l.Currency
	}
	b.add(l, l.ID)
	return nil
}

// date adds the year that a card's file leaves to its title.
func (b *bankReader) date(r record) (time.Time, string, error) {
	for _, col := range b.c.date {
		if m := noYear.FindStringSubmatch(r.word(col)); m != nil && b.year > 0 {
			month, _ := strconv.Atoi(m[1])
			date, _ := strconv.Atoi(m[2])
			year := b.year
			if month > b.month {
				year--
			}
			if t, ok := day(year, month, date); ok {
				return t, "", nil
			}
		}
		if r.word(col) != "" {
			break
		}
	}
	t, clock, err := r.date(b.c.order, b.c.date...)
	for _, col := range b.c.time {
		if clock == "" {
			clock = parseClock(r.word(col))
		}
	}
	return t, clock, err
}

// foot tells what stands under the rows: remarks, and sums that carry no date.
// A row whose date cell begins with a figure is never taken for a remark.
func (b *bankReader) foot(r record) bool {
	date := ""
	for _, col := range b.c.date {
		if date == "" {
			date = r.word(col)
		}
	}
	if date != "" && date[0] >= '0' && date[0] <= '9' {
		return false
	}
	for _, col := range []int{b.c.in, b.c.out, b.c.amount} {
		if strings.ContainsAny(r.text(col), "0123456789") {
			return sumWords.MatchString(r.first())
		}
	}
	return isNote(r.first()) || sumWords.MatchString(r.first()) || r.filled() <= 2 && !strings.ContainsAny(date, "0123456789#")
}

var sumWords = regexp.MustCompile(`(?i)^(\S{0,4}合\s*计|总\s*计|小\s*计|本页|期末余额|totals?\b|totaux|summe\b|sum\b|gesamt|totale\b|end of|closing balance|opening balance|balance\b|solde|saldo)`)

// openingRow tells a row that only carries the balance over.
func (b *bankReader) openingRow(r record, memo string) bool {
	return blankAmount(r.text(b.c.in)) && blankAmount(r.text(b.c.out)) && blankAmount(r.text(b.c.amount)) &&
		b.Opening == nil && b.Count == 0 && broughtForward.MatchString(memo)
}

var broughtForward = regexp.MustCompile(`(?i)期初|承前|上期|上页|结转|opening balance|brought forward|b/f`)

// amount reads the movement of a row in whichever way the table states it.
func (b *bankReader) amount(r record, l *Line) (err error) {
	c := &b.c
	if c.amount < 0 {
		in, out, err := r.inOut(c.in, c.out, c.point)
		if err != nil {
			return err
		}
		if b.signedOut {
			out = out.Abs()
		}
		l.Amount = in.Sub(out)
		return nil
	}
	if l.Amount, err = r.amount(c.amount, c.point); err != nil {
		return err
	}
	if own := code.FindString(r.text(c.amount)); own != "" && c.currency < 0 {
		l.Currency = own
	}
	switch {
	case c.flag >= 0:
		return b.flagged(r, l)
	case c.spending:
		l.Amount = l.Amount.Neg()
	case c.described && !moneyBack.MatchString(l.Memo):
		l.Amount = l.Amount.Neg()
	}
	return nil
}

// moneyBack are the card movements in a described file that come in.
var moneyBack = regexp.MustCompile(`^(退货|退款|撤销|冲正|返现|存入|转入|\S{0,6}还款)`)

var (
	inFlag  = regexp.MustCompile(`(?i)^(贷|收入|收|存入|转入|进|cr?|credit|crdt|h|haben|in|bij|\+|deposit|income)($|[^a-z])`)
	outFlag = regexp.MustCompile(`(?i)^(借|支出|支|付|取出|转出|出|dr?|debit|dbit|s|soll|out|af|-|withdrawal|expense)($|[^a-z])`)
)

// flagged lets the flag decide; where the sign contradicts it, close looks at
// the balances.
func (b *bankReader) flagged(r record, l *Line) error {
	flag := r.text(b.c.flag)
	in, out := inFlag.MatchString(flag), outFlag.MatchString(flag)
	if b.c.inFlags != nil {
		in, out = b.c.inFlags[strings.ToLower(flag)], b.c.outFlags[strings.ToLower(flag)]
	}
	printed := l.Amount
	switch name := b.h.folded[b.c.flag]; {
	case out:
		l.Amount = printed.Abs().Neg()
	case in:
		l.Amount = printed.Abs()
		if printed.Sign() < 0 {
			b.doubtful = append(b.doubtful, b.Count)
		}
	case name == "type" || name == "transactiontype" || name == "direction":
		// Only some files use these names for a flag; the sign stands.
	case strings.HasPrefix(flag, "不计") || flag == "/" || flag == "其他" || strings.HasPrefix(flag, "中性"):
		l.unmove()
	default:
		return r.fail(b.c.flag, "读不懂收支方向", "cannot read whether money came in or went out")
	}
	return nil
}

// totals compares the sums that a bank prints under its columns.
func (b *bankReader) totals(r record) error {
	if b.c.amount >= 0 || !strings.Contains(fold(r.first()), "合计") {
		return nil
	}
	var in, out int64
	for i := range b.facts {
		if a := b.facts[i].amount; a > 0 {
			in += a
		} else {
			out -= a
		}
	}
	for _, side := range []struct {
		col   int
		found money.Amount
	}{{b.c.in, money.FromFen(in)}, {b.c.out, money.FromFen(out)}} {
		if text := r.text(side.col); !blankAmount(text) && !masked.MatchString(text) {
			claimed, err := r.amount(side.col, b.c.point)
			if err != nil {
				return err
			}
			b.claim(r.n, r.h.name(side.col), claimed, side.found)
		}
	}
	return nil
}

var (
	startWords = regexp.MustCompile(`(?i)^(期初余额|上期余额|opening balance|(?:start|beginning) balance|balance at start|solde (?:en|au) d[ée]but|saldo inicial|anfangssaldo)`)
	endWords   = regexp.MustCompile(`(?i)^(期末余额|本期余额|closing balance|end(?:ing)? balance|balance at end|solde (?:en|au) fin|solde en fin|saldo final|endsaldo)`)
)

// ends reads a row above or below the lines that states the balance at one end:
// the last amount in it.
func (b *bankReader) ends(r row) {
	first := record{row: r}.first()
	start := startWords.MatchString(first)
	if !start && !endWords.MatchString(first) {
		return
	}
	for i := len(r.cells) - 1; i > 0; i-- {
		a, ok := parseAmount(trimCell(r.cells[i]), b.c.point)
		switch {
		case !ok:
			continue
		case start && b.Opening == nil:
			b.Opening = &a
		case !start && b.Closing == nil:
			b.Closing, b.endRow = &a, r.n
		}
		return
	}
}

// close settles lines whose flag and sign disagree: the balances decide, and
// without balances the flag. Either way the treasurer is told.
func (b *bankReader) close() ([]Statement, error) {
	for _, i := range b.doubtful {
		f := &b.facts[i]
		if i > 0 && f.hasBalance && b.facts[i-1].hasBalance && b.facts[i-1].balance-f.amount == f.balance {
			f.amount = -f.amount
		}
		b.warn(int(f.row), b.h.name(b.c.flag), "标志说是收入，金额却带负号，按 %s 读：先核对再导入", "the flag says money in, the amount is negative; read as %s: check before you import",
			money.FromFen(f.amount))
	}
	b.claims(b.h)
	b.tie(b.endRow, "", b.moved())
	return []Statement{b.Statement}, nil
}
