package statement

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"fund/ledger/money"
)

// headerRowMax is how far down a header may stand.
const headerRowMax = 300

// layout is one way to read a table, known by the names in its header.
type layout struct {
	format string
	// fits says whether a header is this layout's, by its folded names.
	fits func(*header) bool
	// open starts reading the rows under the header.
	open func(*header, *table) reader
}

// reader takes the rows under a header, one by one, then hands over what they
// said.
type reader interface {
	row(record) error
	close() ([]Statement, error)
	begin(*reading)
}

// layouts in the order in which they are tried: the particular before the
// general.
var layouts = []layout{
	{WeChatMerchant, isWeChatTrade, openWeChatTrade},
	{WeChatMerchant, isWeChatFlow, openWeChatFlow},
	{WeChatPersonal, isWeChatPersonal, openWeChatPersonal},
	{AlipayMerchant, isAlipayTrade, openAlipayTrade},
	{AlipayMerchant, isAlipayFlow, openAlipayFlow},
	{AlipayPersonal, isAlipayPersonal, openAlipayPersonal},
	{BankCN, isBankCN, openBank},
	{TableIntl, isTableIntl, openBank},
}

// header is the row of column names with what stands above it.
type header struct {
	row    int
	names  []string // as written
	folded []string // without blanks, units, brackets and case
	above  []row
	layout *layout
}

var errStop = errors.New("stop")

// findHeader looks for a row whose names a layout knows. It returns nil when
// there is none.
func findHeader(t *table, options Options) (*header, error) {
	if options.look != nil {
		options.look(t)
		return nil, nil
	}
	if options.Profile != nil {
		return options.Profile.header(t)
	}
	var found *header
	var above []row
	err := t.each(func(r row) error {
		if r.n > headerRowMax {
			return errStop
		}
		h := newHeader(r)
		for i := range layouts {
			l := &layouts[i]
			if options.Format != "" && options.Format != l.format || !l.fits(h) {
				continue
			}
			h.above, h.layout, found = above, l, h
			return errStop
		}
		above = append(above, row{r.n, append([]string(nil), r.cells...)})
		return nil
	})
	if err != nil && err != errStop {
		return nil, err
	}
	return found, nil
}

func newHeader(r row) *header {
	h := &header{row: r.n, names: make([]string, len(r.cells)), folded: make([]string, len(r.cells))}
	for i, c := range r.cells {
		h.names[i] = strings.Join(strings.Fields(trimCell(c)), " ")
		h.folded[i] = fold(c)
	}
	return h
}

// read reads all rows under the header.
func (h *header) read(t *table, options Options) ([]Statement, error) {
	r := h.layout.open(h, t)
	r.begin(options.reading)
	left := linesMax
	err := t.each(func(x row) error {
		rec := record{h: h, t: t, row: x}
		if x.n <= h.row || rec.filled() == 0 || h.repeats(x) {
			return nil
		}
		if left--; left < 0 {
			return &Error{Row: x.n, Text: say("文件超过 %d 行，请分段导出", "the file has more than %d lines, export it in parts", linesMax)}
		}
		if options.reading.again() && options.reading.done {
			return errStop
		}
		return r.row(rec)
	})
	if err == errStop {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	if options.reading.again() {
		return []Statement{{}}, nil
	}
	return r.close()
}

// repeats says whether a row is the header once more, at the top of a page.
func (h *header) repeats(r row) bool {
	if len(r.cells) == 0 || len(h.names) < 2 || trimCell(r.cells[0]) != h.names[0] {
		return false
	}
	again := newHeader(r)
	return slices.Equal(again.folded, h.folded) && strings.Join(h.folded, "") != ""
}

// col is the first column with one of the names, the first name first; -1 when
// there is none.
func (h *header) col(names ...string) int {
	for _, name := range names {
		for i, f := range h.folded {
			if f == name {
				return i
			}
		}
	}
	return -1
}

// cols are all columns with one of the names, in the order of the names.
func (h *header) cols(names ...string) []int {
	var found []int
	for _, name := range names {
		for i, f := range h.folded {
			if f == name {
				found = append(found, i)
			}
		}
	}
	return found
}

// has says whether there is a column for every one of the names.
func (h *header) has(names ...string) bool {
	for _, name := range names {
		if h.col(name) < 0 {
			return false
		}
	}
	return true
}

// name is what an error calls a column.
func (h *header) name(col int) string {
	if col >= 0 && col < len(h.names) && h.names[col] != "" {
		return h.names[col]
	}
	return strconv.Itoa(col + 1)
}

// aboveText is what stands above the header, a row a line.
func (h *header) aboveText() string {
	var b strings.Builder
	for _, r := range h.above {
		for _, c := range r.cells {
			b.WriteString(strings.ReplaceAll(trimCell(c), "\u3000", " "))
			b.WriteByte('\t')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

var units = strings.NewReplacer("(元)", "", "(+元)", "", "(-元)", "", "(+/-元)", "", "(人民币)", "", "(人民币元)", "", "(rmb)", "", "(cny)", "", "_", "")

// fold makes header names comparable: full-width and half-width brackets,
// padding, tabs, backticks, units and case do not matter.
func fold(s string) string {
	s = strings.ToLower(width.Narrow.String(trimCell(s)))
	s = strings.Join(strings.Fields(s), "")
	s = units.Replace(strings.TrimLeft(s, "#"))
	return strings.Trim(s, `:'"`)
}

const padding = " \t\r\n`\u3000\u00a0\ufeff"

func trimCell(s string) string { return strings.Trim(s, padding) }

// record is one row under a header.
type record struct {
	h *header
	t *table
	row
}

// text is a cell without padding, "" when the row is too short for it.
func (r record) text(col int) string {
	if col < 0 || col >= len(r.cells) {
		return ""
	}
	return trimCell(r.cells[col])
}

// word is text with placeholders such as `/` and `--` taken as empty.
func (r record) word(col int) string {
	s := r.text(col)
	if strings.Trim(s, "-—/ ") == "" {
		return ""
	}
	return s
}

// filled counts the cells that hold something.
func (r record) filled() int {
	n := 0
	for _, c := range r.cells {
		if trimCell(c) != "" {
			n++
		}
	}
	return n
}

// first is the first cell that holds something.
func (r record) first() string {
	for _, c := range r.cells {
		if s := trimCell(c); s != "" {
			return s
		}
	}
	return ""
}

// fail blames a cell.
func (r record) fail(col int, zh, en string, values ...any) error {
	return &Error{Row: r.n, Column: r.h.name(col), Read: r.text(col), Text: say(zh, en, values...)}
}

// amount reads a cell that must hold an amount.
func (r record) amount(col int, p point) (money.Amount, error) {
	s := r.text(col)
	if r.t.sheet {
		if a, ok := parseFloat(s); ok {
			return a, nil
		}
	}
	a, ok := parseAmount(s, p)
	switch {
	case ok:
		return a, nil
	case s == "":
		return a, r.fail(col, "这里应有金额，却是空的", "an amount is missing here")
	}
	return a, r.fail(col, "读不懂金额", "cannot read the amount")
}

// id reads an id and refuses one that a spreadsheet ruined.
func (r record) id(col int) (string, error) {
	s := r.word(col)
	if ruined.MatchString(s) {
		return "", &Error{Row: r.n, Column: r.h.name(col), Read: s, Text: ruinedText}
	}
	if strings.Trim(s, "0") == "" {
		return "", nil
	}
	return s, nil
}

// ids reads several.
func (r record) ids(cols ...int) ([]string, error) {
	all := make([]string, len(cols))
	for i, col := range cols {
		s, err := r.id(col)
		if err != nil {
			return nil, err
		}
		all[i] = s
	}
	return all, nil
}

// date reads the first of the cells that is filled.
func (r record) date(order dateOrder, cols ...int) (time.Time, string, error) {
	if len(cols) == 0 {
		return time.Time{}, "", &Error{Row: r.n, Text: say("没有日期列", "there is no column with a date")}
	}
	for _, col := range cols {
		s := r.word(col)
		if s == "" {
			continue
		}
		if r.t.sheet {
			if t, clock, ok := parseSerial(s, r.t.from); ok {
				return t, clock, nil
			}
		}
		t, clock, ok := parseDate(s, order)
		if !ok {
			return t, "", r.fail(col, "读不懂日期", "cannot read the date")
		}
		return t, clock, nil
	}
	return time.Time{}, "", r.fail(cols[0], "这里应有日期，却是空的", "a date is missing here")
}

// whole refuses a row that was cut off, or that has cells too many.
func (r record) whole() error {
	n := len(r.h.names)
	for n > 0 && r.h.folded[n-1] == "" {
		n--
	}
	if len(r.cells) < n && !r.t.sheet { // a workbook leaves out empty cells at the end
		return &Error{Row: r.n, Column: r.h.name(len(r.cells)), Text: say("这一行不完整，只有 %d 列，应有 %d 列", "the row is cut off: %d of %d columns", len(r.cells), n)}
	}
	for i := n; i < len(r.cells); i++ {
		if trimCell(r.cells[i]) != "" {
			return &Error{Row: r.n, Column: fmt.Sprint(i + 1), Read: r.text(i), Text: say("这一行多出了列", "the row has a cell too many")}
		}
	}
	return nil
}
