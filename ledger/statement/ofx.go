package statement

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"fund/ledger/money"
)

// OFX 1.x is SGML without closing tags on values, 2.x is XML; banks mix both
// and get headers and encodings wrong. So this reads tags and the text after
// them, and asks only that what holds lines is closed.
// https://financialdataexchange.org/ofx
type ofxReader struct {
	reading *reading
	found   []Statement
	s       *Statement // the statement being read
	in      []string   // open aggregates, the innermost last
	txn     map[string]ofxValue
	row     int // of the line being read
}

type ofxValue struct {
	text string
	row  int
}

func parseOFX(data []byte, options Options) ([]Statement, error) {
	text := decodeWestern(data)
	if at := strings.Index(strings.ToUpper(text), "<!DOCTYPE"); at >= 0 {
		return nil, &Error{Row: 1 + strings.Count(text[:at], "\n"), Text: say("文件带有 DOCTYPE，拒绝读取", "the file has a DOCTYPE and is refused")}
	}
	x := &ofxReader{reading: options.reading}
	closed, row := false, 1
	for text != "" {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			break
		}
		row += strings.Count(text[:at], "\n")
		text = text[at:]
		name, rest, ok := ofxTag(text)
		if !ok {
			return nil, &Error{Row: row, Text: say("标签没有闭合", "a tag is never closed")}
		}
		value, more := ofxText(rest)
		if name != "" {
			if err := x.tag(name, ofxValue{value, row}); err != nil {
				return nil, err
			}
			closed = closed || name == "/OFX"
		}
		row += strings.Count(text[:len(text)-len(more)], "\n")
		text = more
	}
	switch {
	case !closed:
		return nil, &Error{Row: row, Text: say("文件没有结尾，可能没有下载完整", "the file has no end, it may be cut off")}
	case len(x.found) == 0:
		return nil, &Error{Row: 1, Text: say("文件里没有对账单", "there is no statement in the file")}
	}
	return x.found, nil
}

// ofxTag cuts a tag off the text; comments and instructions have no name.
func ofxTag(text string) (name, rest string, ok bool) {
	for _, skip := range [][2]string{{"<!--", "-->"}, {"<?", "?>"}} {
		if strings.HasPrefix(text, skip[0]) {
			_, rest, ok = strings.Cut(text, skip[1])
			return "", rest, ok
		}
	}
	if strings.HasPrefix(text, "<![CDATA[") {
		return "", text[len("<![CDATA["):], true
	}
	end := strings.IndexByte(text, '>')
	if end < 0 || end > 200 {
		return "", text, false
	}
	name, _, _ = strings.Cut(strings.TrimSpace(text[1:end]), " ")
	return strings.ToUpper(strings.TrimSuffix(name, "/")), text[end+1:], true
}

// ofxText is what stands between a tag and the next one.
func ofxText(text string) (value, rest string) {
	if trimmed := strings.TrimLeft(text, " \t\r\n"); strings.HasPrefix(trimmed, "<![CDATA[") {
		value, rest, _ = strings.Cut(trimmed[len("<![CDATA["):], "]]>")
		return strings.TrimSpace(value), rest
	}
	end := strings.IndexByte(text, '<')
	if end < 0 {
		return strings.TrimSpace(text), ""
	}
	return strings.TrimSpace(html.UnescapeString(text[:end])), text[end:]
}

// tag takes one tag with its value.
func (x *ofxReader) tag(name string, v ofxValue) error {
	if closing, ok := strings.CutPrefix(name, "/"); ok {
		return x.end(closing, v.row)
	}
	switch name {
	case "STMTRS", "CCSTMTRS", "INVSTMTRS":
		if x.s != nil {
			return x.unclosed(v.row)
		}
		x.s = &Statement{Format: OFX, Layout: strings.ToLower(name), reading: x.reading}
	case "STMTTRN":
		if x.s == nil || x.txn != nil {
			return x.unclosed(v.row)
		}
		x.txn, x.row = map[string]ofxValue{}, v.row
	case "LEDGERBAL", "AVAILBAL", "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "BANKACCTTO", "CCACCTTO", "PAYEE", "CURRENCY", "ORIGCURRENCY":
		x.in = append(x.in, name)
	default:
		return x.value(name, v)
	}
	return nil
}

func (x *ofxReader) unclosed(row int) error {
	return &Error{Row: row, Text: say("上一笔没有结尾", "the line or statement before this one has no end")}
}

func (x *ofxReader) end(name string, row int) error {
	switch name {
	case "STMTTRN":
		if x.txn == nil {
			return &Error{Row: row, Column: "STMTTRN", Text: say("这一笔没有开头", "the line that ends here has no beginning")}
		}
		txn := x.txn
		x.txn, x.in = nil, nil
		return x.line(txn)
	case "STMTRS", "CCSTMTRS", "INVSTMTRS":
		if x.txn != nil {
			return x.unclosed(row)
		}
		if x.s != nil {
			x.s.fillCurrency()
			x.found = append(x.found, *x.s)
		}
		x.s, x.in = nil, nil
	case "OFX":
		if x.s != nil {
			return x.unclosed(row)
		}
	default:
		if n := len(x.in); n > 0 && x.in[n-1] == name {
			x.in = x.in[:n-1]
		}
	}
	return nil
}

// value takes a leaf.
func (x *ofxReader) value(name string, v ofxValue) error {
	inner := ""
	if len(x.in) > 0 {
		inner = x.in[len(x.in)-1]
	}
	switch {
	case x.s == nil:
	case x.txn != nil:
		if inner == "CURRENCY" || inner == "ORIGCURRENCY" || inner == "PAYEE" {
			name = inner + "." + name
		}
		if strings.HasSuffix(inner, "ACCTTO") {
			return nil
		}
		if old, twice := x.txn[name]; twice && (name == "TRNAMT" || name == "FITID") && old.text != v.text {
			return x.unclosed(v.row)
		}
		x.txn[name] = v
	case name == "TRNAMT":
		return &Error{Row: v.row, Column: "TRNAMT", Read: v.text, Text: say("这个金额不属于任何一笔", "this amount belongs to no line")}
	case name == "CURDEF":
		x.s.Currency = currencyOf(v.text)
	case name == "ACCTID" && strings.HasSuffix(inner, "ACCTFROM"):
		x.s.Account = v.text
	case name == "BALAMT" && inner == "LEDGERBAL" && v.text != "":
		a, err := ofxAmount("BALAMT", v)
		if err != nil {
			return err
		}
		x.s.Closing = &a
	}
	return nil
}

// ofxAmount reads an amount with a point or a comma before the cents.
func ofxAmount(name string, v ofxValue) (money.Amount, error) {
	a, ok := parseAmount(v.text, pointEither)
	if !ok || strings.Trim(v.text, "0123456789.,+- ") != "" {
		return a, &Error{Row: v.row, Column: name, Read: v.text, Text: say("读不懂金额", "cannot read the amount")}
	}
	return a, nil
}

func (x *ofxReader) line(txn map[string]ofxValue) error {
	id, amount := txn["FITID"], txn["TRNAMT"]
	if amount.text == "" {
		return &Error{Row: max(x.row, amount.row), Column: "TRNAMT", Text: say("这里应有金额，却是空的", "an amount is missing here")}
	}
	if ruined.MatchString(id.text) && strings.ContainsAny(id.text, "eE") && strings.Contains(id.text, ".") {
		return &Error{Row: id.row, Column: "FITID", Read: id.text, Text: ruinedText}
	}
	l := Line{Row: x.row, ID: id.text, Reference: txn["CHECKNUM"].text, Counterparty: txn["NAME"].text, Memo: txn["MEMO"].text}
	if l.Counterparty == "" {
		l.Counterparty = txn["PAYEE.NAME"].text
	}
	var err error
	if l.Amount, err = ofxAmount("TRNAMT", amount); err != nil {
		return err
	}
	if l.Date, l.Clock, err = x.date(txn); err != nil {
		return err
	}
	l.Currency = currencyOf(txn["CURRENCY.CURSYM"].text)
	x.s.add(l, id.text)
	return nil
}

var ofxDate = regexp.MustCompile(`^(\d{4})-?(\d{2})-?(\d{2})(?:T?(\d{2}):?(\d{2}):?(\d{2})?)?(?:\.\d+)?\s*(?:\[.*\]?)?(?:Z|[+-]\d\d:?\d\d)?$`)

// date takes the day as it is printed. A file without days is still a file with
// money; the line is imported with its day unknown, and a warning says so.
func (x *ofxReader) date(txn map[string]ofxValue) (time.Time, string, error) {
	for _, name := range []string{"DTPOSTED", "DTUSER", "DTAVAIL"} {
		v := txn[name]
		if v.text == "" || strings.Trim(v.text, "0") == "" {
			continue
		}
		m := ofxDate.FindStringSubmatch(v.text)
		if m == nil {
			return time.Time{}, "", &Error{Row: v.row, Column: name, Read: v.text, Text: say("读不懂日期", "cannot read the date")}
		}
		y, _ := strconv.Atoi(m[1])
		mo, _ := strconv.Atoi(m[2])
		d, _ := strconv.Atoi(m[3])
		t, moved, ok := lastDay(y, mo, d)
		clock, clockOK := "", true
		if m[4] != "" {
			clock, clockOK = clockOf(m[4], m[5], m[6])
		}
		if !ok || !clockOK {
			return time.Time{}, "", &Error{Row: v.row, Column: name, Read: v.text, Text: say("没有这一天", "there is no such day")}
		}
		if moved {
			x.s.warn(v.row, name, "没有 %s 这一天，按当月最后一天 %s 读", "there is no %s, read as the last day of the month, %s", m[1]+"-"+m[2]+"-"+m[3], t.Format(time.DateOnly))
		}
		return t, clock, nil
	}
	x.s.warn(x.row, "DTPOSTED", "这一笔没有日期", "this line has no date")
	return time.Time{}, "", nil
}
