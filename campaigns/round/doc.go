// Package round lets residents decide on a pot of money: they write down ideas,
// every household votes once by a printed code, and the count can be done again
// by anybody from a published file.
//
// A Round has days for ideas and days for the vote. The staff put an Idea on the
// ballot with its cost, or decline it with a reason. Codes are made in batches
// and printed; only their digests are kept. Cast takes a code and keeps a ballot,
// and nothing that ties the two: neither a time nor an order. Count, after the
// last day, freezes the ballots in random order and counts: by votes, at a tie
// the cheaper idea, then the lower number; what no longer fits is passed over.
//
// The package never moves money and makes no projects: what won becomes one
// through package project, and Became remembers which. It never publishes whose
// idea one was.
//
//	r, err := round.Open(ctx, tx, c.ID, round.Round{Slug: "2026", Pot: money.MustParse("20000"), Method: round.Knapsack, …})
//	codes, err := round.MakeCodes(ctx, tx, c.ID, r, "3 号院", 48, who, now) // shown this once
//	err = round.Cast(ctx, tx, c, r, round.Vote{Code: codes[0], Ideas: []int{1, 4}, Method: round.Internet, At: now})
//	err = round.Count(ctx, tx, c, r, who, now)
package round
