// Package disclosure keeps the promises that the law makes for the community: what has to be told to the public, about
// what, and by which day.
//
// Rules are data (rules/*.tsv), each with its source, its article, from when it is in force, and whether somebody has
// compared it with the official text. Duties computes every deadline from them and from the days of campaigns, projects,
// major events and years; it is a pure function. A duty is met by publishing a Document: staff write what no book knows,
// every figure comes from the ledger as of one entry, and both are kept with the document, which is drawn from them again
// the same for ever. A mistake is mended by a new version that says what changed; the old one stays.
//
// It never sends a letter (the outbox remembers that one is due), never changes a figure by hand, and knows no holidays:
// a term that the law would prolong to the next working day ends here on its day.
//
//	duties, err := disclosure.Calendar(ctx, db, community, time.Now())
//	d, err := disclosure.Publish(ctx, tx, community, duties[0], texts, "", "user:…", time.Now())
package disclosure
