// Package giver is the giver's side of the books: who they are without a
// password, what they gave, where it went, and what they may ask for.
//
// A giver is everybody who gave with one mail address, or the holder of one
// receipt (Giver). The first comes in by a link sent to that address, the
// second by the receipt's number and check code. A code found in a bin opens
// that one gift and nothing else; it changes nothing where the gift's donor left
// an address.
//
// Where the money went is told first in, first out (按先来后到): a fund's gifts
// lie one behind the other on a line in the order of posting, its payments take
// from the front, and a gift's parts are what lies above it (Stream). So the
// parts of a gift sum to the gift, and the parts of a payment to no more than
// the payment, to the fen. What moved on to another fund is followed there.
//
// The package never keeps a name or an address of its own but the one to be
// confirmed, never sends a letter (it remembers one in the outbox), and never
// posts: a refund is campaigns.RefundDonation's.
//
//	g, err := giver.ByReceipt(ctx, db, community.ID, issued)
//	gifts, years, more, err := giver.ListGifts(ctx, db, community, g, giver.Page{Limit: 20})
//	trace, err := streams.Trace(ctx, db, community.ID, gifts[0])
package giver
