// Package issue fills in the documents that web/pdf draws: it reads what a
// document says from the domain's verbs, in the reader's language.
//
// It never draws, never writes, and never shows a donor to anybody but the
// holder of the receipt's address.
//
//	facts, err := issue.FindReceipt(ctx, db, token)
//	err = pdf.Receipt(w, facts.Doc(i18n.Chinese, "https://gongzhang.example.cn"))
//
//	// all parts of a report tell of the same books: tx is REPEATABLE READ
//	report, err := issue.Transparency(ctx, tx, community, from, to, i18n.English, baseURL, now)
//	err = pdf.TransparencyReport(w, report)
package issue
