// Package schedule knows what is to be posted each month: the depreciation of
// fixed assets (固定资产折旧), prepaid items used up (待摊), and entries that come
// again (rent, the cleaner's wages).
//
// An item's cost goes into an expense in equal months, to the fen; the last one
// takes the rest. A month of a plan is a turn. Its entry has a source of its
// own, so that it is posted once; where that entry is reversed the turn is due
// again. An asset that leaves is written off with what it brought.
//
// The package never decides when a month closes (see ledger), and never posts a
// turn before its day.
//
//	due, err := schedule.Due(ctx, q, community, month) // what the checklist of a month asks
//	posted, err := schedule.Run(ctx, tx, community, month, today, "user:7")
package schedule
