// Package sale sells for charity: sale events and ventures with their items, tills
// with their sessions, sales with their receipts, refunds, and the Z report of
// a session that was counted and closed.
//
// A sale is rung up by a till, which may have no network for hours, and is
// handed in by Sync under the id that the till gave it. Sync runs in
// ledger.Committer's batches: for each sale, in one database transaction, its
// journal entry, its receipt of the series of sales, its lines and payments, and
// the tip as a donation of its own. The same id again gives the same receipt.
// What was sold is sales or service income of the place's fund, never a donation.
//
// A session is closed by two people who count the drawer without seeing each
// other's figures; what lies in it too much or too little is posted, and the
// figures stand in a Z report that holds the hash of the till's report before.
//
// For an evening there are tickets and lots. A ticket is a seat that nobody else
// has, reserved until a day or paid, and lets one person in once (PlanSeats,
// Reserve, PayReservation, Admit). A lot goes to whoever bids most (PlaceBid,
// Hammer, OfferNext, PayLot); a bidder is a paddle to the public, and the names of
// guests go after the event (EraseGuests). What is paid for either is a sale.
//
// The package never takes money from a buyer's account, never changes a sale
// (what comes back is a refund with an entry of its own), and never trusts a
// till's arithmetic: a sale whose lines, tip and payments do not add up is
// refused, by itself.
//
//	session, err := sale.Open(ctx, tx, community, sale.Session{PlaceID: fair.ID, Till: "A", Float: money.MustParse("200"), OpenedBy: who, OpenedAt: now})
//	// … the till sells, with or without network …
//	delivered, err := sale.Deliver(ctx, committer, community.ID, sale.Delivery{Session: session.ID, Sales: rung, Cashier: who, At: now})
//	fmt.Println(delivered.Sales[0].Receipt.Serial()) // 2026-S000123
package sale
