package report

import (
	"time"

	"fund/ledger"
	"fund/ledger/money"
)

// Table is a statement ready to be drawn: the page, the PDF, the workbook and the JSON are all made of this value and
// know nothing of the statement itself.
type Table struct {
	Ask                           // what was asked for, its days widened to what the statement covers
	Statement                     // its name, form and title
	Community    ledger.Community // who reports (编制单位)
	Of           Words            // what it is narrowed to: a fund, an account; empty for the whole book
	Columns      []Column
	Rows         []TableRow
	Notes        []Words // what a reader has to know to read the figures
	Balanced     *bool   // whether the two sides agree, where the statement has two
	Next         *Ask    // the next page of a long one
	AsOf         bool    // tells how things stand at the end of the period, not what happened in it
	PreparedFrom int64   // entries posted so far: the seq of the last one
}

// ColumnKind says what stands in a column.
type ColumnKind string

// The kinds of column. Every table has exactly one LabelColumn.
const (
	LabelColumn  ColumnKind = "label"  // what the row is; takes the room that is left
	CodeColumn   ColumnKind = "code"   // short marks: an account's code, a voucher's number
	TextColumn   ColumnKind = "text"   // a few words
	DateColumn   ColumnKind = "date"   // 2017-01-31
	AmountColumn ColumnKind = "amount" // money, to the right
	ShareColumn  ColumnKind = "share"  // 62.4%, to the right
)

// Column is a column of a table.
type Column struct {
	Key   string // names it in the JSON, for ever: opening_debit
	Kind  ColumnKind
	Group Words // heading above this column and its neighbours with the same words; empty for none
	Title Words
}

// TableRow is a row: a cell for each column.
type TableRow struct {
	Key   string // names it in the JSON: total_assets, an account's code, a voucher's number
	Kind  Kind
	Depth int // how far its label is indented: 0, 1, 2
	Cells []Cell
}

// Cell is words, an amount, or nothing.
type Cell struct {
	Words  Words
	Amount *money.Amount
	Link   *Ask // what the figure is made of; nil where it is made of the rows above, or of nothing
}

// Blank reports whether nothing stands in the cell.
func (c Cell) Blank() bool { return c.Amount == nil && c.Words == Words{} }

// Words is a text in both languages.
type Words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In is the text in the reader's language ("en", else Chinese).
func (w Words) In(lang string) string { return nameIn(lang, w.ZH, w.EN) }

// Same is a text that reads the same in both languages: a code, a date, somebody's name.
func Same(text string) Words { return Words{text, text} }

// Figure is the cell of an amount that links to what it is made of (nil: to nothing). A zero links to nothing.
func Figure(a money.Amount, link *Ask) Cell {
	if a.IsZero() {
		link = nil
	}
	return Cell{Amount: &a, Link: link}
}

// FigureOrBlank is Figure, but nothing where the amount is zero.
func FigureOrBlank(a money.Amount, link *Ask) Cell {
	if a.IsZero() {
		return Cell{}
	}
	return Figure(a, link)
}

// Text is the cell of words.
func Text(w Words, link *Ask) Cell { return Cell{Words: w, Link: link} }

// Day is the cell of a date.
func Day(t time.Time) Cell { return Cell{Words: Same(t.Format(time.DateOnly))} }

// Amounts are the columns of money.
func (t Table) Amounts() (n int) {
	for _, c := range t.Columns {
		if c.Kind == AmountColumn {
			n++
		}
	}
	return n
}
