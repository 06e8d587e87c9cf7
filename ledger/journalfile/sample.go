package journalfile

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// headings are the columns of an empty table, as Read knows them.
var headings = map[string][]string{
	"zh": {"凭证号", "日期", "科目", "资金用途", "借方", "贷方", "摘要"},
	"en": {"Entry", "Date", "Account", "Fund", "Debit", "Credit", "Memo"},
}

// examples are two entries: a bill that is paid, and money moved from one fund to another.
var examples = map[string][][]any{
	"zh": {
		{"记-1", "2026-11-03", "5301 管理费用", "", 188.5, nil, "买电风扇"},
		{"记-1", "2026-11-03", "银行存款", "", nil, 188.5, "买电风扇"},
		{"记-2", "2026-11-05", "1001", "", 300, nil, "取备用金"},
		{"记-2", "2026-11-05", "1002", "", nil, 300, "取备用金"},
	},
	"en": {
		{"1", "2026-11-03", "5301 Administration", "", 188.5, nil, "Electric fan"},
		{"1", "2026-11-03", "Bank deposits", "", nil, 188.5, "Electric fan"},
		{"2", "2026-11-05", "1001", "", 300, nil, "Petty cash"},
		{"2", "2026-11-05", "1002", "", nil, 300, "Petty cash"},
	},
}

func half(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return "en"
	}
	return "zh"
}

// EmptyCSV writes a table with headings alone. It begins with the mark by which
// Excel knows UTF-8.
func EmptyCSV(w io.Writer, lang string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	return table.WriteAll([][]string{headings[half(lang)]})
}

// EmptyXLSX writes a workbook to be filled in: an empty table, and on the
// second sheet, which Read does not look at, how one is filled in.
func EmptyXLSX(w io.Writer, lang string) error {
	book := excelize.NewFile()
	defer book.Close()
	sheets := map[string][2]string{"zh": {"凭证", "例子"}, "en": {"Entries", "Example"}}[half(lang)]
	if err := book.SetSheetName("Sheet1", sheets[0]); err != nil {
		return err
	}
	if _, err := book.NewSheet(sheets[1]); err != nil {
		return err
	}
	for n, sheet := range sheets {
		rows := [][]any{make([]any, len(headings[half(lang)]))}
		for i, name := range headings[half(lang)] {
			rows[0][i] = name
		}
		if n == 1 {
			rows = append(rows, examples[half(lang)]...)
		}
		if err := fill(book, sheet, rows); err != nil {
			return err
		}
	}
	return book.Write(w)
}

// fill writes rows with a bold head that stays in sight, texts as texts and amounts with two decimals.
func fill(book *excelize.File, sheet string, rows [][]any) error {
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	text, err := book.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	amount, err := book.NewStyle(&excelize.Style{NumFmt: 4})
	if err != nil {
		return err
	}
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := book.SetSheetRow(sheet, at, &row); err != nil {
			return err
		}
	}
	return errors.Join(
		book.SetColStyle(sheet, "A:D", text), book.SetColStyle(sheet, "E:F", amount), book.SetColStyle(sheet, "G", text), book.SetRowStyle(sheet, 1, 1, bold),
		book.SetColWidth(sheet, "A", "B", 13), book.SetColWidth(sheet, "C", "D", 24), book.SetColWidth(sheet, "E", "F", 14), book.SetColWidth(sheet, "G", "G", 36),
		book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
	)
}
