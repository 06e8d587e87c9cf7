package pastfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Sheets are the names of the empty tables that EmptyCSV writes.
func Sheets() (names []string) {
	for _, k := range kinds {
		names = append(names, k.key)
	}
	return names
}

// head and example are a column's cells in the first two rows of an empty table.
func (c column) head(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return c.en
	}
	return c.zh
}

func (c column) example(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return c.exEN
	}
	return c.exZH
}

// rows are the head and the example of an empty table.
func (k *kind) rows(lang string) [][]string {
	rows := make([][]string, 2)
	for _, c := range k.columns {
		rows[0], rows[1] = append(rows[0], c.head(lang)), append(rows[1], c.example(lang))
	}
	return rows
}

// EmptyCSV writes the empty table of one sheet, with the mark by which Excel
// knows UTF-8. It is false for a sheet that there is not.
func EmptyCSV(w io.Writer, sheet, lang string) (bool, error) {
	for _, k := range kinds {
		if k.key != sheet {
			continue
		}
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return true, err
		}
		return true, csv.NewWriter(w).WriteAll(k.rows(lang))
	}
	return false, nil
}

// EmptyXLSX writes the workbook to be filled in: how it is done, and a sheet for each kind with an example row, which Read
// leaves out.
func EmptyXLSX(w io.Writer, lang string) error {
	book := excelize.NewFile()
	defer book.Close()
	english := strings.HasPrefix(lang, "en")
	guide := map[bool]string{false: "说明", true: "How to"}[english]
	if err := book.SetSheetName("Sheet1", guide); err != nil {
		return err
	}
	if err := fillGuide(book, guide, english); err != nil {
		return err
	}
	for _, k := range kinds {
		name := map[bool]string{false: k.zh, true: k.en}[english]
		if _, err := book.NewSheet(name); err != nil {
			return err
		}
		if err := fillSheet(book, name, k, lang); err != nil {
			return err
		}
	}
	return book.Write(w)
}

// fillGuide writes what goes into each column.
func fillGuide(book *excelize.File, sheet string, english bool) error {
	lines := [][]any{
		{"一张表一样：项目、成效、小组、活动。用不着的表空着就行。例子那一行（开头是“例：”）不会导入。"},
		{"先在网页上看一遍，有要改的一次全告诉您；都对了才导入。同一个文件导入两次，不会多出来。"},
		{},
		{"表", "列", "必须有", "写什么", "例子"},
	}
	if english {
		lines = [][]any{
			{"A sheet each for projects, outcomes, groups and activities; leave empty what you do not need. The example rows are not imported."},
			{"The page shows everything that is to be mended at once; only a file without problems is imported. Importing it twice adds nothing."},
			{},
			{"Sheet", "Column", "Needed", "What goes there", "Example"},
		}
	}
	for _, k := range kinds {
		for _, c := range k.columns {
			line := []any{k.zh, c.zh, map[bool]string{true: "是", false: ""}[c.must], c.saidZH, c.exZH}
			if english {
				line = []any{k.en, c.en, map[bool]string{true: "yes", false: ""}[c.must], c.saidEN, c.exEN}
			}
			lines = append(lines, line)
		}
		lines = append(lines, []any{map[bool]string{false: k.zh, true: k.en}[english], "", "", map[bool]string{false: k.sheetSaidZH, true: k.sheetSaidEN}[english]})
	}
	for i, line := range lines {
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &line); err != nil {
			return err
		}
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	return errors.Join(book.SetColWidth(sheet, "A", "C", 14), book.SetColWidth(sheet, "D", "D", 56), book.SetColWidth(sheet, "E", "E", 26), book.SetRowStyle(sheet, 4, 4, bold))
}

// fillSheet writes the head, which stays in sight, and the example in grey; days and numbers stay text until somebody writes them.
func fillSheet(book *excelize.File, sheet string, k *kind, lang string) error {
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	grey, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Italic: true, Color: "7A7265"}})
	if err != nil {
		return err
	}
	for i, row := range k.rows(lang) {
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	for i, c := range k.columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := book.SetColWidth(sheet, name, name, float64(c.width)); err != nil {
			return err
		}
	}
	return errors.Join(book.SetRowStyle(sheet, 1, 1, bold), book.SetRowStyle(sheet, 2, 2, grey),
		book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}
