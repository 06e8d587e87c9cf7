// Package budget keeps what a fund plans to take and to spend in a year, and
// says how much of it is left.
//
// A budget is of one fund and one year, a line an account; a line covers the
// accounts below its own that have none themselves. A project's budget is that
// of its fund. A change makes a new version with who, when and why; the older
// ones stay. What is promised and not yet spent (an approved payment request)
// is a commitment; the plan less what is committed and spent is left.
//
// The package never posts, and never decides who may overrun a plan.
//
//	room, err := budget.Available(ctx, q, community, fund, account, 2026)
//	if err == nil && !room.Enough(amount) { … }
//	err = budget.Commit(ctx, tx, community, budget.Commitment{Source: "payment_request:" + id, Fund: fund, Account: account, Year: 2026, Amount: amount})
package budget
