// Package export hands the books to other tools: the whole book in every one of Formats, the entries that a filter lets
// through, a statement's table. It writes what the public ledger shows and nothing else; it never holds a book in memory, and
// no donor's name is in what it writes, because none is in the books.
//
//	err := export.HLedger(ctx, w, q, community)
//	err = export.CSV(ctx, w, q, community, ledger.JournalFilter{Year: 2017}, "zh-CN")
//
// JSONLines, HLedger and Beancount are lossless: the books, and the leaves of the signed log, can be made from them again. A
// text that a spreadsheet would take for a formula gets an apostrophe in the tables.
package export
