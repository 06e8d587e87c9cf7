// Package report computes financial statements and fund reports as values: the trial balance, the balance sheet, the
// activity statement, the cash-flow statement, the report of funds, and the sums and pictures of the public pages.
//
//	sheet, err := report.BalanceSheet(ctx, q, community, ledger.Day(2017, 1, 1), ledger.Day(2017, 12, 31))
//	for _, line := range sheet.Lines {
//		fmt.Println(line.Name("en"), line.Figures.Opening.Format(), line.Figures.Closing.Format())
//	}
//
// Draw makes a Table of any of them: columns, rows, words in both languages, and for each figure the Ask that shows what it
// is made of. Page, PDF, workbook and JSON draw the table and know nothing of the statement.
//
//	table, err := report.Draw(ctx, q, community, report.Ask{Name: "activity", From: from, To: to, Fund: "elders"})
//
// A period is whole months: from and to are any day in the first and the last. Free means unrestricted (非限定性),
// Held restricted (限定性). Which rows a statement has is data, a file per accounting standard under layouts/; an account
// that no row names falls into the statement's rest row, so the sums are always whole. Rows and lines know the ids of the
// accounts and funds behind them.
//
// Figures come from the monthly rollup. The cash-flow statement has sums of its own, made by Advance now and then; what was
// posted since it reads as it is. A ledger card reads postings, a page at a time. The books need no closing entry at the end
// of a year, and where there is one it counts before the next year, never within its own. Opening balances brought in from
// other books are dated before the first period that is reported on, else they show as an adjustment.
//
// The package writes nothing but those sums, and never rounds. Several statements of one report agree while entries are being
// posted if q is one REPEATABLE READ transaction.
package report
