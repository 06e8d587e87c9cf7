// Package pdf draws documents from values: receipts, statements, posters, and reports of every kind, in Chinese and in English.
//
//	err := pdf.Receipt(w, pdf.ReceiptDoc{Lang: "zh-CN", Number: "2017-000874", Amount: money.MustParse("50.00"), …})
//
// A document is laid out completely before a byte is written: pages are recorded, then the total is known, the contents
// page is filled in, and a font is cut down to the characters that were used. The same value always gives the same bytes,
// so a document is drawn again from stored data whenever somebody asks for it.
//
// The package never reads a database, a clock or the network, computes no amount but sums and differences of what it prints,
// and never drops a character that can be seen: what the font lacks is drawn as a box.
package pdf
