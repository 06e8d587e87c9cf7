// Package mutualaid matches what neighbours offer with what they need, and
// counts the hours: whoever was helped helps the next.
//
// A person puts a Card on the board, an Offer or a Need. The centre's staff
// look at it, find who fits (Suggest tells them, with reasons) and Arrange an
// Engagement. It holds once both have said yes, and is done once both name the
// same time; then its hours are posted: the helped person debited, the helper
// credited, in a ledger of its own with the rules of the books (every entry
// sums to zero, numbers have no gap, what is posted stays). Hours have no price
// and are never money. Nobody owes any: who only received is invited, gently.
//
// Names and telephone numbers are for the staff alone, and can be erased; what
// the public sees of a Card is its words, its place and its times.
//
//	need, err := mutualaid.Put(ctx, tx, c, mutualaid.Card{Kind: mutualaid.Need, Category: mutualaid.Repairs, What: "灯泡坏了", …}, person)
//	e, err := mutualaid.Arrange(ctx, tx, c.ID, mutualaid.Plan{Need: need.ID, Offer: offer.ID, Day: day, Part: mutualaid.Morning, Minutes: 60}, who, now)
//	e, err = mutualaid.Say(ctx, tx, c, e.ID, mutualaid.Word{Side: mutualaid.Helper, Said: mutualaid.Yes, At: now})
package mutualaid
