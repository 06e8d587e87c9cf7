package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fund/ledger"
	"fund/ledger/report"
)

// What is open at the end of June 2026 (30 June): first in, first out, in each fund; an entry and its reversal count for
// nothing; the 30th, 60th and 90th day before still stand in the younger column.
func TestAgeing(t *testing.T) {
	t.Parallel()
	b := book(t, "npo-2026")
	b.addFund(t, "elders", ledger.CampaignFund, true)
	b.post(t, `2025-10-01 lent-out | 1122 general 500.00 | 1002 general -500.00
		2026-04-01 lent-again | 1122 general 70.00 | 1002 general -70.00
		2026-04-02 partly-back | 1002 general 450.00 | 1122 general -450.00
		2026-05-01 sixty-days | 1122 general 8.00 | 1002 general -8.00
		2026-05-31 thirty-days | 1122 general 30.00 | 1002 general -30.00
		2026-06-01 wrong | 1122 general 999.00 | 1002 general -999.00
		2026-04-20 gift | 100901 elders 100.00 | 4101 elders -100.00
		2026-06-20 gift | 100901 elders 50.00 | 4101 elders -50.00
		2026-06-25 paid-out | 1002 elders 120.00 | 100901 elders -120.00
		2026-06-10 from-nobody | 1002 general 66.00 | 220901 general -66.00
		2026-03-02 bill | 5101 general 40.00 | 2202 general -40.00
		2026-06-29 too-much-paid | 2202 general 45.00 | 1002 general -45.00
		2026-06-30 lent-between | 112201 general 20.00 | 1002 general -20.00 | 1002 elders 20.00 | 112201 elders -20.00
		2026-07-01 not-yet | 1122 general 1.00 | 1002 general -1.00`)
	tx := b.db.App.MustBegin()
	defer tx.Rollback()
	_, err := ledger.Reverse(t.Context(), tx, b.community.ID, 6, ledger.Day(2026, 6, 2), "wrong", "system")
	check(t, err)
	check(t, tx.Commit())

	table, err := report.Draw(t.Context(), b.db.App, b.community, report.Ask{Name: "ageing", From: ledger.Day(2026, 6, 1), To: ledger.Day(2026, 6, 30)})
	check(t, err)
	var got []string
	for _, r := range table.Rows {
		line := r.Key
		for _, c := range r.Cells[1:] {
			if c.Amount != nil {
				line += " " + c.Amount.String()
			} else {
				line += " ."
			}
		}
		got = append(got, line)
	}
	want := []string{
		"suspense . . . . .", "220901.general 66.00 66.00 . . .",
		"clearing . . . . .", "100901.elders 30.00 30.00 . . .",
		"receivable . . . . .", "1122.general 158.00 30.00 8.00 70.00 50.00",
		"payable . . . . .", "2202.general -5.00 -5.00 . . .",
		"between_funds . . . . .", "112201.general 20.00 20.00 . . .", "112201.elders -20.00 -20.00 . . .", "between_funds.total 0.00 . . . .",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%s", diff, strings.Join(got, "\n"))
	}
	card := table.Rows[5].Cells[3].Link
	if card == nil || card.Name != "ledger-card" || !card.From.Equal(ledger.Day(2026, 5, 1)) || !card.To.Equal(ledger.Day(2026, 5, 30)) {
		t.Errorf("31 to 60 days lead to %+v", card)
	}
	one, err := report.Draw(t.Context(), b.db.App, b.community, report.Ask{Name: "ageing", From: ledger.Day(2026, 6, 1), To: ledger.Day(2026, 6, 30), Fund: "elders"})
	check(t, err)
	if len(one.Rows) != 4 {
		t.Errorf("one fund has %d rows", len(one.Rows))
	}
}
