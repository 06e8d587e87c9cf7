// Package statement reads the files that banks and wallets hand to a
// treasurer: bytes in, Statements out.
//
// It knows WeChat Pay and Alipay (merchant and personal), the CSV, XLS and
// XLSX exports of Chinese banks, OFX and QFX, CAMT.052 to 054 and MT940, and
// any other table with a Profile that says which column is what. The format is
// found by content, never by name. Amounts are signed, money in is positive.
//
// A file is read whole or refused with an Error that names row and column: an
// amount, a date or an id that cannot be read is never zero and never skipped.
// What a file says about itself (totals, counts, balances) is recomputed; where
// it does not tie the Statement carries a Warning.
//
// The package never opens a file, never touches the database and never guesses
// silently: the caller decides what to import and keeps Line.Key to import
// nothing twice.
//
//	statements, err := statement.Parse("march.csv", data, statement.Options{})
//	var broken *statement.Error
//	if errors.As(err, &broken) {
//		return broken.In("zh") // 第 17 行“金额(元)”：读不懂金额“12..34”
//	}
package statement
