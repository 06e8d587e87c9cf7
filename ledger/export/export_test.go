package export_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
)

func TestInert(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "捐赠": "捐赠", "1-2": "1-2", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
	} {
		if got := export.Inert(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Both writers read a thousand entries at a time: each stands there once, the last of one reading and the first of the next.
func TestEveryEntryOnce(t *testing.T) {
	t.Parallel()
	const many = 2005
	db, c := aBook(t, many)

	var table, journal strings.Builder
	if err := export.CSV(t.Context(), &table, db.App, c, ledger.JournalFilter{}, "en"); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(table.String())).ReadAll()
	if err != nil || len(rows) != many+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows[1:] {
		if row[0] != fmt.Sprint(many-i) {
			t.Fatalf("row %d is entry %s", i+1, row[0])
		}
	}
	if err := export.HLedger(t.Context(), &journal, db.App, c); err != nil {
		t.Fatal(err)
	}
	at := 0
	for n := 1; n <= many; n++ {
		next := strings.Index(journal.String()[at:], fmt.Sprintf("(2026-%d) 第 %d 笔  ; kind:manual, source:test:%d, seq:%d\n", n, n, n, n))
		if next < 0 {
			t.Fatalf("entry %d is not where it belongs", n)
		}
		at += next
	}
	if n := strings.Count(journal.String(), "  ; fund:general\n"); n != 2*many {
		t.Errorf("%d postings", n)
	}
}

func post(t *testing.T, tx *sqlx.Tx, c ledger.Community, many int) {
	t.Helper()
	chart, err := ledger.ListAccounts(t.Context(), tx, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	bank, _ := chart.By(ledger.Bank)
	income, _ := chart.By(ledger.OtherIncome)
	entries := make([]ledger.Entry, many)
	for i := range entries {
		amount := money.FromFen(int64(i + 1))
		entries[i] = ledger.Entry{
			Date: ledger.Day(2026, 1, 1), Kind: "manual", Source: fmt.Sprintf("test:%d", i+1), Memo: fmt.Sprintf("第 %d 笔", i+1), PostedBy: "system",
			Postings: []ledger.Posting{ledger.Debit(bank.ID, ledger.GeneralFundID, amount), ledger.Credit(income.ID, ledger.GeneralFundID, amount)},
		}
	}
	if _, err := ledger.Post(t.Context(), tx, c.ID, entries...); err != nil {
		t.Fatal(err)
	}
}
