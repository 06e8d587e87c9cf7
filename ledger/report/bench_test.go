package report_test

import (
	"fmt"
	"testing"
	"time"

	"fund/ledger"
	"fund/ledger/report"
)

// BenchmarkStatements reads from a full rollup: about 60 accounts in 60 funds over 24 months, 86,400 rows, many times
// what a community has, for a fund rarely moves in more than a handful of accounts.
func BenchmarkStatements(b *testing.B) {
	books := book(b, "npo-2026")
	for i := range 59 {
		books.addFund(b, fmt.Sprintf("p%02d", i), ledger.ProjectFund, i%2 == 0)
	}
	for i := range 60 - len(books.accounts) {
		books.addAccount(b, fmt.Sprintf("5101%02d", i+1), ledger.Expense)
	}
	books.db.Owner.MustExec(`
		INSERT INTO ledger.balance (community_id, account_id, fund_id, month, debit, credit)
		SELECT a.community_id, a.id, f.id, m.month, 100 + a.id, 100 + f.id
		  FROM ledger.account a JOIN ledger.fund f USING (community_id),
		       generate_series('2016-01-01'::date, '2017-12-01', interval '1 month') AS m (month)`)
	books.db.Owner.MustExec(`ANALYZE ledger.balance`)
	from, to := ledger.Day(2017, time.January, 1), ledger.Day(2017, time.December, 31)
	ctx, q, c := b.Context(), books.db.App, books.community
	for name, draw := range map[string]func() error{
		"TrialBalance":      func() error { _, err := report.TrialBalance(ctx, q, c, from, to); return err },
		"BalanceSheet":      func() error { _, err := report.BalanceSheet(ctx, q, c, from, to); return err },
		"ActivityStatement": func() error { _, err := report.ActivityStatement(ctx, q, c, from, to); return err },
		"CashFlowStatement": func() error { _, err := report.CashFlowStatement(ctx, q, c, from, to); return err },
		"FundReport":        func() error { _, err := report.FundReport(ctx, q, c, from, to); return err },
		"Summary":           func() error { _, err := report.Summary(ctx, q, c, from, to); return err },
		"Holdings":          func() error { _, err := report.Holdings(ctx, q, c, to); return err },
		"Flow": func() error {
			_, err := report.Flow(ctx, q, c, from, to, func(fund int) string { return fmt.Sprint(fund % 5) })
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				check(b, draw())
			}
		})
	}
}
