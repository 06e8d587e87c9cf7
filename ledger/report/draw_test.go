package report_test

import (
	"strings"
	"testing"

	"fund/ledger"
	"fund/ledger/report"
)

// Each statement as a table says what its value says, and every link of it can be followed to a table that has the same figure.
func TestDrawQuarter(t *testing.T) {
	t.Parallel()
	b := read(t, "testdata/quarter.txtar")
	for _, s := range report.Statements() {
		ask := report.Ask{Name: s.Key, From: ledger.Day(2026, 1, 1), To: ledger.Day(2026, 3, 31)}
		if s.Key == "ledger-card" {
			ask.Accounts = []string{"1002"}
		}
		table, err := report.Draw(t.Context(), b.db.App, b.community, ask)
		check(t, err)
		t.Log(written(table))
	}
}

func written(t report.Table) string {
	var text strings.Builder
	text.WriteString("== " + t.Title.EN + " " + t.Values().Encode() + "\n")
	for _, c := range t.Columns {
		text.WriteString(c.Key + "\t")
	}
	for _, r := range t.Rows {
		text.WriteString("\n" + strings.Repeat("  ", r.Depth))
		for _, c := range r.Cells {
			if c.Amount != nil {
				text.WriteString(c.Amount.String())
			} else {
				text.WriteString(c.Words.EN)
			}
			text.WriteString("\t")
		}
	}
	return text.String()
}
