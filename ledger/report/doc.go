// Package report computes financial statements and fund reports as values: the trial balance, the balance sheet, the
// activity statement, the cash-flow statement, the report of funds, and the sums and pictures of the public pages.
//
//	sheet, err := report.BalanceSheet(ctx, q, community, ledger.Day(2017, 1, 1), ledger.Day(2017, 12, 31))
//	for _, line := range sheet.Lines {
//		fmt.Println(line.Name("en"), line.Figures.Opening.Format(), line.Figures.Closing.Format())
//	}
//
// A period is whole months: from and to are any day in the first and the last. Free means unrestricted (非限定性),
// Held restricted (限定性). Which rows a statement has is data, a file per accounting standard under layouts/; an account
// that no row names falls into the statement's rest row, so the sums are always whole. Rows and lines know the ids of the
// accounts and funds behind them.
//
// Figures come from the monthly rollup; only the cash-flow statement reads postings, of the entries of its period. The
// books need no closing entry at the end of a year: the surplus is part of net assets as it arises. Opening balances
// brought in from other books are dated before the first period that is reported on, else they show as an adjustment.
//
// The package never writes, and never rounds. Several statements of one report agree while entries are being posted if
// q is one REPEATABLE READ transaction.
package report
