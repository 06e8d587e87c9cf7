package export_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/report"
)

// A workbook of a statement has what the statement has, and its figures are numbers.
func TestTableAsWorkbookAndJSON(t *testing.T) {
	t.Parallel()
	db, c := aBook(t, 3)
	ask := report.Ask{Name: "trial-balance", From: ledger.Day(2026, 1, 1), To: ledger.Day(2026, 12, 31)}
	table, err := report.Draw(t.Context(), db.App, c, ask)
	if err != nil {
		t.Fatal(err)
	}
	prepared := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

	var book bytes.Buffer
	if err := export.TableXLSX(&book, table, "en", prepared); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.GetRows("Trial balance", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	last := rows[len(rows)-1]
	if rows[5][0] != "Code" || rows[4][4] != "In the period" || last[1] != "Total" || last[4] != "0.06" {
		t.Errorf("the workbook says %q … %q", rows[4:6], last)
	}
	if kind, _ := file.GetCellType("Trial balance", "E7"); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("an amount is of type %v, not a number", kind)
	}
	if panes, _ := file.GetPanes("Trial balance"); !panes.Freeze || panes.YSplit != 6 {
		t.Errorf("the headings do not stay: %+v", panes)
	}

	var text bytes.Buffer
	if err := export.TableJSON(&text, table, prepared); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Statement, Community, From, To string
		PreparedAt                     string `json:"prepared_at"`
		Entries                        int
		Rows                           []struct {
			Key   string
			Cells map[string]any
		}
	}
	if err := json.Unmarshal(text.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	total := doc.Rows[len(doc.Rows)-1]
	if doc.Statement != "trial-balance" || doc.From != "2026-01-01" || doc.Entries != 3 || doc.PreparedAt != "2026-11-23T08:00:00Z" ||
		total.Key != "total" || total.Cells["turnover_debit"] != "0.06" || total.Cells["opening_debit"] != "0.00" {
		t.Errorf("%+v", doc)
	}
}
