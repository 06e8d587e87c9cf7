package sample_test

import (
	"context"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

// The year's fairs, galas and ventures, and the ventures of today, made by the verbs of sales.
func checkSelling(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	findings, err := sale.Check(ctx, db, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f.Text("en"))
	}
	places, err := sale.ListPlaces(ctx, db, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	ventures := map[string]string{"tea-house": "96420.00", "newsstand": "38615.50", "book-corner": "21307.00"}
	fairs, galas := money.Zero, money.Zero
	costs := money.Zero // of 2017
	for _, p := range places {
		if p.Kind == sale.Venture {
			costs = costs.Add(checkVenture(t, ctx, db, c, p, ventures[p.Slug]))
			delete(ventures, p.Slug)
			continue
		}
		if p.StartsOn.Year() != 2017 {
			continue
		}
		r, err := sale.ResultOf(ctx, db, c.ID, p.ID)
		if err != nil || p.State != sale.Closed || r.Sales.Count < 10 {
			t.Errorf("%s: %s, %+v, %v", p.Slug, p.State, r.Sales, err)
		}
		costs = costs.Add(r.Costs)
		if r.Items[0].Code == "1" || r.Items[0].Code == "2" {
			galas = galas.Add(r.Proceeds())
		} else {
			fairs = fairs.Add(r.Proceeds())
		}
	}
	equal(t, "fairs", fairs, "47832.00")
	equal(t, "galas", galas, "36500.00")
	equal(t, "costs of selling", costs, "31204.00")
	if len(ventures) > 0 {
		t.Errorf("no venture %v", ventures)
	}
	var short []string
	err = db.SelectContext(ctx, &short, `
		SELECT DISTINCT f.code FROM (
		       SELECT p.community_id, p.fund_id, sum(p.amount) OVER (PARTITION BY p.fund_id ORDER BY p.seq, p.line) AS left FROM ledger.posting p
		         JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id WHERE a.purpose = 'bank') b
		  JOIN ledger.fund f ON f.community_id = b.community_id AND f.id = b.fund_id
		 WHERE b.left < 0 AND f.kind = 'venture'`)
	if err != nil || len(short) > 0 {
		t.Errorf("ventures that spent what was not in the bank: %v, %v", short, err)
	}
}

// checkVenture looks at a venture's 2017 and its last months, and returns what it spent in 2017.
func checkVenture(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community, p sale.Place, earned string) (spent money.Amount) {
	months, err := sale.MonthsOf(ctx, db, c.ID, p, year[0], year[1])
	if err != nil {
		t.Fatal(err)
	}
	income, passed := money.Zero, money.Zero
	for _, m := range months {
		income, spent, passed = income.Add(m.Income), spent.Add(m.Expense), passed.Add(m.PassedOn)
		if m.Left().Sign() < 0 && m.PassedOn.Sign() > 0 {
			t.Errorf("%s passed more on than %s left over", p.Slug, m.Month.Format("2006-01"))
		}
	}
	equal(t, p.Slug, income, earned)
	if surplus := income.Sub(spent); surplus.Less(passed) || passed.Add(passed).Less(surplus) {
		t.Errorf("%s passed %v on of %v", p.Slug, passed, surplus)
	}
	shifts, err := sale.ListShifts(ctx, db, c.ID, p.ID, now.AddDate(0, 0, -30), now.AddDate(0, 0, 30))
	if err != nil || len(shifts) < 4 {
		t.Errorf("%s: %d shifts, %v", p.Slug, len(shifts), err)
	}
	return spent
}
