package statement

import (
	"time"

	"fund/ledger/money"
)

// Grid is a table in a CSV, XLS, XLSX or HTML file, for readers of other things
// than statements: it knows encodings, separators, sheets and cells.
type Grid struct {
	Sheet string    // its name in a workbook, empty elsewhere
	Rows  []GridRow // under the header, without empty ones

	header *header
}

// GridRow is a row of a Grid.
type GridRow struct{ record }

// ReadGrid reads the first table whose header row is known, which is told the
// names of its columns: narrow, in small letters, without blanks and units. An
// *Error says why there is none.
func ReadGrid(name string, data []byte, known func(names []string) bool) (*Grid, error) {
	tables, err := tablesIn(name, data)
	for _, t := range tables {
		g, err := t.grid(known)
		if err != nil || g != nil {
			return g, inFile(err, name)
		}
	}
	return nil, err
}

// ReadGrids reads every table of a file, sheet by sheet: of those whose header
// row is not known, only the sheet's name, with no rows and no columns. Blank
// sheets are left out.
func ReadGrids(name string, data []byte, known func(names []string) bool) (grids []*Grid, err error) {
	tables, err := tablesIn(name, data)
	for _, t := range tables {
		g, err := t.grid(known)
		if err != nil {
			return nil, inFile(err, name)
		}
		if g == nil && t.blank() {
			continue
		}
		if g == nil {
			g = &Grid{header: &header{}}
		}
		g.Sheet = t.name
		grids = append(grids, g)
	}
	return grids, err
}

// blank tells whether nothing stands where a header would.
func (t *table) blank() bool {
	blank := true
	_ = t.each(func(r row) error {
		if blank = (record{row: r}).filled() == 0; !blank || r.n > headerRowMax {
			return errStop
		}
		return nil
	})
	return blank
}

// tablesIn are the tables of a file, unread.
func tablesIn(name string, data []byte) (tables []*table, err error) {
	_, err = parse(data, Options{look: func(t *table) { tables = append(tables, t) }})
	if len(tables) > 0 {
		return tables, nil
	}
	if err == nil {
		err = unknown(1)
	}
	return nil, inFile(err, name)
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

// Names are the header's names as known was told them.
func (g *Grid) Names() []string { return g.header.folded }

// Known tells whether the header row was found.
func (g *Grid) Known() bool { return len(g.header.names) > 0 }

// HeaderRow is where the header stands, from 1.
func (g *Grid) HeaderRow() int { return g.header.row }

// Column is the first column with one of the names, the first name first; -1
// where there is none.
func (g *Grid) Column(names ...string) int { return g.header.col(names...) }

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
