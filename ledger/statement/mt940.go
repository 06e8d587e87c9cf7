package statement

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"fund/ledger/money"
)

// MT940 is SWIFT's statement message: fields `:61:` with a code before them,
// amounts with a comma, days as YYMMDD.
// https://www2.swift.com/knowledgecentre/publications/us9m_20230720

var (
	mt940Mark  = regexp.MustCompile(`(?m)^(\{.*\{4:\s*)?:20:`)
	mt940Field = regexp.MustCompile(`^:(\d{2}[A-Z]?|NS):(.*)$`)
	mt940Bal   = regexp.MustCompile(`^([CD])(\d{6})([A-Z]{3})?([\d.,]+)$`)
	mt942Floor = regexp.MustCompile(`^([A-Z]{3})`)
	mt940Line  = regexp.MustCompile(`^(\d{6})(\d{4}| {4})?\s*(RC|RD|EC|ED|C|D)([A-Z])?([\d.,]+)(?:([A-Z].{0,3})(.*))?$`)
)

// refMax is how long a reference may be.
const refMax = 16

type mt940Reader struct {
	reading *reading
	found   []Statement
	s       *Statement
	// line is the :61: being read, with the :86: under it.
	line  *Line
	info  []string
	about string // what the lines of text at hand belong to
	chain map[string]money.Amount
	start int
	// interim is a report within the day, MT942, which has no balances.
	interim bool
}

func parseMT940(data []byte, options Options) ([]Statement, error) {
	x := &mt940Reader{reading: options.reading, chain: map[string]money.Amount{}}
	n := 0
	for text := decodeWestern(data); text != ""; {
		var line string
		line, text = cutLine(text)
		n++
		line = strings.TrimRight(line, " \t")
		if at := strings.Index(line, "{4:"); at >= 0 {
			if line = line[at+3:]; line == "" {
				continue
			}
		}
		if err := x.take(n, line); err != nil {
			return nil, err
		}
	}
	if err := x.finish(n); err != nil {
		return nil, err
	}
	if len(x.found) == 0 {
		return nil, unknown(1)
	}
	return x.found, nil
}

// take reads one line of the file.
func (x *mt940Reader) take(n int, line string) error {
	if m := mt940Field.FindStringSubmatch(line); m != nil {
		return x.field(n, m[1], m[2])
	}
	switch {
	case line == "-" || strings.HasPrefix(line, "-}"):
		x.flush()
		x.about = ""
	case (x.about == "86" || x.about == "NS") && x.line != nil:
		x.info = append(x.info, line)
	case x.about == "61" && x.line != nil && line != "":
		x.line.Memo = join(x.line.Memo, line)
	case x.s != nil && strings.HasPrefix(line, ":6"):
		return &Error{Row: n, Column: clip(line), Read: line, Text: say("读不懂这一行", "cannot read the line")}
	}
	return nil
}

func (x *mt940Reader) field(n int, tag, text string) error {
	switch {
	case tag == "20", tag == "25" && (x.s == nil || x.closed()):
		if err := x.finish(n - 1); err != nil {
			return err
		}
		x.s, x.start = &Statement{Format: MT940, Layout: "mt940", reading: x.reading}, n
		if tag == "25" {
			x.s.Account = text
		}
	case x.s == nil:
		return &Error{Row: n, Column: ":" + tag + ":", Text: say("这一行之前没有 :20:", "there is no :20: before this line")}
	case tag == "25":
		x.s.Account = strings.TrimSpace(text)
	case tag == "60F" || tag == "60M":
		return x.opening(n, tag, text)
	case tag == "62F" || tag == "62M":
		return x.closing(n, tag, text)
	case tag == "61":
		return x.movement(n, text)
	case (tag == "86" || tag == "NS") && x.line != nil:
		x.info = append(x.info, text)
	case tag == "86" || tag == "NS":
	default:
		x.flush()
		if m := mt942Floor.FindStringSubmatch(text); tag == "34F" && m != nil && x.s.Currency == "" {
			x.s.Currency = m[1]
		}
		x.interim = x.interim || tag == "34F" || tag == "90C" || tag == "90D"
	}
	x.about = tag
	return nil
}

func (x *mt940Reader) closed() bool { return x.s.Closing != nil }

// balance reads :60F: and its like.
func (x *mt940Reader) balance(n int, tag, text string) (money.Amount, error) {
	m := mt940Bal.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return money.Zero, &Error{Row: n, Column: ":" + tag + ":", Read: text, Text: say("读不懂余额", "cannot read the balance")}
	}
	a, ok := mt940Amount(m[4])
	if !ok {
		return a, &Error{Row: n, Column: ":" + tag + ":", Read: m[4], Text: say("读不懂金额", "cannot read the amount")}
	}
	if m[1] == "D" {
		a = a.Neg()
	}
	if x.s.Currency == "" {
		x.s.Currency = m[3]
	}
	return a, nil
}

// mt940Amount insists on the comma, but takes a point for it when that leaves
// no doubt.
func mt940Amount(s string) (money.Amount, bool) {
	if strings.Contains(s, ".") {
		return parseAmount(s, pointEither)
	}
	return parseAmount(s, pointComma)
}

func (x *mt940Reader) opening(n int, tag, text string) error {
	a, err := x.balance(n, tag, text)
	if err != nil {
		return err
	}
	if last, ok := x.chain[x.s.Account]; ok && tag == "60M" && !last.Equal(a) {
		x.s.warn(n, ":60M:", "上一页的期末余额是 %s，这一页的期初是 %s", "the page before closes with %s, this one opens with %s", last, a)
	}
	x.s.Opening, x.about = &a, tag
	return nil
}

func (x *mt940Reader) closing(n int, tag, text string) error {
	x.flush()
	a, err := x.balance(n, tag, text)
	if err != nil {
		return err
	}
	x.s.Closing, x.about = &a, tag
	x.chain[x.s.Account] = a
	x.s.tie(n, ":"+tag+":", x.s.moved())
	return nil
}

// movement reads :61:. RC reverses a credit and takes money out, RD reverses a
// debit and brings it back.
func (x *mt940Reader) movement(n int, text string) error {
	x.flush()
	m := mt940Line.FindStringSubmatch(text)
	if m == nil {
		return &Error{Row: n, Column: ":61:", Read: text, Text: say("读不懂这一笔", "cannot read the line")}
	}
	amount, ok := mt940Amount(m[5])
	if !ok {
		return &Error{Row: n, Column: ":61:", Read: m[5], Text: say("读不懂金额", "cannot read the amount")}
	}
	switch m[3] {
	case "D", "RC", "ED":
		amount = amount.Neg()
	}
	l := Line{Row: n, Amount: amount}
	t, moved, ok := mt940Day(m[1], m[2])
	if !ok {
		return &Error{Row: n, Column: ":61:", Read: m[1] + m[2], Text: say("没有这一天", "there is no such day")}
	}
	if l.Date = t; moved {
		x.s.warn(n, ":61:", "没有 %s 这一天，按当月最后一天 %s 读", "there is no day %s, read as the last day of the month, %s", m[1], t.Format(time.DateOnly))
	}
	ours, bank, _ := strings.Cut(m[7], "//")
	if runes := []rune(ours); len(runes) > refMax { // some banks go on with the name
		ours, l.Counterparty = string(runes[:refMax]), strings.Join(strings.Fields(string(runes[refMax:])), " ")
	}
	for _, ref := range []*string{&ours, &bank} {
		if *ref = strings.TrimSpace(*ref); *ref == "NONREF" {
			*ref = ""
		}
	}
	l.Reference, l.ID = ours, bank
	if bank == "" {
		l.ID = ours
	}
	x.line, x.info, x.about = &l, nil, "61"
	return nil
}

// mt940Day is the day of booking, which the bank writes without a year after
// the value date; without it the value date.
func mt940Day(value, booked string) (t time.Time, moved, ok bool) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	y := 2000 + number(value[:2])
	if y >= 2080 {
		y -= 100
	}
	t, moved, ok = lastDay(y, number(value[2:4]), number(value[4:6]))
	if strings.TrimSpace(booked) == "" || !ok {
		return t, moved, ok
	}
	month, date := number(booked[:2]), number(booked[2:])
	switch {
	case month-int(t.Month()) > 6:
		y--
	case int(t.Month())-month > 6:
		y++
	}
	return lastDay(y, month, date)
}

// flush ends the line at hand: its text is complete.
func (x *mt940Reader) flush() {
	if x.line == nil {
		return
	}
	l := x.line
	name, memo := mt940Info(x.info)
	l.Counterparty, l.Memo = cmp.Or(name, l.Counterparty), join(l.Memo, memo)
	x.s.add(*l, l.ID, l.Reference, memo)
	x.line, x.info = nil, nil
}

// finish ends a statement, which must have come to its closing balance.
func (x *mt940Reader) finish(n int) error {
	if x.s == nil {
		return nil
	}
	x.flush()
	if x.s.Closing == nil && !x.interim {
		return &Error{Row: n, Column: ":62F:", Text: say("第 %d 行开始的对账单没有期末余额，文件可能不完整", "the statement that begins in row %d has no closing balance, the file may be cut off", x.start)}
	}
	x.s.fillCurrency()
	x.found, x.s, x.interim = append(x.found, *x.s), nil, false
	return nil
}

var (
	subfield = regexp.MustCompile(`\?(\d\d)`)
	slashes  = regexp.MustCompile(`/(NAME|REMI|BENM|ORDP|EREF|TRTP|IBAN|BIC|MARF|CSID|PREF|ISDT|SVCL|PURP|RTRN|ACCW|SVWZ|CNTP|ADDR)/`)
)

// mt940Info takes :86: apart: the German subfields ?20 to ?63, the Dutch
// /NAME/…/REMI/…, or plain text.
func mt940Info(lines []string) (name, memo string) {
	joined := strings.Join(lines, "")
	if at := subfield.FindAllStringSubmatchIndex(joined, -1); len(at) > 1 {
		var text strings.Builder
		for i, m := range at {
			end := len(joined)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			value := joined[m[1]:end]
			switch n, _ := strconv.Atoi(joined[m[2]:m[3]]); {
			case n >= 20 && n <= 29, n >= 60 && n <= 63:
				text.WriteString(value)
			case n == 32, n == 33:
				name += value
			}
		}
		return strings.TrimSpace(name), strings.TrimSpace(text.String())
	}
	if at := slashes.FindAllStringSubmatchIndex(joined, -1); len(at) > 1 {
		for i, m := range at {
			end := len(joined)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			switch value := strings.Trim(joined[m[1]:end], "/ "); joined[m[2]:m[3]] {
			case "NAME":
				name = value
			case "REMI", "SVWZ":
				memo = value
			}
		}
		return name, memo
	}
	return "", strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
}
