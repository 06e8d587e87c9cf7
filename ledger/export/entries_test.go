package export_test

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
)

// The workbook holds the entries that were asked for, and no other.
func TestEntriesThatWereAskedFor(t *testing.T) {
	t.Parallel()
	db, c := aBook(t, 1203)
	sheet := func(f ledger.JournalFilter) [][]string {
		var out strings.Builder
		if err := export.Entries(t.Context(), &out, db.App, c, f, "zh-CN"); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(strings.NewReader(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		rows, err := book.GetRows("记账凭证", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if rows := sheet(ledger.JournalFilter{}); len(rows) != 1204 || rows[1][0] != "1203" || rows[1203][0] != "1" {
		t.Errorf("%d rows", len(rows))
	}
	if rows := sheet(ledger.JournalFilter{Amount: money.MustParse("7.00")}); len(rows) != 2 || rows[1][3] != "第 700 笔" || rows[1][7] != "7" && rows[1][7] != "7.00" {
		t.Errorf("%v", rows)
	}
}
