// Package box keeps collection boxes (募捐箱): where each one stands and under
// which seal, who brought it in, and what two people found in it.
//
//	box, err := box.Place(ctx, tx, c, box.Box{Number: "3", PlaceZH: "公益茶坊", CampaignID: 7}, "封 0412", "user:12", now)
//	err = box.Collect(ctx, tx, c.ID, box.ID, true, "", "user:12", now)
//	_, err = box.Enter(ctx, tx, c, box.ID, box.Tally{Pieces: box.Pieces{0, 2, 5, 11, 8, 40, 3, 7}, Counter: "user:12", At: now})
//	opened, err := box.Enter(ctx, tx, c, box.ID, box.Tally{…, Counter: "user:15", At: now}) // the same: booked
//
// The database refuses a box opened by one person, and a count changed
// afterwards. It never knows who gave: the money of a box is one gift without
// a name to the box's campaign, and its sheet takes the place of receipts.
package box
