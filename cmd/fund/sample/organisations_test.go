package sample_test

import (
	"context"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/ledger"
	"fund/ledger/money"
)

// checkOrganisations holds the figures of the groups of 2017, and what the agreements of today come to.
func checkOrganisations(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	for kind, want := range map[organisation.Kind]organisation.Sums{
		organisation.Group:  {Organisations: 85, Members: 3000, Activities: 1400},
		organisation.Social: {Organisations: 8},
	} {
		_, got, err := organisation.List(ctx, db, c.ID, organisation.Filter{Kind: kind, From: year[0], To: year[1]})
		if got.People = 0; err != nil || got != want {
			t.Errorf("%s in 2017: %+v, %v, want %+v", kind, got, err, want)
		}
	}
	_, lately, err := organisation.List(ctx, db, c.ID, organisation.Filter{Kind: organisation.Group, From: now.AddDate(-1, 0, 1), To: now})
	if err != nil || lately.Activities != 1400 {
		t.Errorf("%d activities in the last year, %v", lately.Activities, err)
	}
	agreements, err := organisation.ListAgreements(ctx, db, c.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	items, sum := 0, organisation.Agreement{}
	for _, a := range agreements {
		items += len(a.Items)
		sum.Sessions, sum.People, sum.Paid, sum.Released, sum.Billed = sum.Sessions+a.Sessions, sum.People+a.People, sum.Paid.Add(a.Paid), sum.Released.Add(a.Released), sum.Billed.Add(a.Billed)
	}
	if len(agreements) != 8 || items != 27 || sum.Sessions < 400 || sum.People < 13_000 || sum.Paid.IsZero() || !sum.Paid.Less(sum.Billed) || sum.Released.IsZero() {
		t.Errorf("%d agreements, %d items, %+v", len(agreements), items, sum)
	}
	grants, err := organisation.ListGrants(ctx, db, c.ID, 0)
	if err != nil || len(grants) < 5 {
		t.Errorf("%d small grants, %v", len(grants), err)
	}
	// What came and what was released is what the books have of both incomes, in the organisations' funds.
	chart, err := ledger.ListAccounts(ctx, db, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	earned := map[string]money.Amount{}
	balances, err := ledger.Balances(ctx, db, c.ID, now.AddDate(0, -6, 0), now)
	for _, b := range balances {
		if a, _ := chart.ID(b.AccountID); a.Code == "4301" || a.Code == "4401" {
			earned[a.Code] = earned[a.Code].Sub(b.Turnover())
		}
	}
	if err != nil || !earned["4401"].Equal(sum.Released) || earned["4301"].Less(sum.Paid) {
		t.Errorf("the books have %v, %s was paid and %s released, %v", earned, sum.Paid, sum.Released, err)
	}
	found, err := organisation.Check(ctx, db, c.ID)
	for _, f := range found {
		t.Error(f)
	}
	if err != nil {
		t.Error(err)
	}
}
