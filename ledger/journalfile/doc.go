// Package journalfile takes journal entries over from a table: the CSV or XLSX
// that another bookkeeping program exports, or that a treasurer typed.
//
// A row is a posting. Columns are found by their Chinese or English names:
// entry, date, account, fund, debit, credit, memo. An empty entry, date or memo
// goes on with the row above. A file is taken whole or not at all; every Problem
// says row, column, what was read, and how to mend it. The same entry of the
// same series is never posted twice, so a file may be imported again.
//
//	file, unread := journalfile.Read("2016.xlsx", data)
//	plan, unfit, err := journalfile.Prepare(ctx, tx, community, file, journalfile.Options{})
//	done, err := plan.Post(ctx, tx, "treasurer") // ErrProblems if there was anything unread or unfit
package journalfile
