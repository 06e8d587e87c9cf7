package schedule_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/schedule"
)

// TestCheckFinds breaks a register past its verbs, and wants each break told.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	for want, breaks := range map[ledger.FindingCode]string{
		schedule.WrittenTooMuch: `UPDATE schedule.item SET cost = 50 WHERE kind = 'asset'`,
		schedule.TurnEntry:      `UPDATE schedule.turn SET entry_seq = 1`,
		schedule.GoneTwice: `INSERT INTO schedule.disposal (community_id, item_id, entry_seq, how, gone_on, made_by)
			SELECT i.community_id, i.id, n, 'lost', '2026-03-01', 'x' FROM schedule.item i, generate_series(1, 2) n WHERE i.kind = 'asset'`,
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			o.register(t, o.laptop(), o.account(ledger.Bank))
			o.run(t, feb28, feb28)
			o.sound(t)
			if _, err := o.Owner.ExecContext(ctx, breaks); err != nil {
				t.Fatal(err)
			}
			o.finds(t, want)
		})
	}
}

// An item whose own entry was reversed, while its months stand.
func TestCheckFindsMonthsOfWhatNeverCame(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	i := o.register(t, o.laptop(), o.account(ledger.Bank))
	o.run(t, feb28, feb28)
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, o.ID, *i.EntrySeq, feb28, "退货", "user:7")
		return err
	})
	o.finds(t, schedule.VoidPosted)
	if due, err := schedule.DueThrough(ctx, o.App, o.Community, dec31); err != nil || len(due) != 0 {
		t.Errorf("of what never came %d months are due (%v)", len(due), err)
	}
}

func (o *office) finds(t *testing.T, want ledger.FindingCode) {
	t.Helper()
	found, err := schedule.Check(ctx, o.App, o.ID)
	if err != nil || !slices.ContainsFunc(found, func(f ledger.Finding) bool { return f.Code == want }) {
		t.Errorf("%s was not found in %s (%v)", want, fmt.Sprint(found), err)
	}
}
