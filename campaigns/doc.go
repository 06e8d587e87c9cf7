// Package campaigns raises money: campaigns, donors, donations and refunds.
//
// A donation travels in two verbs. StartDonation writes it down as pending and
// asks the provider for a checkout. ReceivePayments, called with what a
// provider's signed notification, the cashier or a matched bank line says,
// books it: state, journal entry, receipt, log leaf, tally and outbox in one
// database transaction. Both take the donation's id as their idempotency key,
// so any of them may be repeated. Settle asks the providers about payments whose
// notification never came, Handlers does what the outbox remembers, and Check
// compares it all with the books.
//
// An all-or-nothing campaign (不成则退) owes its gifts until it reaches its goal.
// The payment that reaches it makes them income, and later gifts are income at
// once; if the campaign ends before, every gift goes back. Conclude decides,
// once and for good, and ConcludeDue is its clock.
//
// A campaign raises into a fund of its own or into one that is there: a
// project's, a venture's, the general fund. A gift may name a line of its budget;
// what names none fills the lines in their order. Further goals follow the first.
//
// A matching pool (配捐) holds a sponsor's money as a liability in a fund of its
// own. What it adds to a gift is booked with the gift, is as conditional as the
// gift is, and goes back to the pool in the refund's transaction; the pool's row
// has the last word, so that no pool adds more than was laid in. Gifts in kind
// are booked at their estimated value; hours are counted and never money.
//
// The papers (票据) of entries are kept as they came for the staff, and shown to
// everybody with names covered. The list of them is only ever longer: its lines
// are the leaves of the log's second tree.
//
// The package never keeps a card number, never publishes a name without
// consent, and holds no book of its own: what a campaign's fund has is the
// ledger's word.
//
//	donation, checkout, err := campaigns.StartDonation(ctx, db, community, provider, campaigns.Start{
//		Campaign: "new-year-dinner", Amount: money.MustParse("50"), At: time.Now(),
//	}, order)
//	// … the donor pays, the provider notifies …
//	received, err := committer.Do(ctx, community.ID, campaigns.PaymentOf(provider.Name(), event))
package campaigns
