// Package spending takes payment requests (付款申请, 报销) from the first
// photograph of an invoice to the public paper of the entry that paid it.
//
// A request is asked by one and approved by others: the database refuses the
// asker and whoever gets the money, and asks for two above the community's
// limit. An approval holds the money, in the fund and in its budget; a payment
// posts the entry `payment_request:<id>` and takes the papers along; undoing it
// reverses the entry and makes the request approved again. To whom it goes is
// personal data: it stands in spending.payee alone and can be emptied, and
// neither books nor log have it. The package never moves real money.
//
//	r, err := spending.Ask(ctx, tx, c, spending.PaymentRequest{ID: id, FundID: fund, AccountID: cost, Amount: amount, …})
//	r, err = spending.Approve(ctx, tx, c, r.ID, spending.Word{}, "user:2", now)
//	r, err = spending.Pay(ctx, tx, c, r.ID, bank, day, "user:3", now)
package spending
