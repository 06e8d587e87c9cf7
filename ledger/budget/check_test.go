package budget_test

import (
	"slices"
	"testing"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
)

// TestCheckFinds breaks a budget past its verbs and its guards, and wants each break told.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	months := make([]money.Amount, 12)
	months[0] = yuan("12")
	if _, err := o.save(t, budget.Version{Why: "年初", Lines: []budget.Line{{Account: o.account(ledger.AdminExpense), Amount: yuan("12"), Months: months}}}); err != nil {
		t.Fatal(err)
	}
	for want, breaks := range map[ledger.FindingCode]string{
		budget.MonthsDiffer:   `UPDATE budget.line SET amount = 13`,
		budget.VersionMissing: `UPDATE budget.year SET version = 2`,
	} {
		tx := o.Owner.MustBegin()
		tx.MustExec(`ALTER TABLE budget.line DISABLE TRIGGER ALL`)
		tx.MustExec(breaks)
		found, err := budget.Check(ctx, tx, o.ID)
		if err != nil || !slices.ContainsFunc(found, func(f ledger.Finding) bool { return f.Code == want }) {
			t.Errorf("%s was not found in %v (%v)", want, found, err)
		}
		_ = tx.Rollback()
	}
}
