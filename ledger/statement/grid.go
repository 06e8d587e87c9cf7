package statement

import (
	"time"

	"fund/ledger/money"
)

// Grid is a table in a CSV, XLS, XLSX or HTML file, for readers of other things
// than statements: it knows encodings, separators, sheets and cells.
type Grid struct {
	Rows []GridRow // under the header, without empty ones

	header *header
}

// GridRow is a row of a Grid.
type GridRow struct{ record }

// ReadGrid reads the first table whose header row is known, which is told the
// names of its columns: narrow, in small letters, without blanks and units. An
// *Error says why there is none.
func ReadGrid(name string, data []byte, known func(names []string) bool) (*Grid, error) {
	var tables []*table
	_, err := parse(data, Options{look: func(t *table) { tables = append(tables, t) }})
	if len(tables) == 0 {
		if err == nil {
			err = unknown(1)
		}
		return nil, inFile(err, name)
	}
	for _, t := range tables {
		g, err := t.grid(known)
		if err != nil || g != nil {
			return g, inFile(err, name)
		}
	}
	return nil, nil
}

func (t *table) grid(known func([]string) bool) (*Grid, error) {
	var g *Grid
	err := t.each(func(r row) error {
		switch {
		case g != nil:
			rec := record{h: g.header, t: t, row: row{r.n, append([]string(nil), r.cells...)}}
			if rec.filled() > 0 && !g.header.repeats(r) {
				g.Rows = append(g.Rows, GridRow{rec})
			}
			if len(g.Rows) > linesMax {
				return &Error{Row: r.n, Text: say("文件超过 %d 行，请分段导出", "the file has more than %d lines, export it in parts", linesMax)}
			}
		case r.n > headerRowMax:
			return errStop
		default:
			if h := newHeader(r); known(h.folded) {
				g = &Grid{header: h}
			}
		}
		return nil
	})
	if err == errStop {
		err = nil
	}
	return g, err
}

// Column is the first column with one of the names, the first name first; -1
// where there is none.
func (g *Grid) Column(names ...string) int { return g.header.col(names...) }

// Name is what a person calls a column.
func (g *Grid) Name(col int) string { return g.header.name(col) }

// N is where the row stands in the file, from 1.
func (r GridRow) N() int { return r.n }

// Text is a cell without padding, empty where there is none.
func (r GridRow) Text(col int) string { return r.text(col) }

// Amount reads a cell that holds an amount, zero where it is blank.
func (r GridRow) Amount(col int) (money.Amount, error) {
	if blankAmount(r.text(col)) {
		return money.Zero, nil
	}
	return r.amount(col, pointDot)
}

// Day reads a cell that holds a day; the year comes first, or it is spelled out.
func (r GridRow) Day(col int) (time.Time, error) {
	day, _, err := r.date(dayFirst, col)
	return day, err
}

// Fail blames a cell.
func (r GridRow) Fail(col int, zh, en string, values ...any) *Error {
	e := &Error{Row: r.n, Text: say(zh, en, values...)}
	if col >= 0 {
		e.Column, e.Read = r.h.name(col), r.text(col)
	}
	return e
}
