// Package receipt numbers and stores receipts for donations and sales: gapless
// within a community, series and year, immutable, voided only by the entry that takes
// the money back.
//
// It never draws a receipt (see web/pdf) and never writes a name: what a
// receipt shows of its donor is read from the donor, who may have it erased.
//
//	issued, err := receipt.Issue(ctx, tx, community, receipt.Donation, receipt.Item{
//		Subject: donation.ID, Entry: posted.Seq, Amount: amount, Day: day,
//	})
//	fmt.Println(issued[0].Serial()) // 2017-000874
package receipt
