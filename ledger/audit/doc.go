// Package audit makes the auditor's pack: one ZIP with a year's statements, the whole journal in four languages of other
// programs, the signed log with everything needed to check it, and a list of digests. Verify reads such a pack and checks it
// with nothing else at hand but the public key.
//
//	pack := audit.NewPack(w, audit.Scope{Community: c, Year: 2017, Sealed: newest})
//	err := pack.Books(ctx, q, publicKey)
//	err = pack.Add("papers/list.csv", write)
//	err = pack.Close()
//
//	told, err := audit.Verify(zipReader, verifier)
//
// A pack is written as it goes, a file after the other, and is never held in memory. The same books give the same bytes: the
// moment that stands in it is that of the newest checkpoint. The package draws no documents and knows no donor: whoever has
// those adds them.
package audit
