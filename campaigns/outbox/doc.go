// Package outbox remembers work inside the database transaction that causes it, and does it after the commit: mail a receipt, ask a
// provider, call a webhook. What was rolled back was never remembered; what was committed is done at least once.
//
// It never calls the network inside a database transaction: a worker takes a message on a lease, works, then marks it done. A
// worker that dies lets its lease run out and another takes over, so a handler must do no harm when it runs twice: it gets the
// message's ID as its idempotency key. It never wakes workers by NOTIFY, whose commits queue behind one lock for the whole
// database: a poll of an index that holds open messages only costs less.
//
// Remember, in the caller's transaction:
//
//	message, err := outbox.New("receipt.mail", ReceiptMail{Token: receipt.Token})
//	err = outbox.Enqueue(ctx, tx, communityID, message)
//
// Do, in every server process, until the context ends:
//
//	err := outbox.Run(ctx, db, outbox.Lane{Handlers: map[string]outbox.Handler{"receipt.mail": mailReceipt}})
package outbox
