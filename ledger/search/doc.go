// Package search finds entries of a book by what they say, by amount, day, account and fund, in any combination.
//
// Advance notes new entries, behind the posting path and never within it. Entries stand in blocks of 4,096 by Seq. Each
// block has a row for each term that occurs in it: one or two letters of a memo, an account, a fund, a day, an amount. The
// row says in which of the block's entries. So words of one Chinese character are found as quickly as longer ones, and a
// question is answered by laying some bits over each other, the newest block first. Where that is not exact, as for a word of
// three letters or the ends of a span of amounts, the entry itself is read. What is not noted yet is noted while asking.
//
//	found, err := search.Find(ctx, q, community, search.Ask{Words: []string{"元宵", "灯"}, Most: amount}, 50)
//	entries, err := ledger.Journal(ctx, q, community, ledger.JournalFilter{Seqs: found.Seqs}, len(found.Seqs))
//
// The package never writes to the books, knows no donor's name and keeps no text: memos are read from their entries. Check
// compares what is noted with the entries.
package search
