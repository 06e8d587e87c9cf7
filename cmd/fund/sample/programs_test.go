package sample_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/ledger/report"
)

// hledger comes to our trial balance at the end of every month of the sample's books.
func checkOtherPrograms(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	_, rows := inHLedger(t, ctx, db, c, "balance", "--flat", "--historical", "--monthly", "--empty", "-N", "-O", "csv", "assets", "liabilities")
	periods, err := ledger.ListPeriods(ctx, db, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, p := range periods {
		trial, err := report.TrialBalance(ctx, db, c, p.Month, p.Month)
		if err != nil {
			t.Fatal(err)
		}
		ours := map[string]money.Amount{}
		for _, l := range trial.Lines {
			ours[l.Code] = l.ClosingDebit.Sub(l.ClosingCredit)
		}
		for i, heading := range rows[0] {
			if heading[:min(7, len(heading))] != p.Month.Format("2006-01") {
				continue
			}
			for _, row := range rows[1:] {
				_, name, _ := strings.Cut(row[0], ":")
				code, _, _ := strings.Cut(name, " ")
				theirs := strings.TrimPrefix(row[i], "CNY ")
				if theirs == "0" {
					theirs = "0.00"
				}
				equal(t, p.Month.Format("2006-01 ")+code, ours[code], theirs)
				compared++
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d balances were compared", compared)
	}
}

// inHLedger exports the books and has hledger answer a question about them, as rows.
func inHLedger(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community, question ...string) (journal string, rows [][]string) {
	t.Helper()
	if _, err := exec.LookPath("hledger"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("hledger is not installed")
	}
	var written, said bytes.Buffer
	if err := export.HLedger(ctx, &written, db, c); err != nil {
		t.Fatal(err)
	}
	journal = written.String()
	hledger := exec.CommandContext(ctx, "hledger", append([]string{"-f", "-"}, question...)...)
	hledger.Env, hledger.Stdin, hledger.Stdout = append(os.Environ(), "LANG=C.UTF-8"), &written, &said
	if err := hledger.Run(); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&said).ReadAll()
	if err != nil || len(rows) < 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return journal, rows
}
