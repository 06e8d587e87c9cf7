// Package pastfile takes over what a community did before it kept its records
// here: projects, their outcomes, groups and social organisations, their
// activities, from one workbook with a sheet each, or a CSV file with one of them.
//
// Columns are found by their Chinese or English names. Every Problem is told at
// once with sheet, row, column, what stands there and how to mend it; a file is
// taken whole or not at all, and the same file twice adds nothing. What is in
// the records already with another content is a problem, never overwritten.
//
// It writes through the verbs of project and organisation alone, keeps no table
// of its own, posts no money (that is journalfile's), and takes no names of people.
//
//	file, unread := pastfile.Read("过去.xlsx", data)
//	plan, unfit, err := pastfile.Prepare(ctx, tx, c, file, today)
//	done, err := plan.Write(ctx, tx, "lead", now) // ErrProblems if there was anything unread or unfit
package pastfile
