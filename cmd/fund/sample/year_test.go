package sample_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/issue"
)

// The year page's figures are the ledger's, counted here from the postings themselves.
func checkYearValue(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	y, err := issue.YearOf(ctx, db, c, 2017)
	if err != nil {
		t.Fatal(err)
	}
	var posted struct {
		Projects    int          `db:"projects"`
		PersonTimes int          `db:"person_times"`
		Spent       money.Amount `db:"spent"`
		Subsidy     money.Amount `db:"subsidy"`
		In          money.Amount `db:"income"`
		Out         money.Amount `db:"expense"`
	}
	err = db.GetContext(ctx, &posted, `
		WITH p AS (SELECT p.*, f.kind AS fund_kind, a.type, a.code, e.entry_date AS day FROM ledger.posting p
		             JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq AND e.year = 2017 AND e.kind <> 'year_end'
		             JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		             JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id WHERE p.community_id = $1)
		SELECT (SELECT count(DISTINCT r.fund_id) FROM project.project r JOIN p ON p.fund_id = r.fund_id AND p.type = 'expense' WHERE r.community_id = $1) AS projects,
		       (SELECT sum(person_times) FROM project.outcome WHERE community_id = $1 AND held_on BETWEEN '2017-01-01' AND '2017-12-31') AS person_times,
		       (SELECT sum(p.amount) FROM p JOIN project.project r ON r.community_id = $1 AND r.fund_id = p.fund_id WHERE p.type = 'expense') AS spent,
		       (SELECT coalesce(-sum(amount), 0.00) FROM p WHERE code LIKE '4401%') AS subsidy,
		       (SELECT -sum(amount) FROM p WHERE type = 'income') AS income, (SELECT sum(amount) FROM p WHERE type = 'expense') AS expense`, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(y.Projects) != 38 || posted.Projects != 38 || y.PersonTimes != 2326 || posted.PersonTimes != 2326 {
		t.Errorf("%d projects (%d spent something), %d person-times (%d were recorded)", len(y.Projects), posted.Projects, y.PersonTimes, posted.PersonTimes)
	}
	if y.Groups.Organisations != 8 || y.Groups.Groups != 85 {
		t.Errorf("%d organisations, %d groups; there were 8 and 85", y.Groups.Organisations, y.Groups.Groups)
	}
	equal(t, "spent by projects", y.Spent, posted.Spent.String())
	equal(t, "spent by projects", y.Spent, "248730.00")
	equal(t, "whose money it was", y.Paid.Total(), y.Spent.String())
	equal(t, "subsidies among it", y.Paid.Granted, posted.Subsidy.String())
	equal(t, "spent beside projects", money.Sum(y.Spent, y.Beside.Organisations, y.Beside.Ventures, y.Beside.Campaigns, y.Beside.General), y.Out.String())
	equal(t, "income", y.In, posted.In.String())
	equal(t, "expense", y.Out, posted.Out.String())
	equal(t, "opening + in − out + other", y.Opening.Add(y.In).Sub(y.Out).Add(y.Other), y.Closing.String())
	sum := money.Zero
	for _, p := range y.Projects {
		sum = sum.Add(p.Spent)
		equal(t, p.Slug, p.Paid.Total(), p.Spent.String())
		if p.Spent.Sign() <= 0 || p.PersonTimes == 0 || p.Paid.Ahead.Sign() != 0 {
			t.Errorf("%+v", p)
		}
		if found, err := project.FindProject(ctx, db, c.ID, p.Slug); err != nil || found.Restricted && p.Paid.Given.Add(p.Paid.Earned).Add(p.Paid.Before).Cmp(p.Spent) != 0 {
			t.Errorf("what gifts and a gala paid for was paid by others: %+v, %v", p, err)
		}
	}
	equal(t, "the projects together", sum, y.Spent.String())

	text, err := json.Marshal(y)
	var again issue.Year
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	same, _ := json.Marshal(again)
	if err != nil || string(same) != string(text) {
		t.Errorf("not the same after JSON: %v", err)
	}
}
