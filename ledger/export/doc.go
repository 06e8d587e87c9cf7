// Package export hands the books to other tools: a table for a spreadsheet, a journal for hledger. It writes what the
// public ledger shows and nothing else; it never holds a book in memory, and no donor's name is in what it writes,
// because none is in the books.
//
//	err := export.HLedger(ctx, w, q, community)
//	err = export.CSV(ctx, w, q, community, ledger.JournalFilter{Year: 2017}, "zh-CN")
package export
