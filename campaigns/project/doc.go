// Package project spends what the community raised, with consent: service
// projects, the council's vote on each, their budgets, and what came of them.
//
// A project has a fund to itself, so what it spent is the ledger's word and
// not a second book's. Money reaches the fund in one of two ways:
//   - Allot moves voted money there from the general fund. Such a fund is
//     unrestricted (通用款): the council that voted the money may vote it back.
//   - A campaign raises for the project: AddProject takes the campaign's
//     restricted fund (专款) as the project's own.
//
// Spending is a journal entry in the project's fund like any other. The
// package never posts spending itself, never moves restricted money, and counts
// person-times only as somebody recorded them.
//
//	p, err := project.AddProject(ctx, tx, community.ID, project.Project{
//		Slug: "tea-for-elders", Theme: project.Elders, TitleZH: "重阳敬老茶会", Year: 2017, State: project.Agreed,
//		CouncilZH: "社区议事会", AgreedOn: &day, VotesFor: 21, Budget: money.MustParse("3200"),
//	})
//	_, err = project.Allot(ctx, tx, community.ID, p, p.Budget, day, id, "treasurer")
//	// … the treasurer posts what is bought in fund p.FundID …
//	err = project.RecordOutcome(ctx, tx, community.ID, p.ID, project.Outcome{HeldOn: day, ActivityZH: "茶会", PersonTimes: 46})
package project
