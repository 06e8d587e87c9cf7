// Package upload keeps a file between its preview and its import, for an hour: the rows that a treasurer has looked at and not
// yet said yes to are in no book and no table.
//
// It never reads what is in a file; whoever imports does.
//
//	f, err := upload.Keep(ctx, tx, community, upload.Waiting{Purpose: upload.Journal, Name: "2017.xlsx", Data: data, By: who, At: now})
//	f, err = upload.Find(ctx, q, community, upload.Journal, f.ID, now)
//	err = upload.Drop(ctx, tx, community, f.ID)
package upload
