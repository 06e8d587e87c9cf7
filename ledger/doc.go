// Package ledger keeps the books of a community: accounts, funds, journal
// entries with their postings, periods, and the balances that follow.
//
// The database has the last word. Every write passes through one SQL function,
// ledger.post_entries, and the guards beside the tables refuse, whoever asks,
// an entry that does not balance in each fund, a change of what is posted, an
// unknown or closed account, a closed month, a source posted twice, a
// restricted fund spent below zero, and a gap in the numbers. Each refusal has
// its own SQLSTATE and one sentinel error here.
//
// The package never decides what a business event means (see campaigns), never
// writes a donor's name, and never opens a network connection.
//
//	posted, err := ledger.Post(ctx, tx, community, ledger.Entry{
//		Date: day, Kind: "donation", Source: "donation:" + id, Memo: "捐赠", PostedBy: "system",
//		Postings: []ledger.Posting{
//			ledger.Debit(bank, fund, amount),
//			ledger.Credit(donationIncome, fund, amount),
//		},
//	})
//	if errors.Is(err, ledger.ErrPeriodClosed) { … }
package ledger
