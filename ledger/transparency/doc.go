// Package transparency keeps a Merkle log of leaves for each community,
// whatever the leaves mean: RFC 6962 hashes as in golang.org/x/mod/sumdb/tlog,
// checkpoints in the C2SP tlog-checkpoint format signed as a note. The log has
// two trees, Entries and Papers; a checkpoint signs the roots of both, the
// second in an extension line.
//
// Leaves are written by the verb that writes the record, in the same database
// transaction (ledger.post_entries and campaigns.log_paper do). Seal hashes the new leaves into the
// tree and signs a Checkpoint; Prove and ProveExtends make proofs that anybody
// checks with the public key alone. Witnesses countersign checkpoints
// (KeepCosignatures), and a community countersigns those of others
// (Countersign); two checkpoints that contradict each other are a Fork, whose
// text proves it to anybody. The package never reads what a leaf is
// about and never holds a private key in the database.
//
//	sealed, err := transparency.Seal(ctx, tx, community, key, time.Now())
//	proof, err := transparency.Entries.Prove(ctx, q, community, index, sealed)
//	err = proof.Verify(record, key.Verifier())
package transparency
