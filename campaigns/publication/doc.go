// Package publication issues the community's reports: of a month, a quarter or a year, of a project, of a venture.
//
// An issued report is a disclosure.Document as every other: numbered without gaps within its year, immutable, put right by a
// next version that says what changed. Issue gives a filled Draft its number, lets it be drawn in each language, and keeps
// value and bytes in the same database transaction, with a message for its readers in the outbox.
//
// Schedules issue by themselves: Plan leaves in the outbox what is due after a month was closed, each report once, however
// many servers run; Handlers fills, issues and tells. Who wants new reports by mail subscribes with an address alone, confirms
// it by a letter, and ends it by one press, which deletes the address.
//
// The package never draws and never sends (Following brings both), never issues a month that is open, and keeps an address
// nowhere but in its one erasable row.
//
//	draft, err := issue.Fill(ctx, tx, community, publication.Report{Kind: publication.Fund, From: from, To: to}, baseURL, now)
//	document, err := publication.Issue(ctx, tx, community, draft, publication.Note{}, "user:…", now)
package publication
