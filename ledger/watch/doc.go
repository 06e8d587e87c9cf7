// Package watch reads a community's log from outside, as anybody can: over HTTP,
// believing nothing but the log's public key. Copy keeps a mirror of it and finds
// what does not agree with what was signed before; two signed checkpoints that
// contradict each other become a transparency.Fork that proves it to everybody.
// Submit asks a witness to countersign a checkpoint.
//
// It never writes to the log that it watches, and keeps what it once had: what a
// log shows later is put beside it, not in its place.
//
//	log := watch.Log{URL: "https://fund.example.org/c/angong", By: by}
//	seen, err := watch.Copy(ctx, log, "mirror")
package watch
