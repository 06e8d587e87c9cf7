// Package project is a service project from a resident's idea to what is left over: proposed, checked by the staff, agreed by
// a council, run, reported, settled.
//
// A project's State changes only by a Step that says who, when and why, and the database refuses one that does not follow or
// lacks what it needs. Consent is a motion that passed and names the project (Agree), or the residents' vote of a round
// (AgreeBy); what older papers tell is written down as history (AddProject). The plan that was voted on stays as it was: its
// budget lines are what entries are put on (SpendOn), and the end report, once adopted, keeps its figures as of one entry.
//
// A project has a fund to itself, so what it received, spent and has left is the ledger's word and not a second book's. Money
// reaches the fund in one of two ways:
//   - Allot moves voted money there from the general fund, and back. The council's motion allows it: council.Use.
//   - A campaign raises for the project, in a restricted fund (专款) that the project takes as its own.
//
// Spending is a journal entry in the project's fund like any other. The package never posts spending itself, never moves
// restricted money back, counts person-times only as somebody recorded them, and of a proposal that was withdrawn keeps
// nothing but that there was one.
//
//	begun, err := project.Start(ctx, tx, c, project.Project{Theme: project.Yard, TitleZH: "楼道灯", Lines: lines}, "zh-CN", now)
//	err = project.Submit(ctx, tx, c.ID, begun.Token, now)
//	p, err := project.Check(ctx, tx, c.ID, begun.ID, project.Opening{Slug: "lights"}, "", "user:…", now)
//	// … a motion about p.ID passes …
//	err = project.Agree(ctx, tx, c.ID, p.ID, motion.ID, "user:…", now)
//	_, err = council.Use(ctx, tx, c.ID, motion.ID, func() (ledger.Posted, error) { return project.Allot(ctx, tx, c.ID, p, p.Budget, day, id, "user:…") })
//	err = project.Begin(ctx, tx, c.ID, p.ID, day, "user:…", now)
package project
