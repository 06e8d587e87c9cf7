// Package reconcile agrees the books with the bank: which lines of a statement
// are which postings, and what is still missing on either side.
//
// Suggest is pure: lines and items in, suggestions with their reasons out. It
// never decides; only a suggestion that is Sure may be accepted without a
// person. The rest of the package keeps statements, matches, rules and
// reconciliations, and posts the entries that a line calls for through
// ledger.Post, never past it.
//
//	for _, s := range reconcile.Suggest(lines, items, rules, reconcile.Options{}) {
//		fmt.Println(lines[s.Lines[0]].Amount, s.Because, s.Sure)
//	}
package reconcile
