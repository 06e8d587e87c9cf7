package statement

import (
	"strconv"
	"strings"
)

// row is one row of a table with its number as a person counts it.
type row struct {
	n     int
	cells []string
}

// table is a sheet or a CSV file, readable more than once.
type table struct {
	each    func(func(row) error) error // stops at the first error
	name    string                      // of the sheet, empty where the file has none
	sheet   bool                        // cells hold the numbers of a spreadsheet
	from    int                         // year of day 0 of its dates: 1900 or 1904
	comma   bool                        // fields are parted by ';', so decimals likely by ','
	rowLast int                         // for errors about the end of the file
}

// rows is about how many rows stand under a header, 0 when that is not known.
func (t *table) rows(h *header) int { return min(max(0, t.rowLast-h.row), linesMax) }

// multiline is how many lines a quoted cell may span before its quote counts
// as never closed: reading on would swallow rows of money.
const multiline = 30

// parseCSV finds the separator under which a header, or the most columns of a
// profile, can be read.
func parseCSV(text script, options Options) ([]Statement, error) {
	if !strings.Contains(text.raw, "\n") {
		text.raw = strings.ReplaceAll(text.raw, "\r", "\n")
	}
	separators := []byte{',', ';', '\t', '|'}
	if options.Profile != nil && options.Profile.Separator != "" {
		separators = []byte{options.Profile.Separator[0]}
	}
	var best *header
	var table *table
	for _, separator := range separators {
		t := csvTable(text, separator)
		h, err := findHeader(t, options)
		if err != nil && best == nil && separator == separators[len(separators)-1] {
			return nil, err
		}
		if err == nil && h != nil && (best == nil || len(h.names) > len(best.names)) {
			best, table = h, t
		}
	}
	if best == nil {
		return nil, unknown(1)
	}
	return best.read(table, options)
}

// csvTable cuts text into rows. It is not encoding/csv because of what real
// exports hold: quotes inside plain cells, blanks and tabs after a closing
// quote, backticks before cells that themselves contain commas.
func csvTable(text script, separator byte) *table {
	each := func(visit func(row) error) error {
		rest, n := text.raw, 0
		var cells []string
		for rest != "" {
			n++
			first := n
			var line string
			line, rest = cutLine(rest)
			line = text.line(line)
			if strings.HasPrefix(line, "`") && separator == ',' {
				cells = append(cells[:0], strings.Split(line[1:], ",`")...)
			} else {
				var open bool
				cells, open = splitLine(cells[:0], line, separator)
				for open {
					var more string
					if rest == "" || n-first > multiline {
						return &Error{Row: first, Column: strconv.Itoa(len(cells)), Text: say("引号没有闭合", "a quote is never closed")}
					}
					more, rest = cutLine(rest)
					more = text.line(more)
					n++
					if strings.Count(more, string(separator)) >= max(3, len(cells)) && !strings.Contains(more, `"`) {
						return &Error{Row: first, Column: strconv.Itoa(len(cells)), Text: say("引号没有闭合", "a quote is never closed")}
					}
					line += "\n" + more
					cells, open = splitLine(cells[:0], line, separator)
				}
			}
			if err := visit(row{first, cells}); err != nil {
				return err
			}
		}
		return nil
	}
	return &table{each: each, comma: separator == ';', rowLast: 1 + strings.Count(strings.TrimRight(text.raw, "\r\n"), "\n")}
}

func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

// splitLine cuts one line; open reports a quoted cell without its end.
func splitLine(cells []string, line string, separator byte) (_ []string, open bool) {
	for {
		cell, rest := strings.TrimLeft(line, " "), ""
		more := false
		if strings.HasPrefix(cell, `"`) {
			end, after := closingQuote(cell, separator)
			if end < 0 {
				return append(cells, cell), true
			}
			rest, more = cell[after:], after < len(cell)
			cell = cell[1:end]
			if strings.Contains(cell, `""`) {
				cell = strings.ReplaceAll(cell, `""`, `"`)
			}
			rest = strings.TrimPrefix(rest, string(separator))
		} else {
			cell, rest, more = strings.Cut(line, string(separator))
		}
		cells = append(cells, cell)
		if !more {
			return cells, false
		}
		line = rest
	}
}

// closingQuote finds the quote that is followed, after blanks, by a separator
// or the end; after is where the separator stands.
func closingQuote(cell string, separator byte) (end, after int) {
	for i := 1; i < len(cell); i++ {
		if cell[i] != '"' {
			continue
		}
		rest := cell[i+1:]
		blank := len(rest) - len(strings.TrimLeft(rest, " \t\r"))
		if separator == '\t' {
			blank = len(rest) - len(strings.TrimLeft(rest, " \r"))
		}
		if blank == len(rest) || rest[blank] == separator {
			return i, i + 1 + blank
		}
		if rest[0] == '"' {
			i++
		}
	}
	return -1, 0
}
