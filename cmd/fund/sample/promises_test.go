package sample_test

import (
	"context"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/pledge"
	"fund/ledger"
)

// checkPromises looks for each state of a promise, and for a month that somebody missed.
func checkPromises(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	t.Helper()
	today := c.Day(now)
	phases, gifts := map[pledge.Phase]int{}, 0
	plans, err := pledge.ListPlans(ctx, db, c.ID)
	for _, p := range plans {
		phases[p.Phase(today)]++
		gifts += p.Gifts
	}
	if err != nil || phases[pledge.Running] != 4 || phases[pledge.Paused] != 1 || phases[pledge.Stopped] != 1 || gifts != 14 {
		t.Errorf("plans: %v with %d gifts, %v", phases, gifts, err)
	}
	if err := pledge.RunDue(ctx, db, c, now); err != nil {
		t.Fatal(err)
	}
	of, due, err := pledge.Counts(ctx, db, c.ID, today)
	if err != nil || due != 1 || of[pledge.Open] != 3 || of[pledge.Fulfilled] != 1 || of[pledge.Lapsed] != 1 {
		t.Errorf("pledges: %v, %d due, %v", of, due, err)
	}
	if findings, err := pledge.Check(ctx, db, c.ID); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
}
