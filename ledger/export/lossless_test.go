package export_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"fund/ledger"
	"fund/ledger/export"
	"fund/migrations/pgtest"
)

// What JSONLines writes is complete: every leaf of the signed log can be made
// from it again, with nothing else at hand. The form of a leaf is written down
// here a second time, on purpose.
func TestLeavesFromJSON(t *testing.T) {
	t.Parallel()
	db, c := aBook(t, 25)
	var out strings.Builder
	if err := export.JSONLines(t.Context(), &out, db.App, c); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(strings.NewReader(out.String()))
	lines.Scan()
	var book export.Book
	if err := json.Unmarshal(lines.Bytes(), &book); err != nil || book.Community != "many" || len(book.Accounts) < 20 || len(book.Funds) == 0 {
		t.Fatalf("%+v, %v", book, err)
	}
	n := 0
	for lines.Scan() {
		var e export.Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		n++
		orDash := func(s string) string {
			if s == "" || s == "0" {
				return "-"
			}
			return s
		}
		record := strings.Join([]string{
			"fund entry v1", book.Community, fmt.Sprint(e.Seq), e.Voucher, e.Date, e.PostedAt.Format("2006-01-02T15:04:05.000000Z"), e.Kind, e.Source, e.Memo, e.Detail,
			e.PostedBy, orDash(fmt.Sprint(e.Reverses)), orDash(e.Commitment), "",
		}, "\n")
		for i, p := range e.Postings {
			record += fmt.Sprintf("%d %s %s %s\n", i+1, p.Account, p.Fund, p.Amount)
		}
		var leaf []byte
		if err := db.App.Get(&leaf, `SELECT hash FROM transparency.leaf WHERE community_id = $1 AND leaf_index = $2`, c.ID, e.Seq-1); err != nil {
			t.Fatal(err)
		}
		if made := sha256.Sum256([]byte("\x00" + record)); string(made[:]) != string(leaf) {
			t.Errorf("entry %d: the leaf cannot be made from\n%s", e.Seq, record)
		}
	}
	if n != 25 {
		t.Errorf("%d entries", n)
	}
}

// The workbook's figures are numbers, its texts are no formulas, and its sheets agree.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	db, c := aBook(t, 3)
	var out strings.Builder
	if err := export.XLSX(t.Context(), &out, db.App, c, "en"); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if sheets := book.GetSheetList(); strings.Join(sheets, ",") != "General ledger,Accounts,Funds" {
		t.Fatalf("%v", sheets)
	}
	rows, err := book.GetRows("General ledger", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != 7 || rows[1][5] == "" || rows[2][6] == "" {
		t.Fatalf("%v, %v", rows, err)
	}
	if kind, err := book.GetCellType("General ledger", "F2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a debit is a cell of type %v, %v", kind, err)
	}
}

func aBook(t *testing.T, entries int) (*pgtest.Database, ledger.Community) {
	t.Helper()
	db := pgtest.DB(t)
	tx := db.App.MustBegin()
	defer tx.Rollback()
	c, err := ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "many", NameZH: "多", NameEN: "Many", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
	if err != nil {
		t.Fatal(err)
	}
	post(t, tx, c, entries)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return db, c
}
