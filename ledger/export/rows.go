package export

import (
	"encoding/csv"
	"fmt"
	"io"

	"fund/ledger/money"
)

// Rows writes a list, a row at a time, as CSV or as a workbook.
//
//	rows, err := export.NewRows(w, "csv", "funds", []string{"code", "net_assets"})
//	err = rows.Add("general", amount)
//	err = rows.Close()
type Rows struct {
	book  *sheets     // nil for CSV
	table *csv.Writer // nil for a workbook
	cells []string
}

// NewRows begins a list; name is that of a workbook's sheet.
func NewRows(w io.Writer, format, name string, headings []string) (*Rows, error) {
	if format == "xlsx" {
		r := &Rows{book: newSheets(w)}
		return r, r.sheet(name, headings)
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	r := &Rows{table: csv.NewWriter(w)}
	return r, r.table.Write(headings)
}

func (r *Rows) sheet(name string, headings []string) error {
	return r.book.open(name, headings, widthsOf(headings)...)
}

// Sheet begins another list in a workbook; in CSV there is only one, and it is left out.
func (r *Rows) Sheet(name string, headings []string) (ok bool, err error) {
	if r.book == nil {
		return false, nil
	}
	return true, r.sheet(name, headings)
}

// Add writes a row: a string, an int, an int64, a bool, a money.Amount, or nil for an empty cell.
func (r *Rows) Add(cells ...any) error {
	for i, cell := range cells {
		switch v := cell.(type) {
		case string:
			cells[i] = Inert(v)
		case bool:
			cells[i] = fmt.Sprint(v)
		}
	}
	if r.book != nil {
		return r.book.add(cells...)
	}
	r.cells = r.cells[:0]
	for _, cell := range cells {
		switch v := cell.(type) {
		case nil:
			r.cells = append(r.cells, "")
		case money.Amount:
			r.cells = append(r.cells, v.String())
		default:
			r.cells = append(r.cells, fmt.Sprint(v))
		}
	}
	return r.table.Write(r.cells)
}

// Close ends the list.
func (r *Rows) Close() error {
	if r.book != nil {
		return r.book.close()
	}
	r.table.Flush()
	return r.table.Error()
}
