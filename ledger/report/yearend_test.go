package report_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/report"
)

// everyStatement is every report of a span, as bytes.
func everyStatement(t *testing.T, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) []byte {
	t.Helper()
	var all []any
	put := func(v any, err error) {
		t.Helper()
		check(t, err)
		all = append(all, v)
	}
	ctx := t.Context()
	sheet, err := report.BalanceSheet(ctx, q, c, from, to)
	put(sheet, err)
	activity, err := report.ActivityStatement(ctx, q, c, from, to)
	put(activity, err)
	cash, err := report.CashFlowStatement(ctx, q, c, from, to)
	put(cash, err)
	trial, err := report.TrialBalance(ctx, q, c, from, to)
	put(trial, err)
	funds, err := report.FundReport(ctx, q, c, from, to)
	put(funds, err)
	sum, err := report.Summary(ctx, q, c, from, to)
	put(sum, err)
	months, err := report.MonthSeries(ctx, q, c, from, to)
	put(months, err)
	sources, err := report.Sources(ctx, q, c, from, to)
	put(sources, err)
	uses, err := report.Uses(ctx, q, c, from, to)
	put(uses, err)
	places, err := report.Holdings(ctx, q, c, to)
	put(places, err)
	for _, s := range report.Statements() {
		for _, account := range []string{"1002", "4101", "5101", "3101", "3102"} {
			table, err := report.Draw(ctx, q, c, report.Ask{Name: s.Key, From: ledger.MonthOf(from), To: ledger.MonthOf(to).AddDate(0, 1, -1), Accounts: []string{account}})
			table.PreparedFrom = 0 // how many entries there are does change
			put(table, err)
		}
	}
	text, err := json.MarshalIndent(all, "", " ")
	check(t, err)
	return text
}

// What a year's reports say is the same to the byte before and after its end is booked.
func TestTheEndOfAYearChangesNoneOfItsReports(t *testing.T) {
	t.Parallel()
	b := read(t, "testdata/quarter.txtar")
	ctx := t.Context()
	do := func(verb func(tx *sqlx.Tx) error) { b.db.Do(t, verb) }
	day := func(month time.Month) time.Time { return ledger.Day(2026, month, 1) }
	spans := [][2]time.Time{{day(1), day(12)}, {day(1), day(1)}, {day(3), day(3)}, {day(12), day(12)}, {day(1), day(3)}, {ledger.Day(2025, 1, 1), day(12)}}
	var before [][]byte
	for _, s := range spans {
		before = append(before, everyStatement(t, b.db.App, b.community, s[0], s[1]))
	}
	do(func(tx *sqlx.Tx) error {
		for month := time.January; month <= time.December; month++ {
			if err := ledger.ClosePeriod(ctx, tx, b.community.ID, day(month), "user:1"); err != nil {
				return err
			}
		}
		posted, err := ledger.CloseYear(ctx, tx, b.community, 2026, "user:1")
		if len(posted) == 0 {
			t.Error("nothing was moved")
		}
		return err
	})
	same := func(when string) {
		t.Helper()
		for i, s := range spans {
			if after := everyStatement(t, b.db.App, b.community, s[0], s[1]); !bytes.Equal(before[i], after) {
				t.Errorf("%s: the reports of %s to %s changed", when, s[0].Format("2006-01"), s[1].Format("2006-01"))
			}
		}
	}
	same("closed")
	next, err := report.TrialBalance(ctx, b.db.App, b.community, ledger.Day(2027, 1, 1), ledger.Day(2027, 1, 31))
	check(t, err)
	if len(next.Lines) == 0 || !next.Balanced() {
		t.Errorf("%+v", next)
	}
	for _, l := range next.Lines {
		if l.Type == ledger.Income || l.Type == ledger.Expense || l.AccountID == 0 {
			t.Errorf("the new year opens with %+v", l)
		}
	}
	findings, err := report.Check(ctx, b.db.App, b.community)
	check(t, err)
	if len(findings) > 0 {
		t.Error(findings)
	}
	do(func(tx *sqlx.Tx) error { // and taken back
		id, err := ledger.AskReopening(ctx, tx, b.community.ID, day(3), "user:1", "treasurer", "补记")
		if err == nil {
			_, err = ledger.AgreeReopening(ctx, tx, b.community.ID, id, "user:2", "treasurer")
		}
		return err
	})
	same("reopened")
}
