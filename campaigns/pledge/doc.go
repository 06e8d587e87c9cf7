// Package pledge remembers what people promise: to give once by a day (认捐,
// Pledge), or to be asked every month (月捐, Plan).
//
// A promise is never money. Nothing is booked and nothing is charged until its
// giver pays a donation like any other; a gift says which promise it keeps, and
// what a promise has received is the sum of its paid gifts, so no payment has to
// tell it. Each promise has an address with 128 random bits, where its giver
// pays, pauses, changes or ends it without a password.
//
// RunDue is the clock: it enqueues the letters that are due, each once however
// many servers run it, ends what is over, and Handlers sends them. Days are days
// of the community's calendar. A month without a gift is a month without a gift:
// there is one letter for it and no other.
//
// The package keeps no name, no address and no card. They stand in
// campaigns.donor, and when a donor is erased their promises have ended.
//
//	p, err := pledge.Make(ctx, tx, community, pledge.Promise{
//		Campaign: "new-year-dinner", Amount: money.MustParse("500"), DueOn: day, Email: "zhou@example.cn", At: now,
//	})
//	// … the letter comes, the giver follows its link …
//	campaigns.StartDonation(ctx, db, community, provider, p.Gift(money.MustParse("500"), now), order)
package pledge
