package sample_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

// The report of the year says what the books say, in both languages, and its parts add up.
func checkReport(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	for _, lang := range i18n.Langs {
		doc, err := issue.Transparency(ctx, db, c, year[0], year[1], lang, "https://fund.example.org/", now)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "closing", doc.Closing, "64961.65")
		equal(t, "the sum", doc.Opening.Add(doc.Income).Sub(doc.Expense).Add(doc.Other), doc.Closing.String())
		var sources, uses, in, out, funds, spent, places, entriesIn, entriesOut money.Amount
		for _, s := range doc.Sources {
			sources = sources.Add(s.Sum())
		}
		for _, u := range doc.Uses {
			uses = uses.Add(u.Sum())
		}
		for _, m := range doc.Months {
			in, out = in.Add(m.In), out.Add(m.Out)
		}
		for _, f := range doc.Funds {
			funds = funds.Add(f.Closing)
			if !f.Opening.Add(f.In).Sub(f.Out).Add(f.Moved).Equal(f.Closing) {
				t.Errorf("fund %s does not add up: %+v", f.Name, f)
			}
		}
		served := 0
		for _, p := range doc.Projects {
			spent, served = spent.Add(p.Spent), served+p.Served
		}
		for _, p := range doc.Places {
			places = places.Add(p.Amount)
		}
		for _, e := range doc.Entries {
			entriesIn, entriesOut = entriesIn.Add(e.In), entriesOut.Add(e.Out)
		}
		for what, sum := range map[string]money.Amount{"sources": sources, "months' income": in, "entries' income": entriesIn} {
			equal(t, what, sum, doc.Income.String())
		}
		for what, sum := range map[string]money.Amount{"uses": uses, "months' spending": out, "entries' spending": entriesOut} {
			equal(t, what, sum, doc.Expense.String())
		}
		equal(t, "funds", funds, doc.Closing.String())
		equal(t, "places", places, doc.Closing.String())
		equal(t, "projects", spent, "248730.00")
		equal(t, "activity statement", doc.Activities[len(doc.Activities)-1].Total, "23091.40")
		equal(t, "balance sheet", doc.Balance[len(doc.Balance)-1].Closing, "64961.65")
		equal(t, "cash flow statement", doc.CashFlow[len(doc.CashFlow)-1].Amount, "23091.40")
		if len(doc.Projects) != 38 || served != 2326 || len(doc.Entries) != 2908 || len(doc.Campaigns) != 9 || len(doc.Reversals) != 3 {
			t.Errorf("%d projects, %d person-times, %d entries, %d campaigns, %d corrections", len(doc.Projects), served, len(doc.Entries), len(doc.Campaigns), len(doc.Reversals))
		}
		if doc.Uses[0].Projects != 11 || doc.Uses[0].Served != 812 {
			t.Errorf("the first use: %+v", doc.Uses[0])
		}
		if doc.Number != "2017" || doc.Checkpoint.URL != "https://fund.example.org/c/angong/verify" || doc.Checkpoint.Number != 1 || doc.Host == "" {
			t.Errorf("number %q, checkpoint %d at %q, host %q", doc.Number, doc.Checkpoint.Number, doc.Checkpoint.URL, doc.Host)
		}
		var drawn bytes.Buffer
		if err := pdf.TransparencyReport(&drawn, doc); err != nil || !bytes.HasPrefix(drawn.Bytes(), []byte("%PDF-")) {
			t.Errorf("drawing: %d bytes, %v", drawn.Len(), err)
		}
	}
	month, err := issue.Transparency(ctx, db, c, ledger.Day(2017, 12, 5), ledger.Day(2017, 12, 5), i18n.English, "", now)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "December's income", month.Income, "44466.00")
	if month.Number != "2017-12" || month.Period != "December 2017" {
		t.Errorf("number %q, period %q", month.Number, month.Period)
	}
}
