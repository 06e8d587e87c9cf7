// Package council is how a community consents: who sits in its councils, what
// they propose, how they vote, and the money that a motion that passed unlocks.
//
// There are councils of a compound, of a residents' group and of the whole
// community; a motion can be passed up to the parent. A Motion is written as a
// draft, opened for votes under the rule the council then has, and closed: the
// database counts, under the quorum and the majority as they were, and what it
// counted stays. Members vote online or on paper sheets, which two people count
// without knowing what the other found. Who declares a conflict does not vote.
// Of a secret vote the package knows who has voted and never what: ballots lie
// apart, and the server's role cannot read them.
//
// It posts nothing itself. Use runs another package's posting and writes down
// what it took of a motion; the database refuses more than was voted, and
// refuses to move a project's voted money any other way.
//
//	m, err := council.Propose(ctx, tx, c, council.Motion{CouncilID: 1, Kind: council.BudgetLine, TitleZH: "雨棚", …}, who, now)
//	m, err = council.Open(ctx, tx, c, m.ID, until, who, now)
//	code, err := council.Vote(ctx, tx, c, m.ID, member.Number, council.For, "", now)
//	r, err := council.Close(ctx, tx, c, m.ID, who, now)
//	posted, err := council.Use(ctx, tx, c.ID, m.ID, func() (ledger.Posted, error) { return project.Allot(ctx, tx, c.ID, p, …) })
package council
