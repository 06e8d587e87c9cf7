package campaigns_test

import (
	"slices"
	"strings"
	"testing"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
)

// tamper changes rows as somebody who owns the database and turns the guards off.
func (o *office) tamper(t testing.TB, sql string, args ...any) {
	t.Helper()
	tx := o.Owner.MustBegin()
	defer tx.Rollback()
	tx.MustExec(`SET LOCAL session_replication_role = replica`)
	if n, err := tx.MustExec(sql, args...).RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s changed %d rows, %v", sql, n, err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// Each tampering is found under its own code, by a sentence in each language.
func TestCheckFindsTampering(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sql  string
		want ledger.FindingCode
		says string
	}{
		{`UPDATE campaigns.donation SET amount = 60 WHERE amount = 50`, campaigns.PaidNotBooked, "60.00"},
		{`UPDATE campaigns.donation SET entry_seq = 99 WHERE amount = 50`, campaigns.PaidNotBooked, "-"},
		{`DELETE FROM receipt.receipt WHERE amount = 50`, campaigns.PaidNoReceipt, "50.00"},
		{`UPDATE receipt.receipt SET amount = 5000 WHERE amount = 50`, campaigns.PaidNoReceipt, "5000.00"},
		{`UPDATE campaigns.donation SET state = 'failed', entry_seq = NULL WHERE amount = 50`, campaigns.BookedNotPaid, "2026-1"},
		{`DELETE FROM campaigns.donation WHERE amount = 50`, campaigns.BookedNotPaid, "2026-1"},
		{`UPDATE campaigns.donation SET state = 'failed', entry_seq = NULL WHERE amount = 50`, campaigns.ReceiptNotPaid, "2026-000001"},
		{`UPDATE campaigns.donation SET refunded = 10 WHERE amount = 50`, campaigns.RefundsDiffer, "10.00"},
		{`DELETE FROM campaigns.refund WHERE amount = 20`, campaigns.RefundsDiffer, "20.00"},
		{`UPDATE campaigns.refund SET amount = 21 WHERE amount = 20`, campaigns.RefundNotBooked, "21.00"},
		{`UPDATE campaigns.refund SET entry_seq = 1 WHERE amount = 20`, campaigns.RefundNotBooked, "-"},
		{`DELETE FROM receipt.void`, campaigns.RefundedNotVoid, "70.00"},
		{`INSERT INTO receipt.void SELECT community_id, series, year, number, entry_seq, '', now() FROM receipt.receipt WHERE amount = 50`, campaigns.RefundedNotVoid, "0.00"},
		{`UPDATE campaigns.tally SET raised = raised + 1`, campaigns.TallyDiffers, "dinner"},
		{`UPDATE campaigns.tally SET gifts = gifts + 1`, campaigns.TallyDiffers, "dinner"},
		{`DELETE FROM receipt.receipt WHERE number = 2`, receipt.Missing, "2026-000003"},
		{`DELETE FROM receipt.receipt WHERE number = 3`, receipt.CounterDiffers, "3"},
		{`UPDATE receipt.counter SET last_number = 4`, receipt.CounterDiffers, "4"},
		{`UPDATE receipt.receipt SET issued_on = '2026-05-21' WHERE amount = 50`, receipt.EntryDiffers, "2026-05-21"},
		{`UPDATE receipt.receipt SET entry_seq = 99 WHERE amount = 50`, receipt.EntryDiffers, "-"},
		{`UPDATE receipt.void SET entry_seq = 1`, receipt.WrongVoid, "2026-1"},
		{`DELETE FROM receipt.void`, receipt.NotVoided, "2026-000003"},
	} {
		o := open(t)
		o.give(t, campaigns.Start{Amount: yuan("50")})
		part, _ := o.give(t, campaigns.Start{Amount: yuan("60")})
		whole, _ := o.give(t, campaigns.Start{Amount: yuan("70")})
		o.refund(t, part, "20")
		o.refund(t, whole, "70")
		o.sound(t)
		o.tamper(t, c.sql)
		found := o.findings(t)
		at := slices.IndexFunc(found, func(f ledger.Finding) bool {
			return f.Code == c.want && strings.Contains(f.Text("zh"), c.says) && strings.Contains(f.Text("en"), c.says)
		})
		if at < 0 {
			t.Errorf("%s: found %v, want %s about %s", c.sql, found, c.want, c.says)
			continue
		}
		for _, lang := range []string{"zh", "en"} {
			if text := found[at].Text(lang); strings.ContainsAny(text, "{}") {
				t.Errorf("%s: %s", c.sql, text)
			}
		}
	}
}

// A treasurer who reverses a gift's entry in the journal forgot the donor.
func TestCheckFindsAGiftReversedInTheJournal(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("50")})
	o.reverse(t, *d.EntrySeq)
	found := o.findings(t)
	if len(found) != 1 || found[0].Code != receipt.NotVoided {
		t.Errorf("found %v", found)
	}
}
